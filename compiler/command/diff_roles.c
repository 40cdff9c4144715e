#include "base/map.h"
#include "command/diff.h"

// --- matching roles ---

// What is compared with what; one of the two may be missing.
typedef struct Pair {
    const RoleDocuments *old, *new;
    bool by_names; // they have one name, or one that means the same
} Pair;

typedef VEC(Pair) PairVec;
typedef VEC(const RoleDocuments *) RoleList;

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

static bool is_same(Arena *arena, Str a, Str b) {
    return str_equal(a, b) || str_equal(diff_role_key(arena, a), diff_role_key(arena, b));
}

// Policies that no role is known to have are compared as one.
static void merge_nameless(Arena *arena, const RoleDocuments *role, RoleDocuments **merged,
                           RoleList *roles) {
    if (*merged == NULL) {
        *merged = ARENA_NEW(arena, RoleDocuments);
        (*merged)->span = role->span;
        VEC_PUSH(arena, roles, *merged);
    }
    for (size_t i = 0; i < role->documents.count; i++)
        VEC_PUSH(arena, &(*merged)->documents, role->documents.items[i]);
}

// The roles of a side; only the one that --role names, where it is given.
static RoleList roles_of(const Run *run, Arena *arena, const Input *side) {
    RoleList roles = {0};
    RoleDocuments *nameless = NULL;
    Str wanted = run->options.role;
    for (size_t i = 0; side != NULL && i < side->imported.roles.count; i++) {
        const RoleDocuments *role = &side->imported.roles.items[i];
        if (role->id.length == 0)
            merge_nameless(arena, role, &nameless, &roles);
        else if (wanted.length == 0 || is_same(arena, wanted, role->id))
            VEC_PUSH(arena, &roles, role);
    }
    return roles;
}

// The roles of one side by their names, each to be taken once.
typedef struct RoleIndex {
    const RoleList *roles;
    StrMap by_id, by_key;
    bool *taken;
} RoleIndex;

static RoleIndex index_roles(Arena *arena, const RoleList *roles) {
    RoleIndex index = {.roles = roles, .taken = ARENA_ARRAY(arena, bool, roles->count + 1)};
    for (size_t i = roles->count; i > 0; i--) {
        Str id = roles->items[i - 1]->id;
        strmap_set(arena, &index.by_id, id, (uint32_t)(i - 1));
        strmap_set(arena, &index.by_key, diff_role_key(arena, id), (uint32_t)(i - 1));
    }
    return index;
}

// The role of this name, that which only means the same, or NULL.
static const RoleDocuments *take_role(Arena *arena, RoleIndex *index, Str id) {
    uint32_t at = 0;
    if (!strmap_get(&index->by_id, id, &at) || index->taken[at]) {
        if (!strmap_get(&index->by_key, diff_role_key(arena, id), &at) || index->taken[at])
            return NULL;
    }
    index->taken[at] = true;
    return index->roles->items[at];
}

static Str role_names(Arena *arena, const RoleList *roles) {
    StrBuf names = strbuf_new(arena);
    for (size_t i = 0; i < roles->count; i++)
        strbuf_add_format(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG(roles->items[i]->id));
    return strbuf_str(&names);
}

static Str all_names(Run *run, const Input *side) {
    RoleList roles = {0};
    for (size_t i = 0; side != NULL && i < side->imported.roles.count; i++)
        VEC_PUSH(run->arena, &roles, &side->imported.roles.items[i]);
    return roles.count == 0 ? STR("none") : role_names(run->arena, &roles);
}

// What is left when one side does not say whose its policy is and the other has several roles.
static bool is_unclear(Run *run, const RoleList *one, const RoleList *several) {
    if (one->count != 1 || one->items[0]->id.length != 0 || several->count < 2) return false;
    run_usage_error(run, "several roles: choose one with --role (%.*s)",
                    STR_ARG(role_names(run->arena, several)));
    return true;
}

// One role on each side is the same, whatever its name.
static void add_unmatched(Arena *arena, const RoleList *old, const RoleList *new, PairVec *pairs) {
    if (old->count == 1 && new->count == 1) {
        VEC_PUSH(arena, pairs, ((Pair){old->items[0], new->items[0], false}));
        return;
    }
    for (size_t i = 0; i < old->count; i++)
        VEC_PUSH(arena, pairs, ((Pair){old->items[i], NULL, false}));
    for (size_t i = 0; i < new->count; i++)
        VEC_PUSH(arena, pairs, ((Pair){NULL, new->items[i], false}));
}

static bool match_roles(Run *run, Arena *arena, const DiffReport *report, PairVec *ret_pairs) {
    RoleList old = roles_of(run, arena, report->sides[0]);
    RoleList new = roles_of(run, arena, report->sides[1]);
    RoleList old_left = {0}, new_left = {0};
    RoleIndex index = index_roles(arena, &new);
    if (old.count == 0 && new.count == 0 && run->options.role.length != 0) {
        run_usage_error(run, "no role '%.*s'; OLD has %.*s, NEW has %.*s",
                        STR_ARG(run->options.role), STR_ARG(all_names(run, report->sides[0])),
                        STR_ARG(all_names(run, report->sides[1])));
        return false;
    }
    for (size_t i = 0; i < old.count; i++) {
        const RoleDocuments *same = take_role(arena, &index, old.items[i]->id);
        if (same == NULL)
            VEC_PUSH(arena, &old_left, old.items[i]);
        else
            VEC_PUSH(arena, ret_pairs, ((Pair){old.items[i], same, true}));
    }
    for (size_t i = 0; i < new.count; i++) {
        if (!index.taken[i]) VEC_PUSH(arena, &new_left, new.items[i]);
    }
    if (is_unclear(run, &old_left, &new_left) || is_unclear(run, &new_left, &old_left))
        return false;
    add_unmatched(arena, &old_left, &new_left, ret_pairs);
    return true;
}

// --- one pair ---

static bool has_kind(const RoleDocuments *role, DocumentKind kind) {
    for (size_t i = 0; i < role->documents.count; i++) {
        if (role->documents.items[i].kind == kind) return true;
    }
    return false;
}

// A policy by itself says nothing of what else the role has.
static bool is_partial(const Input *side, const RoleDocuments *role) {
    return role != NULL && (side->kind == INPUT_POLICY || role->id.length == 0);
}

// The documents of a role that the other side could have as well.
static DocumentVec comparable(Arena *arena, const RoleDocuments *role, const Input *other_side,
                              const RoleDocuments *other) {
    DocumentVec documents = {0};
    for (size_t i = 0; role != NULL && i < role->documents.count; i++) {
        const Document *document = &role->documents.items[i];
        if (!is_partial(other_side, other) || has_kind(other, document->kind))
            VEC_PUSH(arena, &documents, *document);
    }
    return documents;
}

static void report_too_large(Run *run, const Input *side) {
    Diagnostic *d =
        diag_report(run->diags, MSG_TOO_MUCH_TO_COMPARE, NO_SPAN,
                    "'%.*s' grants too many different things to be compared", STR_ARG(side->path));
    diag_note(run->diags, d, NO_SPAN,
              "a role is compared where it has at most %d different resources and conditions, "
              "which is more than IAM lets a role have",
              ACCESS_MOST_CLASSES);
    run_fail(run, EXIT_USAGE);
}

// Where rows of things go that are no actions.
typedef struct Attached {
    Arena *arena;
    DiffReport *report;
    DiffRole *role;
} Attached;

static void add_row(const Attached *to, DiffTurn turn, DiffSubject subject, Str text) {
    DiffRow row = {.turn = turn, .subject = subject};
    VEC_PUSH(to->arena, &row.actions, text);
    VEC_PUSH(to->arena, &row.shown, text);
    VEC_PUSH(to->arena, &to->role->rows, row);
    to->report->counts[turn].actions[subject]++;
    to->report->rows++;
}

// The policy, and what decides whether it is attached.
static Str managed_key(Arena *arena, const Item *item) {
    Str when = decisions_identity(arena, item->when);
    if (when.length == 0) return item->text;
    return str_format(arena, "%.*s if %.*s", STR_ARG(item->text), STR_ARG(when));
}

// What the other side attaches in some case only may be more here, whatever the case.
static void compare_managed(const Attached *to, const ItemVec *managed, const ItemVec *other,
                            DiffTurn turn, DiffTurn in_doubt) {
    StrMap any = {0}, seen = {0};
    for (size_t i = 0; i < other->count; i++) {
        strmap_set(to->arena, &any, other->items[i].text, 0);
        strmap_set(to->arena, &seen, managed_key(to->arena, &other->items[i]), 0);
    }
    for (size_t i = 0; i < managed->count; i++) {
        Str arn = managed->items[i].text;
        uint32_t ignored = 0;
        bool is_known = strmap_get(&any, arn, &ignored);
        if (strmap_get(&seen, arn, &ignored)) continue;
        if (strmap_set(to->arena, &seen, managed_key(to->arena, &managed->items[i]), 0))
            add_row(to, is_known ? in_doubt : turn, SUBJECT_MANAGED, arn);
    }
}

// Without its boundary a role has more, with one less; with another one nobody can tell.
static void compare_boundary(const Attached *to, Str old, Str new) {
    if (str_equal(old, new)) return;
    if (old.length > 0)
        add_row(to, new.length > 0 ? TURN_MAY_GAIN : TURN_GAINED, SUBJECT_BOUNDARY, old);
    if (new.length > 0)
        add_row(to, old.length > 0 ? TURN_MAY_LOSE : TURN_LOST, SUBJECT_BOUNDARY, new);
}

// A side that is no policy by itself tells all of a role.
static bool tells(const Input *side, const RoleDocuments *role, bool told) {
    return !is_partial(side, role) || told;
}

static void compare_attached(const Attached *to, const Pair *pair) {
    static const RoleDocuments nothing = {0};
    Input *const *sides = to->report->sides;
    const RoleDocuments *old = pair->old != NULL ? pair->old : &nothing;
    const RoleDocuments *new = pair->new != NULL ? pair->new : &nothing;
    if (pair->old != NULL && pair->new != NULL &&tells(sides[0], old, old->tells_boundary) &&
        tells(sides[1], new, new->tells_boundary))
        compare_boundary(to, old->boundary.text, new->boundary.text);
    if (!tells(sides[0], pair->old, old->tells_managed) ||
        !tells(sides[1], pair->new, new->tells_managed))
        return;
    compare_managed(to, &new->managed, &old->managed, TURN_GAINED, TURN_MAY_GAIN);
    compare_managed(to, &old->managed, &new->managed, TURN_LOST, TURN_MAY_LOSE);
}

static bool has_documents(const Pair *pair) {
    return (pair->old != NULL && pair->old->documents.count > 0) ||
           (pair->new != NULL && pair->new->documents.count > 0);
}

// Which role is which was not told by their names.
static void remark_names(Arena *arena, const Pair *pair, DiffRole *role) {
    bool named = pair->old != NULL && pair->new != NULL && pair->old->id.length > 0 &&
                 pair->new->id.length > 0;
    if (!named || pair->by_names) return;
    Str remark = str_format(arena,
                            "'%.*s' of OLD is taken for '%.*s' of NEW, the only role without its "
                            "like on either side",
                            STR_ARG(pair->old->id), STR_ARG(pair->new->id));
    VEC_PUSH(arena, &role->remarks, remark);
}

static bool compare_pair(Run *run, Arena *arena, DiffReport *report, const Pair *pair) {
    Input *const *sides = report->sides;
    const RoleDocuments *named =
        pair->old != NULL && pair->old->id.length > 0 ? pair->old : pair->new;
    DiffRole role = {.name = named != NULL ? named->id : (Str){0},
                     .only_old = pair->new == NULL,
                     .only_new = pair->old == NULL};
    Matcher matcher = matcher_new(arena, report->steps);
    Access old = {0}, new = {0};
    matcher.sets = report->sets;
    Difference lost, gained;
    DocumentVec old_documents = comparable(arena, pair->old, sides[1], pair->new);
    DocumentVec new_documents = comparable(arena, pair->new, sides[0], pair->old);
    if (old_documents.count + new_documents.count == 0 && has_documents(pair)) {
        run_usage_error(run,
                        "'%.*s' and '%.*s' hold policies of different kinds, which cannot be "
                        "compared",
                        STR_ARG(sides[0]->path), STR_ARG(sides[1]->path));
        return false;
    }
    access_make(&matcher, &old_documents, &old);
    if (!old.too_large) access_make(&matcher, &new_documents, &new);
    if (old.too_large || new.too_large) {
        report_too_large(run, sides[old.too_large ? 0 : 1]);
        return false;
    }
    access_difference(&matcher, &new, &old, &gained);
    access_difference(&matcher, &old, &new, &lost);
    remark_names(arena, pair, &role);
    compare_attached(&(Attached){arena, report, &role}, pair);
    diff_add_rows(&(DiffInput){&matcher, sides[1], &old, true}, report, &role, &gained);
    diff_add_rows(&(DiffInput){&matcher, sides[0], &new, false}, report, &role, &lost);
    report->steps = matcher.steps;
    diff_keep_role(arena, report, &role);
    return true;
}

bool diff_compare(Run *run, Arena *arena, DiffReport *report) {
    PairVec pairs = {0};
    Arena passing;
    bool good = match_roles(run, arena, report, &pairs);
    arena_init(&passing, arena->exhausted, arena->context);
    for (size_t i = 0; good && i < pairs.count; i++) {
        good = compare_pair(run, &passing, report, &pairs.items[i]);
        arena_reset(&passing);
    }
    arena_free(&passing);
    return good;
}
