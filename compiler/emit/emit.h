// Policies to artifacts. All lives in the arena given.
#ifndef SPOTC_EMIT_EMIT_H
#define SPOTC_EMIT_EMIT_H

#include "emit/artifact.h"
#include "model/selection.h"
#include "model/templates.h"

// What an emitter works on.
typedef struct Emission {
    Arena *arena;
    Diags *diags;
    const Manifest *manifest;
    const Selection *selection;
    ArtifactVec *artifacts;
    const StrVec *asked;        // emitters asked for beside the manifest's `emit`; may be NULL
    const Templates *templates; // may be NULL: those that were built in
    size_t *steps;              // of filling skeletons, counted up
} Emission;

// One emitter: appends its artifacts, or reports why it cannot and returns false. It sees what the
// emitters before it made.
typedef bool Emit(const Emission *emission);

// Whether a file of this name is one that the emitter could have made, given the ids of all roles.
typedef bool EmitterOwns(Str name, const StrVec *role_ids);

typedef struct Emitter {
    const char *name; // as `emit`, --emit and show call it
    ArtifactKind kind;
    Emit *emit;
    EmitterOwns *owns;
    bool on_request; // runs only where `emit` or --emit asks for it
} Emitter;

// The emitters, ended by a row without a name.
extern const Emitter emitters[];

// The emitter of this name, or NULL.
const Emitter *emitter_find(Str name);

// Appends the names of all emitters, or of those that run on request.
void emitter_names(Arena *arena, bool on_request, StrVec *ret_names);

// Runs every emitter that is asked for; false where one reported an error.
bool emit_all(const Emission *emission);

// What making the artifacts of a manifest took beyond what choosing what they say does, in what the
// work of a selection is counted in: bytes of what runs on request, and bytes and steps of what is
// always written beyond what that mostly takes.
size_t emit_work(const ArtifactVec *artifacts, size_t steps);

// Whether any emitter could have made a file of this name.
bool emit_owns(Str name, const StrVec *role_ids);

// The stack: templates/stack.yaml with its parts. No node after reporting why not.
Node emit_stack(const Emission *emission);

// What CloudFormation has to be told beside the template.
typedef struct Deployment {
    const char *capability;
    Str token; // the parameter for an API token, where the stack connects the account; or empty
} Deployment;

Deployment emit_deployment(const Selection *selection);

// The file of a role's policy, `part` counting from 1.
Str policy_file_name(Arena *arena, Str role, size_t part);

// The access levels of all that the policy allows.
AccessLevels policy_access(const Policy *policy);

// The artifact of this kind that was emitted last, or NULL.
const Artifact *emit_artifact(const Emission *emission, ArtifactKind kind);

// Fills in the skeleton of this name, which has to be of this kind: a tree of its own, with the
// skeleton's places. No node after reporting template-error.
Node emit_fill(const Emission *emission, Str name, NodeKind kind, Node context);

Emit emit_policies, emit_trust, emit_template, emit_stack_set, emit_runbook, emit_terraform;

#endif
