#include "command/diff_facts.h"

#include "command/diff_template.h"
#include "model/arn.h"
#include "model/symbol.h"
#include "policy/values.h"

// --- every text of a side ---

static void visit_items(Facts *facts, const ItemVec *items, ItemPlace place, VisitText *visit) {
    for (size_t i = 0; i < items->count; i++) visit(facts, &items->items[i], place);
}

static void visit_statement(Facts *facts, DocumentStatement *statement, VisitText *visit) {
    visit_items(facts, &statement->actions, PLACE_OTHER, visit);
    visit_items(facts, &statement->resources, PLACE_OTHER, visit);
    for (size_t i = 0; i < statement->principals.count; i++)
        visit_items(facts, &statement->principals.items[i].ids, PLACE_PRINCIPAL, visit);
    for (size_t i = 0; i < statement->conditions.count; i++)
        visit_items(facts, &statement->conditions.items[i].values, PLACE_OTHER, visit);
}

void facts_visit(Facts *facts, VisitText *visit) {
    const RoleDocumentsVec *roles = &facts->side->imported.roles;
    const ReachVec *reaches = &facts->side->imported.reaches;
    for (size_t i = 0; i < reaches->count; i++)
        visit_items(facts, &reaches->items[i].named, PLACE_OTHER, visit);
    for (size_t i = 0; i < roles->count; i++) {
        RoleDocuments *role = &roles->items[i];
        visit_items(facts, &role->managed, PLACE_OTHER, visit);
        visit(facts, &role->boundary, PLACE_OTHER);
        for (size_t k = 0; k < role->documents.count; k++) {
            const DocumentStatementVec *statements = &role->documents.items[k].statements;
            for (size_t s = 0; s < statements->count; s++)
                visit_statement(facts, &statements->items[s], visit);
        }
    }
}

// --- what there is ---

void texts_add(Arena *arena, TextSet *names, Str text) {
    if (strmap_set(arena, &names->known, text, 0)) VEC_PUSH(arena, &names->texts, text);
}

bool facts_next_symbol(Str text, size_t *from, Str *ret_symbol) {
    size_t begin = str_find(text, STR("${"), *from);
    size_t end = str_find_byte(text, '}', begin);
    if (end >= text.length) return false;
    *ret_symbol = str_slice(text, begin, end + 1);
    *from = end + 1;
    return true;
}

static bool is_plain(Str text) {
    return text.length > 0 && !has_wildcard(text) && str_find_byte(text, '$', 0) == text.length;
}

bool facts_next_argument(Facts *facts, Str call, size_t *from, Str *ret_symbol) {
    for (size_t at = str_find_byte(call, '<', *from); at < call.length;
         at = str_find_byte(call, '<', at + 1)) {
        size_t end = at + 1;
        while (end < call.length && call.data[end] != '<' && call.data[end] != '>') end++;
        Str name = str_slice(call, at + 1, end);
        if (end == call.length || call.data[end] == '<' || !symbol_is_name(name)) continue;
        *ret_symbol = str_format(facts->arena, "${%.*s}", STR_ARG(name));
        *from = end;
        return true;
    }
    return false;
}

static void note_use(Facts *facts, Str symbol) {
    if (strmap_set(facts->arena, &facts->uses, symbol, 0))
        VEC_PUSH(facts->arena, &facts->used, symbol);
}

static void collect_symbols(Facts *facts, Item *item) {
    Str symbol, argument;
    for (size_t at = 0; facts_next_symbol(item->text, &at, &symbol);) {
        if (!strmap_set(facts->arena, &facts->symbols, symbol, 0)) continue;
        note_use(facts, symbol);
        if (!str_starts_with(symbol, STR("${Fn::"))) continue;
        facts->has_calls = true;
        for (size_t in = 0; facts_next_argument(facts, symbol, &in, &argument);)
            note_use(facts, argument);
    }
}

static void collect(Facts *facts, Item *item, ItemPlace place) {
    Str parts[ARN_PARTS];
    collect_symbols(facts, item);
    if (place == PLACE_OTHER && is_account_id(item->text))
        texts_add(facts->arena, &facts->accounts, item->text);
    if (!arn_is_meant(item->text) || !arn_divide(item->text, parts)) return;
    if (is_plain(parts[1])) texts_add(facts->arena, &facts->partitions, parts[1]);
    // Who is trusted is in accounts of its own.
    if (place == PLACE_OTHER && is_account_id(parts[4]))
        texts_add(facts->arena, &facts->accounts, parts[4]);
}

static const Str own_account = {"${AWS::AccountId}", sizeof "${AWS::AccountId}" - 1};

static void look_for_account(Facts *facts, Item *item, ItemPlace place) {
    if (place == PLACE_OTHER) collect_symbols(facts, item);
}

bool facts_use_account(Arena *arena, const RoleDocumentsVec *roles) {
    Input side = {.imported = {.roles = *roles}};
    Facts facts = {.arena = arena, .side = &side};
    uint32_t ignored = 0;
    facts_visit(&facts, look_for_account);
    return strmap_get(&facts.symbols, own_account, &ignored);
}

// --- what fills them in ---

bool facts_are_of_files(const Facts *facts) {
    const Input *side = facts->side;
    return side->kind == INPUT_FOLDER && node_exists(side->imported.template) && !side->is_deployed;
}

// Policy files have no parameters, but what stands in the template alone may have some.
static void define(Facts *facts, Node template) {
    bool all = !facts_are_of_files(facts);
    uint32_t ignored = 0;
    facts->template = template;
    NODE_EACH(parameter, NODE_GET(template, "Parameters")) {
        Str symbol = str_format(facts->arena, "${%.*s}", STR_ARG(node_key_text(parameter)));
        if (all || strmap_get(&facts->uses, symbol, &ignored))
            strmap_set(facts->arena, &facts->parameters, node_key_text(parameter), parameter.id);
    }
    NODE_EACH(resource, NODE_GET(template, "Resources"))
    strmap_set(facts->arena, &facts->resources, node_key_text(resource), resource.id);
}

static const Manifest *manifest_of(const Facts *facts) {
    return facts->side->kind == INPUT_MANIFEST ? &facts->side->compilation->manifest : NULL;
}

static Facts facts_of(Arena *arena, Input *side) {
    Facts facts = {.arena = arena, .side = side};
    const Imported *imported = &side->imported;
    facts_visit(&facts, collect);
    if (side->kind == INPUT_TEMPLATE || side->kind == INPUT_FOLDER)
        define(&facts, node_exists(imported->template) ? imported->template : imported->root);
    const Manifest *manifest = manifest_of(&facts);
    if (manifest == NULL) return facts;
    facts.partitions = facts.accounts = (TextSet){0};
    texts_add(arena, &facts.partitions, manifest->partition.id);
    if (!manifest->stack_set.spans_accounts) texts_add(arena, &facts.accounts, manifest->account);
    return facts;
}

// Whether anything in its texts is given by definitions.
static bool is_filled_in(const Facts *facts) {
    for (size_t i = 0; i < facts->used.count; i++) {
        Str symbol = facts->used.items[i];
        if (symbol_is_name(str_slice(symbol, 2, symbol.length - 1))) return true;
    }
    return false;
}

// As emit writes the manifest's account.
static void spread(Facts *facts, Item *item, ItemPlace place) {
    const Manifest *manifest = manifest_of(facts);
    Str text = item->text;
    Arn arn;
    if (place == PLACE_PRINCIPAL) return;
    if (str_equal(text, manifest->account)) item->text = own_account;
    if (!arn_parse(text, &arn) || !str_equal(arn.account, manifest->account) ||
        !str_equal(arn.partition, manifest->partition.id))
        return;
    size_t at = (size_t)(arn.account.data - text.data);
    Str before = str_slice(text, 0, at);
    Str after = str_slice(text, at + arn.account.length, text.length);
    item->text = str_format(facts->arena, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(own_account),
                            STR_ARG(after));
}

static void meet(Facts *facts, const Facts *other) {
    const Manifest *manifest = manifest_of(facts);
    if (manifest == NULL || !node_exists(other->template)) return;
    if (manifest->stack_set.spans_accounts) facts_visit(facts, spread);
    if (is_filled_in(facts))
        define(facts, template_of_manifest(facts->arena, facts->side->compilation));
}

void facts_collect(Arena *arena, Input *old, Input *new, Facts *ret_old, Facts *ret_new) {
    *ret_old = facts_of(arena, old);
    *ret_new = facts_of(arena, new);
    meet(ret_old, ret_new);
    meet(ret_new, ret_old);
}
