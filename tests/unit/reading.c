#include "reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "read/read.h"

static void no_memory(void *context) {
    (void)context;
    abort();
}

int reading_set_up(void **state) {
    static Reading reading;
    arena_init(&reading.arena, no_memory, NULL);
    diags_init(&reading.diags, &reading.arena, 0);
    *state = &reading;
    return 0;
}

int reading_tear_down(void **state) {
    Reading *reading = *state;
    arena_free(&reading->arena);
    return 0;
}

const Source *reading_source(Reading *reading, const char *name, Str text) {
    Source *source = ARENA_NEW(&reading->arena, Source);
    source->name = str_of(name);
    source->text = text;
    return source;
}

static Node read_as(Reading *reading, const char *name, const char *text) {
    Node root = NO_NODE;
    const Source *source = reading_source(reading, name, str_of(text));
    bool done = read_document(&reading->arena, &reading->diags, source, &root);
    if (!done) fail_msg("%s\n%s", text, reading_messages(reading));
    return root;
}

Node reading_json(Reading *reading, const char *text) {
    return read_as(reading, "test.json", text);
}

Node reading_yaml(Reading *reading, const char *text) {
    return read_as(reading, "test.yaml", text);
}

static void write_message(StrBuf *out, const Diagnostic *diagnostic) {
    Position place = {0};
    if (diagnostic->span.source != NULL)
        place = source_position(diagnostic->span.source, diagnostic->span.begin);
    strbuf_add_format(out, "%u:%u %s: %.*s\n", place.line, place.column,
                      message_get(diagnostic->id)->name, STR_ARG(diagnostic->text));
    for (size_t i = 0; i < diagnostic->notes.count; i++)
        strbuf_add_format(out, "    note: %.*s\n", STR_ARG(diagnostic->notes.items[i].text));
}

const char *reading_messages(Reading *reading) {
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < reading->diags.items.count; i++)
        write_message(&out, reading->diags.items.items[i]);
    diags_init(&reading->diags, &reading->arena, 0);
    return str_to_c(&reading->arena, strbuf_str(&out));
}
