// Manifests from the command line to compilations: what compile, check, verify and show share.
#ifndef SPOTC_COMMAND_SESSION_H
#define SPOTC_COMMAND_SESSION_H

#include "command/command.h"
#include "pipeline.h"

// A manifest of the run: a valid document with the bundles it may choose from.
typedef struct ManifestDocument {
    Node root;
    Str name;
    const Library *library;
    Shared *shared; // with the other manifests of its file
} ManifestDocument;

typedef VEC(ManifestDocument) ManifestDocumentVec;

// Of a file, those of its fleets each: so many are compiled within a second.
enum { MOST_MANIFESTS = 5000 };

// Reads the files that the arguments from `first` up to `last` name, and appends each document
// that its schema accepts. All that is wrong is reported, and the status set; of manifests that
// have one name none is appended.
void session_load(Run *run, size_t first, size_t last, ManifestDocumentVec *ret_documents);

// The same for a source that was loaded already. False where a document was left out, for what is
// wrong with its bundles or its name: of bundles that were judged before nothing is reported again.
bool session_take(Run *run, const Source *source, ManifestDocumentVec *ret_documents);

// The document that --name asks for, or the only one. NULL where it is not clear which, which is
// reported, or where there is none.
const ManifestDocument *session_choose(Run *run, const ManifestDocumentVec *documents);

// The role that --role asks for, or the only one. False where it is not clear which, which is
// reported.
bool session_choose_role(Run *run, const Compilation *c, const Role **ret_role);

// Runs the passes from resolve to `last` on a document, in an arena of its own that the caller
// frees. False, with the status set, where an error was reported.
bool session_compile(Run *run, const ManifestDocument *document, PassId last, Arena *arena,
                     Compilation *ret_compilation);

// The same in an arena that is there already.
bool session_compile_in(Run *run, const ManifestDocument *document, PassId last, Arena *arena,
                        Compilation *ret_compilation);

// Carries out --dump-after, where it is given: prints what the pass made of each document. False
// where it is not given.
bool session_dump(Run *run, const ManifestDocumentVec *documents);

#endif
