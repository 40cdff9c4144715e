#include "model/symbol.h"

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool symbol_is_name(Str text) {
    static const Str pseudo = {"AWS::", sizeof "AWS::" - 1};
    size_t at = str_starts_with(text, pseudo) ? pseudo.length : 0;
    size_t begin = at;
    while (at < text.length && is_alphanumeric(text.data[at])) at++;
    if (at == begin || (at < text.length && text.data[at] != '.')) return false;
    // Attributes have names such as Endpoint.Address and Outputs.NestedStackOutput.
    for (; at < text.length; at++) {
        char c = text.data[at];
        if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-') return false;
    }
    return true;
}

bool symbol_is_filled_in(Str inner) {
    return symbol_is_name(inner) || str_starts_with(inner, STR("Fn::"));
}
