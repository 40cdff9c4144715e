#include "base/map.h"
#include "read/prefilter.h"
#include "read/read.h"

typedef VEC(uint32_t) NodeIdVec;

typedef struct Table {
    Arena *arena;
    Diags *diags;
    const Source *source;
    TreeBuilder *tree;
    NodeIdVec keys; // one node a column; the rows share them
    uint32_t rows;
} Table;

static Span cell_span(const Table *t, size_t begin, size_t end) {
    return (Span){t->source, (uint32_t)begin, (uint32_t)end};
}

static uint32_t add_cell(Table *t, size_t begin, size_t end) {
    return tree_add(t->tree, NODE_STRING, str_slice(t->source->text, begin, end), (uint32_t)begin,
                    (uint32_t)end);
}

static bool read_header(Table *t, size_t begin, size_t end) {
    StrMap seen = {0};
    for (size_t at = begin; at <= end;) {
        Str line = str_slice(t->source->text, 0, end);
        size_t stop = str_find_byte(line, '\t', at);
        Str name = str_slice(line, at, stop);
        if (name.length == 0) {
            diag_report(t->diags, MSG_INVALID_KEY, cell_span(t, at, stop),
                        "a column of the header has no name");
            return false;
        }
        if (!strmap_set(t->arena, &seen, name, 0)) {
            diag_report(t->diags, MSG_DUPLICATE_KEY, cell_span(t, at, stop),
                        "the column '%.*s' stands here twice", STR_ARG(name));
            return false;
        }
        VEC_PUSH(t->arena, &t->keys, add_cell(t, at, stop));
        at = stop + 1;
    }
    return true;
}

static bool check_row(const Table *t, size_t begin, size_t end) {
    size_t cells = 1;
    for (size_t i = begin; i < end; i++) cells += t->source->text.data[i] == '\t';
    if (cells != t->keys.count) {
        diag_report(t->diags, MSG_SYNTAX, cell_span(t, begin, end),
                    "this row has %zu cells, and the header has %zu", cells, t->keys.count);
        return false;
    }
    if (t->tree->tree.count + cells + 1 <= READ_MAX_NODES) return true;
    diag_report(t->diags, MSG_TOO_MANY_NODES, cell_span(t, begin, end), "more than %d nodes",
                READ_MAX_NODES);
    return false;
}

static bool read_row(Table *t, size_t begin, size_t end) {
    if (!check_row(t, begin, end)) return false;
    uint32_t row = tree_add(t->tree, NODE_MAPPING, (Str){0}, (uint32_t)begin, (uint32_t)end);
    Str line = str_slice(t->source->text, 0, end);
    for (size_t i = 0, at = begin; i < t->keys.count; i++) {
        size_t stop = str_find_byte(line, '\t', at);
        tree_append(t->tree, row, t->keys.items[i], add_cell(t, at, stop));
        at = stop + 1;
    }
    tree_append(t->tree, t->rows, 0, row);
    return true;
}

static bool read_line(Table *t, size_t begin, size_t end) {
    const char *data = t->source->text.data;
    if (end > begin && data[end - 1] == '\r') end--;
    if (end == begin || data[begin] == '#') return true;
    return t->keys.count == 0 ? read_header(t, begin, end) : read_row(t, begin, end);
}

bool read_tsv(Arena *arena, Diags *diags, const Source *source, Node *ret_root) {
    uint32_t begin = 0;
    if (!prefilter(diags, source, &begin)) return false;
    uint32_t length = (uint32_t)source->text.length;
    Table table = {.arena = arena, .diags = diags, .source = source};
    table.tree = ARENA_NEW(arena, TreeBuilder);
    tree_begin(table.tree, arena, source);
    table.rows = tree_add(table.tree, NODE_SEQUENCE, (Str){0}, begin, length);
    for (size_t at = begin; at < length;) {
        size_t end = str_find_byte(source->text, '\n', at);
        if (!read_line(&table, at, end)) return false;
        at = end + 1;
    }
    if (table.keys.count == 0) {
        diag_report(diags, MSG_EMPTY_DOCUMENT, (Span){source, 0, 0},
                    "a table begins with a row of column names");
        return false;
    }
    *ret_root = (Node){&table.tree->tree, table.rows};
    return true;
}
