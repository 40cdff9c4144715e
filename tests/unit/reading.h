// Trees from texts, for tests of what looks at trees. All lives in the arena of the test.
#ifndef SPOTC_UNIT_READING_H
#define SPOTC_UNIT_READING_H

#include "diag/diag.h"
#include "read/tree.h"

// The Arena and the Diags of a test; Diags keep all messages.
typedef struct Reading {
    Arena arena;
    Diags diags;
} Reading;

// cmocka set-up and tear-down: *state is a Reading.
int reading_set_up(void **state);
int reading_tear_down(void **state);

// A source named `name` over the text, which may hold NUL bytes where `length` says so.
const Source *reading_source(Reading *reading, const char *name, Str text);

// The root of a JSON text; the test fails where it is none.
Node reading_json(Reading *reading, const char *text);

// The root of a YAML text; the test fails where it is none.
Node reading_yaml(Reading *reading, const char *text);

// All messages since the last call, one a line: "2:3 unknown-key: no key 'x' here", notes behind
// their message as "    note: …"; empty where there are none.
const char *reading_messages(Reading *reading);

#endif
