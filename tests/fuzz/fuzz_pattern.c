// Patterns against a naive model: sets of places in a pattern, stepped over every character that
// can matter. The input: a byte of choices, then two patterns and a text, a line each.
#include "base/wildcard.h"
#include "fuzz.h"
#include "model/catalogue.h"
#include "policy/match.h"

enum { LONGEST = 14, MOST_STATES = 256, STEPS = 10000000, STRIDE = 16 };

// --- the model ---

// A bit for each place that a text so far can have led to.
typedef uint32_t Places;

typedef struct Model {
    Places stars, on[256]; // the places of stars; those that a character goes on from
    bool used[256];        // characters that stand there
    size_t count;
} Model;

static unsigned char fold(char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void go_on(Model *model, Places place) {
    for (size_t i = 0; i < 256; i++) model->on[i] |= place;
}

static Model model_of(Str text, unsigned how) {
    Model model = {.count = text.length};
    bool literal = (how & PATTERN_LITERAL) != 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        unsigned char byte = (how & PATTERN_FOLD) != 0 ? fold(c) : (unsigned char)c;
        Places place = (Places)1 << i;
        if (!literal && c == '*') {
            model.stars |= place;
        } else if (!literal && c == '?') {
            go_on(&model, place);
        } else {
            model.on[byte] |= place;
            model.used[byte] = true;
        }
    }
    return model;
}

// With the places that stars lead to by standing for nothing.
static Places closed(const Model *model, Places places) {
    Places more = places | (places & model->stars) << 1;
    while (more != places) {
        places = more;
        more |= (more & model->stars) << 1;
    }
    return places;
}

static Places begin(const Model *model) {
    return closed(model, 1);
}

static Places step(const Model *model, Places places, unsigned char character) {
    return closed(model, (places & model->stars) | (places & model->on[character]) << 1);
}

static bool accepts(const Model *model, Places places) {
    return (places >> model->count & 1U) != 0;
}

// What two patterns have to do with each other, over all texts there are.
typedef struct Relation {
    bool whole;    // all was looked at
    bool overlaps; // a text is matched by both
    bool exceeds;  // a text is matched by the second only
} Relation;

typedef struct State {
    Places a, b;
} State;

static void add_state(State *states, size_t *count, State state) {
    if (state.b == 0) return;
    for (size_t i = 0; i < *count; i++) {
        if (states[i].a == state.a && states[i].b == state.b) return;
    }
    if (*count < MOST_STATES) states[(*count)++] = state;
}

// The characters of both, and one that neither has: no pattern has NUL here.
static size_t alphabet(const Model *a, const Model *b, unsigned char *characters) {
    size_t count = 0;
    for (unsigned c = 0; c < 256; c++) {
        if (c == 0 || a->used[c] || b->used[c]) characters[count++] = (unsigned char)c;
    }
    return count;
}

static Relation relate(const Model *a, const Model *b) {
    State states[MOST_STATES] = {{begin(a), begin(b)}};
    unsigned char characters[256];
    size_t count = 1, character_count = alphabet(a, b, characters);
    Relation relation = {0};
    for (size_t i = 0; i < count; i++) {
        bool in_a = accepts(a, states[i].a), in_b = accepts(b, states[i].b);
        relation.overlaps |= in_a && in_b;
        relation.exceeds |= in_b && !in_a;
        for (size_t k = 0; k < character_count; k++) {
            State next = {step(a, states[i].a, characters[k]), step(b, states[i].b, characters[k])};
            add_state(states, &count, next);
        }
    }
    relation.whole = count < MOST_STATES;
    return relation;
}

// --- what is held against it ---

static bool is_simple(Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] <= 0 || text.data[i] == '$') return false;
    }
    return true;
}

static bool has_question(Str text) {
    return str_find_byte(text, '?', 0) < text.length;
}

static void check_patterns(Fuzz *fuzz, Str a, Str b, unsigned how) {
    Matcher matcher = matcher_new(&fuzz->arena, STEPS);
    Pattern pattern = pattern_make(&matcher, a, how), other = pattern_make(&matcher, b, how);
    Truth covers = pattern_covers(&matcher, &pattern, &other);
    bool disjoint = pattern_is_disjoint(&matcher, &pattern, &other);
    FUZZ_REQUIRE(disjoint == pattern_is_disjoint(&matcher, &other, &pattern),
                 "both have nothing in common, or neither has");
    FUZZ_REQUIRE(pattern_covers(&matcher, &pattern, &pattern) == TRUTH_YES,
                 "a pattern covers itself");
    if (!is_simple(a) || !is_simple(b)) return;
    Model left = model_of(a, how), right = model_of(b, how);
    Relation relation = relate(&left, &right);
    bool exact = !has_question(a) && !has_question(b);
    FUZZ_REQUIRE(covers != TRUTH_YES || !relation.exceeds, "what is covered is covered");
    FUZZ_REQUIRE(!disjoint || !relation.overlaps, "what has nothing in common has nothing");
    if (!relation.whole) return;
    FUZZ_REQUIRE(covers != TRUTH_NO || relation.exceeds || !exact, "what is not covered is not");
    FUZZ_REQUIRE(covers != TRUTH_UNKNOWN || !exact, "without question marks it is known");
    FUZZ_REQUIRE(how != PATTERN_FOLD || !action_covers(&fuzz->arena, a, b) || !relation.exceeds,
                 "what covers an action covers it");
}

static bool model_matches(const Model *model, Str text) {
    Places places = begin(model);
    for (size_t i = 0; i < text.length; i++) places = step(model, places, fold(text.data[i]));
    return accepts(model, places);
}

static void check_wildcard(Str pattern, Str text) {
    Wildcard wildcard;
    Model model = model_of(pattern, PATTERN_FOLD);
    wildcard_init(&wildcard, pattern);
    FUZZ_REQUIRE(wildcard_matches(&wildcard, text) == model_matches(&model, text),
                 "a wildcard matches what the model does");
}

// Whatever short cuts lead to the actions that match; of all actions each STRIDE-th is looked at.
static void check_catalogue(Fuzz *fuzz, Str pattern, size_t first) {
    Model model = model_of(pattern, PATTERN_FOLD);
    ActionMatches matches;
    ActionId next = 0;
    catalogue_match(pattern, &matches);
    bool more = catalogue_next(&matches, &next), any = more;
    FUZZ_REQUIRE(any == catalogue_has(pattern), "the catalogue has what it finds");
    for (ActionId id = (ActionId)first; id < catalogue_action_count(); id += STRIDE) {
        while (more && next < id) more = catalogue_next(&matches, &next);
        FUZZ_REQUIRE(model_matches(&model, action_text(id)) == (more && next == id),
                     "the catalogue finds what the model does");
    }
    Str spelling = catalogue_spelling(&fuzz->arena, pattern);
    FUZZ_REQUIRE(str_equal_ignoring_case(spelling, pattern), "another spelling means the same");
    Str near = any ? (Str){0} : catalogue_nearest(&fuzz->arena, pattern);
    FUZZ_REQUIRE(near.length == 0 || catalogue_has(near), "what is offered is there");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const unsigned ways[] = {PATTERN_PLAIN, PATTERN_FOLD, PATTERN_LITERAL, PATTERN_VARIABLES,
                                    PATTERN_FOLD | PATTERN_VARIABLES};
    Fuzz fuzz;
    Bytes bytes = {data, size};
    fuzz_begin(&fuzz);
    size_t choice = fuzz_pick(&bytes, 256);
    Str a = fuzz_line(&bytes, LONGEST), b = fuzz_line(&bytes, LONGEST);
    Str text = fuzz_line(&bytes, WILDCARD_LONGEST_TEXT);
    check_patterns(&fuzz, a, b, ways[choice % (sizeof ways / sizeof *ways)]);
    check_wildcard(a, text);
    if (choice / STRIDE == 1) check_catalogue(&fuzz, a, choice % STRIDE);
    fuzz_end(&fuzz);
    return 0;
}
