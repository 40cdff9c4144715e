#include <inttypes.h>

#include "diag/jsonout.h"
#include "diag/listing.h"
#include "diag/renderers.h"
#include "diag/uri.h"

// The rules of a run: the ids that its results name, in the order of their names.
typedef struct Rules {
    MessageId ids[MESSAGE_COUNT];
    size_t count;
    size_t index[MESSAGE_COUNT]; // of an id in `ids`
} Rules;

typedef struct Sarif {
    Arena *arena;
    const Listing *listing;
    Rules rules;
    StrMap fingerprints; // how often each was used
} Sarif;

// SARIF has braces doubled in message strings, and brackets escaped that would read as a link.
static Str message_string(Arena *arena, Str text) {
    bool has_link = str_find(text, STR("]("), 0) != text.length;
    StrBuf out = strbuf_new(arena);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '{' || c == '}')
            strbuf_add_byte(&out, c);
        else if (has_link && (c == '[' || c == ']' || c == '\\'))
            strbuf_add_byte(&out, '\\');
        strbuf_add_byte(&out, c);
    }
    return strbuf_str(&out);
}

static void add_message(Arena *arena, json_t *parent, const char *key, Str text) {
    json_t *message = jsonout_object(parent, key);
    jsonout_text(arena, message, "text", message_string(arena, text));
}

// `span` has a source.
static json_t *add_location(Arena *arena, json_t *locations, Span span) {
    Place place = place_of(span);
    json_t *location = jsonout_object(locations, NULL);
    json_t *physical = jsonout_object(location, "physicalLocation");
    json_t *artifact = jsonout_object(physical, "artifactLocation");
    jsonout_text(arena, artifact, "uri", uri_of_file(arena, place.name));
    if (place.begin.line != 0) {
        json_t *region = jsonout_object(physical, "region");
        jsonout_number(region, "startLine", place.begin.line);
        jsonout_number(region, "startColumn", place.begin.column);
        jsonout_number(region, "endLine", place.end.line);
        jsonout_number(region, "endColumn", place.end.column);
    }
    return location;
}

static void add_locations(Arena *arena, json_t *parent, const Entry *entry) {
    json_t *locations = jsonout_array(parent, "locations");
    if (entry->span.source != NULL) (void)add_location(arena, locations, entry->span);
}

// Each has an id, as SARIF wants no two alike.
static void add_related(Arena *arena, json_t *result, const Entry *entry) {
    json_t *related = NULL;
    for (size_t i = 0; i < entry->note_count; i++) {
        const Note *note = &entry->notes[i];
        if (!note_is_elsewhere(entry, note)) continue;
        if (related == NULL) related = jsonout_array(result, "relatedLocations");
        json_t *location = add_location(arena, related, note->span);
        jsonout_number(location, "id", json_array_size(related));
        add_message(arena, location, "message", note->text);
    }
}

// The text with the notes that stand at the message's own place as further lines.
static Str text_with_notes(Arena *arena, const Entry *entry) {
    StrBuf text = strbuf_new(arena);
    strbuf_add(&text, entry->text);
    for (size_t i = 0; i < entry->note_count; i++) {
        if (note_is_elsewhere(entry, &entry->notes[i])) continue;
        strbuf_add_byte(&text, '\n');
        strbuf_add(&text, entry->notes[i].text);
    }
    return strbuf_str(&text);
}

// FNV-1a over the bytes of `s` and a byte that no UTF-8 has, so that parts stay apart.
static uint64_t hash_more(uint64_t hash, Str s) {
    const uint64_t prime = 0x100000001B3;
    for (size_t i = 0; i < s.length; i++) hash = (hash ^ (unsigned char)s.data[i]) * prime;
    return (hash ^ 0xFF) * prime;
}

// Names a result without its line, so that it keeps its name when lines are added above; results
// that are alike are numbered.
static Str fingerprint(Sarif *sarif, const Entry *entry) {
    uint64_t hash = 0xCBF29CE484222325;
    hash = hash_more(hash, str_of(entry->row->name));
    hash = hash_more(hash, place_of(entry->span).name);
    hash = hash_more(hash, entry->text);
    Str digits = str_format(sarif->arena, "%016" PRIx64, hash);
    uint32_t used = 0;
    (void)strmap_get(&sarif->fingerprints, digits, &used);
    (void)strmap_set(sarif->arena, &sarif->fingerprints, digits, used + 1);
    return str_format(sarif->arena, "%.*s:%u", STR_ARG(digits), used + 1);
}

// Every result has the list, so that none counts as not looked at.
static void add_suppressions(Arena *arena, json_t *result, const Entry *entry) {
    json_t *suppressions = jsonout_array(result, "suppressions");
    if (entry->acknowledged.length == 0) return;
    json_t *suppression = jsonout_object(suppressions, NULL);
    jsonout_word(suppression, "kind", "inSource");
    jsonout_text(arena, suppression, "justification", entry->acknowledged);
}

static void add_result(Sarif *sarif, json_t *results, const Entry *entry) {
    Arena *arena = sarif->arena;
    json_t *result = jsonout_object(results, NULL);
    jsonout_word(result, "ruleId", entry->row->name);
    jsonout_number(result, "ruleIndex", sarif->rules.index[entry->id]);
    jsonout_word(result, "level", severity_word(entry->severity));
    add_message(arena, result, "message", text_with_notes(arena, entry));
    add_locations(arena, result, entry);
    add_related(arena, result, entry);
    json_t *fingerprints = jsonout_object(result, "partialFingerprints");
    jsonout_text(arena, fingerprints, "spotcMessage/v1", fingerprint(sarif, entry));
    add_suppressions(arena, result, entry);
}

static void add_results(Sarif *sarif, json_t *run) {
    json_t *results = jsonout_array(run, "results");
    for (size_t i = 0; i < sarif->listing->count; i++) {
        if (sarif->listing->items[i].row != NULL)
            add_result(sarif, results, &sarif->listing->items[i]);
    }
}

static Rules rules_of(const Listing *listing) {
    bool is_used[MESSAGE_COUNT] = {false};
    Rules rules = {.count = 0};
    for (size_t i = 0; i < listing->count; i++) {
        MessageId id = listing->items[i].id;
        if (id == MESSAGE_COUNT || is_used[id]) continue;
        is_used[id] = true;
        rules.ids[rules.count++] = id;
    }
    messages_sort(rules.ids, rules.count);
    for (size_t i = 0; i < rules.count; i++) rules.index[rules.ids[i]] = i;
    return rules;
}

// "unknown-key" as "UnknownKey".
static Str pascal_case(Arena *arena, Str name) {
    StrBuf out = strbuf_new(arena);
    bool is_first = true;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (c != '-')
            strbuf_add_byte(&out, is_first && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        is_first = c == '-';
    }
    return strbuf_str(&out);
}

static void add_rule(Arena *arena, json_t *rules, const Message *row) {
    json_t *rule = jsonout_object(rules, NULL);
    jsonout_word(rule, "id", row->name);
    jsonout_text(arena, rule, "name", pascal_case(arena, str_of(row->name)));
    add_message(arena, rule, "shortDescription", str_of(row->title));
    add_message(arena, rule, "fullDescription", str_of(row->documentation));
    json_t *configuration = jsonout_object(rule, "defaultConfiguration");
    jsonout_word(configuration, "level", severity_word(row->severity));
}

static void add_tool(const Sarif *sarif, json_t *run, Str version) {
    json_t *tool = jsonout_object(run, "tool");
    json_t *driver = jsonout_object(tool, "driver");
    jsonout_word(driver, "name", "spotc");
    jsonout_text(sarif->arena, driver, "version", version);
    json_t *rules = jsonout_array(driver, "rules");
    for (size_t i = 0; i < sarif->rules.count; i++)
        add_rule(sarif->arena, rules, message_get(sarif->rules.ids[i]));
}

static void add_notification(Arena *arena, json_t *notifications, const Entry *remark) {
    json_t *notification = jsonout_object(notifications, NULL);
    jsonout_word(notification, "level", severity_word(remark->severity));
    add_message(arena, notification, "message", remark->text);
    add_locations(arena, notification, remark);
}

// What the caps kept back is said of the run: it is no result.
static void add_invocation(const Sarif *sarif, json_t *run) {
    json_t *invocation = jsonout_object(jsonout_array(run, "invocations"), NULL);
    jsonout_true(invocation, "executionSuccessful");
    json_t *notifications = jsonout_array(invocation, "toolExecutionNotifications");
    for (size_t i = 0; i < sarif->listing->count; i++) {
        if (sarif->listing->items[i].row == NULL)
            add_notification(sarif->arena, notifications, &sarif->listing->items[i]);
    }
}

void render_sarif(const Diags *diags, const RenderOptions *options, StrBuf *out) {
    Listing listing = listing_of(out->arena, diags);
    Sarif sarif = {.arena = out->arena, .listing = &listing, .rules = rules_of(&listing)};
    JsonOut json;
    jsonout_begin(&json, out->arena, json_object());
    jsonout_word(json.root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    jsonout_word(json.root, "version", "2.1.0");
    json_t *run = jsonout_object(jsonout_array(json.root, "runs"), NULL);
    add_tool(&sarif, run, options->version);
    add_invocation(&sarif, run);
    jsonout_word(run, "columnKind", "unicodeCodePoints");
    add_results(&sarif, run);
    jsonout_end(&json, out);
}
