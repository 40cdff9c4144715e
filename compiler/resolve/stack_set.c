// What a stack set reaches, and whether CloudFormation would take it.
//
// Sources: CloudFormation User Guide, "StackSets concepts", "Enable or disable automatic
// deployments for StackSets in AWS Organizations", "Choose the Concurrency Mode for CloudFormation
// StackSets"; Template Reference, AWS::CloudFormation::StackSet and its properties; for what its
// handler refuses
// github.com/aws-cloudformation/aws-cloudformation-resource-providers-cloudformation,
// aws-cloudformation-stackset.
#include "base/map.h"
#include "resolve/resolver.h"

static Node settings_of(const Resolver *r) {
    return r->manifest->stack_set.settings;
}

static bool is_self_administered(const Resolver *r) {
    return r->manifest->stack_set.service_managed &&
           !node_is_string(NODE_GET(settings_of(r), "call_as"), STR("delegated-admin"));
}

// `one` cannot stand beside `other`.
static void report_conflict(Resolver *r, Node one, Node other, const char *why) {
    Diagnostic *d = diag_report(r->diags, MSG_CONFLICTING_KEYS, node_key_span(one), "%s", why);
    if (node_exists(other)) diag_note(r->diags, d, node_key_span(other), "the other is here");
}

// --- which model ---

// Keys that only one of the two permission models has.
static const struct {
    const char *key;
    bool service_managed;
} model_keys[] = {
    {"organizational_units", true}, {"auto_deployment", true}, {"call_as", true},
    {"administration_role", false}, {"execution_role", false},
};

static const char *const model_names[] = {[false] = "self-managed", [true] = "service-managed"};

static bool is_service_managed(Node settings) {
    Node model = NODE_GET(settings, "permission_model");
    return node_exists(model) ? node_is_string(model, STR("service-managed"))
                              : node_exists(NODE_GET(settings, "organizational_units"));
}

static bool check_model(Resolver *r) {
    Node settings = settings_of(r), model = NODE_GET(settings, "permission_model");
    bool service_managed = r->manifest->stack_set.service_managed, ok = true;
    if (!node_exists(model)) model = NODE_GET(settings, "organizational_units");
    for (size_t i = 0; i < sizeof model_keys / sizeof *model_keys; i++) {
        Node key = node_get(settings, str_of(model_keys[i].key));
        if (!node_exists(key) || model_keys[i].service_managed == service_managed) continue;
        ok = false;
        Diagnostic *d = diag_report(r->diags, MSG_CONFLICTING_KEYS, node_key_span(key),
                                    "'%s' is for %s sets, and this one is %s", model_keys[i].key,
                                    model_names[!service_managed], model_names[service_managed]);
        if (node_exists(model)) diag_note(r->diags, d, node_key_span(model), "this makes it so");
    }
    return ok;
}

// --- whom it reaches ---

static bool spans_accounts(const Resolver *r) {
    const StackSet *set = &r->manifest->stack_set;
    NODE_EACH(entry, set->accounts) {
        if (!str_equal(node_text(NODE_GET(entry, "account")), r->manifest->account)) return true;
    }
    return set->service_managed;
}

static void check_target(Resolver *r) {
    const StackSet *set = &r->manifest->stack_set;
    bool has_units = node_exists(NODE_GET(set->settings, "organizational_units"));
    if (set->service_managed ? has_units : node_exists(set->accounts)) return;
    if (node_exists(r->original)) return; // it may have been refused
    Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_TARGET, node_key_span(set->settings),
                                "this stack set reaches no account");
    if (set->service_managed)
        diag_note(r->diags, d, NO_SPAN, "a service-managed set needs 'organizational_units'");
    else
        diag_note(r->diags, d, NO_SPAN,
                  "give 'organizational_units' in it, or 'accounts' at the top of the manifest");
}

static void check_accounts(Resolver *r) {
    const StackSet *set = &r->manifest->stack_set;
    Node *found = ARENA_ARRAY(r->arena, Node, node_count(set->accounts));
    uint32_t count = 0;
    StrMap seen = {0};
    NODE_EACH(entry, set->accounts) {
        Node account = NODE_GET(entry, "account");
        uint32_t first = 0;
        if (!node_exists(account)) continue; // it was refused
        if (strmap_get(&seen, node_text(account), &first)) {
            Diagnostic *d =
                diag_report(r->diags, MSG_CONFLICTING_KEYS, node_span(account),
                            "account %.*s is listed twice", STR_ARG(node_text(account)));
            diag_note(r->diags, d, node_span(found[first]), "the other is here");
        }
        if (is_self_administered(r) && str_equal(node_text(account), r->manifest->account))
            diag_report(r->diags, MSG_STACK_SET_TARGET, node_span(account),
                        "a service-managed set never reaches the management account, from which "
                        "it is administered");
        strmap_set(r->arena, &seen, node_text(account), count);
        found[count++] = account;
    }
}

// --- how it rolls out ---

// IAM is global: a second region would make every role and policy again, under the same names.
static void check_regions(Resolver *r) {
    Node regions = NODE_GET(settings_of(r), "regions");
    if (node_count(regions) > 1) {
        Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_REGIONS, node_key_span(regions),
                                    "a stack in each of %u regions would make the roles %u times",
                                    node_count(regions), node_count(regions));
        diag_note(r->diags, d, NO_SPAN,
                  "roles hold in all regions of their account: name the one that the stack is in");
    }
    NODE_EACH(region, regions) check_region(r, region, node_text(region));
}

static void check_auto_deployment(Resolver *r) {
    Node deployment = NODE_GET(settings_of(r), "auto_deployment");
    Node enabled = NODE_GET(deployment, "enabled"), retain = NODE_GET(deployment, "retain_stacks");
    Node accounts = r->manifest->stack_set.accounts;
    if (node_exists(accounts) && node_is_true(enabled))
        report_conflict(r, enabled, accounts,
                        "automatic deployment does not look at 'accounts': it would reach every "
                        "account that joins the organizational units");
    if (node_exists(retain) && node_exists(enabled) && !node_is_true(enabled))
        report_conflict(r, retain, enabled,
                        "'retain_stacks' means nothing where automatic deployment is off");
}

static void check_preferences(Resolver *r) {
    Node all = NODE_GET(settings_of(r), "operation_preferences");
    Node count = NODE_GET(all, "max_concurrent_count");
    Node percentage = NODE_GET(all, "max_concurrent_percentage");
    Node tolerance = NODE_GET(all, "failure_tolerance_count");
    Node tolerated_percentage = NODE_GET(all, "failure_tolerance_percentage");
    bool soft = node_is_string(NODE_GET(all, "concurrency_mode"), STR("soft"));
    if (node_exists(count) && node_exists(percentage))
        report_conflict(r, percentage, count, "how many accounts at a time is said twice");
    if (node_exists(tolerance) && node_exists(tolerated_percentage))
        report_conflict(r, tolerated_percentage, tolerance, "how many may fail is said twice");
    else if (!soft && node_exists(count) && !node_exists(tolerated_percentage) &&
             node_number(count) > node_number(tolerance) + 1)
        report_conflict(r, count, tolerance,
                        "at most one account more at a time than 'failure_tolerance_count' lets "
                        "fail, unless 'concurrency_mode' is soft");
}

void resolve_stack_set(Resolver *r) {
    StackSet *set = &r->manifest->stack_set;
    Node settings = NODE_GET(r->manifest->root, "stack_set");
    if (!node_exists(settings)) return;
    set->settings = settings;
    set->accounts = NODE_GET(r->manifest->root, "accounts");
    set->service_managed = is_service_managed(settings);
    set->spans_accounts = spans_accounts(r);
    Node administration = NODE_GET(settings, "administration_role");
    if (node_exists(administration)) check_arn(r, administration, false);
    if (!check_model(r)) return;
    check_target(r);
    check_accounts(r);
    check_regions(r);
    check_auto_deployment(r);
    check_preferences(r);
}

// --- external ids ---

Node stack_set_external_id(const Resolver *r) {
    NODE_EACH(entry, r->manifest->stack_set.accounts) {
        Node external_id = NODE_GET(entry, "external_id");
        if (node_exists(external_id)) return external_id;
    }
    return NO_NODE;
}

static void report_no_external_id(Resolver *r, Span span, const Role *role) {
    Diagnostic *d =
        diag_report(r->diags, MSG_STACK_SET_EXTERNAL_ID, span,
                    "role '%.*s' needs an external id in each account", STR_ARG(role->id));
    diag_note(r->diags, d, NO_SPAN,
              "list the accounts, 'accounts: [{account: …, external_id: …}]', or let the stacks "
              "make the ids: 'connect: automatic'");
}

static void report_shared_external_id(Resolver *r, Node given, const Role *role) {
    Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_EXTERNAL_ID, node_key_span(given),
                                "an external id is that of one account, and this stack set makes "
                                "role '%.*s' in several",
                                STR_ARG(role->id));
    diag_note(r->diags, d, NO_SPAN, "give each of 'accounts' its own 'external_id'");
}

static void check_repeated_external_ids(Resolver *r) {
    StrMap seen = {0};
    Node *found = ARENA_ARRAY(r->arena, Node, node_count(r->manifest->stack_set.accounts));
    uint32_t count = 0, first = 0;
    NODE_EACH(entry, r->manifest->stack_set.accounts) {
        Node id = NODE_GET(entry, "external_id");
        if (!node_exists(id)) continue; // that is told
        if (strmap_get(&seen, node_text(id), &first)) {
            Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_EXTERNAL_ID, node_span(id),
                                        "an external id is that of one account, and this one is "
                                        "given to two");
            diag_note(r->diags, d, node_span(found[first]), "the other is here");
            continue;
        }
        strmap_set(r->arena, &seen, node_text(id), count);
        found[count++] = id;
    }
}

// CloudFormation's handler knows one set of parameters for an organizational unit.
static void check_overrides(Resolver *r) {
    const StackSet *set = &r->manifest->stack_set;
    if (!set->service_managed || node_count(set->accounts) < 2 || !is_certain(r)) return;
    Diagnostic *d = diag_report(
        r->diags, MSG_STACK_SET_OVERRIDES, node_key_span(set->accounts),
        "CloudFormation may refuse an external id for each account of an organizational unit");
    diag_note(r->diags, d, NO_SPAN,
              "AWS::CloudFormation::StackSet takes one set of parameters for a unit; "
              "'connect: automatic' and self-managed sets are free of it");
}

void resolve_external_ids_of_accounts(Resolver *r, Role *role) {
    const StackSet *set = &r->manifest->stack_set;
    Node own = NODE_GET(role->settings, "external_id");
    Node top = NODE_GET(r->manifest->root, "external_id");
    role->external_id_by_account = true;
    if (node_exists(own) || node_exists(top)) {
        report_shared_external_id(r, node_exists(own) ? own : top, role);
        return;
    }
    if (is_lost(r, STR("external_id")) || is_lost(r, STR("accounts"))) return;
    if (!node_exists(set->accounts)) report_no_external_id(r, node_key_span(set->settings), role);
    NODE_EACH(entry, set->accounts) {
        if (!node_exists(NODE_GET(entry, "external_id")))
            report_no_external_id(r, node_span(NODE_GET(entry, "account")), role);
    }
    check_repeated_external_ids(r);
    check_overrides(r);
}

// --- what it cannot take along ---

static void check_parts(Resolver *r) {
    const Selection *selection = r->selection;
    for (size_t i = 0; i < selection->template_parts.count; i++) {
        const TemplatePart *part = &selection->template_parts.items[i];
        if (!node_exists(part->single_account)) continue;
        Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_SINGLE_ACCOUNT, part->asked,
                                    "this can be made in one account only, and the stack set "
                                    "reaches several");
        diag_note(r->diags, d, node_span(part->single_account), "%.*s",
                  STR_ARG(node_text(part->single_account)));
        diag_note(r->diags, d, NO_SPAN, "ask for it in a manifest of its own, for one account");
    }
}

// A VPC is of one account: with fewer of them than accounts, some account has none.
static void check_vpcs(Resolver *r) {
    Node vpcs = NODE_GET(NODE_GET(r->manifest->root, "restrict"), "vpcs");
    const StackSet *set = &r->manifest->stack_set;
    if (!node_exists(vpcs)) return;
    if (node_exists(set->accounts) && node_count(vpcs) >= node_count(set->accounts)) return;
    Diagnostic *d = diag_report(r->diags, MSG_STACK_SET_VPCS, node_key_span(vpcs),
                                "these VPCs are not in all accounts of the stack set: a VPC is of "
                                "one account");
    diag_note(r->diags, d, NO_SPAN,
              "where an account has none of them, what needs a VPC is denied there");
}

// Of the one account that it reaches.
static void check_external_id(Resolver *r) {
    Node top = NODE_GET(r->manifest->root, "external_id"), listed = stack_set_external_id(r);
    if (node_exists(top) && node_exists(listed))
        report_conflict(r, listed, top, "the external id of this account is said twice");
}

void check_stack_set(Resolver *r) {
    if (r->manifest->stack_set.spans_accounts) {
        check_parts(r);
        check_vpcs(r);
    } else {
        check_external_id(r);
    }
    if (is_self_administered(r) && is_certain(r))
        diag_report(r->diags, MSG_STACK_SET_MANAGEMENT_ACCOUNT,
                    node_key_span(NODE_GET(settings_of(r), "organizational_units")),
                    "the set does not reach %.*s itself, the management account: a stack there "
                    "is deployed by itself",
                    STR_ARG(r->manifest->account));
}
