#include "emit/markdown.h"

#include <string.h>

#include "base/nearest.h"
#include "base/shell.h"
#include "emit/json.h"
#include "emit/literal.h"

typedef struct Page {
    Arena *arena;
    Diags *diags;
    StrBuf out;
    unsigned indent; // of the blocks of a step
    bool begun;      // the line has its number already
    bool failed;
} Page;

static void fail(Page *p, Node at, const char *what) {
    if (!p->failed) diag_report(p->diags, MSG_TEMPLATE_ERROR, node_key_span(at), "%s", what);
    p->failed = true;
}

// --- pieces ---

// What Markdown could take for its own, anywhere in a line.
static bool is_special(char c) {
    return c != '\0' && strchr("\\`*_[]<>&|~#$", c) != NULL;
}

// One line: line breaks become blanks.
static void add_escaped(StrBuf *out, Str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i] == '\n' || text.data[i] == '\r' ? ' ' : text.data[i];
        if (is_special(c)) strbuf_add_byte(out, '\\');
        strbuf_add_byte(out, c);
    }
}

static size_t longest_run(Str text, char of) {
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.length; i++) {
        run = text.data[i] == of ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    return longest;
}

static void add_repeated(StrBuf *out, char c, size_t count) {
    for (size_t i = 0; i < count; i++) strbuf_add_byte(out, c);
}

// A run of backticks longer than any within; a blank keeps one at an end apart. In GitHub's tables
// a bar ends the cell even in code.
static void add_code(StrBuf *out, Str text, bool in_table) {
    size_t fence = longest_run(text, '`') + 1;
    bool apart = str_starts_with(text, STR("`")) || str_ends_with(text, STR("`"));
    add_repeated(out, '`', fence);
    if (apart) strbuf_add_byte(out, ' ');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '|' && in_table) strbuf_add_byte(out, '\\');
        strbuf_add_byte(out, c == '\n' || c == '\r' ? ' ' : c);
    }
    if (apart) strbuf_add_byte(out, ' ');
    add_repeated(out, '`', fence);
}

// What would end the URL, or is not a URL's.
static void add_url(StrBuf *out, Str url) {
    for (size_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.data[i];
        if (c <= ' ' || c >= 0x7F || strchr("<>\"\\|`()", c) != NULL)
            strbuf_add_format(out, "%%%02X", (unsigned)c);
        else
            strbuf_add_byte(out, (char)c);
    }
}

static void add_link(Page *p, Node link) {
    char separator = '?';
    strbuf_add_byte(&p->out, '[');
    add_escaped(&p->out, node_text(NODE_GET(link, "link")));
    strbuf_add(&p->out, STR("]("));
    add_url(&p->out, node_text(NODE_GET(link, "to")));
    NODE_EACH(value, NODE_GET(link, "query")) {
        Str name = literal_query(p->arena, node_key_text(value));
        Str text = literal_query(p->arena, node_text(value));
        strbuf_add_format(&p->out, "%c%.*s=%.*s", separator, STR_ARG(name), STR_ARG(text));
        separator = '&';
    }
    strbuf_add_byte(&p->out, ')');
}

static bool is_text(Node node) {
    return node_kind(node) >= NODE_BOOLEAN && node_kind(node) <= NODE_STRING;
}

static void add_piece(Page *p, Node piece, bool in_table) {
    Node code = NODE_GET(piece, "code"), strong = NODE_GET(piece, "strong");
    if (is_text(piece)) {
        add_escaped(&p->out, node_text(piece));
    } else if (is_text(code)) {
        add_code(&p->out, node_text(code), in_table);
    } else if (is_text(strong)) {
        strbuf_add(&p->out, STR("**"));
        add_escaped(&p->out, node_text(strong));
        strbuf_add(&p->out, STR("**"));
    } else if (is_text(NODE_GET(piece, "link")) && is_text(NODE_GET(piece, "to"))) {
        add_link(p, piece);
    } else {
        fail(p, piece, "a text, code, strong or link with to is needed here");
    }
}

// Escapes what would begin a list or a heading: a sign, or a number with a full stop or bracket.
static void escape_begin(Page *p, size_t begin) {
    size_t at = begin;
    while (at < p->out.length && p->out.data[at] >= '0' && p->out.data[at] <= '9') at++;
    if (at == p->out.length || strchr(at == begin ? "+-=" : ".)", p->out.data[at]) == NULL) return;
    Str rest = str_copy(p->arena, str_slice(strbuf_str(&p->out), at, p->out.length));
    p->out.length = at;
    strbuf_add_byte(&p->out, '\\');
    strbuf_add(&p->out, rest);
}

static void add_pieces(Page *p, Node pieces, bool in_table) {
    size_t begin = p->out.length;
    if (node_kind(pieces) == NODE_SEQUENCE) {
        NODE_EACH(piece, pieces) add_piece(p, piece, in_table);
    } else {
        add_piece(p, pieces, in_table);
    }
    if (!in_table) escape_begin(p, begin);
}

// --- blocks ---

static void begin_line(Page *p) {
    if (!p->begun) add_repeated(&p->out, ' ', p->indent);
    p->begun = false;
}

static void add_heading(Page *p, Node block, size_t level) {
    begin_line(p);
    add_repeated(&p->out, '#', level);
    strbuf_add_byte(&p->out, ' ');
    add_pieces(p, block, false);
    strbuf_add_byte(&p->out, '\n');
}

static void add_title(Page *p, Node block) {
    add_heading(p, block, 1);
}

static void add_section(Page *p, Node block) {
    add_heading(p, block, 2);
}

static void add_subsection(Page *p, Node block) {
    add_heading(p, block, 3);
}

static void add_paragraph(Page *p, Node block) {
    begin_line(p);
    add_pieces(p, block, false);
    strbuf_add_byte(&p->out, '\n');
}

static void add_bullets(Page *p, Node block) {
    NODE_EACH(item, block) {
        begin_line(p);
        strbuf_add(&p->out, STR("- "));
        add_pieces(p, item, false);
        strbuf_add_byte(&p->out, '\n');
    }
}

static void add_blocks(Page *p, Node list);

static void add_steps(Page *p, Node block) {
    unsigned number = 0;
    NODE_EACH(step, block) {
        Str mark = str_format(p->arena, "%u. ", ++number);
        if (number > 1) strbuf_add_byte(&p->out, '\n');
        begin_line(p);
        strbuf_add(&p->out, mark);
        p->indent += (unsigned)mark.length;
        p->begun = true;
        add_blocks(p, step);
        p->indent -= (unsigned)mark.length;
    }
}

static void add_fenced(Page *p, Str language, Str text) {
    size_t fence = longest_run(text, '`') + 1;
    if (fence < 3) fence = 3;
    begin_line(p);
    add_repeated(&p->out, '`', fence);
    strbuf_add(&p->out, language);
    strbuf_add_byte(&p->out, '\n');
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find_byte(text, '\n', at);
        if (end > at) begin_line(p);
        strbuf_add(&p->out, str_slice(text, at, end));
        strbuf_add_byte(&p->out, '\n');
        at = end + 1;
    }
    begin_line(p);
    add_repeated(&p->out, '`', fence);
    strbuf_add_byte(&p->out, '\n');
}

static void add_code_block(Page *p, Node block) {
    add_fenced(p, (Str){0}, node_text(block));
}

static void add_word(Page *p, StrBuf *out, Node word) {
    Node env = NODE_GET(word, "env"), to = NODE_GET(word, "to");
    Node set = NODE_GET(word, "set"), json = NODE_GET(word, "json");
    if (is_text(word))
        strbuf_add(out, shell_word(p->arena, node_text(word)));
    else if (is_text(set) && is_text(env))
        strbuf_add_format(out, "%.*s=\"$%.*s\"", STR_ARG(node_text(set)), STR_ARG(node_text(env)));
    else if (is_text(env))
        strbuf_add_format(out, "\"$%.*s\"", STR_ARG(node_text(env)));
    else if (is_text(to))
        strbuf_add_format(out, "> %.*s", STR_ARG(shell_word(p->arena, node_text(to))));
    else if (node_exists(json))
        strbuf_add(out, shell_word(p->arena, json_minified(p->arena, json)));
    else
        fail(p, word, "a word is a text, env, set with env, to, or json");
}

static void add_command(Page *p, Node block) {
    StrBuf text = strbuf_new(p->arena);
    NODE_EACH(line, block) {
        bool begun = false;
        if (text.length != 0) strbuf_add(&text, STR(" \\\n    "));
        NODE_EACH(word, line) {
            if (begun) strbuf_add_byte(&text, ' ');
            add_word(p, &text, word);
            begun = true;
        }
    }
    add_fenced(p, STR("sh"), strbuf_str(&text));
}

static void add_table(Page *p, Node block) {
    bool heading = true;
    NODE_EACH(row, block) {
        begin_line(p);
        NODE_EACH(cell, row) {
            strbuf_add(&p->out, STR("| "));
            add_pieces(p, cell, true);
            strbuf_add_byte(&p->out, ' ');
        }
        strbuf_add(&p->out, STR("|\n"));
        if (!heading) continue;
        begin_line(p);
        for (uint32_t i = 0; i < node_count(row); i++) strbuf_add(&p->out, STR("|---"));
        strbuf_add(&p->out, STR("|\n"));
        heading = false;
    }
}

static const struct {
    const char *key;
    void (*add)(Page *page, Node block);
    NodeKind kind; // of its value; NODE_NONE: pieces
} blocks[] = {
    {"title", add_title, NODE_NONE},           {"section", add_section, NODE_NONE},
    {"subsection", add_subsection, NODE_NONE}, {"text", add_paragraph, NODE_NONE},
    {"bullets", add_bullets, NODE_SEQUENCE},   {"steps", add_steps, NODE_SEQUENCE},
    {"code", add_code_block, NODE_STRING},     {"command", add_command, NODE_SEQUENCE},
    {"table", add_table, NODE_SEQUENCE},
};

enum { BLOCK_KINDS = sizeof blocks / sizeof *blocks };

static void report_unknown(Page *p, Node block) {
    Str names[BLOCK_KINDS], key = node_key_text(node_first(block));
    for (size_t i = 0; i < BLOCK_KINDS; i++) names[i] = str_of(blocks[i].key);
    bool mistyped = node_count(block) == 1 && key.length != 0;
    Str near = mistyped ? nearest_name(key, names, BLOCK_KINDS) : (Str){0};
    Str all = names_in_full(p->arena, names, BLOCK_KINDS);
    Str text = near.length != 0
                   ? str_format(p->arena, "no block '%.*s'; did you mean '%.*s'?", STR_ARG(key),
                                STR_ARG(near))
                   : str_format(p->arena, "a block has one of the keys %.*s", STR_ARG(all));
    fail(p, node_exists(node_first(block)) ? node_first(block) : block, str_to_c(p->arena, text));
}

static void add_block(Page *p, Node block) {
    Node value = node_first(block);
    size_t i = 0;
    while (i < BLOCK_KINDS && !str_equal(node_key_text(value), str_of(blocks[i].key))) i++;
    if (node_kind(block) != NODE_MAPPING || node_count(block) != 1 || i == BLOCK_KINDS)
        report_unknown(p, block);
    else if (blocks[i].kind != NODE_NONE && node_kind(value) != blocks[i].kind)
        fail(p, value,
             blocks[i].kind == NODE_STRING ? "a text is needed here" : "a list is needed here");
    else
        blocks[i].add(p, value);
}

static void add_blocks(Page *p, Node list) {
    bool first = true;
    if (node_kind(list) != NODE_SEQUENCE) fail(p, list, "a list of blocks is needed here");
    NODE_EACH(block, list) {
        if (p->failed) return;
        if (!first) strbuf_add_byte(&p->out, '\n');
        add_block(p, block);
        first = false;
    }
}

bool markdown_text(Arena *arena, Diags *diags, Node page, Str *ret_text) {
    Page p = {.arena = arena, .diags = diags, .out = strbuf_new(arena)};
    add_blocks(&p, page);
    if (p.failed) return false;
    *ret_text = strbuf_str(&p.out);
    return true;
}
