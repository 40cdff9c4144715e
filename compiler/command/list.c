#include "base/nearest.h"
#include "command/command.h"
#include "emit/json.h"

static void write_title(StrBuf *out, size_t indent, Str name, Node bundle) {
    Str summary = node_text(NODE_GET(bundle, "summary"));
    strbuf_add_format(out, "%*s%-*.*s  %.*s\n", (int)indent, "", (int)(26 - indent), STR_ARG(name),
                      STR_ARG(summary));
}

static void write_integrations(StrBuf *out, Node product) {
    NODE_EACH(integration, NODE_GET(product, "integrations"))
    write_title(out, 2, node_key_text(integration), integration);
}

static void write_products(Run *run, bool shared) {
    size_t count = 0;
    const Bundle *products = library_of_kind(&run->library, BUNDLE_PRODUCT, &count);
    for (size_t i = 0; i < count; i++) {
        if (node_is_true(NODE_GET(products[i].root, "shared")) != shared) continue;
        write_title(&run->out, 0, products[i].name, products[i].root);
        write_integrations(&run->out, products[i].root);
    }
}

static void write_overview(Run *run) {
    size_t count = 0;
    const Bundle *presets = library_of_kind(&run->library, BUNDLE_PRESET, &count);
    strbuf_add(&run->out,
               STR("Products and their integrations (spotc list PRODUCT: their actions)\n\n"));
    write_products(run, false);
    strbuf_add(&run->out, STR("\nComes with products that require it\n\n"));
    write_products(run, true);
    strbuf_add(&run->out, STR("\nPresets (permissions: NAME)\n\n"));
    for (size_t i = 0; i < count; i++) write_title(&run->out, 0, presets[i].name, presets[i].root);
}

static void write_names(Run *run, const char *label, Node names) {
    if (node_count(names) == 0) return;
    StrVec texts = {0};
    NODE_EACH(name, names) VEC_PUSH(run->arena, &texts, node_text(name));
    Str all = names_in_full(run->arena, texts.items, texts.count);
    strbuf_add_format(&run->out, "    %s: %.*s\n", label, STR_ARG(all));
}

static void write_conditions(Run *run, Node conditions) {
    NODE_EACH(keys, conditions) {
        NODE_EACH(value, keys) {
            Str test = node_key_text(keys), key = node_key_text(value);
            strbuf_add_format(&run->out, "    if %.*s %.*s", STR_ARG(test), STR_ARG(key));
            NODE_EACH(item, value)
            strbuf_add_format(&run->out, " %.*s", STR_ARG(node_text(item)));
            if (node_kind(value) != NODE_SEQUENCE)
                strbuf_add_format(&run->out, " %.*s", STR_ARG(node_text(value)));
            strbuf_add_byte(&run->out, '\n');
        }
    }
}

static void write_statement(Run *run, Node statement) {
    Node effect = NODE_GET(statement, "effect");
    Str verb = node_exists(effect) ? node_text(effect) : STR("Allow");
    strbuf_add_format(&run->out, "  %.*s (%.*s)\n", STR_ARG(node_text(NODE_GET(statement, "sid"))),
                      STR_ARG(verb));
    write_names(run, "only with", NODE_GET(statement, "with"));
    write_names(run, "only without", NODE_GET(statement, "without"));
    NODE_EACH(action, NODE_GET(statement, "actions"))
    strbuf_add_format(&run->out, "      %.*s\n", STR_ARG(node_text(action)));
    write_names(run, "on", NODE_GET(statement, "resources"));
    write_conditions(run, NODE_GET(statement, "conditions"));
    NODE_EACH(mended, NODE_GET(statement, "mended"))
    strbuf_add_format(&run->out, "    mended: %.*s\n", STR_ARG(node_text(mended)));
}

// The statements and AWS managed policies of a product, an integration or a preset.
static void write_part(Run *run, Node part) {
    Node source = NODE_GET(part, "source");
    if (node_exists(source))
        strbuf_add_format(&run->out, "  source: %.*s\n", STR_ARG(node_text(source)));
    NODE_EACH(policy, NODE_GET(part, "managed_policies")) {
        strbuf_add_format(&run->out, "  attaches the AWS managed policy %.*s\n",
                          STR_ARG(node_text(NODE_GET(policy, "name"))));
        write_names(run, "only with", NODE_GET(policy, "with"));
        write_names(run, "only without", NODE_GET(policy, "without"));
    }
    NODE_EACH(statement, NODE_GET(part, "statements")) write_statement(run, statement);
}

static void write_parameters(Run *run, Node product) {
    NODE_EACH(parameter, NODE_GET(product, "parameters")) {
        Str summary = node_text(NODE_GET(parameter, "summary"));
        bool optional = node_is_true(NODE_GET(parameter, "optional"));
        strbuf_add_format(&run->out, "  parameter %.*s (%.*s%s): %.*s\n",
                          STR_ARG(node_key_text(parameter)),
                          STR_ARG(node_text(NODE_GET(parameter, "type"))),
                          optional ? ", optional" : "", STR_ARG(summary));
    }
}

static void write_integration(Run *run, Str product, Node integration) {
    Str name = node_key_text(integration);
    strbuf_add_format(&run->out, "%.*s/%.*s: %.*s\n", STR_ARG(product), STR_ARG(name),
                      STR_ARG(node_text(NODE_GET(integration, "summary"))));
    write_part(run, integration);
}

// A preset's selection, in the manifest's words.
static void write_selection(Run *run, Node products) {
    NODE_EACH(entry, products) {
        Str name = node_key_text(entry);
        Node integrations = NODE_GET(entry, "integrations");
        strbuf_add_format(&run->out, "  product %.*s\n", STR_ARG(name));
        if (node_kind(integrations) == NODE_STRING)
            strbuf_add_format(&run->out, "    integrations: %.*s\n",
                              STR_ARG(node_text(integrations)));
        else
            write_names(run, "integrations", integrations);
    }
}

// A product or a preset.
static void write_bundle(Run *run, const Bundle *bundle) {
    Node root = bundle->root;
    strbuf_add_format(&run->out, "%.*s: %.*s\n", STR_ARG(bundle->name),
                      STR_ARG(node_text(NODE_GET(root, "summary"))));
    Node role = NODE_GET(root, "role");
    if (node_exists(role)) strbuf_add_format(&run->out, "  role: %.*s\n", STR_ARG(node_text(role)));
    NODE_EACH(name, NODE_GET(root, "requires"))
    strbuf_add_format(&run->out, "  requires: %.*s\n", STR_ARG(node_text(name)));
    Node choice = NODE_GET(root, "choose_one");
    if (node_exists(choice)) {
        write_names(run, "exactly one of", NODE_GET(choice, "integrations"));
        strbuf_add_format(&run->out, "    by default: %.*s\n",
                          STR_ARG(node_text(NODE_GET(choice, "default"))));
    }
    write_parameters(run, root);
    write_selection(run, NODE_GET(root, "products"));
    write_part(run, root);
    NODE_EACH(integration, NODE_GET(root, "integrations")) {
        strbuf_add_byte(&run->out, '\n');
        write_integration(run, bundle->name, integration);
    }
}

// The product or preset of this name; reports where there is none.
static const Bundle *find_bundle(Run *run, Str name) {
    StrVec names = {0};
    const Bundle *bundle = library_find(&run->library, BUNDLE_PRODUCT, name);
    if (bundle == NULL) bundle = library_find(&run->library, BUNDLE_PRESET, name);
    if (bundle != NULL) return bundle;
    library_names(run->arena, &run->library, BUNDLE_PRODUCT, true, &names);
    library_names(run->arena, &run->library, BUNDLE_PRESET, true, &names);
    run_unknown(run, "product or preset", name, &names);
    return NULL;
}

static Node find_integration(Run *run, const Bundle *bundle, Str name) {
    Node integrations = NODE_GET(bundle->root, "integrations");
    Node found = node_get(integrations, name);
    if (node_exists(found)) return found;
    StrVec names = {0};
    node_key_names(run->arena, integrations, &names);
    if (names.count == 0)
        run_usage_error(run, "'%.*s' has no integrations", STR_ARG(bundle->name));
    else
        run_unknown(run, "integration", name, &names);
    return NO_NODE;
}

static void list_one(Run *run, Str argument) {
    size_t slash = str_find_byte(argument, '/', 0);
    const Bundle *bundle = find_bundle(run, str_slice(argument, 0, slash));
    if (bundle == NULL) return;
    bool json = str_equal(run->options.format_name, STR("json"));
    Node node = bundle->root;
    if (slash < argument.length) {
        Str name = str_slice(argument, slash + 1, argument.length);
        node = find_integration(run, bundle, name);
        if (!node_exists(node)) return;
        if (!json) write_integration(run, bundle->name, node);
    } else if (!json) {
        write_bundle(run, bundle);
    }
    if (json) strbuf_add(&run->out, json_pretty(run->arena, node));
}

// {products: {name: bundle}, presets: {name: bundle}}: the bundles as they are.
static void list_json(Run *run) {
    static const struct {
        BundleKind kind;
        const char *key;
    } kinds[] = {{BUNDLE_PRODUCT, "products"}, {BUNDLE_PRESET, "presets"}};
    TreeBuilder builder;
    tree_begin(&builder, run->arena, NULL);
    uint32_t root = tree_mapping(&builder);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count = 0;
        const Bundle *bundles = library_of_kind(&run->library, kinds[k].kind, &count);
        uint32_t group = tree_mapping(&builder);
        tree_put(&builder, root, str_of(kinds[k].key), group);
        for (size_t i = 0; i < count; i++)
            tree_put(&builder, group, bundles[i].name, tree_copy(&builder, bundles[i].root));
    }
    strbuf_add(&run->out, json_pretty(run->arena, (Node){&builder.tree, root}));
}

void command_list(Run *run) {
    const StrVec *arguments = &run->options.arguments;
    Str format = run->options.format_name;
    run->options.format = &diag_formats[0]; // --format is that of the list
    if (format.length != 0 && !str_equal(format, STR("json")) && !str_equal(format, STR("text")))
        run_usage_error(run, "list takes --format text or json");
    else if (arguments->count > 1)
        run_usage_error(run, "usage: spotc list [PRODUCT[/INTEGRATION]]");
    else if (arguments->count == 1)
        list_one(run, arguments->items[0]);
    else if (str_equal(format, STR("json")))
        list_json(run);
    else
        write_overview(run);
}
