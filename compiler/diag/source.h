// Sources and places in them. A Source must outlive all that points into it.
#ifndef SPOTC_DIAG_SOURCE_H
#define SPOTC_DIAG_SOURCE_H

#include "base/str.h"

// A text that messages can point into. Where `text` is not at hand (what was compiled into the
// binary), `lines` tells where each line begins, so that line and column are known all the same.
typedef struct Source {
    Str name; // as the user gave it; "<stdin>" for standard input
    Str text;
    const uint32_t *lines; // byte offsets of line starts, ascending, lines[0] == 0; or NULL
    uint32_t line_count;
} Source;

typedef VEC(const Source *) SourceVec;

// The bytes [begin, end) of a source. Without a source: no place.
typedef struct Span {
    const Source *source;
    uint32_t begin, end;
} Span;

#define NO_SPAN ((Span){0})

// Line and column count from 1; columns count code points (bytes where the text is not at hand).
// Both are 0 where neither text nor lines are at hand (a file that could not be read).
typedef struct Position {
    uint32_t line, column;
} Position;

// Where byte `offset` stands; one past the end stands at the end. A byte order mark takes no
// column. Costs a walk over the text, or over the line only where `lines` is set: for printing.
Position source_position(const Source *source, uint32_t offset);

// The line that holds byte `offset`, without its line break; empty where the text is not at hand.
Str source_line(const Source *source, uint32_t offset);

// `source` itself where its `lines` are set or it has no text, else a copy in the arena that has
// them. For who asks for many positions.
const Source *source_with_lines(Arena *arena, const Source *source);

// A copy in the arena that tells places but shows no text: for what is nobody's business.
const Source *source_without_text(Arena *arena, const Source *source);

// The bytes that tell one source from another: a key for maps, valid as long as `*source` is.
Str source_identity(const Source *const *source);

#endif
