#include "base/map.h"
#include "command/diff_match.h"

// --- one pair ---

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
        if (!is_partial(other_side, other) || diff_has_kind(other, document->kind))
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

// What the other side attaches in some case only may be more here, whatever the case.
static void compare_managed(const Attached *to, const ItemVec *managed, const ItemVec *other,
                            DiffTurn turn, DiffTurn in_doubt) {
    StrMap any = {0}, seen = {0};
    for (size_t i = 0; i < other->count; i++) {
        strmap_set(to->arena, &any, other->items[i].text, 0);
        strmap_set(to->arena, &seen, diff_item_key(to->arena, &other->items[i]), 0);
    }
    for (size_t i = 0; i < managed->count; i++) {
        Str arn = managed->items[i].text;
        uint32_t ignored = 0;
        bool is_known = strmap_get(&any, arn, &ignored);
        if (strmap_get(&seen, arn, &ignored)) continue;
        if (strmap_set(to->arena, &seen, diff_item_key(to->arena, &managed->items[i]), 0))
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

static void compare_attached(const Attached *to, const DiffPair *pair) {
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

static bool has_documents(const DiffPair *pair) {
    return (pair->old != NULL && pair->old->documents.count > 0) ||
           (pair->new != NULL && pair->new->documents.count > 0);
}

// What is which was not told by their names.
static void remark_names(Arena *arena, const DiffPair *pair, const DiffReport *report,
                         DiffRole *role) {
    if (pair->old == NULL || pair->new == NULL || pair->by_names) return;
    Str old = diff_name(report->sides[0], pair->old), new = diff_name(report->sides[1], pair->new);
    bool are_roles = pair->old->id.length > 0 && pair->new->id.length > 0;
    if (old.length == 0 || new.length == 0) return;
    Str remark = str_format(arena,
                            "'%.*s' of OLD is taken for '%.*s' of NEW, the only %s without its "
                            "like on either side",
                            STR_ARG(old), STR_ARG(new), are_roles ? "role" : "policy of its kind");
    VEC_PUSH(arena, &role->remarks, remark);
}

// Whose the policies are, as far as either side tells: a role's, or only what the policy is.
static DiffRole role_of(const DiffReport *report, const DiffPair *pair) {
    const RoleDocuments *const both[] = {pair->old, pair->new};
    DiffRole role = {.only_old = pair->new == NULL, .only_new = pair->old == NULL};
    for (unsigned s = 0; s < 2; s++) {
        if (both[s] == NULL) continue;
        bool is_role = both[s]->id.length > 0;
        Str *name = is_role ? &role.name : &role.policy;
        if (name->length == 0) *name = diff_name(report->sides[s], both[s]);
        if (!is_role && both[s]->documents.count > 0) role.kind = both[s]->documents.items[0].kind;
    }
    return role;
}

static bool compare_pair(Run *run, Arena *arena, DiffReport *report, const DiffPair *pair) {
    Input *const *sides = report->sides;
    DiffRole role = role_of(report, pair);
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
    remark_names(arena, pair, report, &role);
    compare_attached(&(Attached){arena, report, &role}, pair);
    diff_add_rows(&(DiffInput){&matcher, sides[1], &old, true}, report, &role, &gained);
    diff_add_rows(&(DiffInput){&matcher, sides[0], &new, false}, report, &role, &lost);
    report->steps = matcher.steps;
    diff_keep_role(arena, report, &role);
    return true;
}

bool diff_compare(Run *run, Arena *arena, DiffReport *report) {
    DiffPairVec pairs = {0};
    Arena passing;
    bool good = diff_match(run, arena, report, &pairs);
    if (good) diff_compare_reaches(arena, &pairs, report);
    arena_init(&passing, arena->exhausted, arena->context);
    for (size_t i = 0; good && i < pairs.count; i++) {
        good = compare_pair(run, &passing, report, &pairs.items[i]);
        arena_reset(&passing);
    }
    arena_free(&passing);
    return good;
}
