// What lint knows of resources: patterns that have a text in common, against a naive model; each
// form of ARN of the catalogue against itself; and the tables beside the catalogue.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lint/reach.h"
#include "lint/symbolic.h"
#include "memory.h"
#include "model/embedded.h"

enum { RANDOM_PAIRS = 400, LONGEST = 4, LONGEST_TEXT = 2 * LONGEST, PLENTY = 1 << 30 };

// As forms have them: a character, and any number of them, but a slash.
#define PLAIN_ONE '\1'
#define PLAIN_MANY '\2'

// The same numbers on every machine.
static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

// What the wildcards mean, without a thought for speed.
static bool matches(Str pattern, Str text) {
    if (pattern.length == 0) return text.length == 0;
    char symbol = pattern.data[0];
    bool plain = symbol == PLAIN_ONE || symbol == PLAIN_MANY;
    bool takes = text.length > 0 && !(plain && text.data[0] == '/');
    Str rest = str_slice(pattern, 1, pattern.length), after = str_slice(text, 1, text.length);
    if (symbol == '*' || symbol == PLAIN_MANY)
        return matches(rest, text) || (takes && matches(pattern, after));
    if (symbol == '?' || symbol == PLAIN_ONE) return takes && matches(rest, after);
    return takes && symbol == text.data[0] && matches(rest, after);
}

// Whether any text of at most `left` further characters is matched by both.
static bool have_common_text(Str a, Str b, char *text, size_t length) {
    Str so_far = {text, length};
    if (matches(a, so_far) && matches(b, so_far)) return true;
    if (length == LONGEST_TEXT) return false;
    for (const char *c = "ab/"; *c != '\0'; c++) {
        text[length] = *c;
        if (have_common_text(a, b, text, length + 1)) return true;
    }
    return false;
}

static Str random_pattern(Arena *arena, uint32_t *seed, const char *symbols) {
    size_t length = next_random(seed) % (LONGEST + 1);
    char *text = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++) text[i] = symbols[next_random(seed) % strlen(symbols)];
    return (Str){text, length};
}

static void meets_as_the_model(void **state) {
    Arena *arena = *state;
    uint32_t seed = 4711;
    size_t met = 0;
    for (size_t i = 0; i < RANDOM_PAIRS; i++) {
        char text[LONGEST_TEXT];
        size_t steps = PLENTY;
        Str form = random_pattern(arena, &seed, "aab/?*\1\2");
        Str pattern = random_pattern(arena, &seed, "aab/?*");
        bool expected = have_common_text(form, pattern, text, 0);
        if (patterns_meet(arena, &steps, form, pattern) != expected)
            fail_msg("'%.*s' and '%.*s'", STR_ARG(form), STR_ARG(pattern));
        met += expected;
    }
    assert_in_range(met, RANDOM_PAIRS / 10, RANDOM_PAIRS - RANDOM_PAIRS / 10);
}

static void gives_up_when_steps_run_out(void **state) {
    size_t steps = 10;
    assert_true(patterns_meet(*state, &steps, STR("*aaaa"), STR("*bbbb")));
    assert_int_equal(steps, 0);
    steps = PLENTY;
    assert_false(patterns_meet(*state, &steps, STR("*aaaa"), STR("*bbbb")));
}

static Reach reach_of(ArnForms *forms, DocumentStatement *statement, Str resource) {
    *statement = (DocumentStatement){0};
    VEC_PUSH(forms->arena, &statement->resources, (Item){.text = resource});
    return statement_reach(forms, statement);
}

static bool has_type(const Reach *reach, ResourceId id) {
    return (reach->types[id / 64] >> id % 64 & 1) != 0;
}

// An ARN as a form asks for it, with "x" for each name.
static void check_form(ArnForms *forms, ResourceId id, Str form) {
    DocumentStatement statement;
    Str arn = symbolic_example(forms->arena, form);
    Reach reach = reach_of(forms, &statement, arn);
    bool of_any_service = str_find(form, STR("${Vendor}"), 0) < form.length;
    if (!of_any_service && !reach.fits[0].whole) fail_msg("%.*s fits nothing", STR_ARG(arn));
    if (!has_type(&reach, id) && !of_any_service) fail_msg("%.*s lacks its type", STR_ARG(arn));
}

static void fits_each_form_to_itself(void **state) {
    ArnForms forms;
    arn_forms_init(&forms, *state, *state);
    for (ResourceId id = 0; id < catalogue_resource_count(); id++) {
        for (size_t i = 0; i < resource_arn_count(id); i++)
            check_form(&forms, id, resource_arn(id, i));
    }
}

static void keeps_resources_in_runs(void **state) {
    (void)state;
    ResourceId next = 0;
    for (ServiceId service = 0; service < catalogue_service_count(); service++) {
        assert_int_equal(service_first_resource(service), next);
        next = service_resource_end(service);
        for (ResourceId id = service_first_resource(service); id < next; id++)
            assert_int_equal(resource_service(id), service);
    }
    assert_int_equal(next, catalogue_resource_count());
}

static void fits_resources(void **state) {
    static const struct {
        const char *resource;
        bool known, name, region, whole;
    } rows[] = {
        {"arn:aws:s3:::logs/*", true, true, true, true},
        {"arn:aws:s3:eu-west-1::logs", true, true, false, false},
        {"arn:aws:s3::123456789012:logs", true, true, true, false},
        {"arn:aws:s3:*:*:logs", true, true, true, true},
        {"arn:aws:ec2:eu-west-1:123456789012:instances/i-1", true, false, false, false},
        {"arn:${AWS::Partition}:ec2:${AWS::Region}:${Account}:${Type}/x", true, true, true, true},
        {"arn:aws:iam::aws:policy/ReadOnlyAccess", true, true, true, true},
        {"arn:aws:ssm:eu-west-1::parameter/aws/service/x", true, true, true, true},
        {"arn:aws:nowhere:::x", false, false, false, false},
        {"arn:aws:*:*:*:*", false, false, false, false},
        {"*", false, false, false, false},
    };
    ArnForms forms;
    arn_forms_init(&forms, *state, *state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DocumentStatement statement;
        ResourceFit fit = reach_of(&forms, &statement, str_of(rows[i].resource)).fits[0];
        if (fit.known != rows[i].known || fit.name != rows[i].name ||
            fit.region != rows[i].region || fit.whole != rows[i].whole)
            fail_msg("%s: %d %d %d %d", rows[i].resource, fit.known, fit.name, fit.region,
                     fit.whole);
    }
}

static void tells_what_is_filled_in(void **state) {
    static const struct {
        const char *text;
        bool symbolic, wholly, variable;
        const char *pattern, *example;
    } rows[] = {
        {"arn:aws:s3:::x", false, false, false, "arn:aws:s3:::x", "arn:aws:s3:::x"},
        {"${Bucket}", true, true, false, "*", "x"},
        {"${Bucket.Arn}/*", true, false, false, "*/*", "x/*"},
        {"${AWS::Partition}", true, true, false, "*", "x"},
        {"a${Fn::Split:/,<Name>}", true, false, false, "a*", "ax"},
        {"${{ log_bucket }}", true, true, false, "*", "x"},
        {"home/${aws:username}/*", false, false, true, "home/*/*", "home/x/*"},
        {"${*}", false, false, true, "*", "x"},
        {"${aws:PrincipalTag/a, 'b'}", false, false, true, "*", "x"},
        {"${Open", false, false, false, "${Open", "${Open"},
        {"${A}${aws:userid}", true, false, true, "**", "xx"},
        {"", false, false, false, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str text = str_of(rows[i].text);
        assert_int_equal(is_symbolic(text), rows[i].symbolic);
        assert_int_equal(is_wholly_symbolic(text), rows[i].wholly);
        assert_int_equal(has_variable(text), rows[i].variable);
        Str pattern = symbolic_pattern(*state, text), example = symbolic_example(*state, text);
        assert_true(str_equal(pattern, str_of(rows[i].pattern)));
        assert_true(str_equal(example, str_of(rows[i].example)));
    }
}

static void knows_sensitive_actions(void **state) {
    static const char *const kinds[] = {"pass-role", "service-linked-role", "credentials", "data"};
    size_t counts[4] = {0};
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/sensitive-actions.tsv"))) {
        ActionId action;
        Str text = node_text(NODE_GET(row, "action"));
        if (!catalogue_find_action(text, &action) || !str_equal(action_text(action), text))
            fail_msg("no action %.*s", STR_ARG(text));
        assert_true(node_text(NODE_GET(row, "source")).length != 0);
        for (size_t i = 0; i < 4; i++)
            counts[i] += node_is_string(NODE_GET(row, "kind"), str_of(kinds[i]));
    }
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
    assert_int_equal(counts[0] + counts[1] + counts[2] + counts[3],
                     node_count(embedded_root(STR("schema/iam/sensitive-actions.tsv"))));
}

// Whether the entry's type is one that the action can be limited to: else the row says nothing.
static void bounds_what_actions_work_on(void **state) {
    ArnForms forms;
    arn_forms_init(&forms, *state, *state);
    NODE_EACH(row, embedded_root(STR("schema/iam/sensitive-actions.tsv"))) {
        DocumentStatement statement;
        ActionId action;
        Str resource = node_text(NODE_GET(row, "resource"));
        if (resource.length == 0) continue;
        Reach reach = reach_of(&forms, &statement, resource);
        assert_true(catalogue_find_action(node_text(NODE_GET(row, "action")), &action));
        if (!reach.fits[0].whole || !action_reaches(action, reach.types))
            fail_msg("%.*s", STR_ARG(resource));
    }
}

static void uses_tables_beside_the_catalogue(void **state) {
    ArnForms forms;
    arn_forms_init(&forms, *state, *state);
    NODE_EACH(row, embedded_root(STR("schema/iam/aws-owned.tsv"))) {
        Str arn = node_text(NODE_GET(row, "arn"));
        size_t found = 0;
        for (size_t i = 0; i < forms.foreign.count; i++)
            found += str_equal(forms.foreign.items[i].text, arn);
        if (found != 1) fail_msg("%.*s is of no type", STR_ARG(arn));
    }
    size_t plain = 0;
    const ArnFormVec *own = arn_forms_of(&forms, STR("s3"));
    for (size_t i = 0; i < own->count; i++)
        plain += str_find_byte(own->items[i].name, PLAIN_MANY, 0) < own->items[i].name.length;
    assert_true(plain > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(meets_as_the_model, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(gives_up_when_steps_run_out, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(fits_each_form_to_itself, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(keeps_resources_in_runs, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(fits_resources, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(tells_what_is_filled_in, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(knows_sensitive_actions, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(bounds_what_actions_work_on, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(uses_tables_beside_the_catalogue, memory_set_up,
                                        memory_tear_down),
    };
    return cmocka_run_group_tests_name("lint_reach", tests, NULL, NULL);
}
