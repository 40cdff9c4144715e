// Messages as text for people, editors and CI. Renderers only append to the buffer they are given.
#ifndef SPOTC_DIAG_RENDER_H
#define SPOTC_DIAG_RENDER_H

#include "diag/diag.h"

typedef struct RenderOptions {
    bool colour;
    bool quiet;  // errors only (text form)
    Str version; // of spotc, for SARIF's tool section
} RenderOptions;

// Appends all messages, by source in the order in which the sources were first reported, then by
// place. The same messages give the same bytes.
typedef void Render(const Diags *diags, const RenderOptions *options, StrBuf *out);

typedef struct DiagFormat {
    const char *name; // of --format
    Render *render;
} DiagFormat;

// The formats, ended by a row without a name.
extern const DiagFormat diag_formats[];

// docs/diagnostics.md, from the list of messages.
void diag_write_reference(StrBuf *out);

#endif
