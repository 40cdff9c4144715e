// How far what is granted reaches. Owns nothing.
#ifndef SPOTC_RESTRICT_EXTENT_H
#define SPOTC_RESTRICT_EXTENT_H

#include "restrict/narrowing.h"

// An action, and a resource of which the names are not known: what matches it can only be written
// with wildcards in their places, or match all names.
typedef struct Example {
    ActionId action;
    Str resource;
    Str idle_keys; // keys, with commas between, that do not narrow the action
} Example;

// The example of an action and the form of an ARN: `${Account}` is the manifest's, `${…Path}` a
// path and a name, `${…Uuid}` a UUID, and every other `${…}` a name, of characters that no pattern
// spells.
Example example_make(const Narrowing *narrowing, ActionId action, Str form, Str idle_keys);

// Whether the grant may be one on every such resource: its resource names none and its conditions
// ask for none. Of a region it is taken to be enough, and a policy variable to stand for anything.
// Where it cannot be told it is true.
bool extends_to(const Narrowing *narrowing, const Grant *grant, const Example *example);

#endif
