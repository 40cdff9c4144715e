// Patterns of IAM: `*` is any text, `?` any one character. A Pattern lives in the arena of its
// Matcher; patterns that are compared must be of the same one.
#ifndef SPOTC_POLICY_MATCH_H
#define SPOTC_POLICY_MATCH_H

#include "base/map.h"
#include "policy/truth.h"

// How a text is read.
enum {
    PATTERN_PLAIN = 0,
    PATTERN_FOLD = 1,      // the case of ASCII letters does not count
    PATTERN_LITERAL = 2,   // `*` and `?` stand for themselves
    PATTERN_VARIABLES = 4, // `${Name}` is some text that is not known, the same wherever it stands
    PATTERN_SYMBOLS = 8,   // only that which CloudFormation fills in is; IAM's variables are not
};

// What patterns have in common.
typedef struct Matcher {
    Arena *arena;
    StrMap variables; // `${Name}` -> its number
    uint32_t variable_count;
    uint64_t steps; // that comparisons may still take; at 0 every answer is that it is not known
    struct ActionSets *sets; // of wide patterns, for several matchers (expand.h); or NULL
    StrMap identities;       // of what is compared -> its number
    uint32_t identity_count;
} Matcher;

// A text made ready: a symbol for each character, wildcard or variable.
typedef struct Pattern {
    const uint32_t *symbols;
    size_t count;
    size_t head, tail; // how many symbols are characters at its beginning and end
    bool wild;         // has `*` or `?`
    bool counted;      // has `?`
    bool open;         // has variables
} Pattern;

// A matcher whose comparisons take at most `steps`.
Matcher matcher_new(Arena *arena, uint64_t steps);

// Counts steps that were taken besides those that patterns take.
void matcher_spend(Matcher *matcher, uint64_t steps);

// A number for a text, the same for the same text. Keeps the text.
uint32_t matcher_number(Matcher *matcher, Str identity);

Pattern pattern_make(Matcher *matcher, Str text, unsigned how);

// What tells the pattern apart from others of one sort: the text itself, or, where it has variables
// of IAM that are plain text here (PATTERN_SYMBOLS), one that says so.
Str pattern_identity(Arena *arena, Str text, unsigned how);

// Whether every text that `other` matches is matched by `pattern` too. Yes and no are proven,
// unless a `?` before or after a `*` is at stake (`?*` does cover `*a`), variables stand in the
// way, or the matcher's steps are used up. Takes at most pattern × other steps.
Truth pattern_covers(Matcher *matcher, const Pattern *pattern, const Pattern *other);

// Whether it is certain that no text is matched by both.
bool pattern_is_disjoint(Matcher *matcher, const Pattern *a, const Pattern *b);

typedef VEC(uint32_t) SymbolVec;

// A text that the pattern matches, with characters in place of its wildcards that no policy has:
// another pattern matches it by wildcards of its own only. It stands in `room`, whose content it
// replaces.
Pattern pattern_example(Matcher *matcher, const Pattern *pattern, SymbolVec *room);

// True where every action that `other` matches is matched by `pattern` too; both may hold
// wildcards, and case does not count (IAM User Guide, "IAM JSON policy elements: Action"). Sound,
// never guessing: false where it cannot be shown. Takes at most pattern × other steps.
bool action_covers(Arena *arena, Str pattern, Str other);

#endif
