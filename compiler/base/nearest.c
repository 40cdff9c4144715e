#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned min2(unsigned a, unsigned b) {
    return a < b ? a : b;
}

// Optimal string alignment distance, in three rows.
static unsigned distance(Str a, Str b) {
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b.length; j++) above[j] = j;
    memset(before, 0, sizeof rows[0]);
    for (size_t i = 1; i <= a.length; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.length; j++) {
            char ca = lower(a.data[i - 1]), cb = lower(b.data[j - 1]);
            unsigned best = min2(above[j - 1] + (ca != cb), min2(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && ca == lower(b.data[j - 2]) && lower(a.data[i - 2]) == cb)
                best = min2(best, before[j - 2] + 1);
            row[j] = best;
        }
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.length];
}

// No distance is less.
static size_t length_difference(Str a, Str b) {
    return a.length > b.length ? a.length - b.length : b.length - a.length;
}

Str nearest_name(Str name, const Str *choices, size_t count) {
    Str nearest = {0};
    if (name.length == 0 || name.length > LONGEST) return nearest;
    unsigned limit = min2((unsigned)(name.length + 2) / 3, 4);
    unsigned best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        if (choices[i].length > LONGEST || length_difference(name, choices[i]) >= best) continue;
        unsigned d = distance(name, choices[i]);
        if (d < best) {
            best = d;
            nearest = choices[i];
        }
    }
    return nearest;
}

static Str join(Arena *arena, const Str *names, size_t count, Str end) {
    StrBuf buf = strbuf_new(arena);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) strbuf_add(&buf, STR(", "));
        strbuf_add(&buf, names[i]);
    }
    strbuf_add(&buf, end);
    return strbuf_str(&buf);
}

Str names_in_short(Arena *arena, const Str *names, size_t count) {
    return count <= 4 ? join(arena, names, count, (Str){0}) : join(arena, names, 3, STR(", …"));
}

Str names_in_full(Arena *arena, const Str *names, size_t count) {
    return join(arena, names, count, (Str){0});
}
