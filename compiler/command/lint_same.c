// Whether lint would find in a compiled manifest what it found in the one before it. The accounts
// of a fleet mostly differ in what no policy says.
#include "command/lint.h"

static void add_number(StrBuf *key, uint64_t number) {
    strbuf_add(key, (Str){(const char *)&number, sizeof number});
}

// The length before each text keeps two lists from being told apart by nothing.
static void add_text(StrBuf *key, Str text) {
    add_number(key, text.length);
    strbuf_add(key, text);
}

static void add_span(StrBuf *key, Span span) {
    add_number(key, (uint64_t)(uintptr_t)span.source);
    add_number(key, (uint64_t)span.begin << 32 | span.end);
}

static void add_item(StrBuf *key, const Item *item) {
    add_text(key, item->text);
    add_span(key, item->span);
}

static void add_items(StrBuf *key, const ItemVec *items) {
    add_number(key, items->count);
    for (size_t i = 0; i < items->count; i++) add_item(key, &items->items[i]);
}

static void add_statement(StrBuf *key, const DocumentStatement *s) {
    add_item(key, &s->sid);
    add_number(key, (uint64_t)s->effect << 3 | (uint64_t)s->not_action << 2 |
                        (uint64_t)s->not_resource << 1 | (uint64_t)s->not_principal);
    add_items(key, &s->actions);
    add_items(key, &s->resources);
    add_number(key, s->principals.count);
    for (size_t i = 0; i < s->principals.count; i++) {
        add_item(key, &s->principals.items[i].type);
        add_items(key, &s->principals.items[i].ids);
    }
    add_number(key, s->conditions.count);
    for (size_t i = 0; i < s->conditions.count; i++) {
        add_item(key, &s->conditions.items[i].operator);
        add_item(key, &s->conditions.items[i].key);
        add_items(key, &s->conditions.items[i].values);
    }
    add_span(key, s->span);
}

static void add_document(StrBuf *key, const Document *document) {
    add_number(key, (uint64_t)document->kind << 1 | (uint64_t)document->has_variables);
    add_text(key, document->name);
    add_span(key, document->span);
    add_number(key, document->statements.count);
    for (size_t i = 0; i < document->statements.count; i++)
        add_statement(key, &document->statements.items[i]);
}

static void add_role(StrBuf *key, const RoleDocuments *role) {
    add_text(key, role->id);
    add_items(key, &role->managed);
    add_item(key, &role->boundary);
    add_span(key, role->span);
    add_number(key, role->documents.count);
    for (size_t i = 0; i < role->documents.count; i++) add_document(key, &role->documents.items[i]);
}

static void add_accepted(StrBuf *key, const AcknowledgementVec *accepted) {
    add_number(key, accepted->count);
    for (size_t i = 0; i < accepted->count; i++) {
        const Acknowledgement *a = &accepted->items[i];
        add_number(key, a->id);
        add_text(key, a->reason);
        add_span(key, a->where);
        add_span(key, a->span);
    }
}

bool lint_is_same(LintedBefore *before, const Input *input) {
    StrBuf *key = &before->keys[before->next], *last = &before->keys[!before->next];
    if (input->compilation == NULL) return false;
    key->length = 0;
    add_accepted(key, &input->compilation->accepted);
    for (size_t i = 0; i < input->imported.roles.count; i++)
        add_role(key, &input->imported.roles.items[i]);
    before->next = !before->next;
    return str_equal(strbuf_str(key), strbuf_str(last));
}
