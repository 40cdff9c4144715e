// Strings as JSON writes them.
#ifndef SPOTC_BASE_JSON_STRING_H
#define SPOTC_BASE_JSON_STRING_H

#include "base/str.h"

// Appends `s` (valid UTF-8) in quotes, with the escapes that JSON demands and no others; as
// jansson writes it with flags 0, so that sizes agree.
void json_add_string(StrBuf *out, Str s);

#endif
