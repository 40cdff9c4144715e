// Policy variables: ${aws:username}, ${aws:PrincipalTag/team, 'none'} (IAM User Guide, "IAM policy
// elements: Variables and tags").
#include "lint/condition.h"
#include "lint/symbolic.h"

// What is wrong with the `${…}` that begins a text; NULL where nothing is. Sets *ret_end to where
// it ends.
static const char *fault_of(Str text, size_t *ret_end) {
    size_t close = str_find_byte(text, '}', 0);
    Str inner = str_slice(text, 2, close), name = str_slice(inner, 0, str_find_byte(inner, ',', 0));
    *ret_end = close < text.length ? close + 1 : text.length;
    if (close == text.length || str_find(inner, STR("${"), 0) < inner.length)
        return "lacks its closing brace";
    size_t blanks = 0;
    while (blanks < inner.length && inner.data[blanks] == ' ') blanks++;
    if (blanks == inner.length) return "is empty";
    if (str_find_byte(name, ' ', 0) < name.length) return "has a space in its name";
    if (name.length == inner.length) return NULL;
    Str rest = str_slice(inner, name.length + 1, inner.length);
    while (rest.length > 0 && rest.data[0] == ' ') rest = str_slice(rest, 1, rest.length);
    bool quoted =
        rest.length >= 2 && str_starts_with(rest, STR("'")) && str_ends_with(rest, STR("'"));
    return quoted ? NULL : "has a default that does not stand in single quotes";
}

// Where the next `${…}` of a text begins that is not filled in when a template is deployed, or the
// text's length.
static size_t next_variable(Str text, size_t at) {
    for (at = str_find(text, STR("${"), at); at < text.length;) {
        Str rest = str_slice(text, at, text.length);
        bool of_bundle = str_starts_with(rest, STR("${{"));
        Str closing = of_bundle ? STR("}}") : STR("}");
        size_t close = str_find(rest, closing, 0);
        if (close == rest.length && !of_bundle) return at;
        if (!of_bundle && !is_wholly_symbolic(str_slice(rest, 0, close + 1))) return at;
        at = str_find(text, STR("${"), at + (close < rest.length ? close + closing.length : close));
    }
    return text.length;
}

static void check_syntax_of(Lint *lint, const Item *item) {
    size_t end = 0;
    for (size_t at = next_variable(item->text, 0); at < item->text.length;
         at = next_variable(item->text, at + end)) {
        const char *fault = fault_of(str_slice(item->text, at, item->text.length), &end);
        if (fault == NULL) continue;
        lint_report(lint, item->span, "the variable '%.*s' %s",
                    STR_ARG(str_slice(item->text, at, at + end)), fault);
        return;
    }
}

static void check_syntax_of_all(Lint *lint, const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++) check_syntax_of(lint, &items->items[i]);
}

void check_variable_syntax(Lint *lint, const Unit *unit) {
    const DocumentStatement *statement = unit->statement;
    check_syntax_of_all(lint, &statement->resources);
    for (size_t i = 0; i < statement->conditions.count; i++)
        check_syntax_of_all(lint, &statement->conditions.items[i].values);
}

// The first variable of a text that names a key, or none.
static Str first_variable(Str text) {
    for (size_t at = next_variable(text, 0); at < text.length;) {
        size_t end = 0;
        Str rest = str_slice(text, at, text.length);
        if (fault_of(rest, &end) == NULL && str_find_byte(rest, ':', 0) < end)
            return str_slice(rest, 0, end);
        at = next_variable(text, at + end);
    }
    return (Str){0};
}

static void check_element(Lint *lint, const Item *item, const char *element) {
    Str variable = first_variable(item->text);
    if (variable.length == 0) return;
    lint_report(lint, item->span, "'%.*s' is no variable in %s, where it is plain text",
                STR_ARG(variable), element);
}

// The first five parts of an ARN take no variables.
static void check_resource(Lint *lint, const Item *item) {
    Str variable = first_variable(item->text);
    if (variable.length == 0) return;
    Str before = str_slice(item->text, 0, (size_t)(variable.data - item->text.data));
    size_t colons = 0;
    for (size_t i = 0; i < before.length; i++) colons += before.data[i] == ':';
    if (colons >= 5 || !str_starts_with(item->text, STR("arn:")) || is_symbolic(before)) return;
    lint_report(lint, item->span,
                "'%.*s' stands before the fifth colon of the ARN, where variables "
                "are plain text",
                STR_ARG(variable));
}

void check_variable_place(Lint *lint, const Unit *unit) {
    const DocumentStatement *s = unit->statement;
    for (size_t i = 0; i < s->actions.count; i++)
        check_element(lint, &s->actions.items[i], s->not_action ? "NotAction" : "Action");
    for (size_t i = 0; i < s->principals.count; i++) {
        const ItemVec *ids = &s->principals.items[i].ids;
        for (size_t k = 0; k < ids->count; k++)
            check_element(lint, &ids->items[k], s->not_principal ? "NotPrincipal" : "Principal");
    }
    for (size_t i = 0; i < s->resources.count; i++) check_resource(lint, &s->resources.items[i]);
}

void check_variable_operator(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || facts->operator.variables) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        Str variable = first_variable(value->text);
        if (variable.length == 0) continue;
        lint_report(lint, value->span, "'%.*s' takes no variables such as '%.*s'",
                    STR_ARG(c->operator.text), STR_ARG(variable));
    }
}
