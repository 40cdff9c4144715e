#include "base/utf8.h"
#include "command/diff_words.h"

enum { WIDTH = 100, LEVEL_WIDTH = 22, LEAST_SERVICE_WIDTH = 7, MOST_SERVICE_WIDTH = 24 };

typedef struct Text {
    Arena *arena; // of words, emptied after each row
    StrBuf *out;
    size_t service_width;
    size_t indent; // of the last column
} Text;

// Breaks at spaces; a word that is longer than a line stays whole.
static void add_wrapped(const Text *text, size_t indent, size_t column, Str words) {
    for (size_t at = 0; at < words.length;) {
        size_t space = str_find_byte(words, ' ', at);
        Str word = str_slice(words, at, space);
        size_t width = utf8_count(word);
        if (column > indent && column + 1 + width > WIDTH) {
            strbuf_add_format(text->out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            strbuf_add_byte(text->out, ' ');
            column++;
        }
        strbuf_add(text->out, word);
        column += width;
        at = space + 1;
    }
    strbuf_add_byte(text->out, '\n');
}

// A line of a row's last column, such as "on *".
static void add_detail(const Text *text, const char *label, Str words) {
    if (words.length == 0) return;
    Str line = label[0] == '\0' ? words : str_format(text->arena, "%s %.*s", label, STR_ARG(words));
    strbuf_add_format(text->out, "%*s", (int)text->indent, "");
    add_wrapped(text, text->indent, text->indent, line);
}

static Str actions_words(const Text *text, const DiffRow *row) {
    Str count, list = diff_actions(text->arena, row, &count);
    return count.length == 0
               ? list
               : str_format(text->arena, "%.*s (%.*s)", STR_ARG(list), STR_ARG(count));
}

static void add_row(const Text *text, const DiffRow *row) {
    static const char signs[] = {
        [TURN_GAINED] = '+', [TURN_MAY_GAIN] = '?', [TURN_LOST] = '-', [TURN_MAY_LOSE] = '?'};
    Str service = diff_escaped(text->arena, row->service);
    strbuf_add_format(text->out, "  %c %-*s  %-*.*s  ", signs[row->turn], LEVEL_WIDTH,
                      diff_subject_names[row->subject], (int)text->service_width, STR_ARG(service));
    bool fits = service.length <= text->service_width;
    size_t column = fits ? text->indent : text->indent + service.length - text->service_width;
    add_wrapped(text, text->indent, column, actions_words(text, row));
    add_detail(text, "", diff_row_remark(text->arena, row));
    add_detail(text, "on", diff_resources(text->arena, row));
    if (row->principal != NULL)
        add_detail(text, row->kind == DOCUMENT_TRUST ? "by" : "for",
                   diff_scope(text->arena, row->principal));
    for (size_t i = 0; row->tests != NULL && i < row->tests->items.count; i++)
        add_detail(text, "if", diff_test(text->arena, &row->tests->items.items[i]));
    add_detail(text, "", diff_elsewhere(text->arena, row));
    add_detail(text, "from", diff_cause_words(text->arena, row));
}

static void add_role(Text *text, const DiffRole *role) {
    strbuf_add_format(text->out, "%.*s\n", STR_ARG(diff_role_words(text->arena, role)));
    for (size_t i = 0; i < role->rows.count; i++) {
        const DiffRow *row = &role->rows.items[i];
        if (i == 0 || row->turn != role->rows.items[i - 1].turn)
            strbuf_add_format(text->out, "  %s\n", diff_turn_names[row->turn]);
        add_row(text, row);
        arena_reset(text->arena);
    }
    for (size_t i = 0; i < role->remarks.count; i++)
        strbuf_add_format(text->out, "  remark: %.*s\n",
                          STR_ARG(diff_escaped(text->arena, role->remarks.items[i])));
    strbuf_add_byte(text->out, '\n');
}

static void measure(Text *text, const DiffReport *report) {
    text->service_width = LEAST_SERVICE_WIDTH;
    for (size_t i = 0; i < report->roles.count; i++) {
        for (size_t k = 0; k < report->roles.items[i].rows.count; k++) {
            size_t width = report->roles.items[i].rows.items[k].service.length;
            if (width > text->service_width && width <= MOST_SERVICE_WIDTH)
                text->service_width = width;
        }
    }
    text->indent = 4 + LEVEL_WIDTH + 2 + text->service_width + 2;
}

static void add_report(Arena *arena, Arena *words, const DiffReport *report, StrBuf *out) {
    StrVec remarks = {0};
    diff_remarks(arena, report, &remarks);
    if (report->roles.count + report->bindings.count + remarks.count == 0) return;
    Text text = {.arena = words, .out = out};
    measure(&text, report);
    strbuf_add_format(out, "OLD: %.*s\nNEW: %.*s\n",
                      STR_ARG(diff_side_words(arena, report->sides[0])),
                      STR_ARG(diff_side_words(arena, report->sides[1])));
    for (size_t i = 0; i < report->bindings.count; i++)
        strbuf_add_format(out, "%.*s\n", STR_ARG(diff_binding(arena, &report->bindings.items[i])));
    for (size_t i = 0; i < remarks.count; i++)
        strbuf_add_format(out, "remark: %.*s\n", STR_ARG(diff_escaped(arena, remarks.items[i])));
    strbuf_add_byte(out, '\n');
    for (size_t i = 0; i < report->roles.count; i++) add_role(&text, &report->roles.items[i]);
}

void diff_render_text(Arena *arena, const DiffReportVec *reports, StrBuf *out) {
    Arena words;
    arena_init(&words, arena->exhausted, arena->context);
    for (size_t i = 0; i < reports->count; i++) add_report(arena, &words, &reports->items[i], out);
    arena_free(&words);
    strbuf_add_format(out, "%.*s\n", STR_ARG(diff_summary(arena, reports)));
}
