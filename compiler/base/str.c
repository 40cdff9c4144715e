#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#include "base/format.h"

Str str_of(const char *text) {
    return (Str){text, strlen(text)};
}

bool str_equal(Str a, Str b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

int str_compare(Str a, Str b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    if (order != 0) return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_ignoring_case(Str a, Str b) {
    if (a.length != b.length) return false;
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) return false;
    }
    return true;
}

Str str_lower(Arena *arena, Str s) {
    char *out = arena_alloc(arena, s.length + 1);
    for (size_t i = 0; i < s.length; i++) out[i] = lower(s.data[i]);
    return (Str){out, s.length};
}

bool str_starts_with(Str s, Str prefix) {
    return s.length >= prefix.length && str_equal(str_slice(s, 0, prefix.length), prefix);
}

bool str_ends_with(Str s, Str suffix) {
    return s.length >= suffix.length &&
           str_equal(str_slice(s, s.length - suffix.length, s.length), suffix);
}

Str str_slice(Str s, size_t from, size_t to) {
    if (to > s.length) to = s.length;
    if (from > to) from = to;
    return s.data == NULL ? s : (Str){s.data + from, to - from};
}

size_t str_find_byte(Str s, char c, size_t from) {
    if (from >= s.length) return s.length;
    const char *found = memchr(s.data + from, c, s.length - from);
    return found == NULL ? s.length : (size_t)(found - s.data);
}

size_t str_find(Str s, Str needle, size_t from) {
    if (from >= s.length) return s.length;
    if (needle.length == 0) return from;
    const char *found = memmem(s.data + from, s.length - from, needle.data, needle.length);
    return found == NULL ? s.length : (size_t)(found - s.data);
}

char *str_to_c(Arena *arena, Str s) {
    char *copy = arena_alloc(arena, s.length + 1);
    if (s.length != 0) memcpy(copy, s.data, s.length);
    return copy;
}

Str str_copy(Arena *arena, Str s) {
    return (Str){str_to_c(arena, s), s.length};
}

Str str_vformat(Arena *arena, const char *format, va_list args) {
    size_t length = format_text(NULL, format, args);
    char *text = arena_alloc(arena, length + 1);
    (void)format_text(text, format, args);
    return (Str){text, length};
}

Str str_format(Arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str result = str_vformat(arena, format, args);
    va_end(args);
    return result;
}

bool str_to_u64(Str s, uint64_t *ret_value) {
    uint64_t value = 0;
    if (s.length == 0 || s.length > 20) return false;
    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

static int compare_items(const void *a, const void *b) {
    return str_compare(*(const Str *)a, *(const Str *)b);
}

void str_sort(Str *items, size_t count) {
    if (count > 1) qsort(items, count, sizeof *items, compare_items);
}

void strvec_sort_unique(StrVec *strings) {
    size_t kept = 0;
    str_sort(strings->items, strings->count);
    for (size_t i = 0; i < strings->count; i++) {
        if (kept == 0 || !str_equal(strings->items[kept - 1], strings->items[i]))
            strings->items[kept++] = strings->items[i];
    }
    strings->count = kept;
}

// Of a StrBuf.
enum { FIRST_CAPACITY = 64 };

StrBuf strbuf_new(Arena *arena) {
    return (StrBuf){.arena = arena};
}

static char *reserve(StrBuf *buf, size_t more) {
    if (buf->capacity - buf->length < more) {
        size_t larger = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity * 2;
        if (larger - buf->length < more) larger = buf->length + more;
        buf->data = arena_grow(buf->arena, buf->data, buf->capacity, larger);
        buf->capacity = larger;
    }
    return buf->data + buf->length;
}

void strbuf_add(StrBuf *buf, Str s) {
    if (s.length == 0) return;
    memcpy(reserve(buf, s.length), s.data, s.length);
    buf->length += s.length;
}

void strbuf_add_byte(StrBuf *buf, char c) {
    *reserve(buf, 1) = c;
    buf->length++;
}

void strbuf_add_format(StrBuf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    size_t length = format_text(NULL, format, args);
    (void)format_text(reserve(buf, length), format, args);
    buf->length += length;
    va_end(args);
}

Str strbuf_str(const StrBuf *buf) {
    return (Str){buf->data, buf->length};
}
