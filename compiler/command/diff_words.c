#include "command/diff_words.h"

#include "command/output.h"
#include "diag/escape.h"
#include "diag/listing.h"

// From how many actions on a list is counted.
enum { COUNTED_LIST = 4 };

// So many texts of a list tell enough of what only is to be recognised.
enum { FIRST_TEXTS = 6 };

Str diff_escaped(Arena *arena, Str text) {
    StrBuf buf = strbuf_new(arena);
    escape_text(&buf, text, "");
    return strbuf_str(&buf);
}

static Str place_words(Arena *arena, Span span) {
    Place place = place_of(span);
    if (place.begin.line == 0) return place.name;
    return str_format(arena, "%.*s:%u", STR_ARG(place.name), place.begin.line);
}

Str diff_list(Arena *arena, const StrVec *texts) {
    StrBuf list = strbuf_new(arena);
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0) strbuf_add(&list, STR(", "));
        escape_text(&list, texts->items[i], "");
    }
    return strbuf_str(&list);
}

Str diff_actions(Arena *arena, const DiffRow *row, Str *ret_count) {
    bool counted = row->actions.count >= COUNTED_LIST;
    *ret_count = (Str){0};
    if (counted)
        *ret_count =
            str_format(arena, "%.*s actions", STR_ARG(number_grouped(arena, row->actions.count)));
    return diff_list(arena, &row->shown);
}

Str diff_scope(Arena *arena, const Scope *scope) {
    Str list = diff_list(arena, &scope->texts);
    return scope->excluded ? str_format(arena, "all but %.*s", STR_ARG(list)) : list;
}

Str diff_resources(Arena *arena, const DiffRow *row) {
    StrBuf list = strbuf_new(arena);
    for (size_t i = 0; i < row->resources.count; i++) {
        if (i > 0) strbuf_add(&list, STR(", "));
        strbuf_add(&list, diff_scope(arena, row->resources.items[i]));
    }
    return strbuf_str(&list);
}

static Str test_words(Arena *arena, const Test *test, Str values) {
    Str key = diff_escaped(arena, test->key), operator= diff_escaped(arena, test->operator);
    if (test->decision != NULL)
        return str_format(arena, "the template's condition %.*s is %.*s", STR_ARG(key),
                          STR_ARG(values));
    if (test->of_action)
        return str_format(arena, "the action is %s %.*s",
                          str_equal(test->operator, STR("Action")) ? "one of" : "none of",
                          STR_ARG(values));
    return str_format(arena, "%.*s %.*s %.*s", STR_ARG(key), STR_ARG(operator), STR_ARG(values));
}

Str diff_test(Arena *arena, const Test *test) {
    return test_words(arena, test, diff_list(arena, &test->texts));
}

Str diff_tests(Arena *arena, const Tests *tests) {
    StrBuf list = strbuf_new(arena);
    for (size_t i = 0; tests != NULL && i < tests->items.count; i++) {
        if (i > 0) strbuf_add(&list, STR(" and "));
        strbuf_add(&list, diff_test(arena, &tests->items.items[i]));
    }
    return strbuf_str(&list);
}

static Str cause_words(Arena *arena, const DiffCause *cause) {
    Str place = diff_escaped(arena, place_words(arena, cause->asked));
    Str part = diff_escaped(arena, cause->part);
    if (part.length == 0) return place;
    return str_format(arena, "%.*s (%.*s)", STR_ARG(part), STR_ARG(place));
}

Str diff_cause_words(Arena *arena, const DiffRow *row) {
    StrBuf list = strbuf_new(arena);
    for (size_t i = 0; i < row->causes.count; i++) {
        if (i > 0) strbuf_add(&list, STR(", "));
        strbuf_add(&list, cause_words(arena, &row->causes.items[i]));
    }
    return strbuf_str(&list);
}

// What else is to be said of a row, besides its columns; empty where there is nothing.
Str diff_row_remark(Arena *arena, const DiffRow *row) {
    bool more = row->turn == TURN_GAINED || row->turn == TURN_MAY_GAIN;
    Str why = str_of(diff_doubts[row->doubt]);
    if (row->subject == SUBJECT_BOUNDARY)
        return row->turn == TURN_GAINED     ? STR("dropped")
               : row->turn == TURN_LOST     ? STR("set")
               : row->turn == TURN_MAY_GAIN ? STR("replaced: what it let through is not known")
                                            : STR("new: what it lets through is not known");
    if (row->subject == SUBJECT_MANAGED)
        return more ? STR("attached; what it grants stands in no file here") : STR("detached");
    if (row->effect == EFFECT_DENY) {
        Str what = more ? STR("denied no longer") : STR("denied now");
        return why.length == 0
                   ? what
                   : str_format(arena, "%.*s; in doubt: %.*s", STR_ARG(what), STR_ARG(why));
    }
    return why.length == 0 ? why : str_format(arena, "in doubt: %.*s", STR_ARG(why));
}

static Str first_texts(Arena *arena, const StrVec *texts) {
    StrVec first = *texts;
    if (texts->count <= FIRST_TEXTS) return diff_list(arena, texts);
    first.count = FIRST_TEXTS;
    return str_format(arena, "%.*s, …", STR_ARG(diff_list(arena, &first)));
}

static Str first_scopes(Arena *arena, const Scope *scope) {
    Str list = first_texts(arena, &scope->texts);
    return scope->excluded ? str_format(arena, "all but %.*s", STR_ARG(list)) : list;
}

static Str first_tests(Arena *arena, const Tests *tests) {
    StrBuf list = strbuf_new(arena);
    for (size_t i = 0; i < tests->items.count && i < FIRST_TEXTS; i++) {
        const Test *test = &tests->items.items[i];
        if (i > 0) strbuf_add(&list, STR(" and "));
        strbuf_add(&list, test_words(arena, test, first_texts(arena, &test->texts)));
    }
    return strbuf_str(&list);
}

// "on arn:aws:s3:::a/* if aws:RequestedRegion StringEquals eu-west-1"
static Str class_words(Arena *arena, const AccessClass *class) {
    StrBuf words = strbuf_new(arena);
    Str tests = first_tests(arena, class->tests);
    if (class->resource.texts.count > 0)
        strbuf_add_format(&words, "on %.*s", STR_ARG(first_scopes(arena, &class->resource)));
    if (class->principal.texts.count > 0)
        strbuf_add_format(&words, "%s%s %.*s", words.length > 0 ? " " : "",
                          class->kind == DOCUMENT_TRUST ? "by" : "for",
                          STR_ARG(first_scopes(arena, &class->principal)));
    if (tests.length > 0) strbuf_add_format(&words, " if %.*s", STR_ARG(tests));
    return strbuf_str(&words);
}

Str diff_elsewhere(Arena *arena, const DiffRow *row) {
    StrBuf words = strbuf_new(arena);
    bool more = row->turn == TURN_GAINED || row->turn == TURN_MAY_GAIN;
    if (row->elsewhere.count == 0) return (Str){0};
    strbuf_add(&words, more ? STR("so far ") : STR("still "));
    for (size_t i = 0; i < row->elsewhere.count; i++) {
        if (i > 0) strbuf_add(&words, STR("; "));
        strbuf_add(&words, class_words(arena, row->elsewhere.items[i]));
    }
    if (row->has_more_elsewhere) strbuf_add(&words, STR("; …"));
    return strbuf_str(&words);
}

// What stands around a symbol and what it stands for.
static const struct {
    const char *before, *between, *after;
} binding_words[BOUND_COUNT] = {
    [BOUND_BY_OTHER] = {"", " is taken as ", ", the only one that is named"},
    [BOUND_BY_DEFAULT] = {"", " is taken at its default, ", ""},
    [BOUND_CHANGED_DEFAULT] = {"the default of ", " is not that of the other side: it stands as ",
                               ""},
    [BOUND_CHANGED_TYPE] = {"the type of ", " is not that of the other side: it stands as ", ""},
    [BOUND_CHANGED_RESOURCE] = {"what gives ", " is not what does on the other side: it stands as ",
                                ""},
};

Str diff_binding(Arena *arena, const DiffBinding *binding) {
    const char *own = binding->is_new ? "NEW" : "OLD";
    Str symbol = diff_escaped(arena, binding->symbol), value = diff_escaped(arena, binding->value);
    if (value.length == 0) value = STR("an empty text");
    return str_format(arena, "%s%.*s of %s%s%.*s%s", binding_words[binding->reason].before,
                      STR_ARG(symbol), own, binding_words[binding->reason].between, STR_ARG(value),
                      binding_words[binding->reason].after);
}

static void add_remark(Arena *arena, const char *side, Str text, StrVec *ret_remarks) {
    VEC_PUSH(arena, ret_remarks, str_format(arena, "%s: %.*s", side, STR_ARG(text)));
}

static void add_named(StrBuf *out, const char *separator, const StrVec *names, const char *side) {
    if (names->count == 0) return;
    strbuf_add_format(out, "%s ", separator);
    for (size_t i = 0; i < names->count && i < FIRST_TEXTS; i++)
        strbuf_add_format(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(names->items[i]));
    strbuf_add_format(out, "%s in %s only", names->count > FIRST_TEXTS ? ", …" : "", side);
}

static Str reach_words(Arena *arena, const DiffReach *reach) {
    StrBuf out = strbuf_new(arena);
    strbuf_add_format(&out, "%.*s of '%.*s', which decides who has what, names",
                      STR_ARG(reach->property), STR_ARG(reach->resource));
    add_named(&out, "", &reach->named[0], "OLD");
    add_named(&out, reach->named[0].count > 0 ? "," : "", &reach->named[1], "NEW");
    return strbuf_str(&out);
}

void diff_remarks(Arena *arena, const DiffReport *report, StrVec *ret_remarks) {
    static const char *const names[] = {"OLD", "NEW"};
    for (unsigned s = 0; s < 2; s++) {
        if (report->sides[s] == NULL) continue;
        const Imported *imported = &report->sides[s]->imported;
        for (size_t i = 0; i < imported->unread.count; i++)
            add_remark(arena, names[s], imported->unread.items[i].text, ret_remarks);
        for (size_t i = 0; i < imported->remarks.count; i++)
            add_remark(arena, names[s], imported->remarks.items[i].text, ret_remarks);
    }
    for (size_t i = 0; i < report->reaches.count; i++)
        VEC_PUSH(arena, ret_remarks, reach_words(arena, &report->reaches.items[i]));
    if (report->cut && report->rows == 0)
        VEC_PUSH(arena, ret_remarks,
                 STR("no rows are shown, for there are too many; the numbers count all"));
    else if (report->cut)
        VEC_PUSH(arena, ret_remarks,
                 str_format(arena, "only the first %zu rows are shown; the numbers count all",
                            report->rows));
}

static bool is_trust_only(const Imported *imported) {
    for (size_t i = 0; i < imported->roles.count; i++) {
        const DocumentVec *documents = &imported->roles.items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            if (documents->items[k].kind != DOCUMENT_TRUST) return false;
        }
    }
    return true;
}

Str diff_side_words(Arena *arena, const Input *side) {
    if (side == NULL) return STR("(no such manifest)");
    Str path = diff_escaped(arena, side->path);
    Str name = diff_escaped(arena, side->imported.name);
    if (side->kind == INPUT_POLICY && is_trust_only(&side->imported))
        return str_format(arena, "%.*s (trust policy)", STR_ARG(path));
    if (side->kind != INPUT_MANIFEST)
        return str_format(arena, "%.*s (%s)", STR_ARG(path), input_kind_names[side->kind]);
    return str_format(arena, "%.*s (manifest %.*s)", STR_ARG(path), STR_ARG(name));
}

// Whose the policies are.
static Str owner_words(Arena *arena, const DiffRole *role) {
    if (role->name.length > 0)
        return str_format(arena, "role %.*s", STR_ARG(diff_escaped(arena, role->name)));
    if (role->policy.length == 0) return STR("policies that no role is known to have");
    Str policy = diff_escaped(arena, role->policy);
    return role->kind == DOCUMENT_RESOURCE
               ? str_format(arena, "resource policy of %.*s", STR_ARG(policy))
               : str_format(arena, "policy %.*s, which no role of the template has",
                            STR_ARG(policy));
}

Str diff_role_words(Arena *arena, const DiffRole *role) {
    const char *only = role->only_new ? " (only in NEW)" : role->only_old ? " (only in OLD)" : "";
    return str_format(arena, "%.*s%s", STR_ARG(owner_words(arena, role)), only);
}
