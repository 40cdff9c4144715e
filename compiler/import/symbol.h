// Names for what is not known before a template is deployed. Owns nothing.
#ifndef SPOTC_IMPORT_SYMBOL_H
#define SPOTC_IMPORT_SYMBOL_H

#include "import/fold.h"
#include "model/symbol.h"

// A text that stands as it is in a template: `${Name}` in it is no name of CloudFormation's, and
// becomes `${!Name}`, as Fn::Sub has it.
Str symbol_escape(Fold *fold, Str text, Span span);

// `${Name}`.
uint32_t symbol_of_name(Fold *fold, Str name, Span span);

// `${Fn::Split:/,<Name>}` for a call whose argument is folded already. Between the braces stands no
// brace, wildcard or dollar sign, so that the whole is one name to whoever looks for patterns:
// `${Name}` becomes `<Name>`, and what could be mistaken becomes %XX.
uint32_t symbol_of_call(Fold *fold, Str function, Node argument, Span span);

#endif
