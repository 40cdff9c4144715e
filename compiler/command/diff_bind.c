#include "base/map.h"
#include "command/diff.h"
#include "model/arn.h"
#include "policy/values.h"

// Texts may grow by this in all; what is beyond keeps its symbols.
enum { MOST_GROWTH = 16 * 1024 * 1024 };

// What the texts of a side hold.
typedef struct Facts {
    Arena *arena;
    Input *side;
    StrMap symbols;    // `${Name}`
    StrVec partitions; // different ones
    StrVec accounts;
    StrMap parameters; // of its template: name -> node
    StrMap values;     // symbol -> index of its binding
    const DiffBindingVec *bindings;
    bool has_changed; // any of them
    bool has_calls;   // symbols of functions
    size_t growth;
} Facts;

typedef enum ItemPlace { PLACE_PRINCIPAL, PLACE_OTHER } ItemPlace;

typedef void VisitText(Facts *facts, Item *item, ItemPlace place);

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

static void visit_side(Facts *facts, VisitText *visit) {
    const RoleDocumentsVec *roles = &facts->side->imported.roles;
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

static void add_once(Arena *arena, StrVec *texts, Str text) {
    for (size_t i = 0; i < texts->count && i < 2; i++) {
        if (str_equal(texts->items[i], text)) return;
    }
    VEC_PUSH(arena, texts, text);
}

// The next `${...}` at or after *from, with its braces; *from is moved behind it.
static bool next_symbol(Str text, size_t *from, Str *ret_symbol) {
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

static void collect_symbols(Facts *facts, Item *item) {
    Str symbol;
    for (size_t at = 0; next_symbol(item->text, &at, &symbol);) {
        strmap_set(facts->arena, &facts->symbols, symbol, 0);
        facts->has_calls |= str_starts_with(symbol, STR("${Fn::"));
    }
}

static void collect(Facts *facts, Item *item, ItemPlace place) {
    Str parts[ARN_PARTS];
    collect_symbols(facts, item);
    if (!arn_is_meant(item->text) || !arn_divide(item->text, parts)) return;
    if (is_plain(parts[1])) add_once(facts->arena, &facts->partitions, parts[1]);
    // Who is trusted is in accounts of its own.
    if (place == PLACE_OTHER && is_account_id(parts[4]))
        add_once(facts->arena, &facts->accounts, parts[4]);
}

// The template that a side's texts come from, or no node. Policy files have no parameters.
static Node template_of(const Facts *facts) {
    const Imported *imported = &facts->side->imported;
    if (facts->side->differs) return imported->template;
    return facts->side->kind == INPUT_TEMPLATE ? imported->root : NO_NODE;
}

static Facts facts_of(Arena *arena, Input *side) {
    Facts facts = {.arena = arena, .side = side};
    visit_side(&facts, collect);
    NODE_EACH(parameter, NODE_GET(template_of(&facts), "Parameters"))
    strmap_set(arena, &facts.parameters, node_key_text(parameter), parameter.id);
    if (side->kind == INPUT_MANIFEST) {
        facts.partitions = facts.accounts = (StrVec){0};
        VEC_PUSH(arena, &facts.partitions, side->compilation->manifest.partition.id);
        VEC_PUSH(arena, &facts.accounts, side->compilation->manifest.account);
    }
    return facts;
}

// All values that are named: a manifest says which there are, else every ARN counts.
static StrVec values_of(const Facts *a, const Facts *b, const StrVec *of_a, const StrVec *of_b) {
    StrVec values = {0};
    bool by_a = a->side->kind == INPUT_MANIFEST, by_b = b->side->kind == INPUT_MANIFEST;
    for (size_t i = 0; (by_a || !by_b) && i < of_a->count; i++)
        add_once(a->arena, &values, of_a->items[i]);
    for (size_t i = 0; (by_b || !by_a) && i < of_b->count; i++)
        add_once(a->arena, &values, of_b->items[i]);
    return values;
}

// --- binding ---

static bool has_symbol(const Facts *facts, Str symbol) {
    uint32_t ignored = 0;
    return strmap_get(&facts->symbols, symbol, &ignored);
}

static void bind(Facts *own, const DiffBinding *binding, DiffBindingVec *bindings) {
    // A parameter may be used within a call only.
    if (!has_symbol(own, binding->symbol) && !(binding->is_changed && own->has_calls)) return;
    strmap_set(own->arena, &own->values, binding->symbol, (uint32_t)bindings->count);
    VEC_PUSH(own->arena, bindings, *binding);
}

static void bind_pseudo(Facts *own, bool is_new, Str symbol, const StrVec *values,
                        DiffBindingVec *bindings) {
    if (values->count != 1) return;
    bind(own, &(DiffBinding){is_new, symbol, values->items[0], false, false}, bindings);
}

static Node parameter_of(const Facts *facts, Str name) {
    uint32_t id = 0;
    if (!strmap_get(&facts->parameters, name, &id)) return NO_NODE;
    return (Node){template_of(facts).tree, id};
}

// `${Name=default}`, in which nothing stands for anything else.
static Str changed_symbol(Arena *arena, Str name, Str value) {
    StrBuf symbol = strbuf_new(arena);
    strbuf_add_format(&symbol, "${%.*s=", STR_ARG(name));
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (str_find_byte(STR("${}*?<>%"), value.data[i], 0) < 8)
            strbuf_add_format(&symbol, "%%%02X", c);
        else
            strbuf_add_byte(&symbol, value.data[i]);
    }
    strbuf_add_byte(&symbol, '}');
    return strbuf_str(&symbol);
}

// A parameter that the other side does not have is taken at its default. One that both have is the
// same text on both, unless its default is another: who deploys with that gets another text.
static void bind_parameters(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    NODE_EACH(parameter, NODE_GET(template_of(own), "Parameters")) {
        Str name = node_key_text(parameter), value = node_text(NODE_GET(parameter, "Default"));
        Str symbol = str_format(own->arena, "${%.*s}", STR_ARG(name));
        Node same = parameter_of(other, name);
        Str other_value = node_text(NODE_GET(same, "Default"));
        bool is_changed =
            value.length > 0 && other_value.length > 0 && !str_equal(value, other_value);
        own->has_changed |= is_changed;
        if (is_changed)
            value = changed_symbol(own->arena, name, value);
        else if (value.length == 0 || node_exists(same) || has_symbol(other, symbol))
            continue;
        bind(own, &(DiffBinding){is_new, symbol, value, !is_changed, is_changed}, bindings);
    }
}

// The value of a symbol; of a call that uses a parameter of which the default changed, the call
// with that default.
static bool find_value(const Facts *facts, Str symbol, Str *ret_value) {
    uint32_t index = 0;
    if (strmap_get(&facts->values, symbol, &index)) {
        *ret_value = facts->bindings->items[index].value;
        return true;
    }
    if (!facts->has_changed || !str_starts_with(symbol, STR("${Fn::"))) return false;
    StrBuf value = strbuf_new(facts->arena);
    strbuf_add(&value, str_slice(symbol, 0, symbol.length - 1));
    size_t before = value.length;
    for (size_t at = str_find_byte(symbol, '<', 0); at < symbol.length;
         at = str_find_byte(symbol, '<', at + 1)) {
        Str name = str_slice(symbol, at + 1, str_find_byte(symbol, '>', at));
        Str of_call = str_format(facts->arena, "${%.*s}", STR_ARG(name));
        if (!strmap_get(&facts->values, of_call, &index)) continue;
        const DiffBinding *binding = &facts->bindings->items[index];
        if (!binding->is_changed) continue;
        strbuf_add_byte(&value, ';');
        strbuf_add(&value, str_slice(binding->value, 2, binding->value.length - 1));
    }
    strbuf_add_byte(&value, '}');
    *ret_value = strbuf_str(&value);
    return value.length > before + 1;
}

static void replace(Facts *facts, Item *item, ItemPlace place) {
    (void)place;
    Str text = item->text, symbol, value;
    size_t done = 0;
    StrBuf buf = strbuf_new(facts->arena);
    for (size_t at = 0; next_symbol(text, &at, &symbol);) {
        if (!find_value(facts, symbol, &value)) continue;
        facts->growth += value.length;
        if (facts->growth > MOST_GROWTH) return;
        strbuf_add(&buf, str_slice(text, done, at - symbol.length));
        strbuf_add(&buf, value);
        done = at;
    }
    if (done == 0) return;
    strbuf_add(&buf, str_slice(text, done, text.length));
    item->text = strbuf_str(&buf);
}

static void bind_side(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    size_t before = bindings->count;
    StrVec partitions = values_of(own, other, &own->partitions, &other->partitions);
    StrVec accounts = values_of(own, other, &own->accounts, &other->accounts);
    bind_pseudo(own, is_new, STR("${AWS::Partition}"), &partitions, bindings);
    bind_pseudo(own, is_new, STR("${AWS::AccountId}"), &accounts, bindings);
    bind_parameters(own, other, is_new, bindings);
    own->bindings = bindings;
    if (bindings->count > before) visit_side(own, replace);
}

void diff_bind(Arena *arena, Input *old, Input *new, DiffBindingVec *ret_bindings) {
    Facts old_facts = facts_of(arena, old), new_facts = facts_of(arena, new);
    bind_side(&old_facts, &new_facts, false, ret_bindings);
    bind_side(&new_facts, &old_facts, true, ret_bindings);
}
