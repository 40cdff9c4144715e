#include "base/map.h"
#include "command/diff.h"
#include "command/diff_template.h"
#include "model/arn.h"
#include "model/symbol.h"
#include "policy/values.h"

// Texts may grow by this in all; what is beyond keeps its symbols.
enum { MOST_GROWTH = 16 * 1024 * 1024 };

// What the texts of a side hold.
typedef struct Facts {
    Arena *arena;
    Input *side;
    StrMap symbols;    // `${Name}`
    StrMap uses;       // the same, and those in functions,
    StrVec used;       // each once
    StrVec partitions; // different ones
    StrVec accounts;
    StrMap parameters; // of its template: name -> node
    StrMap resources;  // the same
    StrMap values;     // symbol -> index of its binding
    const DiffBindingVec *bindings;
    bool has_changed; // any of them is
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

// The symbol that the next `<Name>` of a function at or after *from stands for; *from is moved
// behind its beginning.
static bool next_argument(Facts *facts, Str call, size_t *from, Str *ret_symbol) {
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
    for (size_t at = 0; next_symbol(item->text, &at, &symbol);) {
        if (!strmap_set(facts->arena, &facts->symbols, symbol, 0)) continue;
        note_use(facts, symbol);
        if (!str_starts_with(symbol, STR("${Fn::"))) continue;
        facts->has_calls = true;
        for (size_t in = 0; next_argument(facts, symbol, &in, &argument);)
            note_use(facts, argument);
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
    NODE_EACH(resource, NODE_GET(template_of(&facts), "Resources"))
    strmap_set(arena, &facts.resources, node_key_text(resource), resource.id);
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

// Whether a symbol stands for what is not the same on the other side.
static bool is_changed(const DiffBinding *binding) {
    return binding->reason >= BOUND_CHANGED_DEFAULT;
}

static void bind(Facts *own, const DiffBinding *binding, DiffBindingVec *bindings) {
    // It may be used within a call only.
    if (!has_symbol(own, binding->symbol) && !(is_changed(binding) && own->has_calls)) return;
    strmap_set(own->arena, &own->values, binding->symbol, (uint32_t)bindings->count);
    VEC_PUSH(own->arena, bindings, *binding);
    own->has_changed |= is_changed(binding);
}

static void bind_pseudo(Facts *own, bool is_new, Str symbol, const StrVec *values,
                        DiffBindingVec *bindings) {
    if (values->count != 1) return;
    bind(own, &(DiffBinding){is_new, symbol, values->items[0], BOUND_BY_OTHER}, bindings);
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

// Numbers and the like are texts as well.
static bool is_text(Node value) {
    return node_kind(value) > NODE_NULL && node_kind(value) < NODE_SEQUENCE;
}

// Whether who deploys with the defaults gets the same: with none that is nothing.
static bool is_same_default(Node a, Node b) {
    if (is_text(a) && is_text(b)) return str_equal(node_text(a), node_text(b));
    return node_exists(a) == node_exists(b) && node_equal(a, b);
}

// Why a parameter that both sides have is another text on each: who deploys with its default gets
// another one, or its value is another thing. Else BOUND_COUNT.
static DiffReason change_of(Node parameter, Node same) {
    if (!node_exists(same)) return BOUND_COUNT;
    if (!parameters_are_alike(parameter, same)) return BOUND_CHANGED_TYPE;
    Node value = NODE_GET(parameter, "Default"), other = NODE_GET(same, "Default");
    return is_same_default(value, other) ? BOUND_COUNT : BOUND_CHANGED_DEFAULT;
}

// What a parameter that is another one stands as, by its type or its default.
static Str changed_parameter(Arena *arena, Str name, Node value, bool is_new) {
    if (is_text(value)) return changed_symbol(arena, name, node_text(value));
    // No text is escaped so.
    return str_format(arena, "${%.*s=%%%s}", STR_ARG(name), is_new ? "NEW" : "OLD");
}

// A parameter that the other side does not have is taken at its default, where that is the text
// that stands there. One that both have is the same text on both, unless it changed.
static void bind_parameters(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    NODE_EACH(parameter, NODE_GET(template_of(own), "Parameters")) {
        Str name = node_key_text(parameter), value;
        Str symbol = str_format(own->arena, "${%.*s}", STR_ARG(name));
        Node same = parameter_of(other, name), standard = NODE_GET(parameter, "Default");
        DiffReason reason = change_of(parameter, same);
        if (reason == BOUND_CHANGED_TYPE) {
            value = changed_parameter(own->arena, name, NODE_GET(parameter, "Type"), is_new);
        } else if (reason == BOUND_CHANGED_DEFAULT) {
            if (!node_exists(standard)) continue; // that of the other side is told
            value = changed_parameter(own->arena, name, standard, is_new);
        } else {
            if (!is_text(standard) || node_exists(same) || has_symbol(other, symbol)) continue;
            if (!parameter_is_text(parameter)) continue;
            reason = BOUND_BY_DEFAULT;
            value = symbol_escape(own->arena, node_text(standard));
        }
        bind(own, &(DiffBinding){is_new, symbol, value, reason}, bindings);
    }
}

// The resource of the template that a symbol is given by; *ret_attribute is empty for Ref.
static Node giver_of(const Facts *facts, Str name, Str *ret_attribute) {
    size_t stop = str_find_byte(name, '.', 0);
    uint32_t id = 0;
    *ret_attribute = str_slice(name, stop < name.length ? stop + 1 : stop, name.length);
    if (!strmap_get(&facts->resources, str_slice(name, 0, stop), &id)) return NO_NODE;
    return (Node){template_of(facts).tree, id};
}

// Whether what a resource that changed gives is another text on the other side: a text that is told
// it, or the name of what is of another type there.
static bool is_another(const Facts *other, Node giver, Str attribute) {
    Str ignored;
    if (resource_gives_text(giver, attribute)) return true;
    if (!node_exists(template_of(other))) return false;
    Node same = giver_of(other, node_key_text(giver), &ignored);
    return !str_equal(node_text(NODE_GET(giver, "Type")), node_text(NODE_GET(same, "Type")));
}

// What resources give, other than the names of those that are of one type on both sides.
static void bind_resources(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    StrMap changed = {0};
    uint32_t ignored = 0;
    template_find_changed(own->arena, template_of(own), template_of(other), &changed);
    for (size_t i = 0; i < own->used.count; i++) {
        Str symbol = own->used.items[i], name = str_slice(symbol, 2, symbol.length - 1), attribute;
        Node giver = giver_of(own, name, &attribute);
        if (!strmap_get(&other->uses, symbol, &ignored) || !node_exists(giver) ||
            !strmap_get(&changed, node_key_text(giver), &ignored) ||
            !is_another(other, giver, attribute))
            continue;
        Str value = changed_symbol(own->arena, name, is_new ? STR("NEW") : STR("OLD"));
        bind(own, &(DiffBinding){is_new, symbol, value, BOUND_CHANGED_RESOURCE}, bindings);
    }
}

// The value of a symbol; of a call that uses what changed, the call with that.
static bool find_value(Facts *facts, Str symbol, Str *ret_value) {
    uint32_t index = 0;
    Str argument;
    if (strmap_get(&facts->values, symbol, &index)) {
        *ret_value = facts->bindings->items[index].value;
        return true;
    }
    if (!facts->has_changed || !str_starts_with(symbol, STR("${Fn::"))) return false;
    StrBuf value = strbuf_new(facts->arena);
    strbuf_add(&value, str_slice(symbol, 0, symbol.length - 1));
    size_t before = value.length;
    for (size_t at = 0; next_argument(facts, symbol, &at, &argument);) {
        if (!strmap_get(&facts->values, argument, &index)) continue;
        const DiffBinding *binding = &facts->bindings->items[index];
        if (!is_changed(binding)) continue;
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
    bind_resources(own, other, is_new, bindings);
    own->bindings = bindings;
    if (bindings->count > before) visit_side(own, replace);
}

void diff_bind(Arena *arena, Input *old, Input *new, DiffBindingVec *ret_bindings) {
    Facts old_facts = facts_of(arena, old), new_facts = facts_of(arena, new);
    bind_side(&old_facts, &new_facts, false, ret_bindings);
    bind_side(&new_facts, &old_facts, true, ret_bindings);
}
