#include "read/yaml_error.h"

// How to word a problem. `at_context` points at where the thing began, not at where the parser
// gave up. `with_line` appends the line on which the context began.
typedef struct Wording {
    const char *problem;
    const char *context; // prefix, or NULL for any
    const char *text;
    bool at_context;
    bool with_line;
} Wording;

static const Wording wordings[] = {
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "the quoted text that begins here is never closed", true, false},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "the quoted text that begins here is never closed", true, false},
    {"did not find expected ',' or ']'", NULL,
     "the list that begins here with '[' lacks a ',' or its ']'", true, false},
    {"did not find expected ',' or '}'", NULL,
     "the mapping that begins here with '{' lacks a ',' or its '}'", true, false},
    {"did not find expected key", NULL,
     "a key was expected here; the indentation may not fit the mapping", false, true},
    {"did not find expected '-' indicator", NULL,
     "a '-' was expected here; the indentation may not fit the list", false, true},
    {"could not find expected ':'", NULL, "this key lacks its ':'", true, false},
    {"mapping values are not allowed in this context", NULL,
     "a ':' is not allowed here; the line may be indented too far, or its value need quotes", false, false},
    {"block sequence entries are not allowed in this context", NULL,
     "a '-' entry is not allowed here; a list begins on a line of its own", false, false},
    {"mapping keys are not allowed in this context", NULL, "a key is not allowed here", false, false},
    {"found unknown escape character", NULL,
     "this escape does not exist; in single quotes a backslash stands for itself", false, false},
    {"did not find expected hexdecimal number", NULL,
     "the escape needs more hexadecimal digits", false, false},
    {"found undefined tag handle", NULL, "this tag handle was not declared", false, false},
    {"did not find expected <document start>", NULL,
     "the document ends here; what follows does not belong to it", false, false},
    {"found unexpected ':'", NULL, "quote a value that holds ':'", false, false},
    {"found incompatible YAML document", NULL, "this is YAML of a version other than 1.2", false,
     false},
    {"found duplicate %YAML directive", NULL, "the %YAML directive stands twice", false, false},
    {"did not find expected alphabetic or numeric character", NULL,
     "an anchor or alias needs a name of letters, digits, '-' and '_'", false, false},
    {"did not find expected node content", NULL, "a value was expected here", false, false},
};

static const Wording *find_wording(const YamlProblem *problem) {
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const Wording *w = &wordings[i];
        if (str_equal(problem->problem, str_of(w->problem)) &&
            (w->context == NULL || str_starts_with(problem->context, str_of(w->context))))
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

static uint32_t line_begin(Str text, uint32_t at) {
    while (at > 0 && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') at--;
    return at;
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
    uint32_t above = line_begin(text, here - 1);
    Str line = source_line(source, above), below = source_line(source, here);
    size_t blanks = indentation(line);
    if (blanks == line.length || blanks != indentation(below)) return false;
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

void yaml_report_problem(Diags *diags, const Source *source, const YamlProblem *problem) {
    Span colon;
    if (str_equal(problem->problem, STR("found character that cannot start any token"))) {
        report_bad_start(diags, source, problem->problem_at);
        return;
    }
    if (str_equal(problem->problem, STR("mapping values are not allowed in this context")) &&
        find_missing_colon(source, problem->problem_at, &colon)) {
        diag_report(diags, MSG_SYNTAX, colon, "this line lacks a ':' after its key");
        return;
    }
    const Wording *wording = find_wording(problem);
    if (wording == NULL) {
        diag_report(diags, MSG_SYNTAX, token_span(source, problem->problem_at), "not YAML: %.*s",
                    STR_ARG(problem->problem));
        return;
    }
    bool at_context = wording->at_context && problem->has_context;
    uint32_t at = at_context ? problem->context_at : problem->problem_at;
    Span span = at_context ? (Span){source, at, at + 1} : token_span(source, at);
    Diagnostic *d = diag_report(diags, MSG_SYNTAX, span, "%s", wording->text);
    if (wording->with_line && problem->has_context)
        diag_note(diags, d, (Span){source, problem->context_at, problem->context_at + 1},
                  "it begins here");
}
