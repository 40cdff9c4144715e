// The library of bundles: products, presets, trust profiles and rules, built in and the user's.
// A bundle is its tree, checked against schema/bundle.schema.json; these are indexes and accessors.
#ifndef SPOTC_MODEL_LIBRARY_H
#define SPOTC_MODEL_LIBRARY_H

#include "diag/diag.h"
#include "model/names.h"
#include "read/tree.h"

typedef enum BundleKind {
    BUNDLE_PRODUCT,
    BUNDLE_PRESET,
    BUNDLE_TRUST,
    BUNDLE_RULES,
    BUNDLE_KIND_COUNT
} BundleKind;

typedef struct Bundle {
    BundleKind kind;
    Str name;
    Node root;
    Names *integrations, *parameters; // what it has; in the arena of the library, for all its uses
} Bundle;

// A folder, whatever path leads to it.
typedef struct FolderId {
    uint64_t device, inode;
} FolderId;

// What was read of folders of bundles so far, for whichever libraries. A zeroed one is nothing.
typedef struct BundlesRead {
    size_t files; // and folders: all names in the folders, and the folders that were named
    size_t bytes;
    bool full; // no more is read, which was reported
} BundlesRead;

typedef struct Library {
    VEC(Bundle) bundles;   // sorted by kind, then name
    VEC(FolderId) folders; // that were added: each counts once
    Meant *meant;          // bounds the search for what was meant of a bundle's names, for copies
                           // of the library too; NULL without a bundle
    bool unreadable;       // the machine would not let a file of them be read
} Library;

// Fills the library with the bundles that were built in.
void library_init(Arena *arena, Library *library);

// A library with the same bundles, to which more can be added.
Library library_copy(Arena *arena, const Library *library);

// Adds a bundle that its schema accepts. Reports a clash with one of the same kind and name and
// then returns false.
bool library_add(Arena *arena, Diags *diags, Library *library, Node root);

// Adds every *.yaml, *.yml and *.json file of a folder and the folders in it, in the order of
// their names. `asked` is the place of the manifest that named the folder, or none: then the user
// did. Of a file that a manifest has read nothing is shown unless it is a bundle. Reports
// unreadable files, what the schema refuses and clashes of names; then returns false. What the
// bundles name may stand in a folder that comes later: library_check is for when all are there.
// `read` is what bounds all folders of a run together: the first that is too much is reported, and
// nothing is read from there on.
bool library_add_folder(Arena *arena, Diags *diags, BundlesRead *read, Library *library, Str folder,
                        Span asked);

// Which folder a path leads to; false where it leads to nothing.
bool library_find_folder(Arena *arena, Str path, FolderId *ret_folder);

// Checks what a schema cannot say of bundles: that what they name exists, that their actions are in
// the catalogue, and that every placeholder of a statement is one of its product's parameters,
// `partition` or `account`.
bool library_check(Arena *arena, Diags *diags, const Library *library);

// The bundle of this kind and name, or NULL.
const Bundle *library_find(const Library *library, BundleKind kind, Str name);

// The bundles of one kind, in the order of their names: *ret_count items from the result on.
const Bundle *library_of_kind(const Library *library, BundleKind kind, size_t *ret_count);

// Appends their names; of products those that are only shared are left out unless `shared`.
void library_names(Arena *arena, const Library *library, BundleKind kind, bool shared,
                   StrVec *ret_names);

// What of the library has a place: a bundle (NULL: none), and the integration in it, if it is
// one's.
typedef struct LibraryPart {
    const Bundle *bundle;
    Str integration;
} LibraryPart;

LibraryPart library_part_at(const Library *library, Span span);

// Which part of the library has this place: "ocean/eks", "ocean", "preset read-only", "trust
// profile spot"; empty where none has.
Str library_part(Arena *arena, const Library *library, Span span);

// Appends the names of a mapping's keys.
void node_key_names(Arena *arena, Node mapping, StrVec *ret_names);

#endif
