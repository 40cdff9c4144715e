// Entries of Action and Resource, and how wide they are. Owns nothing.
#ifndef SPOTC_LINT_ENTRIES_H
#define SPOTC_LINT_ENTRIES_H

#include "lint/check.h"

// "*", and as many more.
bool is_stars(Str text);

// Whether an entry of Action stands for every action there is: "*", "*:*", "?*".
bool names_every_action(Str action);

// The first entry of Action that stands for every action, or NULL.
const Item *every_action_of(const DocumentStatement *statement);

// Whether an entry of Resource stands for every resource there is: "*", "?*", or an ARN whose parts
// after the partition are all `*`.
bool names_every_resource(Arena *arena, Str resource);

// Whether a statement's resources are "*" or all but a list.
bool has_every_resource(Arena *arena, const DocumentStatement *statement);

// Whether an entry of Resource covers all that an ARN such as "arn:*:iam::*:role/*" stands for,
// whatever its partition, region and account.
bool covers_all_of(Arena *arena, Str resource, Str probe);

// Whether `other` adds nothing to `entry`: it is the same text, or a pattern covers it. Never
// guesses about what is filled in later. False as well where lint_spend says so.
typedef bool EntryCovers(Lint *lint, Str entry, Str other);
EntryCovers action_entry_covers;
EntryCovers resource_entry_covers;

// The first of the entries of Action that matches an action of the catalogue, or NULL.
const Item *entry_for_action(Arena *arena, const DocumentStatement *statement, Str action);

#endif
