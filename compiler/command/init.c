#include "command/command.h"
#include "model/embedded.h"

void command_init(Run *run) {
    if (run->options.arguments.count != 0)
        run_usage_error(run, "init takes no argument: spotc init > manifest.yaml");
    else
        strbuf_add(&run->out, embedded_find(STR("templates/starter.yaml"))->text);
}
