#include "base/map.h"
#include "command/diff.h"

// What is kept of one role: things that several rows have in common are copied once.
typedef struct Keeper {
    Arena *arena;   // of the report
    Arena *passing; // of the comparison
    StrMap known;   // the address of what was copied -> the index of its copy
    VEC(void *) copies;
} Keeper;

// --- what is shared ---

static bool find_copy(const Keeper *keeper, const void *original, void **ret_copy) {
    uint32_t index = 0;
    Str key = {(const char *)&original, sizeof original};
    if (!strmap_get(&keeper->known, key, &index) || index >= keeper->copies.count) return false;
    *ret_copy = keeper->copies.items[index];
    return true;
}

static void note_copy(Keeper *keeper, const void *original, void *copy) {
    Str key = str_copy(keeper->passing, (Str){(const char *)&original, sizeof original});
    strmap_set(keeper->passing, &keeper->known, key, (uint32_t)keeper->copies.count);
    VEC_PUSH(keeper->passing, &keeper->copies, copy);
}

// --- texts ---

// The catalogue's own texts are there for good.
static Str keep_action(const Keeper *keeper, Str action) {
    ActionId id = 0;
    bool known = catalogue_find_action(action, &id) && str_equal(action_text(id), action);
    return known ? action_text(id) : str_copy(keeper->arena, action);
}

static StrVec keep_texts(const Keeper *keeper, const StrVec *texts) {
    StrVec kept = {0};
    VEC_RESERVE(keeper->arena, &kept, texts->count);
    for (size_t i = 0; i < texts->count; i++)
        VEC_PUSH(keeper->arena, &kept, str_copy(keeper->arena, texts->items[i]));
    return kept;
}

static StrVec keep_actions(const Keeper *keeper, const StrVec *actions) {
    StrVec kept = {0};
    VEC_RESERVE(keeper->arena, &kept, actions->count);
    for (size_t i = 0; i < actions->count; i++)
        VEC_PUSH(keeper->arena, &kept, keep_action(keeper, actions->items[i]));
    return kept;
}

// --- scopes, tests and classes, as far as they are shown ---

static const Scope *keep_scope(Keeper *keeper, const Scope *scope) {
    void *known = NULL;
    if (scope == NULL) return NULL;
    if (find_copy(keeper, scope, &known)) return known;
    Scope *kept = ARENA_NEW(keeper->arena, Scope);
    kept->kind = scope->kind;
    kept->excluded = scope->excluded;
    kept->texts = keep_texts(keeper, &scope->texts);
    note_copy(keeper, scope, kept);
    return kept;
}

static Test keep_test(const Keeper *keeper, const Test *test) {
    static const Decision some = {0}; // that there is one is all that is asked
    return (Test){.operator= str_copy(keeper->arena, test->operator),
                  .key = str_copy(keeper->arena, test->key),
                  .texts = keep_texts(keeper, &test->texts),
                  .of_action = test->of_action,
                  .decision = test->decision == NULL ? NULL : &some};
}

static const Tests *keep_tests(Keeper *keeper, const Tests *tests) {
    void *known = NULL;
    if (tests == NULL) return NULL;
    if (find_copy(keeper, tests, &known)) return known;
    Tests *kept = ARENA_NEW(keeper->arena, Tests);
    for (size_t i = 0; i < tests->items.count; i++)
        VEC_PUSH(keeper->arena, &kept->items, keep_test(keeper, &tests->items.items[i]));
    note_copy(keeper, tests, kept);
    return kept;
}

static const AccessClass *keep_class(Keeper *keeper, const AccessClass *class) {
    void *known = NULL;
    if (find_copy(keeper, class, &known)) return known;
    AccessClass *kept = ARENA_NEW(keeper->arena, AccessClass);
    kept->kind = class->kind;
    kept->effect = class->effect;
    kept->resource = *keep_scope(keeper, &class->resource);
    kept->principal = *keep_scope(keeper, &class->principal);
    kept->tests = keep_tests(keeper, class->tests);
    note_copy(keeper, class, kept);
    return kept;
}

// --- rows ---

// The rows of a group have one list.
static ScopeList keep_resources(Keeper *keeper, const ScopeList *resources) {
    void *known = NULL;
    ScopeList kept = {0};
    if (resources->count == 0) return kept;
    if (find_copy(keeper, resources->items, &known)) return *(ScopeList *)known;
    VEC_RESERVE(keeper->arena, &kept, resources->count);
    for (size_t i = 0; i < resources->count; i++)
        VEC_PUSH(keeper->arena, &kept, keep_scope(keeper, resources->items[i]));
    ScopeList *shared = ARENA_NEW(keeper->passing, ScopeList);
    *shared = kept;
    note_copy(keeper, resources->items, shared);
    return kept;
}

static DiffCauseVec keep_causes(const Keeper *keeper, const DiffCauseVec *causes) {
    DiffCauseVec kept = {0};
    for (size_t i = 0; i < causes->count; i++) {
        DiffCause cause = causes->items[i];
        cause.part = str_copy(keeper->arena, cause.part);
        VEC_PUSH(keeper->arena, &kept, cause);
    }
    return kept;
}

static DiffRow keep_row(Keeper *keeper, const DiffRow *row) {
    DiffRow kept = *row;
    kept.service = str_copy(keeper->arena, row->service);
    kept.actions = keep_actions(keeper, &row->actions);
    kept.shown = keep_texts(keeper, &row->shown);
    kept.resources = keep_resources(keeper, &row->resources);
    kept.principal = keep_scope(keeper, row->principal);
    kept.tests = keep_tests(keeper, row->tests);
    kept.causes = keep_causes(keeper, &row->causes);
    kept.elsewhere.items = NULL;
    kept.elsewhere.count = kept.elsewhere.capacity = 0;
    for (size_t i = 0; i < row->elsewhere.count; i++)
        VEC_PUSH(keeper->arena, &kept.elsewhere, keep_class(keeper, row->elsewhere.items[i]));
    return kept;
}

void diff_keep_role(Arena *passing, DiffReport *report, const DiffRole *role) {
    Keeper keeper = {.arena = report->arena, .passing = passing};
    DiffRole kept = *role;
    if (role->rows.count == 0 && role->remarks.count == 0) return;
    kept.name = str_copy(report->arena, role->name);
    kept.policy = str_copy(report->arena, role->policy);
    kept.remarks = keep_texts(&keeper, &role->remarks);
    kept.rows.items = NULL;
    kept.rows.count = kept.rows.capacity = 0;
    VEC_RESERVE(report->arena, &kept.rows, role->rows.count);
    for (size_t i = 0; i < role->rows.count; i++)
        VEC_PUSH(report->arena, &kept.rows, keep_row(&keeper, &role->rows.items[i]));
    VEC_PUSH(report->arena, &report->roles, kept);
}

void diff_keep_bindings(DiffReport *report, const DiffBindingVec *bindings) {
    for (size_t i = 0; i < bindings->count; i++) {
        DiffBinding kept = bindings->items[i];
        kept.symbol = str_copy(report->arena, kept.symbol);
        kept.value = str_copy(report->arena, kept.value);
        VEC_PUSH(report->arena, &report->bindings, kept);
    }
}
