#include "spotc.h"

#include <stdlib.h>

#include "diag/render.h"
#include "pipeline.h"
#include "read/read.h"
#include "version.h"

enum { MAX_ERRORS = 20 };

struct Spotc {
    Arena arena;
    Diags diags;
    Library library;
    VEC(SpotcFile) files;
};

const char *spotc_version(void) {
    return SPOTC_VERSION;
}

// A session that its caller does not know of yet, and what to call without memory.
typedef struct Opening {
    Spotc *session;
    ArenaExhausted *exhausted;
    void *context;
} Opening;

static void give_up(void *context) {
    const Opening *opening = context;
    spotc_close(opening->session);
    opening->exhausted(opening->context);
}

Spotc *spotc_open(void (*exhausted)(void *context), void *context) {
    Spotc *session = calloc(1, sizeof *session);
    if (session == NULL) {
        exhausted(context);
        abort();
    }
    Opening opening = {session, exhausted, context};
    arena_init(&session->arena, give_up, &opening);
    diags_init(&session->diags, &session->arena, MAX_ERRORS);
    library_init(&session->arena, &session->library);
    session->arena.exhausted = exhausted;
    session->arena.context = context;
    return session;
}

static bool read_text(Spotc *session, const Source *source, NodeVec *ret_roots) {
    if (!str_ends_with(source->name, STR(".json")))
        return read_yaml(&session->arena, &session->diags, source, ret_roots);
    Node root = NO_NODE;
    if (!read_json(&session->arena, &session->diags, source, &root)) return false;
    VEC_PUSH(&session->arena, ret_roots, root);
    return true;
}

static bool compile_root(Spotc *session, Node root) {
    Compilation c = {.arena = &session->arena,
                     .diags = &session->diags,
                     .library = &session->library,
                     .document = root};
    if (!pipeline_run(&c, PASS_READ, PASS_VALIDATE)) {
        pipeline_judge_rest(&c);
        return false;
    }
    if (!pipeline_run(&c, PASS_RESOLVE, PASS_EMIT)) return false;
    for (size_t i = 0; i < c.artifacts.count; i++) {
        const Artifact *artifact = &c.artifacts.items[i];
        SpotcFile file = {.manifest = str_to_c(&session->arena, c.manifest.name),
                          .name = str_to_c(&session->arena, artifact->name),
                          .bytes = artifact->bytes.data,
                          .length = artifact->bytes.length};
        VEC_PUSH(&session->arena, &session->files, file);
    }
    return true;
}

int spotc_compile(Spotc *session, const char *name, const char *text, size_t length) {
    Source *source = ARENA_NEW(&session->arena, Source);
    source->name = str_copy(&session->arena, str_of(name));
    source->text = str_copy(&session->arena, (Str){text, length});
    NodeVec roots = {0}, manifests = {0};
    if (!read_text(session, source, &roots)) return 1;
    bool ok = true;
    for (size_t i = 0; i < roots.count; i++)
        ok &= pipeline_documents(&session->arena, &session->diags, roots.items[i], &manifests);
    for (size_t i = 0; i < manifests.count; i++) ok &= compile_root(session, manifests.items[i]);
    return ok ? 0 : 1;
}

size_t spotc_file_count(const Spotc *session) {
    return session->files.count;
}

SpotcFile spotc_file(const Spotc *session, size_t index) {
    return session->files.items[index];
}

const char *spotc_messages(Spotc *session, const char *format) {
    for (const DiagFormat *row = diag_formats; row->name != NULL; row++) {
        if (!str_equal(str_of(row->name), str_of(format))) continue;
        StrBuf out = strbuf_new(&session->arena);
        row->render(&session->diags, &(RenderOptions){.version = STR(SPOTC_VERSION)}, &out);
        return str_to_c(&session->arena, strbuf_str(&out));
    }
    return NULL;
}

void spotc_close(Spotc *session) {
    arena_free(&session->arena);
    free(session);
}
