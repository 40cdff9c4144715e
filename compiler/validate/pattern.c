#define PCRE2_CODE_UNIT_WIDTH 8
#include "validate/pattern.h"

#include <pcre2.h>

#include "base/map.h"
#include "validate/ecmascript.h"

enum {
    MAX_PATTERN_LENGTH = 16 * 1024,
    MATCH_LIMIT = 1000,
    MATCH_LIMIT_PER_BYTE = 16,
    MATCH_HEAP_KIB = 4 * 1024,
    BYTES_PER_STEP = 256, // that a single item of a pattern can pass over
};

// As near to ECMAScript as PCRE2 has it: $ is the very end, \uXXXX, [] matches nothing.
static const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX |
                                PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS |
                                PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;

// What is wrong with the pattern, or else its code.
typedef struct Pattern {
    Str problem;
    pcre2_code *code;
} Pattern;

typedef VEC(Pattern) PatternVec;

struct Patterns {
    Arena *arena;
    pcre2_general_context *general; // NULL, as those that follow: not needed so far
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
    StrMap index; // text -> place in known
    PatternVec known;
};

// Not cleared: PCRE2 clears what it needs to be.
static void *allocate(size_t size, void *arena) {
    return arena_grow(arena, NULL, 0, size);
}

static void leave_to_arena(void *block, void *arena) {
    (void)block;
    (void)arena;
}

// Called before each item of a pattern that is tried: the one count that no pattern escapes.
static int count_step(pcre2_callout_block *block, void *data) {
    uint64_t *steps = data;
    uint64_t cost = 1 + (block->subject_length - block->current_position) / BYTES_PER_STEP;
    if (*steps < cost) return PCRE2_ERROR_CALLOUT;
    *steps -= cost;
    return 0;
}

Patterns *patterns_new(Arena *arena) {
    Patterns *patterns = ARENA_NEW(arena, Patterns);
    patterns->arena = arena;
    return patterns;
}

static void start_pcre(Patterns *patterns) {
    if (patterns->general != NULL) return;
    patterns->general = pcre2_general_context_create(allocate, leave_to_arena, patterns->arena);
    patterns->compile = pcre2_compile_context_create(patterns->general);
    patterns->match = pcre2_match_context_create(patterns->general);
    patterns->data = pcre2_match_data_create(1, patterns->general);
    pcre2_set_compile_extra_options(patterns->compile, PCRE2_EXTRA_ALT_BSUX);
    pcre2_set_max_pattern_length(patterns->compile, MAX_PATTERN_LENGTH);
    pcre2_set_heap_limit(patterns->match, MATCH_HEAP_KIB);
}

static Str error_text(Arena *arena, int error) {
    char words[160];
    if (pcre2_get_error_message(error, (PCRE2_UCHAR *)words, sizeof words) < 0) words[0] = '\0';
    return str_copy(arena, str_of(words));
}

// NULL, and what is wrong, where the pattern is malformed.
static pcre2_code *compile(Patterns *patterns, Str text, Str *ret_problem) {
    int error = 0;
    size_t offset = 0;
    Str pattern = {0};
    start_pcre(patterns);
    *ret_problem = ecmascript_to_pcre(patterns->arena, text, &pattern);
    if (ret_problem->length > 0) return NULL;
    PCRE2_SPTR bytes = (PCRE2_SPTR)(pattern.data == NULL ? "" : pattern.data);
    pcre2_code *code =
        pcre2_compile(bytes, pattern.length, options, &error, &offset, patterns->compile);
    if (code == NULL) *ret_problem = error_text(patterns->arena, error);
    return code;
}

static Pattern *get(Patterns *patterns, Str text) {
    uint32_t found = 0;
    if (!strmap_get(&patterns->index, text, &found)) {
        found = (uint32_t)patterns->known.count;
        Pattern pattern = {0};
        pattern.code = compile(patterns, text, &pattern.problem);
        VEC_PUSH(patterns->arena, &patterns->known, pattern);
        strmap_set(patterns->arena, &patterns->index, text, found);
    }
    return &patterns->known.items[found];
}

Str patterns_problem(Patterns *patterns, Str text) {
    return get(patterns, text)->problem;
}

static uint32_t limit_for(size_t length) {
    uint64_t limit = MATCH_LIMIT + (uint64_t)length * MATCH_LIMIT_PER_BYTE;
    return limit > UINT32_MAX ? UINT32_MAX : (uint32_t)limit;
}

static PatternResult match(Patterns *patterns, const pcre2_code *code, Str subject,
                           uint64_t *steps) {
    pcre2_set_match_limit(patterns->match, limit_for(subject.length));
    pcre2_set_depth_limit(patterns->match, limit_for(subject.length));
    pcre2_set_callout(patterns->match, count_step, steps);
    PCRE2_SPTR bytes = (PCRE2_SPTR)(subject.data == NULL ? "" : subject.data);
    int result = pcre2_match(code, bytes, subject.length, 0, 0, patterns->data, patterns->match);
    if (result >= 0) return PATTERN_MATCHES;
    return result == PCRE2_ERROR_NOMATCH ? PATTERN_DIFFERS : PATTERN_TOO_COSTLY;
}

PatternResult patterns_match(Patterns *patterns, Str text, Str subject, uint64_t *steps) {
    const Pattern *pattern = get(patterns, text);
    if (pattern->code == NULL) return PATTERN_DIFFERS;
    return match(patterns, pattern->code, subject, steps);
}

bool pattern_matches(Arena *arena, Str text, Str subject) {
    uint64_t steps = 1000000;
    return patterns_match(patterns_new(arena), text, subject, &steps) == PATTERN_MATCHES;
}
