// Checks of the parts of an ARN, each by itself.
#include "lint/entries.h"
#include "lint/symbolic.h"
#include "model/arn.h"
#include "model/endpoint.h"
#include "model/partition.h"

// Whether the text can be no ARN as far as it is known; what begins with a placeholder can be one.
static bool is_no_arn(Str text) {
    if (arn_is_meant(text)) return false;
    return !(is_symbolic(text) && str_starts_with(text, STR("${")));
}

static size_t count_parts(Str text) {
    size_t parts = 1;
    for (size_t at = 0; (at = str_find_byte(text, ':', at)) < text.length; at++) parts++;
    return parts;
}

void check_malformed_arn(Lint *lint, const Unit *unit) {
    Str text = unit->resource->text;
    Arn arn;
    if (names_every_resource(lint_arena(lint), text)) return;
    if (is_no_arn(text))
        lint_report(lint, unit->resource->span, "'%.*s' is no ARN: it does not begin with 'arn:'",
                    STR_ARG(text));
    else if (is_symbolic(text) || arn_parse(symbolic_pattern(lint_arena(lint), text), &arn))
        return;
    else if (count_parts(text) < 6)
        lint_report(lint, unit->resource->span,
                    "'%.*s' is no ARN: it has %zu parts, not "
                    "arn:partition:service:region:account:resource",
                    STR_ARG(text), count_parts(text));
    else
        lint_report(lint, unit->resource->span,
                    "'%.*s' is no ARN: its partition, service or resource is empty", STR_ARG(text));
}

// The parts of the entry that is looked at, with `*` for what is filled in later.
static bool read_arn(Lint *lint, const Unit *unit, Arn *ret_arn) {
    return arn_parse(symbolic_pattern(lint_arena(lint), unit->resource->text), ret_arn);
}

static bool is_partition(Str id) {
    Partition partition;
    return partition_find(id, &partition) && str_equal(partition.id, id);
}

// What looking something up in the table of partitions costs.
enum { PARTITION_STEPS = 100, REGION_STEPS = 2000 };

static Str nearest_partition(Lint *lint, Str id) {
    Arena *arena = lint_arena(lint);
    StrVec names = {0}, ids = {0};
    Partition partition;
    partition_names(arena, &names);
    for (size_t i = 0; i < names.count && lint_spend(lint, PARTITION_STEPS); i++) {
        if (partition_find(names.items[i], &partition)) VEC_PUSH(arena, &ids, partition.id);
    }
    return lint_nearest(lint, id, &ids);
}

void check_arn_partition(Lint *lint, const Unit *unit) {
    Arn arn;
    if (!read_arn(lint, unit, &arn) || has_wildcard(arn.partition) || is_partition(arn.partition))
        return;
    Str near = nearest_partition(lint, arn.partition);
    if (near.length == 0)
        lint_report(lint, unit->resource->span, "no partition '%.*s' is known",
                    STR_ARG(arn.partition));
    else
        lint_report(lint, unit->resource->span,
                    "no partition '%.*s' is known; did you mean '%.*s'?", STR_ARG(arn.partition),
                    STR_ARG(near));
}

void check_arn_endpoint(Lint *lint, const Unit *unit) {
    Arn arn;
    Partition partition;
    ServiceId service;
    if (!read_arn(lint, unit, &arn) || !is_partition(arn.partition) ||
        !partition_find(arn.partition, &partition) ||
        !catalogue_find_service(arn.service, &service) || !lint_spend(lint, PARTITION_STEPS) ||
        endpoint_of(service, &partition) != ENDPOINT_NONE)
        return;
    Str name = service_name(service);
    lint_report(lint, unit->resource->span, "%.*s is not offered in %.*s", STR_ARG(name),
                STR_ARG(partition.name));
}

static bool has_forms(Lint *lint, Str service) {
    const ArnForms *forms = lint_arn_forms(lint);
    for (size_t i = 0; i < forms->foreign.count; i++) {
        if (str_equal(forms->foreign.items[i].service, service)) return true;
    }
    return false;
}

static Str nearest_service(Lint *lint, Str service) {
    StrVec prefixes = {0};
    for (ServiceId i = 0; i < catalogue_service_count() && lint_spend(lint, 1); i++)
        VEC_PUSH(lint_arena(lint), &prefixes, service_prefix(i));
    return lint_nearest(lint, service, &prefixes);
}

static void report_unknown_part(Lint *lint, const Unit *unit, const char *what, Str part,
                                Str near) {
    Span span = unit->resource->span;
    if (near.length == 0)
        lint_report(lint, span, "no %s '%.*s' is known", what, STR_ARG(part));
    else
        lint_report(lint, span, "no %s '%.*s' is known; did you mean '%.*s'?", what, STR_ARG(part),
                    STR_ARG(near));
}

static void report_service(Lint *lint, const Unit *unit, Str service) {
    Str near = nearest_service(lint, service);
    report_unknown_part(lint, unit, "service", service, near);
}

void check_arn_service(Lint *lint, const Unit *unit) {
    Arn arn;
    ServiceId service;
    if (names_every_resource(lint_arena(lint), unit->resource->text) ||
        !read_arn(lint, unit, &arn) || is_symbolic(unit->resource->text))
        return;
    bool is_known = catalogue_find_service(arn.service, &service);
    if (has_wildcard(arn.service))
        lint_report(lint, unit->resource->span,
                    "the service of an ARN cannot have a wildcard: '%.*s'", STR_ARG(arn.service));
    else if (is_known && !str_equal(service_prefix(service), arn.service))
        lint_report(lint, unit->resource->span,
                    "the service of an ARN is in lower case: '%.*s', not '%.*s'",
                    STR_ARG(service_prefix(service)), STR_ARG(arn.service));
    else if (!is_known && !has_forms(lint, arn.service))
        report_service(lint, unit, arn.service);
}

// Regions come up, but a text that is near to one that is known is more likely a slip.
static void report_unlisted_region(Lint *lint, const Unit *unit, const Partition *partition,
                                   Str region) {
    StrVec regions = {0};
    partition_regions(lint_arena(lint), partition, &regions);
    Str near = lint_nearest(lint, region, &regions);
    report_unknown_part(lint, unit, "region", region, near);
}

void check_arn_region(Lint *lint, const Unit *unit) {
    Arn arn;
    Partition found;
    if (!read_arn(lint, unit, &arn) || arn.region.length == 0 || has_wildcard(arn.region) ||
        !lint_spend(lint, REGION_STEPS))
        return;
    if (!partition_of_region(lint_arena(lint), arn.region, &found))
        lint_report(lint, unit->resource->span, "'%.*s' is not a region of any partition",
                    STR_ARG(arn.region));
    else if (is_partition(arn.partition) && !str_equal(found.id, arn.partition))
        lint_report(lint, unit->resource->span,
                    "region '%.*s' is of partition '%.*s', but the ARN is of '%.*s'",
                    STR_ARG(arn.region), STR_ARG(found.id), STR_ARG(arn.partition));
    else if (!partition_lists_region(lint_arena(lint), &found, arn.region))
        report_unlisted_region(lint, unit, &found, arn.region);
}

// What stands in the place of an account where AWS owns the resource, such as "aws".
static bool is_account_of_a_form(Lint *lint, const Arn *arn) {
    ArnForms *forms = lint_arn_forms(lint);
    const ArnFormVec *lists[] = {arn_forms_of(forms, arn->service), &forms->foreign};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t k = 0; k < lists[i]->count; k++) {
            const ArnForm *form = &lists[i]->items[k];
            if (str_equal(form->service, arn->service) && str_equal(form->account, arn->account))
                return true;
        }
    }
    return false;
}

void check_arn_account(Lint *lint, const Unit *unit) {
    Arn arn;
    if (!read_arn(lint, unit, &arn) || arn.account.length == 0 || has_wildcard(arn.account) ||
        is_account_id(arn.account) || is_account_of_a_form(lint, &arn))
        return;
    lint_report(lint, unit->resource->span, "'%.*s' is not an account: 12 digits",
                STR_ARG(arn.account));
}

void check_fixed_partition(Lint *lint, const Unit *unit) {
    Arn arn;
    if (!is_symbolic(unit->resource->text) || !read_arn(lint, unit, &arn) ||
        !is_partition(arn.partition))
        return;
    lint_report(lint, unit->resource->span,
                "this ARN is filled in, but its partition is always '%.*s'",
                STR_ARG(arn.partition));
}
