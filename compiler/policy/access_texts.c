#include "policy/access.h"

// What looking for patterns that begin alike costs.
enum { SEARCH_STEPS = 8 };

// Of a pattern that matches actions of today only the actions to come are asked for: those that a
// NotAction names in full are none.
static bool covers_text(Matcher *matcher, const ReadyStatement *statement, const ActionText *text) {
    bool inverted = statement->statement->not_action;
    HeadSearch near = heads_search(&statement->heads, &text->pattern);
    for (uint32_t i = 0; heads_next(&near, &i);) {
        const Pattern *pattern = &statement->texts.items[i].pattern;
        if (matcher->steps == 0) return false;
        if (inverted && text->known && statement->texts.items[i].known && !pattern->wild) continue;
        if (inverted ? !pattern_is_disjoint(matcher, pattern, &text->pattern)
                     : pattern_covers(matcher, pattern, &text->pattern) == TRUTH_YES)
            return !inverted;
    }
    return inverted;
}

bool class_has_text(Matcher *matcher, const AccessClass *class, const ActionText *text) {
    matcher_spend(matcher, class->statements.count);
    for (size_t i = 0; i < class->statements.count; i++) {
        if (covers_text(matcher, class->statements.items[i], text)) return true;
    }
    return false;
}

bool class_denies_text(Matcher *matcher, const AccessClass *class, const ActionText *text) {
    for (size_t i = 0; i < class->denials.count; i++) {
        if (class_has_text(matcher, class->denials.items[i], text)) return true;
    }
    return false;
}

// Unknown: a part of it at the most, or it cannot be told.
Truth statement_has_text(Matcher *matcher, const ReadyStatement *statement,
                         const ActionText *text) {
    bool inverted = statement->statement->not_action;
    Truth met = inverted ? TRUTH_NO : TRUTH_YES, any = TRUTH_NO;
    HeadSearch near = heads_search(&statement->heads, &text->pattern);
    for (uint32_t i = 0; heads_next(&near, &i);) {
        const Pattern *pattern = &statement->texts.items[i].pattern;
        if (matcher->steps == 0) return TRUTH_UNKNOWN;
        if (pattern_covers(matcher, pattern, &text->pattern) == TRUTH_YES) return met;
        if (!pattern_is_disjoint(matcher, pattern, &text->pattern)) any = TRUTH_UNKNOWN;
    }
    return inverted ? truth_not(any) : any;
}

bool class_may_have_text(Matcher *matcher, const AccessClass *class, const ActionText *text) {
    matcher_spend(matcher, class->statements.count);
    for (size_t i = 0; i < class->statements.count; i++) {
        if (statement_has_text(matcher, class->statements.items[i], text) != TRUTH_NO) return true;
    }
    return false;
}

// Whether one of the texts covers the pattern.
static bool any_covers(Matcher *matcher, const ReadyStatement *statement, const Pattern *pattern) {
    HeadSearch near = heads_search(&statement->heads, pattern);
    for (uint32_t i = 0; matcher->steps > 0 && heads_next(&near, &i);) {
        if (pattern_covers(matcher, &statement->texts.items[i].pattern, pattern) == TRUTH_YES)
            return true;
    }
    return false;
}

static bool covers_rest(Matcher *matcher, const ReadyStatement *whole, const ReadyStatement *part) {
    for (size_t i = 0; i < whole->texts.count; i++) {
        if (!any_covers(matcher, part, &whole->texts.items[i].pattern)) return false;
    }
    return true;
}

// Whether one of the class's NotActions, the first entry of which the pattern covers, leaves all
// that the statement does.
static bool any_has_rest(Matcher *matcher, const AccessClass *class, const Pattern *entry,
                         const ReadyStatement *statement) {
    HeadSearch near = heads_search(&class->excluded, entry);
    for (uint32_t i = 0; matcher->steps > 0 && heads_next(&near, &i);) {
        const ReadyStatement *own = class->excluding.items[i];
        if (pattern_covers(matcher, entry, &own->texts.items[0].pattern) == TRUTH_YES &&
            covers_rest(matcher, own, statement))
            return true;
    }
    return false;
}

bool class_has_rest(Matcher *matcher, const AccessClass *class, const ReadyStatement *statement) {
    if (class->shortest == NULL || class->shortest->texts.count == 0)
        return class->shortest != NULL;
    for (size_t i = 0; i < statement->texts.count && matcher->steps > 0; i++) {
        matcher_spend(matcher, SEARCH_STEPS);
        if (any_has_rest(matcher, class, &statement->texts.items[i].pattern, statement))
            return true;
    }
    return false;
}
