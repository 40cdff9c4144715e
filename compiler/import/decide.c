#include "import/decide.h"

#include "import/symbol.h"

// --- definitions ---

// What a definition depends on, each once, in the order in which it is met.
typedef struct Closure {
    Fold *fold;
    StrMap seen;
    StrVec names; // "Conditions/Name", "Parameters/Name"
} Closure;

static void add_name(Closure *c, const char *section, Node name) {
    Arena *arena = c->fold->arena;
    if (node_kind(name) != NODE_STRING) return;
    Str path = str_format(arena, "%s/%.*s", section, STR_ARG(node_text(name)));
    if (strmap_set(arena, &c->seen, path, 0)) VEC_PUSH(arena, &c->names, path);
}

// Trees are at most 64 levels deep.
static void add_references(Closure *c, Node node) {
    Str key = node_key_text(node);
    if (str_equal(key, STR("Condition"))) add_name(c, "Conditions", node);
    if (str_equal(key, STR("Ref"))) add_name(c, "Parameters", node);
    if (str_equal(key, STR("Fn::If"))) add_name(c, "Conditions", node_first(node));
    NODE_EACH(child, node) add_references(c, child);
}

static Node section_member(Fold *f, Str path) {
    size_t slash = str_find_byte(path, '/', 0);
    Node section = fold_get(f, f->template, str_slice(path, 0, slash));
    Node member = fold_get(f, section, str_slice(path, slash + 1, path.length));
    bool is_parameter = str_starts_with(path, STR("Parameters/"));
    return is_parameter ? NODE_GET(member, "Default") : member;
}

// "Conditions/IsProd=Fn::Equals:..." of each name; what has no definition, as AWS::Region, says so.
static Str define(Closure *c) {
    StrBuf out = strbuf_new(c->fold->arena);
    for (size_t i = 0; i < c->names.count && !c->fold->failed; i++) {
        Str path = c->names.items[i];
        Node node = section_member(c->fold, path);
        add_references(c, node);
        uint32_t folded = node_exists(node) ? fold_value(c->fold, node) : 0;
        Span span = node_span(node_exists(node) ? node : c->fold->template);
        fold_write(c->fold, &out, path, span);
        strbuf_add_byte(&out, '=');
        if (folded != 0) symbol_write(c->fold, &out, (Node){&c->fold->tree->tree, folded}, span);
        strbuf_add_byte(&out, ';');
    }
    return strbuf_str(&out);
}

Str condition_definition(Fold *f, Str name) {
    Arena *arena = f->arena;
    uint32_t index = (uint32_t)f->definitions.count;
    if (strmap_get(&f->defined, name, &index)) return f->definitions.items[index];
    Closure closure = {.fold = f};
    bool choosing = f->choosing;
    VEC_PUSH(arena, &closure.names, str_format(arena, "Conditions/%.*s", STR_ARG(name)));
    strmap_set(arena, &closure.seen, closure.names.items[0], 0);
    // Set before it is made: a definition that goes round in a circle ends there.
    strmap_set(arena, &f->defined, name, index);
    VEC_PUSH(arena, &f->definitions, (Str){0});
    f->choosing = false;
    f->definitions.items[index] = define(&closure);
    f->choosing = choosing;
    return f->definitions.items[index];
}

// --- decisions ---

// The same decision is one, so that what hangs on it can be taken together.
static const Decision *decision_of(Fold *f, const Decision *when, Str name, Str outcome) {
    uint32_t index = 0;
    Str key =
        str_format(f->arena, "%p %.*s %.*s", (const void *)when, STR_ARG(outcome), STR_ARG(name));
    if (strmap_get(&f->deciding, key, &index)) return f->decisions.items[index];
    Decision *decision = ARENA_NEW(f->arena, Decision);
    *decision = (Decision){name, outcome, condition_definition(f, name), when};
    strmap_set(f->arena, &f->deciding, key, (uint32_t)f->decisions.count);
    VEC_PUSH(f->arena, &f->decisions, decision);
    return decision;
}

bool decide(Fold *f, const Decision *when, Str name, bool outcome, const Decision **ret_when) {
    Str text = outcome ? STR("true") : STR("false");
    const Decision *known = decision_find(when, name);
    if (known != NULL) {
        *ret_when = when;
        return str_equal(known->outcome, text);
    }
    *ret_when = decision_of(f, when, name, text);
    return true;
}
