#include "import/extent.h"

static size_t count_statement(const DocumentStatement *statement) {
    size_t count = 1 + statement->actions.count + statement->resources.count;
    for (size_t i = 0; i < statement->principals.count; i++)
        count += 1 + statement->principals.items[i].ids.count;
    for (size_t i = 0; i < statement->conditions.count; i++)
        count += 1 + statement->conditions.items[i].values.count;
    return count;
}

// The entries of a document, or more than `most`: then the rest is not counted.
static size_t count_document(const Document *document, size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < document->statements.count && count <= most; i++)
        count += count_statement(&document->statements.items[i]);
    return count;
}

static bool check_role(Diags *diags, const RoleDocuments *role, size_t *left) {
    for (size_t i = 0; i < role->documents.count; i++) {
        const Document *document = &role->documents.items[i];
        size_t count = count_document(document, *left);
        if (count > *left) {
            diag_report(diags, MSG_TOO_MANY_ENTRIES, document->span,
                        "with this policy there are more than %d statements, actions, resources, "
                        "principals and values",
                        EXTENT_MOST_ENTRIES);
            return false;
        }
        *left -= count;
    }
    return true;
}

static bool check_reach(Diags *diags, const Reach *reach, size_t *left) {
    size_t count = reach->named.count;
    if (count > *left) {
        diag_report(diags, MSG_TOO_MANY_ENTRIES, reach->named.items[*left].span,
                    "with this name there are more than %d statements, actions, resources, "
                    "principals, values, and names of what policies reach",
                    EXTENT_MOST_ENTRIES);
        return false;
    }
    *left -= count;
    return true;
}

bool extent_check(Diags *diags, const Imported *imported) {
    size_t left = EXTENT_MOST_ENTRIES;
    for (size_t i = 0; i < imported->roles.count; i++) {
        if (!check_role(diags, &imported->roles.items[i], &left)) return false;
    }
    for (size_t i = 0; i < imported->reaches.count; i++) {
        if (!check_reach(diags, &imported->reaches.items[i], &left)) return false;
    }
    return true;
}
