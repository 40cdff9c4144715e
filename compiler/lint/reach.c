#include "lint/reach.h"

#include "lint/symbolic.h"
#include "model/arn.h"
#include "model/embedded.h"

// More than a real policy needs a thousand times over, and done within a second.
enum { STEPS = 1 << 26, WORD = 64 };

// --- patterns ----------------------------------------------------------------------------------

// In forms of ARNs: as `?` and `*`, but no slash.
enum { PLAIN_ONE = '\1', PLAIN_MANY = '\2' };

static bool is_wildcard(char c) {
    return c == '*' || c == '?' || c == PLAIN_ONE || c == PLAIN_MANY;
}

// What stands before the first wildcard of both must agree: settles most pairs.
static bool heads_agree(Str a, Str b) {
    for (size_t i = 0; i < a.length && i < b.length; i++) {
        if (is_wildcard(a.data[i]) || is_wildcard(b.data[i])) return true;
        if (a.data[i] != b.data[i]) return false;
    }
    return true;
}

// Whether a wildcard for many takes the symbol `c` of the other pattern as well.
static bool takes(char many, char c) {
    return many == '*' || c != '/';
}

static bool symbols_meet(char a, char b) {
    return a == b || a == '?' || b == '?' || (a == PLAIN_ONE && b != '/');
}

static bool is_many(char c) {
    return c == '*' || c == PLAIN_MANY;
}

// Whether the rest of `a` from i on and that of `b` from j on have a text in common. `here` and
// `below` say so for further symbols of `b`: from i on, and from i + 1 on.
static bool rest_meets(Str a, Str b, size_t i, size_t j, const bool *here, const bool *below) {
    bool a_ends = i == a.length, b_ends = j == b.length;
    if (a_ends && b_ends) return true;
    if (!a_ends && is_many(a.data[i]) &&
        (below[j] || (!b_ends && takes(a.data[i], b.data[j]) && here[j + 1])))
        return true;
    if (!b_ends && b.data[j] == '*') return here[j + 1] || (!a_ends && below[j]);
    return !a_ends && !b_ends && !is_many(a.data[i]) && symbols_meet(a.data[i], b.data[j]) &&
           below[j + 1];
}

static bool rests_meet(Arena *arena, Str a, Str b) {
    bool *below = ARENA_ARRAY(arena, bool, b.length + 1);
    bool *here = ARENA_ARRAY(arena, bool, b.length + 1);
    for (size_t i = a.length + 1; i-- > 0;) {
        for (size_t j = b.length + 1; j-- > 0;) here[j] = rest_meets(a, b, i, j, here, below);
        bool *swap = below;
        below = here;
        here = swap;
    }
    return below[0];
}

bool patterns_meet(Arena *arena, size_t *steps, Str form, Str pattern) {
    if (!heads_agree(form, pattern)) return false;
    size_t cost = (form.length + 1) * (pattern.length + 1);
    if (cost > *steps) {
        *steps = 0;
        return true;
    }
    *steps -= cost;
    return rests_meet(arena, form, pattern);
}

// --- the forms of ARNs -------------------------------------------------------------------------

static bool is_plain_name(Str name) {
    NODE_EACH(row, embedded_root(STR("schema/iam/plain-names.tsv"))) {
        if (node_is_string(NODE_GET(row, "name"), name)) return true;
    }
    return false;
}

// A form's field as a pattern: at least one character for each `${Name}`.
static Str pattern_of_form(Arena *arena, Str text) {
    StrBuf out = strbuf_new(arena);
    for (size_t at = 0; at < text.length;) {
        size_t open = str_find(text, STR("${"), at);
        strbuf_add(&out, str_slice(text, at, open));
        if (open == text.length) break;
        at = str_find_byte(text, '}', open);
        bool plain = is_plain_name(str_slice(text, open + 2, at));
        strbuf_add_byte(&out, plain ? PLAIN_ONE : '?');
        strbuf_add_byte(&out, plain ? PLAIN_MANY : '*');
        at++;
    }
    return strbuf_str(&out);
}

static void add_form(ArnForms *forms, ResourceId resource, Str text, ArnFormVec *ret_forms) {
    Arn arn;
    if (!arn_parse(text, &arn)) return;
    ArnForm form = {.resource = resource,
                    .text = text,
                    .service = arn.service,
                    .region = pattern_of_form(forms->arena, arn.region),
                    .account = pattern_of_form(forms->arena, arn.account),
                    .name = pattern_of_form(forms->arena, arn.resource)};
    VEC_PUSH(forms->arena, ret_forms, form);
}

// The service in "arn:${Partition}:service:…", as all forms begin.
static Str service_of_form(Str text) {
    size_t partition = str_find_byte(text, ':', 0) + 1;
    size_t service = str_find_byte(text, ':', partition) + 1;
    return str_slice(text, service, str_find_byte(text, ':', service));
}

static void add_foreign_forms(ArnForms *forms) {
    for (ResourceId resource = 0; resource < catalogue_resource_count(); resource++) {
        Str own = service_prefix(resource_service(resource));
        for (size_t i = 0; i < resource_arn_count(resource); i++) {
            Str text = resource_arn(resource, i);
            if (!str_equal(service_of_form(text), own))
                add_form(forms, resource, text, &forms->foreign);
        }
    }
}

static bool find_resource(Str prefix, Str name, ResourceId *ret_resource) {
    ServiceId service;
    if (!catalogue_find_service(prefix, &service)) return false;
    for (ResourceId at = service_first_resource(service); at < service_resource_end(service);
         at++) {
        if (!str_equal(resource_name(at), name)) continue;
        *ret_resource = at;
        return true;
    }
    return false;
}

static void add_forms_of_aws(ArnForms *forms) {
    NODE_EACH(row, embedded_root(STR("schema/iam/aws-owned.tsv"))) {
        ResourceId resource;
        if (find_resource(node_text(NODE_GET(row, "service")), node_text(NODE_GET(row, "resource")),
                          &resource))
            add_form(forms, resource, node_text(NODE_GET(row, "arn")), &forms->foreign);
    }
}

void arn_forms_init(ArnForms *forms, Arena *arena, Arena *scratch) {
    *forms = (ArnForms){.arena = arena,
                        .scratch = scratch,
                        .steps = STEPS,
                        .own = ARENA_ARRAY(arena, ArnFormVec, catalogue_service_count()),
                        .is_made = ARENA_ARRAY(arena, bool, catalogue_service_count())};
    add_foreign_forms(forms);
    add_forms_of_aws(forms);
}

const ArnFormVec *arn_forms_of(ArnForms *forms, Str service) {
    static const ArnFormVec none;
    ServiceId id;
    if (!catalogue_find_service(service, &id)) return &none;
    ArnFormVec *own = &forms->own[id];
    if (forms->is_made[id]) return own;
    forms->is_made[id] = true;
    for (ResourceId at = service_first_resource(id); at < service_resource_end(id); at++) {
        for (size_t i = 0; i < resource_arn_count(at); i++) {
            Str text = resource_arn(at, i);
            if (str_equal(service_of_form(text), service_prefix(id)))
                add_form(forms, at, text, own);
        }
    }
    return own;
}

// --- what an entry can name ----------------------------------------------------------------------

static size_t types_words(void) {
    return catalogue_resource_count() / WORD + 1;
}

static uint64_t *resource_types_new(Arena *arena) {
    return ARENA_ARRAY(arena, uint64_t, types_words());
}

// Notes in `fit` whether a form can be the ARN; in `types` only where it can.
static void try_form(ArnForms *forms, const ArnForm *form, const Arn *arn, ResourceFit *fit) {
    Arena *scratch = forms->scratch;
    if (!patterns_meet(scratch, &forms->steps, form->name, arn->resource)) return;
    bool region = patterns_meet(scratch, &forms->steps, form->region, arn->region);
    bool account = patterns_meet(scratch, &forms->steps, form->account, arn->account);
    if (!fit->name || (region && !fit->region)) fit->near = form;
    fit->name = true;
    fit->region |= region;
    fit->whole |= region && account;
    if (!region || !account) return;
    if (fit->types == NULL) fit->types = resource_types_new(forms->arena);
    fit->types[form->resource / WORD] |= (uint64_t)1 << form->resource % WORD;
}

// A form with a name such as `${Vendor}` in the place of the service is of any, and proves nothing
// about a service.
static void try_vague_form(ArnForms *forms, const ArnForm *form, const Arn *arn, ResourceFit *fit) {
    ResourceFit vague = {.types = fit->types};
    try_form(forms, form, arn, &vague);
    fit->types = vague.types;
}

static ResourceFit fit_resource(ArnForms *forms, Str text) {
    ResourceFit fit = {0};
    Arn arn;
    if (!arn_parse(symbolic_pattern(forms->scratch, text), &arn) || has_wildcard(arn.service))
        return fit;
    const ArnFormVec *own = arn_forms_of(forms, arn.service);
    fit.known = own->count != 0;
    for (size_t i = 0; i < own->count; i++) try_form(forms, &own->items[i], &arn, &fit);
    for (size_t i = 0; i < forms->foreign.count; i++) {
        const ArnForm *form = &forms->foreign.items[i];
        if (str_starts_with(form->service, STR("${"))) try_vague_form(forms, form, &arn, &fit);
        if (!str_equal(form->service, arn.service)) continue;
        fit.known = true;
        try_form(forms, form, &arn, &fit);
    }
    return fit;
}

static void unite(uint64_t *types, const uint64_t *others) {
    for (size_t i = 0; i < types_words(); i++) types[i] |= others[i];
}

Reach statement_reach(ArnForms *forms, const DocumentStatement *statement) {
    size_t count = statement->resources.count;
    ResourceFit *fits = ARENA_ARRAY(forms->arena, ResourceFit, count + 1);
    uint64_t *types = resource_types_new(forms->arena);
    bool everything = false;
    for (size_t i = 0; i < count; i++) {
        fits[i] = fit_resource(forms, statement->resources.items[i].text);
        everything |= !fits[i].whole;
        if (fits[i].types != NULL) unite(types, fits[i].types);
    }
    return (Reach){.fits = fits, .everything = everything, .types = types};
}

bool action_reaches(ActionId action, const uint64_t *types) {
    for (size_t i = 0; i < action_resource_count(action); i++) {
        ResourceId id = action_resource(action, i).id;
        if ((types[id / WORD] >> id % WORD & 1) != 0) return true;
    }
    return false;
}
