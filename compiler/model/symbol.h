// Names of what CloudFormation fills in when it deploys, which stand as `${Name}` in what is read
// of a template. Owns nothing.
#ifndef SPOTC_MODEL_SYMBOL_H
#define SPOTC_MODEL_SYMBOL_H

#include "base/str.h"

// Whether a text is a name that CloudFormation fills in: of a parameter, a resource, a pseudo
// parameter such as AWS::Region, or, after a full stop, of what a resource gives. (IAM's own
// variables, such as aws:username, never are.)
bool symbol_is_name(Str text);

// Whether what stands between `${` and `}` stands for what CloudFormation fills in: such a name,
// one with its default as `Name=default`, or a call of a function that is not known before.
bool symbol_is_filled_in(Str inner);

// A text of which nothing is filled in: each `${Name}` in it that could be taken for what
// CloudFormation fills in becomes `${!Name}`, as Fn::Sub has it. The text itself where there is
// none.
Str symbol_escape(Arena *arena, Str text);

#endif
