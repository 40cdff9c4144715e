#include "diag/diag.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

static_assert((int)COUNT_NOTES == SEVERITY_NOTE && (int)COUNT_WARNINGS == SEVERITY_WARNING &&
                  (int)COUNT_ERRORS == SEVERITY_ERROR,
              "a severity is the kind of its messages that were not acknowledged");

// Of a source and kind, that are compared with each other for repeats.
enum { MOST_HIDDEN = 1000 };

__attribute__((format(printf, 2, 0))) static Str format_text(Arena *arena, const char *format,
                                                             va_list args) {
    return utf8_cut(arena, str_vformat(arena, format, args), DIAG_LONGEST_TEXT);
}

void diags_init(Diags *diags, Arena *arena, size_t max_errors) {
    *diags = (Diags){.arena = arena, .max_errors = max_errors};
}

// The index in `counts` of a source, which is entered where it is new.
static uint32_t source_index(Diags *diags, const Source *source) {
    uint32_t index = (uint32_t)diags->counts.count;
    if (strmap_get(&diags->sources, source_identity(&source), &index)) return index;
    Str key = str_copy(diags->arena, source_identity(&source));
    (void)strmap_set(diags->arena, &diags->sources, key, index);
    SourceCount count = {.source = source};
    VEC_PUSH(diags->arena, &diags->counts, count);
    return index;
}

static bool is_inside(Span inner, Span outer) {
    return outer.source == NULL ||
           (inner.source == outer.source && outer.begin <= inner.begin && inner.end <= outer.end);
}

// The reason that the first acknowledgement of a message gives, or an empty Str.
static Str acknowledge(Diags *diags, MessageId id, Span span) {
    if (!message_get(id)->acknowledgeable) return (Str){0};
    for (size_t i = 0; i < diags->acknowledgements.count; i++) {
        Acknowledgement *entry = &diags->acknowledgements.items[i];
        if (entry->id != id || entry->reason.length == 0 || !is_inside(span, entry->where))
            continue;
        entry->used = true;
        return entry->reason;
    }
    return (Str){0};
}

static Severity severity_of(MessageId id, bool acknowledged) {
    Severity severity = message_get(id)->severity;
    return acknowledged && severity > SEVERITY_NOTE ? severity - 1 : severity;
}

static CountKind kind_of(const Diagnostic *diagnostic) {
    return diagnostic->acknowledged.length != 0 ? COUNT_ACKNOWLEDGED
                                                : (CountKind)diagnostic->severity;
}

// What repeats of a message have in common: id, severity, place and text.
static Str repeat_key(Arena *arena, const Diagnostic *message, uint32_t source) {
    Span span = message->span;
    const uint32_t fields[] = {message->id, message->severity, source, span.begin, span.end};
    Str place = {(const char *)fields, sizeof fields};
    StrBuf key = strbuf_new(arena);
    strbuf_add(&key, place);
    strbuf_add(&key, message->text);
    return strbuf_str(&key);
}

static bool is_repeat(Diags *diags, const Diagnostic *message, uint32_t source) {
    Str key = repeat_key(diags->arena, message, source);
    return !strmap_set(diags->arena, &diags->seen, key, 0);
}

// Counts a message as shown, or as hidden where the cap does not allow it: then false.
static bool make_room(const Diags *diags, SourceCount *count, CountKind kind) {
    bool room = diags->max_errors == 0 || count->shown[kind] < diags->max_errors;
    if (room)
        count->shown[kind]++;
    else
        count->hidden[kind]++;
    return room;
}

static void count_report(SourceCount *count, CountKind kind) {
    count->errors += kind == COUNT_ERRORS;
    count->warnings += kind == COUNT_WARNINGS;
}

// Whether a source has so many hidden messages that another is merely counted, unread.
static bool count_unread(SourceCount *count, CountKind kind) {
    bool unread = count->hidden[kind] >= MOST_HIDDEN;
    if (unread) count->hidden[kind]++;
    return unread;
}

Diagnostic *diag_report(Diags *diags, MessageId id, Span span, const char *format, ...) {
    Diagnostic message = {.id = id, .span = span, .acknowledged = acknowledge(diags, id, span)};
    message.severity = severity_of(id, message.acknowledged.length != 0);
    uint32_t source = source_index(diags, span.source);
    SourceCount *count = &diags->counts.items[source];
    count_report(count, kind_of(&message));
    if (count_unread(count, kind_of(&message))) return NULL;
    va_list args;
    va_start(args, format);
    message.text = format_text(diags->arena, format, args);
    va_end(args);

    if (is_repeat(diags, &message, source) || !make_room(diags, count, kind_of(&message)))
        return NULL;
    Diagnostic *result = ARENA_NEW(diags->arena, Diagnostic);
    *result = message;
    // A manifest's trees may go before its messages do.
    result->acknowledged = str_copy(diags->arena, message.acknowledged);
    VEC_PUSH(diags->arena, &diags->items, result);
    return result;
}

void diag_note(Diags *diags, Diagnostic *diagnostic, Span span, const char *format, ...) {
    if (diagnostic == NULL) return;
    va_list args;
    va_start(args, format);
    Note note = {span, format_text(diags->arena, format, args)};
    va_end(args);
    VEC_PUSH(diags->arena, &diagnostic->notes, note);
}

size_t diags_errors(const Diags *diags) {
    size_t errors = 0;
    for (size_t i = 0; i < diags->counts.count; i++) errors += diags->counts.items[i].errors;
    return errors;
}

size_t diags_warnings(const Diags *diags) {
    size_t warnings = 0;
    for (size_t i = 0; i < diags->counts.count; i++) warnings += diags->counts.items[i].warnings;
    return warnings;
}

static void promote_counts(SourceCount *count) {
    count->errors += count->warnings;
    count->hidden[COUNT_ERRORS] += count->hidden[COUNT_WARNINGS];
    count->warnings = count->hidden[COUNT_WARNINGS] = count->shown[COUNT_WARNINGS] = 0;
}

void diags_promote_warnings(Diags *diags) {
    for (size_t i = 0; i < diags->counts.count; i++) promote_counts(&diags->counts.items[i]);
    size_t kept = 0;
    for (size_t i = 0; i < diags->items.count; i++) {
        Diagnostic *message = diags->items.items[i];
        if (kind_of(message) == COUNT_WARNINGS) {
            message->severity = SEVERITY_ERROR;
            SourceCount *count = &diags->counts.items[source_index(diags, message->span.source)];
            if (!make_room(diags, count, COUNT_ERRORS)) continue;
        }
        diags->items.items[kept++] = message;
    }
    diags->items.count = kept;
}
