#include "base/map.h"
#include "base/placeholder.h"
#include "resolve/resolver.h"
#include "validate/pattern.h"

// A statement that is chosen unless it lacks a parameter.
typedef struct Candidate {
    Node node;
    Span asked;
    bool left_out;
} Candidate;

typedef VEC(Candidate) CandidateVec;

typedef VEC(uint32_t) UseList;

// By the name of a parameter: the candidates with a placeholder of it, in their order; the first
// integration that is picked and needs it; the value that it is given.
typedef struct Uses {
    StrMap lists_of_names; // an index in `lists`
    VEC(UseList) lists;
    StrMap needs; // an index in the product's integrations
    Names *given;
} Uses;

// The candidates that are noted for a parameter, or NULL.
static UseList *uses_of(const Uses *uses, Str parameter) {
    uint32_t at = 0;
    bool found = strmap_get(&uses->lists_of_names, parameter, &at) && at < uses->lists.count;
    return found ? &uses->lists.items[at] : NULL;
}

static void note_use(Resolver *r, Uses *uses, Str parameter, uint32_t candidate) {
    UseList *list = uses_of(uses, parameter);
    if (list == NULL) {
        UseList empty = {0};
        strmap_set(r->arena, &uses->lists_of_names, parameter, (uint32_t)uses->lists.count);
        VEC_PUSH(r->arena, &uses->lists, empty);
        list = &uses->lists.items[uses->lists.count - 1];
    }
    if (list->count == 0 || list->items[list->count - 1] != candidate)
        VEC_PUSH(r->arena, list, candidate);
}

static void note_uses(Resolver *r, Uses *uses, Node node, uint32_t candidate) {
    TextPart part;
    for (size_t at = 0;
         node_kind(node) == NODE_STRING && text_next_part(node_text(node), &at, &part);)
        if (part.is_placeholder) note_use(r, uses, part.text, candidate);
    NODE_EACH(child, node) note_uses(r, uses, child, candidate);
}

static void find_uses(Resolver *r, const CandidateVec *candidates, Uses *uses) {
    for (uint32_t i = 0; i < candidates->count; i++) {
        note_uses(r, uses, NODE_GET(candidates->items[i].node, "resources"), i);
        note_uses(r, uses, NODE_GET(candidates->items[i].node, "conditions"), i);
    }
}

// `with` and `without`: integrations of the same product that must, or must not, be picked too.
static bool is_enabled(const ProductPick *pick, Node guarded) {
    NODE_EACH(name, NODE_GET(guarded, "with")) {
        if (!is_picked(pick, node_text(name))) return false;
    }
    NODE_EACH(name, NODE_GET(guarded, "without")) {
        if (is_picked(pick, node_text(name))) return false;
    }
    return true;
}

static Role *find_role(Resolver *r, Str id, Span asked) {
    for (size_t i = 0; i < r->selection->roles.count; i++) {
        if (str_equal(r->selection->roles.items[i].id, id)) return &r->selection->roles.items[i];
    }
    VEC_PUSH(r->arena, &r->selection->roles, ((Role){.id = id, .asked = asked}));
    return &r->selection->roles.items[r->selection->roles.count - 1];
}

static void add_managed_policy(Resolver *r, Str role_id, Str name, Span asked) {
    Role *role = find_role(r, role_id, asked);
    for (size_t i = 0; i < role->managed.count; i++) {
        if (str_equal(role->managed.items[i].name, name)) return;
    }
    VEC_PUSH(r->arena, &role->managed, ((ManagedPolicy){name, asked}));
}

// Counts what has to be looked at, chosen in the end or not.
static void count_work(Resolver *r, Node part) {
    r->selection->work +=
        tree_size(NODE_GET(part, "statements")) + tree_size(NODE_GET(part, "managed_policies"));
}

static void add_candidates(Resolver *r, const ProductPick *pick, Node part, Span asked,
                           CandidateVec *candidates) {
    count_work(r, part);
    NODE_EACH(statement, NODE_GET(part, "statements")) {
        if (is_enabled(pick, statement))
            VEC_PUSH(r->arena, candidates, ((Candidate){.node = statement, .asked = asked}));
    }
    Str role = node_text(NODE_GET(pick->product->root, "role"));
    NODE_EACH(policy, NODE_GET(part, "managed_policies")) {
        if (is_enabled(pick, policy))
            add_managed_policy(r, role, node_text(NODE_GET(policy, "name")), asked);
    }
    Node template = NODE_GET(part, "template");
    if (node_exists(template))
        VEC_PUSH(r->arena, &r->selection->template_parts,
                 ((TemplatePart){.name = node_text(template),
                                 .parameters = pick->parameters,
                                 .single_account = NODE_GET(part, "single_account"),
                                 .asked = asked}));
}

static void check_value(Resolver *r, Node value, Node declared, Str name) {
    Str text = node_text(value);
    Node pattern = NODE_GET(declared, "pattern");
    Node describes = NODE_GET(declared, "describes");
    if (node_exists(pattern) && !pattern_matches(r->arena, node_text(pattern), text)) {
        Str should = node_exists(describes) ? node_text(describes) : node_text(pattern);
        diag_report(r->diags, MSG_INVALID_VALUE, node_span(value), "'%.*s' is not valid: %.*s",
                    STR_ARG(name), STR_ARG(should));
        return;
    }
    check_arn(r, value, false);
    if (node_is_true(NODE_GET(declared, "warn_wildcard")) && has_wildcard(text))
        diag_report(r->diags, MSG_WILDCARD_PARAMETER, node_span(value),
                    "the wildcard in '%.*s' opens the statement to resources that nobody named",
                    STR_ARG(name));
}

static void check_parameter(Resolver *r, const ProductPick *pick, Node value) {
    Str name = node_key_text(value);
    Node declared = names_get(pick->product->parameters, name);
    if (!node_exists(declared)) {
        Str list = str_format(r->arena, "parameters of %.*s", STR_ARG(pick->product->name));
        Str command = str_format(r->arena, "spotc list %.*s", STR_ARG(pick->product->name));
        report_unknown(r, MSG_UNKNOWN_PARAMETER, node_key(value), "parameter",
                       pick->product->parameters, list.data, command.data);
        return;
    }
    bool wants_list = node_is_string(NODE_GET(declared, "type"), STR("list"));
    if (wants_list && node_kind(value) != NODE_SEQUENCE) {
        diag_report(r->diags, MSG_WRONG_TYPE, node_span(value), "'%.*s' must be a list: [\"%.*s\"]",
                    STR_ARG(name), STR_ARG(node_text(value)));
    } else if (!wants_list && node_kind(value) == NODE_SEQUENCE) {
        diag_report(r->diags, MSG_WRONG_TYPE, node_span(value),
                    "'%.*s' must be one text, not a list", STR_ARG(name));
    } else if (wants_list) {
        NODE_EACH(item, value) check_value(r, item, declared, name);
    } else {
        check_value(r, value, declared, name);
    }
}

static void find_needs(Resolver *r, const ProductPick *pick, Uses *uses) {
    for (uint32_t i = 0; i < pick->integration_count; i++) {
        uint32_t first;
        if (!pick->integrations[i].picked) continue;
        NODE_EACH(name, NODE_GET(pick->integrations[i].node, "needs")) {
            if (!strmap_get(&uses->needs, node_text(name), &first))
                (void)strmap_set(r->arena, &uses->needs, node_text(name), i);
        }
    }
}

static Span needed_by_integration(const ProductPick *pick, const Uses *uses, Str parameter) {
    uint32_t first;
    bool found = strmap_get(&uses->needs, parameter, &first) && first < pick->integration_count;
    return found ? pick->integrations[first].asked : NO_SPAN;
}

static void report_missing(Resolver *r, const ProductPick *pick, Node declared, Span asked) {
    Str name = node_key_text(declared);
    Diagnostic *d =
        diag_report(r->diags, MSG_MISSING_PARAMETER, asked, "'%.*s' needs the parameter '%.*s'",
                    STR_ARG(pick->product->name), STR_ARG(name));
    diag_note(r->diags, d, NO_SPAN, "add 'parameters: {%.*s: …}' to '%.*s': %.*s", STR_ARG(name),
              STR_ARG(pick->product->name), STR_ARG(node_text(NODE_GET(declared, "summary"))));
}

static void report_left_out(Resolver *r, const ProductPick *pick, Str parameter,
                            const StrVec *sids) {
    StrBuf list = strbuf_new(r->arena);
    for (size_t i = 0; i < sids->count; i++) {
        if (i > 0) strbuf_add(&list, STR(", "));
        strbuf_add(&list, sids->items[i]);
    }
    diag_report(r->diags, MSG_PARAMETER_NOT_GIVEN, pick->asked,
                "'%.*s' has no '%.*s', so what needs it is left out: %.*s",
                STR_ARG(pick->product->name), STR_ARG(parameter), STR_ARG(strbuf_str(&list)));
}

// A declared parameter against the statements that use it: given, missing or left out.
static void settle_parameter(Resolver *r, const ProductPick *pick, Node declared, const Uses *uses,
                             CandidateVec *candidates) {
    Str name = node_key_text(declared);
    Node value = names_get(uses->given, name);
    Span needed = needed_by_integration(pick, uses, name);
    bool optional = node_is_true(NODE_GET(declared, "optional"));
    StrVec sids = {0};
    const UseList *used_by = uses_of(uses, name);
    for (size_t i = 0; used_by != NULL && i < used_by->count; i++) {
        Candidate *candidate = &candidates->items[used_by->items[i]];
        VEC_PUSH(r->arena, &sids, node_text(NODE_GET(candidate->node, "sid")));
        if (node_exists(value)) continue;
        candidate->left_out = true;
        if (!optional && needed.source == NULL) needed = candidate->asked;
    }
    bool used = sids.count != 0 || needed.source != NULL;
    if (node_exists(value) && !used && is_certain(r))
        diag_report(r->diags, MSG_UNUSED_PARAMETER, node_key_span(value),
                    "nothing that is chosen of '%.*s' uses '%.*s'", STR_ARG(pick->product->name),
                    STR_ARG(name));
    if (node_exists(value) || !used) return;
    if (is_lost(r, name) || is_lost(r, STR("parameters"))) return;
    if (needed.source != NULL)
        report_missing(r, pick, declared, needed);
    else if (is_certain(r))
        report_left_out(r, pick, name, &sids);
}

static void add_statement(Resolver *r, Node statement, Names *parameters, Str role, Span asked) {
    ChosenStatement chosen = {
        .node = statement, .parameters = parameters, .role = role, .asked = asked};
    VEC_PUSH(r->arena, &r->selection->statements, chosen);
}

static void take_product(Resolver *r, const ProductPick *pick) {
    Node product = pick->product->root;
    CandidateVec candidates = {0};
    (void)find_role(r, node_text(NODE_GET(product, "role")), pick->asked);
    add_candidates(r, pick, product, pick->asked, &candidates);
    for (size_t i = 0; i < pick->integration_count; i++) {
        const IntegrationPick *integration = &pick->integrations[i];
        if (integration->picked)
            add_candidates(r, pick, integration->node, integration->asked, &candidates);
    }
    Uses uses = {.given = names_of_keys(r->arena, NULL, pick->parameters)};
    find_uses(r, &candidates, &uses);
    find_needs(r, pick, &uses);
    r->selection->work += tree_size(NODE_GET(product, "parameters"));
    NODE_EACH(value, pick->parameters) check_parameter(r, pick, value);
    NODE_EACH(declared, NODE_GET(product, "parameters"))
    settle_parameter(r, pick, declared, &uses, &candidates);
    Str role = node_text(NODE_GET(product, "role"));
    for (size_t i = 0; i < candidates.count; i++) {
        const Candidate *candidate = &candidates.items[i];
        if (!candidate->left_out)
            add_statement(r, candidate->node, uses.given, role, candidate->asked);
    }
}

// A preset's own statements come before those of products.
static void take_preset_statements(Resolver *r) {
    Node preset = r->preset->root;
    Str role = node_text(NODE_GET(preset, "role"));
    if (role.length == 0) return;
    (void)find_role(r, role, r->preset_asked);
    count_work(r, preset);
    NODE_EACH(statement, NODE_GET(preset, "statements"))
    add_statement(r, statement, NULL, role, r->preset_asked);
    NODE_EACH(policy, NODE_GET(preset, "managed_policies"))
    add_managed_policy(r, role, node_text(NODE_GET(policy, "name")), r->preset_asked);
}

void resolve_statements(Resolver *r) {
    if (r->preset != NULL) take_preset_statements(r);
    for (size_t i = 0; i < r->pick_count; i++) {
        if (r->picks[i].picked) take_product(r, &r->picks[i]);
    }
}
