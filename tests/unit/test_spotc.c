// The library as another program uses it: through its public header alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spotc.h"

#define MANIFEST                                                                 \
    "name: first\naccount: \"123456789012\"\npartition: aws\nexternal_id: abc\n" \
    "products: {overview: {}}\n"

static void no_memory(void *context) {
    (void)context;
    abort();
}

static int open_session(void **state) {
    *state = spotc_open(no_memory, NULL);
    return 0;
}

static int close_session(void **state) {
    spotc_close(*state);
    return 0;
}

static int compile(Spotc *session, const char *name, const char *text) {
    return spotc_compile(session, name, text, strlen(text));
}

static void makes_the_files_of_a_manifest(void **state) {
    static const char *const names[] = {"spot-policy.json", "spot-trust-policy.json",
                                        "template.yaml"};
    assert_int_equal(compile(*state, "m.yaml", MANIFEST), 0);
    assert_int_equal(spotc_file_count(*state), 3);
    for (size_t i = 0; i < 3; i++) {
        SpotcFile file = spotc_file(*state, i);
        assert_string_equal(file.manifest, "first");
        assert_string_equal(file.name, names[i]);
        assert_int_equal(file.bytes[file.length - 1], '\n');
    }
    assert_string_equal(spotc_messages(*state, "text"), "");
}

static void reads_json_by_its_name(void **state) {
    static const char json[] =
        "{\"name\": \"second\", \"account\": \"123456789012\", \"partition\": \"aws\","
        " \"external_id\": \"abc\", \"products\": {\"overview\": {}}}";
    assert_int_equal(compile(*state, "m.json", json), 0);
    assert_string_equal(spotc_file(*state, 0).manifest, "second");
    assert_int_equal(compile(*state, "m.json", MANIFEST), 1);
}

static void compiles_what_is_right_beside_what_is_wrong(void **state) {
    assert_int_equal(compile(*state, "m.yaml", MANIFEST "---\nname: third\n"), 1);
    assert_int_equal(spotc_file_count(*state), 3);
    assert_non_null(strstr(spotc_messages(*state, "text"), "m.yaml:7:1: error: "));
    assert_non_null(strstr(spotc_messages(*state, "sarif"), "missing-key"));
    assert_null(spotc_messages(*state, "xml"));
}

static void names_its_version(void **state) {
    (void)state;
    assert_non_null(strchr(spotc_version(), '.'));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_session, close_session)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(makes_the_files_of_a_manifest),
        TEST(reads_json_by_its_name),
        TEST(compiles_what_is_right_beside_what_is_wrong),
        TEST(names_its_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
