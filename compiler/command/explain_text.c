// The answer for people: the verdict first, then why, then what is known of the action.
#include "base/nearest.h"
#include "command/explain.h"
#include "diag/escape.h"

enum { LINE_WIDTH = 100, LABEL_WIDTH = 16 };

Str explain_on(Arena *arena, const Dependence *depends) {
    StrBuf text = strbuf_new(arena);
    size_t count = depends->keys.count + depends->resource;
    for (size_t i = 0; i < count; i++) {
        bool resource = depends->resource && i == 0;
        if (i > 0) strbuf_add(&text, i + 1 == count ? STR(" and ") : STR(", "));
        strbuf_add(&text,
                   resource ? STR("the resource") : depends->keys.items[i - depends->resource]);
    }
    return strbuf_str(&text);
}

Str explain_if(Arena *arena, const Dependence *depends) {
    bool one = depends->keys.count + depends->resource == 1;
    return str_format(arena, "%.*s %s", STR_ARG(explain_on(arena, depends)), one ? "fits" : "fit");
}

// Whether an Allow applies for sure, so that only Denies can be in the way.
static bool is_surely_allowed(const Evaluation *evaluation) {
    for (size_t i = 0; i < evaluation->judged.count; i++) {
        const Judged *judged = &evaluation->judged.items[i];
        if (judged->statement->effect == EFFECT_ALLOW && judged->applies == TRUTH_YES) return true;
    }
    return false;
}

static Str dependence_line(Arena *arena, const Explanation *e) {
    const Dependence *depends = &e->evaluation.depends;
    if (!e->evaluation.by_deny)
        return str_format(arena, "allowed only if %.*s", STR_ARG(explain_if(arena, depends)));
    const char *what = is_surely_allowed(&e->evaluation) ? "unless a Deny applies"
                                                         : "only if an Allow applies and no Deny";
    return str_format(arena, "allowed %s, which depends on %.*s", what,
                      STR_ARG(explain_on(arena, depends)));
}

static Str denial_line(const Explanation *e) {
    if (e->evaluation.by_deny) return STR("denied by a Deny");
    if (e->maybe_managed)
        return STR("denied by these policies; an AWS managed policy that is attached may allow it");
    return e->evaluation.judged.count == 0
               ? STR("denied: no statement allows it")
               : STR("denied: no statement that could allow it applies");
}

static void add_verdict(StrBuf *out, const Explanation *e) {
    if (e->verdict == VERDICT_ALLOWED)
        strbuf_add(out, STR("allowed"));
    else if (e->verdict == VERDICT_DENIED)
        strbuf_add(out, denial_line(e));
    else
        escape_text(out, dependence_line(e->question->compilation->arena, e), "");
    if (e->boundary.length > 0)
        strbuf_add(out, e->verdict == VERDICT_ALLOWED
                            ? STR(", if the permissions boundary allows it too")
                            : STR(", and the permissions boundary allows it too"));
    strbuf_add_byte(out, '\n');
}

static void add_line(StrBuf *out, const char *label, Str text) {
    strbuf_add_format(out, "  %-*s", LABEL_WIDTH, label);
    escape_text(out, text, "");
    strbuf_add_byte(out, '\n');
}

// The texts of a list behind a label, separated by commas, in lines of LINE_WIDTH.
static void add_list(StrBuf *out, const char *label, const StrVec *texts) {
    size_t begin = out->length;
    strbuf_add_format(out, "  %-*s", LABEL_WIDTH, label);
    for (size_t i = 0; i < texts->count; i++) {
        bool last = i + 1 == texts->count;
        size_t width = out->length - begin + 1 + texts->items[i].length + !last;
        if (i > 0 && width > LINE_WIDTH) {
            strbuf_add_byte(out, '\n');
            begin = out->length;
            strbuf_add_format(out, "  %*s", LABEL_WIDTH, "");
        } else if (i > 0) {
            strbuf_add_byte(out, ' ');
        }
        escape_text(out, texts->items[i], "");
        if (!last) strbuf_add_byte(out, ',');
    }
    strbuf_add_byte(out, '\n');
}

// One text a line.
static void add_lines(StrBuf *out, const char *label, const ItemVec *items) {
    for (size_t i = 0; i < items->count; i++)
        add_line(out, i == 0 ? label : "", items->items[i].text);
}

static void add_condition(StrBuf *out, const DocumentCondition *condition) {
    strbuf_add_format(out, "  %-*s", LABEL_WIDTH, "if");
    escape_text(out, condition->operator.text, "");
    strbuf_add_byte(out, ' ');
    escape_text(out, condition->key.text, "");
    for (size_t i = 0; i < condition->values.count; i++) {
        strbuf_add(out, STR(" \""));
        escape_text(out, condition->values.items[i].text, "");
        strbuf_add_byte(out, '"');
    }
    strbuf_add_byte(out, '\n');
}

// What the statement does to the request, after its name.
static Str effect_text(Arena *arena, const Judged *judged) {
    bool deny = judged->statement->effect == EFFECT_DENY;
    Str when = explain_if(arena, &judged->depends);
    if (judged->applies == TRUTH_YES) return deny ? STR("denies it") : STR("allows it");
    if (judged->applies == TRUTH_UNKNOWN)
        return str_format(arena, deny ? "denies it if %.*s" : "allows it only if %.*s",
                          STR_ARG(when));
    const char *verb = deny ? "does not deny it" : "does not allow it";
    if (judged->failed == NULL) return str_format(arena, "%s: the resource does not fit", verb);
    return str_format(arena, "%s: the condition on %.*s does not hold", verb,
                      STR_ARG(judged->failed->key.text));
}

static void add_sources(StrBuf *out, const Explanation *e, const Judged *judged) {
    Arena *arena = e->question->compilation->arena;
    GrantSourceVec sources = {0};
    explain_sources(e, judged, &sources);
    for (size_t i = 0; i < sources.count; i++) {
        const GrantSource *source = &sources.items[i];
        Str given = explain_place(arena, source->origin.given);
        Str asked = explain_place(arena, source->origin.asked);
        add_line(out, "given by",
                 str_format(arena, "%.*s, %.*s", STR_ARG(source->part), STR_ARG(given)));
        add_line(out, "asked for at", asked);
    }
}

static void add_statement(StrBuf *out, const Explanation *e, const Judged *judged) {
    const DocumentStatement *statement = judged->statement;
    strbuf_add_byte(out, '\n');
    escape_text(out, judged->document->name, "");
    strbuf_add(out, STR(", statement "));
    escape_text(out, statement->sid.text, "");
    strbuf_add_byte(out, ' ');
    escape_text(out, effect_text(e->question->compilation->arena, judged), "");
    strbuf_add_byte(out, '\n');
    if (judged->action != NULL) add_line(out, "action", judged->action->text);
    if (judged->resource != NULL && judged->applies == TRUTH_YES)
        add_line(out, "resource", judged->resource->text);
    else
        add_lines(out, "resource", &statement->resources);
    for (size_t i = 0; i < statement->conditions.count; i++)
        add_condition(out, &statement->conditions.items[i]);
    add_sources(out, e, judged);
}

// What is attached to the role by name: its text is not here.
static void add_attached(StrBuf *out, const Explanation *e) {
    const Role *role = e->question->role;
    StrVec names = {0};
    for (size_t i = 0; e->maybe_managed && i < role->managed.count; i++)
        VEC_PUSH(out->arena, &names, role->managed.items[i].name);
    if (names.count > 0) add_list(out, "attached", &names);
    if (e->boundary.length > 0) add_line(out, "boundary", e->boundary);
}

// Which parts could allow it, where no statement that is chosen is about it.
static void add_givers(StrBuf *out, const Explanation *e) {
    const Compilation *c = e->question->compilation;
    StrVec givers = {0};
    if (e->verdict != VERDICT_DENIED || e->evaluation.judged.count > 0) return;
    explain_givers(c->arena, c->library, action_text(e->action), &givers);
    if (givers.count > 0)
        add_list(out, "can be given by", &givers);
    else
        add_line(out, "can be given by", STR("nothing that can be chosen"));
}

static void add_resource_types(StrBuf *out, ActionId action) {
    size_t count = action_resource_count(action);
    if (count == 0) add_line(out, "resource types", STR("none: it takes only \"*\""));
    for (size_t i = 0; i < count; i++) {
        UsedResource used = action_resource(action, i);
        for (size_t k = 0; k < resource_arn_count(used.id); k++) {
            Str name = resource_name(used.id), form = resource_arn(used.id, k);
            Str text = k > 0 ? str_format(out->arena, "  %.*s", STR_ARG(form))
                             : str_format(out->arena, "%.*s%s: %.*s", STR_ARG(name),
                                          used.required ? " (required)" : "", STR_ARG(form));
            add_line(out, i + k == 0 ? "resource types" : "", text);
        }
    }
}

static void add_facts(StrBuf *out, const Explanation *e) {
    Arena *arena = e->question->compilation->arena;
    StrVec keys = explain_keys(arena, e->action);
    strbuf_add_byte(out, '\n');
    add_line(out, "access level", access_levels_text(arena, action_access(e->action)));
    add_resource_types(out, e->action);
    if (keys.count > 0)
        add_list(out, "condition keys", &keys);
    else
        add_line(out, "condition keys", STR("only those that every request has"));
}

void explain_write_text(StrBuf *out, const Explanation *e) {
    const Compilation *c = e->question->compilation;
    add_verdict(out, e);
    add_line(out, "action", action_text(e->action));
    if (e->question->resource.length > 0) add_line(out, "on", e->question->resource);
    add_line(out, "role",
             str_format(c->arena, "%.*s of %.*s", STR_ARG(e->question->role->id),
                        STR_ARG(c->manifest.name)));
    add_attached(out, e);
    add_givers(out, e);
    for (size_t i = 0; i < e->evaluation.judged.count; i++)
        add_statement(out, e, &e->evaluation.judged.items[i]);
    add_facts(out, e);
}
