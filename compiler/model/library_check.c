#include "base/placeholder.h"
#include "model/catalogue.h"
#include "model/dynamic.h"
#include "model/library.h"
#include "model/names.h"
#include "validate/pattern.h"

typedef struct Check {
    Arena *arena;
    Diags *diags;
    const Library *library;
    bool ok;
    size_t offers;                   // of a name that was meant: looking for one takes time
    Meant meant;                     // likewise, of names that no bundle has for itself
    Names *kinds[BUNDLE_KIND_COUNT]; // the names of bundles; NULL: not asked for yet
    const Bundle *bundle;            // that is looked at
    Names *placeholders;             // what one in a text of it can name
} Check;

enum { MAX_OFFERS = 100 };

// Reports that `name` (a scalar of a bundle) names no such `what`, and offers the nearest.
static void report_missing(Check *c, Node name, const char *what, Names *choices) {
    Str text = node_text(name), offer = names_offer(choices, text);
    c->ok = false;
    diag_report(c->diags, MSG_BUNDLE_REFERENCE, node_span(name), "there is no %s '%.*s'%.*s", what,
                STR_ARG(text), STR_ARG(offer));
}

static void check_name(Check *c, Node name, const char *what, Names *choices) {
    uint32_t place;
    if (!names_find(choices, node_text(name), &place)) report_missing(c, name, what, choices);
}

static Names *names_of_kind(Check *c, BundleKind kind) {
    if (c->kinds[kind] != NULL) return c->kinds[kind];
    StrVec list = {0};
    library_names(c->arena, c->library, kind, true, &list);
    c->kinds[kind] = names_of_list(c->arena, &c->meant, &list);
    return c->kinds[kind];
}

static void check_bundle_name(Check *c, Node name, BundleKind kind, const char *what) {
    if (!node_exists(name) || library_find(c->library, kind, node_text(name)) != NULL) return;
    report_missing(c, name, what, names_of_kind(c, kind));
}

static bool is_list_parameter(Check *c, Str name) {
    Node parameter = names_get(c->bundle->parameters, name);
    return node_is_string(NODE_GET(parameter, "type"), STR("list"));
}

static void report_placeholder(Check *c, Node scalar, Str name) {
    Diagnostic *d = NULL;
    c->ok = false;
    if (name.length == 0) {
        d = diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "a placeholder without a name or without its '}}'");
    } else {
        Str offer = names_offer(c->placeholders, name);
        d = diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "nothing fills the placeholder '%.*s'%.*s", STR_ARG(name), STR_ARG(offer));
    }
    diag_note(c->diags, d, NO_SPAN,
              "'${{ name }}' names a parameter of the product, 'partition' or 'account'");
}

static void check_text(Check *c, Node scalar) {
    Str text = node_text(scalar), whole;
    TextPart part;
    uint32_t place;
    for (size_t at = 0; text_next_part(text, &at, &part);) {
        if (!part.is_placeholder) continue;
        if (!names_find(c->placeholders, part.text, &place)) {
            report_placeholder(c, scalar, part.text);
        } else if (is_list_parameter(c, part.text) && !text_is_placeholder(text, &whole)) {
            c->ok = false;
            diag_report(c->diags, MSG_UNKNOWN_PLACEHOLDER, node_span(scalar),
                        "'%.*s' is a list, so its placeholder must be the whole text",
                        STR_ARG(part.text));
        }
    }
}

static void check_placeholders(Check *c, Node node) {
    if (node_kind(node) == NODE_STRING) check_text(c, node);
    NODE_EACH(child, node) check_placeholders(c, child);
}

// Every scalar of what goes into a template.
static void check_texts(Check *c, Node node) {
    c->ok &= dynamic_refuse_all(c->diags, node);
    check_placeholders(c, node);
}

static void check_integration_name(Check *c, Node name) {
    check_name(c, name, "integration", c->bundle->integrations);
}

// What may carry `with` and `without`: statements and managed policies.
static void check_guards(Check *c, Node guarded) {
    NODE_EACH(name, NODE_GET(guarded, "with")) check_integration_name(c, name);
    NODE_EACH(name, NODE_GET(guarded, "without")) check_integration_name(c, name);
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

static void check_part(Check *c, Node part) {
    NODE_EACH(name, NODE_GET(part, "needs"))
    check_name(c, name, "parameter", c->bundle->parameters);
    NODE_EACH(statement, NODE_GET(part, "statements")) {
        check_guards(c, statement);
        NODE_EACH(action, NODE_GET(statement, "actions")) check_action(c, action);
        check_texts(c, NODE_GET(statement, "resources"));
        check_texts(c, NODE_GET(statement, "conditions"));
    }
    NODE_EACH(policy, NODE_GET(part, "managed_policies")) check_guards(c, policy);
}

static void check_product(Check *c, Node product) {
    check_bundle_name(c, NODE_GET(product, "role"), BUNDLE_TRUST, "trust profile for the role");
    NODE_EACH(name, NODE_GET(product, "requires"))
    check_bundle_name(c, name, BUNDLE_PRODUCT, "product");
    Node choice = NODE_GET(product, "choose_one");
    NODE_EACH(name, NODE_GET(choice, "integrations")) check_integration_name(c, name);
    if (node_exists(choice)) check_integration_name(c, NODE_GET(choice, "default"));
    NODE_EACH(parameter, NODE_GET(product, "parameters"))
    check_pattern(c, NODE_GET(parameter, "pattern"));
    check_part(c, product);
    NODE_EACH(integration, NODE_GET(product, "integrations")) check_part(c, integration);
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
        check_name(c, name, "integration", product->integrations);
    }
    check_part(c, preset);
}

static void check_trust(Check *c, Node trust) {
    Node profiles = NODE_GET(trust, "profiles");
    Node name = NODE_GET(trust, "default_profile");
    c->ok &= dynamic_refuse_all(c->diags, NODE_GET(trust, "title"));
    c->ok &= dynamic_refuse_all(c->diags, NODE_GET(trust, "description"));
    check_name(c, name, "trust profile", names_of_keys(c->arena, &c->meant, profiles));
    NODE_EACH(profile, profiles) {
        NODE_EACH(row, profile) check_texts(c, NODE_GET(row, "principals"));
    }
}

static void check_rules(Check *c, Node rules) {
    check_bundle_name(c, NODE_GET(rules, "default_preset"), BUNDLE_PRESET, "preset");
    NODE_EACH(row, NODE_GET(rules, "partitions")) {
        NODE_EACH(name, NODE_GET(row, "permissions"))
        check_bundle_name(c, name, BUNDLE_PRESET, "preset");
    }
}

static void begin_bundle(Check *c, const Bundle *bundle) {
    c->bundle = bundle;
    c->placeholders = names_of_keys(c->arena, &c->meant, NODE_GET(bundle->root, "parameters"));
    names_add(c->placeholders, STR("partition"));
    names_add(c->placeholders, STR("account"));
}

bool library_check(Arena *arena, Diags *diags, const Library *library) {
    static void (*const checks[])(Check *, Node) = {
        [BUNDLE_PRODUCT] = check_product,
        [BUNDLE_PRESET] = check_preset,
        [BUNDLE_TRUST] = check_trust,
        [BUNDLE_RULES] = check_rules,
    };
    Check c = {.arena = arena, .diags = diags, .library = library, .ok = true};
    meant_begin(&c.meant, arena);
    for (size_t i = 0; i < library->bundles.count; i++) {
        const Bundle *bundle = &library->bundles.items[i];
        begin_bundle(&c, bundle);
        checks[bundle->kind](&c, bundle->root);
    }
    return c.ok;
}
