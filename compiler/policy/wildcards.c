// Why the result is the shortest: the actions of a service are sorted, so a wildcard stands for a
// run of them, and the statement is a way from the first action to behind the last in which each
// step writes one action as it is, or a run of them as one wildcard. The shortest way from each
// place is known once those from the places behind it are. There are as many wildcards to look at
// as the listed actions have words.
#include "policy/wildcards.h"

#include <assert.h>
#include <stdlib.h>

#include "model/arn.h"
#include "policy/expand.h"
#include "policy/normalise.h"
#include "policy/same.h"

enum { FRAME = 3 }; // quotes and comma around an action in minified JSON

// What a way costs; fewer characters go before fewer new wildcards.
typedef struct Cost {
    size_t characters;
    size_t made;
} Cost;

// A listed action, by its name up to a wildcard and without the service.
typedef struct Item {
    Str name;
    bool is_wild;
    size_t place; // among the statement's actions
} Item;

// A wildcard that could stand for the items from a place up to `end`.
typedef struct Step {
    Str head; // before the star, without the service
    size_t end;
    size_t next; // of another one from the same place; NO_STEP: none
} Step;

enum { NO_STEP = 0 }; // the first of all steps is none

// The listed actions of one service, and the ways through them.
typedef struct Run {
    Arena *arena;
    const Statement *statement;
    ServiceId service;
    Str prefix;  // with its colon
    Item *items; // by name, without regard to case
    size_t count;
    size_t *matched; // of the service's actions before each, how many the statement matches
    VEC(Step) steps;
    size_t *first_step; // from each item
    size_t *chosen;     // from each item; NO_STEP: as it is
} Run;

// --- words ---

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

// Whether a word begins at `at`: Describe|DB|Instances, Get|IPAMs|For|Route53.
static bool begins_word(Str name, size_t at) {
    const char *c = name.data + at;
    if (at == 0 || at >= name.length || !is_upper(*c)) return at == 0;
    if (!is_upper(c[-1])) return true;
    bool has_small = at + 1 < name.length && is_lower(c[1]);
    bool is_plural = has_small && c[1] == 's' && (at + 2 == name.length || !is_lower(c[2]));
    return has_small && !is_plural;
}

static char fold(char c) {
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(Str name, Str head) {
    size_t i = 0;
    if (name.length < head.length) return false;
    while (i < head.length && fold(name.data[i]) == fold(head.data[i])) i++;
    return i == head.length;
}

static int compare_names(Str a, Str b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    for (size_t i = 0; i < shorter; i++) {
        if (fold(a.data[i]) != fold(b.data[i])) return fold(a.data[i]) < fold(b.data[i]) ? -1 : 1;
    }
    return a.length < b.length ? -1 : a.length > b.length;
}

static int compare_items(const void *a, const void *b) {
    const Item *x = a, *y = b;
    int order = compare_names(x->name, y->name);
    return order != 0 ? order : x->place < y->place ? -1 : x->place > y->place;
}

// Whether the first `length` bytes of an item's name are whole words. Where a wildcard cuts the
// name off, nobody knows whether the word ends there.
static bool ends_word(const Item *item, size_t length) {
    if (length == item->name.length) return !item->is_wild;
    return begins_word(item->name, length);
}

// --- steps ---

// Whether the statement matches all of the service's actions that begin so, and there are any.
static bool matches_all(const Run *run, Str head) {
    ActionId first = service_first_action(run->service);
    size_t from = service_action_bound(run->service, head, false) - first;
    size_t to = service_action_bound(run->service, head, true) - first;
    return from < to && run->matched[to] - run->matched[from] == to - from;
}

static void add_step(Run *run, Str head, size_t place) {
    size_t begin = place, end = place + 1;
    while (begin > 0 && begins_with(run->items[begin - 1].name, head)) begin--;
    while (end < run->count && begins_with(run->items[end].name, head)) end++;
    Step step = {.head = head, .end = end, .next = run->first_step[begin]};
    run->first_step[begin] = run->steps.count;
    VEC_PUSH(run->arena, &run->steps, step);
}

static void find_steps(Run *run) {
    VEC_PUSH(run->arena, &run->steps, ((Step){.next = NO_STEP}));
    for (size_t i = 0; i < run->count; i++) {
        const Item *item = &run->items[i], *before = i == 0 ? NULL : item - 1;
        for (size_t length = 0; length <= item->name.length; length++) {
            Str head = str_slice(item->name, 0, length);
            if (!ends_word(item, length)) continue;
            bool is_known =
                before != NULL && begins_with(before->name, head) && ends_word(before, length);
            if (!is_known && matches_all(run, head)) add_step(run, head, i);
        }
    }
}

// --- the shortest way ---

static bool is_less(Cost a, Cost b) {
    return a.characters != b.characters ? a.characters < b.characters : a.made < b.made;
}

static Cost sum(Cost a, Cost b) {
    return (Cost){a.characters + b.characters, a.made + b.made};
}

static void choose_steps(Run *run) {
    Cost *rest = ARENA_ARRAY(run->arena, Cost, run->count + 1);
    for (size_t i = run->count; i-- > 0;) {
        Str action = run->statement->actions.items[run->items[i].place];
        rest[i] = sum((Cost){action.length + FRAME, 0}, rest[i + 1]);
        for (size_t s = run->first_step[i]; s != NO_STEP; s = run->steps.items[s].next) {
            const Step *step = &run->steps.items[s];
            size_t length = run->prefix.length + step->head.length + 1;
            Cost cost = sum((Cost){length + FRAME, 1}, rest[step->end]);
            if (!is_less(cost, rest[i])) continue;
            rest[i] = cost;
            run->chosen[i] = s;
        }
    }
}

// --- writing ---

// A statement's actions as they are written anew.
typedef struct Shortened {
    StrVec actions;
    GivenVec *given; // or NULL, where nobody knows
    StrVec *made;
} Shortened;

static void add_given(Arena *arena, GivenVec *to, const GivenVec *from) {
    for (size_t i = 0; i < from->count; i++) VEC_PUSH(arena, to, from->items[i]);
}

static void add_wildcard(const Run *run, size_t begin, const Step *step, Shortened *out) {
    Str text = str_format(run->arena, "%.*s%.*s*", STR_ARG(run->prefix), STR_ARG(step->head));
    bool is_new = true;
    for (size_t i = begin; i < step->end; i++) {
        size_t place = run->items[i].place;
        is_new &= !str_equal(run->statement->actions.items[place], text);
        if (out->given != NULL)
            add_given(run->arena, &out->given[out->actions.count], &run->statement->given[place]);
    }
    VEC_PUSH(run->arena, &out->actions, text);
    if (is_new) VEC_PUSH(run->arena, out->made, text);
}

static void add_action(Arena *arena, const Statement *statement, size_t place, Shortened *out) {
    if (out->given != NULL) out->given[out->actions.count] = statement->given[place];
    VEC_PUSH(arena, &out->actions, statement->actions.items[place]);
}

static void write_run(const Run *run, Shortened *out) {
    for (size_t i = 0; i < run->count;) {
        if (run->chosen[i] == NO_STEP) {
            add_action(run->arena, run->statement, run->items[i++].place, out);
        } else {
            const Step *step = &run->steps.items[run->chosen[i]];
            add_wildcard(run, i, step, out);
            i = step->end;
        }
    }
}

// --- one service after the other ---

// The service of an action with its colon; nothing where a wildcard stands in it.
static Str service_part(Str action) {
    size_t colon = str_find_byte(action, ':', 0);
    Str part = str_slice(action, 0, colon + 1);
    return colon == action.length || has_wildcard(part) ? (Str){0} : part;
}

static size_t run_length(const Statement *statement, size_t from, Str prefix) {
    size_t to = from + 1;
    while (to < statement->actions.count && prefix.length != 0 &&
           str_starts_with(statement->actions.items[to], prefix))
        to++;
    return to - from;
}

static Item item_of(Str action, Str prefix, size_t place) {
    size_t end = prefix.length;
    while (end < action.length && action.data[end] != '*' && action.data[end] != '?') end++;
    return (Item){str_slice(action, prefix.length, end), end < action.length, place};
}

static size_t *count_matched(Arena *arena, ServiceId service, ActionSet set) {
    size_t count = service_action_count(service);
    size_t *matched = ARENA_ARRAY(arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        ActionId action = service_first_action(service) + (ActionId)i;
        matched[i + 1] = matched[i] + action_set_has(set, action);
    }
    return matched;
}

static void shorten_run(Run *run, size_t from, ActionSet set, Shortened *out) {
    run->items = ARENA_ARRAY(run->arena, Item, run->count);
    run->matched = count_matched(run->arena, run->service, set);
    run->first_step = ARENA_ARRAY(run->arena, size_t, run->count);
    run->chosen = ARENA_ARRAY(run->arena, size_t, run->count);
    for (size_t i = 0; i < run->count; i++)
        run->items[i] = item_of(run->statement->actions.items[from + i], run->prefix, from + i);
    qsort(run->items, run->count, sizeof *run->items, compare_items);
    find_steps(run);
    choose_steps(run);
    write_run(run, out);
}

void statement_shorten(Arena *arena, Statement *statement, StrVec *ret_made) {
    ActionSet set = action_set_of_patterns(arena, &statement->actions);
    Shortened out = {.made = ret_made};
    if (statement->given != NULL)
        out.given = ARENA_ARRAY(arena, GivenVec, statement->actions.count);
    for (size_t i = 0, count; i < statement->actions.count; i += count) {
        Run run = {.arena = arena, .statement = statement};
        run.prefix = service_part(statement->actions.items[i]);
        run.count = count = run_length(statement, i, run.prefix);
        Str service = str_slice(run.prefix, 0, run.prefix.length == 0 ? 0 : run.prefix.length - 1);
        if (catalogue_find_service(service, &run.service))
            shorten_run(&run, i, set, &out);
        else
            for (size_t k = 0; k < count; k++) add_action(arena, statement, i + k, &out);
    }
    Statement shorter = *statement;
    shorter.actions = out.actions;
    shorter.given = out.given;
    statement_normalise_actions(arena, &shorter);
    assert(actions_same(arena, &statement->actions, &shorter.actions));
    *statement = shorter;
}
