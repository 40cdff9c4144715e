#include "policy/access.h"

#include "model/arn.h"
#include "policy/open.h"

// --- statements ---

typedef struct Builder {
    Matcher *matcher;
    Access *access;
    ActionSet actions; // of the statement at hand
    ActionSet may;     // what it may leave of them as well, where it is a NotAction
    ActionSet kept;    // the same, for classes to share; no words: not asked for yet
} Builder;

// What matching a pattern with an action costs.
enum { MATCH_STEPS = 16 };

// Actions of a statement that are looked at together: those from `first` to `end` that hang on
// `when`; of a NotAction, which is one list, all.
//
// What is filled in later is taken at its widest. So an action of which a part is makes an open
// part of its own, what it may be, which is held to be one of it. Of a NotAction the part that is
// not open leaves out all that its entries may be, and the open one has what these may leave.
typedef struct Part {
    const Decision *when;
    size_t first, end;
    bool open;
} Part;

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

// Notes what of a statement's texts the catalogue lacks, once they stand where they stay.
static void note_foreign(Builder *b, const ReadyStatement *ready) {
    for (size_t i = 0; i < ready->texts.count; i++) {
        const ActionText *text = &ready->texts.items[i];
        if (!text->known) VEC_PUSH(b->matcher->arena, &b->access->foreign, text);
    }
}

// Adds the actions that a pattern matches today; false where it matches none.
static bool add_matches(const Builder *b, Str pattern, ActionSet actions) {
    size_t cost = catalogue_match_cost(pattern);
    ActionSet set;
    bool wide = b->matcher->sets != NULL && cost > actions.word_count;
    if (wide && action_sets_find(b->matcher->sets, pattern, &set)) {
        matcher_spend(b->matcher, set.word_count);
        action_set_unite(actions, set);
        return !action_set_is_empty(set);
    }
    matcher_spend(b->matcher, MATCH_STEPS * cost);
    return b->matcher->steps > 0 && action_set_add_pattern(actions, pattern) > 0;
}

// Adds an action to the statement at hand, where it is one of the part.
static void ready_action(Builder *b, const Part *part, Item item, ReadyStatement *ready) {
    bool negated = ready->statement->not_action, open = action_is_open(item.text);
    if (!negated && (item.when != part->when || open != part->open)) return;
    bool may_leave = negated && open && part->open;
    if (open) item.text = action_widest(b->matcher->arena, item.text);
    bool known = add_matches(b, item.text, may_leave ? b->may : b->actions);
    if (!may_leave && b->matcher->steps > 0) add_text(b, &item, known, ready);
}

// Also finds the actions that the part of the statement has today.
static const ReadyStatement *ready_statement(Builder *b, const Document *document,
                                             const DocumentStatement *statement, const Part *part) {
    ReadyStatement *ready = ARENA_NEW(b->matcher->arena, ReadyStatement);
    *ready = (ReadyStatement){.statement = statement, .document = document};
    action_set_clear(b->actions);
    action_set_clear(b->may);
    for (size_t i = part->first; i < part->end && b->matcher->steps > 0; i++)
        ready_action(b, part, statement->actions.items[i], ready);
    b->access->too_large |= b->matcher->steps == 0;
    if (statement->not_action) action_set_complement(b->actions);
    if (statement->not_action && part->open) action_set_intersect(b->actions, b->may);
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

static void add_exclusion(Arena *arena, AccessClass *class, const ReadyStatement *statement) {
    size_t entries = statement->texts.count;
    if (class->shortest == NULL || entries < class->shortest->texts.count)
        class->shortest = statement;
    VEC_PUSH(arena, &class->excluding, statement);
    heads_add(arena, &class->excluded, entries == 0 ? NULL : &statement->texts.items[0].pattern);
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
    if (statement->statement->not_action) add_exclusion(b->matcher->arena, class, statement);
}

// Tests of something, and the decisions by which it hangs on more than others of its part.
typedef struct Hanging {
    const Decision *resource, *principal;
    const Tests *tests;
} Hanging;

// A statement on its way to classes.
typedef struct Making {
    const Document *document;
    const DocumentStatement *statement;
    ScopeVec resources, principals;
    Held held;          // what all of the part at hand is held back by
    const Tests *tests; // its conditions and that; NULL where no request can meet them
} Making;

// These tests and what else holds the statement back; NULL where no request can meet them, or where
// there are too many.
static const Tests *hold(const Builder *b, const Making *m, const Tests *tests, const Held *held) {
    if (decisions_exclude(held->when)) return NULL;
    if (held->when != NULL || held->actions.count > 0) {
        Tests *all = ARENA_NEW(b->matcher->arena, Tests);
        b->access->tests += tests->items.count + held->actions.count + 1;
        b->access->too_large |= b->access->tests > ACCESS_MOST_TESTS;
        if (b->access->too_large) return NULL;
        tests_hold(b->matcher, tests, held, m->statement->not_action, all);
        tests = all;
    }
    return tests_exclude(tests) ? NULL : tests;
}

// The tests of what hangs on these as well. Several in a row hang on the same.
static const Tests *tests_of(const Builder *b, const Making *m, const Decision *resource,
                             const Decision *principal, Hanging *last) {
    Arena *arena = b->matcher->arena;
    Held held = {.when = m->held.when};
    if (resource == last->resource && principal == last->principal) return last->tests;
    held.when = decisions_join(arena, principal, decisions_join(arena, resource, held.when));
    *last = (Hanging){resource, principal, hold(b, m, m->tests, &held)};
    return last->tests;
}

static void add_ready(Builder *b, const Making *m, const Part *part, const ReadyStatement *ready) {
    AccessClass sort = {
        .kind = m->document->kind, .effect = m->statement->effect, .open = part->open};
    Hanging last = {.tests = m->tests};
    for (size_t p = 0; p < m->principals.count && !b->access->too_large; p++) {
        sort.principal = m->principals.items[p];
        for (size_t r = 0; r < m->resources.count && !b->access->too_large; r++) {
            sort.resource = m->resources.items[r];
            sort.tests = tests_of(b, m, sort.resource.when, sort.principal.when, &last);
            bool is_never = sort.tests == NULL || scope_is_empty(&sort.resource) ||
                            scope_is_empty(&sort.principal);
            if (!is_never) add_to_class(b, &sort, ready);
        }
    }
}

// The actions of a part that are filled in later, which it is held to.
static StrVec open_actions(Arena *arena, const DocumentStatement *statement, const Part *part) {
    StrVec open = {0};
    for (size_t i = part->first; part->open && i < part->end; i++) {
        Str text = statement->actions.items[i].text;
        if (action_is_open(text)) VEC_PUSH(arena, &open, text);
    }
    return open;
}

static void add_part(Builder *b, const Making *whole, const Part *part) {
    Making m = *whole;
    const DocumentStatement *statement = m.statement;
    const ReadyStatement *ready = ready_statement(b, m.document, statement, part);
    bool has_any =
        statement->not_action || ready->texts.count > 0 || !action_set_is_empty(b->actions);
    if (b->access->too_large || !has_any) return;
    matcher_spend(b->matcher, part->end - part->first);
    m.held.when = decisions_join(b->matcher->arena, part->when, m.held.when);
    m.held.actions = open_actions(b->matcher->arena, statement, part);
    if (part->when != NULL || part->open) m.tests = hold(b, &m, whole->tests, &m.held);
    if (m.tests != NULL) add_ready(b, &m, part, ready);
}

static bool is_first_of(const ItemVec *items, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (items->items[i].when == items->items[index].when) return false;
    }
    return true;
}

// What of an Action hangs on one decision, and what is filled in later.
static void add_action_parts(Builder *b, const Making *m) {
    const ItemVec *actions = &m->statement->actions;
    for (size_t i = 0; i < actions->count && !b->access->too_large; i++) {
        Part part = {actions->items[i].when, 0, actions->count, false};
        if (is_first_of(actions, i)) add_part(b, m, &part);
    }
    for (size_t i = 0; i < actions->count && !b->access->too_large; i++) {
        Part part = {actions->items[i].when, i, i + 1, true};
        if (action_is_open(actions->items[i].text)) add_part(b, m, &part);
    }
}

static void add_not_action_parts(Builder *b, const Making *m) {
    const ItemVec *actions = &m->statement->actions;
    if (actions->count == 0) return;
    Part part = {actions->items[0].when, 0, actions->count, false};
    add_part(b, m, &part);
    part.open = true;
    if (open_actions(b->matcher->arena, m->statement, &part).count > 0) add_part(b, m, &part);
}

static void add_statement(Builder *b, const Document *document,
                          const DocumentStatement *statement) {
    Making m = {.document = document, .statement = statement};
    m.held.when = decisions_join(b->matcher->arena, statement->when, document->when);
    Tests *conditions = ARENA_NEW(b->matcher->arena, Tests);
    tests_make(b->matcher, document, statement, conditions);
    m.tests = hold(b, &m, conditions, &m.held);
    if (m.tests == NULL) return;
    scopes_of_resources(b->matcher, document, statement, &m.resources);
    scopes_of_principals(b->matcher, document, statement, &m.principals);
    if (statement->not_action)
        add_not_action_parts(b, &m);
    else
        add_action_parts(b, &m);
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
        heads_sort(&class->excluded);
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
    Builder builder = {.matcher = matcher,
                       .access = ret_access,
                       .actions = action_set_new(matcher->arena),
                       .may = action_set_new(matcher->arena)};
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
