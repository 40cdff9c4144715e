// Unified diffs: applied to the text before, they must give the text after.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"
#include "write/diff.h"

static Str diff(Arena *arena, Str before, Str after) {
    StrBuf out = strbuf_new(arena);
    diff_unified(arena, &(DiffText){STR("a/x.json"), before}, &(DiffText){STR("b/x.json"), after},
                 SIZE_MAX, &out);
    return strbuf_str(&out);
}

static void check_cut(Arena *arena, const char *before, const char *after, size_t most_lines,
                      const char *expected) {
    StrBuf out = strbuf_new(arena);
    diff_unified(arena, &(DiffText){STR("a/x.json"), str_of(before)},
                 &(DiffText){STR("b/x.json"), str_of(after)}, most_lines, &out);
    assert_string_equal(str_to_c(arena, strbuf_str(&out)), expected);
}

static void check(Arena *arena, const char *before, const char *after, const char *expected) {
    Str found = diff(arena, str_of(before), str_of(after));
    assert_string_equal(str_to_c(arena, found), expected);
}

#define HEADER "--- a/x.json\n+++ b/x.json\n"
#define NO_NEWLINE "\\ No newline at end of file\n"

static void prints_as_diff_does(void **state) {
    check(*state, "", "", "");
    check(*state, "a\n", "a\n", "");
    check(*state, "", "a\n", HEADER "@@ -0,0 +1 @@\n+a\n");
    check(*state, "a\nb\n", "", HEADER "@@ -1,2 +0,0 @@\n-a\n-b\n");
    check(*state, "a\n", "b\n", HEADER "@@ -1 +1 @@\n-a\n+b\n");
    check(*state, "a", "a\n", HEADER "@@ -1 +1 @@\n-a\n" NO_NEWLINE "+a\n");
    check(*state, "a\nb", "c\nb", HEADER "@@ -1,2 +1,2 @@\n-a\n+c\n b\n" NO_NEWLINE);
    check(*state, "a", "b", HEADER "@@ -1 +1 @@\n-a\n" NO_NEWLINE "+b\n" NO_NEWLINE);
    check(*state, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n5\n6\n7\n8\n9\n",
          HEADER "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+X\n 5\n 6\n 7\n");
}

// Changes with up to six lines between them share a hunk.
static void joins_near_hunks(void **state) {
    check(*state, "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
          HEADER "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    check(*state, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
          HEADER "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
                 "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

// Where lines repeat, a block is shown as late as it can be, in one piece: what a reader expects.
static void slides_blocks_down(void **state) {
    check(*state, "{\n  a\n}\n{\n  c\n}\n", "{\n  a\n}\n{\n  b\n}\n{\n  c\n}\n",
          HEADER "@@ -2,5 +2,8 @@\n   a\n }\n {\n+  b\n+}\n+{\n   c\n }\n");
    check(*state, "x\nx\nx\n", "x\nx\nx\nx\n", HEADER "@@ -1,3 +1,4 @@\n x\n x\n x\n+x\n");
}

static Str next_line(Str text, size_t *at) {
    size_t end = str_find_byte(text, '\n', *at);
    Str line = str_slice(text, *at, end < text.length ? end + 1 : end);
    *at += line.length;
    return line;
}

// Reads a decimal number at the front of *text and takes it off.
static size_t take_number(Str *text) {
    size_t digits = 0, number = 0;
    for (; digits < text->length && text->data[digits] >= '0' && text->data[digits] <= '9';
         digits++)
        number = number * 10 + (size_t)(text->data[digits] - '0');
    assert_true(digits > 0);
    *text = str_slice(*text, digits, text->length);
    return number;
}

typedef struct Range {
    size_t line, count;
} Range;

static Range take_range(Str *text, Str lead) {
    Range range = {.count = 1};
    assert_true(str_starts_with(*text, lead));
    *text = str_slice(*text, lead.length, text->length);
    range.line = take_number(text);
    if (text->length == 0 || text->data[0] != ',') return range;
    *text = str_slice(*text, 1, text->length);
    range.count = take_number(text);
    return range;
}

typedef struct Patch {
    Str patch, before;
    size_t patch_at, before_at, before_line, after_line; // lines that were passed
    StrBuf after;
} Patch;

static void copy_line(Patch *p) {
    Str line = next_line(p->before, &p->before_at);
    assert_true(line.length > 0);
    strbuf_add(&p->after, line);
    p->before_line++;
    p->after_line++;
}

// A line of a hunk, as it stands in its text: without a line break where the patch says so.
static Str hunk_text(Patch *p, Str line) {
    size_t at = p->patch_at;
    Str text = str_slice(line, 1, line.length);
    if (!str_starts_with(next_line(p->patch, &at), STR("\\"))) return text;
    p->patch_at = at;
    return str_slice(text, 0, text.length - 1);
}

static void apply_line(Patch *p) {
    Str line = next_line(p->patch, &p->patch_at);
    assert_true(line.length > 1);
    Str text = hunk_text(p, line);
    if (line.data[0] != '+') {
        assert_true(str_equal(text, next_line(p->before, &p->before_at)));
        p->before_line++;
    }
    if (line.data[0] != '-') {
        strbuf_add(&p->after, text);
        p->after_line++;
    }
}

static void apply_hunk(Patch *p) {
    Str head = next_line(p->patch, &p->patch_at);
    Range before = take_range(&head, STR("@@ -"));
    Range after = take_range(&head, STR(" +"));
    assert_true(str_equal(head, STR(" @@\n")));
    // An empty range is named by the line before it.
    while (p->before_line + (before.count != 0) < before.line) copy_line(p);
    assert_int_equal(p->after_line + (after.count != 0), after.line);
    size_t before_end = p->before_line + before.count, after_end = p->after_line + after.count;
    while (p->before_line < before_end || p->after_line < after_end) apply_line(p);
    assert_int_equal(p->before_line, before_end);
    assert_int_equal(p->after_line, after_end);
}

// A strict patch(1): no fuzz, no offset.
static Str apply(Arena *arena, Str before, Str patch) {
    Patch p = {.patch = patch, .before = before, .after = strbuf_new(arena)};
    if (patch.length == 0) return before;
    assert_true(str_equal(next_line(patch, &p.patch_at), STR("--- a/x.json\n")));
    assert_true(str_equal(next_line(patch, &p.patch_at), STR("+++ b/x.json\n")));
    while (p.patch_at < patch.length) apply_hunk(&p);
    while (p.before_at < before.length) copy_line(&p);
    return strbuf_str(&p.after);
}

static size_t changed_lines(Str patch) {
    size_t at = 0, count = 0;
    (void)next_line(patch, &at);
    (void)next_line(patch, &at);
    while (at < patch.length) {
        Str line = next_line(patch, &at);
        count += line.data[0] == '+' || line.data[0] == '-';
    }
    return count;
}

// xorshift64*: the same cases on every run and machine.
static size_t next_number(uint64_t *seed, size_t below) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (size_t)((*seed * UINT64_C(2685821657736338717)) >> 33) % below;
}

enum { MOST_LINES = 40 };

typedef struct Lines {
    char letter[MOST_LINES];
    size_t count;
    bool ends; // with a line break
} Lines;

static Lines random_lines(uint64_t *seed, size_t letters) {
    Lines lines = {.count = next_number(seed, MOST_LINES + 1), .ends = next_number(seed, 4) != 0};
    for (size_t i = 0; i < lines.count; i++)
        lines.letter[i] = (char)('a' + next_number(seed, letters));
    return lines;
}

static Str lines_text(Arena *arena, const Lines *lines) {
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < lines->count; i++) {
        strbuf_add_byte(&text, lines->letter[i]);
        if (i + 1 < lines->count || lines->ends) strbuf_add_byte(&text, '\n');
    }
    return strbuf_str(&text);
}

// The fewest changed lines there can be, by the longest common subsequence.
static size_t fewest_changes(const Lines *a, const Lines *b) {
    size_t common[MOST_LINES + 1][MOST_LINES + 1] = {{0}};
    for (size_t i = 0; i < a->count; i++) {
        bool a_cut = i + 1 == a->count && !a->ends;
        for (size_t j = 0; j < b->count; j++) {
            bool b_cut = j + 1 == b->count && !b->ends;
            size_t longer =
                common[i][j + 1] > common[i + 1][j] ? common[i][j + 1] : common[i + 1][j];
            bool same = a->letter[i] == b->letter[j] && a_cut == b_cut;
            common[i + 1][j + 1] = same ? common[i][j] + 1 : longer;
        }
    }
    return a->count + b->count - 2 * common[a->count][b->count];
}

static void patches_are_right_and_shortest(void **state) {
    uint64_t seed = 1986;
    for (int round = 0; round < 6000; round++) {
        Arena *arena = *state;
        size_t letters = 1 + next_number(&seed, round % 2 == 0 ? 3 : 26);
        Lines a = random_lines(&seed, letters), b = random_lines(&seed, letters);
        if (next_number(&seed, 2) == 0) { // two texts with little between them
            b = a;
            for (size_t i = 0; i < b.count; i++) {
                if (next_number(&seed, 8) == 0) b.letter[i] = 'z';
            }
        }
        Str before = lines_text(arena, &a), after = lines_text(arena, &b);
        Str patch = diff(arena, before, after);
        assert_true(str_equal(apply(arena, before, patch), after));
        assert_int_equal(changed_lines(patch), fewest_changes(&a, &b));
        arena_free(arena);
    }
}

// Beyond the bounds the middle is shown whole, and it is still a patch.
static void is_bounded(void **state) {
    enum { COUNT = 40000 };
    StrBuf before = strbuf_new(*state), after = strbuf_new(*state);
    strbuf_add(&before, STR("first\n"));
    strbuf_add(&after, STR("first\n"));
    uint64_t seed = 2000;
    for (int i = 0; i < COUNT; i++) {
        strbuf_add_format(&before, "%zu\n", next_number(&seed, 5));
        strbuf_add_format(&after, "%zu\n", next_number(&seed, 5));
    }
    Str patch = diff(*state, strbuf_str(&before), strbuf_str(&after));
    assert_true(str_equal(apply(*state, strbuf_str(&before), patch), strbuf_str(&after)));
    assert_true(changed_lines(patch) > COUNT);
}

// What could disturb a terminal or end a line of a log is shown, not sent.
static void escapes_what_disturbs(void **state) {
    Str before = STR("a\0b\n\xff\r\nc\n"), after = STR("a\0b\n\t\x1b[2J é\u202e\r::x\nc\n");
    Str patch = diff(*state, before, after);
    assert_string_equal(str_to_c(*state, patch), HEADER "@@ -1,3 +1,3 @@\n a\\x00b\n-\\xff\\x0d\n"
                                                        "+\t\\x1b[2J é\\u{202e}\\x0d::x\n c\n");
}

static void counts_what_it_leaves_out(void **state) {
    const char *before = "a\nb\nc\n", *after = "A\nB\nc";
    const char *head = HEADER "@@ -1,3 +1,3 @@\n-a\n-b\n";
    check_cut(*state, before, after, 8,
              str_format(*state, "%s-c\n+A\n+B\n+c\n" NO_NEWLINE, head).data);
    check_cut(*state, before, after, 7,
              str_format(*state, "%s-c\n+A\n+B\n+c\n… 1 more line\n", head).data);
    check_cut(*state, before, after, 3, str_format(*state, "%s… 5 more lines\n", head).data);
    check_cut(*state, before, after, 0, HEADER "… 8 more lines\n");
    check_cut(*state, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n", 5,
              HEADER "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n… 7 more lines\n");
}

// A long line is cut between characters, or anywhere where there are none.
static void cuts_long_lines(void **state) {
    static const struct {
        const char *repeated;
        size_t shown, bytes; // of it
    } rows[] = {{"x", DIFF_LONGEST_LINE, 1},
                {"€", DIFF_LONGEST_LINE / 3, 3},
                {"\xbf", DIFF_LONGEST_LINE - 3, 1}};
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        StrBuf line = strbuf_new(*state), expected = strbuf_new(*state);
        strbuf_add(&expected, STR(HEADER "@@ -0,0 +1 @@\n+"));
        for (size_t i = 0; i <= DIFF_LONGEST_LINE; i++) {
            strbuf_add(&line, str_of(rows[row].repeated));
            if (i < rows[row].shown)
                strbuf_add(&expected, row == 2 ? STR("\\xbf") : str_of(rows[row].repeated));
        }
        strbuf_add(&line, STR("y\n"));
        size_t more = (DIFF_LONGEST_LINE + 1 - rows[row].shown) * rows[row].bytes + 1;
        strbuf_add_format(&expected, "… %zu more bytes\n", more);
        Str patch = diff(*state, STR(""), strbuf_str(&line));
        assert_string_equal(str_to_c(*state, patch), str_to_c(*state, strbuf_str(&expected)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prints_as_diff_does, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(joins_near_hunks, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(slides_blocks_down, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(patches_are_right_and_shortest, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(is_bounded, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(escapes_what_disturbs, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(counts_what_it_leaves_out, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(cuts_long_lines, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
