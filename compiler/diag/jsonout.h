// JSON documents built with jansson. A JsonOut owns its document from jsonout_begin to jsonout_end;
// every value that is made hangs on it at once, so that nothing is lost where memory runs out.
#ifndef SPOTC_DIAG_JSONOUT_H
#define SPOTC_DIAG_JSONOUT_H

#include <jansson.h>

#include "base/guard.h"
#include "base/str.h"

typedef struct JsonOut {
    json_t *root;
    Guard guard;
} JsonOut;

// Takes over `root`. The JsonOut must stay where it is until jsonout_end.
void jsonout_begin(JsonOut *json, Arena *arena, json_t *root);

// Appends the document in ASCII, indented by two, with a newline at its end, and releases it.
void jsonout_end(JsonOut *json, StrBuf *out);

// These add a value to `parent`: as member `key` of an object, or at the end of an array, where
// `key` is NULL. What is returned belongs to the document.
json_t *jsonout_object(json_t *parent, const char *key);
json_t *jsonout_array(json_t *parent, const char *key);
void jsonout_word(json_t *parent, const char *key, const char *word);
void jsonout_number(json_t *parent, const char *key, size_t number);
void jsonout_true(json_t *parent, const char *key);
void jsonout_false(json_t *parent, const char *key);
void jsonout_null(json_t *parent, const char *key);

// Bytes that are not UTF-8, and DEL, are written as \xff. The arena serves for scratch.
void jsonout_text(Arena *arena, json_t *parent, const char *key, Str s);

#endif
