// Whether a schema keeps to what is implemented.
#include "validate/reference.h"

static bool report(SchemaRun *run, Node at, bool at_key, Str text) {
    Span span = at_key ? node_key_span(at) : node_span(at);
    diag_report(run->diags, MSG_UNSUPPORTED_SCHEMA, span, "%.*s", STR_ARG(text));
    return false;
}

static bool report_unknown(SchemaRun *run, Node value) {
    Str name = node_key_text(value);
    Str nearest = keyword_nearest(name);
    Str text = str_format(run->arena, "the keyword '%.*s' is not supported", STR_ARG(name));
    if (nearest.length > 0)
        text =
            str_format(run->arena, "%.*s; did you mean '%.*s'?", STR_ARG(text), STR_ARG(nearest));
    return report(run, value, true, text);
}

// Whether the value has the shape of schemas that the keyword asks for.
static Str shape_problem(const Keyword *keyword, Node value) {
    NodeKind kind = node_kind(value);
    if (keyword->holds == HOLDS_SCHEMA_LIST && (kind != NODE_SEQUENCE || node_count(value) == 0))
        return STR("must be a list of at least one schema");
    if (keyword->holds == HOLDS_SCHEMA_MAP && kind != NODE_MAPPING)
        return STR("must be a mapping of schemas");
    return (Str){0};
}

static bool check_schema(void *context, Node schema);

static bool check_keyword(SchemaRun *run, Node value) {
    const Keyword *keyword = keyword_find(&run->keywords, node_key_text(value));
    if (keyword == NULL)
        return keyword_is_extension(node_key_text(value)) || report_unknown(run, value);
    Str problem = shape_problem(keyword, value);
    if (problem.length == 0 && keyword->check != NULL) problem = keyword->check(run, value);
    if (run->stopped != SCHEMA_VALID) return false;
    if (problem.length > 0)
        return report(
            run, value, false,
            str_format(run->arena, "'%.*s' %.*s", STR_ARG(keyword->name), STR_ARG(problem)));
    return keyword_each_schema(keyword, value, check_schema, run);
}

// Goes on after a fault in a keyword, so that each is reported.
static bool check_schema(void *context, Node schema) {
    SchemaRun *run = context;
    if (run->stopped != SCHEMA_VALID) return false;
    if (node_kind(schema) == NODE_BOOLEAN) return true;
    if (node_kind(schema) != NODE_MAPPING)
        return report(run, schema, false, STR("a schema must be a mapping, true or false"));
    const Resource *around = run->resource;
    Resource here = resource_of(run, around, schema);
    bool good = true;
    run->resource = &here;
    NODE_EACH(value, schema) good &= check_keyword(run, value);
    run->resource = around;
    return good;
}

bool schema_check_supported(Arena *arena, Diags *diags, Node schema) {
    SchemaRun run;
    schema_run_begin(&run, arena, diags, schema);
    Resource none = {.root = schema};
    run.resource = &none;
    // A document without a name of its own is the empty reference's target: no other part may be.
    if (!node_exists(NODE_GET(schema, "$id"))) strmap_set(arena, &run.names, STR(""), 0);
    bool good = check_schema(&run, schema);
    return good && run.stopped == SCHEMA_VALID;
}
