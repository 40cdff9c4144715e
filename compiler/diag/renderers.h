// The renderers that the table of formats names. They own nothing.
#ifndef SPOTC_DIAG_RENDERERS_H
#define SPOTC_DIAG_RENDERERS_H

#include "diag/render.h"

// GCC's form, with the source line and a caret: for people and editors.
void render_text(const Diags *diags, const RenderOptions *options, StrBuf *out);

// An array of objects: for scripts.
void render_json(const Diags *diags, const RenderOptions *options, StrBuf *out);

// SARIF 2.1.0: for code scanning.
void render_sarif(const Diags *diags, const RenderOptions *options, StrBuf *out);

// Workflow commands of GitHub Actions, which show as annotations.
void render_github(const Diags *diags, const RenderOptions *options, StrBuf *out);

#endif
