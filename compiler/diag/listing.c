#include "diag/listing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// A message with what it is sorted by.
typedef struct Ranked {
    const Diagnostic *message;
    uint32_t source; // index in Diags.counts
    size_t order;    // of report
} Ranked;

typedef struct Lister {
    Arena *arena;
    StrMap known; // source_identity -> index in `indexed`
    SourceVec indexed;
    Listing listing;
} Lister;

static int compare(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

static int compare_ranked(const void *left, const void *right) {
    const Ranked *a = left, *b = right;
    int order = compare(a->source, b->source);
    if (order == 0) order = compare(a->message->span.begin, b->message->span.begin);
    return order != 0 ? order : compare(a->order, b->order);
}

static Ranked *rank_messages(Arena *arena, const Diags *diags) {
    size_t count = diags->items.count;
    Ranked *ranked = ARENA_ARRAY(arena, Ranked, count);
    for (size_t i = 0; i < count; i++) {
        const Diagnostic *message = diags->items.items[i];
        ranked[i] = (Ranked){.message = message, .order = i};
        (void)strmap_get(&diags->sources, source_identity(&message->span.source),
                         &ranked[i].source);
    }
    if (count > 1) qsort(ranked, count, sizeof *ranked, compare_ranked);
    return ranked;
}

// The span in a copy of its source that knows its lines, so that positions cost little.
static Span index_span(Lister *lister, Span span) {
    uint32_t index;
    if (span.source == NULL) return span;
    if (!strmap_get(&lister->known, source_identity(&span.source), &index)) {
        Str key = str_copy(lister->arena, source_identity(&span.source));
        index = (uint32_t)lister->indexed.count;
        (void)strmap_set(lister->arena, &lister->known, key, index);
        VEC_PUSH(lister->arena, &lister->indexed, source_with_lines(lister->arena, span.source));
    }
    assert(index < lister->indexed.count && lister->indexed.items != NULL);
    span.source = lister->indexed.items[index];
    return span;
}

static Note how_to_acknowledge(Lister *lister, const Entry *entry) {
    Str text = str_format(lister->arena,
                          "can be acknowledged: acknowledge: [{check: %s, reason: \xE2\x80\xA6}]",
                          entry->row->name);
    return (Note){entry->span, text};
}

static void list_message(Lister *lister, const Diagnostic *message) {
    Entry entry = {
        .row = message_get(message->id),
        .id = message->id,
        .severity = message->severity,
        .subject = message->severity,
        .span = index_span(lister, message->span),
        .text = message->text,
        .acknowledged = message->acknowledged,
    };
    Note *notes = ARENA_ARRAY(lister->arena, Note, message->notes.count + 1);
    for (size_t i = 0; i < message->notes.count; i++) {
        Note *note = &notes[entry.note_count++];
        *note = message->notes.items[i];
        note->span = note->span.source == NULL ? entry.span : index_span(lister, note->span);
    }
    // There can be many findings of lint, and its help says how to accept them.
    if (entry.row->acknowledgeable && !message_is_check(entry.row) &&
        entry.acknowledged.length == 0)
        notes[entry.note_count++] = how_to_acknowledge(lister, &entry);
    entry.notes = notes;
    VEC_PUSH(lister->arena, &lister->listing, entry);
}

static void list_remark(Lister *lister, const SourceCount *count, CountKind kind) {
    static const struct {
        const char *one, *many;
        Severity subject;
    } words[] = {
        [COUNT_NOTES] = {"note is", "notes are", SEVERITY_NOTE},
        [COUNT_WARNINGS] = {"warning is", "warnings are", SEVERITY_WARNING},
        [COUNT_ERRORS] = {"error is", "errors are", SEVERITY_ERROR},
        [COUNT_ACKNOWLEDGED] = {"acknowledged message is", "acknowledged messages are",
                                SEVERITY_WARNING},
    };
    size_t hidden = count->hidden[kind];
    Entry entry = {.id = MESSAGE_COUNT, .subject = words[kind].subject};
    if (count->source != NULL) {
        Source *nameless = ARENA_NEW(lister->arena, Source);
        nameless->name = count->source->name;
        entry.span.source = nameless;
    }
    entry.text = str_format(lister->arena, "%zu more %s not shown (--max-errors)", hidden,
                            hidden == 1 ? words[kind].one : words[kind].many);
    VEC_PUSH(lister->arena, &lister->listing, entry);
}

static void list_remarks(Lister *lister, const SourceCount *count) {
    static const CountKind order[] = {COUNT_ERRORS, COUNT_WARNINGS, COUNT_NOTES,
                                      COUNT_ACKNOWLEDGED};
    for (size_t i = 0; i < COUNT_KINDS; i++) {
        if (count->hidden[order[i]] != 0) list_remark(lister, count, order[i]);
    }
}

Listing listing_of(Arena *arena, const Diags *diags) {
    Lister lister = {.arena = arena};
    const Ranked *ranked = rank_messages(arena, diags);
    size_t next = 0;
    for (uint32_t source = 0; source < diags->counts.count; source++) {
        while (next < diags->items.count && ranked[next].source == source)
            list_message(&lister, ranked[next++].message);
        list_remarks(&lister, &diags->counts.items[source]);
    }
    return lister.listing;
}

bool note_is_elsewhere(const Entry *entry, const Note *note) {
    return note->span.source != entry->span.source || note->span.begin != entry->span.begin;
}

Place place_of(Span span) {
    if (span.source == NULL) return (Place){0};
    uint32_t end = span.end > span.begin ? span.end : span.begin;
    return (Place){span.source->name, source_position(span.source, span.begin),
                   source_position(span.source, end)};
}

const char *severity_word(Severity severity) {
    static const char *const words[] = {
        [SEVERITY_NOTE] = "note",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
    };
    return words[severity];
}
