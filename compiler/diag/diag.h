// The collector of messages. It owns its messages in the arena that it was given; sources that
// spans point to belong to the caller and must live until the messages are rendered.
#ifndef SPOTC_DIAG_DIAG_H
#define SPOTC_DIAG_DIAG_H

#include <stdbool.h>

#include "base/file_set.h"
#include "base/map.h"
#include "diag/source.h"

// Longer texts of messages are cut: what they quote is nothing that anybody could read.
enum { DIAG_LONGEST_TEXT = 4096 };

typedef enum Severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

// One row a message in messages.def: its permanent name, severity, whether `acknowledge` may name
// it, a title of a few words and the paragraph of docs/diagnostics.md.
typedef enum MessageId {
#define MESSAGE(id, name, severity, acknowledgeable, title, documentation) id,
#define CHECK(id, name, severity, subject, kinds, look, needs, aliases, title, documentation) id,
#include "diag/messages.def"
#undef CHECK
#undef MESSAGE
    MESSAGE_COUNT
} MessageId;

typedef struct Message {
    const char *name;
    Severity severity;
    bool acknowledgeable;
    const char *title;
    const char *documentation;
    const char *aliases; // of a check of lint: what others call it, "aws:NAME parliament:NAME"; a
                         // message of anything else has NULL
} Message;

// The row of `id`.
const Message *message_get(MessageId id);

// The id named `name`, or MESSAGE_COUNT.
MessageId message_find(Str name);

// Whether it is a check of lint.
bool message_is_check(const Message *message);

// Sorts ids by name.
void messages_sort(MessageId *ids, size_t count);

typedef struct Note {
    Span span; // the message's own place where it has none of its own
    Str text;
} Note;

typedef struct Diagnostic {
    MessageId id;
    Severity severity;
    Span span;
    Str text;         // one sentence, lower case, no final stop, no line break
    Str acknowledged; // the reason that was given, or empty
    VEC(Note) notes;
} Diagnostic;

// An entry of the manifest's `acknowledge`.
typedef struct Acknowledgement {
    MessageId id;
    Span where; // messages outside are not meant; no source: anywhere
    Str reason;
    Span span; // of the entry itself
    bool used;
} Acknowledgement;

typedef VEC(Acknowledgement) AcknowledgementVec;

// What the cap of a source counts apart. The first three are the severities of messages that were
// not acknowledged.
typedef enum CountKind {
    COUNT_NOTES,
    COUNT_WARNINGS,
    COUNT_ERRORS,
    COUNT_ACKNOWLEDGED,
    COUNT_KINDS
} CountKind;

// Per source: what was reported, and what is kept and what the cap kept back of it.
typedef struct SourceCount {
    const Source *source;
    size_t errors, warnings; // not acknowledged; repeats and what is hidden count too
    size_t shown[COUNT_KINDS], hidden[COUNT_KINDS];
} SourceCount;

typedef struct Diags {
    Arena *arena;
    size_t max_errors; // a source, and as many of each other CountKind; 0: no cap
    VEC(Diagnostic *) items;
    VEC(SourceCount) counts;             // in the order in which the sources were first reported
    AcknowledgementVec acknowledgements; // in force for what is reported from now on
    StrMap sources;                      // source_identity -> index in `counts`
    StrMap seen;                         // what repeats are known by
    FileSet read;                        // the files that sources were, or should be, read from
} Diags;

void diags_init(Diags *diags, Arena *arena, size_t max_errors);

// Collects a message in the severity of its row; the first acknowledgement in force that names it
// and gives a reason makes an error a warning and a warning a note. A second message of the same
// id, severity and text at the same place is dropped, as is what exceeds the cap. Returns the
// message, or NULL where it was dropped.
Diagnostic *diag_report(Diags *diags, MessageId id, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Adds a note to a message; nothing where `diagnostic` is NULL. Without a source in `span` the
// note stands at the message's own place.
void diag_note(Diags *diags, Diagnostic *diagnostic, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Errors reported so far in all sources, those that were dropped included: where the number has
// not grown, what was done meanwhile is free of errors.
size_t diags_errors(const Diags *diags);

// Warnings reported so far that were not acknowledged, those that were dropped included.
size_t diags_warnings(const Diags *diags);

// Makes every warning that was not acknowledged an error (--werror). For when all is reported: it
// drops what the cap does not allow then.
void diags_promote_warnings(Diags *diags);

#endif
