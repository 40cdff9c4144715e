// library MANIFEST…: compiles each by libspotc, again and again, while one allocation after the
// other fails. Each time the session must give all memory back, and when nothing fails any more the
// compilation must end, with files or with errors. Prints how many allocations failed, or what was
// lost.
//
// The linker puts what is here before malloc, calloc, realloc, strdup and free. jansson's allocator
// is one that never returns NULL, as compiler/spotc.h asks for, but what it gives is counted too.
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spotc.h"

static long live;           // blocks that were not freed
static long countdown = -1; // allocations until one fails; negative: none will

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);
char *__wrap_strdup(const char *text);

static bool lacks_memory(void) {
    if (countdown < 0 || countdown-- > 0) return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory) {
    live += memory != NULL;
    return memory;
}

void *__wrap_malloc(size_t size) {
    return lacks_memory() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    return lacks_memory() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size) {
    if (old == NULL) return __wrap_malloc(size);
    return lacks_memory() ? NULL : __real_realloc(old, size);
}

void __wrap_free(void *memory) {
    live -= memory != NULL;
    __real_free(memory);
}

char *__wrap_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

static void *allocate_for_jansson(size_t size) {
    void *memory = counted(__real_malloc(size));
    if (memory == NULL) abort();
    return memory;
}

static char text[64 * 1024];
static jmp_buf out;

static void exhausted(void *context) {
    (void)context;
    longjmp(out, 1);
}

static size_t read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) abort();
    size_t length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    return length;
}

static Spotc *session;

static bool compile_in_session(const char *path, size_t length) {
    session = spotc_open(exhausted, NULL);
    bool valid = spotc_compile(session, path, text, length) == 0;
    return valid == (spotc_file_count(session) >= 2) && spotc_messages(session, "json") != NULL;
}

static int close_session(int result) {
    countdown = -1;
    if (session != NULL) spotc_close(session);
    session = NULL;
    return result;
}

// Returns 1 where an allocation failed, 0 where the compilation succeeded, -1 where it did not.
static int compile(const char *path, size_t length, long fails_at) {
    countdown = fails_at;
    if (setjmp(out) != 0) return close_session(1);
    return close_session(compile_in_session(path, length) ? 0 : -1);
}

int main(int argc, char **argv) {
    json_set_alloc_funcs(allocate_for_jansson, __wrap_free);
    long failures = 0;
    for (int i = 1; i < argc; i++) {
        size_t length = read_text(argv[i]);
        long before = live, at = 0;
        int result;
        while ((result = compile(argv[i], length, at)) == 1 && live == before) at++;
        if (result != 0 || live != before) {
            printf("%s: allocation %ld: result %d, %ld blocks lost\n", argv[i], at + 1, result,
                   live - before);
            return EXIT_FAILURE;
        }
        failures += at;
    }
    printf("%ld\n", failures);
    return EXIT_SUCCESS;
}
