// What each pass made, as text for people and golden tests (--dump-after).
#ifndef SPOTC_DUMP_H
#define SPOTC_DUMP_H

#include "pipeline.h"

// The tree, as JSON.
void dump_document(const Compilation *c, StrBuf *out);
// A line a role and a line a chosen statement.
void dump_selection(const Compilation *c, StrBuf *out);
// A line a grant, with its origin.
void dump_grants(const Compilation *c, StrBuf *out);
// A line a policy, a line a statement in it, and a line for each origin of each of its actions.
void dump_policies(const Compilation *c, StrBuf *out);
// Each artifact: a line with its name, then its bytes.
void dump_artifacts(const Compilation *c, StrBuf *out);

#endif
