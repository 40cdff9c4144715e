#include "command/command.h"
#include "model/embedded.h"

void command_init(Run *run) {
    strbuf_add(&run->out, embedded_find(STR("templates/starter.yaml"))->text);
}
