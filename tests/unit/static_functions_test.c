/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Functions inside src/constraint.c and src/valid.c, with numbers for which
 * no allocator could be built in a test: billions of runs.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The library has these, too. */
#define mem_alloc_apply_constraint tested_apply_constraint
#define mem_alloc_is_valid tested_is_valid

#include "src/constraint.c"
#include "src/valid.c"

enum { F = MEM_ALLOC_FAN_OUT };

/* Few cuts: a node for each level, a new root and one more, each. */
static void test_need_of_few_cuts(void **state)
{
  (void)state;
  assert_int_equal(constraint_need(1, 10, 1, 1), 3);
  assert_int_equal(constraint_need(4, 1000, 50, 3), 20);
}

/* Many cuts: what is enough for all the runs that there will be, less what there is. */
static void test_need_of_many_cuts(void **state)
{
  (void)state;
  assert_int_equal(constraint_need(1000000, 500, 7, 5), MEM_ALLOC_NODES_FOR(1000501u) - 7u);
  const uint64_t total = MEM_ALLOC_NODES_FOR(1001u);
  assert_int_equal(constraint_need(1000, 0, (uint32_t)total, 2), 0);
}

/* More nodes than the runs can need: then that says nothing. */
static void test_need_beside_many_nodes(void **state)
{
  (void)state;
  assert_int_equal(constraint_need(10, 0, 100000, 2), 40);
}

/* Never more nodes than there are numbers for them. */
static void test_need_beyond_all_nodes(void **state)
{
  (void)state;
  const uint64_t most_runs = (uint64_t)UINT32_MAX * F;
  assert_int_equal(constraint_need((uint64_t)UINT32_MAX + 1u, 0, 0, 1), UINT32_MAX);
  assert_int_equal(constraint_need(UINT64_MAX, 0, 0, 1), UINT32_MAX);
  assert_int_equal(constraint_need(1, most_runs + 1u, 0, 1), UINT32_MAX);
  assert_int_equal(constraint_need(1, UINT64_MAX, 0, 1), UINT32_MAX);
  assert_int_equal(constraint_need(UINT32_MAX, most_runs, 0, MAP_LEVELS), UINT32_MAX);
  assert_int_equal(constraint_need(1, most_runs, 0, 1), 3);
}

/* The fewest runs of a tree with two, three and four levels. */
static const uint64_t fewest[][4] = { { 4, 2, 2, 2 }, { 16, 8, 24, 72 }, { 32, 16, 112, 784 },
                                      { 48, 24, 264, 2904 } };

static void test_height(void **state)
{
  (void)state;
  uint32_t known = 0;
  assert_false(valid_height(0, 0));
  assert_true(valid_height(0, 1));
  for (size_t i = 0; i < sizeof fewest / sizeof fewest[0]; i++) {
    for (uint32_t top = 1; top <= 3 && fewest[i][0] == F; top++) {
      assert_false(valid_height(top, fewest[i][top] - 1u));
      assert_true(valid_height(top, fewest[i][top]));
      assert_true(valid_height(top, (uint64_t)UINT32_MAX * F));
      assert_false(valid_height(top, 1));
      known += 1;
    }
  }
  assert_int_equal(known, 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_need_of_few_cuts),
    cmocka_unit_test(test_need_of_many_cuts),
    cmocka_unit_test(test_need_beside_many_nodes),
    cmocka_unit_test(test_need_beyond_all_nodes),
    cmocka_unit_test(test_height),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
