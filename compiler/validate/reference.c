#include "validate/reference.h"

#include "validate/uri.h"

// Steps for each byte of a URI that is resolved: a long `$id` must not be copied without end.
enum { URI_COST = 4 };

// How many names a pointer is compared with in a step.
enum { POINTER_SPEED = 16 };

// A schema that something leads to, and what it belongs to.
typedef struct Target {
    Node schema;
    Resource resource;
} Target;

struct References {
    StrMap bases; // id of a schema with `$id` -> index in `base_texts`
    StrVec base_texts;
    bool collected;  // `names` holds what the document holds
    StrMap names;    // reference_name -> index in `targets`
    StrMap resolved; // ReferenceKey -> index in `targets`
    VEC(Target) targets;
};

typedef struct ReferenceKey {
    uint32_t reference, resource; // ids of the reference and of the root of what it stands in
} ReferenceKey;

static References *references_of(SchemaRun *run) {
    if (run->references == NULL) run->references = ARENA_NEW(run->arena, References);
    return run->references;
}

static Str bytes_of(SchemaRun *run, const void *key, size_t size) {
    return str_copy(run->arena, (Str){key, size});
}

static Str resolve_uri(SchemaRun *run, Node asking, Str base, Str own) {
    uint64_t cost = URI_COST * ((uint64_t)base.length + own.length);
    return schema_run_spend(run, asking, cost) ? uri_resolve(run->arena, base, own) : (Str){0};
}

// Resolved once: a schema may be applied many times.
static Str base_of(SchemaRun *run, const Resource *outer, Node schema, Node id) {
    References *references = references_of(run);
    Str key = {(const char *)&schema.id, sizeof schema.id};
    uint32_t index = (uint32_t)references->base_texts.count;
    if (strmap_get(&references->bases, key, &index)) return references->base_texts.items[index];
    Str base = resolve_uri(run, schema, outer->base, uri_without_fragment(node_text(id)));
    key = bytes_of(run, &schema.id, sizeof schema.id);
    (void)strmap_set(run->arena, &references->bases, key, index);
    VEC_PUSH(run->arena, &references->base_texts, base);
    return base;
}

Resource resource_of(SchemaRun *run, const Resource *outer, Node schema) {
    Node id = NODE_GET(schema, "$id");
    if (node_kind(id) != NODE_STRING) return *outer;
    return (Resource){schema, base_of(run, outer, schema, id)};
}

Str reference_name(Arena *arena, const Resource *resource, Str anchor) {
    if (anchor.length == 0) return resource->base;
    return str_format(arena, "%u#%.*s", (unsigned)resource->root.id, STR_ARG(anchor));
}

Resource resource_of_document(SchemaRun *run) {
    Resource none = {.root = run->root};
    return resource_of(run, &none, run->root);
}

// The next token of a JSON pointer (RFC 6901), which begins at the '/' at *at.
static Str take_token(SchemaRun *run, Str pointer, size_t *at) {
    size_t end = str_find_byte(pointer, '/', *at + 1);
    Str raw = str_slice(pointer, *at + 1, end);
    *at = end;
    if (str_find_byte(raw, '~', 0) == raw.length) return raw;
    StrBuf token = strbuf_new(run->arena);
    for (size_t i = 0; i < raw.length; i++) {
        char c = raw.data[i];
        char next = i + 1 < raw.length ? raw.data[i + 1] : '\0';
        if (c == '~' && (next == '0' || next == '1')) {
            c = next == '0' ? '~' : '/';
            i++;
        }
        strbuf_add_byte(&token, c);
    }
    return strbuf_str(&token);
}

// The member of a mapping or the item of a sequence, at a price.
static Node look_up(SchemaRun *run, Node container, Str token) {
    uint64_t price = 1 + members_price(&run->members, container) / POINTER_SPEED;
    if (!schema_run_spend(run, container, price)) return NO_NODE;
    return members_get(&run->members, container, token);
}

// From a schema to one inside it: over a keyword, and over a name or index where it holds several.
static Node step_inside(SchemaRun *run, Node schema, Str pointer, size_t *at) {
    Str name = take_token(run, pointer, at);
    const Keyword *keyword = keyword_find(&run->keywords, name);
    Node value = look_up(run, schema, name);
    if (keyword == NULL || keyword->holds == HOLDS_NO_SCHEMA) return NO_NODE;
    if (keyword->holds == HOLDS_SCHEMA) return value;
    if (*at >= pointer.length) return NO_NODE;
    bool well_formed =
        node_kind(value) == (keyword->holds == HOLDS_SCHEMA_MAP ? NODE_MAPPING : NODE_SEQUENCE);
    Str token = take_token(run, pointer, at);
    return well_formed ? look_up(run, value, token) : NO_NODE;
}

static bool follow_pointer(SchemaRun *run, Str pointer, Node *schema, Resource *resource) {
    size_t at = 0;
    while (at < pointer.length) {
        *schema = step_inside(run, *schema, pointer, &at);
        if (!node_exists(*schema)) return false;
        *resource = resource_of(run, resource, *schema);
    }
    return true;
}

// --- names ---

typedef struct Collector {
    SchemaRun *run;
    Node asking;     // where lack of steps is reported
    Resource around; // of the schema that is looked into
} Collector;

// Of two with one name the first counts.
static void add_name(SchemaRun *run, Str name, Node schema, const Resource *resource) {
    References *references = references_of(run);
    uint32_t index = (uint32_t)references->targets.count;
    if (strmap_get(&references->names, name, &index)) return;
    (void)strmap_set(run->arena, &references->names, name, index);
    VEC_PUSH(run->arena, &references->targets, ((Target){schema, *resource}));
}

static void add_names_of(SchemaRun *run, Node schema, const Resource *resource) {
    Node anchor = NODE_GET(schema, "$anchor");
    if (resource->root.id == schema.id) add_name(run, resource->base, schema, resource);
    if (node_kind(anchor) == NODE_STRING)
        add_name(run, reference_name(run->arena, resource, node_text(anchor)), schema, resource);
}

static bool collect(void *context, Node schema) {
    Collector *c = context;
    Resource around = c->around, here = resource_of(c->run, &around, schema);
    if (!schema_run_spend(c->run, c->asking, 1 + node_count(schema))) return false;
    add_names_of(c->run, schema, &here);
    c->around = here;
    bool go_on = true;
    for (Node value = node_first(schema); go_on && node_exists(value); value = node_next(value)) {
        const Keyword *keyword = keyword_find(&c->run->keywords, node_key_text(value));
        if (keyword != NULL) go_on = keyword_each_schema(keyword, value, collect, c);
    }
    c->around = around;
    return go_on;
}

static const Target *find_name(const SchemaRun *run, Str name) {
    uint32_t index = 0;
    bool found = strmap_get(&run->references->names, name, &index);
    return found ? &run->references->targets.items[index] : NULL;
}

// The schema with this URI, or with an anchor in it.
static const Target *find(SchemaRun *run, Node asking, Str uri, Str anchor) {
    References *references = references_of(run);
    if (!references->collected) {
        Collector collector = {run, asking, {.root = run->root}};
        (void)collect(&collector, run->root);
        references->collected = true;
    }
    const Target *target = find_name(run, uri);
    if (target == NULL || anchor.length == 0) return target;
    return find_name(run, reference_name(run->arena, &target->resource, anchor));
}

static bool resolve(SchemaRun *run, const Resource *from, Node reference, Target *target) {
    Str text = node_text(reference), fragment = {0}, anchor = {0};
    Str address = uri_without_fragment(text);
    if (!uri_decode(run->arena, uri_fragment(text), &fragment)) return false;
    bool by_pointer = fragment.length == 0 || fragment.data[0] == '/';
    Str uri = address.length == 0 ? from->base : resolve_uri(run, reference, from->base, address);
    if (!by_pointer) anchor = fragment;
    *target = (Target){from->root, *from};
    if (address.length > 0 || !by_pointer) {
        const Target *found = find(run, reference, uri, anchor);
        if (found == NULL) return false;
        *target = *found;
    }
    return !by_pointer || follow_pointer(run, fragment, &target->schema, &target->resource);
}

bool reference_resolve(SchemaRun *run, const Resource *from, Node reference, Node *ret_schema,
                       Resource *ret_resource) {
    References *references = references_of(run);
    ReferenceKey key = {reference.id, from->root.id};
    uint32_t index = (uint32_t)references->targets.count;
    if (!strmap_get(&references->resolved, (Str){(const char *)&key, sizeof key}, &index)) {
        Target target;
        if (!resolve(run, from, reference, &target)) return false;
        index = (uint32_t)references->targets.count;
        VEC_PUSH(run->arena, &references->targets, target);
        (void)strmap_set(run->arena, &references->resolved, bytes_of(run, &key, sizeof key), index);
    }
    *ret_schema = references->targets.items[index].schema;
    *ret_resource = references->targets.items[index].resource;
    return true;
}
