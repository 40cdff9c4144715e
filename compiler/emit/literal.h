// Texts as other languages read them back. Live in the arena given.
#ifndef SPOTC_EMIT_LITERAL_H
#define SPOTC_EMIT_LITERAL_H

#include "base/str.h"

// Within a string of Terraform's JSON syntax, where `${` and `%{` begin an expression and nothing
// else is special ("JSON Configuration Syntax", "Strings and Templates" in Terraform's manual).
Str literal_terraform(Arena *arena, Str text);

// As a value in the query of a URL: all but letters, digits and -._~ percent-encoded (RFC 3986).
Str literal_query(Arena *arena, Str text);

#endif
