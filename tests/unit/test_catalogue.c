// The constant tables against schema/iam/catalogue, read here line by line: nothing is lost, added
// or mixed up on the way into the binary.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "memory.h"
#include "model/catalogue.h"

enum { MAX_BYTES = 64 * 1024 * 1024 };

static StrVec split(Arena *arena, Str text, char separator) {
    StrVec parts = {0};
    for (size_t at = 0; at < text.length;) {
        size_t stop = str_find_byte(text, separator, at);
        VEC_PUSH(arena, &parts, str_slice(text, at, stop));
        at = stop + 1;
    }
    return parts;
}

// The lines of a table without its header and comments.
static StrVec rows_of(Arena *arena, const char *name) {
    Str text = {0}, path = str_format(arena, "schema/iam/catalogue/%s.tsv", name);
    int error = 0;
    assert_int_equal(file_read(arena, path, MAX_BYTES, &text, &error), FILE_DONE);
    StrVec lines = split(arena, text, '\n'), rows = {0};
    for (size_t i = 1; i < lines.count; i++) {
        if (!str_starts_with(lines.items[i], STR("#"))) VEC_PUSH(arena, &rows, lines.items[i]);
    }
    return rows;
}

// The cells of a row; an empty last one counts.
static StrVec cells_of(Arena *arena, Str row, size_t count) {
    StrVec cells = split(arena, row, '\t');
    if (cells.count < count) VEC_PUSH(arena, &cells, STR(""));
    assert_int_equal(cells.count, count);
    return cells;
}

static void assert_text(Str is, Str should) {
    if (!str_equal(is, should)) fail_msg("'%.*s' instead of '%.*s'", STR_ARG(is), STR_ARG(should));
}

// A list of keys as the tables write it.
static Str keys_cell(Arena *arena, Str service, KeyList keys) {
    StrBuf cell = strbuf_new(arena);
    Str prefix = str_format(arena, "%.*s:", STR_ARG(service));
    for (size_t i = 0; i < keys.count; i++) {
        Str key = key_text(keys.ids[i]);
        bool own = str_starts_with(key, prefix);
        if (i > 0) strbuf_add_byte(&cell, ',');
        strbuf_add(&cell, own ? str_slice(key, service.length, key.length) : key);
    }
    return strbuf_str(&cell);
}

static Str access_cell(Arena *arena, AccessLevels levels) {
    StrBuf cell = strbuf_new(arena);
    for (unsigned i = 0; i < ACCESS_LEVEL_COUNT; i++) {
        if ((levels & 1u << i) != 0) strbuf_add_byte(&cell, access_level_letters[i]);
    }
    return strbuf_str(&cell);
}

// Types that follow each other with equal lists of keys are one group.
static Str resources_cell(Arena *arena, Str service, ActionId action) {
    StrBuf cell = strbuf_new(arena);
    size_t count = action_resource_count(action);
    for (size_t i = 0; i < count; i++) {
        UsedResource used = action_resource(action, i);
        strbuf_add(&cell, resource_name(used.id));
        if (used.required) strbuf_add_byte(&cell, '!');
        bool last = i + 1 == count || action_resource(action, i + 1).keys.ids != used.keys.ids;
        if (!last) {
            strbuf_add_byte(&cell, ',');
            continue;
        }
        if (used.keys.count > 0) strbuf_add_byte(&cell, '=');
        strbuf_add(&cell, keys_cell(arena, service, used.keys));
        if (i + 1 < count) strbuf_add_byte(&cell, ';');
    }
    return strbuf_str(&cell);
}

static void has_every_service(void **state) {
    StrVec rows = rows_of(*state, "services");
    assert_int_equal(rows.count, catalogue_service_count());
    ActionId next = 0;
    for (ServiceId i = 0; i < rows.count; i++) {
        StrVec cells = cells_of(*state, rows.items[i], 2);
        ServiceId found = UINT32_MAX;
        assert_text(service_prefix(i), cells.items[0]);
        assert_text(service_name(i), cells.items[1]);
        assert_true(catalogue_find_service(cells.items[0], &found));
        assert_int_equal(found, i);
        if (service_action_count(i) == 0) continue;
        assert_int_equal(service_first_action(i), next);
        next += (ActionId)service_action_count(i);
    }
    assert_int_equal(next, catalogue_action_count());
}

static Str in_other_case(Arena *arena, Str text) {
    char *other = str_to_c(arena, text);
    for (size_t i = 0; i < text.length; i++) {
        char c = other[i];
        if (c >= 'a' && c <= 'z') other[i] = (char)(c - 'a' + 'A');
        if (c >= 'A' && c <= 'Z') other[i] = (char)(c - 'A' + 'a');
    }
    return (Str){other, text.length};
}

static void check_action(Arena *arena, ActionId action, Str row) {
    StrVec cells = cells_of(arena, row, 5);
    Str service = cells.items[0], name = cells.items[1];
    Str text = str_format(arena, "%.*s:%.*s", STR_ARG(service), STR_ARG(name));
    ActionId found = UINT32_MAX;
    assert_text(action_text(action), text);
    assert_text(action_name(action), name);
    assert_text(service_prefix(action_service(action)), service);
    assert_true(catalogue_find_action(text, &found));
    assert_int_equal(found, action);
    assert_true(catalogue_find_action(in_other_case(arena, text), &found));
    assert_int_equal(found, action);
    assert_text(access_cell(arena, action_access(action)), cells.items[2]);
    assert_text(resources_cell(arena, service, action), cells.items[3]);
    assert_text(keys_cell(arena, service, action_keys(action)), cells.items[4]);
}

static void has_every_action(void **state) {
    StrVec rows = rows_of(*state, "actions");
    assert_int_equal(rows.count, catalogue_action_count());
    for (ActionId i = 0; i < rows.count; i++) check_action(*state, i, rows.items[i]);
}

static void has_every_resource_type(void **state) {
    StrVec rows = rows_of(*state, "resources");
    for (ResourceId i = 0; i < rows.count; i++) {
        StrVec cells = cells_of(*state, rows.items[i], 4),
               arns = split(*state, cells.items[2], ',');
        assert_text(service_prefix(resource_service(i)), cells.items[0]);
        assert_text(resource_name(i), cells.items[1]);
        assert_int_equal(resource_arn_count(i), arns.count);
        for (size_t k = 0; k < arns.count; k++) assert_text(resource_arn(i, k), arns.items[k]);
        assert_text(keys_cell(*state, cells.items[0], resource_keys(i)), cells.items[3]);
    }
}

static void has_every_condition_key(void **state) {
    StrVec rows = rows_of(*state, "keys");
    size_t row = 0;
    for (ServiceId i = 0; i < catalogue_service_count(); i++) {
        KeyList keys = service_keys(i);
        for (size_t k = 0; k < keys.count; k++) {
            StrVec cells = cells_of(*state, rows.items[row++], 3);
            StrVec types = split(*state, cells.items[2], ',');
            assert_text(service_prefix(i), cells.items[0]);
            assert_text(keys_cell(*state, cells.items[0], (KeyList){&keys.ids[k], 1}),
                        cells.items[1]);
            KeyId found = UINT32_MAX;
            assert_true(catalogue_find_key(in_other_case(*state, key_text(keys.ids[k])), &found));
            assert_int_equal(found, keys.ids[k]);
            for (size_t n = 0; n < types.count; n++) {
                unsigned type = 0;
                while (!str_equal(str_of(key_type_names[type]), types.items[n])) type++;
                assert_true((key_types(found) & 1u << type) != 0);
            }
        }
    }
    assert_int_equal(row, rows.count);
}

static void finds_nothing_else(void **state) {
    static const char *const actions[] = {"",
                                          ":",
                                          "ec2",
                                          "ec2:",
                                          ":RunInstances",
                                          "ec2:RunInstance",
                                          "ec2:RunInstancesX",
                                          "ec2::RunInstances",
                                          "zz:Zz",
                                          "ec2 RunInstances",
                                          "ec2\x1ARunInstances",
                                          "*",
                                          "ec2:*"};
    static const char *const services[] = {"", "a", "ec", "ec2x", "ec2:", "zzz", "*"};
    static const char *const keys[] = {"", "aws:", "aws:ResourceTag", "zzz:Zzz"};
    uint32_t found = 4711;
    (void)state;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        assert_false(catalogue_find_action(str_of(actions[i]), &found));
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        assert_false(catalogue_find_service(str_of(services[i]), &found));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_false(catalogue_find_key(str_of(keys[i]), &found));
    assert_int_equal(found, 4711);
}

static void says_where_it_comes_from(void **state) {
    StrVec rows = rows_of(*state, "source");
    assert_int_equal(rows.count, 1);
    for (size_t i = 0; i < rows.count; i++) {
        StrVec cells = cells_of(*state, rows.items[i], 3);
        assert_text(catalogue_source(), cells.items[0]);
        assert_text(catalogue_version(), cells.items[1]);
        assert_text(catalogue_date(), cells.items[2]);
    }
}

static void names_access_levels(void **state) {
    assert_text(access_levels_text(*state, 0), STR(""));
    assert_text(access_levels_text(*state, 1u << ACCESS_TAGGING | 1u << ACCESS_LIST),
                STR("List, Tagging"));
    assert_text(access_levels_text(*state, (1u << ACCESS_LEVEL_COUNT) - 1),
                STR("List, Read, Write, Permissions management, Tagging"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(has_every_service, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(has_every_action, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(has_every_resource_type, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(has_every_condition_key, memory_set_up, memory_tear_down),
        cmocka_unit_test(finds_nothing_else),
        cmocka_unit_test_setup_teardown(says_where_it_comes_from, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(names_access_levels, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
