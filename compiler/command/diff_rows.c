#include <stdlib.h>

#include "base/map.h"
#include "command/diff.h"

// Of so many rows it is said where the other side has their actions, and of each so many places.
enum { MOST_COMPARED = 500, MOST_ELSEWHERE = 3 };

// From so many actions on a pattern is shown in their place; from so many services on their number.
enum { LONG_RUN = 8, MOST_SERVICES = 30 };

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
    [DOUBT_TOGETHER] = "several statements of the other side may cover it together",
    [DOUBT_EFFORT] = "the comparison would take too long",
};

typedef struct Rows {
    Arena *arena;
    DiffReport *report;
    DiffRole *role;
    const DiffSide *side;
    bool is_new;
    StrMap known; // what rows have in common -> index
    // What was counted, so that each action counts once a turn.
    ActionSet counted[TURN_COUNT], denied[TURN_COUNT];
    StrMap unknown[TURN_COUNT];
} Rows;

// --- what an action is ---

// The level that a reviewer must know of first.
static DiffSubject subject_of(ActionId action) {
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

static Str prefix_of(Str action) {
    return str_slice(action, 0, str_find_byte(action, ':', 0));
}

// --- rows ---

// Lengths keep texts apart that would run into each other.
static void add_text(StrBuf *key, Str text) {
    strbuf_add_format(key, "%zu:", text.length);
    strbuf_add(key, text);
}

static void add_number(StrBuf *key, size_t number) {
    strbuf_add_format(key, "%zu,", number);
}

static void add_causes(StrBuf *key, const DiffCauseVec *causes) {
    for (size_t i = 0; i < causes->count; i++) {
        add_text(key, causes->items[i].part);
        add_number(key, causes->items[i].asked.begin);
    }
}

// What the actions of a change must share to be in one row.
static Str action_key(Arena *arena, const DiffRow *row) {
    StrBuf key = strbuf_new(arena);
    add_number(&key, row->subject);
    add_text(&key, row->service);
    add_causes(&key, &row->causes);
    return strbuf_str(&key);
}

// What rows must share to be one row on several resources.
static Str row_key(Arena *arena, const DiffRow *row) {
    StrBuf key = strbuf_new(arena);
    add_number(&key, row->turn);
    add_number(&key, row->effect);
    add_number(&key, row->doubt);
    add_number(&key, row->kind);
    add_number(&key, row->resources.count > 0 && row->resources.items[0]->excluded);
    add_text(&key, row->principal != NULL ? row->principal->identity : (Str){0});
    add_text(&key, row->tests->identity);
    add_text(&key, action_key(arena, row));
    for (size_t i = 0; i < row->actions.count; i++) add_text(&key, row->actions.items[i]);
    return strbuf_str(&key);
}

static DiffTurn turn_of(const Rows *rows, const AccessChange *change) {
    static const DiffTurn turns[2][2] = {{TURN_LOST, TURN_MAY_LOSE}, {TURN_GAINED, TURN_MAY_GAIN}};
    // A Deny that one side has is a permission that the other has.
    bool gained = rows->is_new == (change->class->effect == EFFECT_ALLOW);
    return turns[gained][change->doubt != DOUBT_NONE];
}

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

static DiffRow row_of(Rows *rows, const AccessChange *change, Str action, DiffSubject subject,
                      const DiffCauseVec *causes) {
    const AccessClass *class = change->class;
    DiffRow row = {.turn = turn_of(rows, change),
                   .subject = class->kind == DOCUMENT_TRUST ? SUBJECT_TRUST : subject,
                   .kind = class->kind,
                   .effect = class->effect,
                   .doubt = change->doubt,
                   .service = prefix_of(action),
                   .tests = change->tests,
                   .causes = *causes};
    if (class->principal.texts.count > 0) row.principal = &class->principal;
    if (class->resource.texts.count > 0) VEC_PUSH(rows->arena, &row.resources, &class->resource);
    return row;
}

typedef VEC(DiffRow) DiffRowVec;

static void add_action(Rows *rows, const DiffRow *model, Str action, StrMap *known,
                       DiffRowVec *list) {
    uint32_t index = (uint32_t)list->count;
    Str key = action_key(rows->arena, model);
    if (!strmap_get(known, key, &index)) {
        strmap_set(rows->arena, known, key, index);
        VEC_PUSH(rows->arena, list, *model);
    }
    VEC_PUSH(rows->arena, &list->items[index].actions, action);
}

// How many actions that a pattern matches have the row's access level.
static size_t count_level(Str pattern, DiffSubject subject) {
    ActionMatches matches;
    ActionId action = 0;
    size_t count = 0;
    catalogue_match(pattern, &matches);
    while (catalogue_next(&matches, &action)) count += subject_of(action) == subject;
    return count;
}

static Str without_prefix(const DiffRow *row, Str action) {
    bool has_prefix =
        row->service.length < action.length && action.data[row->service.length] == ':';
    return str_slice(action, has_prefix ? row->service.length + 1 : 0, action.length);
}

// Takes the pattern for the actions that it matches, where the row has all of them with its level.
static void show_pattern(Arena *arena, DiffRow *row, Str pattern, bool *hidden) {
    size_t found = 0;
    if (!str_equal_ignoring_case(prefix_of(pattern), row->service)) return;
    for (size_t i = 0; i < row->actions.count; i++)
        found += !hidden[i] && action_covers(arena, pattern, row->actions.items[i]);
    if (found < LONG_RUN || found != count_level(pattern, row->subject)) return;
    for (size_t i = 0; i < row->actions.count; i++)
        hidden[i] |= action_covers(arena, pattern, row->actions.items[i]);
    VEC_PUSH(arena, &row->shown, without_prefix(row, pattern));
}

static void show_patterns(Arena *arena, DiffRow *row, const AccessClass *class, bool *hidden) {
    for (size_t i = 0; i < class->statements.count; i++) {
        const ReadyStatement *statement = class->statements.items[i];
        if (statement->statement->not_action) continue;
        for (size_t k = 0; k < statement->texts.count; k++)
            show_pattern(arena, row, statement->texts.items[k].item.text, hidden);
    }
}

static Str services_text(Arena *arena, const DiffRow *row) {
    size_t services = 1;
    for (size_t i = 1; i < row->actions.count; i++)
        services +=
            !str_equal(prefix_of(row->actions.items[i]), prefix_of(row->actions.items[i - 1]));
    return str_format(arena, "%zu %s", services, services == 1 ? "service" : "services");
}

// Patterns first, then the actions that none stands for.
static void show_actions(Arena *arena, DiffRow *row, const AccessClass *class) {
    bool *hidden = ARENA_ARRAY(arena, bool, row->actions.count + 1);
    if (str_equal(row->service, STR("*"))) {
        VEC_PUSH(arena, &row->shown, services_text(arena, row));
        return;
    }
    if (row->actions.count >= LONG_RUN && class->kind != DOCUMENT_TRUST) {
        show_patterns(arena, row, class, hidden);
        show_pattern(arena, row, str_format(arena, "%.*s:*", STR_ARG(row->service)), hidden);
    }
    for (size_t i = 0; i < row->actions.count; i++) {
        if (!hidden[i]) VEC_PUSH(arena, &row->shown, without_prefix(row, row->actions.items[i]));
    }
}

// Adds a row, or its resource to the row that is like it.
static void keep_row(Rows *rows, const DiffRow *row, const AccessClass *class) {
    DiffRole *role = rows->role;
    uint32_t index = (uint32_t)role->rows.count;
    Str key = row_key(rows->arena, row);
    bool is_list = row->resources.count > 0 && row->resources.items[0]->excluded;
    if (!is_list && strmap_get(&rows->known, key, &index)) {
        if (row->resources.count > 0)
            VEC_PUSH(rows->arena, &role->rows.items[index].resources, row->resources.items[0]);
        return;
    }
    rows->report->rows++;
    if (rows->report->rows > DIFF_MOST_ROWS) return;
    strmap_set(rows->arena, &rows->known, key, index);
    VEC_PUSH(rows->arena, &role->rows, *row);
    role->rows.items[index].order = index;
    show_actions(rows->arena, &role->rows.items[index], class);
}

static void add_change(Rows *rows, const AccessChange *change) {
    StrMap known = {0};
    DiffRowVec list = {0};
    bool wide = is_wide(change);
    const DiffCauseVec *causes = diff_causes(rows->arena, rows->side->library, change);
    for (ActionId a = 0; action_set_next(change->actions, &a); a++) {
        DiffRow model = row_of(rows, change, action_text(a), subject_of(a), causes++);
        if (wide) model.service = STR("*");
        add_action(rows, &model, action_text(a), &known, &list);
    }
    for (size_t i = 0; i < change->texts.count; i++) {
        DiffRow model = row_of(rows, change, change->texts.items[i], SUBJECT_UNKNOWN, causes++);
        add_action(rows, &model, change->texts.items[i], &known, &list);
    }
    for (size_t i = 0; i < list.count; i++) keep_row(rows, &list.items[i], change->class);
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
    for (ActionId a = 0; action_set_next(change->actions, &a); a++) {
        ActionSet seen = denies ? rows->denied[turn] : rows->counted[turn];
        if (action_set_has(seen, a)) continue;
        action_set_add(seen, a);
        if (denies)
            count->denials++;
        else
            count->actions[subject_of(a)]++;
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

static bool has_any(const AccessClass *class, const DiffRow *row) {
    for (size_t i = 0; i < row->actions.count; i++) {
        ActionId action = 0;
        if (catalogue_find_action(row->actions.items[i], &action) &&
            action_set_has(class->actions, action))
            return true;
    }
    return false;
}

static void find_elsewhere(Arena *arena, const Access *other, DiffRow *row) {
    for (size_t i = 0; i < other->classes.count; i++) {
        const AccessClass *class = other->classes.items[i];
        if (class->effect != row->effect || class->kind != row->kind || !has_any(class, row))
            continue;
        if (row->elsewhere.count == MOST_ELSEWHERE) {
            row->has_more_elsewhere = true;
            return;
        }
        VEC_PUSH(arena, &row->elsewhere, class);
    }
}

// --- the whole ---

static void add_remarks(Rows *rows, const Difference *difference) {
    const char *own = rows->is_new ? "NEW" : "OLD", *other = rows->is_new ? "OLD" : "NEW";
    StrMap said = {0};
    for (size_t i = 0; i < difference->future.count; i++) {
        Str pattern = difference->future.items[i].pattern.text;
        if (!strmap_set(rows->arena, &said, pattern, 0)) continue;
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

void diff_add_rows(Run *run, DiffReport *report, DiffRole *role, const DiffSide *side,
                   const Access *other, const Difference *difference, bool is_new) {
    Rows rows = {
        .arena = run->arena, .report = report, .role = role, .side = side, .is_new = is_new};
    size_t first = role->rows.count;
    for (unsigned t = 0; t < TURN_COUNT; t++) {
        rows.counted[t] = action_set_new(run->arena);
        rows.denied[t] = action_set_new(run->arena);
    }
    for (size_t i = 0; i < difference->changes.count; i++) {
        count_change(&rows, &difference->changes.items[i]);
        if (report->rows < DIFF_MOST_ROWS)
            add_change(&rows, &difference->changes.items[i]);
        else
            report->rows++;
    }
    for (size_t i = first; i < role->rows.count && i < MOST_COMPARED; i++)
        find_elsewhere(run->arena, other, &role->rows.items[i]);
    add_remarks(&rows, difference);
    if (role->rows.count > 1)
        qsort(role->rows.items, role->rows.count, sizeof *role->rows.items, compare_rows);
}
