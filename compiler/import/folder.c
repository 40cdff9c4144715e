#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/nearest.h"
#include "import/extent.h"
#include "read/load.h"

typedef struct Folder {
    Arena *arena;
    Diags *diags;
    Str path;
    Span asked;
    StrVec names;
    StrMap roles; // id -> its number
    Imported *imported;
} Folder;

// --- names of files ---

static bool take_suffix(Str *name, Str suffix) {
    if (!str_ends_with(*name, suffix) || name->length == suffix.length) return false;
    *name = str_slice(*name, 0, name->length - suffix.length);
    return true;
}

// "spot-policy-2" → "spot-policy"
static void drop_number(Str *name) {
    size_t end = name->length;
    while (end > 0 && name->data[end - 1] >= '0' && name->data[end - 1] <= '9') end--;
    if (end < name->length && end > 0 && name->data[end - 1] == '-')
        *name = str_slice(*name, 0, end - 1);
}

// Whether a file is one that compile writes for a role, and whose.
static bool policy_file(Str name, Str *ret_role, DocumentKind *ret_kind) {
    if (!take_suffix(&name, STR(".json"))) return false;
    bool is_trust = take_suffix(&name, STR("-trust-policy"));
    if (!is_trust) {
        drop_number(&name);
        if (!take_suffix(&name, STR("-policy"))) return false;
    }
    *ret_role = name;
    *ret_kind = is_trust ? DOCUMENT_TRUST : DOCUMENT_IDENTITY;
    return true;
}

static bool is_policy_file(Str name) {
    Str role;
    DocumentKind kind;
    return policy_file(name, &role, &kind);
}

static bool is_template_file(Str name) {
    return str_equal(name, STR("template.yaml")) || str_equal(name, STR("template.json"));
}

static bool has_file(const StrVec *names, bool (*is)(Str name)) {
    for (size_t i = 0; i < names->count; i++) {
        if (is(names->items[i])) return true;
    }
    return false;
}

static bool is_output(const StrVec *names) {
    return has_file(names, is_policy_file) || has_file(names, is_template_file);
}

// --- reading ---

static ImportResult load(const Folder *f, Str name, const Source **ret_source) {
    static const ImportResult results[] = {[LOAD_DONE] = IMPORT_DONE,
                                           [LOAD_MISSING] = IMPORT_MISSING,
                                           [LOAD_FAILED] = IMPORT_FAILED,
                                           [LOAD_INVALID] = IMPORT_INVALID};
    Str path = file_join(f->arena, f->path, name);
    return results[source_load(f->arena, f->diags, path, f->asked, ret_source)];
}

static RoleDocuments *role_of(Folder *f, Str id) {
    uint32_t number = (uint32_t)f->imported->roles.count;
    if (!strmap_get(&f->roles, id, &number)) {
        strmap_set(f->arena, &f->roles, id, number);
        VEC_PUSH(f->arena, &f->imported->roles, (RoleDocuments){.id = id});
    }
    return &f->imported->roles.items[number];
}

static ImportResult read_policy(Folder *f, Str name) {
    const Source *source = NULL;
    Str id;
    DocumentKind kind;
    if (!policy_file(name, &id, &kind)) return IMPORT_DONE;
    ImportResult loaded = load(f, name, &source);
    if (loaded != IMPORT_DONE) return loaded;
    Node root = NO_NODE, bad = NO_NODE;
    if (!read_json(f->arena, f->diags, source, &root)) return IMPORT_INVALID;
    Document document = {0};
    (void)document_from_tree(f->arena, root, kind, &document, &bad);
    document.name = source->name;
    RoleDocuments *role = role_of(f, id);
    if (role->documents.count == 0) role->span = node_span(root);
    VEC_PUSH(f->arena, &role->documents, document);
    return IMPORT_DONE;
}

// Shorter names first, so that part 10 comes behind part 9.
static int compare_names(const void *a, const void *b) {
    const Str *x = a, *y = b;
    if (x->length != y->length) return x->length < y->length ? -1 : 1;
    return str_compare(*x, *y);
}

static int compare_roles(const void *a, const void *b) {
    const RoleDocuments *x = a, *y = b;
    return str_compare(x->id, y->id);
}

// Roles come in the order of their ids, as a compilation has them.
static ImportResult read_policies(Folder *f) {
    ImportResult result = IMPORT_DONE;
    StrVec *names = &f->names;
    if (names->count > 0) qsort(names->items, names->count, sizeof *names->items, compare_names);
    for (size_t i = 0; i < f->names.count && result == IMPORT_DONE; i++)
        result = read_policy(f, f->names.items[i]);
    RoleDocumentsVec *roles = &f->imported->roles;
    if (roles->count > 0) qsort(roles->items, roles->count, sizeof *roles->items, compare_roles);
    return result;
}

static ImportResult read_template(Folder *f, Imported *ret_template) {
    for (size_t i = 0; i < f->names.count; i++) {
        const Source *source = NULL;
        if (!is_template_file(f->names.items[i])) continue;
        ImportResult loaded = load(f, f->names.items[i], &source);
        if (loaded != IMPORT_DONE) return loaded;
        return import_source(f->arena, f->diags, source, ret_template) ? IMPORT_DONE
                                                                       : IMPORT_INVALID;
    }
    return IMPORT_DONE;
}

// The role of the template that the role `id` is: the stack names that of "spot" SpotRole.
static const RoleDocuments *role_in_template(const Folder *f, const Imported *template, Str id) {
    Str name = str_format(f->arena, "%.*sRole", STR_ARG(id));
    for (size_t i = 0; i < template->roles.count; i++) {
        if (str_equal_ignoring_case(template->roles.items[i].id, name))
            return &template->roles.items[i];
    }
    return NULL;
}

static bool has_trust(const RoleDocuments *role) {
    for (size_t i = 0; i < role->documents.count; i++) {
        if (role->documents.items[i].kind == DOCUMENT_TRUST) return true;
    }
    return false;
}

// Where the stack makes the external id, there is no file of the trust policy.
static void take_trust(const Folder *f, RoleDocuments *role, const RoleDocuments *same) {
    if (has_trust(role)) return;
    for (size_t i = 0; i < same->documents.count; i++) {
        if (same->documents.items[i].kind == DOCUMENT_TRUST)
            VEC_PUSH(f->arena, &role->documents, same->documents.items[i]);
    }
}

// What is attached to a role by its ARN stands in no policy file.
static void take_from_template(const Folder *f, const Imported *template) {
    for (size_t i = 0; i < f->imported->roles.count; i++) {
        RoleDocuments *role = &f->imported->roles.items[i];
        const RoleDocuments *same = role_in_template(f, template, role->id);
        if (same == NULL) continue;
        role->managed = same->managed;
        role->boundary = same->boundary;
        take_trust(f, role, same);
    }
    f->imported->deployed = template->roles;
    f->imported->template = template->root;
    f->imported->remarks = template->remarks;
    f->imported->unread = template->unread;
    f->imported->reaches = template->reaches;
}

static ImportResult read_output(Folder *f) {
    Imported template = {0};
    ImportResult result = read_policies(f);
    if (result == IMPORT_DONE) result = read_template(f, &template);
    if (result != IMPORT_DONE) return result;
    if (f->imported->roles.count == 0) {
        f->imported->root = template.root;
        f->imported->roles = template.roles;
        f->imported->remarks = template.remarks;
        f->imported->unread = template.unread;
        f->imported->reaches = template.reaches;
    } else {
        take_from_template(f, &template);
    }
    return IMPORT_DONE;
}

// --- folders ---

// The names in a folder; IMPORT_MISSING and no message where it is a file, and may be.
static ImportResult list(const Folder *f, Str path, bool may_be_file, StrVec *ret_names) {
    int error = 0;
    if (file_list(f->arena, path, ret_names, &error) == FILE_DONE) return IMPORT_DONE;
    if (error == ENOTDIR && may_be_file) return IMPORT_MISSING;
    diag_report(f->diags, MSG_CANNOT_READ, f->asked, "cannot read '%.*s': %.*s", STR_ARG(path),
                STR_ARG(file_error(f->arena, error)));
    bool mistaken = error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENAMETOOLONG;
    return mistaken ? IMPORT_MISSING : IMPORT_FAILED;
}

// The folders in this one that compile wrote.
static ImportResult find_outputs(const Folder *f, StrVec *ret_paths) {
    for (size_t i = 0; i < f->names.count; i++) {
        StrVec names = {0};
        Str path = file_join(f->arena, f->path, f->names.items[i]);
        ImportResult result = list(f, path, true, &names);
        if (result == IMPORT_FAILED) return result;
        if (result == IMPORT_DONE && is_output(&names)) VEC_PUSH(f->arena, ret_paths, path);
    }
    return IMPORT_DONE;
}

static ImportResult choose_output(Folder *f) {
    StrVec paths = {0};
    ImportResult result = find_outputs(f, &paths);
    if (result != IMPORT_DONE) return result;
    if (paths.count == 1) {
        f->path = paths.items[0];
        f->names = (StrVec){0};
        return list(f, f->path, false, &f->names);
    }
    Diagnostic *d = diag_report(f->diags, MSG_NOT_AN_OUTPUT, f->asked,
                                paths.count == 0 ? "'%.*s' holds nothing that spotc writes"
                                                 : "'%.*s' holds what several manifests became",
                                STR_ARG(f->path));
    if (paths.count > 1)
        diag_note(f->diags, d, NO_SPAN, "name one: %.*s",
                  STR_ARG(names_in_full(f->arena, paths.items, paths.count)));
    return IMPORT_MISSING;
}

ImportResult import_folder(Arena *arena, Diags *diags, Str path, Span asked,
                           Imported *ret_imported) {
    Imported imported = {0};
    Folder f = {
        .arena = arena, .diags = diags, .path = path, .asked = asked, .imported = &imported};
    ImportResult result = list(&f, path, false, &f.names);
    if (result == IMPORT_DONE && !is_output(&f.names)) result = choose_output(&f);
    if (result != IMPORT_DONE) return result;
    result = read_output(&f);
    if (result != IMPORT_DONE) return result;
    if (!extent_check(diags, &imported)) return IMPORT_INVALID;
    imported.name = f.path;
    *ret_imported = imported;
    return IMPORT_DONE;
}
