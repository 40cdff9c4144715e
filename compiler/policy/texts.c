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
        .look = 1};
    size_t most = access->foreign.count + other->foreign.count;
    VEC_RESERVE(matcher->arena, &ret_texts->foreign, most);
    VEC_RESERVE(matcher->arena, &ret_texts->heads.items, most);
    add_foreign(ret_texts, access);
    add_foreign(ret_texts, other);
    heads_sort(&ret_texts->heads);
}

// --- what is left of a class ---

// A class as its texts are looked at.
typedef struct Finder {
    Texts *texts;
    const AccessClass *class;
    const ClassVec *covering;
    LeftTextVec *left;
    ItemVec *future;
} Finder;

static bool any_has_text(const Finder *finder, const ActionText *text) {
    for (size_t i = 0; i < finder->covering->count; i++) {
        if (class_has_text(finder->texts->matcher, finder->covering->items[i], text)) return true;
    }
    return false;
}

static bool any_has_rest(const Finder *finder, const ReadyStatement *statement) {
    Matcher *matcher = finder->texts->matcher;
    for (size_t i = 0; i < finder->covering->count; i++) {
        const AccessClass *class = finder->covering->items[i];
        if (class_has_rest(matcher, class, statement) ||
            class_has_text(matcher, class, &finder->texts->everything))
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

static void keep_text(Finder *finder, const ActionText *text, Doubt doubt) {
    Matcher *matcher = finder->texts->matcher;
    if (!class_denies_text(matcher, finder->class, text))
        VEC_PUSH(matcher->arena, finder->left, ((LeftText){text, doubt}));
}

// Keeps what either side names where the statement has it, or may, and the other side does not.
static void keep_foreign(Finder *finder, const ReadyStatement *statement, uint32_t place) {
    Texts *texts = finder->texts;
    const ActionText *text = texts->foreign.items[place];
    matcher_spend(texts->matcher, TEXT_STEPS);
    Truth has = statement_has_text(texts->matcher, statement, text);
    if (has == TRUTH_NO || !is_new_text(texts, text) || any_has_text(finder, text)) return;
    keep_text(finder, text, has == TRUTH_YES ? DOUBT_NONE : DOUBT_ACTION);
}

// With no steps left one that is left stands for all, so that those behind it need no look.
static bool is_told(const Finder *finder) {
    return finder->texts->matcher->steps == 0 && finder->left->count > 0;
}

// The same for all that a pattern may match; NULL: for all.
static void keep_near(Finder *finder, const ReadyStatement *statement, const Pattern *pattern) {
    HeadSearch near = heads_search(&finder->texts->heads, pattern);
    for (uint32_t i = 0; !is_told(finder) && heads_next(&near, &i);)
        keep_foreign(finder, statement, i);
}

// The NotAction of the other side that has the fewest entries; NULL where there is none.
static const ReadyStatement *shortest_exclusion(const ClassVec *covering) {
    const ReadyStatement *shortest = NULL;
    for (size_t i = 0; i < covering->count; i++) {
        const AccessClass *class = covering->items[i];
        for (size_t k = 0; k < class->statements.count; k++) {
            const ReadyStatement *own = class->statements.items[k];
            if (own->statement->not_action &&
                (shortest == NULL || own->texts.count < shortest->texts.count))
                shortest = own;
        }
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

// What the other side has by a NotAction is not looked at one by one.
static void keep_exclusion(Finder *finder, const ReadyStatement *statement) {
    Texts *texts = finder->texts;
    if (any_has_rest(finder, statement)) return;
    VEC_PUSH(texts->matcher->arena, finder->future, ((Item){.span = statement->statement->span}));
    const ReadyStatement *exclusion = shortest_exclusion(finder->covering);
    if (exclusion == NULL || !find_excluded(texts, exclusion)) {
        keep_near(finder, statement, NULL);
        return;
    }
    for (size_t i = 0; i < texts->near.count && !is_told(finder); i++)
        keep_foreign(finder, statement, texts->near.items[i]);
}

static void keep_named(Finder *finder, const ReadyStatement *statement) {
    for (size_t i = 0; i < statement->texts.count; i++) {
        const ActionText *text = &statement->texts.items[i];
        if (!is_new_text(finder->texts, text) || any_has_text(finder, text)) continue;
        if (!text->known) {
            keep_text(finder, text, DOUBT_NONE);
            continue;
        }
        VEC_PUSH(finder->texts->matcher->arena, finder->future, text->item);
        keep_near(finder, statement, &text->pattern);
    }
}

void texts_find(Texts *texts, const AccessClass *class, const ClassVec *covering,
                LeftTextVec *ret_left, ItemVec *ret_future) {
    Finder finder = {texts, class, covering, ret_left, ret_future};
    texts->look++;
    ret_left->count = ret_future->count = 0;
    for (size_t i = 0; i < class->statements.count; i++) {
        const ReadyStatement *statement = class->statements.items[i];
        if (statement->statement->not_action)
            keep_exclusion(&finder, statement);
        else
            keep_named(&finder, statement);
    }
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
