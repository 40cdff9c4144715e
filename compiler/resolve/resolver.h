// What the steps of resolve share. Owns nothing; lives on resolve's stack.
#ifndef SPOTC_RESOLVE_RESOLVER_H
#define SPOTC_RESOLVE_RESOLVER_H

#include "model/arn.h"
#include "model/selection.h"

// An integration, as far as it was picked.
typedef struct IntegrationPick {
    Node node; // in the bundle
    bool picked;
    Span asked;
} IntegrationPick;

// A product, as far as it was picked.
typedef struct ProductPick {
    const Bundle *product;
    Node parameters; // the manifest's values, or no node
    bool picked;
    Span asked;
    IntegrationPick *integrations; // in the bundle's order
    size_t integration_count;
} ProductPick;

typedef struct Resolver {
    Arena *arena;
    Diags *diags;
    const Library *library;
    Manifest *manifest;
    Selection *selection;
    ProductPick *picks; // every product, by name
    size_t pick_count;
    const Bundle *preset; // or NULL
    Span preset_asked;
    size_t errors;       // before resolve began
    Node original;       // the manifest before what its schema refused was taken out, or no node
    const Part *without; // what is left out, or NULL
    Meant meant;         // bounds the search for what was meant of names that no bundle has
    Names *regions;      // of the manifest's partition; NULL: not asked for yet
} Resolver;

// The steps, in their order. Each reports what is wrong and goes on as well as it can.
void resolve_acknowledgements(Resolver *r);
void resolve_stack_set(Resolver *r);
void resolve_products(Resolver *r);
void resolve_statements(Resolver *r);
void resolve_roles(Resolver *r);
void resolve_restriction(Resolver *r);
void resolve_services(Resolver *r);
void check_stack_set(Resolver *r);

// Where a stack set reaches several accounts, in place of the role's one external id: each account
// must have its own.
void resolve_external_ids_of_accounts(Resolver *r, Role *role);

// The first external id that an account of the stack set is given, or no node.
Node stack_set_external_id(const Resolver *r);

// Reports that there is no `what` of this name, with the nearest of the choices, and a note that
// lists them under `list` and says which command shows all.
void report_unknown(Resolver *r, MessageId id, Node name, const char *what, Names *choices,
                    const char *list, const char *command);

// Checks an ARN of the manifest: its form, partition and region (errors), and, unless `foreign` is
// expected, its account (a warning). Texts that do not begin with "arn:" pass.
void check_arn(Resolver *r, Node scalar, bool foreign);

// Checks that a region is one of the manifest's partition. Texts that are none (empty, or with
// wildcards) pass.
void check_region(Resolver *r, Node scalar, Str region);

// False once anything is wrong: then nobody can tell what is missing or unused, and saying so would
// only repeat a fault.
bool is_certain(const Resolver *r);

// Whether the schema may have refused what would have been `key`, or something like it, or what
// decides which roles there are: then `key` is not missing.
bool is_lost(const Resolver *r, Str key);

// Whether an integration of this name was picked.
bool is_picked(const ProductPick *pick, Str integration);

#endif
