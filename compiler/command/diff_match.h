// Which role or policy of one side is compared with which of the other. All is made in the arena
// given.
#ifndef SPOTC_COMMAND_DIFF_MATCH_H
#define SPOTC_COMMAND_DIFF_MATCH_H

#include "command/diff.h"

// What is compared with what; one of the two may be missing.
typedef struct DiffPair {
    const RoleDocuments *old, *new;
    bool by_names; // they have one name, or one that means the same
} DiffPair;

typedef VEC(DiffPair) DiffPairVec;

// Matches roles by their names, and policies that stand in a template by themselves by those of
// their resources; then what is left alone of its sort on either side. Reports and returns false
// where nobody can say with which of several a policy is to be compared.
bool diff_match(Run *run, Arena *arena, const DiffReport *report, DiffPairVec *ret_pairs);

// The role's name; of a policy of a template, the name of its resource; else empty.
Str diff_name(const Input *side, const RoleDocuments *role);

// What is attached or named, and what decides whether it is.
Str diff_item_key(Arena *arena, const Item *item);

// Compares what properties of templates name of whom or what policies reach.
void diff_compare_reaches(Arena *arena, const DiffPairVec *pairs, DiffReport *report);

bool diff_has_kind(const RoleDocuments *role, DocumentKind kind);

#endif
