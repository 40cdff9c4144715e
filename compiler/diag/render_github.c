#include <string.h>

#include "diag/escape.h"
#include "diag/listing.h"
#include "diag/renderers.h"

static const char *const commands[] = {
    [SEVERITY_NOTE] = "notice",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_ERROR] = "error",
};

// Characters that end a command, or one of its properties.
static const char in_text[] = "%\r\n";
static const char in_property[] = "%\r\n:,";

// Appends `s` with the characters in `special` as %XX; a NUL byte was escaped before.
static void add_percent_encoded(StrBuf *out, Str s, const char *special) {
    for (size_t i = 0; i < s.length; i++) {
        if (strchr(special, s.data[i]) != NULL)
            strbuf_add_format(out, "%%%02X", (unsigned)s.data[i]);
        else
            strbuf_add_byte(out, s.data[i]);
    }
}

static void add_escaped(StrBuf *out, Str s, const char *special) {
    StrBuf escaped = strbuf_new(out->arena);
    escape_text(&escaped, s, "\r\n");
    add_percent_encoded(out, strbuf_str(&escaped), special);
}

static void add_properties(StrBuf *out, const Entry *entry) {
    Place place = place_of(entry->span);
    const char *separator = " ";
    if (place.name.length != 0) {
        strbuf_add(out, STR(" file="));
        add_escaped(out, place.name, in_property);
        separator = ",";
    }
    if (place.begin.line != 0)
        strbuf_add_format(out, ",line=%u,endLine=%u,col=%u,endColumn=%u", place.begin.line,
                          place.end.line, place.begin.column, place.end.column);
    if (entry->row != NULL) strbuf_add_format(out, "%stitle=%s", separator, entry->row->name);
}

static void add_note(StrBuf *out, const Entry *entry, const Note *note) {
    strbuf_add(out, STR("%0A"));
    if (note_is_elsewhere(entry, note)) {
        Place place = place_of(note->span);
        add_escaped(out, place.name, in_text);
        if (place.begin.line != 0)
            strbuf_add_format(out, ":%u:%u", place.begin.line, place.begin.column);
        strbuf_add(out, STR(": "));
    }
    strbuf_add(out, STR("note: "));
    add_escaped(out, note->text, in_text);
}

static void add_command(StrBuf *out, const Entry *entry) {
    strbuf_add_format(out, "::%s", commands[entry->severity]);
    add_properties(out, entry);
    strbuf_add(out, STR("::"));
    add_escaped(out, entry->text, in_text);
    if (entry->acknowledged.length != 0) {
        strbuf_add(out, STR(" (acknowledged: "));
        add_escaped(out, entry->acknowledged, in_text);
        strbuf_add_byte(out, ')');
    }
    for (size_t i = 0; i < entry->note_count; i++) add_note(out, entry, &entry->notes[i]);
    strbuf_add_byte(out, '\n');
}

void render_github(const Diags *diags, const RenderOptions *options, StrBuf *out) {
    (void)options;
    Listing listing = listing_of(out->arena, diags);
    for (size_t i = 0; i < listing.count; i++) add_command(out, &listing.items[i]);
}
