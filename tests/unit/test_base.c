// The arena, strings, UTF-8, the nearest name and the map.
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <limits.h>
#include <stdio.h>

#include "base/map.h"
#include "base/nearest.h"
#include "base/str.h"
#include "base/utf8.h"

typedef struct Fixture {
    Arena arena;
    jmp_buf exhausted;
} Fixture;

static void no_memory(void *context) {
    Fixture *fixture = context;
    longjmp(fixture->exhausted, 1);
}

static int set_up(void **state) {
    static Fixture fixture;
    arena_init(&fixture.arena, no_memory, &fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    Fixture *fixture = *state;
    arena_free(&fixture->arena);
    return 0;
}

static Arena *arena_of(void **state) {
    Fixture *fixture = *state;
    return &fixture->arena;
}

static void assert_str(Str actual, const char *expected) {
    assert_int_equal(actual.length, strlen(expected));
    if (actual.length != 0) assert_memory_equal(actual.data, expected, actual.length);
}

// --- arena ---

static void arena_gives_zeroed_aligned_bytes(void **state) {
    Arena *arena = arena_of(state);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(bytes[i], 0);
        memset(bytes, 0xFF, size);
    }
}

static void arena_gives_blocks_of_any_size(void **state) {
    Arena *arena = arena_of(state);
    char *before = arena_alloc(arena, 10);
    char *large = arena_alloc(arena, 1000000);
    char *after = arena_alloc(arena, 10);
    memset(large, 1, 1000000);
    assert_int_equal(before[9], 0);
    assert_int_equal(after[0], 0);
}

static void arena_grows_what_was_allocated_last_in_place(void **state) {
    Arena *arena = arena_of(state);
    char *old = arena_alloc(arena, 16);
    old[0] = 'x';
    assert_ptr_equal(arena_grow(arena, old, 16, 64), old);
    char *other = arena_alloc(arena, 16);
    char *moved = arena_grow(arena, old, 64, 128);
    assert_ptr_not_equal(moved, old);
    assert_int_equal(moved[0], 'x');
    other[0] = 'y';
    assert_int_equal(old[0], 'x');
    assert_non_null(arena_grow(arena, NULL, 0, 32));
}

static void arena_can_be_used_again(void **state) {
    Arena *arena = arena_of(state);
    (void)arena_alloc(arena, 100);
    arena_free(arena);
    assert_int_equal(*(char *)arena_alloc(arena, 1), 0);
}

static void arena_goes_back_to_a_mark(void **state) {
    Arena *arena = arena_of(state);
    ArenaMark empty = arena_mark(arena);
    char *kept = arena_alloc(arena, 10);
    memset(kept, 'k', 10);
    ArenaMark outer = arena_mark(arena);
    char *first = arena_alloc(arena, 100);
    ArenaMark inner = arena_mark(arena);
    memset(arena_alloc(arena, 1000000), 'x', 1000000);
    memset(arena_alloc(arena, 100000), 'y', 100000);
    arena_rewind(arena, inner);
    arena_rewind(arena, outer);
    assert_ptr_equal(arena_alloc(arena, 100), first); // the room is there again, and clear
    for (size_t i = 0; i < 100; i++) assert_int_equal(first[i], 0);
    for (size_t i = 0; i < 10; i++) assert_int_equal(kept[i], 'k');
    arena_rewind(arena, empty);
    assert_null(arena->block);
    assert_int_equal(*(char *)arena_alloc(arena, 1), 0);
}

static void allocate_too_much(Arena *arena, int way) {
    if (way == 0) (void)arena_alloc_array(arena, SIZE_MAX / 4, 8);
    if (way == 1) (void)arena_alloc(arena, SIZE_MAX / 2 + 1);
    if (way == 2) (void)arena_grow(arena, NULL, 0, SIZE_MAX);
}

static void arena_calls_its_handler_where_a_size_overflows(void **state) {
    Fixture *fixture = *state;
    for (volatile int way = 0; way < 3; way++) {
        if (setjmp(fixture->exhausted) != 0) continue;
        allocate_too_much(&fixture->arena, way);
        fail_msg("way %d returned", way);
    }
}

static void vec_keeps_its_items(void **state) {
    VEC(size_t) numbers = {0};
    for (size_t i = 0; i < 1000; i++) {
        VEC_PUSH(arena_of(state), &numbers, i);
        (void)arena_alloc(arena_of(state), i % 3); // now and then something stands behind it
    }
    assert_int_equal(numbers.count, 1000);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(numbers.items[i], i);
}

// --- str ---

static void str_compares(void **state) {
    (void)state;
    assert_true(str_equal((Str){0}, STR("")));
    assert_true(str_equal(STR("a\0b"), STR("a\0b")));
    assert_false(str_equal(STR("a"), STR("ab")));
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_true(str_compare(STR("\xC3\xA9"), STR("z")) > 0);
    assert_int_equal(str_compare((Str){0}, STR("")), 0);
    assert_true(str_equal_ignoring_case(STR("CreateLogGroup"), STR("createloggroup")));
    assert_false(str_equal_ignoring_case(STR("a"), STR("b")));
    assert_false(str_equal_ignoring_case(STR("@"), STR("`")));
}

static void str_finds(void **state) {
    (void)state;
    Str s = STR("arn:aws:s3");
    assert_true(str_starts_with(s, STR("arn:")));
    assert_false(str_starts_with(STR("ar"), STR("arn:")));
    assert_true(str_ends_with(s, STR(":s3")));
    assert_false(str_ends_with(STR("3"), STR("s3")));
    assert_int_equal(str_find_byte(s, ':', 4), 7);
    assert_int_equal(str_find_byte(s, 'x', 0), s.length);
    assert_int_equal(str_find_byte(s, ':', 99), s.length);
    assert_int_equal(str_find(s, STR("aws"), 0), 4);
    assert_int_equal(str_find(s, STR("aws"), 5), s.length);
    assert_int_equal(str_find(s, (Str){0}, 2), 2);
    assert_str(str_slice(s, 4, 7), "aws");
    assert_str(str_slice(s, 8, 99), "s3");
    assert_str(str_slice(s, 9, 4), "");
    assert_str(str_slice((Str){0}, 0, 5), "");
}

static void str_copies_and_formats(void **state) {
    Arena *arena = arena_of(state);
    Str copy = str_copy(arena, STR("a\0b"));
    assert_int_equal(copy.length, 3);
    assert_memory_equal(copy.data, "a\0b", 4);
    assert_string_equal(str_to_c(arena, (Str){0}), "");
    Str text = str_format(arena, "%.*s-%d", STR_ARG(STR("abc")), 7);
    assert_str(text, "abc-7");
    assert_int_equal(text.data[text.length], '\0');
}

// As the C library's printf formats them.
static void formats_as_printf(void **state) {
#define SAME(...)                                                                   \
    do {                                                                            \
        char expected[200];                                                         \
        (void)snprintf(expected, sizeof expected, __VA_ARGS__);                     \
        assert_str(str_format(&((Fixture *)*state)->arena, __VA_ARGS__), expected); \
    } while (0)
    SAME("no conversion");
    SAME("%s", "");
    SAME("%%|%s|%c|%%", "text", 'c');
    SAME("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    SAME("%u %u %zu %zu", 0U, UINT_MAX, (size_t)0, SIZE_MAX);
    SAME("%ld %ld %lld %lld", LONG_MAX, LONG_MIN, LLONG_MAX, LLONG_MIN);
    SAME("%lu %llu %jd %ju", ULONG_MAX, ULLONG_MAX, INTMAX_MIN, UINTMAX_MAX);
    SAME("%x %X %02x %02X %04X %o %03o", 0xBEEFU, 0xBEEFU, 7U, 0xFU, 0x1FU, 8U, 7U);
    SAME("%-5d|%0*zu|%-3d|%08x", 12, 60, (size_t)9, -4, 0xABU);
    SAME("%3d|%-3d|%03d|%03d|%1d|%03zu", 7, 7, 7, -7, 777, (size_t)42);
    SAME("%5s|%-5s|%2s|%*s|%-*s|%*s", "ab", "ab", "abc", 4, "", 3, "x", 0, "y");
    SAME("%.*s|%-*.*s|%.2s", 2, "abc", 5, 3, "abcdef", "abc");
    SAME("%p", (void *)state);
#undef SAME
}

static void formats_texts_with_nul(void **state) {
    Arena *arena = &((Fixture *)*state)->arena;
    const Str text = STR("a\0b");
    StrBuf buf = strbuf_new(arena);
    assert_true(str_equal(str_format(arena, "<%.*s>", STR_ARG(text)), STR("<a\0b>")));
    strbuf_add_format(&buf, "%.*s%5.*s%-5.*s.", STR_ARG(text), STR_ARG(text), STR_ARG(text));
    assert_true(str_equal(strbuf_str(&buf), STR("a\0b  a\0ba\0b  .")));
}

static void str_reads_numbers(void **state) {
    (void)state;
    uint64_t value = 5;
    assert_true(str_to_u64(STR("0018446744073709551615") /* too long */, &value) == false);
    assert_true(str_to_u64(STR("18446744073709551615"), &value));
    assert_true(value == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), &value));
    assert_false(str_to_u64(STR("99999999999999999999"), &value));
    assert_false(str_to_u64(STR(""), &value));
    assert_false(str_to_u64(STR("+1"), &value));
    assert_false(str_to_u64(STR("1 "), &value));
    assert_true(value == UINT64_MAX);
    assert_true(str_to_u64(STR("007"), &value));
    assert_true(value == 7);
}

static void str_sorts(void **state) {
    (void)state;
    Str items[] = {STR("b"), STR(""), STR("ab"), STR("a")};
    str_sort(items, 4);
    assert_str(items[0], "");
    assert_str(items[1], "a");
    assert_str(items[2], "ab");
    assert_str(items[3], "b");
    str_sort(NULL, 0);
}

static void strbuf_grows(void **state) {
    StrBuf buf = strbuf_new(arena_of(state));
    assert_int_equal(strbuf_str(&buf).length, 0);
    for (int i = 0; i < 1000; i++) {
        strbuf_add(&buf, STR("ab"));
        strbuf_add(&buf, (Str){0});
        strbuf_add_byte(&buf, 'c');
        strbuf_add_format(&buf, "%d", i % 10);
    }
    assert_int_equal(buf.length, 4000);
    assert_memory_equal(buf.data + 3992, "abc8abc9", 8);
}

// --- utf8 ---

static void utf8_takes_what_rfc_3629_takes(void **state) {
    (void)state;
    static const struct {
        Str bytes;
        uint32_t code;
    } valid[] = {
        {{"\x00", 1}, 0},
        {{"\x7F", 1}, 0x7F},
        {{"\xC2\x80", 2}, 0x80},
        {{"\xDF\xBF", 2}, 0x7FF},
        {{"\xE0\xA0\x80", 3}, 0x800},
        {{"\xED\x9F\xBF", 3}, 0xD7FF},
        {{"\xEE\x80\x80", 3}, 0xE000},
        {{"\xEF\xBF\xBF", 3}, 0xFFFF},
        {{"\xF0\x90\x80\x80", 4}, 0x10000},
        {{"\xF4\x8F\xBF\xBF", 4}, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        uint32_t code = 1;
        assert_int_equal(utf8_decode(valid[i].bytes, 0, &code), valid[i].bytes.length);
        assert_int_equal(code, valid[i].code);
        assert_int_equal(utf8_count(valid[i].bytes), 1);
    }
}

static void utf8_refuses_all_else(void **state) {
    (void)state;
    static const char *const invalid[] = {
        "\x80",             // a continuation alone
        "\xC0\x80",         // overlong
        "\xC1\xBF",         //
        "\xE0\x9F\xBF",     //
        "\xF0\x8F\xBF\xBF", //
        "\xED\xA0\x80",     // a surrogate
        "\xF4\x90\x80\x80", // above the last code point
        "\xF5\x80\x80\x80", //
        "\xFF",             //
        "\xC3",             // cut off
        "\xE2\x80",         //
        "\xF0\x9F\x98",     //
        "\xC3(",            // no continuation
    };
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        uint32_t code = 1;
        assert_int_equal(utf8_decode(str_of(invalid[i]), 0, &code), 0);
        assert_int_equal(code, 1);
    }
    uint32_t code = 1;
    assert_int_equal(utf8_decode((Str){0}, 0, &code), 0);
    assert_int_equal(utf8_first_invalid(STR("a\xC3\xA9\xFFz")), 3);
    assert_int_equal(utf8_first_invalid(STR("a\xC3\xA9z")), 4);
    assert_int_equal(utf8_first_invalid((Str){0}), 0);
}

// --- nearest ---

static void nearest_finds_what_was_meant(void **state) {
    (void)state;
    const Str choices[] = {STR("eco"), STR("elastigroup"), STR("ocean"), STR("ecs"), STR("eks")};
    static const struct {
        const char *name, *nearest;
    } cases[] = {
        {"ocaen", "ocean"}, // neighbours swapped
        {"OCEAN", "ocean"}, // case
        {"elastigoup", "elastigroup"},
        {"elasticgrup", "elastigroup"},
        {"ec", "eco"}, // the first of equals
        {"esk", "eks"},
        {"storage", ""},
        {"o", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str(nearest_name(str_of(cases[i].name), choices, 5), cases[i].nearest);
}

static void nearest_bears_long_names(void **state) {
    Arena *arena = arena_of(state);
    Str longest = {arena_alloc(arena, 64), 64};
    Str longer = {arena_alloc(arena, 65), 65};
    Str near = nearest_name(longest, &longest, 1);
    assert_int_equal(near.length, 64);
    assert_int_equal(nearest_name(longer, &longest, 1).length, 0);
    assert_int_equal(nearest_name(longest, &longer, 1).length, 0);
    assert_int_equal(nearest_name(STR("a"), NULL, 0).length, 0);
}

// --- map ---

static void map_keeps_what_was_set(void **state) {
    Arena *arena = arena_of(state);
    StrMap map = {0};
    uint32_t value = 9;
    assert_false(strmap_get(&map, STR("a"), &value));
    assert_true(strmap_set(arena, &map, STR(""), 1));
    assert_true(strmap_set(arena, &map, STR("a"), 2));
    assert_true(strmap_set(arena, &map, STR("a\0"), 3)); // a key may be another's prefix
    assert_true(strmap_set(arena, &map, STR("\xFF"), 4));
    assert_false(strmap_set(arena, &map, STR("a"), 5));
    assert_true(strmap_get(&map, STR("a"), &value));
    assert_int_equal(value, 5);
    assert_true(strmap_get(&map, STR("a\0"), &value));
    assert_int_equal(value, 3);
    assert_true(strmap_get(&map, (Str){0}, &value));
    assert_int_equal(value, 1);
    assert_false(strmap_get(&map, STR("ab"), &value));
    assert_int_equal(value, 1);
}

static void map_keeps_many(void **state) {
    enum { MANY = 20000 };
    Arena *arena = arena_of(state);
    StrMap map = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        Str key = str_format(arena, "key-%u", i * 7919 % MANY);
        assert_true(strmap_set(arena, &map, key, i));
    }
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t value = MANY;
        Str key = str_format(arena, "key-%u", i * 7919 % MANY);
        assert_true(strmap_get(&map, key, &value));
        assert_int_equal(value, i);
        assert_false(strmap_get(&map, str_format(arena, "key-%u.", i), &value));
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(arena_gives_zeroed_aligned_bytes),
        TEST(arena_gives_blocks_of_any_size),
        TEST(arena_grows_what_was_allocated_last_in_place),
        TEST(arena_goes_back_to_a_mark),
        TEST(arena_can_be_used_again),
        TEST(arena_calls_its_handler_where_a_size_overflows),
        TEST(vec_keeps_its_items),
        TEST(str_compares),
        TEST(str_finds),
        TEST(str_copies_and_formats),
        TEST(formats_as_printf),
        TEST(formats_texts_with_nul),
        TEST(str_reads_numbers),
        TEST(str_sorts),
        TEST(strbuf_grows),
        TEST(utf8_takes_what_rfc_3629_takes),
        TEST(utf8_refuses_all_else),
        TEST(nearest_finds_what_was_meant),
        TEST(nearest_bears_long_names),
        TEST(map_keeps_what_was_set),
        TEST(map_keeps_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
