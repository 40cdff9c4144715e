// Grants to statements, and statements to policies within the quotas.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"
#include "emit/document.h"
#include "emit/json.h"
#include "layout/layout.h"
#include "layout/sids.h"
#include "layout/statements.h"
#include "model/quota.h"
#include "policy/match.h"

enum { CHARACTERS = 6144, ATTACHMENTS = 10 };

// A selection with its grants, as lower makes them.
typedef struct Fixture {
    Arena arena;
    Diags diags;
    TreeBuilder bundle; // where the chosen statements have their Sids
    Manifest manifest;
    Selection selection;
    GrantVec grants;
} Fixture;

static const ConditionVec no_conditions;

static void no_memory(void *context) {
    (void)context;
    abort();
}

static int set_up(void **state) {
    static Fixture fixture;
    fixture = (Fixture){0};
    arena_init(&fixture.arena, no_memory, NULL);
    diags_init(&fixture.diags, &fixture.arena, 20);
    tree_begin(&fixture.bundle, &fixture.arena, NULL);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *f = *state;
    arena_free(&f->arena);
    return 0;
}

// --- making a selection ---

static StrVec words(Arena *arena, const char *text) {
    StrVec result = {0};
    Str all = str_of(text);
    for (size_t at = 0, end; at < all.length; at = end + 1) {
        end = str_find_byte(all, ' ', at);
        VEC_PUSH(arena, &result, str_slice(all, at, end));
    }
    return result;
}

// operator, key, value …, each condition with one value.
static const ConditionVec *conditions(Arena *arena, const char *text) {
    ConditionVec *result = ARENA_NEW(arena, ConditionVec);
    StrVec parts = words(arena, text);
    for (size_t i = 0; i < parts.count; i += 3) {
        Condition condition = {.operator= parts.items[i], .key = parts.items[i + 1]};
        VEC_PUSH(arena, &condition.values, parts.items[i + 2]);
        VEC_PUSH(arena, result, condition);
    }
    return result;
}

static Role *role_of(Fixture *f, const char *id) {
    for (size_t i = 0; i < f->selection.roles.count; i++) {
        if (str_equal(f->selection.roles.items[i].id, str_of(id)))
            return &f->selection.roles.items[i];
    }
    VEC_PUSH(&f->arena, &f->selection.roles, ((Role){.id = str_of(id)}));
    return &f->selection.roles.items[f->selection.roles.count - 1];
}

// Chooses a statement without grants.
static void choose(Fixture *f, const char *role, const char *sid) {
    uint32_t node = tree_mapping(&f->bundle);
    tree_put(&f->bundle, node, STR("sid"), tree_string(&f->bundle, str_of(sid)));
    (void)role_of(f, role);
    VEC_PUSH(&f->arena, &f->selection.statements,
             ((ChosenStatement){.node = {&f->bundle.tree, node}, .role = str_of(role)}));
}

// Grants more with the statement that was chosen last.
static void grant(Fixture *f, const char *actions, const char *resources, const char *only_if) {
    StrVec all = words(&f->arena, actions), on = words(&f->arena, resources);
    Grant grant = {.statement = (uint32_t)f->selection.statements.count - 1,
                   .conditions =
                       *only_if == '\0' ? &no_conditions : conditions(&f->arena, only_if)};
    for (size_t i = 0; i < all.count; i++) {
        for (size_t k = 0; k < on.count; k++) {
            grant.action = all.items[i];
            grant.resource = on.items[k];
            VEC_PUSH(&f->arena, &f->grants, grant);
        }
    }
}

static void give(Fixture *f, const char *role, const char *sid, const char *actions,
                 const char *resources) {
    choose(f, role, sid);
    grant(f, actions, resources, "");
}

// `count` names that begin alike, with spaces between; each has `length` characters.
static const char *many(Arena *arena, const char *beginning, size_t count, size_t length) {
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < count; i++)
        strbuf_add_format(&text, "%s%s%0*zu", i == 0 ? "" : " ", beginning,
                          (int)(length - strlen(beginning)), i);
    return str_to_c(arena, strbuf_str(&text));
}

static bool lay_out(Fixture *f) {
    return layout(&f->arena, &f->diags, &f->manifest, &f->grants, &f->selection);
}

// --- looking at policies ---

static size_t measure(Arena *arena, const Policy *policy) {
    TreeBuilder builder;
    tree_begin(&builder, arena, NULL);
    DocumentStyle style = {0};
    uint32_t root = document_of_policy(&builder, policy, &style);
    return json_minified_characters(arena, (Node){&builder.tree, root});
}

// "Sid Sid | Sid": the statements of each policy of a role.
static const char *describe(Fixture *f, const char *role) {
    const PolicyVec *policies = &role_of(f, role)->policies;
    StrBuf text = strbuf_new(&f->arena);
    for (size_t i = 0; i < policies->count; i++) {
        if (i > 0) strbuf_add(&text, STR(" |"));
        for (size_t k = 0; k < policies->items[i].statements.count; k++)
            strbuf_add_format(&text, "%s%.*s", i + k == 0 ? "" : " ",
                              STR_ARG(policies->items[i].statements.items[k].sid));
    }
    return str_to_c(&f->arena, strbuf_str(&text));
}

// That each action stands for something that it covers.
static void check_given(Fixture *f, const Statement *statement) {
    for (size_t i = 0; i < statement->actions.count; i++) {
        const GivenVec *given = &statement->given[i];
        assert_true(given->count > 0);
        for (size_t k = 0; k < given->count; k++)
            assert_true(
                action_covers(&f->arena, statement->actions.items[i], given->items[k].action));
    }
}

// What holds of every result: sizes are what jansson would write, within the quota, no Sid stands
// twice in a role, and who gave the actions is known.
static void check_policies(Fixture *f) {
    for (size_t r = 0; r < f->selection.roles.count; r++) {
        const Role *role = &f->selection.roles.items[r];
        StrMap sids = {0};
        assert_true(role->policies.count + role->managed.count <= ATTACHMENTS);
        for (size_t i = 0; i < role->policies.count; i++) {
            const Policy *policy = &role->policies.items[i];
            assert_int_equal(policy->characters, measure(&f->arena, policy));
            assert_true(policy->characters <= CHARACTERS);
            for (size_t k = 0; k < policy->statements.count; k++) {
                assert_true(strmap_set(&f->arena, &sids, policy->statements.items[k].sid, 0));
                check_given(f, &policy->statements.items[k]);
            }
        }
    }
}

static void add_statement_grants(Arena *arena, const Statement *s, StrVec *found) {
    for (size_t a = 0; a < s->actions.count; a++) {
        for (size_t b = 0; b < s->resources.count; b++)
            VEC_PUSH(arena, found,
                     str_format(arena, "%.*s %.*s", STR_ARG(s->actions.items[a]),
                                STR_ARG(s->resources.items[b])));
    }
}

static const char *sorted_lines(Arena *arena, StrVec *lines) {
    StrBuf text = strbuf_new(arena);
    str_sort(lines->items, lines->count);
    for (size_t i = 0; i < lines->count; i++)
        strbuf_add_format(&text, "%.*s\n", STR_ARG(lines->items[i]));
    return str_to_c(arena, strbuf_str(&text));
}

// That the role's policies grant each grant exactly once. For grants without wildcards or repeats.
static void check_grants(Fixture *f, const char *role) {
    const PolicyVec *policies = &role_of(f, role)->policies;
    StrVec found = {0}, wanted = {0};
    for (size_t i = 0; i < policies->count; i++) {
        const StatementVec *statements = &policies->items[i].statements;
        for (size_t k = 0; k < statements->count; k++)
            add_statement_grants(&f->arena, &statements->items[k], &found);
    }
    for (size_t i = 0; i < f->grants.count; i++)
        VEC_PUSH(&f->arena, &wanted,
                 str_format(&f->arena, "%.*s %.*s", STR_ARG(f->grants.items[i].action),
                            STR_ARG(f->grants.items[i].resource)));
    assert_string_equal(sorted_lines(&f->arena, &found), sorted_lines(&f->arena, &wanted));
}

static void check_message(const Fixture *f, const char *name) {
    assert_int_equal(f->diags.items.count, 1);
    assert_string_equal(message_get(f->diags.items.items[0]->id)->name, name);
}

// --- statements ---

// The statements of all grants so far, minified, a line each.
static const char *statements_of(Fixture *f) {
    StatementVec statements = {0};
    statements_from_grants(&f->arena, f->grants.items, f->grants.count, &statements);
    StrBuf text = strbuf_new(&f->arena);
    for (size_t i = 0; i < statements.count; i++) {
        if (i > 0) strbuf_add_byte(&text, '\n');
        statement_minify(&statements.items[i], &text);
    }
    return str_to_c(&f->arena, strbuf_str(&text));
}

static void actions_and_resources_are_sorted_and_single(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "s3:Put s3:Get s3:Put", "arn:b arn:a arn:b");
    assert_string_equal(statements_of(f),
                        "{\"Effect\":\"Allow\",\"Action\":[\"s3:Get\",\"s3:Put\"],"
                        "\"Resource\":[\"arn:a\",\"arn:b\"]}");
}

static void what_a_wildcard_covers_is_left_out(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "s3:GetObject s3:get* s3:Get* ec2:RunInstances s3:PutObject", "arn:a *");
    assert_string_equal(statements_of(f),
                        "{\"Effect\":\"Allow\",\"Action\":[\"ec2:RunInstances\",\"s3:Get*\","
                        "\"s3:PutObject\"],\"Resource\":[\"*\"]}");
}

static void other_resources_and_conditions_make_other_statements(void **state) {
    Fixture *f = *state;
    choose(f, "spot", "A");
    grant(f, "s3:Get s3:Put", "arn:a", "");
    grant(f, "s3:Put", "arn:b", "");
    grant(f, "s3:Get", "arn:a", "Bool k true StringEquals l x StringEquals m y");
    assert_string_equal(
        statements_of(f),
        "{\"Effect\":\"Allow\",\"Action\":[\"s3:Get\"],\"Resource\":[\"arn:a\"]}\n"
        "{\"Effect\":\"Allow\",\"Action\":[\"s3:Put\"],\"Resource\":[\"arn:a\",\"arn:b\"]}\n"
        "{\"Effect\":\"Allow\",\"Action\":[\"s3:Get\"],\"Resource\":[\"arn:a\"],\"Condition\":"
        "{\"Bool\":{\"k\":\"true\"},\"StringEquals\":{\"l\":\"x\",\"m\":\"y\"}}}");
}

static void a_deny_is_never_merged_with_an_allow(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "s3:Get*", "*");
    grant(f, "s3:GetObject", "*", "");
    f->grants.items[1].effect = EFFECT_DENY;
    assert_string_equal(statements_of(f),
                        "{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\"],\"Resource\":[\"*\"]}\n"
                        "{\"Effect\":\"Deny\",\"Action\":[\"s3:GetObject\"],\"Resource\":[\"*\"]}");
}

// --- policies ---

static void statements_stay_in_bundle_order(void **state) {
    Fixture *f = *state;
    give(f, "spot", "C", "c:C", "*");
    give(f, "finops", "F", "f:F", "*");
    give(f, "spot", "A", "a:A", "*");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "C A");
    assert_string_equal(describe(f, "finops"), "F");
    check_policies(f);
}

static void a_repeated_statement_is_left_out(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", "*");
    give(f, "spot", "B", "a:A", "*");
    give(f, "finops", "C", "a:A", "*");
    choose(f, "spot", "D");
    grant(f, "a:A", "*", "Bool k true");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A D");
    assert_string_equal(describe(f, "finops"), "C");
}

static void a_sid_that_is_taken_gets_a_number(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", "*");
    give(f, "spot", "A", "a:B", "*");
    give(f, "spot", "A2", "a:C", "*");
    give(f, "spot", "A", "a:D", "*");
    give(f, "finops", "A", "a:E", "*");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A A3 A2 A4");
    assert_string_equal(describe(f, "finops"), "A");
    check_policies(f);
}

// Three statements of which the first and the last just fit together.
static void policies_are_the_fewest(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", many(&f->arena, "arn:a", 30, 97));
    give(f, "spot", "B", "b:B", many(&f->arena, "arn:b", 40, 97));
    give(f, "spot", "C", "c:C", many(&f->arena, "arn:c", 29, 97));
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A C | B");
    check_policies(f);
    check_grants(f, "spot");
}

#define MINIFIED_A "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"a:A\"],\"Resource\":[\"*\"]},"
#define MINIFIED_B                                                                                \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"B\",\"Effect\":\"Allow\",\"Action\":[" \
    "\"b:B\"],\"Resource\":[\"\"]}]}"

static void check_length(Fixture *f, size_t length) {
    size_t alone = strlen(MINIFIED_B) + length, both = alone + strlen(MINIFIED_A);
    give(f, "spot", "A", "a:A", "*");
    give(f, "spot", "B", "b:B", many(&f->arena, "arn:", 1, length));
    bool ok = lay_out(f);
    assert_int_equal(ok, alone <= CHARACTERS);
    if (!ok) return;
    assert_string_equal(describe(f, "spot"), both <= CHARACTERS ? "A B" : "A | B");
    check_policies(f);
}

// Every size around the quota, for a statement by itself and with another.
static void the_quota_is_used_to_the_last_character(void **state) {
    for (size_t length = 5950; length < 6200; length++) {
        check_length(*state, length);
        (void)tear_down(state);
        (void)set_up(state);
    }
}

// --- statements that are too large ---

static void a_large_statement_is_cut_by_its_longer_list(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A a:B a:C", many(&f->arena, "arn:", 130, 90));
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A | A2 | A3");
    const Policy *first = &role_of(f, "spot")->policies.items[0];
    assert_int_equal(first->statements.items[0].actions.count, 3);
    check_policies(f);
    check_grants(f, "spot");
}

static void a_large_statement_is_cut_by_actions(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", many(&f->arena, "a:", 300, 60), "arn:x arn:y");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A | A2 | A3 | A4");
    check_policies(f);
    check_grants(f, "spot");
}

// Neither list fits by itself, nor does one item of the one with all of the other.
static void a_large_statement_is_cut_by_both(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", many(&f->arena, "a:", 3, 3000), many(&f->arena, "arn:", 3, 2800));
    assert_true(lay_out(f));
    check_policies(f);
    check_grants(f, "spot");
}

static void parts_take_no_sid_that_is_taken(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", many(&f->arena, "arn:", 80, 90));
    give(f, "spot", "A2", "b:B", "*");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A A2 | A3");
    check_policies(f);
    check_grants(f, "spot");
}

static void what_cannot_be_cut_is_an_error(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A a:B", many(&f->arena, "arn:", 2, 6100));
    assert_false(lay_out(f));
    check_message(f, "statement-too-large");
}

// --- merged and shortened ---

static void ask(Fixture *f, bool compact, bool exact) {
    f->manifest.is_compact = compact;
    if (exact)
        f->manifest.wildcards = (Node){&f->bundle.tree, tree_string(&f->bundle, STR("exact"))};
}

static void merged_statements_have_sids_of_their_own(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", "*");
    give(f, "spot", "B", "b:B", "arn:b");
    give(f, "spot", "C", "c:C", "*");
    choose(f, "spot", "D");
    grant(f, "a:A", "*", "Bool k true");
    choose(f, "spot", "E");
    grant(f, "a:B", "*", "Bool k true");
    choose(f, "spot", "F");
    grant(f, "a:A", "*", "Bool k false");
    choose(f, "spot", "G");
    grant(f, "a:B", "*", "Bool k false");
    give(f, "finops", "A", "a:D", "*");
    ask(f, true, false);
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"),
                        "AllowOnAnyResource B AllowOnAnyResourceWithConditions "
                        "AllowOnAnyResourceWithConditions2");
    assert_string_equal(describe(f, "finops"), "A");
    assert_int_equal(f->diags.items.count, 0);
    check_policies(f);
}

// Merged first, then cut: two policies where the bundles' statements need three.
static void merged_statements_are_cut(void **state) {
    Fixture *f = *state;
    for (size_t i = 0; i < 3; i++)
        give(f, "spot", "A", many(&f->arena, str_format(&f->arena, "a%zu:", i).data, 60, 60), "*");
    ask(f, true, false);
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "A | A2");
    check_policies(f);
    check_grants(f, "spot");
}

static void made_wildcards_are_noted(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "sqs:PurgeQueue sqs:GetQueueUrl sqs:GetQueueAttributes", "*");
    give(f, "spot", "B", "sqs:PurgeQueue sns:Publish iam:PassRole", "*");
    ask(f, false, true);
    assert_true(lay_out(f));
    assert_int_equal(f->diags.items.count, 1);
    const Diagnostic *d = f->diags.items.items[0];
    assert_int_equal(d->id, MSG_FUTURE_ACTIONS);
    assert_string_equal(str_to_c(&f->arena, d->text),
                        "3 wildcards made for role 'spot' save 43 characters, and also match what "
                        "AWS will add under their names");
    assert_int_equal(d->notes.count, 2);
    assert_string_equal(str_to_c(&f->arena, d->notes.items[0].text), "iam:Pass*");
    assert_string_equal(str_to_c(&f->arena, d->notes.items[1].text), "sqs:Get*, sqs:Purge*");
    check_policies(f);
}

static void nothing_is_noted_where_nothing_is_made(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "sqs:Get* sns:Publish none:Such", "*");
    ask(f, true, true);
    assert_true(lay_out(f));
    assert_int_equal(f->diags.items.count, 0);
    assert_string_equal(describe(f, "spot"), "A");
    check_policies(f);
}

// Each action counts for what merging and shortening it takes, whatever becomes of it.
static void rewriting_counts_as_work(void **state) {
    static const struct {
        bool compact, exact;
        size_t work;
    } rows[] = {{false, false, 0}, {true, false, 10}, {false, true, 25}, {true, true, 35}};
    Fixture *f = *state;
    give(f, "spot", "A", "sqs:PurgeQueue sqs:GetQueueUrl sqs:GetQueueAttributes", "*");
    give(f, "spot", "B", "sqs:PurgeQueue sns:Publish", "*");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        f->manifest.wildcards = NO_NODE;
        f->selection.work = 0;
        f->selection.roles.items[0].policies.count = 0;
        ask(f, rows[i].compact, rows[i].exact);
        assert_true(lay_out(f));
        assert_int_equal(f->selection.work, rows[i].work);
    }
}

// --- too many ---

// Statements of which no two fit together.
static void give_large(Fixture *f, size_t count) {
    for (size_t i = 0; i < count; i++)
        give(f, "spot", "A", str_format(&f->arena, "a:A%zu", i).data,
             many(&f->arena, "arn:", 40, 90));
}

static void attach(Fixture *f, const char *name) {
    Role *role = role_of(f, "spot");
    VEC_PUSH(&f->arena, &role->managed, ((ManagedPolicy){.name = str_of(name)}));
}

static void ten_policies_are_not_too_many(void **state) {
    Fixture *f = *state;
    give_large(f, ATTACHMENTS);
    assert_true(lay_out(f));
    assert_int_equal(role_of(f, "spot")->policies.count, ATTACHMENTS);
    check_policies(f);
}

static void eleven_policies_are_too_many(void **state) {
    Fixture *f = *state;
    give_large(f, ATTACHMENTS + 1);
    assert_false(lay_out(f));
    check_message(f, "too-many-policies");
}

static void managed_policies_count(void **state) {
    Fixture *f = *state;
    give_large(f, ATTACHMENTS - 1);
    attach(f, "SecurityAudit");
    assert_true(lay_out(f));
    check_policies(f);
    attach(f, "ReadOnlyAccess");
    role_of(f, "spot")->policies.count = 0;
    assert_false(lay_out(f));
    check_message(f, "too-many-policies");
}

static void managed_policies_alone_can_be_too_many(void **state) {
    Fixture *f = *state;
    (void)role_of(f, "spot");
    for (size_t i = 0; i < ATTACHMENTS; i++) attach(f, "SecurityAudit");
    assert_true(lay_out(f));
    assert_string_equal(describe(f, "spot"), "");
    attach(f, "ReadOnlyAccess");
    assert_false(lay_out(f));
    check_message(f, "too-many-policies");
}

static void a_statement_for_parts_beyond_the_quota_is_an_error(void **state) {
    Fixture *f = *state;
    give(f, "spot", "A", "a:A", many(&f->arena, "arn:", 2000, 90));
    assert_false(lay_out(f));
    assert_int_equal(f->diags.items.count, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(actions_and_resources_are_sorted_and_single),
        TEST(what_a_wildcard_covers_is_left_out),
        TEST(other_resources_and_conditions_make_other_statements),
        TEST(a_deny_is_never_merged_with_an_allow),
        TEST(statements_stay_in_bundle_order),
        TEST(a_repeated_statement_is_left_out),
        TEST(a_sid_that_is_taken_gets_a_number),
        TEST(policies_are_the_fewest),
        TEST(the_quota_is_used_to_the_last_character),
        TEST(a_large_statement_is_cut_by_its_longer_list),
        TEST(a_large_statement_is_cut_by_actions),
        TEST(a_large_statement_is_cut_by_both),
        TEST(parts_take_no_sid_that_is_taken),
        TEST(what_cannot_be_cut_is_an_error),
        TEST(merged_statements_have_sids_of_their_own),
        TEST(merged_statements_are_cut),
        TEST(made_wildcards_are_noted),
        TEST(nothing_is_noted_where_nothing_is_made),
        TEST(rewriting_counts_as_work),
        TEST(ten_policies_are_not_too_many),
        TEST(eleven_policies_are_too_many),
        TEST(managed_policies_count),
        TEST(managed_policies_alone_can_be_too_many),
        TEST(a_statement_for_parts_beyond_the_quota_is_an_error),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
