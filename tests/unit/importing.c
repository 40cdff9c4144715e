#include "importing.h"

static void add_items(StrBuf *out, const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++)
        strbuf_add_format(out, " %.*s", STR_ARG(items->items[i].text));
}

static void add_list(StrBuf *out, const char *name, bool negated, const ItemVec *items) {
    if (items->count == 0 && !negated) return;
    strbuf_add_format(out, " %s%s", negated ? "Not" : "", name);
    add_items(out, items);
}

static void add_principals(StrBuf *out, const DocumentStatement *statement) {
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        strbuf_add_format(out, " %s %.*s", statement->not_principal ? "not to" : "to",
                          STR_ARG(principal->type.text));
        add_items(out, &principal->ids);
    }
}

void importing_add_statement(StrBuf *out, const DocumentStatement *statement) {
    strbuf_add(out, str_of(effect_names[statement->effect]));
    add_principals(out, statement);
    add_list(out, "Action", statement->not_action, &statement->actions);
    add_list(out, "Resource", statement->not_resource, &statement->resources);
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *condition = &statement->conditions.items[i];
        strbuf_add_format(out, " if %.*s %.*s", STR_ARG(condition->operator.text),
                          STR_ARG(condition->key.text));
        add_items(out, &condition->values);
    }
}

static void add_document(StrBuf *out, const Document *document) {
    static const char *const kinds[] = {[DOCUMENT_IDENTITY] = "identity",
                                        [DOCUMENT_TRUST] = "trust",
                                        [DOCUMENT_RESOURCE] = "resource"};
    strbuf_add_format(out, "  %s %.*s%s\n", kinds[document->kind], STR_ARG(document->name),
                      node_exists(document->bad) ? " (bad)" : "");
    for (size_t i = 0; i < document->statements.count; i++) {
        strbuf_add(out, STR("    "));
        importing_add_statement(out, &document->statements.items[i]);
        strbuf_add_byte(out, '\n');
    }
}

static void add_role(StrBuf *out, const RoleDocuments *role) {
    strbuf_add_format(out, "role %.*s\n", STR_ARG(role->id));
    for (size_t i = 0; i < role->managed.count; i++)
        strbuf_add_format(out, "  managed %.*s\n", STR_ARG(role->managed.items[i].text));
    if (role->boundary.text.length > 0)
        strbuf_add_format(out, "  boundary %.*s\n", STR_ARG(role->boundary.text));
    for (size_t i = 0; i < role->documents.count; i++) add_document(out, &role->documents.items[i]);
}

const char *importing_text(Arena *arena, const Imported *imported) {
    StrBuf out = strbuf_new(arena);
    for (size_t i = 0; i < imported->roles.count; i++) add_role(&out, &imported->roles.items[i]);
    for (size_t i = 0; i < imported->unread.count; i++)
        strbuf_add_format(&out, "unread %.*s\n", STR_ARG(imported->unread.items[i].text));
    for (size_t i = 0; i < imported->remarks.count; i++)
        strbuf_add_format(&out, "remark %.*s\n", STR_ARG(imported->remarks.items[i].text));
    return str_to_c(arena, strbuf_str(&out));
}
