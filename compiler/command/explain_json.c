// The answer for programs; its shape is described in docs/explain.md.
#include "command/explain.h"
#include "diag/jsonout.h"

static void add_texts(Arena *arena, json_t *parent, const char *key, const StrVec *texts) {
    json_t *array = jsonout_array(parent, key);
    for (size_t i = 0; i < texts->count; i++) jsonout_text(arena, array, NULL, texts->items[i]);
}

static void add_items(Arena *arena, json_t *parent, const char *key, const ItemVec *items) {
    json_t *array = jsonout_array(parent, key);
    for (size_t i = 0; i < items->count; i++)
        jsonout_text(arena, array, NULL, items->items[i].text);
}

static void add_levels(json_t *parent, ActionId action) {
    json_t *array = jsonout_array(parent, "access");
    for (unsigned i = 0; i < ACCESS_LEVEL_COUNT; i++) {
        if ((action_access(action) & 1u << i) != 0)
            jsonout_word(array, NULL, access_level_names[i]);
    }
}

static void add_flag(json_t *parent, const char *key, bool value) {
    if (value) jsonout_true(parent, key);
}

// {resource: true, keys: [...]}, each only where it counts.
static void add_dependence(Arena *arena, json_t *parent, const Dependence *depends) {
    json_t *object = jsonout_object(parent, "depends_on");
    add_flag(object, "resource", depends->resource);
    if (depends->keys.count > 0) add_texts(arena, object, "keys", &depends->keys);
}

// What is attached to the role by name.
static void add_attached(const Question *question, json_t *root) {
    Arena *arena = question->compilation->arena;
    const Role *role = question->role;
    Str boundary = node_text(NODE_GET(role->settings, "permissions_boundary"));
    json_t *array = jsonout_array(root, "managed_policies");
    for (size_t i = 0; i < role->managed.count; i++)
        jsonout_text(arena, array, NULL, role->managed.items[i].name);
    if (boundary.length > 0)
        jsonout_text(arena, root, "permissions_boundary", boundary);
    else
        jsonout_null(root, "permissions_boundary");
}

static void add_conditions(Arena *arena, json_t *parent, const DocumentStatement *statement) {
    json_t *array = jsonout_array(parent, "conditions");
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        json_t *object = jsonout_object(array, NULL);
        jsonout_text(arena, object, "operator", condition->operator.text);
        jsonout_text(arena, object, "key", condition->key.text);
        add_items(arena, object, "values", &condition->values);
    }
}

static void add_sources(const Explanation *e, json_t *parent, const Judged *judged) {
    Arena *arena = e->question->compilation->arena;
    GrantSourceVec sources = {0};
    json_t *array = jsonout_array(parent, "sources");
    explain_sources(e, judged, &sources);
    for (size_t i = 0; i < sources.count; i++) {
        json_t *object = jsonout_object(array, NULL);
        jsonout_text(arena, object, "part", sources.items[i].part);
        jsonout_text(arena, object, "given", explain_place(arena, sources.items[i].origin.given));
        jsonout_text(arena, object, "asked", explain_place(arena, sources.items[i].origin.asked));
    }
}

static void add_statement(const Explanation *e, json_t *array, const Judged *judged) {
    static const char *const applies[] = {
        [TRUTH_NO] = "no", [TRUTH_UNKNOWN] = "depends", [TRUTH_YES] = "yes"};
    Arena *arena = e->question->compilation->arena;
    json_t *object = jsonout_object(array, NULL);
    jsonout_text(arena, object, "policy", judged->document->name);
    jsonout_text(arena, object, "sid", judged->statement->sid.text);
    jsonout_word(object, "effect", effect_names[judged->statement->effect]);
    jsonout_word(object, "applies", applies[judged->applies]);
    if (judged->applies == TRUTH_UNKNOWN) add_dependence(arena, object, &judged->depends);
    if (judged->applies == TRUTH_NO)
        jsonout_text(arena, object, "because_of",
                     judged->failed == NULL ? STR("resource") : judged->failed->key.text);
    if (judged->action != NULL) jsonout_text(arena, object, "action", judged->action->text);
    add_items(arena, object, "resources", &judged->statement->resources);
    add_conditions(arena, object, judged->statement);
    add_sources(e, object, judged);
}

static void add_resource_types(Arena *arena, json_t *parent, ActionId action) {
    json_t *array = jsonout_array(parent, "resource_types");
    for (size_t i = 0; i < action_resource_count(action); i++) {
        UsedResource used = action_resource(action, i);
        json_t *object = jsonout_object(array, NULL);
        jsonout_text(arena, object, "name", resource_name(used.id));
        add_flag(object, "required", used.required);
        json_t *arns = jsonout_array(object, "arns");
        for (size_t k = 0; k < resource_arn_count(used.id); k++)
            jsonout_text(arena, arns, NULL, resource_arn(used.id, k));
    }
}

// What all answers begin with.
static json_t *begin(JsonOut *json, const Question *question) {
    Arena *arena = question->compilation->arena;
    json_t *root = json_object();
    jsonout_begin(json, arena, root);
    jsonout_text(arena, root, "manifest", question->compilation->manifest.name);
    jsonout_text(arena, root, "role", question->role->id);
    return root;
}

static void add_context(const Question *question, json_t *root) {
    Arena *arena = question->compilation->arena;
    json_t *context = jsonout_array(root, "context");
    for (size_t i = 0; i < question->context.count; i++) {
        json_t *object = jsonout_object(context, NULL);
        jsonout_text(arena, object, "key", question->context.items[i].key);
        add_texts(arena, object, "values", &question->context.items[i].values);
    }
}

static void add_resource(const Question *question, json_t *root) {
    if (question->resource.length > 0)
        jsonout_text(question->compilation->arena, root, "resource", question->resource);
    else
        jsonout_null(root, "resource");
}

void explain_write_json(StrBuf *out, const Explanation *e) {
    const Question *question = e->question;
    const Compilation *c = question->compilation;
    StrVec givers = {0}, keys = explain_keys(c->arena, e->action);
    JsonOut json;
    json_t *root = begin(&json, question);
    jsonout_text(c->arena, root, "action", action_text(e->action));
    add_resource(question, root);
    add_context(question, root);
    jsonout_word(root, "verdict", verdict_names[e->verdict]);
    if (e->verdict == VERDICT_DENIED) add_flag(root, "by_deny", e->evaluation.by_deny);
    if (e->verdict == VERDICT_DEPENDS) add_dependence(c->arena, root, &e->evaluation.depends);
    add_attached(question, root);
    json_t *statements = jsonout_array(root, "statements");
    for (size_t i = 0; i < e->evaluation.judged.count; i++)
        add_statement(e, statements, &e->evaluation.judged.items[i]);
    explain_givers(c->arena, c->library, action_text(e->action), &givers);
    add_texts(c->arena, root, "can_be_given_by", &givers);
    add_levels(root, e->action);
    add_resource_types(c->arena, root, e->action);
    add_texts(c->arena, root, "condition_keys", &keys);
    jsonout_end(&json, out);
}

void explain_write_table_json(StrBuf *out, const Question *question,
                              const ExplanationVec *explained, size_t asked) {
    const Compilation *c = question->compilation;
    JsonOut json;
    json_t *root = begin(&json, question);
    jsonout_text(c->arena, root, "pattern", question->pattern);
    add_resource(question, root);
    add_context(question, root);
    add_attached(question, root);
    jsonout_number(root, "matches", asked);
    json_t *actions = jsonout_array(root, "actions");
    for (size_t i = 0; i < explained->count; i++) {
        const Explanation *e = &explained->items[i];
        json_t *object = jsonout_object(actions, NULL);
        jsonout_text(c->arena, object, "action", action_text(e->action));
        jsonout_word(object, "verdict", verdict_names[e->verdict]);
        if (e->verdict == VERDICT_DENIED) add_flag(object, "by_deny", e->evaluation.by_deny);
        if (e->verdict == VERDICT_DEPENDS) add_dependence(c->arena, object, &e->evaluation.depends);
        add_levels(object, e->action);
    }
    jsonout_end(&json, out);
}
