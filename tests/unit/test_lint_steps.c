// What all manifests of a file may cost together: where nothing is left of it, that was said.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "importing.h"
#include "lint/lint.h"
#include "reading.h"

enum { STEPS_IN_SUM = 3 * (1 << 24) }; // as lint.c has it

static const char policy[] =
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": "
    "\"s3:GetObject\", \"Resource\": \"arn:aws:s3:::acme-logs/*\"}]}";

// Judges the policy once more.
static void lint(Reading *reading, LintConfig *config) {
    Imported imported = {0};
    const Source *source = reading_source(reading, "p.json", str_of(policy));
    assert_true(import_source(&reading->arena, &reading->diags, source, &imported));
    lint_roles(&reading->arena, &reading->diags, &imported.roles, config);
}

static bool is_said(Reading *reading) {
    return strstr(reading_messages(reading), "policy-too-costly") != NULL;
}

static void test_cost(void **state) {
    LintConfig config = {0};
    lint(*state, &config);
    assert_true(config.spent > 1);
    assert_false(is_said(*state));
}

// Whatever is left when a policy comes: it is judged whole, or else the first of them says so.
static void test_nothing_left(void **state) {
    LintConfig alone = {0};
    lint(*state, &alone);
    for (int more = -1; more <= 1; more++) {
        LintConfig config = {.spent = STEPS_IN_SUM - (size_t)((int)alone.spent + more)};
        lint(*state, &config);
        bool stopped = is_said(*state);
        assert_int_equal(stopped, config.spent == STEPS_IN_SUM);
        assert_int_equal(stopped, more < 1);
    }
}

// Once it was said, it is not said again.
static void test_said_once(void **state) {
    LintConfig config = {.spent = STEPS_IN_SUM - 1};
    lint(*state, &config);
    assert_true(is_said(*state));
    lint(*state, &config);
    assert_false(is_said(*state));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_cost),
        TEST(test_nothing_left),
        TEST(test_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
