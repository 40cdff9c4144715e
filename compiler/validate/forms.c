// How the values of keywords must be formed.
#include "base/map.h"
#include "read/number.h"
#include "validate/reference.h"
#include "validate/uri.h"

static const Str well_formed = {0};

// 1 << kind for each type name; integers are numbers, which apply_type looks at closer.
static bool is_type_name(Str name) {
    static const char *const names[] = {"null",   "boolean", "integer", "number",
                                        "string", "array",   "object"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, str_of(names[i]))) return true;
    }
    return false;
}

Str check_any_of_types(SchemaRun *run, Node value) {
    static const char wrong[] = "must be null, boolean, integer, number, string, array or object, "
                                "or a list of these";
    if (node_kind(value) == NODE_STRING)
        return is_type_name(node_text(value)) ? well_formed : str_of(wrong);
    Str problem = check_names(run, value);
    if (problem.length > 0 || node_count(value) == 0) return str_of(wrong);
    NODE_EACH(name, value) {
        if (!is_type_name(node_text(name))) return str_of(wrong);
    }
    return well_formed;
}

static bool read_number(Node value, Number *ret_number) {
    return node_kind(value) == NODE_NUMBER && number_parse(node_text(value), ret_number);
}

Str check_number(SchemaRun *run, Node value) {
    Number number;
    (void)run;
    return read_number(value, &number) ? well_formed : STR("must be a number");
}

Str check_divisor(SchemaRun *run, Node value) {
    Number number;
    (void)run;
    if (read_number(value, &number) && number_is_divisor(&number)) return well_formed;
    return STR("must be a number above 0 with at most 19 digits");
}

Str check_count(SchemaRun *run, Node value) {
    Number number;
    (void)run;
    if (read_number(value, &number) && number_is_integer(&number) && !number.negative)
        return well_formed;
    return STR("must be a whole number from 0 up");
}

Str check_boolean(SchemaRun *run, Node value) {
    (void)run;
    return node_kind(value) == NODE_BOOLEAN ? well_formed : STR("must be true or false");
}

Str check_string(SchemaRun *run, Node value) {
    (void)run;
    return node_kind(value) == NODE_STRING ? well_formed : STR("must be a string");
}

Str check_list(SchemaRun *run, Node value) {
    (void)run;
    return node_kind(value) == NODE_SEQUENCE ? well_formed : STR("must be a list");
}

Str check_error_message(SchemaRun *run, Node value) {
    (void)run;
    bool good = node_kind(value) == NODE_STRING || node_kind(value) == NODE_MAPPING;
    return good ? well_formed : STR("must be a string");
}

Str check_names(SchemaRun *run, Node value) {
    StrMap seen = {0};
    if (node_kind(value) != NODE_SEQUENCE) return STR("must be a list of strings");
    NODE_EACH(name, value) {
        if (node_kind(name) != NODE_STRING) return STR("must be a list of strings");
        if (!strmap_set(run->arena, &seen, node_text(name), 0))
            return STR("must not hold a string twice");
    }
    return well_formed;
}

Str check_dependent_names(SchemaRun *run, Node value) {
    if (node_kind(value) != NODE_MAPPING) return STR("must map keys to lists of strings");
    NODE_EACH(names, value) {
        Str problem = check_names(run, names);
        if (problem.length > 0) return STR("must map keys to lists of strings without repeats");
    }
    return well_formed;
}

static Str pattern_problem(SchemaRun *run, Str pattern) {
    Str problem = patterns_problem(schema_run_patterns(run), pattern);
    if (problem.length == 0) return well_formed;
    return str_format(run->arena, "is not a regular expression: %.*s", STR_ARG(problem));
}

Str check_pattern(SchemaRun *run, Node value) {
    Str problem = check_string(run, value);
    return problem.length > 0 ? problem : pattern_problem(run, node_text(value));
}

Str check_patterns(SchemaRun *run, Node value) {
    NODE_EACH(schema, value) {
        Str problem = pattern_problem(run, node_key_text(schema));
        if (problem.length > 0)
            return str_format(run->arena, "has the key '%.*s', which %.*s",
                              STR_ARG(node_key_text(schema)), STR_ARG(problem));
    }
    return well_formed;
}

Str check_dialect(SchemaRun *run, Node value) {
    static const Str dialect = {"https://json-schema.org/draft/2020-12/schema", 44};
    (void)run;
    bool good = node_kind(value) == NODE_STRING &&
                str_equal(uri_without_fragment(node_text(value)), dialect) &&
                uri_fragment(node_text(value)).length == 0;
    return good ? well_formed
                : str_of("must be https://json-schema.org/draft/2020-12/schema, the "
                         "dialect that spotc implements");
}

// Names of the document may stand for one thing only: two would make references ambiguous.
static Str claim_name(SchemaRun *run, Str anchor) {
    Str name = reference_name(run->arena, run->resource, anchor);
    bool first = strmap_set(run->arena, &run->names, name, 0);
    return first ? well_formed : STR("stands in the document twice");
}

Str check_id(SchemaRun *run, Node value) {
    Str problem = check_string(run, value);
    if (problem.length > 0) return problem;
    if (uri_fragment(node_text(value)).length > 0) return STR("must not have a fragment");
    return claim_name(run, (Str){0});
}

static bool is_anchor_byte(char c, bool first) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return true;
    return !first && ((c >= '0' && c <= '9') || c == '-' || c == '.');
}

Str check_anchor(SchemaRun *run, Node value) {
    Str name = node_text(value);
    bool good = node_kind(value) == NODE_STRING && name.length > 0;
    for (size_t i = 0; good && i < name.length; i++) good = is_anchor_byte(name.data[i], i == 0);
    if (!good) return STR("must be a name of letters, digits and _-. that begins with a letter");
    return claim_name(run, name);
}

Str check_reference(SchemaRun *run, Node value) {
    Node schema;
    Resource resource;
    Str problem = check_string(run, value);
    if (problem.length > 0) return problem;
    if (reference_resolve(run, run->resource, value, &schema, &resource)) return well_formed;
    return str_format(run->arena, "leads to no schema of this document: %.*s",
                      STR_ARG(node_text(value)));
}
