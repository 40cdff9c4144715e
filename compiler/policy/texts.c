#include "policy/texts.h"

// --- of both sides ---

static void add_foreign(Texts *texts, const Access *access) {
    Arena *arena = texts->matcher->arena;
    for (size_t i = 0; i < access->foreign.count; i++) {
        const ActionText *text = access->foreign.items[i];
        if (texts->seen[text->number] == texts->look) continue;
        texts->seen[text->number] = texts->look;
        VEC_PUSH(arena, &texts->foreign, text);
        heads_add(arena, &texts->heads, &text->pattern);
    }
}

void texts_make(Matcher *matcher, const Access *access, const Access *other, Texts *ret_texts) {
    *ret_texts = (Texts){
        .matcher = matcher,
        .everything = {.known = true, .pattern = pattern_make(matcher, STR("*:*"), PATTERN_FOLD)},
        .seen = ARENA_ARRAY(matcher->arena, uint64_t, matcher->identity_count + 1),
        .noted = ARENA_ARRAY(matcher->arena, bool, matcher->identity_count + 1),
        .look = 1};
    size_t most = access->foreign.count + other->foreign.count;
    VEC_RESERVE(matcher->arena, &ret_texts->foreign, most);
    VEC_RESERVE(matcher->arena, &ret_texts->heads.items, most);
    add_foreign(ret_texts, access);
    add_foreign(ret_texts, other);
    heads_sort(&ret_texts->heads);
}

// --- what is left of a class ---

enum {
    NAMED_STEPS = 4,   // what asking whether a text has to be looked at costs,
    SEARCH_STEPS = 32, // and looking at it
    MOST_EXAMPLES = 8  // of what a text has and others do not
};

// A class as its texts are looked at.
typedef struct Finder {
    Texts *texts;
    const AccessClass *class;
    const ClassVec *covering;
    LeftTextVec *left;
    ActionTextList *future;
    // For its NotActions, once one is met.
    bool prepared;
    bool has_all;      // one of those covering has all actions
    bool by_exclusion; // the texts that another NotAction may lack are `near`
    bool leaves;       // that they leave something is said
} Finder;

static bool is_stopped(const Finder *finder) {
    return finder->texts->matcher->steps == 0;
}

static bool any_has_text(const Finder *finder, const ActionText *text) {
    for (size_t i = 0; i < finder->covering->count; i++) {
        if (class_has_text(finder->texts->matcher, finder->covering->items[i], text)) return true;
    }
    return false;
}

static bool any_has_rest(const Finder *finder, const ReadyStatement *statement) {
    for (size_t i = 0; i < finder->covering->count; i++) {
        if (class_has_rest(finder->texts->matcher, finder->covering->items[i], statement))
            return true;
    }
    return false;
}

// Of a text that several statements have only the first is kept.
static bool is_new_text(Texts *texts, const ActionText *text) {
    uint64_t *seen = &texts->seen[text->number];
    if (*seen == texts->look) return false;
    *seen = texts->look;
    return true;
}

// --- whether it is certain ---

// Whether what a pattern matches is certainly given by none that cover the class's requests, and
// taken back by no Deny: by the example of one such action.
static bool has_example(const Finder *finder, const Pattern *pattern) {
    Matcher *matcher = finder->texts->matcher;
    const ActionText example = {.pattern = pattern_example(matcher, pattern, &finder->texts->room)};
    for (size_t i = 0; i < finder->covering->count; i++) {
        if (class_may_have_text(matcher, finder->covering->items[i], &example)) return false;
    }
    for (size_t i = 0; i < finder->class->denials.count; i++) {
        if (class_may_have_text(matcher, finder->class->denials.items[i], &example)) return false;
    }
    return !is_stopped(finder);
}

// The same, of what a NotAction leaves out that is a part of the text.
static bool has_excluded_example(const Finder *finder, const ReadyStatement *exclusion,
                                 const ActionText *text, size_t *tried) {
    Matcher *matcher = finder->texts->matcher;
    HeadSearch near = heads_search(&exclusion->heads, &text->pattern);
    for (uint32_t i = 0; *tried < MOST_EXAMPLES && heads_next(&near, &i); ++*tried) {
        const Pattern *entry = &exclusion->texts.items[i].pattern;
        if (pattern_covers(matcher, &text->pattern, entry) == TRUTH_YES &&
            has_example(finder, entry))
            return true;
    }
    return false;
}

// Whether it is certain that those which do not cover a text by themselves do not so together, and
// that no Denies take it back together.
static bool is_surely_left(const Finder *finder, const ActionText *text) {
    size_t tried = 0;
    if (!text->pattern.wild || has_example(finder, &text->pattern)) return true;
    for (size_t i = 0; i < finder->covering->count; i++) {
        const AccessClass *class = finder->covering->items[i];
        for (size_t k = 0; k < class->excluding.count && tried < MOST_EXAMPLES; k++, tried++) {
            if (has_excluded_example(finder, class->excluding.items[k], text, &tried)) return true;
        }
    }
    return false;
}

static void keep_text(Finder *finder, const ActionText *text, Doubt doubt) {
    Matcher *matcher = finder->texts->matcher;
    if (class_denies_text(matcher, finder->class, text)) return;
    if (doubt == DOUBT_NONE && !is_surely_left(finder, text))
        doubt = finder->class->denials.count > 0 ? DOUBT_ACTION : DOUBT_TOGETHER;
    VEC_PUSH(matcher->arena, finder->left, ((LeftText){text, doubt}));
}

// --- by statement ---

// Keeps what either side names where the statement has it, or may, and the other side does not.
static void keep_foreign(Finder *finder, const ReadyStatement *statement, uint32_t place) {
    Texts *texts = finder->texts;
    const ActionText *text = texts->foreign.items[place];
    matcher_spend(texts->matcher, TEXT_STEPS);
    Truth has = statement_has_text(texts->matcher, statement, text);
    if (has == TRUTH_NO || !is_new_text(texts, text) || any_has_text(finder, text)) return;
    keep_text(finder, text, has == TRUTH_YES ? DOUBT_NONE : DOUBT_ACTION);
}

// The same for all that a pattern may match; NULL: for all.
static void keep_near(Finder *finder, const ReadyStatement *statement, const Pattern *pattern) {
    HeadSearch near = heads_search(&finder->texts->heads, pattern);
    for (uint32_t i = 0; !is_stopped(finder) && heads_next(&near, &i);)
        keep_foreign(finder, statement, i);
}

// The NotAction of the other side that has the fewest entries; NULL where there is none.
static const ReadyStatement *shortest_exclusion(const ClassVec *covering) {
    const ReadyStatement *shortest = NULL;
    for (size_t i = 0; i < covering->count; i++) {
        const ReadyStatement *own = covering->items[i]->shortest;
        if (own != NULL && (shortest == NULL || own->texts.count < shortest->texts.count))
            shortest = own;
    }
    return shortest;
}

// Finds all that a NotAction may lack: what its entries may match. False where looking at every
// text takes no longer.
static bool find_excluded(Texts *texts, const ReadyStatement *exclusion) {
    Matcher *matcher = texts->matcher;
    texts->near.count = 0;
    for (size_t i = 0; i < exclusion->heads.items.count; i++) {
        uint32_t entry = exclusion->heads.items.items[i].number, place = 0;
        HeadSearch near = heads_search(&texts->heads, &exclusion->texts.items[entry].pattern);
        matcher_spend(matcher, TEXT_STEPS);
        if (i + texts->near.count >= texts->foreign.count) return false;
        while (heads_next(&near, &place)) {
            if (i + texts->near.count >= texts->foreign.count) return false;
            VEC_PUSH(matcher->arena, &texts->near, place);
        }
    }
    return true;
}

// What is the same for all NotActions of the class.
static void prepare(Finder *finder) {
    if (finder->prepared) return;
    const ReadyStatement *exclusion = shortest_exclusion(finder->covering);
    finder->prepared = true;
    finder->has_all = any_has_text(finder, &finder->texts->everything);
    finder->by_exclusion =
        !finder->has_all && exclusion != NULL && find_excluded(finder->texts, exclusion);
}

// What the other side has by a NotAction is not looked at one by one.
static void keep_exclusion(Finder *finder, const ReadyStatement *statement) {
    Texts *texts = finder->texts;
    prepare(finder);
    if (finder->has_all || any_has_rest(finder, statement)) return;
    if (!finder->leaves && !texts->rest_noted)
        VEC_PUSH(texts->matcher->arena, finder->future, NULL);
    finder->leaves = true;
    if (!finder->by_exclusion) keep_near(finder, statement, NULL);
    for (size_t i = 0; finder->by_exclusion && i < texts->near.count && !is_stopped(finder); i++)
        keep_foreign(finder, statement, texts->near.items[i]);
}

// A pattern that was noted says nothing more where there is nothing beyond the catalogue.
static void keep_named_text(Finder *finder, const ReadyStatement *statement,
                            const ActionText *text) {
    Texts *texts = finder->texts;
    bool noted = text->known && texts->noted[text->number];
    matcher_spend(texts->matcher, NAMED_STEPS);
    if ((noted && texts->foreign.count == 0) || !is_new_text(texts, text)) return;
    matcher_spend(texts->matcher, SEARCH_STEPS);
    if (any_has_text(finder, text)) return;
    if (!text->known) {
        keep_text(finder, text, DOUBT_NONE);
        return;
    }
    if (!noted) VEC_PUSH(texts->matcher->arena, finder->future, text);
    keep_near(finder, statement, &text->pattern);
}

static void keep_named(Finder *finder, const ReadyStatement *statement) {
    for (size_t i = 0; i < statement->texts.count && !is_stopped(finder); i++)
        keep_named_text(finder, statement, &statement->texts.items[i]);
}

// With no steps left one text stands for all that could be left.
static void keep_any(Finder *finder) {
    const Texts *texts = finder->texts;
    if (!is_stopped(finder) || !finder->class->more) return;
    if (finder->left->count == 0 && texts->foreign.count > 0)
        VEC_PUSH(texts->matcher->arena, finder->left,
                 ((LeftText){texts->foreign.items[0], DOUBT_EFFORT}));
}

void texts_find(Texts *texts, const AccessClass *class, const ClassVec *covering,
                LeftTextVec *ret_left, ActionTextList *ret_future) {
    Finder finder = {.texts = texts,
                     .class = class,
                     .covering = covering,
                     .left = ret_left,
                     .future = ret_future};
    texts->look++;
    ret_left->count = ret_future->count = 0;
    for (size_t i = 0; i < class->statements.count && !is_stopped(&finder); i++) {
        const ReadyStatement *statement = class->statements.items[i];
        if (statement->statement->not_action)
            keep_exclusion(&finder, statement);
        else
            keep_named(&finder, statement);
    }
    keep_any(&finder);
}

bool texts_note(Texts *texts, const ActionText *text) {
    bool *noted = text == NULL ? &texts->rest_noted : &texts->noted[text->number];
    bool is_new = !*noted;
    *noted = true;
    return is_new;
}

// --- what may have it all the same ---

// Of several reasons the first is told.
static Doubt first_doubt(Doubt a, Doubt b) {
    if (a == DOUBT_NONE || b == DOUBT_NONE) return a > b ? a : b;
    return a < b ? a : b;
}

size_t texts_settle(Matcher *matcher, const MeetingVec *meetings, LeftText *left) {
    size_t parts = 0;
    bool adds = false;
    for (size_t i = 0; i < meetings->count && matcher->steps > 0; i++) {
        const Meeting *meeting = &meetings->items[i];
        matcher_spend(matcher, TEXT_STEPS);
        if (!class_may_have_text(matcher, meeting->class, left->text)) continue;
        parts++;
        adds |= meeting->adds;
        left->doubt = first_doubt(left->doubt, meeting->doubt);
    }
    if (adds && parts > 1) left->doubt = first_doubt(left->doubt, DOUBT_TOGETHER);
    if (matcher->steps == 0) left->doubt = DOUBT_EFFORT;
    return parts;
}
