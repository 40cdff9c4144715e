#include "validate/uri.h"

// Each part with the mark that makes it one ("//" and "?" included); empty where it is missing.
typedef struct Uri {
    Str scheme, authority, path, query;
} Uri;

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t scheme_length(Str text) {
    size_t at = 0;
    if (text.length == 0 || !is_letter(text.data[0])) return 0;
    for (; at < text.length && text.data[at] != ':'; at++) {
        char c = text.data[at];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') return 0;
    }
    return at < text.length ? at + 1 : 0;
}

static Uri split(Str text) {
    Uri uri;
    size_t begin = scheme_length(text);
    size_t query = str_find_byte(text, '?', begin);
    Str rest = str_slice(text, begin, query);
    size_t path = str_starts_with(rest, STR("//")) ? str_find_byte(rest, '/', 2) : 0;
    uri.scheme = str_slice(text, 0, begin);
    uri.authority = str_slice(rest, 0, path);
    uri.path = str_slice(rest, path, rest.length);
    uri.query = str_slice(text, query, text.length);
    return uri;
}

static void drop_last_segment(StrBuf *out) {
    while (out->length > 0) {
        if (out->data[--out->length] == '/') break;
    }
}

// RFC 3986, section 5.2.4.
static Str remove_dots(Arena *arena, Str path) {
    StrBuf out = strbuf_new(arena);
    size_t at = 0;
    while (at < path.length) {
        size_t end = str_find_byte(path, '/', at + 1);
        Str segment = str_slice(path, at, end); // with the slash before it
        bool last = end == path.length;
        if (str_equal(segment, STR("/..")) || str_equal(segment, STR("/."))) {
            if (segment.length == 3) drop_last_segment(&out);
            if (last) strbuf_add_byte(&out, '/');
        } else if (!str_equal(segment, STR("..")) && !str_equal(segment, STR("."))) {
            strbuf_add(&out, segment);
        }
        at = end;
    }
    return strbuf_str(&out);
}

// RFC 3986, section 5.2.3.
static Str merge(Arena *arena, const Uri *base, Str path) {
    if (base->path.length == 0 && base->authority.length > 0)
        return str_format(arena, "/%.*s", STR_ARG(path));
    size_t end = base->path.length;
    while (end > 0 && base->path.data[end - 1] != '/') end--;
    return str_format(arena, "%.*s%.*s", (int)end, base->path.data, STR_ARG(path));
}

Str uri_resolve(Arena *arena, Str base, Str reference) {
    Uri b = split(base), r = split(reference);
    Uri target = r;
    if (r.scheme.length == 0) {
        target.scheme = b.scheme;
        if (r.authority.length == 0) {
            target.authority = b.authority;
            if (r.path.length == 0) {
                target.path = b.path;
                if (r.query.length == 0) target.query = b.query;
            } else if (r.path.data[0] != '/') {
                target.path = merge(arena, &b, r.path);
            }
        }
    }
    if (r.path.length > 0) target.path = remove_dots(arena, target.path);
    StrBuf out = strbuf_new(arena);
    strbuf_add(&out, target.scheme);
    strbuf_add(&out, target.authority);
    strbuf_add(&out, target.path);
    strbuf_add(&out, target.query);
    return strbuf_str(&out);
}

Str uri_without_fragment(Str reference) {
    return str_slice(reference, 0, str_find_byte(reference, '#', 0));
}

Str uri_fragment(Str reference) {
    return str_slice(reference, str_find_byte(reference, '#', 0) + 1, reference.length);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool uri_decode(Arena *arena, Str text, Str *ret_decoded) {
    StrBuf out = strbuf_new(arena);
    if (str_find_byte(text, '%', 0) == text.length) {
        *ret_decoded = text;
        return true;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '%') {
            int high = i + 2 < text.length ? hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        strbuf_add_byte(&out, c);
    }
    *ret_decoded = strbuf_str(&out);
    return true;
}
