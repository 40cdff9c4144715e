// Texts of a policy that are not known before it is deployed: `${Name}`, `${Name.Attribute}` and
// `${AWS::Partition}` (from CloudFormation), `${{ parameter }}` (from a bundle). IAM's own
// variables, `${aws:username}` and `${*}`, are known by the colon within or by not being a name:
// they stand for one text of each request. Owns nothing.
#ifndef SPOTC_LINT_SYMBOLIC_H
#define SPOTC_LINT_SYMBOLIC_H

#include "base/str.h"

// Whether any part of the text is filled in later.
bool is_symbolic(Str text);

// Whether all of it is, by one placeholder: then nothing can be said about it.
bool is_wholly_symbolic(Str text);

// Whether it holds a policy variable of IAM.
bool has_variable(Str text);

// The text as a pattern: `*` for each placeholder and each variable. The text itself where it has
// none of them.
Str symbolic_pattern(Arena *arena, Str text);

// The same, but for the first placeholder that is no pseudo parameter (`${AWS::Region}` never holds
// a colon): `*` and `colons` times `:*` stand for that. False where there is none.
bool symbolic_spread(Arena *arena, Str text, unsigned colons, Str *ret_pattern);

// The text with a plain character for each of them: a text that it could be, which matches nothing
// by a wildcard that is not written.
Str symbolic_example(Arena *arena, Str text);

#endif
