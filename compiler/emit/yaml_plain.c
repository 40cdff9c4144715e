#include "emit/yaml.h"

// Words that a YAML 1.1 reader takes for a boolean or null, whatever their case.
static bool is_reserved(Str text) {
    static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
                                        "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal_ignoring_case(text, str_of(words[i]))) return true;
    }
    return false;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What may stand within a plain text, besides letters and digits.
static bool is_inner(char c) {
    static const bool others[128] = {
        ['_'] = true, ['.'] = true, ['/'] = true, [':'] = true, ['*'] = true, ['@'] = true, //
        ['+'] = true, ['-'] = true, [','] = true, ['('] = true, [')'] = true, ['='] = true, //
        ['?'] = true, [' '] = true,
    };
    unsigned char byte = (unsigned char)c;
    return is_letter(c) || (c >= '0' && c <= '9') || (byte < 128 && others[byte]);
}

// Numbers, dates, tags, anchors and indicators cannot begin with a letter; a colon is an indicator
// before a blank or at the end, and blanks may not stand at the end or repeat across lines.
bool yaml_is_plain(Str text) {
    if (text.length == 0 || !is_letter(text.data[0]) || is_reserved(text)) return false;
    for (size_t i = 1; i < text.length; i++) {
        char c = text.data[i];
        bool last = i + 1 == text.length;
        if (!is_inner(c)) return false;
        if (c == ':' && (last || text.data[i + 1] == ' ')) return false;
        if (c == ' ' && last) return false;
    }
    return true;
}
