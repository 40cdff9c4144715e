// Principals of trust policies and of the policies of resources.
// Owns nothing.
#ifndef SPOTC_LINT_PRINCIPALS_H
#define SPOTC_LINT_PRINCIPALS_H

#include "model/arn.h"
#include "model/document.h"

typedef enum PrincipalKind {
    PRINCIPAL_EVERYONE, // "*" in place of a mapping
    PRINCIPAL_AWS,
    PRINCIPAL_SERVICE,
    PRINCIPAL_FEDERATED,
    PRINCIPAL_CANONICAL_USER,
    PRINCIPAL_UNKNOWN,
} PrincipalKind;

PrincipalKind principal_kind(const Principal *principal);

// The kinds that can be written, for a sentence.
void principal_kind_names(Arena *arena, StrVec *ret_names);

// An identity provider, as a Federated principal names it.
typedef enum ProviderKind {
    PROVIDER_SAML,     // by ARN
    PROVIDER_OIDC,     // by ARN
    PROVIDER_BUILT_IN, // by the name of a provider that IAM knows
    PROVIDER_DOMAIN,   // by another name
    PROVIDER_SYMBOLIC, // filled in later
    PROVIDER_NONE,     // not the form of any
} ProviderKind;

typedef struct Provider {
    ProviderKind kind;
    Str address; // of OIDC providers, without https://
    Node row;    // of schema/iam/identity-providers.tsv, or no node
} Provider;

Provider provider_of(Arena *arena, Str id);

// The parts of a principal's ARN; what is filled in later is `*` in them. False where it is none.
bool principal_arn(Arena *arena, Str id, Arn *ret_arn);

// "AROA…" or "AIDA…": what IAM puts in the place of an ARN whose role or user is deleted.
bool is_unique_id(Str id);

// The row of schema/iam/service-principals.tsv, or no node.
Node service_principal_row(Str id);

#endif
