// Names for what is not known before a template is deployed. Owns nothing.
#ifndef SPOTC_IMPORT_SYMBOL_H
#define SPOTC_IMPORT_SYMBOL_H

#include "import/fold.h"
#include "model/symbol.h"

// `${Name}`.
uint32_t symbol_of_name(Fold *fold, Str name, Span span);

// `${Fn::Split:/,<Name>}` for a call whose argument is folded already. Between the braces stands no
// brace, wildcard or dollar sign, so that the whole is one name to whoever looks for patterns:
// `${Name}` becomes `<Name>`, and what could be mistaken becomes %XX.
// Behind it comes what symbol_write wrote of what else decides it, where there is any.
uint32_t symbol_of_call(Fold *fold, Str function, Node argument, Str elsewhere, Span span);

// The text with each dynamic reference in it, `{{resolve:ssm:name}}`, as the symbol
// `${Fn::Resolve:ssm:name}`: what is stored under a name only AWS knows (CloudFormation User Guide,
// "Get values stored in other services"). The text itself where there is none.
Str symbol_of_references(Fold *fold, Str text, Span span);

// Appends what stands for a folded value between such braces.
void symbol_write(Fold *fold, StrBuf *out, Node node, Span span);

#endif
