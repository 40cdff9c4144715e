// Names for what is not known before a template is deployed. Owns nothing.
#ifndef SPOTC_IMPORT_SYMBOL_H
#define SPOTC_IMPORT_SYMBOL_H

#include "import/fold.h"

// Whether a text is a name that CloudFormation fills in: of a parameter, a resource, a pseudo
// parameter such as AWS::Region, or, after a full stop, of what a resource gives. (IAM's own
// variables, such as aws:username, never are.)
bool symbol_is_name(Str text);

// `${Name}`.
uint32_t symbol_of_name(Fold *fold, Str name, Span span);

// `${Fn::Split:/,<Name>}` for a call whose argument is folded already. Between the braces stands no
// brace, wildcard or dollar sign, so that the whole is one name to whoever looks for patterns:
// `${Name}` becomes `<Name>`, and what could be mistaken becomes %XX.
uint32_t symbol_of_call(Fold *fold, Str function, Node argument, Span span);

#endif
