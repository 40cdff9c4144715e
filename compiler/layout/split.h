// Statements that are too large for any policy, cut into parts. Parts live in the arena given.
#ifndef SPOTC_LAYOUT_SPLIT_H
#define SPOTC_LAYOUT_SPLIT_H

#include <stdbool.h>

#include "model/policy.h"

// Appends `statement` whole where its minified JSON has at most `capacity` characters, else as
// parts that together grant exactly the same: runs of its actions, or of its resources where these
// are the longer list, each as long as fits. Room for a Sid's number is kept. False where even one
// action on one resource does not fit, or where more than `max_parts` would be needed.
bool split_statement(Arena *arena, const Statement *statement, size_t capacity, size_t max_parts,
                     StatementVec *ret_parts);

// The characters of the statement's minified JSON, from those of its body and its Sid.
size_t statement_characters(const Statement *statement);

#endif
