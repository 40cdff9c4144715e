#include "diag/diag.h"

#include <stdlib.h>
#include <string.h>

static const Message messages[] = {
#define MESSAGE(id, name, severity, acknowledgeable, title, documentation) \
    [id] = {name, severity, acknowledgeable, title, documentation, NULL},
#define CHECK(id, name, severity, subject, kinds, look, needs, aliases, title, documentation) \
    [id] = {name, severity, true, title, documentation, aliases},
#include "diag/messages.def"
#undef CHECK
#undef MESSAGE
};

const Message *message_get(MessageId id) {
    return &messages[id];
}

MessageId message_find(Str name) {
    unsigned id = 0;
    while (id < MESSAGE_COUNT && !str_equal(str_of(messages[id].name), name)) id++;
    return (MessageId)id;
}

bool message_is_check(const Message *message) {
    return message->aliases != NULL;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(messages[*(const MessageId *)a].name, messages[*(const MessageId *)b].name);
}

void messages_sort(MessageId *ids, size_t count) {
    if (count > 1) qsort(ids, count, sizeof *ids, compare_names);
}
