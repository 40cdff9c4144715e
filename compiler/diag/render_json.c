#include "diag/jsonout.h"
#include "diag/listing.h"
#include "diag/renderers.h"

static void add_number_or_null(json_t *object, const char *key, uint32_t number) {
    if (number == 0)
        jsonout_null(object, key);
    else
        jsonout_number(object, key, number);
}

static void add_text_or_null(Arena *arena, json_t *object, const char *key, Str s) {
    if (s.length == 0)
        jsonout_null(object, key);
    else
        jsonout_text(arena, object, key, s);
}

static void add_place(Arena *arena, json_t *object, Span span) {
    Place place = place_of(span);
    add_text_or_null(arena, object, "file", place.name);
    add_number_or_null(object, "line", place.begin.line);
    add_number_or_null(object, "column", place.begin.column);
    add_number_or_null(object, "endLine", place.end.line);
    add_number_or_null(object, "endColumn", place.end.column);
}

static void add_notes(Arena *arena, json_t *object, const Entry *entry) {
    json_t *notes = jsonout_array(object, "notes");
    for (size_t i = 0; i < entry->note_count; i++) {
        json_t *note = jsonout_object(notes, NULL);
        jsonout_text(arena, note, "message", entry->notes[i].text);
        add_place(arena, note, entry->notes[i].span);
    }
}

// What AWS and other linters call the check.
static void add_aliases(Arena *arena, json_t *object, Str aliases) {
    json_t *array = jsonout_array(object, "aliases");
    for (size_t at = 0; at < aliases.length;) {
        size_t end = str_find_byte(aliases, ' ', at);
        jsonout_text(arena, array, NULL, str_slice(aliases, at, end));
        at = end + 1;
    }
}

// A remark has neither id nor title.
static void add_entry(Arena *arena, json_t *array, const Entry *entry) {
    json_t *object = jsonout_object(array, NULL);
    Str id = {0}, title = {0};
    if (entry->row != NULL) {
        id = str_of(entry->row->name);
        title = str_of(entry->row->title);
    }
    add_text_or_null(arena, object, "id", id);
    jsonout_word(object, "severity", severity_word(entry->severity));
    jsonout_text(arena, object, "message", entry->text);
    add_place(arena, object, entry->span);
    add_text_or_null(arena, object, "acknowledged", entry->acknowledged);
    add_notes(arena, object, entry);
    add_text_or_null(arena, object, "title", title);
    if (entry->row != NULL && message_is_check(entry->row))
        add_aliases(arena, object, str_of(entry->row->aliases));
}

void render_json(const Diags *diags, const RenderOptions *options, StrBuf *out) {
    (void)options;
    Listing listing = listing_of(out->arena, diags);
    JsonOut json;
    jsonout_begin(&json, out->arena, json_array());
    for (size_t i = 0; i < listing.count; i++) add_entry(out->arena, json.root, &listing.items[i]);
    jsonout_end(&json, out);
}
