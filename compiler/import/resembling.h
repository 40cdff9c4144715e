// What looks like a policy, wherever it stands.
#ifndef SPOTC_IMPORT_RESEMBLING_H
#define SPOTC_IMPORT_RESEMBLING_H

#include "base/map.h"
#include "read/tree.h"

// How a text begins that a function makes.
typedef enum PolicyStart {
    POLICY_START_NONE,  // nothing was seen yet
    POLICY_START_OPEN,  // as JSON does, or with what is not known
    POLICY_START_OTHER, // otherwise: it is no policy
} PolicyStart;

// What stands in the texts of one function.
typedef struct PolicyTexts {
    unsigned words; // of a policy: bits
    PolicyStart start;
} PolicyTexts;

// What a template is looked through with. policy_look_begin makes it; it lives in the arena given.
typedef struct PolicyLook {
    Arena *arena;      // for what is made on the way
    StrMap parameters; // name -> the words in its Default, and whether it is a policy
    StrMap mappings;   // name -> the same of its values together
    unsigned mapped;   // the same of all mappings
    size_t joined;     // bytes that Fn::Join made so far
    unsigned nested;   // texts that the one which is looked at stands in
    PolicyTexts texts; // of the function that is looked at
} PolicyLook;

void policy_look_begin(PolicyLook *look, Arena *arena, Node template);

// Whether a value of a template has a policy document in it: a mapping with a Statement in which an
// Effect stands; or a text with such a mapping as JSON, be it plain, URL-encoded or what Fn::Join
// puts together. Of a function whose text can be JSON, the names of both in the texts below it are
// enough, with the Default of a parameter and the values of a mapping that it refers to. Where
// Fn::Join makes too much, what is not looked at any more is taken for one.
bool resembles_policy(PolicyLook *look, Node value);

#endif
