// What the command line tells of a request: its context and its resource.
#include "base/nearest.h"
#include "command/explain.h"
#include "model/arn.h"
#include "model/global_key.h"
#include "policy/fill.h"

// Of one request: its keys are searched one by one, and no request has as many.
enum { MOST_CONTEXT = 1000 };

static ContextKey *find_or_add(Run *run, ContextKeyVec *context, Str key) {
    for (size_t i = 0; i < context->count; i++) {
        if (str_equal_ignoring_case(context->items[i].key, key)) return &context->items[i];
    }
    VEC_PUSH(run->arena, context, ((ContextKey){.key = key}));
    return &context->items[context->count - 1];
}

// KEY=VALUE, or KEY! for a key that the request does not have.
static bool read_one(Run *run, Str text, ContextKeyVec *context) {
    size_t equals = str_find_byte(text, '=', 0), before = context->count;
    bool absent = equals == text.length && str_ends_with(text, STR("!"));
    Str key = str_slice(text, 0, absent ? text.length - 1 : equals);
    if (key.length == 0 || (equals == text.length && !absent)) {
        run_usage_error(run,
                        "--context takes KEY=VALUE, or KEY! for a key that is absent, not '%.*s'",
                        STR_ARG(text));
        return false;
    }
    ContextKey *entry = find_or_add(run, context, key);
    bool is_new = context->count > before;
    if (!is_new && absent != (entry->values.count == 0)) {
        run_usage_error(run, "--context says of '%.*s' that it is absent, and gives it a value",
                        STR_ARG(key));
        return false;
    }
    if (!absent) VEC_PUSH(run->arena, &entry->values, str_slice(text, equals + 1, text.length));
    return true;
}

// Where `known` ends in a name that the caller chooses, any may stand there.
static bool is_written_so(Str known, Str key) {
    size_t brace = str_find(known, STR("${"), 0), angle = str_find_byte(known, '<', 0);
    size_t stem = brace < angle ? brace : angle;
    return stem < known.length
               ? key.length > stem &&
                     str_equal_ignoring_case(str_slice(known, 0, stem), str_slice(key, 0, stem))
               : str_equal_ignoring_case(known, key);
}

// The keys that begin as this one does, before its colon.
static void add_keys_alike(Run *run, Str key, StrVec *ret_keys) {
    Str prefix = str_slice(key, 0, str_find_byte(key, ':', 0));
    ServiceId service = 0;
    if (str_equal_ignoring_case(prefix, STR("aws"))) {
        for (size_t i = 0; i < global_key_count(); i++)
            VEC_PUSH(run->arena, ret_keys, global_key_at(i).text);
    } else if (catalogue_find_service(prefix, &service)) {
        KeyList keys = service_keys(service);
        for (size_t i = 0; i < keys.count; i++)
            VEC_PUSH(run->arena, ret_keys, key_text(keys.ids[i]));
    }
}

static void warn_unknown_key(Run *run, Str key) {
    StrVec alike = {0};
    KeyId known = 0;
    if (catalogue_find_key(key, &known)) return;
    add_keys_alike(run, key, &alike);
    for (size_t i = 0; i < alike.count; i++) {
        if (is_written_so(alike.items[i], key)) return;
    }
    Str near = nearest_name(key, alike.items, alike.count);
    if (near.length != 0)
        diag_report(run->diags, MSG_UNKNOWN_CONTEXT_KEY, NO_SPAN,
                    "no condition key '%.*s'; did you mean '%.*s'?", STR_ARG(key), STR_ARG(near));
    else
        diag_report(run->diags, MSG_UNKNOWN_CONTEXT_KEY, NO_SPAN, "no condition key '%.*s'",
                    STR_ARG(key));
}

bool explain_read_context(Run *run, ContextKeyVec *ret_context) {
    if (run->options.context.count > MOST_CONTEXT) {
        run_usage_error(run, "--context may be given %d times, not %zu", MOST_CONTEXT,
                        run->options.context.count);
        return false;
    }
    for (size_t i = 0; i < run->options.context.count; i++) {
        if (!read_one(run, run->options.context.items[i], ret_context)) return false;
    }
    for (size_t i = 0; i < ret_context->count; i++)
        warn_unknown_key(run, ret_context->items[i].key);
    return true;
}

bool explain_check_resource(Run *run, Str resource) {
    Arn arn;
    if (has_wildcard(resource))
        run_usage_error(run,
                        "RESOURCE is one resource, and '%.*s' has a wildcard; leave it out to "
                        "ask about all",
                        STR_ARG(resource));
    else if (!arn_parse(resource, &arn))
        run_usage_error(run,
                        "RESOURCE is an ARN (arn:partition:service:region:account:resource), "
                        "not '%.*s'",
                        STR_ARG(resource));
    else
        return true;
    return false;
}

// "arn:${Partition}:s3:::${BucketName}/${KeyName}" to a pattern of wildcards.
static Str form_to_pattern(Arena *arena, Str form) {
    StrBuf pattern = strbuf_new(arena);
    for (size_t i = 0; i < form.length; i++) {
        size_t close = form.data[i] == '$' ? str_find_byte(form, '}', i) : form.length;
        if (close < form.length) {
            strbuf_add_byte(&pattern, '*');
            i = close;
        } else {
            strbuf_add_byte(&pattern, form.data[i]);
        }
    }
    return strbuf_str(&pattern);
}

static bool fits_form(Arena *arena, Str form, Str arn) {
    Request nothing = {0};
    FillRules rules = {.wildcards = true};
    Filled filled = fill(arena, form_to_pattern(arena, form), rules, &nothing);
    return filled_matches(&filled, arn, false) == TRUTH_YES;
}

static bool fits_type(Arena *arena, ResourceId type, Str arn) {
    for (size_t i = 0; i < resource_arn_count(type); i++) {
        if (fits_form(arena, resource_arn(type, i), arn)) return true;
    }
    return false;
}

static bool fits_action(Arena *arena, ActionId action, Str arn) {
    for (size_t i = 0; i < action_resource_count(action); i++) {
        if (fits_type(arena, action_resource(action, i).id, arn)) return true;
    }
    return false;
}

// Each type is looked at once, whatever the number of actions that take it.
void explain_keep_askable(Arena *arena, ActionSet actions, Str resource) {
    enum { UNSEEN, UNFIT, FIT };
    char *types = arena_alloc(arena, UINT16_MAX + 1);
    ActionSet kept = action_set_new(arena);
    for (ActionId action = 0; action_set_next(actions, &action); action++) {
        for (size_t i = 0; i < action_resource_count(action); i++) {
            ResourceId type = action_resource(action, i).id;
            if (types[type] == UNSEEN) types[type] = fits_type(arena, type, resource) ? FIT : UNFIT;
            if (types[type] == FIT) action_set_add(kept, action);
        }
    }
    action_set_intersect(actions, kept);
}

void explain_warn_never_asked(Run *run, const Question *question) {
    diag_report(run->diags, MSG_RESOURCE_NEVER_ASKED, NO_SPAN,
                "no action that matches '%.*s' is ever asked about such a resource",
                STR_ARG(question->pattern));
}

void explain_warn_resource(Run *run, const Question *question, ActionId action) {
    Str name = action_text(action), resource = question->resource;
    Str partition = question->compilation->manifest.partition.id;
    Arn arn;
    if (resource.length == 0 || !arn_parse(resource, &arn)) return;
    if (action_resource_count(action) == 0)
        diag_report(run->diags, MSG_RESOURCE_NEVER_ASKED, NO_SPAN,
                    "'%.*s' is never asked about a resource, so the answer is that for \"*\"",
                    STR_ARG(name));
    else if (!fits_action(run->arena, action, resource))
        diag_report(run->diags, MSG_RESOURCE_NEVER_ASKED, NO_SPAN,
                    "'%.*s' is never asked about such a resource; it takes those of the types "
                    "below",
                    STR_ARG(name));
    else if (!str_equal(arn.partition, partition))
        diag_report(run->diags, MSG_RESOURCE_NEVER_ASKED, NO_SPAN,
                    "the role is of the partition '%.*s', and the resource of '%.*s'",
                    STR_ARG(partition), STR_ARG(arn.partition));
}
