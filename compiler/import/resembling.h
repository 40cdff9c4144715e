// What looks like a policy, wherever it stands. Nothing that is made outlives a call.
#ifndef SPOTC_IMPORT_RESEMBLING_H
#define SPOTC_IMPORT_RESEMBLING_H

#include "read/tree.h"

// Whether a value of a template has a policy document in it: a mapping with a Statement in which an
// Effect stands; or a text with such a mapping as JSON, be it plain, URL-encoded or what Fn::Join
// puts together, where functions may stand for parts of it. *joined counts the bytes that Fn::Join
// made: with too many of a template, what is not looked at any more is taken for one.
bool resembles_policy(Arena *arena, Node value, size_t *joined);

#endif
