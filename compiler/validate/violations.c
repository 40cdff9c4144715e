// What a check of an instance found wrong, each fault once.
#include <stdlib.h>

#include "validate/run.h"

// Bytes of a text that are compared in a step.
enum { STEP_BYTES = 64 };

static bool is_scalar(NodeKind kind) {
    return kind != NODE_SEQUENCE && kind != NODE_MAPPING;
}

// Violations beside which nothing else is worth saying of a sequence or mapping.
static bool condemns_whole(Str name) {
    static const char *const names[] = {"type", "enum", "const", "false", "additionalProperties",
                                        "items"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, str_of(names[i]))) return true;
    }
    return false;
}

// Equal texts have equal numbers: a text may be long, and be what many instances lack.
static uint32_t number_of_detail(SchemaRun *run, Str detail) {
    uint32_t number;
    if (strmap_get(&run->details, detail, &number)) return number;
    (void)strmap_set(run->arena, &run->details, detail, run->detail_count);
    return run->detail_count++;
}

static Str id_text(const uint32_t *id) {
    return (Str){(const char *)id, sizeof *id};
}

// Enters a copy of a key in a map. True where it is new.
static bool enter_key(SchemaRun *run, StrMap *map, Str key) {
    uint32_t value;
    if (strmap_get(map, key, &value)) return false;
    return strmap_set(run->arena, map, str_copy(run->arena, key), 0);
}

static bool is_new(SchemaRun *run, const Violation *v) {
    uint32_t id = v->instance.id, number = number_of_detail(run, v->detail), value;
    if (strmap_get(&run->settled, id_text(&id), &value)) return false;
    StrBuf *key = &run->scratch;
    key->length = 0;
    strbuf_add(key, id_text(&id));
    strbuf_add(key, id_text(&number));
    strbuf_add(key, v->name);
    return enter_key(run, &run->noted, strbuf_str(key));
}

static void settle(SchemaRun *run, const Violation *v) {
    uint32_t id = v->instance.id;
    if (is_scalar(node_kind(v->instance)) || condemns_whole(v->name))
        (void)enter_key(run, &run->settled, id_text(&id));
}

bool scope_fail(const Scope *scope, Node keyword, Node instance, Str detail) {
    SchemaRun *run = scope->run;
    if (!scope->report || run->violations.count == RUN_MAX_VIOLATIONS) return false;
    bool is_false = node_kind(scope->schema) == NODE_BOOLEAN;
    Violation violation = {
        .instance = instance,
        .schema = scope->schema,
        .keyword = keyword,
        .name = is_false ? STR("false") : node_key_text(keyword),
        .detail = detail,
        .order = (uint32_t)run->violations.count,
    };
    if (!schema_run_spend(run, instance, 1 + detail.length / STEP_BYTES)) return false;
    if (!is_new(run, &violation)) return false;
    settle(run, &violation);
    VEC_PUSH(run->arena, &run->violations, violation);
    return false;
}

static int compare(const void *a, const void *b) {
    const Violation *x = a, *y = b;
    if (x->instance.id != y->instance.id) return x->instance.id < y->instance.id ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void violations_sort(ViolationVec *violations) {
    if (violations->count > 1)
        qsort(violations->items, violations->count, sizeof *violations->items, compare);
}
