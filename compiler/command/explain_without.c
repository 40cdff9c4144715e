#include "command/explain_without.h"

#include "diag/escape.h"
#include "diag/jsonout.h"
#include "policy/match.h"

enum { MOST_STEPS = 10000000 }; // of comparing resources

// Grants that differ in their actions only.
typedef struct GrantClass {
    const Grant *first;
    ActionSet actions;
} GrantClass;

typedef VEC(GrantClass) GrantClassVec;

// What would go: actions of the catalogue, in one class.
typedef struct Loss {
    const Question *question;
    Part part;
    Str role;
    bool chosen;             // the part was chosen at all
    GrantClassVec allowed;   // that would no longer be allowed
    GrantClassVec denied;    // that would no longer be denied
    VEC(ManagedPolicy) gone; // AWS managed policies that would no longer be attached
} Loss;

static bool same_class(const Grant *a, const Grant *b) {
    return a->effect == b->effect && str_equal(a->resource, b->resource) &&
           conditions_compare(a->conditions, b->conditions) == 0;
}

static GrantClass *class_of(Arena *arena, GrantClassVec *classes, const Grant *grant) {
    for (size_t i = 0; i < classes->count; i++) {
        if (same_class(classes->items[i].first, grant)) return &classes->items[i];
    }
    VEC_PUSH(arena, classes, ((GrantClass){grant, action_set_new(arena)}));
    return &classes->items[classes->count - 1];
}

// The grants of a role by class. Layout has seen to it that they fit in its policies, so that the
// classes are few.
static GrantClassVec classes_of(Arena *arena, const Compilation *c, Str role) {
    GrantClassVec classes = {0};
    for (size_t i = 0; i < c->grants.count; i++) {
        const Grant *grant = &c->grants.items[i];
        if (!str_equal(c->selection.statements.items[grant->statement].role, role)) continue;
        GrantClass *found = class_of(arena, &classes, grant);
        (void)action_set_add_pattern(found->actions, grant->action);
    }
    return classes;
}

// Whether every resource of the one pattern is one of the other; false where it cannot be shown.
static bool resource_covers(Matcher *matcher, Str pattern, Str other) {
    if (str_equal(pattern, other)) return true;
    Pattern whole = pattern_make(matcher, pattern, PATTERN_PLAIN);
    Pattern part = pattern_make(matcher, other, PATTERN_PLAIN);
    return pattern_covers(matcher, &whole, &part) == TRUTH_YES;
}

static bool class_covers(Matcher *matcher, const Grant *whole, const Grant *part) {
    return whole->effect == part->effect &&
           (whole->conditions->count == 0 ||
            conditions_compare(whole->conditions, part->conditions) == 0) &&
           resource_covers(matcher, whole->resource, part->resource);
}

static void add_lost(Loss *loss, GrantClass lost) {
    Arena *arena = loss->question->compilation->arena;
    if (action_set_count(lost.actions) == 0) return;
    if (lost.first->effect == EFFECT_ALLOW)
        VEC_PUSH(arena, &loss->allowed, lost);
    else
        VEC_PUSH(arena, &loss->denied, lost);
}

static void subtract(Loss *loss, const GrantClassVec *before, const GrantClassVec *after) {
    Arena *arena = loss->question->compilation->arena;
    Matcher matcher = matcher_new(arena, MOST_STEPS);
    ActionSet asked = action_set_new(arena);
    (void)action_set_add_pattern(asked, loss->question->pattern);
    for (size_t i = 0; i < before->count; i++) {
        GrantClass lost = before->items[i];
        action_set_intersect(lost.actions, asked);
        for (size_t k = 0; k < after->count; k++) {
            if (class_covers(&matcher, after->items[k].first, lost.first))
                action_set_subtract(lost.actions, after->items[k].actions);
        }
        add_lost(loss, lost);
    }
}

static const Role *role_of(const Compilation *c, Str id) {
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        if (str_equal(c->selection.roles.items[i].id, id)) return &c->selection.roles.items[i];
    }
    return NULL;
}

static bool is_attached(const Role *role, Str policy) {
    for (size_t i = 0; role != NULL && i < role->managed.count; i++) {
        if (str_equal(role->managed.items[i].name, policy)) return true;
    }
    return false;
}

static void add_gone(Loss *loss, const Compilation *after) {
    const Compilation *before = loss->question->compilation;
    const Role *role = role_of(before, loss->role), *left = role_of(after, loss->role);
    for (size_t i = 0; role != NULL && i < role->managed.count; i++) {
        if (!is_attached(left, role->managed.items[i].name))
            VEC_PUSH(before->arena, &loss->gone, role->managed.items[i]);
    }
}

// What is wrong only without the part (nothing is left, a parameter is of no use) is no one's
// mistake, and is not shown.
static void compile_without(Loss *loss) {
    const Compilation *before = loss->question->compilation;
    Arena *arena = before->arena;
    Diags unseen = {0};
    diags_init(&unseen, arena, 1);
    Compilation after = {.arena = arena,
                         .diags = &unseen,
                         .library = before->library,
                         .document = before->document,
                         .without = loss->part};
    (void)pipeline_run(&after, PASS_RESOLVE, PASS_RESOLVE);
    (void)pipeline_run(&after, PASS_LOWER, PASS_LOWER);
    GrantClassVec whole = classes_of(arena, before, loss->role);
    GrantClassVec rest = classes_of(arena, &after, loss->role);
    loss->chosen = after.selection.left_out;
    subtract(loss, &whole, &rest);
    add_gone(loss, &after);
}

static ActionSet all_actions(Arena *arena, const GrantClassVec *classes) {
    ActionSet all = action_set_new(arena);
    for (size_t i = 0; i < classes->count; i++) action_set_unite(all, classes->items[i].actions);
    return all;
}

static void write_conditions(StrBuf *out, const ConditionVec *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        const Condition *condition = &conditions->items[i];
        strbuf_add(out, i == 0 ? STR(", if ") : STR(" and "));
        escape_text(out, condition->operator, "");
        strbuf_add_byte(out, ' ');
        escape_text(out, condition->key, "");
        for (size_t k = 0; k < condition->values.count; k++) {
            strbuf_add(out, STR(" \""));
            escape_text(out, condition->values.items[k], "");
            strbuf_add_byte(out, '"');
        }
    }
}

static void write_action(StrBuf *out, const GrantClassVec *classes, ActionId action) {
    for (size_t i = 0; i < classes->count; i++) {
        const GrantClass *one = &classes->items[i];
        if (!action_set_has(one->actions, action)) continue;
        Str text = action_text(action),
            level = access_levels_text(out->arena, action_access(action));
        strbuf_add_format(out, "  %.*s (%.*s) on ", STR_ARG(text), STR_ARG(level));
        escape_text(out, one->first->resource, "");
        write_conditions(out, one->first->conditions);
        strbuf_add_byte(out, '\n');
    }
}

static void write_classes(StrBuf *out, const GrantClassVec *classes) {
    ActionSet all = all_actions(out->arena, classes);
    ServiceId service = (ServiceId)catalogue_service_count();
    for (ActionId action = 0; action_set_next(all, &action); action++) {
        if (action_service(action) != service) {
            service = action_service(action);
            strbuf_add_format(out, "\n%.*s (%.*s)\n", STR_ARG(service_prefix(service)),
                              STR_ARG(service_name(service)));
        }
        write_action(out, classes, action);
    }
}

static Str part_text(Arena *arena, const Part *part) {
    if (part->integration.length == 0) return part->product;
    return str_format(arena, "%.*s/%.*s", STR_ARG(part->product), STR_ARG(part->integration));
}

static void write_text(StrBuf *out, const Loss *loss) {
    Str part = part_text(out->arena, &loss->part);
    Str name = loss->question->compilation->manifest.name;
    if (!loss->chosen) {
        strbuf_add_format(out, "'%.*s' is not chosen by %.*s, so nothing would go\n", STR_ARG(part),
                          STR_ARG(name));
        return;
    }
    size_t count = action_set_count(all_actions(out->arena, &loss->allowed));
    strbuf_add_format(out, "without %.*s, %zu action%s would go (role %.*s of %.*s)\n",
                      STR_ARG(part), count, count == 1 ? "" : "s", STR_ARG(loss->role),
                      STR_ARG(name));
    write_classes(out, &loss->allowed);
    if (loss->denied.count > 0) strbuf_add(out, STR("\nwould no longer be denied\n"));
    write_classes(out, &loss->denied);
    if (loss->gone.count > 0)
        strbuf_add(out, STR("\nAWS managed policies that would no longer be attached\n"));
    for (size_t i = 0; i < loss->gone.count; i++)
        strbuf_add_format(out, "  %.*s\n", STR_ARG(loss->gone.items[i].name));
}

static void add_conditions(Arena *arena, json_t *parent, const ConditionVec *conditions) {
    json_t *array = jsonout_array(parent, "conditions");
    for (size_t i = 0; i < conditions->count; i++) {
        const Condition *condition = &conditions->items[i];
        json_t *object = jsonout_object(array, NULL);
        jsonout_text(arena, object, "operator", condition->operator);
        jsonout_text(arena, object, "key", condition->key);
        json_t *values = jsonout_array(object, "values");
        for (size_t k = 0; k < condition->values.count; k++)
            jsonout_text(arena, values, NULL, condition->values.items[k]);
    }
}

static void add_classes(Arena *arena, json_t *root, const char *key, const GrantClassVec *classes) {
    json_t *array = jsonout_array(root, key);
    for (size_t i = 0; i < classes->count; i++) {
        const GrantClass *one = &classes->items[i];
        json_t *object = jsonout_object(array, NULL);
        jsonout_text(arena, object, "resource", one->first->resource);
        add_conditions(arena, object, one->first->conditions);
        json_t *actions = jsonout_array(object, "actions");
        for (ActionId action = 0; action_set_next(one->actions, &action); action++)
            jsonout_text(arena, actions, NULL, action_text(action));
    }
}

static void write_json(StrBuf *out, const Loss *loss) {
    const Compilation *c = loss->question->compilation;
    JsonOut json;
    json_t *root = json_object();
    jsonout_begin(&json, c->arena, root);
    jsonout_text(c->arena, root, "manifest", c->manifest.name);
    jsonout_text(c->arena, root, "role", loss->role);
    jsonout_text(c->arena, root, "without", part_text(c->arena, &loss->part));
    if (loss->chosen) jsonout_true(root, "chosen");
    add_classes(c->arena, root, "lost", &loss->allowed);
    add_classes(c->arena, root, "no_longer_denied", &loss->denied);
    json_t *gone = jsonout_array(root, "managed_policies");
    for (size_t i = 0; i < loss->gone.count; i++)
        jsonout_text(c->arena, gone, NULL, loss->gone.items[i].name);
    jsonout_end(&json, out);
}

// PRODUCT[/INTEGRATION] to a part that the library has.
static bool find_part(Run *run, const Library *library, Part *ret_part, Str *ret_role) {
    Str text = run->options.without;
    size_t slash = str_find_byte(text, '/', 0);
    Part part = {str_slice(text, 0, slash), str_slice(text, slash + 1, text.length)};
    const Bundle *product = library_find(library, BUNDLE_PRODUCT, part.product);
    StrVec names = {0};
    if (product == NULL) {
        library_names(run->arena, library, BUNDLE_PRODUCT, true, &names);
        run_unknown(run, "product", part.product, &names);
        return false;
    }
    Node integrations = NODE_GET(product->root, "integrations");
    if (slash < text.length && !node_exists(node_get(integrations, part.integration))) {
        node_key_names(run->arena, integrations, &names);
        if (names.count == 0)
            run_usage_error(run, "'%.*s' has no integrations", STR_ARG(part.product));
        else
            run_unknown(run, "integration", part.integration, &names);
        return false;
    }
    *ret_part = part;
    *ret_role = node_text(NODE_GET(product->root, "role"));
    return true;
}

void explain_without(Run *run, const Question *question, bool json) {
    Loss loss = {.question = question};
    if (!find_part(run, question->compilation->library, &loss.part, &loss.role)) return;
    compile_without(&loss);
    if (json)
        write_json(&run->out, &loss);
    else
        write_text(&run->out, &loss);
}
