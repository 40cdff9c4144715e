#include "command/templates.h"

#include "base/file.h"
#include "base/nearest.h"
#include "import/import.h"
#include "read/load.h"

static bool is_template_name(Str name) {
    return !str_starts_with(name, STR(".")) &&
           (str_ends_with(name, STR(".yaml")) || str_ends_with(name, STR(".yml")) ||
            str_ends_with(name, STR(".json")));
}

static bool load_file(Run *run, Str name) {
    const Source *source = NULL;
    NodeVec roots = {0};
    Str path = file_join(run->arena, run->options.templates, name);
    LoadResult loaded = source_load(run->arena, run->diags, path, NO_SPAN, &source);
    if (loaded != LOAD_DONE) {
        run_fail(run, loaded == LOAD_FAILED ? EXIT_MACHINE : EXIT_NO);
        return false;
    }
    bool ok = import_read(run->arena, run->diags, source, &roots);
    if (ok && roots.count > 1) {
        diag_report(run->diags, MSG_SEVERAL_DOCUMENTS, node_span(roots.items[1]),
                    "a template is one document, and here begins another");
        ok = false;
    }
    if (ok)
        VEC_PUSH(run->arena, &run->templates.own, ((OwnTemplate){name, roots.items[0]}));
    else
        run_fail(run, EXIT_NO);
    return ok;
}

// Nothing would be replaced, so that the folder is surely another than the one that was meant.
static bool refuse_empty(Run *run) {
    StrVec names = {0};
    templates_names(run->arena, &run->library, &names);
    run_usage_error(run, "no template is in the templates folder '%.*s'; it may have %.*s",
                    STR_ARG(run->options.templates), STR_ARG(run_names(run, &names)));
    return false;
}

bool templates_load(Run *run) {
    StrVec names = {0};
    Str folder = run->options.templates;
    int error = 0;
    bool ok = true, any = false;
    if (folder.data == NULL) return true;
    if (file_list(run->arena, folder, &names, &error) != FILE_DONE) {
        run_folder_error(run, "templates", folder, error);
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        if (!is_template_name(names.items[i])) continue;
        any = true;
        ok &= load_file(run, names.items[i]);
    }
    return any ? ok : refuse_empty(run);
}

static bool is_among(Str name, const StrVec *names) {
    for (size_t i = 0; i < names->count; i++) {
        if (str_equal(name, names->items[i])) return true;
    }
    return false;
}

void templates_report_unused(Run *run) {
    StrVec names = {0};
    if (run->templates.own.count == 0) return;
    templates_names(run->arena, &run->library, &names);
    for (size_t i = 0; i < run->libraries.count; i++) {
        if (run->libraries.items[i] != NULL)
            templates_names(run->arena, run->libraries.items[i], &names);
    }
    for (size_t i = 0; i < run->templates.own.count; i++) {
        const OwnTemplate *own = &run->templates.own.items[i];
        if (is_among(own->name, &names)) continue;
        Str near = nearest_name(own->name, names.items, names.count);
        Diagnostic *d =
            diag_report(run->diags, MSG_UNUSED_TEMPLATE, node_key_span(node_first(own->root)),
                        near.length != 0 ? "no template is named '%.*s'; did you mean '%.*s'?"
                                         : "no template is named '%.*s'",
                        STR_ARG(own->name), STR_ARG(near));
        diag_note(run->diags, d, NO_SPAN, "templates: %.*s", STR_ARG(run_names(run, &names)));
    }
}
