#include "base/nearest.h"
#include "base/placeholder.h"
#include "model/catalogue.h"
#include "model/library.h"
#include "validate/pattern.h"

typedef struct Check {
    Arena *arena;
    Diags *diags;
    const Library *library;
    bool ok;
    size_t offers; // of a name that was meant: looking for one takes time
} Check;

enum { MAX_OFFERS = 100 };

// Reports that `name` (a scalar of a bundle) names no such `what`, and offers the nearest.
static void report_missing(Check *c, Node name, const char *what, const StrVec *choices) {
    Str text = node_text(name);
    Str near = nearest_name(text, choices->items, choices->count);
    c->ok = false;
    if (near.length != 0)
        diag_report(c->diags, MSG_BUNDLE_REFERENCE, node_span(name),
                    "there is no %s '%.*s'; did you mean '%.*s'?", what, STR_ARG(text),
                    STR_ARG(near));
    else
        diag_report(c->diags, MSG_BUNDLE_REFERENCE, node_span(name), "there is no %s '%.*s'", what,
                    STR_ARG(text));
}

static void check_bundle_name(Check *c, Node name, BundleKind kind, const char *what) {
    if (!node_exists(name) || library_find(c->library, kind, node_text(name)) != NULL) return;
    StrVec choices = {0};
    library_names(c->arena, c->library, kind, true, &choices);
    report_missing(c, name, what, &choices);
}

static void check_integration_name(Check *c, Node name, Node product) {
    Node integrations = NODE_GET(product, "integrations");
    if (node_exists(node_get(integrations, node_text(name)))) return;
    StrVec choices = {0};
    node_key_names(c->arena, integrations, &choices);
    report_missing(c, name, "integration", &choices);
}

// What a placeholder in a text of `product` can name.
static void placeholder_names(Check *c, Node product, StrVec *ret_names) {
    node_key_names(c->arena, NODE_GET(product, "parameters"), ret_names);
    VEC_PUSH(c->arena, ret_names, STR("partition"));
    VEC_PUSH(c->arena, ret_names, STR("account"));
}

static bool is_list_parameter(Str name, Node product) {
    Node parameter = node_get(NODE_GET(product, "parameters"), name);
    return node_is_string(NODE_GET(parameter, "type"), STR("list"));
}

static void report_placeholder(Check *c, Node scalar, Str name, const StrVec *choices) {
    Str near = nearest_name(name, choices->items, choices->count);
    Diagnostic *d = NULL;
    c->ok = false;
    if (name.length == 0)
        d = diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "a placeholder without a name or without its '}}'");
    else if (near.length != 0)
        d = diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "nothing fills the placeholder '%.*s'; did you mean '%.*s'?", STR_ARG(name),
                        STR_ARG(near));
    else
        d = diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "nothing fills the placeholder '%.*s'", STR_ARG(name));
    diag_note(c->diags, d, NO_SPAN,
              "'${{ name }}' names a parameter of the product, 'partition' or 'account'");
}

static bool has_name(const StrVec *names, Str name) {
    for (size_t i = 0; i < names->count; i++) {
        if (str_equal(names->items[i], name)) return true;
    }
    return false;
}

static void check_text(Check *c, Node scalar, Node product) {
    Str text = node_text(scalar), whole;
    TextPart part;
    for (size_t at = 0; text_next_part(text, &at, &part);) {
        if (!part.is_placeholder) continue;
        StrVec names = {0};
        placeholder_names(c, product, &names);
        if (!has_name(&names, part.text)) {
            report_placeholder(c, scalar, part.text, &names);
        } else if (is_list_parameter(part.text, product) && !text_is_placeholder(text, &whole)) {
            c->ok = false;
            diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "'%.*s' is a list, so its placeholder must be the whole text",
                        STR_ARG(part.text));
        }
    }
}

// Every scalar below a node.
static void check_texts(Check *c, Node node, Node product) {
    if (node_kind(node) == NODE_STRING) check_text(c, node, product);
    NODE_EACH(child, node) check_texts(c, child, product);
}

// What may carry `with` and `without`: statements and managed policies.
static void check_guards(Check *c, Node guarded, Node product) {
    NODE_EACH(name, NODE_GET(guarded, "with")) check_integration_name(c, name, product);
    NODE_EACH(name, NODE_GET(guarded, "without")) check_integration_name(c, name, product);
}

static void check_needs(Check *c, Node part, Node product) {
    NODE_EACH(name, NODE_GET(part, "needs")) {
        Node parameters = NODE_GET(product, "parameters");
        if (node_exists(node_get(parameters, node_text(name)))) continue;
        StrVec choices = {0};
        node_key_names(c->arena, parameters, &choices);
        report_missing(c, name, "parameter", &choices);
    }
}

static void check_pattern(Check *c, Node pattern) {
    if (!node_exists(pattern)) return;
    Str problem = patterns_problem(patterns_new(c->arena), node_text(pattern));
    if (problem.length == 0) return;
    c->ok = false;
    diag_report(c->diags, MSG_INVALID_VALUE, node_span(pattern), "this pattern is not valid: %.*s",
                STR_ARG(problem));
}

// Reports an action or pattern that stands for no action at all, and offers the nearest.
static void check_action(Check *c, Node action) {
    Str text = node_text(action), near = {0};
    if (catalogue_has(text)) return;
    c->ok = false;
    if (c->offers++ < MAX_OFFERS) near = catalogue_nearest(c->arena, text);
    Str offer =
        near.length == 0 ? near : str_format(c->arena, "; did you mean '%.*s'?", STR_ARG(near));
    Diagnostic *d = diag_report(c->diags, MSG_UNKNOWN_ACTION, node_span(action),
                                "no action '%.*s'%.*s", STR_ARG(text), STR_ARG(offer));
    diag_note(c->diags, d, NO_SPAN, "`spotc --version` says of which day the catalogue is");
}

static void check_part(Check *c, Node part, Node product) {
    check_needs(c, part, product);
    NODE_EACH(statement, NODE_GET(part, "statements")) {
        check_guards(c, statement, product);
        NODE_EACH(action, NODE_GET(statement, "actions")) check_action(c, action);
        check_texts(c, NODE_GET(statement, "resources"), product);
        check_texts(c, NODE_GET(statement, "conditions"), product);
    }
    NODE_EACH(policy, NODE_GET(part, "managed_policies")) check_guards(c, policy, product);
}

static void check_product(Check *c, Node product) {
    check_bundle_name(c, NODE_GET(product, "role"), BUNDLE_TRUST, "trust profile for the role");
    NODE_EACH(name, NODE_GET(product, "requires"))
    check_bundle_name(c, name, BUNDLE_PRODUCT, "product");
    Node choice = NODE_GET(product, "choose_one");
    NODE_EACH(name, NODE_GET(choice, "integrations")) check_integration_name(c, name, product);
    if (node_exists(choice)) check_integration_name(c, NODE_GET(choice, "default"), product);
    NODE_EACH(parameter, NODE_GET(product, "parameters"))
    check_pattern(c, NODE_GET(parameter, "pattern"));
    check_part(c, product, product);
    NODE_EACH(integration, NODE_GET(product, "integrations")) check_part(c, integration, product);
}

static void check_preset(Check *c, Node preset) {
    check_bundle_name(c, NODE_GET(preset, "role"), BUNDLE_TRUST, "trust profile for the role");
    NODE_EACH(selection, NODE_GET(preset, "products")) {
        const Bundle *product = library_find(c->library, BUNDLE_PRODUCT, node_key_text(selection));
        if (product == NULL) {
            check_bundle_name(c, node_key(selection), BUNDLE_PRODUCT, "product");
            continue;
        }
        NODE_EACH(name, NODE_GET(selection, "integrations"))
        check_integration_name(c, name, product->root);
    }
    check_part(c, preset, NO_NODE);
}

static void check_trust(Check *c, Node trust) {
    Node profiles = NODE_GET(trust, "profiles");
    Node name = NODE_GET(trust, "default_profile");
    if (!node_exists(node_get(profiles, node_text(name)))) {
        StrVec choices = {0};
        node_key_names(c->arena, profiles, &choices);
        report_missing(c, name, "trust profile", &choices);
    }
    NODE_EACH(profile, profiles) {
        NODE_EACH(row, profile) check_texts(c, NODE_GET(row, "principals"), NO_NODE);
    }
}

static void check_rules(Check *c, Node rules) {
    check_bundle_name(c, NODE_GET(rules, "default_preset"), BUNDLE_PRESET, "preset");
    NODE_EACH(row, NODE_GET(rules, "partitions")) {
        NODE_EACH(name, NODE_GET(row, "permissions"))
        check_bundle_name(c, name, BUNDLE_PRESET, "preset");
    }
}

bool library_check(Arena *arena, Diags *diags, const Library *library) {
    static void (*const checks[])(Check *, Node) = {
        [BUNDLE_PRODUCT] = check_product,
        [BUNDLE_PRESET] = check_preset,
        [BUNDLE_TRUST] = check_trust,
        [BUNDLE_RULES] = check_rules,
    };
    Check c = {.arena = arena, .diags = diags, .library = library, .ok = true};
    for (size_t i = 0; i < library->bundles.count; i++) {
        const Bundle *bundle = &library->bundles.items[i];
        checks[bundle->kind](&c, bundle->root);
    }
    return c.ok;
}
