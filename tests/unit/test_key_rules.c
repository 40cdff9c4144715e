// What lint knows of single condition keys (schema/iam/key-rules.tsv), and ranges of addresses.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"
#include "model/catalogue.h"
#include "model/embedded.h"
#include "model/global_key.h"
#include "model/key_rule.h"
#include "policy/network.h"
#include "validate/pattern.h"

static KeyRule rule_of(const char *key, KeyRuleKind kind) {
    KeyRules rules;
    key_rules_find(str_of(key), &rules);
    return rules.of[kind];
}

static bool is_key(Str key) {
    GlobalKey global;
    KeyId id;
    return global_key_find(key, &global) || catalogue_find_key(key, &id);
}

static void each_item(Str list, void (*look)(Str item)) {
    for (size_t at = 0; at < list.length;) {
        size_t comma = str_find_byte(list, ',', at);
        look(str_slice(list, at, comma));
        at = comma + 1;
    }
}

static void assert_key(Str key) {
    if (!is_key(key)) fail_msg("there is no key '%.*s'", STR_ARG(key));
}

static void assert_service(Str name) {
    ServiceId service;
    ActionId action;
    bool is_exception = str_starts_with(name, STR("!"));
    bool found = is_exception ? catalogue_find_action(str_slice(name, 1, name.length), &action)
                              : catalogue_find_service(name, &service);
    if (!found) fail_msg("there is no '%.*s'", STR_ARG(name));
}

// Each row is found again by its own key, under a kind that the code knows.
static void every_rule_is_found(void **state) {
    size_t count = 0;
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/key-rules.tsv"))) {
        Str key = node_text(NODE_GET(row, "key")), value = node_text(NODE_GET(row, "value"));
        KeyRules rules;
        bool found = false;
        assert_key(key);
        assert_true(node_text(NODE_GET(row, "source")).length > 0);
        key_rules_find(key, &rules);
        for (unsigned kind = 0; kind < KEY_RULE_KIND_COUNT; kind++)
            found |= str_equal(rules.of[kind].key, key) && str_equal(rules.of[kind].value, value);
        if (!found) fail_msg("the rule of '%.*s' is not found", STR_ARG(key));
        count++;
    }
    assert_true(count > 30);
}

static void values_of_rules_exist(void **state) {
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/key-rules.tsv"))) {
        Str key = node_text(NODE_GET(row, "key"));
        KeyRules rules;
        ActionId action;
        key_rules_find(key, &rules);
        each_item(rules.of[KEY_RULE_PAIR].value, assert_key);
        each_item(rules.of[KEY_RULE_PUBLIC].value, assert_key);
        each_item(rules.of[KEY_RULE_SERVICES].value, assert_service);
        const KeyRule *companion = &rules.of[KEY_RULE_COMPANION];
        assert_true(companion->key.length == 0 || catalogue_find_action(companion->value, &action));
    }
}

static void finds_rules_whatever_the_case(void **state) {
    (void)state;
    assert_true(rule_of("AWS:sourcevpc", KEY_RULE_FORM).key.length > 0);
    assert_true(rule_of("aws:SourceVpcX", KEY_RULE_FORM).key.length == 0);
    assert_true(rule_of("aws:SourceVpc", KEY_RULE_REGION).key.length == 0);
    assert_true(rule_of("aws:resourcetag/Team", KEY_RULE_RESOURCE_TAG).key.length > 0);
    assert_true(rule_of("aws:ResourceTag/", KEY_RULE_RESOURCE_TAG).key.length == 0);
    assert_true(key_rule_names(STR("a,bc,d"), STR("BC")));
    assert_false(key_rule_names(STR("a,bc,d"), STR("b")));
    assert_false(key_rule_names(STR(""), STR("b")));
}

static void forms_take_what_aws_shows(void **state) {
    static const struct {
        const char *key, *right, *wrong;
    } rows[] = {
        {"aws:SourceVpc", "vpc-0a1b2c3d4e5f60718", "vpce-0a1b2c3d4e5f60718"},
        {"aws:SourceVpc", "vpc-1a2b3c4d", "vpc-1a2b3c4d5"},
        {"aws:SourceVpce", "vpce-1a2b3c4d", "vpc-1a2b3c4d"},
        {"aws:SourceAccount", "012345678901", "12345678901"},
        {"aws:PrincipalOrgID", "o-a1b2c3d4e5", "r-ab12"},
        {"iam:PassedToService", "elasticmapreduce.amazonaws.com.cn", "ec2"},
        {"iam:PassedToService", "states.eu-west-1.amazonaws.com", "amazonaws.com"},
        {"kms:ViaService", "s3.eu-west-1.amazonaws.com", "s3.amazonaws.com"},
        {"s3:x-amz-server-side-encryption-aws-kms-key-id",
         "arn:aws:kms:eu-west-1:123456789012:key/1234abcd",
         "arn:aws:kms:eu-west-1:123456789012:alias/reports"},
    };
    Arena *arena = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str form = rule_of(rows[i].key, KEY_RULE_FORM).value;
        if (!pattern_matches(arena, form, str_of(rows[i].right)))
            fail_msg("%s is no %s", rows[i].right, rows[i].key);
        if (pattern_matches(arena, form, str_of(rows[i].wrong)))
            fail_msg("%s is a %s", rows[i].wrong, rows[i].key);
    }
}

static Network network(const char *text) {
    Network result = {0};
    if (!network_parse(str_of(text), &result)) fail_msg("'%s' is no range", text);
    return result;
}

static void reads_ranges(void **state) {
    static const char *const wrong[] = {"",           "10.0.0.0/33", "10.0.0/8",    "10.0.0.0/",
                                        "2001:db8",   "::/129",      "10.0.0.0/-1", "acme.example",
                                        "10.0.0.*/8", "10.0.0.0/8/8"};
    Network untouched = {.bits = 7};
    (void)state;
    assert_int_equal(network("203.0.113.7").bits, 32);
    assert_int_equal(network("203.0.113.0/24").bits, 24);
    assert_int_equal(network("2001:db8::/32").width, 128);
    assert_int_equal(network("::1").bits, 128);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(network_parse(str_of(wrong[i]), &untouched));
    assert_int_equal(untouched.bits, 7);
}

static bool holds(const char *whole, const char *part) {
    Network a = network(whole), b = network(part);
    return network_holds(&a, &b);
}

static void ranges_hold_ranges(void **state) {
    (void)state;
    assert_true(holds("10.0.0.0/8", "10.255.0.0/16"));
    assert_true(holds("172.16.0.0/12", "172.31.255.255"));
    assert_false(holds("172.16.0.0/12", "172.32.0.0"));
    assert_false(holds("10.0.0.0/8", "10.0.0.0/7"));
    assert_true(holds("0.0.0.0/0", "203.0.113.0/24"));
    assert_true(holds("fc00::/7", "fd12:3456::/32"));
    assert_false(holds("::/0", "10.0.0.0/8"));
}

static void trims_ranges(void **state) {
    Network trimmed, range = network("203.0.113.7/24");
    Arena *arena = *state;
    assert_true(network_trim(&range, &trimmed));
    assert_true(str_equal(network_text(arena, &trimmed), STR("203.0.113.0/24")));
    assert_false(network_trim(&trimmed, &range));
    range = network("2001:db8:ffff::/33");
    assert_true(network_trim(&range, &trimmed));
    assert_true(str_equal(network_text(arena, &trimmed), STR("2001:db8:8000::/33")));
    range = network("203.0.113.7");
    assert_false(network_trim(&range, &trimmed));
}

static void private_networks_are_whole(void **state) {
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/private-networks.tsv"))) {
        Network trimmed, range;
        assert_true(network_parse(node_text(NODE_GET(row, "network")), &range));
        assert_false(network_trim(&range, &trimmed));
        assert_true(node_text(NODE_GET(row, "source")).length > 0);
    }
}

static void widest_networks_are_one_of_each(void **state) {
    unsigned seen_four = 0, seen_six = 0;
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/widest-networks.tsv"))) {
        Network range;
        assert_true(network_parse(node_text(NODE_GET(row, "network")), &range));
        assert_true(range.bits > 0 && node_text(NODE_GET(row, "source")).length > 0);
        *(range.width == 32 ? &seen_four : &seen_six) += 1;
    }
    assert_int_equal(seen_four, 1);
    assert_int_equal(seen_six, 1);
}

static void copies_in_lower_case(void **state) {
    Arena *arena = *state;
    assert_true(str_equal(str_lower(arena, STR("aws:SourceVPC-É")), STR("aws:sourcevpc-É")));
    assert_true(str_equal(str_lower(arena, (Str){0}), STR("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_found),
        cmocka_unit_test(values_of_rules_exist),
        cmocka_unit_test(finds_rules_whatever_the_case),
        cmocka_unit_test(forms_take_what_aws_shows),
        cmocka_unit_test(reads_ranges),
        cmocka_unit_test(ranges_hold_ranges),
        cmocka_unit_test(trims_ranges),
        cmocka_unit_test(private_networks_are_whole),
        cmocka_unit_test(widest_networks_are_one_of_each),
        cmocka_unit_test(copies_in_lower_case),
    };
    return cmocka_run_group_tests_name("key rules", tests, memory_set_up, memory_tear_down);
}
