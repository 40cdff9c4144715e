#include "layout/layout.h"

#include <assert.h>

#include "base/map.h"
#include "base/utf8.h"
#include "layout/pack.h"
#include "layout/rewrite.h"
#include "layout/sids.h"
#include "layout/split.h"
#include "layout/statements.h"
#include "model/quota.h"

// What surrounds the statements of a minified policy.
#define POLICY_FRAME "{\"Version\":\"2012-10-17\",\"Statement\":[]}"

typedef struct Layout {
    Arena *arena;
    Diags *diags;
    Selection *selection;
    Role *role;
    size_t capacity;     // characters for the statements of one policy
    size_t max_policies; // that the role takes beside its AWS managed ones
    StatementVec statements;
    StrMap bodies; // minified, without Sid, to the statement: one that another repeats is left out
} Layout;

static size_t grants_of_statement(const GrantVec *grants, size_t from) {
    size_t to = from;
    while (to < grants->count && grants->items[to].statement == grants->items[from].statement) to++;
    return to - from;
}

// The actions are the same.
static void add_given(Arena *arena, Statement *statement, const Statement *repeat) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        const GivenVec *given = &repeat->given[i];
        for (size_t k = 0; k < given->count; k++)
            VEC_PUSH(arena, &statement->given[i], given->items[k]);
    }
}

// Adds a statement unless another one says the same.
static void add_statement(Layout *l, Statement statement, Str sid) {
    StrBuf body = strbuf_new(l->arena);
    uint32_t known = 0;
    statement_minify(&statement, &body);
    if (strmap_get(&l->bodies, strbuf_str(&body), &known)) {
        assert(known < l->statements.count);
        add_given(l->arena, &l->statements.items[known], &statement);
        return;
    }
    strmap_set(l->arena, &l->bodies, strbuf_str(&body), (uint32_t)l->statements.count);
    statement.body_characters = utf8_count(strbuf_str(&body));
    statement.sid = sid;
    VEC_PUSH(l->arena, &l->statements, statement);
}

static void collect_statements(Layout *l, const GrantVec *grants) {
    for (size_t i = 0; i < grants->count;) {
        size_t count = grants_of_statement(grants, i);
        const ChosenStatement *chosen = &l->selection->statements.items[grants->items[i].statement];
        if (str_equal(chosen->role, l->role->id)) {
            StatementVec made = {0};
            statements_from_grants(l->arena, &grants->items[i], count, &made);
            for (size_t k = 0; k < made.count; k++)
                add_statement(l, made.items[k], node_text(NODE_GET(chosen->node, "sid")));
        }
        i += count;
    }
}

static bool split_all(Layout *l) {
    StatementVec parts = {0};
    for (size_t i = 0; i < l->statements.count; i++) {
        const Statement *statement = &l->statements.items[i];
        size_t before = parts.count;
        if (!split_statement(l->arena, statement, l->capacity, l->max_policies * 2, &parts)) {
            Diagnostic *d =
                diag_report(l->diags, MSG_STATEMENT_TOO_LARGE, statement->origin.asked,
                            "statement '%.*s' does not fit in the policies of role '%.*s'",
                            STR_ARG(statement->sid), STR_ARG(l->role->id));
            diag_note(l->diags, d, statement->origin.given, "the statement is here");
            diag_note(l->diags, d, NO_SPAN, "a managed policy holds %zu characters (%s)",
                      (size_t)quota(QUOTA_MANAGED_POLICY_CHARACTERS),
                      quota_name(QUOTA_MANAGED_POLICY_CHARACTERS));
            return false;
        }
        for (size_t k = before; k < parts.count; k++) parts.items[k].sid = statement->sid;
    }
    l->statements = parts;
    return true;
}

static bool report_too_many(Layout *l) {
    Span asked = l->statements.count > 0 ? l->statements.items[0].origin.asked
                                         : l->role->managed.items[0].asked;
    Diagnostic *d = diag_report(l->diags, MSG_TOO_MANY_POLICIES, asked,
                                "role '%.*s' needs more policies than the %zu that a role takes",
                                STR_ARG(l->role->id), (size_t)quota(QUOTA_ROLE_MANAGED_POLICIES));
    diag_note(l->diags, d, NO_SPAN,
              "the quota '%s' counts AWS managed policies (here %zu) too; choose less, or make "
              "several roles",
              quota_name(QUOTA_ROLE_MANAGED_POLICIES), (size_t)l->role->managed.count);
    return false;
}

static bool fill_policies(Layout *l, const size_t *sizes, const size_t *bins, size_t bin_count) {
    PolicyVec *policies = &l->role->policies;
    for (size_t i = 0; i < bin_count; i++)
        VEC_PUSH(l->arena, policies, ((Policy){.characters = sizeof POLICY_FRAME - 1}));
    for (size_t i = 0; i < l->statements.count; i++) {
        Policy *policy = &policies->items[bins[i]];
        policy->characters += sizes[i] + (policy->statements.count > 0);
        VEC_PUSH(l->arena, &policy->statements, l->statements.items[i]);
    }
    return true;
}

static bool pack_statements(Layout *l) {
    size_t count = l->statements.count, sum = 0, bin_count = 0, steps = 0;
    size_t *sizes = ARENA_ARRAY(l->arena, size_t, count);
    size_t *bins = ARENA_ARRAY(l->arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        sizes[i] = statement_characters(&l->statements.items[i]);
        sum += sizes[i];
    }
    if (sum > l->capacity * l->max_policies) return report_too_many(l);
    PackProblem problem = {.sizes = sizes,
                           .count = count,
                           .capacity = l->capacity,
                           .separator = 1,
                           .max_bins = l->max_policies,
                           .max_steps = PACK_MAX_STEPS,
                           .steps = &steps};
    PackResult result = pack(l->arena, &problem, bins, &bin_count);
    l->selection->work += steps / PACK_STEPS_OF_WORK;
    if (result == PACK_TOO_MANY_BINS || result == PACK_TOO_LARGE) return report_too_many(l);
    if (result == PACK_NOT_PROVEN || result == PACK_NOT_FIRST)
        diag_report(l->diags, MSG_NOT_PROVEN_FEWEST, l->statements.items[0].origin.asked,
                    result == PACK_NOT_PROVEN
                        ? "the policies of role '%.*s' could not be shown to be the fewest"
                        : "the policies of role '%.*s' are the fewest, but another split into as "
                          "many may come first in bundle order",
                    STR_ARG(l->role->id));
    return fill_policies(l, sizes, bins, bin_count);
}

static bool layout_role(Arena *arena, Diags *diags, const Manifest *manifest,
                        const GrantVec *grants, Selection *selection, Role *role) {
    size_t attachments = (size_t)quota(QUOTA_ROLE_MANAGED_POLICIES);
    Layout l = {
        .arena = arena,
        .diags = diags,
        .selection = selection,
        .role = role,
        .capacity = (size_t)quota(QUOTA_MANAGED_POLICY_CHARACTERS) - (sizeof POLICY_FRAME - 1),
        .max_policies = attachments > role->managed.count ? attachments - role->managed.count : 0};
    collect_statements(&l, grants);
    if (role->managed.count > attachments) return report_too_many(&l);
    if (l.statements.count == 0) return true;
    selection->work += rewrite_work(manifest, &l.statements);
    rewrite_statements(arena, diags, manifest, role->id, &l.statements);
    // Sizes hold Sids, so these are settled before a statement is cut; its parts get numbers.
    sids_make_unique(arena, &l.statements);
    if (!split_all(&l)) return false;
    sids_make_unique(arena, &l.statements);
    return pack_statements(&l);
}

bool layout(Arena *arena, Diags *diags, const Manifest *manifest, const GrantVec *grants,
            Selection *selection) {
    bool ok = true;
    for (size_t i = 0; i < selection->roles.count; i++)
        ok &= layout_role(arena, diags, manifest, grants, selection, &selection->roles.items[i]);
    return ok;
}
