#include "read/yaml_error.h"

static uint32_t line_begin(Str text, uint32_t at) {
    while (at > 0 && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') at--;
    return at;
}

// Where the line above the one at `begin` begins; CRLF is one line break.
static uint32_t line_above(Str text, uint32_t begin) {
    bool is_pair = begin > 1 && text.data[begin - 1] == '\n' && text.data[begin - 2] == '\r';
    return line_begin(text, begin - 1 - is_pair);
}

// The thing that the problem is about begins on the line of the problem.
static bool is_on_one_line(const Source *source, const YamlProblem *problem) {
    return line_begin(source->text, problem->problem_at) <= problem->context_at;
}

// Something stands before the problem on its line.
static bool is_within_line(const Source *source, const YamlProblem *problem) {
    uint32_t begin = line_begin(source->text, problem->problem_at);
    while (begin < problem->problem_at && source->text.data[begin] == ' ') begin++;
    return begin < problem->problem_at;
}

static bool begins_with_dash(const Source *source, const YamlProblem *problem) {
    return problem->context_at < source->text.length &&
           source->text.data[problem->context_at] == '-';
}

// How to word a problem: the first row that fits. `at_context` points at where the thing began,
// not at where the parser gave up. `note` stands where the context began.
typedef struct Wording {
    const char *problem;
    const char *context;                                               // prefix, or NULL for any
    bool (*applies)(const Source *source, const YamlProblem *problem); // NULL: always
    const char *text;
    bool at_context;
    const char *note;
} Wording;

static const Wording wordings[] = {
    {"found unexpected end of stream", "while scanning a quoted scalar", NULL,
     "the quoted text that begins here is never closed", true, NULL},
    {"found unexpected document indicator", "while scanning a quoted scalar", NULL,
     "the quoted text that begins here is never closed", true, NULL},
    {"did not find expected ',' or ']'", NULL, is_on_one_line, "a ',' or ']' is expected here",
     false, "the list begins here"},
    {"did not find expected ',' or ']'", NULL, NULL,
     "the list that begins here with '[' lacks a ',' or its ']'", true, NULL},
    {"did not find expected ',' or '}'", NULL, is_on_one_line, "a ',' or '}' is expected here",
     false, "the mapping begins here"},
    {"did not find expected ',' or '}'", NULL, NULL,
     "the mapping that begins here with '{' lacks a ',' or its '}'", true, NULL},
    {"did not find expected key", NULL, is_within_line,
     "this cannot follow the value before it; a key begins on a line of its own", false, NULL},
    {"did not find expected key", NULL, NULL,
     "a key was expected here; the indentation may not fit the mapping", false,
     "the mapping begins here"},
    {"did not find expected '-' indicator", NULL, is_within_line,
     "this cannot follow the value before it; an entry begins on a line of its own", false, NULL},
    {"did not find expected '-' indicator", NULL, NULL,
     "a '-' was expected here; the indentation may not fit the list", false,
     "the list begins here"},
    {"could not find expected ':'", NULL, begins_with_dash,
     "a '-' that begins an entry needs a space after it", true, NULL},
    {"could not find expected ':'", NULL, NULL, "this key lacks a ':' with a space after it", true,
     NULL},
    {"mapping values are not allowed in this context", NULL, NULL,
     "a ':' is not allowed here; the line may be indented too far, or its value need quotes", false,
     NULL},
    {"block sequence entries are not allowed in this context", NULL, NULL,
     "a '-' entry is not allowed here; a list begins on a line of its own", false, NULL},
    {"mapping keys are not allowed in this context", NULL, NULL, "a key is not allowed here", false,
     NULL},
    {"found unknown escape character", NULL, NULL,
     "this escape does not exist; in single quotes a backslash stands for itself", false, NULL},
    {"did not find expected hexdecimal number", NULL, NULL,
     "the escape needs more hexadecimal digits", false, NULL},
    {"found invalid Unicode character escape code", NULL, NULL,
     "this escape stands for no character", false, NULL},
    {"found undefined tag handle", NULL, NULL, "this tag handle was not declared", false, NULL},
    {"did not find expected whitespace or line break", "while scanning a tag", NULL,
     "a tag ends before this; a text that begins with '!' needs quotes", false, NULL},
    {"did not find expected <document start>", NULL, NULL,
     "the document ends here; what follows does not belong to it", false, NULL},
    {"found unexpected ':'", NULL, NULL, "quote a value that holds ':'", false, NULL},
    {"found incompatible YAML document", NULL, NULL, "this is YAML of a version other than 1.2",
     false, NULL},
    {"found duplicate %YAML directive", NULL, NULL, "the %YAML directive stands twice", false,
     NULL},
    {"found duplicate %TAG directive", NULL, NULL, "the same %TAG directive stands twice", false,
     NULL},
    {"found unknown directive name", NULL, NULL,
     "a line that begins with '%' is a directive, and YAML has none of this name", true, NULL},
    {"did not find expected alphabetic or numeric character", "while scanning an alias", NULL,
     "an alias is a '*' and a name; a text that begins with '*' needs quotes", true, NULL},
    {"did not find expected alphabetic or numeric character", NULL, NULL,
     "an anchor is a '&' and a name; a text that begins with '&' needs quotes", true, NULL},
    {"did not find expected comment or line break", "while scanning a block scalar", NULL,
     "the text begins on the line below its '|' or '>'", false, NULL},
    {"found an indentation indicator equal to 0", NULL, NULL,
     "the indentation of a text is at least 1", false, NULL},
    {"found a tab character where an indentation space is expected", NULL, NULL,
     "a tab cannot indent; use spaces", false, NULL},
    {"found a tab character that violates indentation", NULL, NULL,
     "a tab cannot indent; use spaces", false, NULL},
    {"did not find expected node content", NULL, NULL, "a value was expected here", false, NULL},
};

static const Wording *find_wording(const Source *source, const YamlProblem *problem) {
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const Wording *w = &wordings[i];
        if (str_equal(problem->problem, str_of(w->problem)) &&
            (w->context == NULL || str_starts_with(problem->context, str_of(w->context))) &&
            (w->applies == NULL || w->applies(source, problem)))
            return w;
    }
    return NULL;
}

// The end of the token at `at`, for the caret: up to the next blank or line break.
static Span token_span(const Source *source, uint32_t at) {
    Str text = source->text;
    uint32_t end = at;
    while (end < text.length && text.data[end] != ' ' && text.data[end] != '\n' &&
           text.data[end] != '\r' && text.data[end] != '\t')
        end++;
    return (Span){source, at, end};
}

static size_t indentation(Str line) {
    size_t blanks = 0;
    while (blanks < line.length && line.data[blanks] == ' ') blanks++;
    return blanks;
}

// A key without its colon makes one plain text of two lines, and the parser complains about the
// second. True and the place of the first line's words where that is what happened.
static bool find_missing_colon(const Source *source, uint32_t at, Span *ret_span) {
    Str text = source->text;
    uint32_t here = line_begin(text, at);
    if (here == 0) return false;
    uint32_t above = line_above(text, here);
    Str line = source_line(source, above), below = source_line(source, here);
    size_t blanks = indentation(line);
    if (blanks == line.length || blanks > indentation(below)) return false;
    char first = line.data[blanks];
    if (first == '#' || first == '-' || first == '"' || first == '\'') return false;
    if (str_find_byte(line, ':', 0) < line.length) return false;
    *ret_span = (Span){source, above + (uint32_t)blanks, above + (uint32_t)line.length};
    return true;
}

// "found character that cannot start any token" says neither which nor what to do.
static void report_bad_start(Diags *diags, const Source *source, uint32_t at) {
    Span span = {source, at, at + 1};
    char c = at < source->text.length ? source->text.data[at] : ' ';
    if (c == '\t')
        diag_report(diags, MSG_SYNTAX, span, "a tab cannot indent; use spaces");
    else
        diag_report(diags, MSG_SYNTAX, span, "a value cannot begin with '%c'; put it in quotes", c);
}

// The text ends where an item or a key's value was expected, within '[' or '{'.
static bool is_never_closed(const Source *source, const YamlProblem *problem) {
    return problem->problem_at == source->text.length &&
           str_equal(problem->problem, STR("did not find expected node content")) &&
           str_starts_with(problem->context, STR("while parsing a flow node"));
}

void yaml_report_problem(Diags *diags, const Source *source, const YamlProblem *problem) {
    Span colon;
    if (is_never_closed(source, problem)) {
        Span open = {source, problem->open_at, problem->open_at + 1};
        diag_report(diags, MSG_SYNTAX, open, "the '%c' that stands here is never closed",
                    source->text.data[problem->open_at]);
        return;
    }
    if (str_equal(problem->problem, STR("found character that cannot start any token"))) {
        report_bad_start(diags, source, problem->problem_at);
        return;
    }
    if (str_equal(problem->problem, STR("mapping values are not allowed in this context")) &&
        find_missing_colon(source, problem->problem_at, &colon)) {
        diag_report(diags, MSG_SYNTAX, colon, "this line lacks a ':' after its key");
        return;
    }
    const Wording *wording = find_wording(source, problem);
    if (wording == NULL) {
        diag_report(diags, MSG_SYNTAX, token_span(source, problem->problem_at), "not YAML: %.*s",
                    STR_ARG(problem->problem));
        return;
    }
    bool at_context = wording->at_context && problem->has_context;
    uint32_t at = at_context ? problem->context_at : problem->problem_at;
    Span span = at_context ? (Span){source, at, at + 1} : token_span(source, at);
    Diagnostic *d = diag_report(diags, MSG_SYNTAX, span, "%s", wording->text);
    if (wording->note != NULL && problem->has_context)
        diag_note(diags, d, (Span){source, problem->context_at, problem->context_at + 1}, "%s",
                  wording->note);
}
