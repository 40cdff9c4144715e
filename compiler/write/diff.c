#include "write/diff.h"

#include <string.h>

#include "base/map.h"
#include "diag/escape.h"

enum {
    CONTEXT = 3,
    SHARED = 2 * CONTEXT, // so many lines between two changes are in one hunk
    MAX_EDITS = 2000,     // beyond these bounds the texts have little in common,
    MAX_LINES = 100000,   // and an exact answer would cost more than it says
};

// One of the two texts. Lines keep their line break, so that a last one without it differs.
typedef struct Side {
    Str text;
    uint32_t *starts; // of each line, and the text's end
    size_t count;
    bool *changed; // of each line; also changed[count], which stays false
    int32_t *ids;  // of the lines in the differing middle: equal lines have equal numbers
} Side;

// Half open ranges of lines: [a, a_end) became [b, b_end).
typedef struct Change {
    size_t a, a_end, b, b_end;
} Change;

typedef VEC(Change) ChangeVec;

static size_t line_end(Str text, size_t start) {
    size_t end = str_find_byte(text, '\n', start);
    return end < text.length ? end + 1 : end;
}

static Side side_new(Arena *arena, Str text) {
    Side side = {.text = text};
    for (size_t at = 0; at < text.length; at = line_end(text, at)) side.count++;
    side.starts = ARENA_ARRAY(arena, uint32_t, side.count + 1);
    for (size_t i = 0; i < side.count; i++)
        side.starts[i + 1] = (uint32_t)line_end(text, side.starts[i]);
    side.changed = ARENA_ARRAY(arena, bool, side.count + 1);
    return side;
}

static Str side_line(const Side *side, size_t line) {
    return str_slice(side->text, side->starts[line], side->starts[line + 1]);
}

static bool same_line(const Side *a, size_t line_a, const Side *b, size_t line_b) {
    return str_equal(side_line(a, line_a), side_line(b, line_b));
}

// Numbers the lines [from, to) of a side.
static void number_lines(Arena *arena, StrMap *numbers, uint32_t *next, Side *side, size_t from,
                         size_t to) {
    side->ids = ARENA_ARRAY(arena, int32_t, to - from + 1);
    for (size_t i = from; i < to; i++) {
        uint32_t number = *next;
        Str line = side_line(side, i);
        if (!strmap_get(numbers, line, &number)) {
            strmap_set(arena, numbers, line, number);
            (*next)++;
        }
        side->ids[i - from] = (int32_t)number;
    }
}

// The search for the shortest edit script: E. W. Myers, "An O(ND) Difference Algorithm and Its
// Variations" (1986), section 4b. Lines of a are x, those of b are y; x - y is a diagonal.
typedef struct Search {
    const int32_t *a, *b;
    bool *changed_a, *changed_b;
    int32_t *forward;  // per diagonal, the largest x reached from the beginning
    int32_t *backward; // and the smallest from the end
} Search;

// A part of both texts, [x, x_end) and [y, y_end).
typedef struct Box {
    int32_t x, y, x_end, y_end;
} Box;

// The diagonals that one direction has reached.
typedef struct Reach {
    int32_t low, high;
} Reach;

// Widens the reach by one edit to each side, within the box. What lies beyond gets `outside`.
static void widen(Reach *reach, const Box *box, int32_t *furthest, int32_t outside) {
    if (reach->low > box->x - box->y_end) {
        furthest[--reach->low - 1] = outside;
    } else {
        reach->low++;
    }
    if (reach->high < box->x_end - box->y) {
        furthest[++reach->high + 1] = outside;
    } else {
        reach->high--;
    }
}

static bool reaches(Reach reach, int32_t diagonal) {
    return reach.low <= diagonal && diagonal <= reach.high;
}

// One more edit from the beginning. True where the ways met, at *ret_x on *ret_diagonal.
static bool step_forward(const Search *s, const Box *box, Reach *reach, const Reach *other,
                         int32_t *ret_x, int32_t *ret_diagonal) {
    widen(reach, box, s->forward, -1);
    for (int32_t k = reach->high; k >= reach->low; k -= 2) {
        int32_t below = s->forward[k - 1], above = s->forward[k + 1];
        int32_t x = below < above ? above : below + 1;
        while (x < box->x_end && x - k < box->y_end && s->a[x] == s->b[x - k]) x++;
        s->forward[k] = x;
        if (other != NULL && reaches(*other, k) && s->backward[k] <= x) {
            *ret_x = x;
            *ret_diagonal = k;
            return true;
        }
    }
    return false;
}

// The same from the end.
static bool step_backward(const Search *s, const Box *box, Reach *reach, const Reach *other,
                          int32_t *ret_x, int32_t *ret_diagonal) {
    widen(reach, box, s->backward, INT32_MAX);
    for (int32_t k = reach->high; k >= reach->low; k -= 2) {
        int32_t below = s->backward[k - 1], above = s->backward[k + 1];
        int32_t x = below < above ? below : above - 1;
        while (x > box->x && x - k > box->y && s->a[x - 1] == s->b[x - k - 1]) x--;
        s->backward[k] = x;
        if (other != NULL && reaches(*other, k) && x <= s->forward[k]) {
            *ret_x = x;
            *ret_diagonal = k;
            return true;
        }
    }
    return false;
}

// Finds a point halfway on a shortest way through the box, from both ends at once; false where the
// way has more than MAX_EDITS edits.
static bool find_middle(const Search *s, const Box *box, int32_t *ret_x, int32_t *ret_y) {
    int32_t first = box->x - box->y, last = box->x_end - box->y_end;
    Reach forward = {first, first}, backward = {last, last};
    bool odd = ((first - last) & 1) != 0; // then the ways can meet only in a step forward
    s->forward[first] = box->x;
    s->backward[last] = box->x_end;
    for (int edits = 1; edits <= MAX_EDITS / 2; edits++) {
        int32_t x, k;
        if (step_forward(s, box, &forward, odd ? &backward : NULL, &x, &k) ||
            step_backward(s, box, &backward, odd ? NULL : &forward, &x, &k)) {
            *ret_x = x;
            *ret_y = x - k;
            return true;
        }
    }
    return false;
}

// Marks the lines of a shortest edit script of the box. False only for a box that is too
// different as a whole: each half of a way has half its edits, so depth and edits are bounded.
static bool mark_box(const Search *s, Box box) {
    while (box.x < box.x_end && box.y < box.y_end && s->a[box.x] == s->b[box.y]) box.x++, box.y++;
    while (box.x < box.x_end && box.y < box.y_end && s->a[box.x_end - 1] == s->b[box.y_end - 1])
        box.x_end--, box.y_end--;
    if (box.x == box.x_end || box.y == box.y_end) {
        memset(s->changed_a + box.x, true, (size_t)(box.x_end - box.x));
        memset(s->changed_b + box.y, true, (size_t)(box.y_end - box.y));
        return true;
    }
    int32_t x, y;
    return find_middle(s, &box, &x, &y) && mark_box(s, (Box){box.x, box.y, x, y}) &&
           mark_box(s, (Box){x, y, box.x_end, box.y_end});
}

// Marks what changed exactly, or returns false where the middle is out of bounds.
static bool mark_exactly(Arena *arena, Side *a, Side *b, const Change *middle) {
    size_t count_a = middle->a_end - middle->a, count_b = middle->b_end - middle->b;
    if (count_a > MAX_LINES || count_b > MAX_LINES) return false;
    StrMap numbers = {0};
    uint32_t next = 0;
    number_lines(arena, &numbers, &next, a, middle->a, middle->a_end);
    number_lines(arena, &numbers, &next, b, middle->b, middle->b_end);
    size_t diagonals = count_a + count_b + 3;
    Search search = {
        .a = a->ids,
        .b = b->ids,
        .changed_a = a->changed + middle->a,
        .changed_b = b->changed + middle->b,
        .forward = ARENA_ARRAY(arena, int32_t, diagonals) + count_b + 1,
        .backward = ARENA_ARRAY(arena, int32_t, diagonals) + count_b + 1,
    };
    return mark_box(&search, (Box){.x_end = (int32_t)count_a, .y_end = (int32_t)count_b});
}

static void mark_changes(Arena *arena, Side *a, Side *b) {
    Change middle = {.a_end = a->count, .b_end = b->count};
    while (middle.a < middle.a_end && middle.b < middle.b_end &&
           same_line(a, middle.a, b, middle.b))
        middle.a++, middle.b++;
    while (middle.a < middle.a_end && middle.b < middle.b_end &&
           same_line(a, middle.a_end - 1, b, middle.b_end - 1))
        middle.a_end--, middle.b_end--;
    if (mark_exactly(arena, a, b, &middle)) return;
    memset(a->changed + middle.a, true, middle.a_end - middle.a);
    memset(b->changed + middle.b, true, middle.b_end - middle.b);
}

// A run of changed lines [start, end) of one side. Unchanged lines come in pairs, one of each side:
// `other` is the partner of line `end`.
typedef struct Run {
    size_t start, end, other;
} Run;

// The last unchanged line before `line`, which there must be.
static size_t unchanged_before(const Side *side, size_t line) {
    do line--;
    while (side->changed[line]);
    return line;
}

// Slides the run up as far as its text allows; takes in the runs that it meets.
static void slide_up(Side *side, const Side *other, Run *run) {
    while (run->start > 0 && same_line(side, run->start - 1, side, run->end - 1)) {
        side->changed[--run->start] = true;
        side->changed[--run->end] = false;
        while (run->start > 0 && side->changed[run->start - 1]) run->start--;
        run->other = unchanged_before(other, run->other);
    }
}

// Slides the run down; returns its last end that was beside a change of the other side, or
// `beside` where there was none.
static size_t slide_down(Side *side, const Side *other, Run *run, size_t beside) {
    while (run->end < side->count && same_line(side, run->start, side, run->end)) {
        side->changed[run->start++] = false;
        side->changed[run->end++] = true;
        while (side->changed[run->end]) run->end++;
        while (other->changed[++run->other]) beside = run->end;
    }
    return beside;
}

// Where lines repeat, the same change can be shown in several places: as far down as it goes, but
// beside a change of the other side where there is one, as diff does. Fewer, larger changes.
static void settle_run(Side *side, const Side *other, Run *run) {
    size_t length, beside;
    do {
        length = run->end - run->start;
        slide_up(side, other, run);
        bool is_beside = run->other > 0 && other->changed[run->other - 1];
        beside = slide_down(side, other, run, is_beside ? run->end : side->count);
    } while (length != run->end - run->start);
    while (beside < run->end) {
        side->changed[--run->start] = true;
        side->changed[--run->end] = false;
        run->other = unchanged_before(other, run->other);
    }
}

static void settle(Side *side, const Side *other) {
    Run run = {0};
    while (run.end < side->count) {
        while (other->changed[run.other]) run.other++;
        run.start = run.end;
        while (side->changed[run.end]) run.end++;
        if (run.start < run.end) settle_run(side, other, &run);
        while (other->changed[run.other]) run.other++;
        run.end++;
        run.other++;
    }
}

static ChangeVec list_changes(Arena *arena, const Side *a, const Side *b) {
    ChangeVec changes = {0};
    for (size_t i = 0, j = 0; i < a->count || j < b->count; i++, j++) {
        Change change = {.a = i, .b = j};
        while (a->changed[i]) i++;
        while (b->changed[j]) j++;
        change.a_end = i;
        change.b_end = j;
        if (change.a < i || change.b < j) VEC_PUSH(arena, &changes, change);
    }
    return changes;
}

// Where hunks go: so many lines, and the others are counted.
typedef struct Printer {
    StrBuf *out;
    size_t left, more;
} Printer;

static bool has_room(Printer *printer) {
    if (printer->left == 0) {
        printer->more++;
        return false;
    }
    printer->left--;
    return true;
}

// As much of a line as is shown: no character is cut, unless it is none.
static size_t shown_length(Str line) {
    size_t end = DIFF_LONGEST_LINE;
    if (line.length <= end) return line.length;
    while (end > DIFF_LONGEST_LINE - 3 && ((unsigned char)line.data[end] & 0xC0) == 0x80) end--;
    return end;
}

static void add_line(Printer *printer, char mark, Str line) {
    bool ends = str_ends_with(line, STR("\n"));
    Str text = str_slice(line, 0, line.length - (ends ? 1 : 0));
    if (has_room(printer)) {
        size_t shown = shown_length(text);
        strbuf_add_byte(printer->out, mark);
        escape_text(printer->out, str_slice(text, 0, shown), "\t");
        if (shown < text.length)
            strbuf_add_format(printer->out, "… %zu more bytes", text.length - shown);
        strbuf_add_byte(printer->out, '\n');
    }
    if (!ends && has_room(printer)) strbuf_add(printer->out, STR("\\ No newline at end of file\n"));
}

static void add_lines(Printer *printer, char mark, const Side *side, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) add_line(printer, mark, side_line(side, i));
}

// Lines count from 1; an empty range is named by the line before it; a length of 1 is left out.
static void add_range(StrBuf *out, char mark, size_t from, size_t to) {
    strbuf_add_format(out, "%c%zu", mark, to > from ? from + 1 : from);
    if (to - from != 1) strbuf_add_format(out, ",%zu", to - from);
    strbuf_add_byte(out, ' ');
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

// Prints changes that are near enough to share their context.
static void add_hunk(Printer *printer, const Side *a, const Side *b, const Change *changes,
                     size_t count) {
    const Change *first = changes, *last = changes + count - 1;
    size_t before = smaller(CONTEXT, first->a);
    size_t after = smaller(CONTEXT, a->count - last->a_end);
    if (has_room(printer)) {
        strbuf_add(printer->out, STR("@@ "));
        add_range(printer->out, '-', first->a - before, last->a_end + after);
        add_range(printer->out, '+', first->b - before, last->b_end + after);
        strbuf_add(printer->out, STR("@@\n"));
    }
    size_t at = first->a - before;
    for (size_t i = 0; i < count; i++) {
        add_lines(printer, ' ', a, at, changes[i].a);
        add_lines(printer, '-', a, changes[i].a, changes[i].a_end);
        add_lines(printer, '+', b, changes[i].b, changes[i].b_end);
        at = changes[i].a_end;
    }
    add_lines(printer, ' ', a, at, at + after);
}

void diff_unified(Arena *arena, const DiffText *before, const DiffText *after, size_t most_lines,
                  StrBuf *out) {
    if (str_equal(before->text, after->text)) return;
    Side a = side_new(arena, before->text), b = side_new(arena, after->text);
    Printer printer = {.out = out, .left = most_lines};
    mark_changes(arena, &a, &b);
    settle(&a, &b);
    settle(&b, &a);
    ChangeVec changes = list_changes(arena, &a, &b);
    strbuf_add_format(out, "--- %.*s\n+++ %.*s\n", STR_ARG(before->name), STR_ARG(after->name));
    for (size_t i = 0, next; i < changes.count; i = next) {
        for (next = i + 1; next < changes.count; next++) {
            if (changes.items[next].a - changes.items[next - 1].a_end > SHARED) break;
        }
        add_hunk(&printer, &a, &b, &changes.items[i], next - i);
    }
    if (printer.more != 0)
        strbuf_add_format(out, "… %zu more line%s\n", printer.more, printer.more == 1 ? "" : "s");
}
