// What looks like a policy, wherever it stands. Nothing that is made outlives a call.
#ifndef SPOTC_IMPORT_RESEMBLING_H
#define SPOTC_IMPORT_RESEMBLING_H

#include "read/tree.h"

// What a template is looked through with. The caller sets the first.
typedef struct PolicyLook {
    Arena *arena;    // for what is made on the way
    size_t joined;   // bytes that Fn::Join made so far
    unsigned nested; // texts that the one which is looked at stands in
} PolicyLook;

// Whether a value of a template has a policy document in it: a mapping with a Statement in which an
// Effect stands; or a text with such a mapping as JSON, be it plain, URL-encoded or what Fn::Join
// puts together, where functions may stand for parts of it. Where Fn::Join makes too much, what is
// not looked at any more is taken for one.
bool resembles_policy(PolicyLook *look, Node value);

#endif
