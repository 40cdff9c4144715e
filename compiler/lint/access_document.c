// Checks of a document and of a role as a whole: what repeats itself, and what IAM's quotas allow.
#include "lint/entries.h"
#include "lint/size.h"
#include "model/quota.h"

// Whether each entry of `part` is covered by one of `whole`.
static bool entries_covered(Lint *lint, const ItemVec *part, const ItemVec *whole,
                            EntryCovers *covers) {
    for (size_t i = 0; i < part->count; i++) {
        bool found = false;
        for (size_t k = 0; k < whole->count && !found && lint_spend(lint, 1); k++)
            found = covers(lint, whole->items[k].text, part->items[i].text);
        if (!found) return false;
    }
    return true;
}

static bool values_equal(const ItemVec *a, const ItemVec *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!str_equal(a->items[i].text, b->items[i].text)) return false;
    }
    return true;
}

static bool has_condition(const DocumentStatement *statement, const DocumentCondition *condition) {
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const DocumentCondition *own = &statement->conditions.items[i];
        if (str_equal(own->operator.text, condition->operator.text) &&
            str_equal_ignoring_case(own->key.text, condition->key.text) &&
            values_equal(&own->values, &condition->values))
            return true;
    }
    return false;
}

// Whether `part` asks for all that `whole` asks for, so that it applies less often.
static bool conditions_covered(Lint *lint, const DocumentStatement *part,
                               const DocumentStatement *whole) {
    for (size_t i = 0; i < whole->conditions.count; i++) {
        if (!lint_spend(lint, 1 + part->conditions.count) ||
            !has_condition(part, &whole->conditions.items[i]))
            return false;
    }
    return true;
}

static bool is_plain(const DocumentStatement *statement) {
    return !statement->not_action && !statement->not_resource && statement->actions.count != 0 &&
           statement->resources.count != 0;
}

// Whether `part` adds nothing to `whole`, as far as their entries show one by one.
static bool statement_covered(Lint *lint, const DocumentStatement *part,
                              const DocumentStatement *whole) {
    return part->effect == whole->effect && is_plain(part) && is_plain(whole) &&
           conditions_covered(lint, part, whole) &&
           entries_covered(lint, &part->resources, &whole->resources, resource_entry_covers) &&
           entries_covered(lint, &part->actions, &whole->actions, action_entry_covers);
}

static void name_statement(Lint *lint, Diagnostic *d, const DocumentStatement *statement) {
    Str sid = statement->sid.text;
    diag_note(lint_diags(lint), d, statement->span, "the statement that covers it%s%.*s",
              sid.length == 0 ? "" : ": ", STR_ARG(sid));
}

// Of more no two are compared: what IAM's quota of characters holds are some hundred at most, and a
// policy beyond it is policy-too-large.
enum { MOST_COMPARED = 256 };

// Of two that say the same the first stays.
static const DocumentStatement *covering(Lint *lint, const Document *document, size_t at) {
    const DocumentStatement *statements = document->statements.items;
    if (document->statements.count > MOST_COMPARED) return NULL;
    for (size_t i = 0; i < document->statements.count && lint_spend(lint, 1); i++) {
        if (i == at || !statement_covered(lint, &statements[at], &statements[i])) continue;
        if (i < at || !statement_covered(lint, &statements[i], &statements[at]))
            return &statements[i];
    }
    return NULL;
}

void check_redundant_statement(Lint *lint, const Unit *unit) {
    for (size_t i = 0; i < unit->document->statements.count; i++) {
        const DocumentStatement *statement = &unit->document->statements.items[i];
        const DocumentStatement *other = covering(lint, unit->document, i);
        if (other == NULL) continue;
        Diagnostic *d = lint_report_in(lint, statement, statement->span,
                                       "another statement says all that this one says");
        name_statement(lint, d, other);
    }
}

void check_policy_size(Lint *lint, const Unit *unit) {
    size_t characters = policy_characters(lint_arena(lint), unit->document->node);
    uint64_t most = quota(QUOTA_MANAGED_POLICY_CHARACTERS);
    if (characters <= most) return;
    lint_report(lint, unit->document->span,
                "this policy has %zu characters, but a managed policy holds %ju", characters,
                (uintmax_t)most);
}

void check_managed_count(Lint *lint, const Unit *unit) {
    uint64_t most = quota(QUOTA_ROLE_MANAGED_POLICIES);
    if (unit->role->managed.count <= most) return;
    lint_report(lint, unit->role->managed.items[most].span,
                "%zu managed policies are attached, but a role holds %ju",
                unit->role->managed.count, (uintmax_t)most);
}
