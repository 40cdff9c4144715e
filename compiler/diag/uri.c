#include "diag/uri.h"

// What RFC 3986 calls unreserved, and the slash between names.
static bool stands_for_itself(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '/';
}

Str uri_of_file(Arena *arena, Str name) {
    if (str_equal(name, STR("<stdin>"))) return STR("stdin");
    while (str_starts_with(name, STR("./"))) name = str_slice(name, 2, name.length);
    StrBuf uri = strbuf_new(arena);
    if (str_starts_with(name, STR("/"))) strbuf_add(&uri, STR("file://"));
    for (size_t i = 0; i < name.length; i++) {
        if (stands_for_itself(name.data[i]))
            strbuf_add_byte(&uri, name.data[i]);
        else
            strbuf_add_format(&uri, "%%%02X", (unsigned)(unsigned char)name.data[i]);
    }
    return strbuf_str(&uri);
}
