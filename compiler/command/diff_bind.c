#include "command/diff_facts.h"
#include "command/diff_template.h"
#include "model/dynamic.h"
#include "model/symbol.h"

// Texts may grow by this in all; what is beyond keeps its symbols.
enum { MOST_GROWTH = 16 * 1024 * 1024 };

// All values that are named: a manifest says which there are, else every ARN counts.
static TextSet values_of(const Facts *a, const Facts *b, const TextSet *of_a, const TextSet *of_b) {
    TextSet values = {0};
    bool by_a = a->side->kind == INPUT_MANIFEST, by_b = b->side->kind == INPUT_MANIFEST;
    for (size_t i = 0; (by_a || !by_b) && i < of_a->texts.count; i++)
        texts_add(a->arena, &values, of_a->texts.items[i]);
    for (size_t i = 0; (by_b || !by_a) && i < of_b->texts.count; i++)
        texts_add(a->arena, &values, of_b->texts.items[i]);
    return values;
}

// Where policy files name the account that they are for, their template says `${AWS::AccountId}`,
// and names the same others.
static TextSet accounts_of(const Facts *own, const Facts *other) {
    TextSet accounts = {0};
    uint32_t ignored = 0;
    if (!facts_are_of_files(other)) return values_of(own, other, &own->accounts, &other->accounts);
    for (size_t i = 0; i < other->accounts.texts.count; i++) {
        Str account = other->accounts.texts.items[i];
        if (!strmap_get(&own->accounts.known, account, &ignored))
            texts_add(own->arena, &accounts, account);
    }
    return accounts;
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

static void bind_pseudo(Facts *own, bool is_new, Str symbol, const TextSet *values,
                        DiffBindingVec *bindings) {
    if (values->texts.count != 1) return;
    bind(own, &(DiffBinding){is_new, symbol, values->texts.items[0], BOUND_BY_OTHER}, bindings);
}

static Node parameter_of(const Facts *facts, Str name) {
    uint32_t id = 0;
    if (!strmap_get(&facts->parameters, name, &id)) return NO_NODE;
    return (Node){facts->template.tree, id};
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

// Whether a parameter's default is the text that stands where the parameter does, and not the name
// of what is stored somewhere.
static bool stands_there(Node parameter) {
    Node value = NODE_GET(parameter, "Default");
    return is_text(value) && parameter_is_text(parameter) && !text_is_dynamic(node_text(value));
}

// A parameter that the other side does not have is taken at its default, where that is the text
// that stands there. One that both have is the same text on both, unless it changed.
static void bind_parameters(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    NODE_EACH(parameter, NODE_GET(own->template, "Parameters")) {
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
            if (!stands_there(parameter) || node_exists(same) || has_symbol(other, symbol))
                continue;
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
    return (Node){facts->template.tree, id};
}

// Whether what a resource that changed gives is another text on the other side: a text that is told
// it, or the name of what is of another type there.
static bool is_another(const Facts *other, Node giver, Str attribute) {
    Str ignored;
    if (resource_gives_text(giver, attribute)) return true;
    if (!node_exists(other->template)) return false;
    Node same = giver_of(other, node_key_text(giver), &ignored);
    return !str_equal(node_text(NODE_GET(giver, "Type")), node_text(NODE_GET(same, "Type")));
}

// What resources give, other than the names of those that are of one type on both sides.
static void bind_resources(Facts *own, const Facts *other, bool is_new, DiffBindingVec *bindings) {
    StrMap changed = {0};
    uint32_t ignored = 0;
    template_find_changed(own->arena, own->template, other->template, &changed);
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
    for (size_t at = 0; facts_next_argument(facts, symbol, &at, &argument);) {
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
    bool named = place == PLACE_PRINCIPAL && facts->names_principals;
    Str text = item->text, symbol, value;
    size_t done = 0;
    StrBuf buf = strbuf_new(facts->arena);
    for (size_t at = 0; facts_next_symbol(text, &at, &symbol);) {
        if (named && str_equal(symbol, STR("${AWS::AccountId}"))) continue;
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
    own->names_principals = facts_are_of_files(other);
    TextSet partitions = values_of(own, other, &own->partitions, &other->partitions);
    TextSet accounts = accounts_of(own, other);
    bind_pseudo(own, is_new, STR("${AWS::Partition}"), &partitions, bindings);
    bind_pseudo(own, is_new, STR("${AWS::AccountId}"), &accounts, bindings);
    bind_parameters(own, other, is_new, bindings);
    bind_resources(own, other, is_new, bindings);
    own->bindings = bindings;
    if (bindings->count > before) facts_visit(own, replace);
}

void diff_bind(Arena *arena, Input *old, Input *new, DiffBindingVec *ret_bindings) {
    Facts old_facts, new_facts;
    facts_collect(arena, old, new, &old_facts, &new_facts);
    bind_side(&old_facts, &new_facts, false, ret_bindings);
    bind_side(&new_facts, &old_facts, true, ret_bindings);
}
