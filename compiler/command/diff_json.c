#include "command/diff.h"
#include "diag/jsonout.h"
#include "diag/listing.h"

typedef struct Json {
    Arena *arena;
    JsonOut out;
} Json;

static const char *const turn_words[TURN_COUNT] = {
    [TURN_GAINED] = "gained",
    [TURN_MAY_GAIN] = "may-be-gained",
    [TURN_LOST] = "lost",
    [TURN_MAY_LOSE] = "may-be-lost",
};

static const char *const reason_words[BOUND_COUNT] = {
    [BOUND_BY_OTHER] = "other side",
    [BOUND_BY_DEFAULT] = "default",
    [BOUND_CHANGED_DEFAULT] = "changed default",
    [BOUND_CHANGED_TYPE] = "changed type",
    [BOUND_CHANGED_RESOURCE] = "changed resource",
};

static const char *const subject_words[SUBJECT_COUNT] = {
    [SUBJECT_TRUST] = "trust",
    [SUBJECT_BOUNDARY] = "permissions-boundary",
    [SUBJECT_MANAGED] = "managed-policy",
    [SUBJECT_PERMISSIONS] = "action",
    [SUBJECT_WRITE] = "action",
    [SUBJECT_TAGGING] = "action",
    [SUBJECT_READ] = "action",
    [SUBJECT_LIST] = "action",
    [SUBJECT_UNKNOWN] = "action",
};

static const char *const doubt_words[DOUBT_COUNT] = {
    [DOUBT_RESOURCE] = "resources", [DOUBT_CONDITION] = "conditions", [DOUBT_ACTION] = "actions",
    [DOUBT_TOGETHER] = "together",  [DOUBT_EFFORT] = "effort",
};

static void add_texts(Json *json, json_t *object, const char *key, const StrVec *texts) {
    json_t *array = jsonout_array(object, key);
    for (size_t i = 0; i < texts->count; i++)
        jsonout_text(json->arena, array, NULL, texts->items[i]);
}

static void add_tests(Json *json, json_t *object, const Tests *tests) {
    json_t *array = jsonout_array(object, "conditions");
    for (size_t i = 0; i < tests->items.count; i++) {
        const Test *test = &tests->items.items[i];
        json_t *condition = jsonout_object(array, NULL);
        jsonout_text(json->arena, condition, "operator", test->operator);
        jsonout_text(json->arena, condition, "key", test->key);
        add_texts(json, condition, "values", &test->texts);
    }
}

// Resources are a list of patterns, or of what NotResource leaves out.
static void add_resources(Json *json, json_t *object, const DiffRow *row) {
    if (row->resources.count == 0) return;
    if (row->resources.items[0]->excluded) {
        add_texts(json, object, "notResources", &row->resources.items[0]->texts);
        return;
    }
    json_t *array = jsonout_array(object, "resources");
    for (size_t i = 0; i < row->resources.count; i++)
        jsonout_text(json->arena, array, NULL, row->resources.items[i]->texts.items[0]);
}

static void add_causes(Json *json, json_t *object, const DiffRow *row) {
    json_t *array = jsonout_array(object, "causes");
    for (size_t i = 0; i < row->causes.count; i++) {
        Place place = place_of(row->causes.items[i].asked);
        json_t *cause = jsonout_object(array, NULL);
        jsonout_text(json->arena, cause, "bundle", row->causes.items[i].part);
        jsonout_text(json->arena, cause, "file", place.name);
        jsonout_number(cause, "line", place.begin.line);
    }
}

static void add_actions(Json *json, json_t *object, const DiffRow *row) {
    jsonout_word(object, "effect", row->effect == EFFECT_DENY ? "Deny" : "Allow");
    if (row->subject == SUBJECT_UNKNOWN)
        jsonout_null(object, "access");
    else if (row->subject != SUBJECT_TRUST)
        jsonout_word(object, "access", diff_subject_names[row->subject]);
    jsonout_text(json->arena, object, "service", row->service);
    add_texts(json, object, "actions", &row->actions);
    add_resources(json, object, row);
    if (row->principal != NULL)
        add_texts(json, object, row->principal->excluded ? "notPrincipals" : "principals",
                  &row->principal->texts);
    add_tests(json, object, row->tests);
    add_causes(json, object, row);
}

static void add_row(Json *json, json_t *array, const DiffRow *row) {
    json_t *object = jsonout_object(array, NULL);
    bool is_arn = row->subject == SUBJECT_MANAGED || row->subject == SUBJECT_BOUNDARY;
    jsonout_word(object, "change", turn_words[row->turn]);
    jsonout_word(object, "what", subject_words[row->subject]);
    if (row->doubt != DOUBT_NONE) jsonout_word(object, "doubt", doubt_words[row->doubt]);
    if (is_arn)
        jsonout_text(json->arena, object, "arn", row->actions.items[0]);
    else
        add_actions(json, object, row);
}

static void add_role(Json *json, json_t *array, const DiffRole *role) {
    json_t *object = jsonout_object(array, NULL);
    if (role->name.length == 0)
        jsonout_null(object, "role");
    else
        jsonout_text(json->arena, object, "role", role->name);
    if (role->name.length == 0 && role->policy.length > 0)
        jsonout_text(json->arena, object, "policy", role->policy);
    if (role->only_old || role->only_new)
        jsonout_word(object, "only", role->only_old ? "old" : "new");
    json_t *rows = jsonout_array(object, "changes");
    for (size_t i = 0; i < role->rows.count; i++) add_row(json, rows, &role->rows.items[i]);
    add_texts(json, object, "remarks", &role->remarks);
}

static void add_side(Json *json, json_t *object, const char *key, const Input *side) {
    if (side == NULL) {
        jsonout_null(object, key);
        return;
    }
    json_t *value = jsonout_object(object, key);
    jsonout_text(json->arena, value, "path", side->path);
    jsonout_word(value, "kind", input_kind_names[side->kind]);
    if (side->kind == INPUT_MANIFEST) jsonout_text(json->arena, value, "name", side->imported.name);
    json_t *remarks = jsonout_array(value, "remarks");
    const UnreadVec *unread = &side->imported.unread;
    const ItemVec *others = &side->imported.remarks;
    for (size_t i = 0; i < unread->count; i++)
        jsonout_text(json->arena, remarks, NULL, unread->items[i].text);
    for (size_t i = 0; i < others->count; i++)
        jsonout_text(json->arena, remarks, NULL, others->items[i].text);
}

static void add_bindings(Json *json, json_t *object, const DiffBindingVec *bindings) {
    json_t *array = jsonout_array(object, "bindings");
    for (size_t i = 0; i < bindings->count; i++) {
        const DiffBinding *binding = &bindings->items[i];
        json_t *value = jsonout_object(array, NULL);
        jsonout_word(value, "side", binding->is_new ? "new" : "old");
        jsonout_text(json->arena, value, "symbol", binding->symbol);
        jsonout_text(json->arena, value, "value", binding->value);
        jsonout_word(value, "by", reason_words[binding->reason]);
    }
}

static void add_count(json_t *object, DiffTurn turn, const DiffCount *count) {
    json_t *value = jsonout_object(object, turn_words[turn]);
    json_t *actions = jsonout_object(value, "actions");
    for (unsigned s = SUBJECT_PERMISSIONS; s <= SUBJECT_UNKNOWN; s++)
        jsonout_number(actions, diff_subject_names[s], count->actions[s]);
    jsonout_number(value, "denials", count->denials);
    jsonout_number(value, "trusts", count->trusts);
    jsonout_number(value, "managedPolicies", count->actions[SUBJECT_MANAGED]);
    jsonout_number(value, "permissionsBoundaries", count->actions[SUBJECT_BOUNDARY]);
}

static void add_reaches(Json *json, json_t *object, const DiffReport *report) {
    if (report->reaches.count == 0) return;
    json_t *array = jsonout_array(object, "reaches");
    for (size_t i = 0; i < report->reaches.count; i++) {
        const DiffReach *reach = &report->reaches.items[i];
        json_t *value = jsonout_object(array, NULL);
        jsonout_text(json->arena, value, "resource", reach->resource);
        jsonout_text(json->arena, value, "property", reach->property);
        add_texts(json, value, "old", &reach->named[0]);
        add_texts(json, value, "new", &reach->named[1]);
    }
}

static void add_report(Json *json, const DiffReport *report) {
    json_t *object = jsonout_object(json->out.root, NULL);
    add_side(json, object, "old", report->sides[0]);
    add_side(json, object, "new", report->sides[1]);
    add_bindings(json, object, &report->bindings);
    if (diff_is_equal(report))
        jsonout_true(object, "equal");
    else
        jsonout_false(object, "equal");
    if (diff_is_partial(report)) jsonout_true(object, "partial");
    add_reaches(json, object, report);
    if (report->cut) jsonout_true(object, "cut");
    json_t *counts = jsonout_object(object, "counts");
    for (unsigned t = 0; t < TURN_COUNT; t++) add_count(counts, (DiffTurn)t, &report->counts[t]);
    json_t *roles = jsonout_array(object, "roles");
    for (size_t i = 0; i < report->roles.count; i++) add_role(json, roles, &report->roles.items[i]);
}

void diff_render_json(Arena *arena, const DiffReportVec *reports, StrBuf *out) {
    Json json = {.arena = arena};
    jsonout_begin(&json.out, arena, json_array());
    for (size_t i = 0; i < reports->count; i++) add_report(&json, &reports->items[i]);
    jsonout_end(&json.out, out);
}
