#include "pipeline.h"

#include "agree.h"
#include "dump.h"
#include "emit/emit.h"
#include "layout/layout.h"
#include "lower/lower.h"
#include "model/embedded.h"
#include "resolve/fleet.h"
#include "resolve/resolve.h"
#include "restrict/restrict.h"
#include "validate/report.h"
#include "validate/sound.h"

bool pipeline_documents(Arena *arena, Diags *diags, Node document, NodeVec *ret_manifests) {
    return fleet_expand(arena, diags, document, ret_manifests);
}

// A file can hold several documents, so the caller reads; the pass is here to be dumped.
static bool run_read(Compilation *c) {
    return node_exists(c->document);
}

static bool run_validate(Compilation *c) {
    Node schema = embedded_root(STR("schema/manifest.schema.json"));
    return validate_document(c->arena, c->diags, schema, c->document);
}

Shared *shared_new(Arena *arena) {
    Shared *shared = ARENA_NEW(arena, Shared);
    *shared = (Shared){.arena = arena, .work = PIPELINE_MOST_WORK};
    return shared;
}

static bool refuse(Compilation *c, const char *what, Str limit) {
    const Selection *s = &c->selection;
    Span span = s->statements.count > 0 ? s->statements.items[0].asked : node_span(c->document);
    Diagnostic *d =
        diag_report(c->diags, MSG_TOO_MUCH_CHOSEN, span, "%s more than spotc compiles", what);
    diag_note(c->diags, d, NO_SPAN, "%.*s", STR_ARG(limit));
    return false;
}

// Takes work from what is left for the file. The first that asks for more gets an error and leaves
// none, by which whoever shares it knows.
static bool spend(Compilation *c, size_t work) {
    size_t *left = &c->shared->work;
    bool enough = work < *left;
    *left = enough ? *left - work : 0;
    return enough || refuse(c, "with this manifest the file chooses",
                            STR("statements, permissions, what making their policies takes and "
                                "what is written of them are limited for all manifests of a file "
                                "together"));
}

// What is restricted takes so much more room than what is not.
enum { RESTRICTED = 6 };

static bool run_resolve(Compilation *c) {
    const Part *without = c->without.product.length == 0 ? NULL : &c->without;
    if (c->shared == NULL) c->shared = shared_new(c->arena);
    bool ok = resolve(c->arena, c->diags, c->library, c->document, NO_NODE, without, &c->manifest,
                      &c->selection);
    bool restricted = node_exists(c->selection.restriction.node);
    LowerCount count = {0};
    if (ok) count = lower_count(&c->selection, PIPELINE_MOST_OF_ONE);
    size_t work = c->selection.work + count.kept + count.compared;
    c->selection.work = 0;
    if (!spend(c, work)) return false;
    if (count.kept * (restricted ? RESTRICTED : 1) <= PIPELINE_MOST_OF_ONE) return ok;
    return refuse(c, "this manifest chooses",
                  str_format(c->arena,
                             "permissions, values of conditions and a share of their texts are "
                             "limited to %d for each manifest%s",
                             PIPELINE_MOST_OF_ONE / (restricted ? RESTRICTED : 1),
                             restricted ? " that is restricted" : ""));
}

static bool run_lower(Compilation *c) {
    return lower(c->arena, c->diags, &c->manifest, &c->selection, &c->grants);
}

static bool run_restrict(Compilation *c) {
    if (c->shared->facts == NULL && node_exists(c->selection.restriction.node))
        c->shared->facts = facts_make(c->shared->arena);
    bool ok = restrict_grants(c->arena, c->diags, &c->manifest, &c->selection, c->library,
                              c->shared->facts, &c->grants);
    size_t work = c->selection.work + c->grants.count;
    c->selection.work = 0;
    return spend(c, work) && ok;
}

static bool run_layout(Compilation *c) {
    bool ok = layout(c->arena, c->diags, &c->manifest, &c->grants, &c->selection);
    return spend(c, c->selection.work) && ok;
}

static bool run_emit(Compilation *c) {
    size_t steps = 0;
    Emission emission = {.arena = c->arena,
                         .diags = c->diags,
                         .manifest = &c->manifest,
                         .selection = &c->selection,
                         .artifacts = &c->artifacts,
                         .asked = c->asked,
                         .templates = c->templates,
                         .steps = &steps};
    bool ok = emit_all(&emission) && agree(&emission);
    return spend(c, emit_work(&c->artifacts, steps)) && ok;
}

void pipeline_judge_rest(Compilation *c) {
    Node schema = embedded_root(STR("schema/manifest.schema.json"));
    Node rest = sound_part(c->arena, c->diags, schema, c->document);
    if (!node_exists(rest)) return;
    (void)resolve(c->arena, c->diags, c->library, rest, c->document, NULL, &c->manifest,
                  &c->selection);
    c->diags->acknowledgements.count = 0;
}

const Pass passes[PASS_COUNT] = {
    [PASS_READ] = {"read", run_read, dump_document},
    [PASS_VALIDATE] = {"validate", run_validate, dump_document},
    [PASS_RESOLVE] = {"resolve", run_resolve, dump_selection},
    [PASS_LOWER] = {"lower", run_lower, dump_grants},
    [PASS_RESTRICT] = {"restrict", run_restrict, dump_grants},
    [PASS_LAYOUT] = {"layout", run_layout, dump_policies},
    [PASS_EMIT] = {"emit", run_emit, dump_artifacts},
};

PassId pass_find(Str name) {
    unsigned id = 0;
    while (id < PASS_COUNT && !str_equal(name, str_of(passes[id].name))) id++;
    return (PassId)id;
}

void pipeline_settle(Diags *diags) {
    for (size_t i = 0; i < diags->acknowledgements.count; i++) {
        const Acknowledgement *a = &diags->acknowledgements.items[i];
        if (!a->used)
            diag_report(diags, MSG_UNUSED_ACKNOWLEDGEMENT, a->span,
                        "nothing here needs '%s' to be acknowledged", message_get(a->id)->name);
    }
    diags->acknowledgements.count = 0;
}

// Takes out of force what is for lint.
static void keep_for_lint(Compilation *c) {
    AcknowledgementVec *all = &c->diags->acknowledgements;
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (message_is_check(message_get(all->items[i].id)))
            VEC_PUSH(c->arena, &c->accepted, all->items[i]);
        else
            all->items[kept++] = all->items[i];
    }
    all->count = kept;
}

bool pipeline_run(Compilation *c, PassId first, PassId last) {
    bool ok = true;
    for (unsigned id = first; ok && id <= last; id++) ok = passes[id].run(c);
    keep_for_lint(c);
    // After an error the passes that did not run may have needed one.
    if (ok && last == PASS_EMIT) pipeline_settle(c->diags);
    c->diags->acknowledgements.count = 0;
    return ok;
}
