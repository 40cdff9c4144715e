// Packing against an exhaustive search over all partitions, and against hostile sizes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "layout/pack.h"
#include "memory.h"

enum { MOST = 8, LARGER = 14 };

// xorshift64*: the same cases on every run and machine.
static size_t next_number(uint64_t *seed, size_t below) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (size_t)((*seed * UINT64_C(2685821657736338717)) >> 33) % below;
}

static bool is_valid(const PackProblem *problem, const size_t *bin, size_t bins) {
    size_t opened = 0;
    for (size_t b = 0; b < bins; b++) {
        size_t used = 0, items = 0;
        for (size_t i = 0; i < problem->count; i++) {
            if (bin[i] != b) continue;
            used += problem->sizes[i] + (items++ == 0 ? 0 : problem->separator);
        }
        if (used > problem->capacity || items == 0) return false;
    }
    for (size_t i = 0; i < problem->count; i++) {
        if (bin[i] > opened || bin[i] >= bins) return false;
        if (bin[i] == opened) opened++;
    }
    return opened == bins;
}

// Steps through all partitions in lexicographic order: false after the last one.
static bool next_partition(size_t *bin, size_t count) {
    for (size_t i = count; i-- > 1;) {
        size_t highest = 0;
        for (size_t j = 0; j < i; j++) highest = bin[j] > highest ? bin[j] : highest;
        if (bin[i] > highest) continue;
        bin[i]++;
        for (size_t j = i + 1; j < count; j++) bin[j] = 0;
        return true;
    }
    return false;
}

// The first of the smallest valid partitions; 0 bins where there is none.
static size_t search_all(const PackProblem *problem, size_t *ret_bin) {
    size_t bin[MOST] = {0}, fewest = 0;
    do {
        size_t bins = 0;
        for (size_t i = 0; i < problem->count; i++) bins = bin[i] >= bins ? bin[i] + 1 : bins;
        if ((fewest != 0 && bins >= fewest) || !is_valid(problem, bin, bins)) continue;
        fewest = bins;
        for (size_t i = 0; i < problem->count; i++) ret_bin[i] = bin[i];
    } while (next_partition(bin, problem->count));
    return fewest;
}

static void check_against_all(Arena *arena, const PackProblem *problem) {
    size_t expected[MOST], bin[MOST], bins = 77;
    size_t fewest = search_all(problem, expected);
    PackResult result = pack(arena, problem, bin, &bins);
    if (fewest == 0) {
        assert_int_equal(result, PACK_TOO_LARGE);
        assert_int_equal(bins, 77);
    } else if (fewest > problem->max_bins) {
        assert_int_equal(result, PACK_TOO_MANY_BINS);
        assert_int_equal(bins, 77);
    } else {
        assert_int_equal(result, PACK_DONE);
        assert_int_equal(bins, fewest);
        assert_memory_equal(bin, expected, problem->count * sizeof *bin);
    }
}

static void fill_sizes(size_t *sizes, size_t count, size_t least, size_t range, uint64_t *seed) {
    for (size_t i = 0; i < count; i++) sizes[i] = least + next_number(seed, range);
}

static void agrees_with_exhaustive_search(void **state) {
    uint64_t seed = 20240611;
    for (int round = 0; round < 8000; round++) {
        size_t sizes[MOST];
        PackProblem problem = {.sizes = sizes, .max_steps = PACK_MAX_STEPS};
        problem.count = next_number(&seed, round % 16 == 0 ? MOST : MOST - 1) + 1;
        problem.capacity = next_number(&seed, 60) + 1;
        problem.separator = next_number(&seed, 3);
        problem.max_bins = next_number(&seed, 8) == 0 ? 2 : MOST;
        // Items of a narrow range of sizes are the hard ones.
        size_t least = next_number(&seed, problem.capacity / 2 + 1);
        size_t range = next_number(&seed, problem.capacity - least + 2) + 1;
        fill_sizes(sizes, problem.count, least, range, &seed);
        check_against_all(*state, &problem);
        arena_free(*state);
    }
}

// Depth first in bundle order, the lowest bin first, without a thought: the first find is the
// first.
static bool search_plainly(const PackProblem *problem, size_t bins, size_t item, size_t used,
                           size_t *space, size_t *bin) {
    if (item == problem->count) return true;
    for (size_t b = 0; b < bins && b <= used; b++) {
        if (space[b] < problem->sizes[item]) continue;
        space[b] -= problem->sizes[item];
        bin[item] = b;
        if (search_plainly(problem, bins, item + 1, b == used ? used + 1 : used, space, bin))
            return true;
        space[b] += problem->sizes[item];
    }
    return false;
}

static void check_against_plain(Arena *arena, const PackProblem *problem, size_t least) {
    size_t expected[LARGER], space[LARGER], bin[LARGER], bins, fewest = least;
    for (;; fewest++) {
        for (size_t b = 0; b < fewest; b++) space[b] = problem->capacity;
        if (search_plainly(problem, fewest, 0, 0, space, expected)) break;
    }
    assert_int_equal(pack(arena, problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, fewest);
    assert_memory_equal(bin, expected, problem->count * sizeof *bin);
}

// Larger and tight: bins that are filled to the last few bytes take real searching.
static void agrees_with_plain_search(void **state) {
    uint64_t seed = 19450508;
    for (int round = 0; round < 400; round++) {
        size_t sizes[LARGER], sum = 0;
        PackProblem problem = {.sizes = sizes, .max_bins = LARGER, .max_steps = PACK_MAX_STEPS};
        problem.count = 10 + next_number(&seed, LARGER - 9);
        size_t least = 10 + next_number(&seed, 60), range = 4 + next_number(&seed, 60);
        for (size_t i = 0; i < problem.count; i++) {
            sizes[i] = least + next_number(&seed, range);
            sum += sizes[i];
        }
        size_t bins = 3 + next_number(&seed, 2);
        problem.capacity = (sum + bins - 1) / bins + next_number(&seed, 4);
        check_against_plain(*state, &problem, bins);
        arena_free(*state);
    }
}

static void knows_the_edges(void **state) {
    const size_t sizes[] = {3, 3, 4, 0, 0};
    size_t bin[5] = {9, 9, 9, 9, 9}, bins = 9;
    PackProblem problem = {
        .sizes = sizes, .capacity = 7, .separator = 1, .max_bins = 3, .max_steps = PACK_MAX_STEPS};
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, 0);
    problem.count = 2; // 3 + 1 + 3 is just enough
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, 1);
    problem.capacity = 6;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, 2);
    problem.max_bins = 1;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_TOO_MANY_BINS);
    problem.max_bins = 0;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_TOO_MANY_BINS);
    problem.capacity = 2;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_TOO_LARGE);
    problem = (PackProblem){.sizes = sizes + 3, .count = 2, .max_bins = 1, .max_steps = 100};
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, 1);
}

// 299 of 300: placing the largest first, where it is tightest, would take four bins.
static void finds_what_greed_does_not(void **state) {
    const size_t sizes[] = {39, 30, 40, 27, 32, 33, 31, 27, 40};
    const size_t expected[] = {0, 0, 1, 1, 1, 2, 0, 2, 2};
    size_t bin[9], bins;
    PackProblem problem = {
        .sizes = sizes, .count = 9, .capacity = 100, .max_bins = 9, .max_steps = PACK_MAX_STEPS};
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_DONE);
    assert_int_equal(bins, 3);
    assert_memory_equal(bin, expected, sizeof expected);
}

// Whatever the sizes, it ends, and what it returns is a packing.
static void ends_on_hostile_sizes(void **state) {
    enum { COUNT = 200 };
    size_t sizes[COUNT], bin[COUNT], bins;
    uint64_t seed = 7;
    int seen[PACK_TOO_LARGE + 1] = {0};
    for (int round = 0; round < 60; round++) {
        size_t count = 20 + next_number(&seed, COUNT - 20);
        size_t divisor = 2 + next_number(&seed, 8);
        for (size_t i = 0; i < count; i++)
            sizes[i] = 6144 / divisor - 300 + next_number(&seed, 600);
        PackProblem problem = {.sizes = sizes,
                               .count = count,
                               .capacity = 6144,
                               .separator = 1,
                               .max_bins = COUNT,
                               .max_steps = 200000};
        PackResult result = pack(*state, &problem, bin, &bins);
        assert_true(is_valid(&problem, bin, bins));
        seen[result]++;
        arena_free(*state);
    }
    assert_int_equal(seen[PACK_DONE] + seen[PACK_NOT_FIRST] + seen[PACK_NOT_PROVEN], 60);
    assert_true(seen[PACK_DONE] > 0 && seen[PACK_NOT_FIRST] > 0 && seen[PACK_NOT_PROVEN] > 0);
}

// Without steps there is still a packing; where it is as small as the sum demands, it is known to
// be the fewest.
static void is_valid_without_steps(void **state) {
    const size_t sizes[] = {39, 30, 40, 27, 32, 33, 31, 27, 40};
    size_t bin[9], bins;
    PackProblem problem = {.sizes = sizes, .count = 9, .capacity = 100, .max_bins = 9};
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_NOT_PROVEN);
    assert_int_equal(bins, 4);
    assert_true(is_valid(&problem, bin, bins));
    problem.max_bins = 3;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_TOO_MANY_BINS);
    problem.max_bins = 9;
    problem.capacity = 150;
    assert_int_equal(pack(*state, &problem, bin, &bins), PACK_NOT_FIRST);
    assert_int_equal(bins, 2);
    assert_true(is_valid(&problem, bin, bins));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(agrees_with_exhaustive_search, memory_set_up,
                                        memory_tear_down),
        cmocka_unit_test_setup_teardown(agrees_with_plain_search, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(knows_the_edges, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(finds_what_greed_does_not, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(ends_on_hostile_sizes, memory_set_up, memory_tear_down),
        cmocka_unit_test_setup_teardown(is_valid_without_steps, memory_set_up, memory_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
