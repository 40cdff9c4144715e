// What compile makes: named bytes. They live in the compilation's arena.
#ifndef SPOTC_EMIT_ARTIFACT_H
#define SPOTC_EMIT_ARTIFACT_H

#include "model/access.h"
#include "read/tree.h"

typedef enum ArtifactKind {
    ARTIFACT_POLICY,
    ARTIFACT_TRUST,
    ARTIFACT_TEMPLATE,
    ARTIFACT_STACK_SET,
    ARTIFACT_TERRAFORM,
    ARTIFACT_RUNBOOK,
    ARTIFACT_KIND_COUNT
} ArtifactKind;

typedef struct Artifact {
    ArtifactKind kind;
    Str name; // of the file
    Str bytes;
    Node root;           // templates: the tree that the bytes say; or no node
    Str role;            // policies and trust: the role's id
    size_t part;         // policies: from 1
    size_t characters;   // policies and trust: of the minified JSON
    AccessLevels access; // policies: of all that they allow
} Artifact;

typedef VEC(Artifact) ArtifactVec;

#endif
