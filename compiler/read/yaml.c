#include <yaml.h>

#include "base/guard.h"
#include "base/map.h"
#include "read/prefilter.h"
#include "read/read.h"
#include "read/scalar.h"
#include "read/yaml_error.h"
#include "read/yaml_tag.h"

// A sequence or mapping that is still open.
typedef struct Frame {
    uint32_t id;
    uint32_t key; // mapping: the key that waits for its value, or 0
    bool is_mapping;
    bool is_tag;  // the mapping that a tag of the caller's stands for: closes after its one value
    StrMap keys;  // mapping: key text -> key node
    Str anchor;   // defined when it closes, so that nothing can contain itself
    uint32_t end; // of its last key, value or item as it is written: an alias is not its target
} Frame;

typedef struct Reader {
    Arena *arena;
    Diags *diags;
    const Source *source;
    const YamlTags *tags; // of the caller's own, or NULL
    yaml_parser_t parser;
    yaml_event_t event; // the last one
    TreeBuilder *builder;
    Frame frames[READ_MAX_DEPTH];
    size_t depth;
    StrMap anchors; // name -> node
    size_t aliased; // bytes of the texts that aliases stand for
    uint32_t begin; // of the text behind a BOM
    // libyaml counts characters, we count bytes: the pair that was converted last.
    size_t mark_index, mark_byte;
    Span document; // where the open one begins: its `---`, or no place
    uint32_t root;
    bool has_root;
    bool failed; // nothing more can be read
    bool faulty; // something was reported
} Reader;

static uint32_t to_byte(Reader *r, yaml_mark_t mark) {
    Str text = r->source->text;
    while (r->mark_index < mark.index && r->mark_byte < text.length) {
        do r->mark_byte++;
        while (r->mark_byte < text.length &&
               ((unsigned char)text.data[r->mark_byte] & 0xC0) == 0x80);
        r->mark_index++;
    }
    while (r->mark_index > mark.index) {
        do r->mark_byte--;
        while (((unsigned char)text.data[r->mark_byte] & 0xC0) == 0x80);
        r->mark_index--;
    }
    return (uint32_t)r->mark_byte;
}

static Span event_span(Reader *r, const yaml_event_t *event) {
    uint32_t begin = to_byte(r, event->start_mark);
    return (Span){r->source, begin, to_byte(r, event->end_mark)};
}

// Reports a fault. Reading goes on, to find others, where the caller does not end it.
static Diagnostic *fault(Reader *r, MessageId id, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static Diagnostic *fault(Reader *r, MessageId id, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = str_vformat(r->arena, format, args);
    va_end(args);
    r->faulty = true;
    return diag_report(r->diags, id, span, "%.*s", STR_ARG(text));
}

static bool check_room(Reader *r, Span span, size_t more) {
    if (r->builder->tree.count + more <= READ_MAX_NODES) return true;
    fault(r, MSG_TOO_MANY_NODES, span, "more than %d nodes, aliases counted each time",
          READ_MAX_NODES);
    r->failed = true;
    return false;
}

// Copies share their texts, but whatever looks at each of them pays for each.
static bool check_text(Reader *r, Span span, Node target) {
    r->aliased += tree_text_size(target);
    if (r->builder->tree.pool_length + r->aliased <= READ_MAX_TEXT) return true;
    fault(r, MSG_TOO_MANY_NODES, span, "more than %d MiB of text, aliases counted each time",
          READ_MAX_TEXT / (1024 * 1024));
    r->failed = true;
    return false;
}

static void check_key(Reader *r, const Frame *frame, Str text, Span span, bool plain) {
    uint32_t first = 0;
    if (plain && str_equal(text, STR("<<"))) {
        Diagnostic *d = fault(r, MSG_MERGE_KEY, span, "YAML 1.2 has no merge key '<<'");
        diag_note(r->diags, d, NO_SPAN,
                  "write the keys out, or give the whole value an anchor and use its alias");
    } else if (strmap_get(&frame->keys, text, &first)) {
        Diagnostic *d =
            fault(r, MSG_DUPLICATE_KEY, span, "the key '%.*s' stands here twice", STR_ARG(text));
        diag_note(r->diags, d, node_span((Node){&r->builder->tree, first}), "first here");
    } else if (str_find_byte(text, '\0', 0) < text.length) {
        // As in JSON, whose library cannot hold such keys.
        fault(r, MSG_SYNTAX, span, "a key must not hold the character U+0000");
    }
}

static void take_key(Reader *r, Frame *frame, uint32_t id, Span span, bool plain) {
    Str text = node_text((Node){&r->builder->tree, id});
    check_key(r, frame, text, span, plain);
    uint32_t first = 0;
    if (!strmap_get(&frame->keys, text, &first)) strmap_set(r->arena, &frame->keys, text, id);
    frame->key = id;
}

// A list or mapping as a key; two braces are mostly those of a template that was not filled in.
static void refuse_key(Reader *r, Span span) {
    Diagnostic *d =
        fault(r, MSG_INVALID_KEY, span, "a key must be a plain text, not a list or mapping");
    r->failed = true;
    Str text = str_slice(r->source->text, 0, span.begin + 1);
    if (str_ends_with(text, STR("{{")))
        diag_note(r->diags, d, NO_SPAN, "is '{{' a placeholder? then put it in quotes");
}

static void define_anchor(Reader *r, Str anchor, uint32_t id) {
    if (anchor.length != 0) strmap_set(r->arena, &r->anchors, anchor, id);
}

static Str anchor_of(Reader *r, const yaml_char_t *anchor) {
    return anchor == NULL ? (Str){0} : str_copy(r->arena, str_of((const char *)anchor));
}

static void attach(Reader *r, uint32_t id, Span span, bool plain);

// Closes the mapping of a tag, whose value is there now.
static void close_tag(Reader *r) {
    Frame frame = r->frames[--r->depth];
    if (frame.end > 0) tree_set_end(r->builder, frame.id, frame.end);
    define_anchor(r, frame.anchor, frame.id);
    attach(r, frame.id, node_span((Node){&r->builder->tree, frame.id}), false);
}

// Puts a complete node where it belongs: the root, a key, a value or an item.
static void attach(Reader *r, uint32_t id, Span span, bool plain) {
    if (r->depth == 0) {
        r->root = id;
        r->has_root = true;
        return;
    }
    Frame *frame = &r->frames[r->depth - 1];
    NodeKind kind = node_kind((Node){&r->builder->tree, id});
    frame->end = span.end;
    if (!frame->is_mapping) {
        tree_append(r->builder, frame->id, 0, id);
    } else if (frame->key != 0) {
        tree_append(r->builder, frame->id, frame->key, id);
        frame->key = 0;
        if (frame->is_tag) close_tag(r);
    } else if (kind == NODE_SEQUENCE || kind == NODE_MAPPING) {
        refuse_key(r, span);
    } else {
        take_key(r, frame, id, span, plain);
    }
}

static Str tag_name(const yaml_char_t *tag) {
    return tag == NULL ? (Str){0} : str_of((const char *)tag);
}

// Refuses tags that are not of the core schema, or not of this kind of node.
static void check_tag(Reader *r, Str tag, Span span, NodeKind is) {
    if (tag.length == 0) return;
    NodeKind kind = yaml_tag_kind(tag);
    bool scalar = is != NODE_SEQUENCE && is != NODE_MAPPING;
    bool any = str_equal(tag, STR("!"));
    if (any || (kind != NODE_NONE &&
                (scalar ? kind != NODE_SEQUENCE && kind != NODE_MAPPING : kind == is)))
        return;
    Span written = yaml_tag_span(span);
    Str name = str_slice(r->source->text, written.begin, written.end);
    fault(r, MSG_UNKNOWN_TAG, written, "the tag '%.*s' has no meaning here; leave it out",
          STR_ARG(name));
}

// The kind that a tag demands; that of the text where the tag says nothing of scalars.
static NodeKind wanted_kind(Str tag, NodeKind resolved) {
    NodeKind kind = yaml_tag_kind(tag);
    return kind == NODE_NONE || kind == NODE_SEQUENCE || kind == NODE_MAPPING ? resolved : kind;
}

static void check_tagged(Reader *r, Str text, Span span, NodeKind wanted, NodeKind resolved) {
    if (wanted == NODE_STRING || wanted == resolved) return;
    Span written = yaml_tag_span(span);
    Str name = str_slice(r->source->text, written.begin, written.end);
    fault(r, MSG_INVALID_TAGGED_VALUE, span, "'%.*s' is not what its tag '%.*s' says",
          STR_ARG(text), STR_ARG(name));
}

static bool check_depth(Reader *r, Span span) {
    if (r->depth < READ_MAX_DEPTH) return true;
    fault(r, MSG_TOO_DEEP, span, "nested more than %d levels deep", READ_MAX_DEPTH);
    r->failed = true;
    return false;
}

// Opens the mapping of one of the caller's tags; what comes next is its value.
static bool open_tag(Reader *r, const YamlTag *tag, Span span, Str anchor) {
    if (!check_room(r, span, 2) || !check_depth(r, span)) return false;
    Span written = yaml_tag_span(span);
    uint32_t id = tree_add(r->builder, NODE_MAPPING, (Str){0}, span.begin, span.end);
    uint32_t key = tree_add(r->builder, NODE_STRING, tag->key, written.begin, written.end);
    r->frames[r->depth++] =
        (Frame){.id = id, .key = key, .is_mapping = true, .is_tag = true, .anchor = anchor};
    return true;
}

// What stands before a value: its place without these, its tag where it is not the caller's.
typedef struct Properties {
    Span span;
    Str tag;
    Str anchor;
    bool is_tagged; // by a tag of the caller's
} Properties;

// Takes a node's properties, and opens the mapping of a tag of the caller's.
static bool take_properties(Reader *r, const yaml_event_t *event, const yaml_char_t *tag,
                            const yaml_char_t *anchor, Properties *ret_properties) {
    Properties p = {event_span(r, event), tag_name(tag), anchor_of(r, anchor), false};
    const YamlTag *own = yaml_tag_find(r->tags, p.tag);
    if (own != NULL) {
        if (!open_tag(r, own, p.span, p.anchor)) return false;
        p = (Properties){.span = yaml_value_span(p.span), .is_tagged = true};
    }
    *ret_properties = p;
    return check_room(r, p.span, 1);
}

static void add_scalar(Reader *r, const yaml_event_t *event) {
    Str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    Properties p;
    if (!take_properties(r, event, event->data.scalar.tag, event->data.scalar.anchor, &p)) return;
    check_tag(r, p.tag, p.span, NODE_STRING);
    bool untyped = !p.is_tagged && (plain || p.tag.length != 0);
    NodeKind resolved = untyped ? scalar_kind(text) : NODE_STRING;
    NodeKind wanted = wanted_kind(p.tag, resolved);
    check_tagged(r, text, p.span, wanted, resolved);
    bool finite = wanted != NODE_NONE;
    if (wanted == NODE_NUMBER) finite = scalar_number(r->arena, text, &text);
    if (!finite)
        fault(r, MSG_INVALID_VALUE, p.span,
              "'%.*s' is a number that spotc cannot hold; a text needs quotes", STR_ARG(text));
    NodeKind kind = finite ? wanted : NODE_STRING;
    uint32_t id = tree_add(r->builder, kind, text, p.span.begin, p.span.end);
    define_anchor(r, p.anchor, id);
    attach(r, id, p.span, plain);
}

static void open_collection(Reader *r, const yaml_event_t *event, NodeKind kind,
                            const yaml_char_t *tag, const yaml_char_t *anchor) {
    Properties p;
    if (!take_properties(r, event, tag, anchor, &p)) return;
    check_tag(r, p.tag, p.span, kind);
    if (!check_depth(r, p.span)) return;
    r->frames[r->depth++] = (Frame){
        .id = tree_add(r->builder, kind, (Str){0}, p.span.begin, p.span.end),
        .is_mapping = kind == NODE_MAPPING,
        .anchor = p.anchor,
    };
}

static void close_collection(Reader *r, const yaml_event_t *event) {
    Frame frame = r->frames[--r->depth];
    Node node = {&r->builder->tree, frame.id};
    // A block collection's end event stands at the next token, so its last child tells the end.
    Span span = event_span(r, event);
    bool flow = event->start_mark.index != event->end_mark.index;
    uint32_t end = flow ? span.end : frame.end;
    if (end != 0) tree_set_end(r->builder, frame.id, end);
    define_anchor(r, frame.anchor, frame.id);
    attach(r, frame.id, node_span(node), false);
}

static void add_alias(Reader *r, const yaml_event_t *event) {
    Str name = str_of((const char *)event->data.alias.anchor);
    Span span = event_span(r, event);
    uint32_t id = 0;
    if (!strmap_get(&r->anchors, name, &id)) {
        fault(r, MSG_UNDEFINED_ALIAS, span, "no anchor '&%.*s' stands before this alias",
              STR_ARG(name));
        attach(r, tree_add(r->builder, NODE_NULL, name, span.begin, span.end), span, false);
        return;
    }
    Node target = {&r->builder->tree, id};
    // Each mapping child may bring a key along.
    if (!check_room(r, span, 2 * (size_t)tree_size(target)) || !check_text(r, span, target)) return;
    if (r->depth + tree_height(target) > READ_MAX_DEPTH) {
        fault(r, MSG_TOO_DEEP, span, "nested more than %d levels deep, aliases included",
              READ_MAX_DEPTH);
        r->failed = true;
        return;
    }
    attach(r, tree_copy(r->builder, target), span, false);
}

static void report_parser_error(Reader *r) {
    if (r->parser.problem == NULL || r->parser.error == YAML_MEMORY_ERROR)
        arena_exhausted(r->arena);
    bool has_context = r->parser.context != NULL;
    uint32_t open = r->depth == 0 ? 0 : r->frames[r->depth - 1].id;
    YamlProblem problem = {
        .problem = str_of(r->parser.problem),
        .context = has_context ? str_of(r->parser.context) : (Str){0},
        .problem_at = to_byte(r, r->parser.problem_mark),
        .context_at = has_context ? to_byte(r, r->parser.context_mark) : 0,
        .open_at = node_span((Node){&r->builder->tree, open}).begin,
        .has_context = has_context,
    };
    r->failed = true;
    yaml_report_problem(r->diags, r->source, &problem);
}

static void end_document(Reader *r, NodeVec *ret_documents) {
    Node root = {&r->builder->tree, r->root};
    if (!r->has_root || (node_kind(root) == NODE_NULL && node_text(root).length == 0)) {
        Span place = r->document.source != NULL ? r->document : node_span(root);
        fault(r, MSG_EMPTY_DOCUMENT, place, "the document is empty");
        return;
    }
    VEC_PUSH(r->arena, ret_documents, root);
    r->has_root = false;
    r->anchors = (StrMap){0};
}

static void take_event(Reader *r, const yaml_event_t *event, NodeVec *ret_documents) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        add_scalar(r, event);
        break;
    case YAML_ALIAS_EVENT:
        add_alias(r, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_collection(r, event, NODE_SEQUENCE, event->data.sequence_start.tag,
                        event->data.sequence_start.anchor);
        break;
    case YAML_MAPPING_START_EVENT:
        open_collection(r, event, NODE_MAPPING, event->data.mapping_start.tag,
                        event->data.mapping_start.anchor);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_collection(r, event);
        break;
    case YAML_DOCUMENT_START_EVENT:
        r->document = event->data.document_start.implicit ? NO_SPAN : event_span(r, event);
        break;
    case YAML_DOCUMENT_END_EVENT:
        end_document(r, ret_documents);
        break;
    default:
        break; // the stream's start and end carry nothing
    }
}

static void read_events(Reader *r, NodeVec *ret_documents) {
    bool more = true;
    while (more && !r->failed) {
        if (!yaml_parser_parse(&r->parser, &r->event)) {
            report_parser_error(r);
            return;
        }
        more = r->event.type != YAML_STREAM_END_EVENT;
        take_event(r, &r->event, ret_documents);
        yaml_event_delete(&r->event);
    }
}

static void release(void *reader) {
    Reader *r = reader;
    yaml_event_delete(&r->event);
    yaml_parser_delete(&r->parser);
}

bool read_yaml(Arena *arena, Diags *diags, const Source *source, NodeVec *ret_documents) {
    return read_yaml_tagged(arena, diags, source, NULL, ret_documents);
}

bool read_yaml_tagged(Arena *arena, Diags *diags, const Source *source, const YamlTags *tags,
                      NodeVec *ret_documents) {
    uint32_t begin = 0;
    if (!prefilter(diags, source, &begin)) return false;
    TreeBuilder *builder = ARENA_NEW(arena, TreeBuilder);
    tree_begin(builder, arena, source);
    Reader *r = ARENA_NEW(arena, Reader);
    *r = (Reader){.arena = arena,
                  .diags = diags,
                  .source = source,
                  .tags = tags,
                  .builder = builder,
                  .mark_byte = begin,
                  .begin = begin};
    if (!yaml_parser_initialize(&r->parser)) arena_exhausted(arena);
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)source->text.data + begin,
                                 source->text.length - begin);
    NodeVec documents = {0};
    Guard guard;
    guard_begin(&guard, arena, release, r);
    read_events(r, &documents);
    guard_end(&guard);
    yaml_parser_delete(&r->parser);
    if (r->failed || r->faulty) return false;
    if (documents.count == 0) {
        diag_report(diags, MSG_EMPTY_DOCUMENT, (Span){source, 0, 0}, "the file is empty");
        return false;
    }
    for (size_t i = 0; i < documents.count; i++) VEC_PUSH(arena, ret_documents, documents.items[i]);
    return true;
}

bool read_document(Arena *arena, Diags *diags, const Source *source, Node *ret_root) {
    if (str_ends_with(source->name, STR(".json"))) return read_json(arena, diags, source, ret_root);
    NodeVec documents = {0};
    if (!read_yaml(arena, diags, source, &documents)) return false;
    if (documents.count > 1) {
        diag_report(diags, MSG_SEVERAL_DOCUMENTS, node_span(documents.items[1]),
                    "one document is expected here, and this is the second");
        return false;
    }
    *ret_root = documents.items[0];
    return true;
}
