// Policies to artifacts. All lives in the arena given.
#ifndef SPOTC_EMIT_EMIT_H
#define SPOTC_EMIT_EMIT_H

#include "emit/artifact.h"
#include "model/selection.h"

// What an emitter works on.
typedef struct Emission {
    Arena *arena;
    Diags *diags;
    const Manifest *manifest;
    const Selection *selection;
    ArtifactVec *artifacts;
} Emission;

// One emitter: appends its artifacts, or reports why it cannot and returns false. It sees what the
// emitters before it made.
typedef bool Emit(const Emission *emission);

// Whether a file of this name is one that the emitter could have made, given the ids of all roles.
typedef bool EmitterOwns(Str name, const StrVec *role_ids);

typedef struct Emitter {
    const char *name;
    ArtifactKind kind;
    Emit *emit;
    EmitterOwns *owns;
} Emitter;

// The emitters, ended by a row without a name.
extern const Emitter emitters[];

// Runs every emitter; false where one reported an error.
bool emit_all(const Emission *emission);

// Whether any emitter could have made a file of this name.
bool emit_owns(Str name, const StrVec *role_ids);

Emit emit_policies, emit_trust, emit_template, emit_stack_set;

#endif
