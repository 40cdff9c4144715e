#include "diag/escape.h"
#include "diag/listing.h"
#include "diag/renderers.h"
#include "diag/snippet.h"

// GCC's colours.
static const char *const severity_colours[] = {
    [SEVERITY_NOTE] = "\x1b[01;36m",
    [SEVERITY_WARNING] = "\x1b[01;35m",
    [SEVERITY_ERROR] = "\x1b[01;31m",
};
static const char place_colour[] = "\x1b[01m";
static const char no_colour[] = "\x1b[m";

static void add_colour(StrBuf *out, const RenderOptions *options, const char *colour) {
    if (options->colour) strbuf_add(out, str_of(colour));
}

static void add_place(StrBuf *out, Span span) {
    if (span.source == NULL) {
        strbuf_add(out, STR("spotc:"));
        return;
    }
    Place place = place_of(span);
    escape_text(out, place.name, "");
    if (place.begin.line != 0)
        strbuf_add_format(out, ":%u:%u", place.begin.line, place.begin.column);
    strbuf_add_byte(out, ':');
}

// "file:line:column: severity: "
static void add_head(StrBuf *out, const RenderOptions *options, Span span, Severity severity) {
    add_colour(out, options, place_colour);
    add_place(out, span);
    add_colour(out, options, no_colour);
    strbuf_add_byte(out, ' ');
    add_colour(out, options, severity_colours[severity]);
    strbuf_add_format(out, "%s:", severity_word(severity));
    add_colour(out, options, no_colour);
    strbuf_add_byte(out, ' ');
}

static void add_message(StrBuf *out, const RenderOptions *options, const Entry *entry) {
    add_head(out, options, entry->span, entry->severity);
    escape_text(out, entry->text, "");
    if (entry->acknowledged.length != 0) {
        strbuf_add(out, STR(" (acknowledged: "));
        escape_text(out, entry->acknowledged, "");
        strbuf_add_byte(out, ')');
    }
    if (entry->row != NULL) strbuf_add_format(out, " [%s]", entry->row->name);
    strbuf_add_byte(out, '\n');
    snippet_add(out, entry->span);
}

static void add_note(StrBuf *out, const RenderOptions *options, const Entry *entry,
                     const Note *note) {
    add_head(out, options, note->span, SEVERITY_NOTE);
    escape_text(out, note->text, "");
    strbuf_add_byte(out, '\n');
    if (note_is_elsewhere(entry, note)) snippet_add(out, note->span);
}

void render_text(const Diags *diags, const RenderOptions *options, StrBuf *out) {
    Listing listing = listing_of(out->arena, diags);
    for (size_t i = 0; i < listing.count; i++) {
        const Entry *entry = &listing.items[i];
        if (options->quiet && entry->subject != SEVERITY_ERROR) continue;
        add_message(out, options, entry);
        for (size_t j = 0; j < entry->note_count; j++)
            add_note(out, options, entry, &entry->notes[j]);
    }
}
