// Names are found by their place, and what is offered for one that is none is bounded in sum.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/names.h"
#include "reading.h"

static void expect(Str text, const char *wanted) {
    assert_int_equal(text.length, strlen(wanted));
    if (text.length != 0) assert_memory_equal(text.data, wanted, text.length);
}

static void test_keys_and_more(void **state) {
    Reading *reading = *state;
    Names *names = names_of_keys(&reading->arena, NULL, reading_json(reading, "{\"b\":1,\"a\":2}"));
    uint32_t place;
    expect(node_text(names_get(names, STR("a"))), "2");
    assert_false(names_find(names, STR("c"), &place));
    names_add(names, STR("c"));
    names_add(names, STR("b"));
    assert_true(names_find(names, STR("c"), &place));
    assert_int_equal(place, 2);
    assert_true(names_find(names, STR("b"), &place));
    assert_int_equal(place, 0); // the first of equals
    assert_false(node_exists(names_get(names, STR("c"))));
    assert_int_equal(names_list(names)->count, 4);
}

static void test_offers_are_bounded(void **state) {
    Reading *reading = *state;
    Meant *meant = ARENA_NEW(&reading->arena, Meant);
    meant_begin(meant, &reading->arena);
    Names *names =
        names_of_keys(&reading->arena, meant, reading_json(reading, "{\"ocean\":1,\"eco\":2}"));
    size_t before = meant->comparisons;
    char sought[] = "ocaen";
    expect(names_offer(names, str_of(sought)), "; did you mean 'ocean'?");
    assert_int_equal(meant->comparisons, before - 2);
    memset(sought, 'x', 5); // it was copied
    expect(names_offer(names, STR("ocaen")), "; did you mean 'ocean'?");
    assert_int_equal(meant->comparisons, before - 2); // what was sought once costs nothing more
    expect(names_offer(names, STR("elsewhere")), "");
    meant->comparisons = 1;
    expect(names_offer(names, STR("ecco")), "");
    expect(names_offer(names, STR("ocaen")), "; did you mean 'ocean'?");
}

static void test_of_nothing(void **state) {
    Reading *reading = *state;
    Meant meant;
    meant_begin(&meant, &reading->arena);
    StrVec none = {0};
    Names *names = names_of_list(&reading->arena, &meant, &none);
    uint32_t place;
    assert_false(names_find(names, STR("a"), &place));
    expect(names_offer(names, STR("a")), "");
    assert_int_equal(names_list(names)->count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keys_and_more, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(test_offers_are_bounded, reading_set_up, reading_tear_down),
        cmocka_unit_test_setup_teardown(test_of_nothing, reading_set_up, reading_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
