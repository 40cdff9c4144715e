#include "validate/report.h"

#include "base/guard.h"
#include "base/utf8.h"
#include "read/number.h"
#include "validate/meant.h"
#include "validate/phrase.h"
#include "validate/reference.h"

// References that are followed to a schema's description or type.
enum { MAX_HOPS = 16 };

typedef struct Reporter {
    Arena *arena;
    Diags *diags;
    Node root;     // of the instance
    SchemaRun run; // for references
    Meant meant;
    Resource document;
    // For a value the mapping or sequence around it, for a key its value; 0 for the root.
    uint32_t *parents;
} Reporter;

static void note_parents(Reporter *r, Node container) {
    NODE_EACH(child, container) {
        r->parents[child.id] = container.id;
        r->parents[node_key(child).id] = child.id;
        note_parents(r, child);
    }
}

static Node parent_of(const Reporter *r, Node node) {
    uint32_t id = node.id == r->root.id ? 0 : r->parents[node.id];
    return id == 0 ? NO_NODE : (Node){node.tree, id};
}

static bool is_key(const Reporter *r, Node node) {
    return node_exists(node) && node_key(parent_of(r, node)).id == node.id;
}

static Str quote_key(const Reporter *r, Node member) {
    return str_format(r->arena, "'%.*s'", STR_ARG(phrase_excerpt(r->arena, node_key_text(member))));
}

// What a message says something of: "'account'", "an item of 'regions'", "the key 'Ocean'".
static Str subject(const Reporter *r, Node node) {
    Node parent = parent_of(r, node);
    if (is_key(r, node)) return str_format(r->arena, "the key %.*s", STR_ARG(quote_key(r, parent)));
    if (node_exists(node_key(node))) return quote_key(r, node);
    if (!node_exists(parent)) return STR("the document");
    if (!node_exists(node_key(parent))) return STR("an item");
    return str_format(r->arena, "an item of %.*s", STR_ARG(quote_key(r, parent)));
}

static Node follow(Reporter *r, Node schema) {
    Resource resource = r->document;
    for (int hops = 0; hops < MAX_HOPS; hops++) {
        Node reference = NODE_GET(schema, "$ref");
        if (node_kind(reference) != NODE_STRING) break;
        if (!reference_resolve(&r->run, &resource, reference, &schema, &resource)) break;
    }
    return schema;
}

static Str description_of(Reporter *r, Node schema) {
    Node own = NODE_GET(schema, "description");
    if (!node_exists(own)) own = NODE_GET(follow(r, schema), "description");
    return node_text(own);
}

// --- keys --------------------------------------------------------------------------------------

static Str did_you_mean(const Reporter *r, Str text, Str meant) {
    if (meant.length == 0) return text;
    return str_format(r->arena, "%.*s; did you mean '%.*s'?", STR_ARG(text), STR_ARG(meant));
}

static void report_no_key(const Reporter *r, Span span, Str key, Str meant, const StrVec *choices) {
    Str shown = phrase_excerpt(r->arena, key);
    Str text = did_you_mean(r, str_format(r->arena, "no key '%.*s'", STR_ARG(shown)), meant);
    Diagnostic *d = diag_report(r->diags, MSG_UNKNOWN_KEY, span, "%.*s%s", STR_ARG(text),
                                meant.length == 0 ? " here" : "");
    Str names = phrase_names(r->arena, choices);
    if (choices->count > 0) diag_note(r->diags, d, NO_SPAN, "keys here: %.*s", STR_ARG(names));
}

static bool is_unknown_key(const Violation *v) {
    return str_equal(v->name, STR("additionalProperties"));
}

// Which keys were meant must be known for all before one that is missing is reported: what is
// misspelled is missing too, which is not worth a second message.
static void find_meant(Reporter *r, ViolationVec *violations) {
    for (size_t i = 0; i < violations->count; i++) {
        Violation *v = &violations->items[i];
        if (!is_unknown_key(v)) continue;
        StrVec choices = meant_keys(&r->meant, v->schema);
        v->detail = meant_name(&r->meant, node_key_text(v->instance), &choices);
        meant_note_misspelled(&r->meant, parent_of(r, v->instance), v->detail);
    }
}

static void report_unknown_key(Reporter *r, const Violation *v) {
    StrVec choices = meant_keys(&r->meant, v->schema);
    report_no_key(r, node_key_span(v->instance), node_key_text(v->instance), v->detail, &choices);
}

static void report_false(Reporter *r, const Violation *v) {
    Str who = subject(r, v->instance);
    MessageId id = node_exists(node_key(v->instance)) ? MSG_UNKNOWN_KEY : MSG_INVALID_VALUE;
    diag_report(r->diags, id, node_key_span(v->instance), "%.*s is not allowed here", STR_ARG(who));
}

static Span mapping_span(Node mapping) {
    if (node_exists(node_key(mapping))) return node_key_span(mapping);
    Span first = node_key_span(node_first(mapping)), own = node_span(mapping);
    bool is_within = node_count(mapping) > 0 && first.begin >= own.begin && first.end <= own.end;
    return is_within ? first : own; // what a fleet shares stands outside of its entries
}

static bool is_missing(const Violation *v) {
    return str_equal(v->name, STR("required")) || str_equal(v->name, STR("dependentRequired"));
}

static void note_description(Reporter *r, Diagnostic *diagnostic, const Violation *v) {
    Members *members = &r->run.members;
    Node property = members_get(members, NODE_GET(v->schema, "properties"), v->detail);
    // What is asked for in `then` or `else` is described beside these.
    if (!node_exists(property) && v->instance.id == r->root.id)
        property = members_get(members, NODE_GET(r->document.root, "properties"), v->detail);
    Str description = description_of(r, property);
    if (description.length > 0)
        diag_note(r->diags, diagnostic, NO_SPAN, "%.*s: %.*s", STR_ARG(v->detail),
                  STR_ARG(description));
}

// All that a mapping lacks is one message: they would stand at one place.
static void report_missing(Reporter *r, const Violation *const *missing, size_t count) {
    StrVec names = {0};
    for (size_t i = 0; i < count; i++) {
        Str name = phrase_excerpt(r->arena, missing[i]->detail);
        VEC_PUSH(r->arena, &names, str_format(r->arena, "'%.*s'", STR_ARG(name)));
    }
    Str list = phrase_join(r->arena, &names, " and ");
    Diagnostic *d = diag_report(r->diags, MSG_MISSING_KEY, mapping_span(missing[0]->instance),
                                "%.*s %s missing", STR_ARG(list), count == 1 ? "is" : "are");
    for (size_t i = 0; d != NULL && i < count; i++) note_description(r, d, missing[i]);
}

// Reports what the instance of violation `at` lacks. Returns the place behind the last that does.
static size_t report_lacks(Reporter *r, const ViolationVec *all, size_t at) {
    VEC(const Violation *) missing = {0};
    Node mapping = all->items[at].instance;
    for (; at < all->count && all->items[at].instance.id == mapping.id; at++) {
        const Violation *v = &all->items[at];
        if (!is_missing(v)) break;
        if (!meant_is_misspelled(&r->meant, mapping, v->detail)) VEC_PUSH(r->arena, &missing, v);
    }
    if (missing.count > 0) report_missing(r, missing.items, missing.count);
    return at;
}

// --- types -------------------------------------------------------------------------------------

static bool is_unquoted(Node value) {
    NodeKind kind = node_kind(value);
    return kind == NODE_NUMBER || kind == NODE_BOOLEAN;
}

static bool names_type(Node types, Str name) {
    if (node_is_string(types, name)) return true;
    NODE_EACH(type, types) {
        if (node_is_string(type, name)) return true;
    }
    return false;
}

static bool is_quoted_number(Node value, Node types) {
    Number number;
    if (node_kind(value) != NODE_STRING || !number_parse(node_text(value), &number)) return false;
    return names_type(types, STR("number")) ||
           (names_type(types, STR("integer")) && number_is_integer(&number));
}

static void report_expected(Reporter *r, Node value, const StrVec *expected) {
    Str who = subject(r, value), wanted = phrase_join(r->arena, expected, " or ");
    Str kind = phrase_kind(r->arena, value);
    bool empty = str_equal(kind, STR("empty"));
    diag_report(r->diags, MSG_WRONG_TYPE, node_key_span(value), "%.*s must be %.*s, %s %.*s",
                STR_ARG(who), STR_ARG(wanted), empty ? "but is" : "not", STR_ARG(kind));
}

static void report_type(Reporter *r, const Violation *v) {
    StrVec expected = {0};
    Node value = v->instance;
    Str who = subject(r, value);
    phrase_types(r->arena, v->keyword, &expected);
    Str wanted = phrase_join(r->arena, &expected, " or ");
    Str written = phrase_excerpt(r->arena, phrase_as_written(value));
    if (is_unquoted(value) && names_type(v->keyword, STR("string")))
        diag_report(r->diags, MSG_WRONG_TYPE, node_span(value),
                    "%.*s must be %.*s%s in quotes: \"%.*s\"", STR_ARG(who), STR_ARG(wanted),
                    expected.count > 1 ? "; as a string" : "", STR_ARG(written));
    else if (is_quoted_number(value, v->keyword))
        diag_report(r->diags, MSG_WRONG_TYPE, node_span(value),
                    "%.*s must be %.*s, without quotes: %.*s", STR_ARG(who), STR_ARG(wanted),
                    STR_ARG(written));
    else
        report_expected(r, value, &expected);
}

// --- values ------------------------------------------------------------------------------------

static void report_value(Reporter *r, const Violation *v, Str text) {
    Str who = subject(r, v->instance);
    diag_report(r->diags, MSG_INVALID_VALUE, node_span(v->instance), "%.*s %.*s", STR_ARG(who),
                STR_ARG(text));
}

static void collect_texts(const Reporter *r, Node values, StrVec *ret_texts) {
    NODE_EACH(value, values) {
        Str text =
            node_kind(value) >= NODE_SEQUENCE ? phrase_value(r->arena, value) : node_text(value);
        VEC_PUSH(r->arena, ret_texts, text);
    }
}

static void report_choice(Reporter *r, const Violation *v, const StrVec *choices) {
    Str who = subject(r, v->instance), shown = phrase_value(r->arena, v->instance);
    Str meant = meant_name(&r->meant, node_text(v->instance), choices);
    if (is_key(r, v->instance)) {
        report_no_key(r, node_span(v->instance), node_text(v->instance), meant, choices);
        return;
    }
    Str text = str_format(r->arena, "%.*s cannot be %.*s", STR_ARG(who), STR_ARG(shown));
    text = did_you_mean(r, text, meant);
    Diagnostic *d =
        diag_report(r->diags, MSG_INVALID_VALUE, node_span(v->instance), "%.*s", STR_ARG(text));
    Str names = phrase_join(r->arena, choices, ", ");
    if (choices->count > 0) diag_note(r->diags, d, NO_SPAN, "choices: %.*s", STR_ARG(names));
}

static void report_enum(Reporter *r, const Violation *v) {
    StrVec choices = {0};
    collect_texts(r, v->keyword, &choices);
    report_choice(r, v, &choices);
}

static Str counted(const Reporter *r, const char *what, Node count, const char *one,
                   const char *many) {
    bool single = str_equal(node_text(count), STR("1"));
    return str_format(r->arena, "%s %.*s %s", what, STR_ARG(node_text(count)), single ? one : many);
}

static void report_const(Reporter *r, const Violation *v) {
    Str only = phrase_value(r->arena, v->keyword);
    report_value(r, v, str_format(r->arena, "must be %.*s", STR_ARG(only)));
}

static void report_pattern(Reporter *r, const Violation *v) {
    Str pattern = phrase_excerpt(r->arena, node_text(v->keyword));
    report_value(r, v, str_format(r->arena, "does not match the pattern %.*s", STR_ARG(pattern)));
}

static void report_length(Reporter *r, const Violation *v) {
    size_t length = utf8_count(node_text(v->instance));
    bool short_of = str_equal(v->name, STR("minLength"));
    Str bound =
        counted(r, short_of ? "at least" : "at most", v->keyword, "character", "characters");
    if (length == 0)
        report_value(r, v, STR("must not be empty"));
    else
        report_value(r, v,
                     str_format(r->arena, "is too %s: %.*s, not %zu", short_of ? "short" : "long",
                                STR_ARG(bound), length));
}

static void report_size(Reporter *r, const Violation *v) {
    bool items = node_kind(v->instance) == NODE_SEQUENCE;
    bool least = str_starts_with(v->name, STR("min"));
    Str bound = counted(r, least ? "at least" : "at most", v->keyword, items ? "item" : "key",
                        items ? "items" : "keys");
    report_value(r, v, str_format(r->arena, "must have %.*s", STR_ARG(bound)));
}

static void report_bound(Reporter *r, const Violation *v) {
    static const struct {
        const char *name, *words;
    } bounds[] = {
        {"minimum", "at least"},           {"maximum", "at most"},
        {"exclusiveMinimum", "more than"}, {"exclusiveMaximum", "less than"},
        {"multipleOf", "a multiple of"},
    };
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (!str_equal(v->name, str_of(bounds[i].name))) continue;
        report_value(r, v,
                     str_format(r->arena, "must be %s %.*s", bounds[i].words,
                                STR_ARG(node_text(v->keyword))));
    }
}

static void report_repeated(Reporter *r, const Violation *v) {
    Str item = phrase_value(r->arena, v->instance);
    Node list = parent_of(r, v->instance);
    Str where = node_exists(node_key(list)) ? quote_key(r, list) : STR("the list");
    diag_report(r->diags, MSG_INVALID_VALUE, node_span(v->instance), "%.*s stands twice in %.*s",
                STR_ARG(item), STR_ARG(where));
}

static void report_contains(Reporter *r, const Violation *v) {
    bool many = str_equal(v->name, STR("maxContains"));
    report_value(r, v,
                 many ? STR("has too many items of the kind that is counted here")
                      : STR("lacks an item that it must have"));
}

static void report_not(Reporter *r, const Violation *v) {
    Str shown = phrase_value(r->arena, v->instance);
    if (node_kind(v->instance) < NODE_SEQUENCE)
        report_value(r, v, str_format(r->arena, "cannot be %.*s", STR_ARG(shown)));
    else
        report_value(r, v, STR("is what is not allowed here"));
}

static void report_surplus(Reporter *r, const Violation *v) {
    Node list = parent_of(r, v->instance);
    uint32_t most = node_count(NODE_GET(v->schema, "prefixItems"));
    diag_report(r->diags, MSG_INVALID_VALUE, node_span(v->instance),
                "%.*s must have at most %u item%s", STR_ARG(subject(r, list)), most,
                most == 1 ? "" : "s");
}

// What a branch takes, where its type or its choices tell; false where they do not.
static bool add_branch(Reporter *r, Node branch, StrVec *phrases, StrVec *choices) {
    Node schema = follow(r, branch);
    Node values = NODE_GET(schema, "enum"), only = NODE_GET(schema, "const");
    if (node_exists(only)) {
        VEC_PUSH(r->arena, phrases, phrase_value(r->arena, only));
        VEC_PUSH(r->arena, choices, node_text(only));
    } else if (node_exists(values)) {
        collect_texts(r, values, choices);
        NODE_EACH(value, values) VEC_PUSH(r->arena, phrases, phrase_value(r->arena, value));
    } else if (node_exists(NODE_GET(schema, "type"))) {
        phrase_types(r->arena, NODE_GET(schema, "type"), phrases);
    } else {
        return false;
    }
    return true;
}

// Whether no branch takes the instance's type: then its types are what there is to say.
static bool is_of_no_branch(Node value, const StrVec *phrases) {
    static const char *const types[] = {
        [NODE_NONE] = "",
        [NODE_NULL] = "nothing",
        [NODE_BOOLEAN] = "true or false",
        [NODE_NUMBER] = "a number",
        [NODE_STRING] = "a string",
        [NODE_SEQUENCE] = "a list",
        [NODE_MAPPING] = "a mapping",
    };
    NodeKind kind = node_kind(value);
    for (size_t i = 0; i < phrases->count; i++) {
        Str phrase = phrases->items[i];
        bool whole = str_equal(phrase, STR("a whole number"));
        bool quoted = phrase.length > 0 && phrase.data[0] == '\'';
        if (str_equal(phrase, str_of(types[kind]))) return false;
        if ((kind == NODE_NUMBER && whole) || (kind == NODE_STRING && quoted)) return false;
    }
    return true;
}

static void report_branches(Reporter *r, const Violation *v) {
    StrVec phrases = {0}, choices = {0};
    bool all = true;
    NODE_EACH(branch, v->keyword) all = add_branch(r, branch, &phrases, &choices) && all;
    if (str_equal(v->detail, STR("several")))
        report_value(r, v, STR("fits several of the forms of which it must fit one"));
    else if (all && is_of_no_branch(v->instance, &phrases))
        report_expected(r, v->instance, &phrases);
    else if (all && choices.count > 0 && choices.count == phrases.count)
        report_choice(r, v, &choices);
    else
        report_value(r, v, STR("has none of the forms that are allowed here"));
}

// --- all ---------------------------------------------------------------------------------------

typedef void Report(Reporter *r, const Violation *v);

// How each keyword is reported. The schema's own errorMessage goes first where `own_words` is set.
static const struct {
    const char *name;
    bool own_words;
    Report *report;
} reports[] = {
    {"type", false, report_type},
    {"false", false, report_false},
    {"additionalProperties", false, report_unknown_key},
    {"enum", false, report_enum},
    {"uniqueItems", false, report_repeated},
    {"items", false, report_surplus},
    {"const", true, report_const},
    {"pattern", true, report_pattern},
    {"minLength", true, report_length},
    {"maxLength", true, report_length},
    {"minItems", true, report_size},
    {"maxItems", true, report_size},
    {"minProperties", true, report_size},
    {"maxProperties", true, report_size},
    {"minimum", true, report_bound},
    {"maximum", true, report_bound},
    {"exclusiveMinimum", true, report_bound},
    {"exclusiveMaximum", true, report_bound},
    {"multipleOf", true, report_bound},
    {"contains", true, report_contains},
    {"minContains", true, report_contains},
    {"maxContains", true, report_contains},
    {"not", true, report_not},
    {"anyOf", true, report_branches},
    {"oneOf", true, report_branches},
};

static Str own_words(const Violation *v) {
    Node of_pattern = NODE_GET(v->schema, "patternErrorMessage");
    if (str_equal(v->name, STR("pattern")) && node_exists(of_pattern)) return node_text(of_pattern);
    return node_text(NODE_GET(v->schema, "errorMessage"));
}

static void report_violation(Reporter *r, const Violation *v) {
    Str words = own_words(v);
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        if (!str_equal(v->name, str_of(reports[i].name))) continue;
        if (reports[i].own_words && words.length > 0)
            report_value(r, v, str_format(r->arena, "is not valid: %.*s", STR_ARG(words)));
        else
            reports[i].report(r, v);
    }
}

static void report_all(Reporter *r, const ViolationVec *violations) {
    for (size_t i = 0; i < violations->count;) {
        if (is_missing(&violations->items[i]))
            i = report_lacks(r, violations, i);
        else
            report_violation(r, &violations->items[i++]);
        arena_reset(r->arena);
    }
}

static void free_words(void *words) {
    arena_free(words);
}

bool validate_document(Arena *arena, Diags *diags, Node schema, Node instance) {
    ViolationVec violations = {0};
    SchemaResult result =
        schema_validate(arena, diags, schema, instance, RUN_MAX_VIOLATIONS, &violations);
    if (violations.count == 0) return result == SCHEMA_VALID;
    Arena words = {0};
    Guard guard;
    guard_begin(&guard, arena, free_words, &words);
    arena_init(&words, arena->exhausted, arena->context);
    Reporter reporter = {.arena = &words, .diags = diags, .root = instance};
    schema_run_begin(&reporter.run, arena, diags, schema);
    reporter.document = resource_of_document(&reporter.run);
    reporter.parents = ARENA_ARRAY(arena, uint32_t, instance.tree->count);
    note_parents(&reporter, instance);
    meant_begin(&reporter.meant, arena);
    find_meant(&reporter, &violations);
    report_all(&reporter, &violations);
    guard_end(&guard);
    arena_free(&words);
    return false;
}
