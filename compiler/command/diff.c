#include "command/diff.h"

#include "base/map.h"

// So many are compiled and compared within a second.
enum { MOST_COMPARED_MANIFESTS = 1000 };

static const struct {
    const char *name;
    DiffRender *render;
} forms[] = {
    {"text", diff_render_text},
    {"json", diff_render_json},
    {"markdown", diff_render_markdown},
};

// --- the command line ---

static bool find_form(Run *run, DiffRender **ret_render) {
    Str name = run->options.format_name;
    *ret_render = forms[0].render;
    if (name.length == 0) return true;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        *ret_render = forms[i].render;
        if (str_equal(name, str_of(forms[i].name))) return true;
    }
    run_usage_error(run, "diff takes --format text, json or markdown");
    return false;
}

static bool check_command_line(Run *run, DiffRender **ret_render) {
    const StrVec *arguments = &run->options.arguments;
    Str fail_on = run->options.fail_on;
    if (!find_form(run, ret_render)) return false;
    if (fail_on.length != 0 && !str_equal(fail_on, STR("gain"))) {
        run_usage_error(run, "--fail-on takes gain, not '%.*s'", STR_ARG(fail_on));
    } else if (arguments->count != 2) {
        run_usage_error(run, "usage: spotc diff OLD NEW");
    } else if (str_equal(arguments->items[0], STR("-")) &&
               str_equal(arguments->items[1], STR("-"))) {
        run_usage_error(run, "only one of OLD and NEW can be standard input");
    } else {
        return true;
    }
    return false;
}

// --- what is compared with what ---

static void add_report(Run *run, Input *old, Input *new, DiffReportVec *reports) {
    DiffReport report = {.arena = run->arena, .sides = {old, new}};
    VEC_PUSH(run->arena, reports, report);
}

static Str names_of(Run *run, const InputVec *sides) {
    StrVec names = {0};
    for (size_t i = 0; i < sides->count; i++)
        VEC_PUSH(run->arena, &names, sides->items[i].imported.name);
    return run_names(run, &names);
}

// Manifests are matched by their names; what is on one side only is compared with nothing.
static void match_manifests(Run *run, InputVec *old, InputVec *new, DiffReportVec *reports) {
    StrMap by_name = {0};
    bool *matched = ARENA_ARRAY(run->arena, bool, new->count + 1);
    for (size_t i = 0; i < new->count; i++)
        strmap_set(run->arena, &by_name, new->items[i].imported.name, (uint32_t)i);
    for (size_t i = 0; i < old->count; i++) {
        uint32_t at = 0;
        bool found = strmap_get(&by_name, old->items[i].imported.name, &at);
        add_report(run, &old->items[i], found ? &new->items[at] : NULL, reports);
        if (found) matched[at] = true;
    }
    for (size_t i = 0; i < new->count; i++) {
        if (!matched[i]) add_report(run, NULL, &new->items[i], reports);
    }
    for (size_t i = 0; i < reports->count; i++) {
        Input *const *sides = reports->items[i].sides;
        reports->items[i].manifest = sides[sides[0] == NULL]->imported.name;
    }
}

static bool is_too_many(Run *run, const InputVec *side) {
    if (side->count <= MOST_COMPARED_MANIFESTS) return false;
    Diagnostic *d = diag_report(run->diags, MSG_TOO_MUCH_TO_COMPARE, NO_SPAN,
                                "'%.*s' has %zu manifests, too many to be compared at once",
                                STR_ARG(side->items[0].path), side->count);
    diag_note(run->diags, d, NO_SPAN, "at most %d are; --name chooses one",
              MOST_COMPARED_MANIFESTS);
    run_fail(run, EXIT_USAGE);
    return true;
}

static bool match_sides(Run *run, InputVec *old, InputVec *new, DiffReportVec *reports) {
    const InputVec *several = old->count > 1 ? old : new;
    bool manifests = old->items[0].kind == INPUT_MANIFEST && new->items[0].kind == INPUT_MANIFEST;
    if (old->count == 1 && new->count == 1) {
        add_report(run, &old->items[0], &new->items[0], reports);
    } else if (manifests) {
        match_manifests(run, old, new, reports);
    } else {
        run_usage_error(run, "several manifests: choose one with --name (%.*s)",
                        STR_ARG(names_of(run, several)));
        return false;
    }
    return true;
}

// --- what happens to the account's connection ---

static bool connects(const Compilation *c) {
    for (size_t i = 0; i < c->selection.roles.count; i++) {
        if (node_exists(c->selection.roles.items[i].connect)) return true;
    }
    return false;
}

// Deploying one over the other makes an account at the vendor's, or leaves one there.
static void warn_of_connection(Run *run, const DiffReport *report) {
    const Input *old = report->sides[0], *new = report->sides[1];
    if (old == NULL || new == NULL || old->compilation == NULL || new->compilation == NULL) return;
    bool before = connects(old->compilation), after = connects(new->compilation);
    if (before == after) return;
    Node root = new->compilation->manifest.root, connect = NODE_GET(root, "connect");
    Span span = node_key_span(node_exists(connect) ? connect : NODE_GET(root, "name"));
    if (after)
        diag_report(run->diags, MSG_CONNECT_CHANGED, span,
                    "the stack would now connect the account by itself, with an external id of its "
                    "own");
    else
        diag_report(run->diags, MSG_CONNECT_CHANGED, span,
                    "the stack would no longer connect the account; the vendor's account that it "
                    "made stays, linked to the role");
}

// Manifests are compiled when they are compared, and not before.
static bool compile_sides(Run *run, Arena *arena, DiffReport *report) {
    size_t failed = 0;
    for (unsigned s = 0; s < 2; s++)
        failed += report->sides[s] != NULL && !input_compile(run, arena, report->sides[s]);
    return failed == 0;
}

static Node template_of(const Imported *imported) {
    return node_exists(imported->template) ? imported->template : imported->root;
}

static bool is_read_alike(Arena *arena, const Imported *old, const Imported *new) {
    return unread_is_same(arena, &old->unread, template_of(old), &new->unread, template_of(new));
}

static bool compare_sides(Run *run, Arena *arena, DiffReport *report) {
    Input *old = report->sides[0], *new = report->sides[1];
    DiffBindingVec bindings = {0};
    if (!compile_sides(run, arena, report)) return false;
    if (old != NULL && new != NULL) {
        diff_take_deployed(arena, old, new);
        report->is_partial = !is_read_alike(arena, &old->imported, &new->imported);
        diff_bind(arena, old, new, &bindings);
        diff_keep_bindings(report, &bindings);
    }
    if (!diff_compare(run, arena, report)) return false;
    warn_of_connection(run, report);
    return true;
}

// Their names are all that is told of them.
static void forget_manifests(const DiffReport *report) {
    for (unsigned s = 0; s < 2; s++) {
        Input *side = report->sides[s];
        if (side == NULL || side->kind != INPUT_MANIFEST) continue;
        side->compilation = NULL;
        side->imported = (Imported){.name = side->imported.name};
    }
}

static bool compare_all(Run *run, InputVec *old, InputVec *new, DiffReportVec *reports) {
    Arena arena;
    ActionSets sets = {.arena = run->arena};
    uint64_t steps = DIFF_MOST_STEPS;
    size_t weight = 0, failed = 0;
    if (is_too_many(run, old) || is_too_many(run, new)) return false;
    if (!match_sides(run, old, new, reports)) return false;
    arena_init(&arena, run->arena->exhausted, run->arena->context);
    for (size_t i = 0; i < reports->count; i++) {
        DiffReport *report = &reports->items[i];
        report->weight = weight;
        report->steps = steps;
        report->sets = &sets;
        failed += !compare_sides(run, &arena, report);
        weight = report->weight;
        steps = report->steps;
        forget_manifests(report);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return failed == 0;
}

// Anything at all, or with --fail-on gain what is or may be gained.
static bool is_no(const Run *run, const DiffReport *report) {
    bool any = run->options.fail_on.length == 0 && diff_has(report, TURN_LOST, TURN_MAY_LOSE);
    return any || diff_has(report, TURN_GAINED, TURN_MAY_GAIN) || diff_is_inconsistent(report) ||
           diff_is_partial(report);
}

void command_diff(Run *run) {
    DiffRender *render = NULL;
    InputVec old = {0}, new = {0};
    DiffReportVec reports = {0};
    const StrVec *arguments = &run->options.arguments;
    if (!check_command_line(run, &render)) return;
    // Both, so that one run shows what is wrong with either.
    bool old_read = diff_read_side(run, arguments->items[0], &old);
    bool new_read = diff_read_side(run, arguments->items[1], &new);
    if (!old_read || !new_read || !compare_all(run, &old, &new, &reports)) return;
    for (size_t i = 0; i < reports.count; i++) {
        if (is_no(run, &reports.items[i])) run_fail(run, EXIT_NO);
    }
    if (!run->options.quiet) render(run->arena, &reports, &run->out);
}
