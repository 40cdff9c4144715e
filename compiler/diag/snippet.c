#include "diag/snippet.h"

#include "base/utf8.h"
#include "diag/escape.h"

enum {
    WIDEST = 160,      // characters of a line that is shown whole
    PART = WIDEST - 2, // of a longer one, between two ellipses
};

static const Str ellipsis = {"\xE2\x80\xA6", 3};

// What is shown of a source line, and which bytes of it are marked.
typedef struct Snippet {
    Str line;
    size_t begin, end; // begin < end; begin == line.length: after its last character
    bool cut_before, cut_after;
} Snippet;

// The byte `count` characters after `at`, or the end. A byte that is not UTF-8 is a character.
static size_t step_forward(Str s, size_t at, size_t count) {
    uint32_t code;
    for (; count > 0 && at < s.length; count--) {
        size_t length = utf8_decode(s, at, &code);
        at += length == 0 ? 1 : length;
    }
    return at;
}

// The byte `count` characters before `at`, or the begin.
static size_t step_back(Str s, size_t at, size_t count) {
    for (; count > 0 && at > 0; count--) {
        size_t longest = at < 4 ? 0 : at - 4;
        do at--;
        while (at > longest && ((unsigned char)s.data[at] & 0xC0U) == 0x80U);
    }
    return at;
}

static void cut(Snippet *snippet) {
    Str line = snippet->line;
    if (step_forward(line, 0, WIDEST) == line.length) return;
    size_t from = step_back(line, snippet->begin, PART / 2);
    size_t to = step_forward(line, from, PART);
    if (to == line.length) from = step_back(line, to, PART);
    snippet->line = str_slice(line, from, to);
    snippet->begin -= from;
    snippet->end -= from;
    snippet->cut_before = from != 0;
    snippet->cut_after = to != line.length;
}

static Snippet snippet_of(Span span) {
    Str line = source_line(span.source, span.begin);
    size_t start = (size_t)(line.data - span.source->text.data);
    size_t begin = span.begin < start ? 0 : span.begin - start;
    size_t end = span.end < start ? 0 : span.end - start;
    if (begin > line.length) begin = line.length;
    if (end <= begin) end = begin + 1;
    Snippet snippet = {.line = line, .begin = begin, .end = end};
    cut(&snippet);
    return snippet;
}

// Marks, or goes past, the `length` bytes at `at`, which are shown `width` columns wide.
static void add_marks(StrBuf *marks, const Snippet *snippet, size_t at, size_t length,
                      size_t width) {
    if (at >= snippet->end) return;
    bool is_first = at <= snippet->begin && snippet->begin < at + length;
    if (snippet->line.data[at] == '\t' && !is_first) {
        strbuf_add_byte(marks, '\t');
        return;
    }
    for (size_t i = 0; i < width; i++) {
        char mark = at + length <= snippet->begin ? ' ' : '~';
        strbuf_add_byte(marks, is_first && i == 0 ? '^' : mark);
    }
}

// Appends the character at `at` to the line and its marks below; returns its length in bytes.
static size_t add_character(StrBuf *out, StrBuf *marks, const Snippet *snippet, size_t at) {
    size_t before = out->length;
    size_t length = 1;
    if (snippet->line.data[at] == '\t')
        strbuf_add_byte(out, '\t');
    else
        length = escape_character(out, snippet->line, at);
    size_t width = utf8_count(str_slice(strbuf_str(out), before, out->length));
    add_marks(marks, snippet, at, length, width);
    return length;
}

void snippet_add(StrBuf *out, Span span) {
    if (span.source == NULL || span.source->text.length == 0) return;
    Snippet snippet = snippet_of(span);
    size_t before = out->length;
    strbuf_add_format(out, "%5u ", source_position(span.source, span.begin).line);
    StrBuf marks = strbuf_new(out->arena);
    strbuf_add_format(&marks, "%*s| ", (int)(out->length - before), "");
    strbuf_add(out, STR("| "));
    if (snippet.cut_before) {
        strbuf_add(out, ellipsis);
        strbuf_add_byte(&marks, ' ');
    }
    for (size_t at = 0; at < snippet.line.length;) at += add_character(out, &marks, &snippet, at);
    if (snippet.begin == snippet.line.length) strbuf_add_byte(&marks, '^');
    if (snippet.cut_after) strbuf_add(out, ellipsis);
    strbuf_add_byte(out, '\n');
    strbuf_add(out, strbuf_str(&marks));
    strbuf_add_byte(out, '\n');
}
