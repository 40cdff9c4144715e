#include "policy/access.h"

#include "model/arn.h"

// --- statements ---

typedef struct Builder {
    Matcher *matcher;
    Access *access;
    ActionSet actions; // of the statement at hand
    ActionSet kept;    // the same, for classes to share; no words: not asked for yet
} Builder;

// What matching a pattern with an action costs.
enum { MATCH_STEPS = 16 };

// Whether an action is one of those that hang on `when`. NotAction is one list.
static bool is_meant(const DocumentStatement *statement, size_t action, const Decision *when) {
    return statement->not_action || statement->actions.items[action].when == when;
}

// Whether a part is filled in later.
static bool is_open(Str text) {
    return str_find(text, STR("${"), 0) < text.length;
}

static ActionText text_of(Matcher *matcher, const Item *item, bool known) {
    Pattern pattern = pattern_make(matcher, item->text, PATTERN_FOLD);
    Str symbols = {(const char *)pattern.symbols, pattern.count * sizeof *pattern.symbols};
    return (ActionText){*item, pattern, matcher_number(matcher, symbols), known};
}

// Keeps an action where more can be said of it, by its text, than which ones it matches today.
static void add_text(Builder *b, const Item *item, bool known, ReadyStatement *ready) {
    Matcher *matcher = b->matcher;
    if (known && !ready->statement->not_action && !has_wildcard(item->text)) return;
    ActionText text = text_of(matcher, item, known);
    VEC_PUSH(matcher->arena, &ready->texts, text);
    heads_add(matcher->arena, &ready->heads, &text.pattern);
}

// Notes what of a statement's texts the catalogue lacks, once they stand where they stay. What an
// entry of NotAction that is filled in later keeps out is not known.
static void note_foreign(Builder *b, const ReadyStatement *ready) {
    for (size_t i = 0; i < ready->texts.count; i++) {
        const ActionText *text = &ready->texts.items[i];
        bool open = ready->statement->not_action && is_open(text->item.text);
        if (!text->known && !open) VEC_PUSH(b->matcher->arena, &b->access->foreign, text);
    }
}

// Adds the actions that a pattern matches today; false where it matches none.
static bool add_matches(Builder *b, Str pattern) {
    size_t cost = catalogue_match_cost(pattern);
    ActionSet set;
    bool wide = b->matcher->sets != NULL && cost > b->actions.word_count;
    if (wide && action_sets_find(b->matcher->sets, pattern, &set)) {
        matcher_spend(b->matcher, set.word_count);
        action_set_unite(b->actions, set);
        return !action_set_is_empty(set);
    }
    matcher_spend(b->matcher, MATCH_STEPS * cost);
    return b->matcher->steps > 0 && action_set_add_pattern(b->actions, pattern) > 0;
}

// Also finds the actions that the statement has today.
static const ReadyStatement *ready_statement(Builder *b, const Document *document,
                                             const DocumentStatement *statement,
                                             const Decision *when) {
    ReadyStatement *ready = ARENA_NEW(b->matcher->arena, ReadyStatement);
    *ready = (ReadyStatement){.statement = statement, .document = document, .when = when};
    action_set_clear(b->actions);
    for (size_t i = 0; i < statement->actions.count; i++) {
        const Item *item = &statement->actions.items[i];
        if (!is_meant(statement, i, when)) continue;
        bool known = add_matches(b, item->text);
        if (b->matcher->steps == 0) b->access->too_large = true;
        if (b->access->too_large) return ready;
        add_text(b, item, known, ready);
    }
    if (statement->not_action) action_set_complement(b->actions);
    heads_sort(&ready->heads);
    note_foreign(b, ready);
    return ready;
}

// --- classes ---

// What tells sorts of classes apart; `numbers` is where it is written.
static Str sort_key(Matcher *matcher, const AccessClass *sort, uint32_t numbers[static 5]) {
    numbers[0] = matcher_number(matcher, sort->resource.identity);
    numbers[1] = matcher_number(matcher, sort->principal.identity);
    numbers[2] = matcher_number(matcher, sort->tests->identity);
    numbers[3] = (uint32_t)sort->kind << 1 | (uint32_t)sort->effect;
    numbers[4] = (uint32_t)sort->resource.excluded << 1 | (uint32_t)sort->principal.excluded;
    return (Str){(const char *)numbers, 5 * sizeof *numbers};
}

// A set has a bit for each action of the catalogue, and most classes of a role have the same one.
static ActionSet shared_actions(Builder *b) {
    if (b->kept.words == NULL || !action_set_equal(b->kept, b->actions))
        b->kept = action_set_copy(b->matcher->arena, b->actions);
    return b->kept;
}

// Before the set of a class is changed.
static void own_actions(Arena *arena, AccessClass *class) {
    if (class->shares) class->actions = action_set_copy(arena, class->actions);
    class->shares = false;
}

// The class of this sort, made where there is none; NULL where there are too many.
static AccessClass *find_class(Builder *b, const AccessClass *sort) {
    Arena *arena = b->matcher->arena;
    uint32_t numbers[5], index = 0;
    Str key = sort_key(b->matcher, sort, numbers);
    if (strmap_get(&b->access->by_key, key, &index)) return b->access->classes.items[index];
    index = (uint32_t)b->access->classes.count;
    if (index == ACCESS_MOST_CLASSES) {
        b->access->too_large = true;
        return NULL;
    }
    AccessClass *class = ARENA_NEW(arena, AccessClass);
    *class = *sort;
    class->key = str_copy(arena, key);
    class->actions = shared_actions(b);
    class->shares = true;
    strmap_set(arena, &b->access->by_key, class->key, index);
    VEC_PUSH(arena, &b->access->classes, class);
    return class;
}

static void add_to_class(Builder *b, const AccessClass *sort, const ReadyStatement *statement) {
    AccessClass *class = find_class(b, sort);
    if (class == NULL) return;
    if (!action_set_is_subset(b->actions, class->actions)) {
        own_actions(b->matcher->arena, class);
        action_set_unite(class->actions, b->actions);
    }
    class->more |= statement->texts.count > 0 || statement->statement->not_action;
    VEC_PUSH(b->matcher->arena, &class->statements, statement);
}

// A statement on its way to classes.
typedef struct Making {
    const Document *document;
    const DocumentStatement *statement;
    ScopeVec resources, principals;
    const Decision *when; // what all of it hangs on
    const Tests *tests;   // its conditions and that
} Making;

// The tests of what hangs on these as well; NULL where no request can meet them.
static const Tests *tests_of(Builder *b, const Making *m, const Decision *resource,
                             const Decision *principal, const Decision *action) {
    Arena *arena = b->matcher->arena;
    if (resource == NULL && principal == NULL && action == NULL && m->tests != NULL)
        return m->tests;
    const Decision *when = decisions_join(arena, resource, m->when);
    when = decisions_join(arena, action, decisions_join(arena, principal, when));
    if (decisions_exclude(when)) return NULL;
    Tests *tests = ARENA_NEW(arena, Tests);
    tests_make(b->matcher, m->document, m->statement, when, tests);
    return tests_exclude(tests) ? NULL : tests;
}

// Adds those of its actions that hang on `when`.
static void add_actions(Builder *b, const Making *m, const Decision *when) {
    const DocumentStatement *statement = m->statement;
    AccessClass sort = {.kind = m->document->kind, .effect = statement->effect};
    const ReadyStatement *ready = ready_statement(b, m->document, statement, when);
    if (b->access->too_large) return;
    matcher_spend(b->matcher, statement->actions.count);
    for (size_t p = 0; p < m->principals.count && !b->access->too_large; p++) {
        sort.principal = m->principals.items[p];
        for (size_t r = 0; r < m->resources.count && !b->access->too_large; r++) {
            sort.resource = m->resources.items[r];
            sort.tests = tests_of(b, m, sort.resource.when, sort.principal.when, when);
            bool is_never = sort.tests == NULL || scope_is_empty(&sort.resource) ||
                            scope_is_empty(&sort.principal);
            if (!is_never) add_to_class(b, &sort, ready);
        }
    }
}

static bool is_first_of(const ItemVec *items, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (items->items[i].when == items->items[index].when) return false;
    }
    return true;
}

// What an entry of NotAction that is filled in later keeps out is not known, so that the statement
// is like no other but one with the same entry.
static const Decision *left_open(Arena *arena, const DocumentStatement *statement) {
    const Decision *open = NULL;
    for (size_t i = 0; statement->not_action && i < statement->actions.count; i++) {
        Str text = statement->actions.items[i].text;
        if (!is_open(text)) continue;
        Decision *decision = ARENA_NEW(arena, Decision);
        *decision = (Decision){.condition = text, .outcome = STR("left open"), .definition = text};
        open = decisions_join(arena, decision, open);
    }
    return open;
}

static void add_statement(Builder *b, const Document *document,
                          const DocumentStatement *statement) {
    const ItemVec *actions = &statement->actions;
    Making m = {.document = document,
                .statement = statement,
                .when = decisions_join(b->matcher->arena, statement->when, document->when)};
    m.when = decisions_join(b->matcher->arena, m.when, left_open(b->matcher->arena, statement));
    m.tests = tests_of(b, &m, NULL, NULL, NULL);
    if (m.tests == NULL) return;
    scopes_of_resources(b->matcher, document, statement, &m.resources);
    scopes_of_principals(b->matcher, document, statement, &m.principals);
    for (size_t i = 0; i < actions->count && !b->access->too_large; i++) {
        bool is_whole = statement->not_action && i > 0;
        if (!is_whole && is_first_of(actions, i)) add_actions(b, &m, actions->items[i].when);
    }
}

// --- which classes may meet ---

AccessSearch access_near(const Access *access, Effect effect, const AccessClass *class,
                         const Tests *tests) {
    const AccessSort *sort = &access->sorts[class->kind][effect];
    return (AccessSearch){sort,
                          near_search(&sort->near, &class->resource, &class->principal, tests)};
}

AccessClass *access_next(AccessSearch *search) {
    uint32_t number = 0;
    return near_next(&search->near, &number) ? search->sort->classes.items[number] : NULL;
}

static void index_classes(Arena *arena, Access *access) {
    for (size_t i = 0; i < access->classes.count; i++) {
        AccessClass *class = access->classes.items[i];
        AccessSort *sort = &access->sorts[class->kind][class->effect];
        VEC_PUSH(arena, &sort->classes, class);
        near_add(arena, &sort->near, &class->resource, &class->principal, class->tests);
    }
    for (size_t kind = 0; kind < DOCUMENT_KIND_COUNT; kind++) {
        for (size_t effect = 0; effect < ACCESS_EFFECTS; effect++)
            near_sort(&access->sorts[kind][effect].near);
    }
}

// --- Deny ---

static bool denies_all(Matcher *matcher, const AccessClass *deny, const AccessClass *allow) {
    return scope_covers(matcher, &deny->resource, &allow->resource) == TRUTH_YES &&
           scope_covers(matcher, &deny->principal, &allow->principal) == TRUTH_YES &&
           tests_imply(matcher, allow->tests, deny->tests) == TRUTH_YES;
}

static void subtract(Matcher *matcher, const AccessClass *deny, AccessClass *allow) {
    matcher_spend(matcher, 1);
    if (!denies_all(matcher, deny, allow)) return;
    if (action_set_overlaps(allow->actions, deny->actions)) {
        own_actions(matcher->arena, allow);
        action_set_subtract(allow->actions, deny->actions);
    }
    VEC_PUSH(matcher->arena, &allow->denials, deny);
}

static void subtract_denied(Matcher *matcher, Access *access) {
    for (size_t i = 0; i < access->classes.count; i++) {
        const AccessClass *deny = access->classes.items[i];
        if (deny->effect != EFFECT_DENY) continue;
        AccessSearch near = access_near(access, EFFECT_ALLOW, deny, deny->tests);
        AccessClass *allow = NULL;
        while (matcher->steps > 0 && (allow = access_next(&near)) != NULL)
            subtract(matcher, deny, allow);
    }
}

static void find_bounds(Access *access) {
    for (size_t i = 0; i < access->classes.count; i++) {
        AccessClass *class = access->classes.items[i];
        class->empty = !action_set_bounds(class->actions, &class->first, &class->last);
    }
}

void access_make(Matcher *matcher, const DocumentVec *documents, Access *ret_access) {
    *ret_access = (Access){0};
    Builder builder = {
        .matcher = matcher, .access = ret_access, .actions = action_set_new(matcher->arena)};
    for (size_t i = 0; i < documents->count; i++) {
        const Document *document = &documents->items[i];
        for (size_t k = 0; k < document->statements.count && !ret_access->too_large; k++)
            add_statement(&builder, document, &document->statements.items[k]);
    }
    index_classes(matcher->arena, ret_access);
    subtract_denied(matcher, ret_access);
    find_bounds(ret_access);
}

bool class_has_any(const AccessClass *class, ActionSet set) {
    if (class->empty) return false;
    return action_set_overlaps(action_set_between(class->actions, class->first, class->last),
                               action_set_between(set, class->first, class->last));
}

// --- texts ---

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

bool class_has_rest(Matcher *matcher, const AccessClass *class, const ReadyStatement *statement) {
    for (size_t i = 0; i < class->statements.count; i++) {
        const ReadyStatement *own = class->statements.items[i];
        if (own->statement->not_action && covers_rest(matcher, own, statement)) return true;
    }
    return false;
}
