#include "model/arn.h"

bool arn_is_meant(Str text) {
    return str_starts_with(text, STR("arn:"));
}

bool arn_parse(Str text, Arn *ret_arn) {
    Str parts[5];
    size_t at = 0;
    if (!arn_is_meant(text)) return false;
    for (size_t i = 0; i < 5; i++) {
        size_t colon = str_find_byte(text, ':', at);
        if (colon == text.length) return false;
        parts[i] = str_slice(text, at, colon);
        at = colon + 1;
    }
    if (parts[1].length == 0 || parts[2].length == 0 || at == text.length) return false;
    *ret_arn = (Arn){.partition = parts[1],
                     .service = parts[2],
                     .region = parts[3],
                     .account = parts[4],
                     .resource = str_slice(text, at, text.length)};
    return true;
}

bool has_wildcard(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '*' || text.data[i] == '?') return true;
    }
    return false;
}

bool is_account_id(Str text) {
    if (text.length != 12) return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
    }
    return true;
}
