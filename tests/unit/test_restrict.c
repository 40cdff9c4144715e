// Restrictions: the tables that they rest on, what two resources have in common, and the dividing
// of wildcards. What restricted policies say of requests is tests/policies/check_restrictions.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"
#include "model/arn.h"
#include "model/embedded.h"
#include "restrict/facts.h"
#include "restrict/instance.h"
#include "restrict/narrowing.h"
#include "restrict/restrict.h"

static Str text_of(Node row, const char *column) {
    return node_text(node_get(row, str_of(column)));
}

static void global_actions_are_known_and_apart(void **state) {
    Arena *arena = *state;
    ActionSet seen = action_set_new(arena);
    Node rows = embedded_root(STR("schema/iam/global-actions.tsv"));
    assert_true(node_count(rows) > 20);
    NODE_EACH(row, rows) {
        ActionSet own = action_set_new(arena);
        assert_true(action_set_add_pattern(own, text_of(row, "pattern")) > 0);
        assert_false(action_set_overlaps(seen, own));
        assert_true(text_of(row, "source").length > 0);
        action_set_unite(seen, own);
    }
}

static void bypasses_are_known(void **state) {
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/bypasses.tsv"))) {
        ActionId action = 0;
        Arn arn;
        Str narrowed = text_of(row, "narrowed_by");
        assert_true(catalogue_find_action(text_of(row, "action"), &action));
        assert_true(arn_parse(text_of(row, "resource"), &arn));
        assert_true(narrowed.length == 0 || str_equal(narrowed, STR("pass_role")));
        assert_true(text_of(row, "means").length > 0 && text_of(row, "source").length > 0);
    }
}

static void restrictions_rest_on_what_is_known(void **state) {
    KeyId key = 0;
    ServiceId service = 0;
    ActionId action = 0;
    const RestrictFacts *facts = facts_make(*state);
    NODE_EACH(row, embedded_root(STR("schema/iam/restrictions.tsv"))) {
        Str fact = text_of(row, "fact"), value = text_of(row, "value");
        if (str_equal(fact, STR("reaches")))
            assert_true(catalogue_find_service(value, &service) ||
                        catalogue_find_action(value, &action));
        else if (!str_equal(fact, STR("form")))
            assert_true(catalogue_find_key(value, &key));
        assert_true(text_of(row, "source").length > 0);
    }
    assert_true(catalogue_find_action(STR("ec2:TerminateInstances"), &action));
    assert_true(action_set_has(facts->reach_vpc, action));
    assert_false(action_set_has(facts->reach_tag, action));
    assert_true(catalogue_find_action(STR("ec2:DeleteFleets"), &action));
    assert_true(action_set_has(facts->reach_tag, action));
    assert_true(catalogue_find_action(STR("batch:TerminateJob"), &action));
    assert_true(action_set_has(facts->reach_tag, action)); // by its service
    assert_true(str_equal(key_text(facts->vpc_key), STR("ec2:Vpc")));
    assert_true(str_equal(key_text(facts->create_key), STR("ec2:CreateAction")));
    assert_true(str_equal(key_text(facts->request_tag), STR("aws:RequestTag/${TagKey}")));
    assert_int_equal(facts->told_by.items[0], facts->tag_key);
    assert_true(str_equal(service_prefix(facts->home), STR("ec2")));
}

// Another service's name for an instance of EC2 is one, and its tags are told by what it has.
static void instances_are_those_of_all_services(void **state) {
    static const struct {
        const char *action, *key; // NULL: nothing tells the tags
    } examples[] = {
        {"ec2:TerminateInstances", "ec2:ResourceTag/${TagKey}"},
        {"ec2-instance-connect:SendSSHPublicKey", "ec2:ResourceTag/${TagKey}"},
        {"ssm:SendCommand", "ssm:resourceTag/${TagKey}"},
        {"ec2:ReportInstanceStatus", NULL},
    };
    const RestrictFacts *facts = facts_make(*state);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        ActionId action = 0;
        size_t instances = 0;
        assert_true(catalogue_find_action(str_of(examples[i].action), &action));
        for (size_t k = 0; k < action_resource_count(action); k++) {
            UsedResource resource = action_resource(action, k);
            instances += is_instance(facts, resource.id);
            if (is_instance(facts, resource.id))
                assert_int_equal(instance_is_told(facts, action, &resource),
                                 examples[i].key != NULL);
        }
        assert_int_equal(instances, 1);
        if (examples[i].key != NULL)
            assert_true(str_equal(key_text(instance_key(facts, action)), str_of(examples[i].key)));
    }
}

// Every type that restrictions tell apart can be written, by a form of its ARN.
static void types_have_forms(void **state) {
    static const char *const restrictions[] = {"vpcs", "spot_managed_only"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        KeyId key = restriction_key(str_of(restrictions[i]), STR("key"));
        for (ActionId action = 0; action < catalogue_action_count(); action++) {
            if (!action_has_key(action, key)) continue;
            for (size_t k = 0; k < action_resource_count(action); k++)
                assert_true(resource_arn_count(action_resource(action, k).id) > 0);
        }
    }
}

typedef struct MeetingExample {
    const char *a, *b, *both; // NULL: none; "?": not known
} MeetingExample;

static void resources_meet_where_they_do(void **state) {
    static const MeetingExample examples[] = {
        {"*", "*", "*"},
        {"*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:subnet/*"},
        {"arn:aws:ec2:*:1:*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:1:subnet/*"},
        {"arn:aws:ec2:eu-*:*:subnet/*", "arn:aws:ec2:eu-west-1:*:subnet/a",
         "arn:aws:ec2:eu-west-1:*:subnet/a"},
        {"arn:aws:ec2:*:1:subnet/*", "arn:aws:ec2:*:2:subnet/*", NULL},
        {"arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:subnet/*", NULL},
        {"arn:aws:ec2:*:1:*", "arn:aws:ec2:*::image/*", NULL},
        {"arn:aws:iam::1:role/*-a", "arn:aws:iam::1:role/b-*", "?"},
        {"arn:aws:ec2:*:*:instance/${aws:username}", "arn:aws:ec2:*:*:instance/*",
         "arn:aws:ec2:*:*:instance/${aws:username}"},
        {"arn:aws:ec2:*:1:instance/${aws:username}", "arn:aws:ec2:eu-west-1:*:instance/*", "?"},
        {"arn:aws:ec2:*:*:instance/${aws:username}", "arn:aws:ec2:*:*:instance/i-*", "?"},
        {"arn:aws:ec2", "arn:aws:ec2:*:*:subnet/*", "?"},
    };
    for (size_t i = 0; i < 2 * sizeof examples / sizeof *examples; i++) {
        const MeetingExample *example = &examples[i / 2];
        bool turned = i % 2 != 0;
        Str both = {0}, a = str_of(example->a), b = str_of(example->b);
        Meeting meeting = resources_meet(*state, turned ? b : a, turned ? a : b, &both);
        if (example->both == NULL) {
            assert_int_equal(meeting, MEETING_NONE);
        } else if (str_equal(str_of(example->both), STR("?"))) {
            assert_int_equal(meeting, MEETING_UNKNOWN);
        } else {
            assert_int_equal(meeting, MEETING_KNOWN);
            if (!str_equal(both, str_of(example->both))) fail_msg("%.*s", STR_ARG(both));
        }
    }
}

// A compilation with one statement, that grants one action on everything.
typedef struct World {
    Diags diags;
    Manifest manifest;
    Selection selection;
    Library library;
    GrantVec grants;
} World;

static World *make_world(Arena *arena, const char *action) {
    World *world = ARENA_NEW(arena, World);
    diags_init(&world->diags, arena, 0);
    assert_true(partition_find(STR("aws"), &world->manifest.partition));
    world->manifest.account = STR("123456789012");
    VEC_PUSH(arena, &world->selection.roles, ((Role){.id = STR("spot")}));
    VEC_PUSH(arena, &world->selection.statements, ((ChosenStatement){.role = STR("spot")}));
    VEC_PUSH(arena, &world->grants,
             ((Grant){.action = str_of(action),
                      .resource = STR("*"),
                      .conditions = ARENA_NEW(arena, ConditionVec)}));
    return world;
}

static void restrict_world(Arena *arena, World *world) {
    assert_true(restrict_grants(arena, &world->diags, &world->manifest, &world->selection,
                                &world->library, facts_make(arena), &world->grants));
}

static ActionSet granted(Arena *arena, const World *world) {
    ActionSet set = action_set_new(arena);
    for (size_t i = 0; i < world->grants.count; i++)
        action_set_add_pattern(set, world->grants.items[i].action);
    return set;
}

static void no_action_is_lost(void **state) {
    static const char *const patterns[] = {
        "ec2:*", "*", "ec2:*Instance*", "ec2:Describe*", "EC2:runinstances", "iam:*"};
    Arena *arena = *state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        World *world = make_world(arena, patterns[i]);
        Restriction *restriction = &world->selection.restriction;
        VEC_PUSH(arena, &restriction->regions, STR("eu-west-1"));
        VEC_PUSH(arena, &restriction->vpcs, STR("vpc-01234567"));
        restriction->tag = STR("by");
        restriction->tag_value = STR("spot");
        ActionSet before = granted(arena, world);
        restrict_world(arena, world);
        assert_true(action_set_equal(before, granted(arena, world)));
        assert_true(world->grants.count > 0);
    }
}

// No entry for everything has an action of which a part is narrowed.
static void narrowed_actions_stand_by_name(void **state) {
    Arena *arena = *state;
    KeyId key = restriction_key(STR("vpcs"), STR("key"));
    World *world = make_world(arena, "ec2:*");
    VEC_PUSH(arena, &world->selection.restriction.vpcs, STR("vpc-01234567"));
    restrict_world(arena, world);
    size_t free = 0;
    for (size_t i = 0; i < world->grants.count; i++) {
        const Grant *grant = &world->grants.items[i];
        ActionMatches matches;
        ActionId action = 0;
        if (grant->conditions->count > 0 || !str_equal(grant->resource, STR("*"))) continue;
        free++;
        catalogue_match(grant->action, &matches);
        while (catalogue_next(&matches, &action)) assert_false(action_has_key(action, key));
    }
    assert_true(free > 0);
}

static void nothing_is_narrowed_unasked(void **state) {
    World *world = make_world(*state, "ec2:*");
    restrict_world(*state, world);
    assert_int_equal(world->grants.count, 1);
    assert_int_equal(world->grants.items[0].conditions->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, memory_set_up, memory_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(global_actions_are_known_and_apart),
        TEST(bypasses_are_known),
        TEST(restrictions_rest_on_what_is_known),
        TEST(types_have_forms),
        TEST(instances_are_those_of_all_services),
        TEST(resources_meet_where_they_do),
        TEST(no_action_is_lost),
        TEST(narrowed_actions_stand_by_name),
        TEST(nothing_is_narrowed_unasked),
    };
    return cmocka_run_group_tests_name("restrict", tests, NULL, NULL);
}
