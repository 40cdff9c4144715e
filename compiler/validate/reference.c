#include "validate/reference.h"

#include "validate/uri.h"

Resource resource_of(SchemaRun *run, const Resource *outer, Node schema) {
    Node id = NODE_GET(schema, "$id");
    if (node_kind(id) != NODE_STRING) return *outer;
    Str own = uri_without_fragment(node_text(id));
    return (Resource){schema, uri_resolve(run->arena, outer->base, own)};
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

static Node item_at(Node sequence, Str token) {
    uint64_t index = 0;
    bool leading_zero = token.length > 1 && token.data[0] == '0';
    if (leading_zero || !str_to_u64(token, &index)) return NO_NODE;
    Node item = node_first(sequence);
    while (index-- > 0 && node_exists(item)) item = node_next(item);
    return item;
}

// From a schema to one inside it: over a keyword, and over a name or index where it holds several.
static Node step_inside(SchemaRun *run, Node schema, Str pointer, size_t *at) {
    Str name = take_token(run, pointer, at);
    const Keyword *keyword = keyword_find(&run->keywords, name);
    Node value = node_get(schema, name);
    if (keyword == NULL || keyword->holds == HOLDS_NO_SCHEMA) return NO_NODE;
    if (keyword->holds == HOLDS_SCHEMA) return value;
    if (*at >= pointer.length) return NO_NODE;
    Str token = take_token(run, pointer, at);
    return keyword->holds == HOLDS_SCHEMA_MAP ? node_get(value, token) : item_at(value, token);
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

// Looks through all schemas of the document for one with this identity.
typedef struct Search {
    SchemaRun *run;
    Node asking; // where lack of steps is reported
    Str uri, anchor;
    Resource around; // of the schema that is looked into
    Node found;
    Resource found_resource;
} Search;

static bool is_wanted(const Search *search, Node schema, const Resource *resource) {
    if (!str_equal(resource->base, search->uri)) return false;
    if (search->anchor.length == 0) return resource->root.id == schema.id;
    return node_is_string(NODE_GET(schema, "$anchor"), search->anchor);
}

static bool search_in(void *context, Node schema) {
    Search *search = context;
    Resource around = search->around;
    Resource here = resource_of(search->run, &around, schema);
    if (!schema_run_spend(search->run, search->asking, 1 + node_count(schema))) return false;
    if (is_wanted(search, schema, &here)) {
        search->found = schema;
        search->found_resource = here;
        return false;
    }
    search->around = here;
    bool go_on = true;
    for (Node value = node_first(schema); go_on && node_exists(value); value = node_next(value)) {
        const Keyword *keyword = keyword_find(&search->run->keywords, node_key_text(value));
        if (keyword != NULL) go_on = keyword_each_schema(keyword, value, search_in, search);
    }
    search->around = around;
    return go_on;
}

static bool find(SchemaRun *run, Node asking, Str uri, Str anchor, Node *ret_schema,
                 Resource *ret_resource) {
    Search search = {.run = run, .asking = asking, .uri = uri, .anchor = anchor};
    search.around = (Resource){.root = run->root};
    (void)search_in(&search, run->root);
    if (!node_exists(search.found)) return false;
    *ret_schema = search.found;
    *ret_resource = search.found_resource;
    return true;
}

bool reference_resolve(SchemaRun *run, const Resource *from, Node reference, Node *ret_schema,
                       Resource *ret_resource) {
    Str text = node_text(reference), fragment = {0}, anchor = {0};
    Str target = uri_without_fragment(text);
    Node schema = from->root;
    Resource resource = *from;
    if (!uri_decode(run->arena, uri_fragment(text), &fragment)) return false;
    bool by_pointer = fragment.length == 0 || fragment.data[0] == '/';
    Str uri = target.length == 0 ? from->base : uri_resolve(run->arena, from->base, target);
    if (!by_pointer) anchor = fragment;
    if ((target.length > 0 || !by_pointer) &&
        !find(run, reference, uri, anchor, &schema, &resource))
        return false;
    if (by_pointer && !follow_pointer(run, fragment, &schema, &resource)) return false;
    *ret_schema = schema;
    *ret_resource = resource;
    return true;
}
