// Grants to statements. Statements live in the arena given.
#ifndef SPOTC_LAYOUT_STATEMENTS_H
#define SPOTC_LAYOUT_STATEMENTS_H

#include "model/selection.h"

// Appends the statements that grant what `grants` (all of one chosen statement) do: one for each
// set of actions that share effect, resources and conditions, most often just one. Actions and
// resources come in normal form (policy/normalise.h). No Sids yet.
void statements_from_grants(Arena *arena, const Grant *grants, size_t count,
                            StatementVec *ret_statements);

// Appends the statement as minified JSON, in the order of keys that AWS documents. An empty Sid is
// left out.
void statement_minify(const Statement *statement, StrBuf *out);

// Sets body_characters.
void statement_measure(Arena *arena, Statement *statement);

#endif
