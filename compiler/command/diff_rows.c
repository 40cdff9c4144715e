#include <stdlib.h>

#include "base/map.h"
#include "command/diff.h"

enum {
    MOST_SERVICES = 30,  // of a change; from there on only their number is shown
    MOST_WEIGHT = 75000, // actions, resources and values of all rows; what is beyond is not shown
    ROW_WEIGHT = 8,      // what a row takes besides these
    MOST_COMPARED = 200, // rows of which it is said where the other side has their actions,
    MOST_ELSEWHERE = 3,  // and the places that are named
};

const char *const diff_turn_names[TURN_COUNT] = {
    [TURN_GAINED] = "gained",
    [TURN_MAY_GAIN] = "may be gained",
    [TURN_LOST] = "lost",
    [TURN_MAY_LOSE] = "may be lost",
};

const char *const diff_subject_names[SUBJECT_COUNT] = {
    [SUBJECT_TRUST] = "Trust policy",
    [SUBJECT_BOUNDARY] = "Permissions boundary",
    [SUBJECT_MANAGED] = "Managed policy",
    [SUBJECT_PERMISSIONS] = "Permissions management",
    [SUBJECT_WRITE] = "Write",
    [SUBJECT_TAGGING] = "Tagging",
    [SUBJECT_READ] = "Read",
    [SUBJECT_LIST] = "List",
    [SUBJECT_UNKNOWN] = "Not in the catalogue",
};

const char *const diff_doubts[DOUBT_COUNT] = {
    [DOUBT_NONE] = "",
    [DOUBT_RESOURCE] = "the resources or principals cannot be compared",
    [DOUBT_CONDITION] = "the conditions cannot be compared",
    [DOUBT_ACTION] = "the patterns of actions cannot be compared",
    [DOUBT_TOGETHER] = "several statements of the other side may cover it together",
    [DOUBT_EFFORT] = "the comparison would take too long",
};

typedef struct Rows {
    Arena *arena;
    Matcher *matcher;
    DiffReport *report;
    DiffRole *role;
    const Input *side;
    bool is_new;
    ActionSet scratch;
    // What was counted, so that each action counts once a turn; and the set that was last: changes
    // share them.
    ActionSet counted[TURN_COUNT], denied[TURN_COUNT];
    const uint64_t *last[TURN_COUNT][2];
    StrMap unknown[TURN_COUNT];
} Rows;

// --- what an action is ---

// The level that a reviewer must know of first.
DiffSubject diff_subject_of(ActionId action) {
    static const struct {
        AccessLevel level;
        DiffSubject subject;
    } subjects[] = {{ACCESS_PERMISSIONS, SUBJECT_PERMISSIONS},
                    {ACCESS_WRITE, SUBJECT_WRITE},
                    {ACCESS_TAGGING, SUBJECT_TAGGING},
                    {ACCESS_READ, SUBJECT_READ}};
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        if ((action_access(action) & 1U << subjects[i].level) != 0) return subjects[i].subject;
    }
    return SUBJECT_LIST;
}

Str diff_prefix_of(Str action) {
    return str_slice(action, 0, str_find_byte(action, ':', 0));
}

static DiffTurn turn_of(const Rows *rows, const AccessChange *change) {
    static const DiffTurn turns[2][2] = {{TURN_LOST, TURN_MAY_LOSE}, {TURN_GAINED, TURN_MAY_GAIN}};
    // A Deny that one side has is a permission that the other has.
    bool gained = rows->is_new == (change->class->effect == EFFECT_ALLOW);
    return turns[gained][change->doubt != DOUBT_NONE];
}

// --- changes that only differ in their resources ---

typedef struct Group {
    const AccessChange *change;
    ScopeList resources;
} Group;

typedef VEC(Group) GroupVec;

static uint32_t hash_of(ActionSet set) {
    uint64_t hash = 0;
    for (size_t i = 0; i < set.word_count; i++) hash = (hash ^ set.words[i]) * 0x100000001B3U;
    return (uint32_t)(hash ^ hash >> 32);
}

// What changes share that are shown as one, but for what the hash stands for. Those of a manifest
// come from the same statements, for they have their causes in common.
static Str group_key(Rows *rows, const AccessChange *change) {
    const AccessClass *class = change->class;
    StrBuf key = strbuf_new(rows->arena);
    uint32_t parts[] = {(uint32_t) class->kind,
                        (uint32_t) class->effect,
                        (uint32_t)change->doubt,
                        (uint32_t)change->texts.count,
                        matcher_number(rows->matcher, class->principal.identity),
                        matcher_number(rows->matcher, change->tests->identity),
                        hash_of(change->actions)};
    strbuf_add(&key, (Str){(const char *)parts, sizeof parts});
    if (rows->side->compilation != NULL)
        strbuf_add(&key, (Str){(const char *)class->statements.items,
                               class->statements.count * sizeof *class->statements.items});
    return strbuf_str(&key);
}

static bool same_actions(const AccessChange *a, const AccessChange *b) {
    if (!action_set_equal(a->actions, b->actions) || a->texts.count != b->texts.count) return false;
    if (a->texts.items == b->texts.items) return true;
    for (size_t i = 0; i < a->texts.count; i++) {
        if (!str_equal(a->texts.items[i], b->texts.items[i])) return false;
    }
    return true;
}

static GroupVec group_changes(Rows *rows, const AccessChangeVec *changes) {
    GroupVec groups = {0};
    StrMap known = {0};
    for (size_t i = 0; i < changes->count; i++) {
        const AccessChange *change = &changes->items[i];
        const Scope *resource = &change->class->resource;
        uint32_t at = (uint32_t)groups.count;
        Str key = group_key(rows, change);
        bool alone = resource->excluded || resource->texts.count == 0;
        if (alone || !strmap_get(&known, key, &at) || at >= groups.count ||
            !same_actions(groups.items[at].change, change)) {
            at = (uint32_t)groups.count;
            if (!alone) strmap_set(rows->arena, &known, key, at);
            VEC_PUSH(rows->arena, &groups, ((Group){.change = change}));
        }
        if (resource->texts.count > 0) VEC_PUSH(rows->arena, &groups.items[at].resources, resource);
    }
    return groups;
}

// --- rows ---

// Whether the actions are of more services than anybody reads a line for.
static bool is_wide(const AccessChange *change) {
    size_t services = 0;
    ServiceId last = 0;
    for (ActionId a = 0; action_set_next(change->actions, &a); a++) {
        services += services == 0 || action_service(a) != last;
        last = action_service(a);
    }
    return services > MOST_SERVICES;
}

static DiffRow row_of(Rows *rows, const Group *group, Str service, DiffSubject subject) {
    const AccessClass *class = group->change->class;
    DiffRow row = {.turn = turn_of(rows, group->change),
                   .subject = class->kind == DOCUMENT_TRUST ? SUBJECT_TRUST : subject,
                   .kind = class->kind,
                   .effect = class->effect,
                   .doubt = group->change->doubt,
                   .service = service,
                   .tests = group->change->tests,
                   .resources = group->resources,
                   .order = rows->role->rows.count};
    if (class->principal.texts.count > 0) row.principal = &class->principal;
    return row;
}

static bool same_causes(const DiffCauseVec *a, const DiffCauseVec *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        const DiffCause *x = &a->items[i], *y = &b->items[i];
        if (!str_equal(x->part, y->part) || x->asked.source != y->asked.source ||
            x->asked.begin != y->asked.begin)
            return false;
    }
    return true;
}

// Adds an action to the row of its service, level and causes, one of those from `first` on.
static void add_action(Rows *rows, size_t first, const DiffRow *model, const DiffCauseVec *causes,
                       Str action) {
    DiffRole *role = rows->role;
    size_t at = first;
    while (at < role->rows.count && (role->rows.items[at].subject != model->subject ||
                                     !str_equal(role->rows.items[at].service, model->service) ||
                                     !same_causes(&role->rows.items[at].causes, causes)))
        at++;
    if (at == role->rows.count) {
        VEC_PUSH(rows->arena, &role->rows, *model);
        role->rows.items[at].causes = *causes;
        rows->report->rows++;
    }
    VEC_PUSH(rows->arena, &role->rows.items[at].actions, action);
}

// Actions come by service, so that the rows of one stand at the end.
static void add_known(Rows *rows, const Group *group, const DiffCauseVec *causes) {
    bool wide = is_wide(group->change);
    size_t first = rows->role->rows.count, index = 0;
    ServiceId last = 0;
    for (ActionId a = 0; action_set_next(group->change->actions, &a); a++, index++) {
        ServiceId service = action_service(a);
        if (!wide && index > 0 && service != last) first = rows->role->rows.count;
        last = service;
        DiffRow model =
            row_of(rows, group, wide ? STR("*") : service_prefix(service), diff_subject_of(a));
        add_action(rows, first, &model, &causes[index], action_text(a));
    }
}

static void add_group(Rows *rows, const Group *group) {
    const AccessChange *change = group->change;
    const Compilation *c = rows->side->compilation;
    const DiffCauseVec *causes = diff_causes(rows->arena, c == NULL ? NULL : c->library, change);
    size_t first = rows->role->rows.count, known = action_set_count(change->actions);
    add_known(rows, group, causes);
    VEC_RESERVE(rows->arena, &rows->role->rows, change->texts.count);
    for (size_t i = 0; i < change->texts.count; i++) {
        Str action = change->texts.items[i];
        DiffRow model = row_of(rows, group, diff_prefix_of(action), SUBJECT_UNKNOWN);
        // Texts in no order: rows of their own but for those of the one before.
        size_t from = i == 0 ? rows->role->rows.count : rows->role->rows.count - 1;
        add_action(rows, from, &model, &causes[known + i], action);
    }
    for (size_t i = first; i < rows->role->rows.count; i++)
        diff_show_actions(rows->arena, &rows->role->rows.items[i], change->class);
}

static size_t weight_of(const Group *group) {
    const AccessClass *class = group->change->class;
    size_t weight = action_set_count(group->change->actions) + group->change->texts.count +
                    group->resources.count + class->principal.texts.count;
    if (class->resource.excluded) weight += class->resource.texts.count;
    for (size_t i = 0; i < group->change->tests->items.count; i++)
        weight += group->change->tests->items.items[i].texts.count;
    return weight;
}

// Rows of a group repeat what they have in common: a row a service at the most.
static void add_groups(Rows *rows, const GroupVec *groups) {
    for (size_t i = 0; i < groups->count; i++) {
        size_t weight = weight_of(&groups->items[i]);
        if (rows->report->weight + weight > MOST_WEIGHT) {
            rows->report->cut = true;
            continue;
        }
        size_t before = rows->role->rows.count;
        add_group(rows, &groups->items[i]);
        rows->report->weight += weight + ROW_WEIGHT * (rows->role->rows.count - before);
    }
}

// --- numbers ---

static void count_change(Rows *rows, const AccessChange *change) {
    DiffTurn turn = turn_of(rows, change);
    DiffCount *count = &rows->report->counts[turn];
    bool denies = change->class->effect == EFFECT_DENY;
    if (change->class->kind == DOCUMENT_TRUST) {
        count->trusts++;
        return;
    }
    bool again = rows->last[turn][denies] == change->actions.words;
    rows->last[turn][denies] = change->actions.words;
    for (ActionId a = 0; !again && action_set_next(change->actions, &a); a++) {
        ActionSet seen = denies ? rows->denied[turn] : rows->counted[turn];
        if (action_set_has(seen, a)) continue;
        action_set_add(seen, a);
        if (denies)
            count->denials++;
        else
            count->actions[diff_subject_of(a)]++;
    }
    for (size_t i = 0; i < change->texts.count; i++) {
        if (!strmap_set(rows->arena, &rows->unknown[turn], change->texts.items[i], 0)) continue;
        if (denies)
            count->denials++;
        else
            count->actions[SUBJECT_UNKNOWN]++;
    }
}

// --- where the other side has it ---

static void find_elsewhere(Rows *rows, const Access *other, DiffRow *row) {
    action_set_clear(rows->scratch);
    for (size_t i = 0; i < row->actions.count; i++) {
        ActionId action = 0;
        if (catalogue_find_action(row->actions.items[i], &action))
            action_set_add(rows->scratch, action);
    }
    for (size_t i = 0; i < other->classes.count; i++) {
        const AccessClass *class = other->classes.items[i];
        if (class->effect != row->effect || class->kind != row->kind ||
            !class_has_any(class, rows->scratch))
            continue;
        if (row->elsewhere.count == MOST_ELSEWHERE) {
            row->has_more_elsewhere = true;
            return;
        }
        VEC_PUSH(rows->arena, &row->elsewhere, class);
    }
}

// --- the whole ---

static void add_remarks(Rows *rows, const Difference *difference) {
    const char *own = rows->is_new ? "NEW" : "OLD", *other = rows->is_new ? "OLD" : "NEW";
    for (size_t i = 0; i < difference->future.count; i++) {
        Str pattern = difference->future.items[i];
        Str what = pattern.length == 0 ? STR("what NotAction leaves") : pattern;
        Str remark = str_format(rows->arena,
                                "%.*s of %s will match what AWS adds too; no pattern of %s is as "
                                "wide",
                                STR_ARG(what), own, other);
        VEC_PUSH(rows->arena, &rows->role->remarks, remark);
    }
}

static int compare_rows(const void *left, const void *right) {
    const DiffRow *a = left, *b = right;
    if (a->turn != b->turn) return a->turn < b->turn ? -1 : 1;
    if (a->subject != b->subject) return a->subject < b->subject ? -1 : 1;
    int order = str_compare(a->service, b->service);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

void diff_add_rows(const DiffInput *input, DiffReport *report, DiffRole *role,
                   const Difference *difference) {
    Arena *arena = input->matcher->arena;
    Rows rows = {.arena = arena,
                 .matcher = input->matcher,
                 .report = report,
                 .role = role,
                 .side = input->side,
                 .is_new = input->is_new,
                 .scratch = action_set_new(arena)};
    size_t first = role->rows.count;
    for (unsigned t = 0; t < TURN_COUNT; t++) {
        rows.counted[t] = action_set_new(arena);
        rows.denied[t] = action_set_new(arena);
    }
    for (size_t i = 0; i < difference->changes.count; i++)
        count_change(&rows, &difference->changes.items[i]);
    GroupVec groups = group_changes(&rows, &difference->changes);
    add_groups(&rows, &groups);
    for (size_t i = first; i < role->rows.count && i < MOST_COMPARED; i++)
        find_elsewhere(&rows, input->other, &role->rows.items[i]);
    add_remarks(&rows, difference);
    if (role->rows.count > 1)
        qsort(role->rows.items, role->rows.count, sizeof *role->rows.items, compare_rows);
}
