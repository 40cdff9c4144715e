#include "command/diff_match.h"

#include "base/map.h"

// What can be taken for each other.
typedef enum UnitSort {
    UNIT_POLICY, // of a template, by its kind, which is added: each stands by itself
    UNIT_NAMELESS = UNIT_POLICY + DOCUMENT_KIND_COUNT, // a policy in a file: it may be anyone's
    UNIT_ROLE,
    UNIT_SORT_COUNT
} UnitSort;

typedef struct Unit {
    const RoleDocuments *role;
    UnitSort sort;
    Str name;
    bool is_matched;
} Unit;

typedef VEC(Unit) UnitVec;

// --- names ---

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

Str diff_role_key(Arena *arena, Str id) {
    StrBuf key = strbuf_new(arena);
    for (size_t i = 0; i < id.length; i++) strbuf_add_byte(&key, lower(id.data[i]));
    Str text = strbuf_str(&key);
    bool is_long = text.length > 4 && str_ends_with(text, STR("role"));
    return is_long ? str_slice(text, 0, text.length - 4) : text;
}

static UnitSort sort_of(const Input *side, const RoleDocuments *role) {
    if (role->id.length > 0) return UNIT_ROLE;
    if (side->kind == INPUT_POLICY || role->documents.count == 0) return UNIT_NAMELESS;
    return UNIT_POLICY + (UnitSort)role->documents.items[0].kind;
}

Str diff_name(const Input *side, const RoleDocuments *role) {
    UnitSort sort = sort_of(side, role);
    if (sort == UNIT_ROLE) return role->id;
    return sort == UNIT_NAMELESS ? (Str){0} : role->documents.items[0].name;
}

bool diff_has_kind(const RoleDocuments *role, DocumentKind kind) {
    for (size_t i = 0; i < role->documents.count; i++) {
        if (role->documents.items[i].kind == kind) return true;
    }
    return false;
}

Str diff_item_key(Arena *arena, const Item *item) {
    Str when = decisions_identity(arena, item->when);
    if (when.length == 0) return item->text;
    return str_format(arena, "%.*s if %.*s", STR_ARG(item->text), STR_ARG(when));
}

// By which a unit is found on the other side: its own name, or what names that mean the same have
// in common.
static Str exact_key(Arena *arena, const Unit *unit) {
    return str_format(arena, "%u/%.*s", (unsigned)unit->sort, STR_ARG(unit->name));
}

static Str alike_key(Arena *arena, const Unit *unit) {
    if (unit->sort != UNIT_ROLE) return exact_key(arena, unit);
    return str_format(arena, "%u/%.*s", (unsigned)unit->sort,
                      STR_ARG(diff_role_key(arena, unit->name)));
}

// --- what a side has ---

// Whether what AWS printed of a policy says whose it is.
static bool names_role(const Input *side) {
    return side->imported.roles.count > 0 && side->imported.roles.items[0].id.length > 0;
}

// Whether --role leaves it to be compared. A policy that no role is known to have may be any
// role's, but is not meant where a role's policy is all that there is on the other side.
static bool is_wanted(const Run *run, Arena *arena, const Unit *unit, const Input *other) {
    Str wanted = run->options.role;
    if (unit->sort == UNIT_NAMELESS || str_equal(wanted, unit->name)) return true;
    if (unit->sort != UNIT_ROLE)
        return other == NULL || other->kind != INPUT_POLICY ||
               (wanted.length == 0 && !names_role(other));
    return wanted.length == 0 ||
           str_equal(diff_role_key(arena, wanted), diff_role_key(arena, unit->name));
}

// What one resource of a template has, depending on a condition, is one policy.
static bool is_more_of(const UnitVec *units, const Unit *unit) {
    if (units->count == 0 || unit->sort >= UNIT_NAMELESS) return false;
    const Unit *last = &units->items[units->count - 1];
    return last->sort == unit->sort && str_equal(last->name, unit->name);
}

static void add_to_last(Arena *arena, UnitVec *units, const RoleDocuments *role) {
    RoleDocuments *joined = ARENA_NEW(arena, RoleDocuments);
    const RoleDocuments *last = units->items[units->count - 1].role;
    joined->span = last->span;
    for (size_t i = 0; i < last->documents.count; i++)
        VEC_PUSH(arena, &joined->documents, last->documents.items[i]);
    for (size_t i = 0; i < role->documents.count; i++)
        VEC_PUSH(arena, &joined->documents, role->documents.items[i]);
    units->items[units->count - 1].role = joined;
}

static UnitVec units_of(const Run *run, Arena *arena, const Input *side, const Input *other) {
    UnitVec units = {0};
    for (size_t i = 0; side != NULL && i < side->imported.roles.count; i++) {
        const RoleDocuments *role = &side->imported.roles.items[i];
        Unit unit = {.role = role, .sort = sort_of(side, role), .name = diff_name(side, role)};
        if (is_more_of(&units, &unit))
            add_to_last(arena, &units, role);
        else if (is_wanted(run, arena, &unit, other))
            VEC_PUSH(arena, &units, unit);
    }
    return units;
}

static Str unit_names(Arena *arena, const UnitVec *units) {
    StrBuf names = strbuf_new(arena);
    for (size_t i = 0; i < units->count; i++)
        strbuf_add_format(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG(units->items[i].name));
    return strbuf_str(&names);
}

static Str all_names(Run *run, const Input *side) {
    UnitVec units = {0};
    for (size_t i = 0; side != NULL && i < side->imported.roles.count; i++) {
        Unit unit = {.name = diff_name(side, &side->imported.roles.items[i])};
        VEC_PUSH(run->arena, &units, unit);
    }
    return units.count == 0 ? STR("none") : unit_names(run->arena, &units);
}

// --- matching ---

typedef Str UnitKey(Arena *arena, const Unit *unit);

// The first of a name is the one that is found.
static StrMap index_units(Arena *arena, const UnitVec *units, UnitKey *key_of) {
    StrMap index = {0};
    for (size_t i = units->count; i > 0; i--) {
        const Unit *unit = &units->items[i - 1];
        if (!unit->is_matched) strmap_set(arena, &index, key_of(arena, unit), (uint32_t)(i - 1));
    }
    return index;
}

// Pairs of the units of OLD, in their order, what NEW has by such a key.
static void match_by(Arena *arena, UnitKey *key_of, UnitVec *old, UnitVec *new, DiffPair *pairs) {
    StrMap index = index_units(arena, new, key_of);
    for (size_t i = 0; i < old->count; i++) {
        uint32_t at = 0;
        if (old->items[i].is_matched) continue;
        if (!strmap_get(&index, key_of(arena, &old->items[i]), &at) || new->items[at].is_matched)
            continue;
        old->items[i].is_matched = new->items[at].is_matched = true;
        pairs[i] = (DiffPair){old->items[i].role, new->items[at].role, true};
    }
}

static UnitVec units_left(Arena *arena, const UnitVec *units) {
    UnitVec left = {0};
    for (size_t i = 0; i < units->count; i++) {
        if (!units->items[i].is_matched) VEC_PUSH(arena, &left, units->items[i]);
    }
    return left;
}

// --- what is left ---

static bool share_kind(const RoleDocuments *a, const RoleDocuments *b) {
    for (size_t i = 0; i < a->documents.count; i++) {
        if (diff_has_kind(b, a->documents.items[i].kind)) return true;
    }
    return false;
}

static bool can_be_same(const Unit *a, const Unit *b) {
    return a->sort == b->sort || a->sort == UNIT_NAMELESS || b->sort == UNIT_NAMELESS ||
           share_kind(a->role, b->role);
}

// A policy in a file can only be one of its kind. Returns false after reporting that several of the
// other side are left for it.
static bool choose_for_nameless(Run *run, Arena *arena, const UnitVec *one, UnitVec *several) {
    UnitVec fit = {0};
    if (one->count != 1 || one->items[0].sort != UNIT_NAMELESS || several->count < 2) return true;
    for (size_t i = 0; i < several->count; i++) {
        if (share_kind(one->items[0].role, several->items[i].role))
            VEC_PUSH(arena, &fit, several->items[i]);
    }
    if (fit.count == 0) VEC_PUSH(arena, &fit, several->items[0]);
    *several = fit;
    if (fit.count == 1) return true;
    run_usage_error(run, "several roles: choose one with --role (%.*s)",
                    STR_ARG(unit_names(run->arena, &fit)));
    return false;
}

static UnitVec units_of_sort(Arena *arena, const UnitVec *units, UnitSort sort) {
    UnitVec some = {0};
    for (size_t i = 0; i < units->count; i++) {
        if (units->items[i].sort == sort) VEC_PUSH(arena, &some, units->items[i]);
    }
    return some;
}

// One on each side is the same, whatever its name.
static void pair_left(Arena *arena, const UnitVec *old, const UnitVec *new, DiffPairVec *pairs) {
    if (old->count == 1 && new->count == 1 && can_be_same(&old->items[0], &new->items[0])) {
        VEC_PUSH(arena, pairs, ((DiffPair){old->items[0].role, new->items[0].role, false}));
        return;
    }
    for (size_t i = 0; i < old->count; i++)
        VEC_PUSH(arena, pairs, ((DiffPair){old->items[i].role, NULL, false}));
    for (size_t i = 0; i < new->count; i++)
        VEC_PUSH(arena, pairs, ((DiffPair){NULL, new->items[i].role, false}));
}

static void add_unmatched(Arena *arena, const UnitVec *old, const UnitVec *new,
                          DiffPairVec *pairs) {
    if (old->count == 1 && new->count == 1) {
        pair_left(arena, old, new, pairs);
        return;
    }
    for (unsigned sort = UNIT_SORT_COUNT; sort > 0; sort--) {
        UnitVec some_old = units_of_sort(arena, old, (UnitSort)(sort - 1));
        UnitVec some_new = units_of_sort(arena, new, (UnitSort)(sort - 1));
        pair_left(arena, &some_old, &some_new, pairs);
    }
}

bool diff_match(Run *run, Arena *arena, const DiffReport *report, DiffPairVec *ret_pairs) {
    Input *const *sides = report->sides;
    UnitVec old = units_of(run, arena, sides[0], sides[1]);
    UnitVec new = units_of(run, arena, sides[1], sides[0]);
    if (old.count == 0 && new.count == 0 && run->options.role.length != 0) {
        run_usage_error(run, "no role '%.*s'; OLD has %.*s, NEW has %.*s",
                        STR_ARG(run->options.role), STR_ARG(all_names(run, sides[0])),
                        STR_ARG(all_names(run, sides[1])));
        return false;
    }
    DiffPair *pairs = ARENA_ARRAY(arena, DiffPair, old.count + 1);
    match_by(arena, exact_key, &old, &new, pairs);
    match_by(arena, alike_key, &old, &new, pairs);
    for (size_t i = 0; i < old.count; i++) {
        if (old.items[i].is_matched) VEC_PUSH(arena, ret_pairs, pairs[i]);
    }
    UnitVec old_left = units_left(arena, &old), new_left = units_left(arena, &new);
    if (!choose_for_nameless(run, arena, &old_left, &new_left) ||
        !choose_for_nameless(run, arena, &new_left, &old_left))
        return false;
    add_unmatched(arena, &old_left, &new_left, ret_pairs);
    return true;
}
