#include "dump.h"

#include "base/json_string.h"
#include "emit/json.h"
#include "layout/statements.h"

static void add_place(StrBuf *out, Span span) {
    if (span.source == NULL) return;
    Position position = source_position(span.source, span.begin);
    strbuf_add_format(out, "%.*s:%u:%u", STR_ARG(span.source->name), position.line,
                      position.column);
}

void dump_document(const Compilation *c, StrBuf *out) {
    strbuf_add(out, json_pretty(c->arena, c->document));
}

void dump_selection(const Compilation *c, StrBuf *out) {
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        const Role *role = &c->selection.roles.items[i];
        strbuf_add_format(out, "role %.*s trusts", STR_ARG(role->id));
        for (size_t k = 0; k < role->principals.count; k++)
            strbuf_add_format(out, " %.*s", STR_ARG(role->principals.items[k]));
        strbuf_add(out, role->external_id.length != 0 ? STR(" with an external id\n") : STR("\n"));
        for (size_t k = 0; k < role->managed.count; k++)
            strbuf_add_format(out, "attached %.*s\n", STR_ARG(role->managed.items[k].name));
    }
    for (size_t i = 0; i < c->selection.statements.count; i++) {
        const ChosenStatement *chosen = &c->selection.statements.items[i];
        strbuf_add_format(out, "statement %.*s of role %.*s <- ",
                          STR_ARG(node_text(NODE_GET(chosen->node, "sid"))), STR_ARG(chosen->role));
        add_place(out, chosen->asked);
        strbuf_add(out, STR(" <- "));
        add_place(out, node_span(chosen->node));
        strbuf_add_byte(out, '\n');
    }
}

static void add_conditions(StrBuf *out, const ConditionVec *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        const Condition *condition = &conditions->items[i];
        strbuf_add_format(out, " if %.*s %.*s", STR_ARG(condition->operator),
                          STR_ARG(condition->key));
        for (size_t k = 0; k < condition->values.count; k++) {
            strbuf_add_byte(out, ' ');
            json_add_string(out, condition->values.items[k]);
        }
    }
}

void dump_grants(const Compilation *c, StrBuf *out) {
    for (size_t i = 0; i < c->grants.count; i++) {
        const Grant *grant = &c->grants.items[i];
        strbuf_add_format(out, "%s %.*s on %.*s", effect_names[grant->effect],
                          STR_ARG(grant->action), STR_ARG(grant->resource));
        add_conditions(out, grant->conditions);
        strbuf_add(out, STR(" <- "));
        add_place(out, grant->origin.asked);
        strbuf_add(out, STR(" <- "));
        add_place(out, grant->origin.given);
        strbuf_add_byte(out, '\n');
    }
}

// A line for each bundle's action that an action of the statement stands for.
static void add_given(StrBuf *out, const Statement *statement, size_t index) {
    const GivenVec *given = &statement->given[index];
    for (size_t i = 0; i < given->count; i++) {
        const Given *one = &given->items[i];
        strbuf_add_format(out, "  %.*s", STR_ARG(statement->actions.items[index]));
        if (!str_equal(one->action, statement->actions.items[index]))
            strbuf_add_format(out, " <- %.*s", STR_ARG(one->action));
        strbuf_add(out, STR(" <- "));
        add_place(out, one->origin.asked);
        strbuf_add(out, STR(" <- "));
        add_place(out, one->origin.given);
        strbuf_add_byte(out, '\n');
    }
}

static void add_statement(StrBuf *out, const Statement *statement) {
    statement_minify(statement, out);
    strbuf_add_byte(out, '\n');
    for (size_t i = 0; i < statement->actions.count; i++) add_given(out, statement, i);
}

void dump_policies(const Compilation *c, StrBuf *out) {
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        const Role *role = &c->selection.roles.items[i];
        for (size_t k = 0; k < role->policies.count; k++) {
            const Policy *policy = &role->policies.items[k];
            strbuf_add_format(out, "policy %zu of role %.*s, %zu characters\n", k + 1,
                              STR_ARG(role->id), policy->characters);
            for (size_t s = 0; s < policy->statements.count; s++)
                add_statement(out, &policy->statements.items[s]);
        }
    }
}

void dump_artifacts(const Compilation *c, StrBuf *out) {
    for (size_t i = 0; i < c->artifacts.count; i++) {
        const Artifact *artifact = &c->artifacts.items[i];
        strbuf_add_format(out, "--- %.*s\n", STR_ARG(artifact->name));
        strbuf_add(out, artifact->bytes);
    }
}
