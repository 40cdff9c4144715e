// The answer to a pattern: what is allowed, a line an action, by service and access level.
#include <assert.h>

#include "command/explain.h"
#include "command/output.h"
#include "diag/escape.h"

// Actions that are not allowed are counted, and listed only where more is asked for.
static bool is_listed(const Explanation *e) {
    return e->verdict != VERDICT_DENIED || e->question->verbose;
}

static size_t count_verdicts(const ExplanationVec *explained, Verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < explained->count; i++) count += explained->items[i].verdict == verdict;
    return count;
}

// The gravest first; an action that tags is often a write as well, and stands there.
static const AccessLevel by_gravity[] = {ACCESS_PERMISSIONS, ACCESS_WRITE, ACCESS_TAGGING,
                                         ACCESS_READ, ACCESS_LIST};
enum { LEVEL_COUNT = sizeof by_gravity / sizeof *by_gravity };
static_assert((unsigned)LEVEL_COUNT == (unsigned)ACCESS_LEVEL_COUNT, "a level lacks its place");

static AccessLevel main_level(ActionId action) {
    size_t i = 0;
    while (i + 1 < LEVEL_COUNT && (action_access(action) & 1u << by_gravity[i]) == 0) i++;
    return by_gravity[i];
}

static void add_action(StrBuf *out, const Explanation *e) {
    Str text = action_text(e->action);
    strbuf_add_format(out, "    %.*s", STR_ARG(text));
    if (e->verdict == VERDICT_DENIED) strbuf_add(out, STR(": denied"));
    if (e->verdict == VERDICT_DEPENDS) {
        const Dependence *depends = &e->evaluation.depends;
        bool deny = e->evaluation.by_deny;
        strbuf_add(out,
                   deny ? STR(": unless a Deny applies, which depends on ") : STR(": only if "));
        escape_text(out, deny ? explain_on(out->arena, depends) : explain_if(out->arena, depends),
                    "");
    }
    strbuf_add_byte(out, '\n');
}

// The actions of one level among those of a service, under their heading.
static void add_level(StrBuf *out, const Explanation *explained, size_t count, AccessLevel level) {
    bool headed = false;
    for (size_t i = 0; i < count; i++) {
        if (!is_listed(&explained[i]) || main_level(explained[i].action) != level) continue;
        if (!headed) strbuf_add_format(out, "  %s\n", access_level_names[level]);
        headed = true;
        add_action(out, &explained[i]);
    }
}

static void add_service(StrBuf *out, const Explanation *explained, size_t count) {
    ServiceId service = action_service(explained[0].action);
    bool listed = false;
    for (size_t i = 0; i < count; i++) listed |= is_listed(&explained[i]);
    if (!listed) return;
    strbuf_add_format(out, "\n%.*s (%.*s)\n", STR_ARG(service_prefix(service)),
                      STR_ARG(service_name(service)));
    for (size_t i = 0; i < LEVEL_COUNT; i++) add_level(out, explained, count, by_gravity[i]);
}

// What is attached to the role by name could allow all the rest, or forbid all of it.
static void add_attached(StrBuf *out, const Question *question) {
    const Role *role = question->role;
    Str boundary = node_text(NODE_GET(role->settings, "permissions_boundary"));
    if (role->managed.count > 0)
        strbuf_add(out, STR("\nWhat is not listed may be allowed by an AWS managed policy that is "
                            "attached:"));
    for (size_t i = 0; i < role->managed.count; i++)
        strbuf_add_format(out, "%s %.*s%s", i > 0 ? "," : "", STR_ARG(role->managed.items[i].name),
                          i + 1 == role->managed.count ? "\n" : "");
    if (boundary.length > 0)
        strbuf_add_format(out, "\nAll of it only if the permissions boundary allows it too: %.*s\n",
                          STR_ARG(boundary));
}

void explain_write_table(StrBuf *out, const Question *question, const ExplanationVec *explained,
                         size_t asked) {
    size_t allowed = count_verdicts(explained, VERDICT_ALLOWED);
    size_t depends = count_verdicts(explained, VERDICT_DEPENDS);
    strbuf_add(out, allowed > 0   ? STR("allowed")
                    : depends > 0 ? STR("allowed only in part")
                                  : STR("denied"));
    strbuf_add_format(out, ": %zu of %.*s actions that match %.*s", allowed,
                      STR_ARG(number_grouped(out->arena, asked)), STR_ARG(question->pattern));
    if (question->resource.length > 0) strbuf_add(out, STR(" and take such a resource"));
    if (depends > 0) strbuf_add_format(out, ", and %zu under conditions", depends);
    strbuf_add_format(out, " (role %.*s of %.*s)\n", STR_ARG(question->role->id),
                      STR_ARG(question->compilation->manifest.name));
    for (size_t from = 0, to = 0; from < explained->count; from = to) {
        ServiceId service = action_service(explained->items[from].action);
        while (to < explained->count && action_service(explained->items[to].action) == service)
            to++;
        add_service(out, explained->items + from, to - from);
    }
    add_attached(out, question);
}
