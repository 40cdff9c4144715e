#include "policy/match.h"

#include "model/arn.h"

static bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// One form for all runs of wildcards that mean the same: the question marks first, then one star.
static Str normalise(Arena *arena, Str pattern) {
    char *out = arena_alloc(arena, pattern.length + 1);
    size_t length = 0;
    bool star = false;
    for (size_t i = 0; i <= pattern.length; i++) {
        char c = i < pattern.length ? pattern.data[i] : '\0';
        if (c == '*') {
            star = true;
            continue;
        }
        if (c != '?' && star) {
            out[length++] = '*';
            star = false;
        }
        if (i < pattern.length) out[length++] = lower(c);
    }
    return (Str){out, length};
}

// A star takes any symbols, wildcards included; a question mark takes any one but a star.
static bool symbol_covers(char pattern, char other) {
    return pattern == other || (pattern == '?' && other != '*');
}

static bool covers(Str pattern, Str other) {
    size_t p = 0, o = 0, star = SIZE_MAX, retry = 0;
    while (o < other.length) {
        if (p < pattern.length && pattern.data[p] == '*') {
            star = p++;
            retry = o;
        } else if (p < pattern.length && symbol_covers(pattern.data[p], other.data[o])) {
            p++;
            o++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            o = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.data[p] == '*') p++;
    return p == pattern.length;
}

// What stands before the first wildcard of the pattern must stand in both: settles most pairs.
static bool same_beginning(Str pattern, Str other) {
    for (size_t i = 0; i < pattern.length && !is_wildcard(pattern.data[i]); i++) {
        if (i >= other.length || lower(pattern.data[i]) != lower(other.data[i])) return false;
    }
    return true;
}

bool action_covers(Arena *arena, Str pattern, Str other) {
    if (!same_beginning(pattern, other)) return false;
    if (!has_wildcard(pattern)) return pattern.length == other.length;
    return covers(normalise(arena, pattern), normalise(arena, other));
}
