#include "policy/match.h"

#include "model/arn.h"

static bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char fold(char c, bool ignore_case) {
    return ignore_case ? lower(c) : c;
}

// One form for all runs of wildcards that mean the same: the question marks first, then one star.
static Str normalise(Arena *arena, Str pattern, bool ignore_case) {
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
        if (i < pattern.length) out[length++] = fold(c, ignore_case);
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
static bool same_beginning(Str pattern, Str other, bool ignore_case) {
    for (size_t i = 0; i < pattern.length && !is_wildcard(pattern.data[i]); i++) {
        if (i >= other.length ||
            fold(pattern.data[i], ignore_case) != fold(other.data[i], ignore_case))
            return false;
    }
    return true;
}

bool pattern_covers(Arena *arena, Str pattern, Str other, bool ignore_case) {
    if (!same_beginning(pattern, other, ignore_case)) return false;
    if (!has_wildcard(pattern)) return pattern.length == other.length;
    return covers(normalise(arena, pattern, ignore_case), normalise(arena, other, ignore_case));
}

bool action_covers(Arena *arena, Str pattern, Str other) {
    return pattern_covers(arena, pattern, other, true);
}

// A policy variable, as ${aws:username}: what it will be is not known.
static bool has_variable(Str text) {
    return str_find(text, STR("${"), 0) < text.length;
}

bool resource_covers(Arena *arena, Str pattern, Str other) {
    Arn wide, narrow;
    if (str_equal(pattern, STR("*")) || str_equal(pattern, other)) return true;
    if (!has_wildcard(pattern) || !same_beginning(pattern, other, false)) return false;
    if (has_variable(pattern) || has_variable(other)) return false;
    if (!arn_parse(pattern, &wide) || !arn_parse(other, &narrow)) return false;
    return pattern_covers(arena, wide.partition, narrow.partition, false) &&
           pattern_covers(arena, wide.service, narrow.service, false) &&
           pattern_covers(arena, wide.region, narrow.region, false) &&
           pattern_covers(arena, wide.account, narrow.account, false) &&
           pattern_covers(arena, wide.resource, narrow.resource, false);
}

bool value_covers(Arena *arena, Str pattern, Str other) {
    if (str_equal(pattern, STR("*")) || str_equal(pattern, other)) return true;
    if (has_variable(pattern) || has_variable(other)) return false;
    return pattern_covers(arena, pattern, other, false);
}
