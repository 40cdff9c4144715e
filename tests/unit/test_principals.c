// What principals are, and how wide entries of Resource are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint/breadth.h"
#include "lint/principals.h"
#include "lint/size.h"
#include "memory.h"

static ProviderKind kind_of(Arena *arena, const char *id) {
    return provider_of(arena, str_of(id)).kind;
}

static void tells_providers_apart(void **state) {
    Arena *arena = *state;
    assert_int_equal(kind_of(arena, "arn:aws:iam::111122223333:saml-provider/Okta"), PROVIDER_SAML);
    assert_int_equal(kind_of(arena, "arn:aws-cn:iam::111122223333:oidc-provider/gitlab.com"),
                     PROVIDER_OIDC);
    assert_int_equal(kind_of(arena, "arn:aws:iam::11112222333:saml-provider/Okta"), PROVIDER_NONE);
    assert_int_equal(kind_of(arena, "arn:aws:sts::111122223333:saml-provider/Okta"), PROVIDER_NONE);
    assert_int_equal(kind_of(arena, "accounts.google.com"), PROVIDER_BUILT_IN);
    assert_int_equal(kind_of(arena, "login.acme.example"), PROVIDER_DOMAIN);
    assert_int_equal(kind_of(arena, "https://accounts.google.com"), PROVIDER_NONE);
    assert_int_equal(kind_of(arena, ""), PROVIDER_NONE);
    assert_int_equal(kind_of(arena, "${Provider}"), PROVIDER_SYMBOLIC);
    assert_int_equal(kind_of(arena, "arn:aws:iam::${AWS::AccountId}:saml-provider/Okta"),
                     PROVIDER_SAML);
}

static void knows_shared_providers(void **state) {
    Provider provider = provider_of(
        *state,
        STR("arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"));
    assert_int_equal(provider.kind, PROVIDER_OIDC);
    assert_true(str_equal(provider.address, STR("token.actions.githubusercontent.com")));
    assert_true(node_is_string(NODE_GET(provider.row, "subject"), STR("sub")));
}

static void knows_unique_ids(void **state) {
    (void)state;
    assert_true(is_unique_id(STR("AROADBQP57FF2AEXAMPLE")));
    assert_true(is_unique_id(STR("AIDACKCEVSQ6C2EXAMPLE")));
    assert_false(is_unique_id(STR("AROA")));
    assert_false(is_unique_id(STR("ASIACKCEVSQ6C2EXAMPLE")));
    assert_false(is_unique_id(STR("AROADBQP57FF2Aexample")));
}

// Whether an entry of Resource takes in every role.
static bool takes_roles(Arena *arena, const char *entry) {
    Breadth breadth;
    ExampleVec examples = examples_of(arena, STR("iam:PassRole"), STR("role"));
    assert_int_not_equal(examples.count, 0);
    return breadth_of(arena, str_of(entry), &breadth) && breadth_takes(&breadth, &examples);
}

static void knows_what_takes_all(void **state) {
    Arena *arena = *state;
    static const char *const wide[] = {"*",
                                       "arn:aws:iam::*:role/*",
                                       "arn:*:iam::111122223333:*",
                                       "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*",
                                       "arn:aws:IAM::*:r*/*",
                                       "arn:aws:iam::*:*?"};
    static const char *const narrow[] = {"arn:aws:iam::*:role/nodes-*",
                                         "arn:aws:iam::*:role/web",
                                         "arn:aws:iam::*:role/?",
                                         "arn:aws:iam::*:user/*",
                                         "arn:aws:ec2:*:*:*",
                                         "arn:aws:iam::*:role/${aws:username}",
                                         "arn:aws:iam::*:role/${Prefix}*",
                                         "${Role}",
                                         "arn:aws:iam:*",
                                         ""};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        assert_true(takes_roles(arena, wide[i]));
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        assert_false(takes_roles(arena, narrow[i]));
}

static void has_no_examples_of_nothing(void **state) {
    Arena *arena = *state;
    assert_int_equal(examples_of(arena, STR("iam:NoSuchAction"), STR("")).count, 0);
    assert_int_equal(examples_of(arena, STR("iam:PassRole"), STR("user")).count, 0);
    assert_int_equal(examples_of(arena, STR("glue:CreateDevEndpoint"), STR("")).count, 0);
}

static void counts_characters(void **state) {
    Arena *arena = *state;
    TreeBuilder builder;
    tree_begin(&builder, arena, NULL);
    uint32_t root = tree_mapping(&builder), list = tree_sequence(&builder);
    tree_put(&builder, root, STR("a"), list);
    tree_append(&builder, list, 0, tree_string(&builder, STR("q\"\xC3\xA9")));
    tree_append(&builder, list, 0, tree_number(&builder, 12));
    tree_put(&builder, root, STR("b"), tree_mapping(&builder));
    // {"a":["q\"é",12],"b":{}}
    assert_int_equal(policy_characters(arena, (Node){&builder.tree, root}), 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_providers_apart, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(knows_shared_providers, memory_set_up, memory_tear_down),
        cmocka_unit_test(knows_unique_ids),
        cmocka_unit_test_setup_teardown(knows_what_takes_all, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(has_no_examples_of_nothing, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(counts_characters, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests_name("principals", tests, NULL, NULL);
}
