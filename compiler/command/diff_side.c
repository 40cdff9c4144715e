#include "command/diff.h"
#include "import/unread.h"
#include "model/symbol.h"

// A policy that is not as IAM has it grants what nobody can say.
static bool check_documents(Run *run, const Imported *imported) {
    for (size_t i = 0; i < imported->roles.count; i++) {
        const DocumentVec *documents = &imported->roles.items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            Node bad = documents->items[k].bad;
            if (!node_exists(bad)) continue;
            Diagnostic *d = diag_report(run->diags, MSG_NOT_A_POLICY, node_span(bad),
                                        "this is not as IAM's grammar of policies has it, so what "
                                        "the policy grants cannot be said");
            diag_note(run->diags, d, NO_SPAN, "spotc lint says what is wrong");
            run_fail(run, EXIT_USAGE);
            return false;
        }
    }
    return true;
}

// A bundle grants nothing by itself, and several policies in one file are no one side.
static bool check_kind(Run *run, const InputVec *sides) {
    const Input *last = &sides->items[sides->count - 1];
    if (last->kind == INPUT_BUNDLE)
        diag_report(run->diags, MSG_NOT_A_POLICY, node_span(last->imported.root),
                    "a bundle grants nothing by itself: compare manifests that use it");
    else if (sides->count > 1 && last->kind != INPUT_MANIFEST)
        diag_report(run->diags, MSG_SEVERAL_DOCUMENTS, node_span(last->imported.root),
                    "one document is expected here, and this is the second");
    else
        return true;
    run_fail(run, EXIT_USAGE);
    return false;
}

static void escape_items(Arena *arena, ItemVec *items) {
    for (size_t i = 0; i < items->count; i++)
        items->items[i].text = symbol_escape(arena, items->items[i].text);
}

static void escape_document(Arena *arena, Document *document) {
    for (size_t i = 0; i < document->statements.count; i++) {
        DocumentStatement *statement = &document->statements.items[i];
        escape_items(arena, &statement->actions);
        escape_items(arena, &statement->resources);
        for (size_t k = 0; k < statement->principals.count; k++)
            escape_items(arena, &statement->principals.items[k].ids);
        for (size_t k = 0; k < statement->conditions.count; k++)
            escape_items(arena, &statement->conditions.items[k].values);
    }
}

// Nobody fills anything in where a policy stands by itself, and not in a template.
static void escape_policies(Arena *arena, const Input *side) {
    const Imported *imported = &side->imported;
    bool may_have = side->kind == INPUT_POLICY || node_exists(imported->template);
    for (size_t i = 0; may_have && i < imported->roles.count; i++) {
        DocumentVec *documents = &imported->roles.items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            const Source *source = documents->items[k].span.source;
            bool of_template =
                node_exists(imported->template) && source == node_span(imported->template).source;
            if (!of_template) escape_document(arena, &documents->items[k]);
        }
    }
}

static bool settle(Run *run, Input *side) {
    const Imported folder = {.roles = side->imported.deployed};
    escape_policies(run->arena, side);
    return check_documents(run, &folder) && diff_settle_folder(run, side);
}

bool diff_read_side(Run *run, Str path, InputVec *ret_sides) {
    if (!input_load(run, path, ret_sides)) return false;
    if (ret_sides->count == 0) {
        run_usage_error(run, "'%.*s' has no manifest '%.*s'", STR_ARG(path),
                        STR_ARG(run->options.name));
        return false;
    }
    bool ok = check_kind(run, ret_sides);
    for (size_t i = 0; ok && i < ret_sides->count; i++) {
        unread_report(run->diags, &ret_sides->items[i].imported.unread);
        ok = check_documents(run, &ret_sides->items[i].imported) &&
             settle(run, &ret_sides->items[i]);
    }
    return ok;
}
