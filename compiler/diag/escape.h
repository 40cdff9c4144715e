// What a terminal or a log must not be sent as it is. Owns nothing.
#ifndef SPOTC_DIAG_ESCAPE_H
#define SPOTC_DIAG_ESCAPE_H

#include "base/str.h"

// Appends the character of `s` at byte `at` (below s.length) and returns its length in bytes.
// Control and bidirectional characters and bytes that are not UTF-8 are escaped: \x1b, \u{202e}.
size_t escape_character(StrBuf *out, Str s, size_t at);

// Appends `s`, each character as above, but those among the characters `plain` as they are.
void escape_text(StrBuf *out, Str s, const char *plain);

#endif
