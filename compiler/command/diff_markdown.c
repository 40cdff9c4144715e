#include "command/diff_words.h"

// Texts of files stand between backquotes, where markdown leaves them alone; a cell ends at `|`.
// Where a text has backquotes itself, it stands in an HTML element, with entities for all that
// could mean something.
static void add_code(StrBuf *out, Str text) {
    bool quoted = str_find_byte(text, '`', 0) < text.length;
    if (text.length == 0) return;
    strbuf_add(out, quoted ? STR("<code>") : STR("`"));
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == ' ' || c < 0;
        if (quoted && !letter)
            strbuf_add_format(out, "&#%d;", c);
        else if (c == '|')
            strbuf_add(out, STR("\\|"));
        else
            strbuf_add_byte(out, c);
    }
    strbuf_add(out, quoted ? STR("</code>") : STR("`"));
}

static void add_cell(StrBuf *out, Str text) {
    strbuf_add(out, STR(" "));
    add_code(out, text);
    strbuf_add(out, STR(" |"));
}

static void add_actions(Arena *arena, const DiffRow *row, StrBuf *out) {
    Str count, list = diff_actions(arena, row, &count);
    strbuf_add_byte(out, ' ');
    add_code(out, list);
    if (count.length > 0) strbuf_add_format(out, " (%.*s)", STR_ARG(count));
    strbuf_add(out, STR(" |"));
}

static void add_scopes(Arena *arena, const DiffRow *row, StrBuf *out) {
    strbuf_add_byte(out, ' ');
    add_code(out, diff_resources(arena, row));
    if (row->principal != NULL) {
        if (row->resources.count > 0) strbuf_add(out, STR(" for "));
        add_code(out, diff_scope(arena, row->principal));
    }
    strbuf_add(out, STR(" |"));
}

static void add_remarks(Arena *arena, const DiffRow *row, StrBuf *out) {
    Str remark = diff_row_remark(arena, row), elsewhere = diff_elsewhere(arena, row);
    strbuf_add_format(out, " %.*s%s", STR_ARG(remark),
                      remark.length > 0 && elsewhere.length > 0 ? "; " : "");
    add_code(out, elsewhere);
    strbuf_add(out, STR(" |\n"));
}

static void add_row(Arena *arena, const DiffRow *row, StrBuf *out) {
    bool grave = row->subject <= SUBJECT_WRITE;
    const char *mark = grave ? "**" : "";
    strbuf_add_format(out, "| %s | %s%s%s |", diff_turn_names[row->turn], mark,
                      diff_subject_names[row->subject], mark);
    add_cell(out, diff_escaped(arena, row->service));
    add_actions(arena, row, out);
    add_scopes(arena, row, out);
    add_cell(out, diff_tests(arena, row->tests));
    add_cell(out, diff_cause_words(arena, row));
    add_remarks(arena, row, out);
}

// Words live in an arena that is emptied after each row.
static void add_role(Arena *words, const DiffRole *role, StrBuf *out) {
    strbuf_add(out, STR("\n#### "));
    add_code(out, diff_role_words(words, role));
    strbuf_add(out, STR("\n\n"));
    if (role->rows.count > 0)
        strbuf_add(out, STR("| | Access | Service | Actions | Resources | Condition | From | |\n"
                            "|---|---|---|---|---|---|---|---|\n"));
    for (size_t i = 0; i < role->rows.count; i++) {
        add_row(words, &role->rows.items[i], out);
        arena_reset(words);
    }
    if (role->rows.count > 0 && role->remarks.count > 0) strbuf_add_byte(out, '\n');
    for (size_t i = 0; i < role->remarks.count; i++) {
        strbuf_add(out, STR("- "));
        add_code(out, diff_escaped(words, role->remarks.items[i]));
        strbuf_add_byte(out, '\n');
    }
}

static void add_line(StrBuf *out, Str text) {
    strbuf_add(out, STR("- "));
    add_code(out, text);
    strbuf_add_byte(out, '\n');
}

static void add_report(Arena *arena, Arena *words, const DiffReport *report, StrBuf *out) {
    StrVec remarks = {0};
    diff_remarks(arena, report, &remarks);
    strbuf_add_byte(out, '\n');
    add_code(out, diff_side_words(arena, report->sides[0]));
    strbuf_add(out, STR(" → "));
    add_code(out, diff_side_words(arena, report->sides[1]));
    strbuf_add_byte(out, '\n');
    if (report->bindings.count + remarks.count > 0) strbuf_add_byte(out, '\n');
    for (size_t i = 0; i < report->bindings.count; i++)
        add_line(out, diff_binding(arena, &report->bindings.items[i]));
    for (size_t i = 0; i < remarks.count; i++) add_line(out, diff_escaped(arena, remarks.items[i]));
    for (size_t i = 0; i < report->roles.count; i++) add_role(words, &report->roles.items[i], out);
}

void diff_render_markdown(Arena *arena, const DiffReportVec *reports, StrBuf *out) {
    Arena words;
    arena_init(&words, arena->exhausted, arena->context);
    strbuf_add_format(out, "### spotc diff\n\n**%.*s**\n", STR_ARG(diff_summary(arena, reports)));
    for (size_t i = 0; i < reports->count; i++) add_report(arena, &words, &reports->items[i], out);
    arena_free(&words);
}
