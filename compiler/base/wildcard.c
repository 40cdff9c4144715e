#include "base/wildcard.h"

static unsigned char lower(char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

void wildcard_init(Wildcard *wildcard, Str pattern) {
    size_t needed = 0;
    wildcard->length = 0;
    wildcard->impossible = false;
    for (size_t i = 0; i < pattern.length; i++) {
        char c = pattern.data[i];
        if (c == '*' && i > 0 && pattern.data[i - 1] == '*') continue;
        if (c != '*' && ++needed > WILDCARD_LONGEST_TEXT) {
            wildcard->impossible = true;
            return;
        }
        wildcard->symbols[wildcard->length++] = lower(c);
    }
}

bool wildcard_matches(const Wildcard *wildcard, Str text) {
    const unsigned char *symbols = wildcard->symbols;
    size_t length = wildcard->length, p = 0, t = 0, star = SIZE_MAX, retry = 0;
    if (wildcard->impossible) return false;
    while (t < text.length) {
        if (p < length && symbols[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < length && (symbols[p] == '?' || symbols[p] == lower(text.data[t]))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < length && symbols[p] == '*') p++;
    return p == length;
}
