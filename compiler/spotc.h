// libspotc: manifests to policies, in memory. Link with -lspotc -lyaml -ljansson -lpcre2-8.
//
// A session owns all that it returns, until spotc_close. Nothing is printed, nothing exits, and
// there is no state outside sessions; but jansson's allocator is the program's: give it one that
// never returns NULL (json_set_alloc_funcs), as jansson loses data in silence without memory.
#ifndef SPOTC_H
#define SPOTC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Spotc Spotc;

// A file that was made. `name` ends with a NUL byte; `manifest` is the manifest's name.
typedef struct SpotcFile {
    const char *manifest;
    const char *name;
    const char *bytes;
    size_t length;
} SpotcFile;

// The version of the library, such as "0.1.0".
const char *spotc_version(void);

// A new session with the built-in bundles. `exhausted` is called with `context` where memory runs
// out; it must not return (exit, or longjmp to where the session is then closed). Where memory runs
// out in here, there is no session to close.
Spotc *spotc_open(void (*exhausted)(void *context), void *context);

// Compiles every document of a manifest file: `name` stands in messages, and .json at its end means
// JSON. Returns 0 where all is well, else 1: spotc_messages says why, and documents without errors
// were compiled all the same.
int spotc_compile(Spotc *session, const char *name, const char *text, size_t length);

// The files made so far, in the order in which they were made.
size_t spotc_file_count(const Spotc *session);
SpotcFile spotc_file(const Spotc *session, size_t index);

// All messages so far, in a form of --format: "text", "json", "sarif" or "github". NULL where there
// is no such form.
const char *spotc_messages(Spotc *session, const char *format);

void spotc_close(Spotc *session);

#ifdef __cplusplus
}
#endif

#endif
