#include "emit/skeleton.h"

#include "base/map.h"
#include "base/placeholder.h"
#include "read/read.h"

// A name of `each`, in scope below it.
typedef struct Scope {
    const struct Scope *outer;
    Str name;
    Node value;
} Scope;

// A skeleton may be the user's, so that its loops and texts have bounds too: of texts that of a
// file. A step is a node, a directive or as many bytes of a text with placeholders.
enum { MAX_STEPS = 1000 * 1000, MAX_TEXT = READ_MAX_BYTES, STEP_BYTES = 16 };

// The list or mapping that is being filled.
typedef struct Target {
    uint32_t id;
    StrMap keys; // of a mapping
} Target;

typedef struct Filling {
    size_t steps; // that were taken
    TreeBuilder *builder;
    Diags *diags;
    Node context;
    bool failed;
} Filling;

// What a key like ${{ each x in xs }} says.
typedef struct Directive {
    enum { NO_DIRECTIVE, DIRECTIVE_EACH, DIRECTIVE_IF, DIRECTIVE_IF_NOT } kind;
    Str name; // each: x
    Str path;
} Directive;

static Str next_word(Str text, size_t *at) {
    while (*at < text.length && text.data[*at] == ' ') (*at)++;
    size_t end = str_find_byte(text, ' ', *at);
    Str word = str_slice(text, *at, end);
    *at = end;
    return word;
}

static void fail(Filling *f, Node at, const char *what, Str detail) {
    Span span = node_exists(node_key(at)) && node_kind(at) != NODE_STRING ? node_key_span(at)
                                                                          : node_span(at);
    f->failed = true;
    diag_report(f->diags, MSG_TEMPLATE_ERROR, span, "%s '%.*s'", what, STR_ARG(detail));
}

// The node at a dotted path: its first step a name in scope or a key of the context.
static Node look_up(const Filling *f, const Scope *scope, Str path) {
    size_t dot = str_find_byte(path, '.', 0);
    Str first = str_slice(path, 0, dot);
    while (scope != NULL && !str_equal(scope->name, first)) scope = scope->outer;
    Node node = scope != NULL ? scope->value : node_get(f->context, first);
    while (dot < path.length) {
        size_t next = str_find_byte(path, '.', dot + 1);
        node = node_get(node, str_slice(path, dot + 1, next));
        dot = next;
    }
    return node;
}

static bool is_truthy(Node node) {
    switch (node_kind(node)) {
    case NODE_NONE:
    case NODE_NULL:
        return false;
    case NODE_BOOLEAN:
        return node_is_true(node);
    case NODE_SEQUENCE:
    case NODE_MAPPING:
        return node_count(node) != 0;
    default:
        return node_text(node).length != 0;
    }
}

static bool parse_directive(Filling *f, Node key, Directive *ret_directive) {
    Str inner;
    size_t at = 0;
    Directive d = {.kind = NO_DIRECTIVE};
    *ret_directive = d;
    if (!text_is_placeholder(node_text(key), &inner)) return true;
    Str verb = next_word(inner, &at);
    if (str_equal(verb, STR("each"))) {
        d = (Directive){.kind = DIRECTIVE_EACH, .name = next_word(inner, &at)};
        Str in = next_word(inner, &at);
        d.path = str_equal(in, STR("in")) ? next_word(inner, &at) : (Str){0};
    } else if (str_equal(verb, STR("if"))) {
        d = (Directive){.kind = DIRECTIVE_IF, .path = next_word(inner, &at)};
        if (str_equal(d.path, STR("not")))
            d = (Directive){.kind = DIRECTIVE_IF_NOT, .path = next_word(inner, &at)};
    } else {
        return true; // a key that is filled in
    }
    if (d.path.length == 0 || next_word(inner, &at).length != 0) {
        fail(f, key, "not 'each x in xs', 'if x' or 'if not x':", inner);
        return false;
    }
    *ret_directive = d;
    return true;
}

static bool check_room(Filling *f, Node at, size_t bytes) {
    if (f->failed) return false;
    const Tree *tree = &f->builder->tree;
    f->steps += 1 + bytes / STEP_BYTES;
    if (f->steps <= MAX_STEPS && tree->count < READ_MAX_NODES && tree->pool_length < MAX_TEXT)
        return true;
    fail(f, at, "the template grows without bounds at", node_text(at));
    return false;
}

static void fill_members(Filling *f, Node skeleton, const Scope *scope, Target *target);
static void fill_items(Filling *f, Node skeleton, const Scope *scope, Target *target);

// Where the members or items that a directive gives go.
typedef void FillInto(Filling *f, Node skeleton, const Scope *scope, Target *target);

static void follow(Filling *f, const Directive *d, Node value, const Scope *scope, Target *target,
                   FillInto *into) {
    if (!check_room(f, node_key(value), d->path.length)) return;
    Node found = look_up(f, scope, d->path);
    if (d->kind != DIRECTIVE_EACH) {
        if (is_truthy(found) == (d->kind == DIRECTIVE_IF)) into(f, value, scope, target);
        return;
    }
    if (node_exists(found) && node_kind(found) != NODE_SEQUENCE) {
        fail(f, node_key(value), "not a list:", d->path);
        return;
    }
    if (!node_exists(found)) fail(f, node_key(value), "there is no", d->path);
    NODE_EACH(item, found) {
        if (!check_room(f, node_key(value), 0)) return;
        Scope inner = {.outer = scope, .name = d->name, .value = item};
        into(f, value, &inner, target);
        if (f->failed) return;
    }
}

// A node that stands where `from` does in the skeleton.
static uint32_t add_at(Filling *f, Node from, NodeKind kind, Str text) {
    Span span = node_span(from);
    bool same = span.source == f->builder->tree.source;
    return tree_add(f->builder, kind, text, same ? span.begin : 0, same ? span.end : 0);
}

// A text with placeholders within it.
static Str fill_text(Filling *f, Node scalar, const Scope *scope) {
    Str text = node_text(scalar);
    if (str_find(text, STR("${{"), 0) == text.length) return text;
    if (!check_room(f, scalar, text.length)) return (Str){0};
    StrBuf buf = strbuf_new(f->builder->arena);
    TextPart part;
    for (size_t at = 0; text_next_part(text, &at, &part);) {
        if (!part.is_placeholder) {
            strbuf_add(&buf, part.text);
            continue;
        }
        Node found = look_up(f, scope, part.text);
        if (node_kind(found) < NODE_BOOLEAN || node_kind(found) > NODE_STRING)
            fail(f, scalar, "there is no text", part.text);
        strbuf_add(&buf, node_text(found));
        if (buf.length > MAX_TEXT) fail(f, scalar, "the text grows without bounds at", part.text);
        if (f->failed) return (Str){0};
    }
    return strbuf_str(&buf);
}

static uint32_t fill_scalar(Filling *f, Node scalar, const Scope *scope) {
    Str inner;
    if (node_kind(scalar) != NODE_STRING) return tree_copy(f->builder, scalar);
    if (!text_is_placeholder(node_text(scalar), &inner))
        return add_at(f, scalar, NODE_STRING, fill_text(f, scalar, scope));
    Node found = look_up(f, scope, inner);
    if (!node_exists(found)) {
        fail(f, scalar, "there is no", inner);
        return 0;
    }
    return tree_copy(f->builder, found);
}

static uint32_t fill_node(Filling *f, Node skeleton, const Scope *scope) {
    Target target = {0};
    if (!check_room(f, skeleton, 0)) return 0;
    switch (node_kind(skeleton)) {
    case NODE_MAPPING:
        target.id = add_at(f, skeleton, NODE_MAPPING, (Str){0});
        fill_members(f, skeleton, scope, &target);
        return target.id;
    case NODE_SEQUENCE:
        target.id = add_at(f, skeleton, NODE_SEQUENCE, (Str){0});
        fill_items(f, skeleton, scope, &target);
        return target.id;
    default:
        return fill_scalar(f, skeleton, scope);
    }
}

static void fill_member(Filling *f, Node child, const Scope *scope, Target *target) {
    Str key = fill_text(f, node_key(child), scope);
    if (f->failed) return;
    if (!strmap_set(f->builder->arena, &target->keys, key, 0)) {
        fail(f, node_key(child), "two members of one name:", key);
        return;
    }
    uint32_t value = fill_node(f, child, scope);
    if (f->failed) return;
    uint32_t name = add_at(f, node_key(child), NODE_STRING, key);
    tree_append(f->builder, target->id, name, value);
}

static void fill_members(Filling *f, Node skeleton, const Scope *scope, Target *target) {
    if (node_kind(skeleton) != NODE_MAPPING) {
        fail(f, skeleton, "a mapping is needed here, not", node_text(skeleton));
        return;
    }
    NODE_EACH(child, skeleton) {
        Directive d;
        if (f->failed || !parse_directive(f, node_key(child), &d)) return;
        if (d.kind == NO_DIRECTIVE)
            fill_member(f, child, scope, target);
        else
            follow(f, &d, child, scope, target, fill_members);
    }
}

static bool has_directive(Filling *f, Node item) {
    Directive d;
    return node_kind(item) == NODE_MAPPING && node_count(item) > 0 &&
           parse_directive(f, node_key(node_first(item)), &d) && d.kind != NO_DIRECTIVE;
}

static void fill_item(Filling *f, Node item, const Scope *scope, Target *target) {
    if (!has_directive(f, item)) {
        uint32_t value = fill_node(f, item, scope);
        if (!f->failed) tree_append(f->builder, target->id, 0, value);
        return;
    }
    NODE_EACH(child, item) {
        Directive d;
        if (f->failed || !parse_directive(f, node_key(child), &d)) return;
        if (d.kind == NO_DIRECTIVE)
            fail(f, node_key(child), "a directive is needed beside the others, not",
                 node_key_text(child));
        else
            follow(f, &d, child, scope, target, fill_items);
    }
}

// What stands under a directive in a list: a list of items, or one item.
static void fill_items(Filling *f, Node skeleton, const Scope *scope, Target *target) {
    if (node_kind(skeleton) != NODE_SEQUENCE) {
        fill_item(f, skeleton, scope, target);
        return;
    }
    NODE_EACH(item, skeleton) {
        if (f->failed) return;
        fill_item(f, item, scope, target);
    }
}

uint32_t skeleton_fill(TreeBuilder *builder, Diags *diags, Node skeleton, Node context,
                       size_t *steps) {
    Filling f = {.builder = builder, .diags = diags, .context = context};
    uint32_t result = fill_node(&f, skeleton, NULL);
    *steps += f.steps;
    return f.failed ? 0 : result;
}
