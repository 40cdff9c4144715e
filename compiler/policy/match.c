#include "policy/match.h"

#include "base/utf8.h"
#include "model/arn.h"
#include "model/symbol.h"

// A variable names a key and a value by default; tags, the longest, have 128 and 256 characters
// (IAM User Guide, "IAM policy elements: Variables and tags"; "Tags for IAM resources").
enum { LONGEST_VARIABLE = 1024 };

// Stands for what no policy names: U+10FFFF is no character. So many of them stand for a star.
enum { SYMBOL_UNNAMED = 0x10FFFF, LONG_UNNAMED = 16 };

// Symbols above the characters; variables are numbered from the last of them on.
enum { SYMBOL_STAR = 0x110000, SYMBOL_ONE, SYMBOL_VARIABLE };

static bool is_wildcard(char c) {
    return c == '*' || c == '?';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

Matcher matcher_new(Arena *arena, uint64_t steps) {
    return (Matcher){.arena = arena, .steps = steps};
}

void matcher_spend(Matcher *matcher, uint64_t steps) {
    matcher->steps -= steps < matcher->steps ? steps : matcher->steps;
}

uint32_t matcher_number(Matcher *matcher, Str identity) {
    uint32_t number = matcher->identity_count;
    if (strmap_get(&matcher->identities, identity, &number)) return number;
    strmap_set(matcher->arena, &matcher->identities, identity, number);
    matcher->identity_count++;
    return number;
}

static uint32_t variable_symbol(Matcher *matcher, Str variable) {
    uint32_t number = matcher->variable_count;
    if (!strmap_get(&matcher->variables, variable, &number)) {
        strmap_set(matcher->arena, &matcher->variables, variable, number);
        matcher->variable_count++;
    }
    return SYMBOL_VARIABLE + number;
}

// The end of the `${...}` that begins at `at`, or `at` where none does.
static size_t reference_end(Str text, size_t at) {
    if (text.data[at] != '$' || at + 1 >= text.length || text.data[at + 1] != '{') return at;
    size_t most = at + LONGEST_VARIABLE;
    Str rest = str_slice(text, 0, most < text.length ? most : text.length);
    size_t end = str_find_byte(rest, '}', at);
    return end < rest.length ? end + 1 : at;
}

// The same, of what is some text that is not known when read so.
static size_t variable_end(Str text, size_t at, unsigned how) {
    if ((how & (PATTERN_VARIABLES | PATTERN_SYMBOLS)) == 0) return at;
    size_t end = reference_end(text, at);
    if (end == at || (how & PATTERN_VARIABLES) != 0) return end;
    return symbol_is_filled_in(str_slice(text, at + 2, end - 1)) ? end : at;
}

Str pattern_identity(Arena *arena, Str text, unsigned how) {
    if ((how & PATTERN_SYMBOLS) == 0) return text;
    for (size_t at = str_find(text, STR("${"), 0); at < text.length;
         at = str_find(text, STR("${"), at + 2)) {
        if (reference_end(text, at) > at && variable_end(text, at, how) == at)
            return str_format(arena, "plain text %.*s", STR_ARG(text));
    }
    return text;
}

// The symbol at *at, which is moved behind it.
static uint32_t next_symbol(Matcher *matcher, Str text, unsigned how, size_t *at) {
    size_t begin = *at, end = variable_end(text, begin, how);
    if (end > begin) {
        *at = end;
        return variable_symbol(matcher, str_slice(text, begin, end));
    }
    char c = text.data[begin];
    uint32_t code = 0;
    size_t length = c < 0 ? utf8_decode(text, begin, &code) : 0;
    *at += length > 0 ? length : 1;
    if (length > 0) return code;
    if (is_wildcard(c) && (how & PATTERN_LITERAL) == 0) return c == '*' ? SYMBOL_STAR : SYMBOL_ONE;
    return (unsigned char)((how & PATTERN_FOLD) != 0 ? lower(c) : c);
}

static void measure(Pattern *pattern) {
    const uint32_t *symbols = pattern->symbols;
    size_t count = pattern->count;
    while (pattern->head < count && symbols[pattern->head] < SYMBOL_STAR) pattern->head++;
    while (pattern->tail < count && symbols[count - 1 - pattern->tail] < SYMBOL_STAR)
        pattern->tail++;
    for (size_t i = 0; i < count; i++) {
        pattern->counted |= symbols[i] == SYMBOL_ONE;
        pattern->wild |= symbols[i] == SYMBOL_STAR || symbols[i] == SYMBOL_ONE;
        pattern->open |= symbols[i] >= SYMBOL_VARIABLE;
    }
}

// All runs of wildcards that mean the same have one form: the question marks first, then one star.
Pattern pattern_make(Matcher *matcher, Str text, unsigned how) {
    uint32_t *out = ARENA_ARRAY(matcher->arena, uint32_t, text.length + 1);
    size_t count = 0;
    bool star = false;
    for (size_t at = 0; at < text.length;) {
        uint32_t symbol = next_symbol(matcher, text, how, &at);
        if (symbol != SYMBOL_STAR && symbol != SYMBOL_ONE && star) {
            out[count++] = SYMBOL_STAR;
            star = false;
        }
        if (symbol == SYMBOL_STAR)
            star = true;
        else
            out[count++] = symbol;
    }
    if (star) out[count++] = SYMBOL_STAR;
    Pattern pattern = {.symbols = out, .count = count};
    measure(&pattern);
    return pattern;
}

// A star takes any symbols, wildcards and variables included; a question mark takes any one
// character, and itself.
static bool symbol_covers(uint32_t pattern, uint32_t other) {
    return pattern == other || (pattern == SYMBOL_ONE && other < SYMBOL_STAR);
}

// After a star the search goes on from the last one, never further back, because what the earlier
// ones took leaves the most to those that follow. The characters that both begin with are known to
// be the same.
static bool covers(const Pattern *pattern, const Pattern *other, uint64_t *steps) {
    size_t same = pattern->head < other->head ? pattern->head : other->head;
    size_t p = same, o = same, star = SIZE_MAX, retry = 0;
    for (; o<other->count && * steps> 0; --*steps) {
        if (p < pattern->count && pattern->symbols[p] == SYMBOL_STAR) {
            star = p++;
            retry = o;
            if (p == pattern->count) return true;
        } else if (p < pattern->count && symbol_covers(pattern->symbols[p], other->symbols[o])) {
            p++;
            o++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            o = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern->count && pattern->symbols[p] == SYMBOL_STAR) p++;
    return p == pattern->count && o == other->count;
}

// Whether what stands at the beginning or at the end of two patterns tell their texts apart.
static bool ends_differ(Matcher *matcher, const Pattern *a, const Pattern *b) {
    size_t head = a->head < b->head ? a->head : b->head;
    size_t tail = a->tail < b->tail ? a->tail : b->tail;
    size_t i = 0, k = 0;
    while (i < head && a->symbols[i] == b->symbols[i]) i++;
    while (k < tail && a->symbols[a->count - 1 - k] == b->symbols[b->count - 1 - k]) k++;
    matcher_spend(matcher, i + k + 8);
    return i < head || k < tail;
}

Truth pattern_covers(Matcher *matcher, const Pattern *pattern, const Pattern *other) {
    if (matcher->steps == 0) return TRUTH_UNKNOWN;
    if (ends_differ(matcher, pattern, other)) return TRUTH_NO;
    bool covered = covers(pattern, other, &matcher->steps);
    if (matcher->steps == 0) return TRUTH_UNKNOWN;
    if (covered) return TRUTH_YES;
    if (pattern->open || other->open) return TRUTH_UNKNOWN;
    if (!other->wild) return TRUTH_NO;
    return pattern->counted ? TRUTH_UNKNOWN : TRUTH_NO;
}

bool pattern_is_disjoint(Matcher *matcher, const Pattern *a, const Pattern *b) {
    if (matcher->steps == 0) return false;
    if (ends_differ(matcher, a, b)) return true;
    if (a->open || b->open || (a->wild && b->wild)) return false;
    bool matched = a->wild ? covers(a, b, &matcher->steps) : covers(b, a, &matcher->steps);
    return !matched && matcher->steps > 0;
}

// Only the first star is long: what question marks match is shorter than that, mostly.
Pattern pattern_example(Matcher *matcher, const Pattern *pattern, SymbolVec *room) {
    size_t unnamed = LONG_UNNAMED;
    room->count = 0;
    VEC_RESERVE(matcher->arena, room, pattern->count + LONG_UNNAMED);
    for (size_t i = 0; i < pattern->count; i++) {
        uint32_t symbol = pattern->symbols[i];
        bool star = symbol == SYMBOL_STAR;
        for (size_t k = 1; star && k < unnamed; k++) VEC_PUSH(matcher->arena, room, SYMBOL_UNNAMED);
        if (star) unnamed = 1;
        if (star || symbol == SYMBOL_ONE) symbol = SYMBOL_UNNAMED;
        VEC_PUSH(matcher->arena, room, symbol);
    }
    matcher_spend(matcher, room->count);
    Pattern example = {.symbols = room->items, .count = room->count};
    measure(&example);
    return example;
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
    Matcher matcher = matcher_new(arena, UINT64_MAX);
    Pattern p = pattern_make(&matcher, pattern, PATTERN_FOLD);
    Pattern o = pattern_make(&matcher, other, PATTERN_FOLD);
    return pattern_covers(&matcher, &p, &o) == TRUTH_YES;
}
