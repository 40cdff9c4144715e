// The messages in the order in which they are shown. A listing lives in the arena it is made in
// and points to the texts and sources of the messages.
#ifndef SPOTC_DIAG_LISTING_H
#define SPOTC_DIAG_LISTING_H

#include "diag/diag.h"

// One message, or a remark on how many messages of a source are not shown.
typedef struct Entry {
    const Message *row; // NULL: a remark; its place is a source without position
    MessageId id;       // MESSAGE_COUNT for a remark
    Severity severity;
    Severity subject; // the severity; a remark's: that of what is not shown
    Span span;
    Str text;
    Str acknowledged;  // the reason that was given, or empty
    const Note *notes; // each with a place, where the message has one
    size_t note_count;
} Entry;

typedef VEC(Entry) Listing;

// By source as first reported, then by place, then as reported; after the messages of each source
// what its cap kept back.
Listing listing_of(Arena *arena, const Diags *diags);

// Whether a note of `entry` stands elsewhere than the message.
bool note_is_elsewhere(const Entry *entry, const Note *note);

// A span as people count: `name` is empty where there is no place, the lines are 0 where the place
// is a source as a whole. `end` is the position after the last character.
typedef struct Place {
    Str name;
    Position begin, end;
} Place;

Place place_of(Span span);

// "note", "warning", "error".
const char *severity_word(Severity severity);

#endif
