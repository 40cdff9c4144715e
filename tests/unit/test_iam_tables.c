// The small tables of schema/iam: global condition keys, and endpoints of services.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/endpoint.h"
#include "model/global_key.h"
#include "model/quota.h"

static GlobalKey found_key(const char *text) {
    GlobalKey key = {0};
    if (!global_key_find(str_of(text), &key)) fail_msg("no global key '%s'", text);
    return key;
}

static void assert_text(Str is, const char *should) {
    if (!str_equal(is, str_of(should))) fail_msg("'%.*s' instead of '%s'", STR_ARG(is), should);
}

static void every_global_key_is_whole(void **state) {
    (void)state;
    assert_true(global_key_count() > 50);
    for (size_t i = 0; i < global_key_count(); i++) {
        GlobalKey key = global_key_at(i), again = {0};
        assert_true(key.types != 0);
        assert_true(key.property < KEY_PROPERTY_COUNT);
        assert_int_equal(key.deprecated, key.instead.length != 0);
        assert_true(global_key_find(key.text, &again));
        assert_ptr_equal(again.text.data, key.text.data);
    }
}

static void finds_global_keys(void **state) {
    (void)state;
    assert_text(found_key("AWS:SOURCEIP").text, "aws:SourceIp");
    assert_int_equal(found_key("aws:SourceIp").types, 1u << KEY_IP_ADDRESS);
    assert_int_equal(found_key("aws:SourceIp").property, KEY_OF_NETWORK);
    assert_int_equal(found_key("aws:EpochTime").types, 1u << KEY_DATE | 1u << KEY_NUMERIC);
    assert_int_equal(found_key("lambda:SourceFunctionArn").property, KEY_OF_SESSION);
    assert_text(found_key("aws:principaltag/Team").text, "aws:PrincipalTag/${TagKey}");
}

static void finds_no_other_keys(void **state) {
    static const char *const texts[] = {"",
                                        "aws:",
                                        "aws:Source",
                                        "aws:SourceIpX",
                                        "aws:PrincipalTag",
                                        "aws:PrincipalTag/",
                                        "aws:SourceIp/x",
                                        "ec2:Vpc"};
    GlobalKey key = {.text = STR("untouched")};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(global_key_find(str_of(texts[i]), &key));
    assert_text(key.text, "untouched");
}

// IAM User Guide, "AWS global condition context keys": value type, sensitive keys, warnings.
static void knows_what_keys_are_worth(void **state) {
    (void)state;
    assert_true(key_is_multivalued(found_key("aws:TagKeys").types));
    assert_true(key_is_multivalued(found_key("aws:PrincipalOrgPaths").types));
    assert_false(key_is_multivalued(found_key("aws:PrincipalOrgID").types));
    assert_true(key_is_multivalued(1u << KEY_STRING | 1u << KEY_ARRAY_OF_ARN));
    assert_true(found_key("aws:referer").from_caller);
    assert_true(found_key("aws:UserAgent").from_caller);
    assert_false(found_key("aws:SourceVpce").from_caller);
    assert_true(found_key("aws:SourceVpce").sensitive);
    assert_false(found_key("aws:SourceArn").sensitive);
    assert_text(found_key("aws:Arn").instead, "aws:PrincipalArn,aws:SourceArn");
    assert_false(found_key("aws:SourceArn").deprecated);
}

static Endpoint endpoint(const char *service, const char *partition) {
    Partition found = {0};
    ServiceId id = 0;
    assert_true(partition_find(str_of(partition), &found));
    assert_true(catalogue_find_service(str_of(service), &id));
    return endpoint_of(id, &found);
}

static void knows_endpoints(void **state) {
    (void)state;
    assert_int_equal(endpoint("ec2", "govcloud"), ENDPOINT_THERE);
    assert_int_equal(endpoint("pricing", "commercial"), ENDPOINT_THERE);
    assert_int_equal(endpoint("pricing", "aws-us-gov"), ENDPOINT_NONE);
    assert_int_equal(endpoint("pricing", "china"), ENDPOINT_THERE);
    assert_int_equal(endpoint("tax", "china"), ENDPOINT_NONE);
    assert_int_equal(endpoint("opsworks", "govcloud"), ENDPOINT_UNKNOWN);
    assert_int_equal(endpoint("s3tables", "govcloud"), ENDPOINT_UNKNOWN); // has no row
}

static void knows_quotas(void **state) {
    (void)state;
    for (unsigned i = 0; i < QUOTA_COUNT; i++) {
        assert_true(quota((QuotaId)i) > 0);
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(quota_name((QuotaId)i), quota_name((QuotaId)k));
    }
    assert_int_equal(quota(QUOTA_ROLE_INLINE_CHARACTERS), 10240);
    assert_int_equal(quota(QUOTA_TRUST_POLICY_CHARACTERS), 2048);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_global_key_is_whole), cmocka_unit_test(finds_global_keys),
        cmocka_unit_test(finds_no_other_keys),       cmocka_unit_test(knows_what_keys_are_worth),
        cmocka_unit_test(knows_endpoints),           cmocka_unit_test(knows_quotas),
    };
    return cmocka_run_group_tests_name("iam tables", tests, NULL, NULL);
}
