#include "base/nearest.h"
#include "resolve/resolver.h"

static ProductPick *find_pick(Resolver *r, Str name) {
    for (size_t i = 0; i < r->pick_count; i++) {
        if (str_equal(r->picks[i].product->name, name)) return &r->picks[i];
    }
    return NULL;
}

static void make_picks(Resolver *r) {
    const Bundle *products = library_of_kind(r->library, BUNDLE_PRODUCT, &r->pick_count);
    r->picks = ARENA_ARRAY(r->arena, ProductPick, r->pick_count);
    for (size_t i = 0; i < r->pick_count; i++) {
        ProductPick *pick = &r->picks[i];
        Node integrations = NODE_GET(products[i].root, "integrations");
        pick->product = &products[i];
        pick->integrations = ARENA_ARRAY(r->arena, IntegrationPick, node_count(integrations));
        NODE_EACH(integration, integrations)
        pick->integrations[pick->integration_count++].node = integration;
    }
}

static IntegrationPick *find_integration(const ProductPick *pick, Str name) {
    uint32_t place; // as the names are, so are the picks
    return names_find(pick->product->integrations, name, &place) ? &pick->integrations[place]
                                                                 : NULL;
}

bool is_picked(const ProductPick *pick, Str integration) {
    const IntegrationPick *found = find_integration(pick, integration);
    return found != NULL && found->picked;
}

// Whether this is what is to be left out, which is noted.
static bool is_left_out(Resolver *r, Str product, Str integration) {
    if (r->without == NULL || !str_equal(product, r->without->product) ||
        !str_equal(integration, r->without->integration))
        return false;
    r->selection->left_out = true;
    return true;
}

// Picks a product and what it requires; the first to ask is the one that is remembered.
static void pick_product(Resolver *r, ProductPick *pick, Span asked) {
    if (pick->picked || is_left_out(r, pick->product->name, (Str){0})) return;
    pick->picked = true;
    pick->asked = asked;
    NODE_EACH(name, NODE_GET(pick->product->root, "requires")) {
        ProductPick *required = find_pick(r, node_text(name));
        if (required != NULL) pick_product(r, required, asked);
    }
}

static bool lists(Node sequence, Str name) {
    NODE_EACH(item, sequence) {
        if (str_equal(node_text(item), name)) return true;
    }
    return false;
}

// Some parts exist in some partitions only; without a list they exist everywhere.
static bool exists_here(Resolver *r, const ProductPick *pick, Node integration, Span asked) {
    Node partitions = NODE_GET(integration, "partitions");
    Str here = r->manifest->partition.id;
    if (!node_exists(partitions) || here.length == 0 || lists(partitions, here)) return true;
    diag_report(r->diags, MSG_WRONG_PARTITION, asked, "'%.*s' of '%.*s' does not exist in %.*s",
                STR_ARG(node_key_text(integration)), STR_ARG(pick->product->name),
                STR_ARG(r->manifest->partition.name));
    return false;
}

static void take_integration(Resolver *r, const ProductPick *pick, IntegrationPick *integration,
                             Span asked) {
    if (integration->picked || !exists_here(r, pick, integration->node, asked)) return;
    integration->picked = true;
    integration->asked = asked;
}

static void pick_integration(Resolver *r, const ProductPick *pick, IntegrationPick *integration,
                             Span asked) {
    if (!is_left_out(r, pick->product->name, node_key_text(integration->node)))
        take_integration(r, pick, integration, asked);
}

static void pick_named(Resolver *r, ProductPick *pick, Node name, Span asked) {
    IntegrationPick *integration = find_integration(pick, node_text(name));
    if (integration != NULL) {
        pick_integration(r, pick, integration, asked);
        return;
    }
    if (str_equal(node_text(name), STR("all"))) {
        diag_report(r->diags, MSG_UNKNOWN_INTEGRATION, node_span(name),
                    "'all' cannot stand in a list; write 'integrations: all'");
        return;
    }
    Str product = pick->product->name;
    Str command = str_format(r->arena, "spotc list %.*s", STR_ARG(product));
    Str list = str_format(r->arena, "integrations of %.*s", STR_ARG(product));
    report_unknown(r, MSG_UNKNOWN_INTEGRATION, name, "integration", pick->product->integrations,
                   list.data, command.data);
}

static void pick_all(Resolver *r, ProductPick *pick, Node all, Span asked) {
    Node group = NODE_GET(NODE_GET(pick->product->root, "choose_one"), "integrations");
    if (node_exists(group)) {
        StrVec names = {0};
        NODE_EACH(name, group) VEC_PUSH(r->arena, &names, node_text(name));
        Str listed = names_in_full(r->arena, names.items, names.count);
        diag_report(r->diags, MSG_EXCLUSIVE_INTEGRATIONS, node_span(all),
                    "'all' cannot be chosen of '%.*s': exactly one of %.*s can",
                    STR_ARG(pick->product->name), STR_ARG(listed));
        return;
    }
    for (size_t i = 0; i < pick->integration_count; i++) {
        if (node_is_true(NODE_GET(pick->integrations[i].node, "all")))
            pick_integration(r, pick, &pick->integrations[i], asked);
    }
}

// The integrations of one entry of `products`. Without a place of its own (a preset's), each was
// asked for where the preset was.
static void pick_integrations(Resolver *r, ProductPick *pick, Node entry, Span asked) {
    Node integrations = NODE_GET(entry, "integrations");
    bool own = asked.source == NULL;
    if (node_is_string(integrations, STR("all")))
        pick_all(r, pick, integrations, own ? node_span(integrations) : asked);
    else
        NODE_EACH(name, integrations) pick_named(r, pick, name, own ? node_span(name) : asked);
}

static void take_preset(Resolver *r) {
    NODE_EACH(entry, NODE_GET(r->preset->root, "products")) {
        ProductPick *pick = find_pick(r, node_key_text(entry));
        if (pick == NULL) continue;
        pick_product(r, pick, r->preset_asked);
        pick_integrations(r, pick, entry, r->preset_asked);
    }
}

static void report_unknown_product(Resolver *r, Node name, Names **names) {
    StrVec list = {0};
    if (*names == NULL) {
        library_names(r->arena, r->library, BUNDLE_PRODUCT, false, &list);
        *names = names_of_list(r->arena, &r->meant, &list);
    }
    report_unknown(r, MSG_UNKNOWN_PRODUCT, name, "product", *names, "products", "spotc list");
}

static void take_products(Resolver *r, Node products) {
    Names *names = NULL;
    NODE_EACH(entry, products) {
        ProductPick *pick = find_pick(r, node_key_text(entry));
        if (pick == NULL) {
            report_unknown_product(r, node_key(entry), &names);
            continue;
        }
        pick->parameters = NODE_GET(entry, "parameters");
        // Who asks by name is a better origin than a preset or a product that requires it.
        pick->picked = false;
        pick_product(r, pick, node_key_span(entry));
        pick_integrations(r, pick, entry, NO_SPAN);
    }
}

// Of integrations that exclude each other exactly one holds: the default where none was named.
static void check_choice(Resolver *r, ProductPick *pick) {
    Node choice = NODE_GET(pick->product->root, "choose_one");
    const IntegrationPick *chosen = NULL;
    if (!node_exists(choice)) return;
    NODE_EACH(name, NODE_GET(choice, "integrations")) {
        const IntegrationPick *integration = find_integration(pick, node_text(name));
        if (integration == NULL || !integration->picked) continue;
        if (chosen != NULL) {
            Diagnostic *d = diag_report(r->diags, MSG_EXCLUSIVE_INTEGRATIONS, integration->asked,
                                        "'%.*s' and '%.*s' of '%.*s' exclude each other",
                                        STR_ARG(node_key_text(chosen->node)),
                                        STR_ARG(node_key_text(integration->node)),
                                        STR_ARG(pick->product->name));
            diag_note(r->diags, d, chosen->asked, "the other is here");
            return;
        }
        chosen = integration;
    }
    if (chosen != NULL) return;
    // What comes by default comes too where it was to be left out: nobody need have chosen it.
    Str name = node_text(NODE_GET(choice, "default"));
    IntegrationPick *by_default = find_integration(pick, name);
    (void)is_left_out(r, pick->product->name, name);
    if (by_default != NULL) take_integration(r, pick, by_default, pick->asked);
}

// The manifest's name, though the schema may have refused it; its first key where there is none.
static Span span_of_manifest(const Resolver *r) {
    Node whole = node_exists(r->original) ? r->original : r->manifest->root;
    Node name = NODE_GET(whole, "name");
    if (node_exists(name)) return node_span(name);
    return node_count(whole) != 0 ? node_key_span(node_first(whole)) : node_span(whole);
}

static void find_preset(Resolver *r, Node permissions, Node products) {
    if (node_exists(permissions)) {
        r->preset_asked = node_span(permissions);
        r->preset = library_find(r->library, BUNDLE_PRESET, node_text(permissions));
        if (r->preset != NULL) return;
        StrVec names = {0};
        library_names(r->arena, r->library, BUNDLE_PRESET, true, &names);
        report_unknown(r, MSG_UNKNOWN_PRESET, permissions, "preset",
                       names_of_list(r->arena, &r->meant, &names), "presets", "spotc list");
        return;
    }
    if (node_exists(products)) return;
    size_t count = 0;
    const Bundle *rules = library_of_kind(r->library, BUNDLE_RULES, &count);
    for (size_t i = 0; i < count && r->preset == NULL; i++)
        r->preset = library_find(r->library, BUNDLE_PRESET,
                                 node_text(NODE_GET(rules[i].root, "default_preset")));
    r->preset_asked = span_of_manifest(r);
}

static void report_customized(Resolver *r, Node row, Span span) {
    StrVec presets = {0};
    NODE_EACH(name, NODE_GET(row, "permissions")) VEC_PUSH(r->arena, &presets, node_text(name));
    Str listed = names_in_full(r->arena, presets.items, presets.count);
    Diagnostic *d = diag_report(r->diags, MSG_CUSTOMIZED_PARTITION, span,
                                "an account in %.*s takes 'permissions: %.*s' only",
                                STR_ARG(r->manifest->partition.name), STR_ARG(listed));
    diag_note(r->diags, d, NO_SPAN, "as the vendor's own wizard has it (%.*s)",
              STR_ARG(node_text(NODE_GET(row, "source"))));
}

// In some partitions the vendor offers no choice of permissions (bundles/rules.yaml).
static void check_customized(Resolver *r, Node permissions, Node products) {
    size_t count = 0;
    const Bundle *rules = library_of_kind(r->library, BUNDLE_RULES, &count);
    for (size_t i = 0; i < count; i++) {
        NODE_EACH(row, NODE_GET(rules[i].root, "partitions")) {
            if (!node_is_string(NODE_GET(row, "partition"), r->manifest->partition.id)) continue;
            if (node_exists(permissions) &&
                !lists(NODE_GET(row, "permissions"), node_text(permissions)))
                report_customized(r, row, node_span(permissions));
            if (node_exists(products)) report_customized(r, row, node_key_span(products));
        }
    }
}

void resolve_products(Resolver *r) {
    Node permissions = NODE_GET(r->manifest->root, "permissions");
    Node products = NODE_GET(r->manifest->root, "products");
    make_picks(r);
    find_preset(r, permissions, products);
    check_customized(r, permissions, products);
    if (r->preset != NULL) take_preset(r);
    take_products(r, products);
    for (size_t i = 0; i < r->pick_count; i++) {
        if (r->picks[i].picked) check_choice(r, &r->picks[i]);
    }
}
