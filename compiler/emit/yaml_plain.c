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

// Characters that are line breaks to readers of YAML 1.1: U+0085, U+2028, U+2029.
static bool is_other_break(Str text, size_t i) {
    Str rest = str_slice(text, i, text.length);
    return str_starts_with(rest, STR("\xC2\x85")) || str_starts_with(rest, STR("\xE2\x80\xA8")) ||
           str_starts_with(rest, STR("\xE2\x80\xA9"));
}

// Lines that end as they begin: a blank at an end is lost in an editor, and one at the very
// beginning would be taken for indentation.
bool yaml_is_block(Str text) {
    if (text.length < 2 || text.data[0] == ' ' || text.data[0] == '\n') return false;
    if (!str_ends_with(text, STR("\n")) || str_ends_with(text, STR("\n\n"))) return false;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F || is_other_break(text, i)) return false;
        if (byte == '\n' && text.data[i - 1] == ' ') return false;
    }
    return true;
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
