#include "command/explain.h"

#include "command/explain_without.h"
#include "import/import.h"
#include "model/arn.h"

const char *const verdict_names[] = {
    [VERDICT_ALLOWED] = "allowed", [VERDICT_DEPENDS] = "depends", [VERDICT_DENIED] = "denied"};

// An action that takes no resource is asked about "*".
static Str resource_of(const Question *question, ActionId action) {
    return action_resource_count(action) == 0 ? STR("*") : question->resource;
}

static const Verdict verdicts[] = {
    [TRUTH_NO] = VERDICT_DENIED, [TRUTH_UNKNOWN] = VERDICT_DEPENDS, [TRUTH_YES] = VERDICT_ALLOWED};

Explanation explain_action(const Question *question, ActionId action) {
    Request request = {.action = action_text(action),
                       .resource = resource_of(question, action),
                       .context = question->context};
    Explanation result = {.question = question, .action = action};
    result.evaluation = evaluate(question->compilation->arena, &question->documents, &request);
    result.verdict = verdicts[result.evaluation.allowed];
    if (result.verdict == VERDICT_DENIED)
        result.maybe_managed = question->role->managed.count > 0 && !result.evaluation.by_deny;
    else
        result.boundary = node_text(NODE_GET(question->role->settings, "permissions_boundary"));
    return result;
}

// Adds the keys that are not there yet.
static void add_keys(Arena *arena, KeyList keys, bool *seen, StrVec *ret_keys) {
    for (size_t i = 0; i < keys.count; i++) {
        if (!seen[keys.ids[i]]) VEC_PUSH(arena, ret_keys, key_text(keys.ids[i]));
        seen[keys.ids[i]] = true;
    }
}

StrVec explain_keys(Arena *arena, ActionId action) {
    StrVec keys = {0};
    bool *seen = ARENA_ARRAY(arena, bool, UINT16_MAX + 1);
    add_keys(arena, action_keys(action), seen, &keys);
    for (size_t i = 0; i < action_resource_count(action); i++)
        add_keys(arena, action_resource(action, i).keys, seen, &keys);
    str_sort(keys.items, keys.count);
    return keys;
}

static void answer_one(Run *run, const Question *question, ActionId action, bool json) {
    Explanation explanation = explain_action(question, action);
    explain_warn_resource(run, question, action);
    if (explanation.verdict == VERDICT_DENIED) run_fail(run, EXIT_NO);
    if (json)
        explain_write_json(&run->out, &explanation);
    else
        explain_write_text(&run->out, &explanation);
}

// Every action that a statement is about, Deny or Allow: the others are denied without a look.
static ActionSet actions_of(Arena *arena, const DocumentVec *documents) {
    ActionSet all = action_set_new(arena);
    for (size_t i = 0; i < documents->count; i++) {
        const DocumentStatementVec *statements = &documents->items[i].statements;
        for (size_t s = 0; s < statements->count; s++) {
            const ItemVec *actions = &statements->items[s].actions;
            for (size_t a = 0; a < actions->count; a++)
                (void)action_set_add_pattern(all, actions->items[a].text);
        }
    }
    return all;
}

// A pattern: no only where nothing that it matches is allowed.
static void answer_many(Run *run, const Question *question, bool json) {
    Arena *arena = question->compilation->arena;
    ActionSet chosen = action_set_new(arena), asked = action_set_new(arena);
    ExplanationVec explained = {0};
    bool any = false;
    (void)action_set_add_pattern(asked, question->pattern);
    if (question->resource.length > 0) explain_keep_askable(arena, asked, question->resource);
    size_t count = action_set_count(asked);
    if (count == 0) explain_warn_never_asked(run, question);
    action_set_unite(chosen, asked);
    if (!question->verbose) action_set_intersect(chosen, actions_of(arena, &question->documents));
    for (ActionId action = 0; action_set_next(chosen, &action); action++) {
        Explanation explanation = explain_action(question, action);
        any |= explanation.verdict != VERDICT_DENIED;
        VEC_PUSH(arena, &explained, explanation);
    }
    if (!any) run_fail(run, EXIT_NO);
    if (json)
        explain_write_table_json(&run->out, question, &explained, count);
    else
        explain_write_table(&run->out, question, &explained, count);
}

// Reports a pattern that matches no action.
static bool check_action(Run *run, Str pattern) {
    if (catalogue_has(pattern)) return true;
    Str near = catalogue_nearest(run->arena, pattern);
    const char *what = has_wildcard(pattern) ? "no action matches" : "no action";
    if (near.length != 0)
        run_usage_error(run, "%s '%.*s'; did you mean '%.*s'?", what, STR_ARG(pattern),
                        STR_ARG(near));
    else
        run_usage_error(run, "%s '%.*s'", what, STR_ARG(pattern));
    return false;
}

// The role's own policies; who may assume it is another matter.
static DocumentVec policies_of(const Compilation *c, const Role *role) {
    Imported imported;
    DocumentVec policies = {0};
    size_t at = 0;
    import_selection(c->arena, &c->manifest, &c->selection, &imported);
    while (!str_equal(imported.roles.items[at].id, role->id)) at++; // each role is there
    const DocumentVec *all = &imported.roles.items[at].documents;
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i].kind == DOCUMENT_IDENTITY) VEC_PUSH(c->arena, &policies, all->items[i]);
    }
    return policies;
}

static void answer(Run *run, Question *question, bool json) {
    ActionId action = 0;
    question->documents = policies_of(question->compilation, question->role);
    if (catalogue_find_action(question->pattern, &action))
        answer_one(run, question, action, json);
    else
        answer_many(run, question, json);
}

static void explain_document(Run *run, const ManifestDocument *document, const Question *asked,
                             bool json) {
    Arena arena;
    Compilation c;
    Question question = *asked;
    question.compilation = &c;
    if (!session_compile(run, document, PASS_LAYOUT, &arena, &c))
        run_fail(run, EXIT_USAGE);
    else if (run->options.without.length != 0)
        explain_without(run, &question, json);
    else if (session_choose_role(run, &c, &question.role))
        answer(run, &question, json);
    arena_free(&arena);
}

static bool read_arguments(Run *run, Question *question) {
    const StrVec *arguments = &run->options.arguments;
    bool without = run->options.without.length != 0;
    if (arguments->count > 3 || arguments->count < (without ? 1 : 2)) {
        run_usage_error(run, "usage: spotc explain MANIFEST ACTION [RESOURCE]");
        return false;
    }
    if (without &&
        (arguments->count == 3 || run->options.context.count > 0 || run->options.role.length > 0)) {
        run_usage_error(run, "--without takes no RESOURCE, --context and --role");
        return false;
    }
    Str pattern = arguments->count > 1 ? arguments->items[1] : STR("*");
    if (!check_action(run, pattern)) return false;
    question->pattern = catalogue_spelling(run->arena, pattern);
    if (arguments->count == 3) question->resource = arguments->items[2];
    return arguments->count < 3 || explain_check_resource(run, question->resource);
}

void command_explain(Run *run) {
    ManifestDocumentVec documents = {0};
    Question question = {.verbose = run->options.verbose};
    Str format = run->options.format_name;
    bool json = str_equal(format, STR("json"));
    run->options.format = &diag_formats[0]; // --format is that of the answer
    if (format.length != 0 && !json && !str_equal(format, STR("text"))) {
        run_usage_error(run, "explain takes --format text or json");
        return;
    }
    if (!read_arguments(run, &question) || !explain_read_context(run, &question.context)) return;
    session_load(run, 0, 1, &documents);
    if (run->status != EXIT_DONE) run_fail(run, EXIT_USAGE);
    const ManifestDocument *document = session_choose(run, &documents);
    if (document != NULL) explain_document(run, document, &question, json);
    if (run->options.quiet) run->out.length = 0; // the exit status says it
}
