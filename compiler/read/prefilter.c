#include "read/prefilter.h"

#include "base/utf8.h"
#include "read/read.h"

static bool is_allowed(uint32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    if (code < 0x7F) return true;
    if (code < 0xA0 || code == 0x2028 || code == 0x2029 || code == 0xFEFF) return false;
    return (code & 0xFFFE) != 0xFFFE && !(code >= 0xFDD0 && code <= 0xFDEF);
}

bool prefilter(Diags *diags, const Source *source, uint32_t *ret_begin) {
    Str text = source->text;
    if (text.length > READ_MAX_BYTES) {
        diag_report(diags, MSG_TOO_LARGE, (Span){source, 0, 0},
                    "the file is larger than the %d MiB that spotc reads",
                    READ_MAX_BYTES / (1024 * 1024));
        return false;
    }
    if (str_starts_with(text, STR("\xFF\xFE")) || str_starts_with(text, STR("\xFE\xFF"))) {
        diag_report(diags, MSG_INVALID_UTF8, (Span){source, 0, 2},
                    "this is UTF-16; save the file as UTF-8");
        return false;
    }
    uint32_t begin = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    for (size_t at = begin; at < text.length;) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte >= 0x20 && byte < 0x7F) {
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t length = utf8_decode(text, at, &code);
        Span span = {source, (uint32_t)at, (uint32_t)(at + (length == 0 ? 1 : length))};
        if (length == 0) {
            diag_report(diags, MSG_INVALID_UTF8, span, "byte 0x%02X is not valid UTF-8", byte);
            return false;
        }
        if (!is_allowed(code)) {
            diag_report(diags, MSG_INVALID_CHARACTER, span,
                        "the character U+%04X is not allowed; in a quoted text write it as an "
                        "escape",
                        code);
            return false;
        }
        at += length;
    }
    *ret_begin = begin;
    return true;
}
