/* SPDX-License-Identifier: BSD-3-Clause */

/* Every function of mem_alloc.h, and every status it can return; addresses worked out by hand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pair.h"

#define TOP_BIT (UINT64_C(1) << 63)

/* Three regions with two live blocks in the middle one. */
static void pair_init_example(struct pair *pair)
{
  uint64_t address = 0;
  pair_init(pair);
  assert_int_equal(pair_add_free(pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(pair, 0x10000, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(pair, UINT64_MAX - 0xfff, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_get(pair, &address, 0x8000), MEM_ALLOC_OK);
  assert_true(address == 0x10000);
  assert_int_equal(pair_get(pair, &address, 0x2000), MEM_ALLOC_OK);
  assert_true(address == 0x18000);
}

static void test_init(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc zero;
  memset(&m, 0xff, sizeof m);
  memset(&zero, 0, sizeof zero);
  mem_alloc_init(&m);
  assert_memory_equal(&m, &zero, sizeof m);
  assert_true(mem_alloc_is_valid(&m));
  mem_alloc_init(NULL);
}

static void test_zero_filled_object_works(void **state)
{
  (void)state;
  static struct mem_alloc m;
  uint64_t address = 0;
  assert_true(mem_alloc_is_valid(&m));
  assert_int_equal(mem_alloc_get(&m, &address, 1), MEM_ALLOC_NO_SPACE);
  assert_int_equal(mem_alloc_put(&m, 0), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(mem_alloc_add_free(&m, 0x4000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_get(&m, &address, 0x1000), MEM_ALLOC_OK);
  assert_true(address == 0x4000);
  mem_alloc_destroy(&m);
  assert_true(mem_alloc_is_valid(&m));
}

static void test_destroy(void **state)
{
  (void)state;
  struct pair pair;
  struct mem_alloc zero;
  uint64_t address = 0;
  memset(&zero, 0, sizeof zero);
  pair_init_example(&pair);
  mem_alloc_destroy(&pair.m);
  assert_memory_equal(&pair.m, &zero, sizeof zero);
  assert_true(mem_alloc_is_valid(&pair.m));
  assert_int_equal(mem_alloc_get(&pair.m, &address, 1), MEM_ALLOC_NO_SPACE);
  mem_alloc_destroy(&pair.m);
  assert_int_equal(mem_alloc_add_free(&pair.m, 0x10000, 0x1000), MEM_ALLOC_OK);
  mem_alloc_destroy(&pair.m);
  mem_alloc_destroy(NULL);
  pair_destroy(&pair);
}

static void test_add_free_joins(void **state)
{
  (void)state;
  struct pair pair;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0x3000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 2);
  assert_int_equal(pair_add_free(&pair, 0x2000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 1);
  assert_int_equal(pair_add_free(&pair, 0, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0 - UINT64_C(0x4000)), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 1);
  assert_true(pair.model.runs[0].first == 0 && pair.model.runs[0].last == UINT64_MAX);
  pair_destroy(&pair);
}

static void test_add_free_single_addresses(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, 1), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0, 1), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0, 1), MEM_ALLOC_OVERLAP);
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, 1), MEM_ALLOC_OVERLAP);
  assert_int_equal(pair_get(&pair, &address, 2), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  assert_true(address == 0);
  assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  assert_true(address == UINT64_MAX);
  pair_destroy(&pair);
}

static void test_add_free_invalid(void **state)
{
  (void)state;
  struct pair pair;
  assert_int_equal(mem_alloc_add_free(NULL, 0x1000, 0x1000), MEM_ALLOC_INVALID);
  pair_init_example(&pair);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0), MEM_ALLOC_INVALID);
  assert_int_equal(pair_add_free(&pair, 0x10000, 0), MEM_ALLOC_INVALID);
  assert_int_equal(pair_add_free(&pair, 1, UINT64_MAX), MEM_ALLOC_OVERLAP);
  assert_int_equal(pair_add_free(&pair, 2, UINT64_MAX), MEM_ALLOC_INVALID);
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, 2), MEM_ALLOC_INVALID);
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, UINT64_MAX), MEM_ALLOC_INVALID);
  pair_destroy(&pair);
}

static void test_add_free_overlap(void **state)
{
  (void)state;
  static const struct {
    uint64_t address;
    uint64_t size;
  } regions[] = {
    { 0x1000, 0x1000 },  { 0x1000, 1 },       { 0x1fff, 1 },        { 0x0fff, 2 },
    { 0x1fff, 2 },       { 0, UINT64_MAX },   { 0x0800, 0x2000 },   { 0x1400, 0x100 },
    { 0x10000, 0x8000 }, { 0x10000, 1 },      { 0x17fff, 1 },       { 0xffff, 2 },
    { 0x2000, 0xe001 },  { 0x19fff, 1 },      { 0x1a000, 1 },       { 0x1ffff, 2 },
    { 0x2000, 0 - UINT64_C(0x2000) },         { UINT64_MAX, 1 },    { UINT64_MAX - 0x1000, 2 },
  };
  struct pair pair;
  pair_init_example(&pair);
  for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
    assert_int_equal(pair_add_free(&pair, regions[i].address, regions[i].size), MEM_ALLOC_OVERLAP);
  }
  /* Right between what is there is fine. */
  assert_int_equal(pair_add_free(&pair, 0x2000, 0xe000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x20000, UINT64_MAX - 0x20fff), MEM_ALLOC_OK);
  pair_destroy(&pair);
}

static void test_get_lowest_aligned(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0x1000, 0xf000), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, 0x4000), MEM_ALLOC_OK);
  assert_true(address == 0x4000);
  assert_int_equal(pair_get(&pair, &address, 0x1000), MEM_ALLOC_OK);
  assert_true(address == 0x1000);
  assert_int_equal(pair_get(&pair, &address, 0x3000), MEM_ALLOC_OK);
  assert_true(address == 0x8000);
  assert_int_equal(pair_get(&pair, &address, 0x6000), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  assert_true(address == 0x2000);
  assert_int_equal(pair_get(&pair, &address, 3), MEM_ALLOC_OK);
  assert_true(address == 0x2001);
  pair_destroy(&pair);
}

/* A run that is long enough, but not where aligned, must not hide a later one. */
static void test_get_passes_unfit_runs(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  for (uint64_t i = 0; i < 200; i++) {
    assert_int_equal(pair_add_free(&pair, 0x100000 * i + 0x1000, 0x6000), MEM_ALLOC_OK);
  }
  assert_int_equal(pair_get(&pair, &address, 0x6000), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_add_free(&pair, 0x100000 * 150, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, 0x6000), MEM_ALLOC_OK);
  assert_true(address == 0x100000 * 150);
  pair_destroy(&pair);
}

static void test_get_whole_space(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0, UINT64_MAX), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, 1), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, UINT64_MAX), MEM_ALLOC_OK);
  assert_true(address == 0);
  assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  assert_true(address == UINT64_MAX);
  assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, UINT64_MAX), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, TOP_BIT), MEM_ALLOC_OK);
  assert_true(address == 0);
  assert_int_equal(pair_get(&pair, &address, TOP_BIT), MEM_ALLOC_OK);
  assert_true(address == TOP_BIT);
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, TOP_BIT - 1), MEM_ALLOC_OK);
  assert_true(address == 0);
  pair_destroy(&pair);
}

static void test_get_errors(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 4711;
  assert_int_equal(mem_alloc_get(NULL, &address, 1), MEM_ALLOC_INVALID);
  assert_true(address == 4711);
  pair_init_example(&pair);
  assert_int_equal(mem_alloc_get(&pair.m, NULL, 1), MEM_ALLOC_INVALID);
  pair_check(&pair);
  assert_int_equal(pair_get(&pair, &address, 0), MEM_ALLOC_INVALID);
  assert_int_equal(pair_get(&pair, &address, 0x6001), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get(&pair, &address, 0x8000), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get(&pair, &address, TOP_BIT), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get(&pair, &address, UINT64_MAX), MEM_ALLOC_NO_SPACE);
  assert_true(address == 4711);
  pair_destroy(&pair);
}

static void test_put_joins_each_way(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0, 8), MEM_ALLOC_OK);
  for (uint64_t i = 0; i < 8; i++) {
    assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  }
  assert_int_equal(pair_put(&pair, 3), MEM_ALLOC_OK); /* no FREE neighbour */
  assert_int_equal(pair_put(&pair, 4), MEM_ALLOC_OK); /* below */
  assert_int_equal(pair_put(&pair, 2), MEM_ALLOC_OK); /* above */
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 1), MEM_ALLOC_OK); /* both */
  assert_int_equal(pair_put(&pair, 7), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 6), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 5), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 1);
  pair_destroy(&pair);
}

/* Long ways through one leaf after the other: every node is emptied from its first, or its last, run on. */
static void test_put_in_order(void **state)
{
  (void)state;
  enum { BLOCKS = 8 * MEM_ALLOC_FAN_OUT };
  for (int order = 0; order < 3; order++) {
    struct pair pair;
    uint64_t address = 0;
    pair_init(&pair);
    assert_int_equal(pair_add_free(&pair, 0x1000, BLOCKS), MEM_ALLOC_OK);
    for (uint64_t i = 0; i < BLOCKS; i++) {
      assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
      assert_true(address == 0x1000 + i);
    }
    for (uint64_t i = 0; i < BLOCKS; i++) {
      uint64_t block = i; /* ascending */
      if (order == 1) { /* descending */
        block = BLOCKS - 1 - i;
      } else if (order == 2) { /* from the middle on, up and down in turn */
        block = i % 2 == 0 ? BLOCKS / 2 + i / 2 : BLOCKS / 2 - 1 - i / 2;
      }
      assert_int_equal(pair_put(&pair, 0x1000 + block), MEM_ALLOC_OK);
    }
    assert_int_equal(pair.model.count, 1);
    pair_destroy(&pair);
  }
}

static void test_put_errors(void **state)
{
  (void)state;
  struct pair pair;
  assert_int_equal(mem_alloc_put(NULL, 0), MEM_ALLOC_INVALID);
  pair_init(&pair);
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_NOT_FOUND);
  pair_destroy(&pair);
  pair_init_example(&pair);
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, 0x1000), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, 0x10001), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, 0x17fff), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, 0x1a000), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, UINT64_MAX), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(pair_put(&pair, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 0x10000), MEM_ALLOC_NOT_FOUND);
  pair_destroy(&pair);
}

static void test_constraint_cuts(void **state)
{
  (void)state;
  struct pair pair;
  struct pair constraint;
  uint64_t address = 0;
  pair_init_example(&pair);
  pair_init(&constraint);
  assert_int_equal(pair_add_free(&constraint, 0x1800, 0x100), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&constraint, 0x1a00, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_CONFLICT);
  assert_int_equal(pair_add_free(&constraint, 0x11a00, 0xa000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 5);
  assert_int_equal(pair_get(&pair, &address, 0x200), MEM_ALLOC_OK);
  assert_true(address == 0x1a00);
  assert_int_equal(pair_put(&pair, 0x18000), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  pair_destroy(&constraint);
  pair_destroy(&pair);
}

static void test_constraint_conflicts(void **state)
{
  (void)state;
  /* The live blocks of the example are [0x10000, 0x17fff] and [0x18000, 0x19fff]. */
  static const struct {
    uint64_t address;
    uint64_t size;
    int status;
  } cases[] = {
    { 0x10000, 0xa000, MEM_ALLOC_OK },       { 0x10000, 0x9fff, MEM_ALLOC_CONFLICT },
    { 0x10001, 0xa000, MEM_ALLOC_CONFLICT }, { 0x18000, 0x2000, MEM_ALLOC_CONFLICT },
    { 0x10000, 0x8000, MEM_ALLOC_CONFLICT }, { 0, UINT64_MAX, MEM_ALLOC_OK },
    { 0x30000, 0x1000, MEM_ALLOC_CONFLICT }, { 0x12000, 0x100, MEM_ALLOC_CONFLICT },
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct pair pair;
    struct pair constraint;
    pair_init_example(&pair);
    pair_init(&constraint);
    assert_int_equal(pair_add_free(&constraint, cases[i].address, cases[i].size), MEM_ALLOC_OK);
    assert_int_equal(pair_apply_constraint(&pair, &constraint), cases[i].status);
    pair_destroy(&constraint);
    pair_destroy(&pair);
  }
}

/* What is live in the constraint is not free there, so nothing may be free below it. */
static void test_constraint_live_block_excludes(void **state)
{
  (void)state;
  struct pair pair;
  struct pair constraint;
  uint64_t address = 0;
  pair_init(&pair);
  pair_init(&constraint);
  assert_int_equal(pair_add_free(&pair, 0, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&constraint, 0, 0x10000), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&constraint, &address, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, 0x100), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_CONFLICT);
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  assert_int_equal(pair_get(&pair, &address, 0x100), MEM_ALLOC_OK);
  assert_true(address == 0x1000);
  pair_destroy(&constraint);
  pair_destroy(&pair);
}

static void test_constraint_itself_and_empty(void **state)
{
  (void)state;
  struct pair pair;
  struct pair empty;
  pair_init(&empty);
  pair_init(&pair);
  assert_int_equal(pair_apply_constraint(&pair, &empty), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &pair), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &pair), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 1);
  assert_int_equal(pair_apply_constraint(&empty, &pair), MEM_ALLOC_OK);
  assert_int_equal(empty.model.count, 0);
  assert_int_equal(pair_apply_constraint(&pair, &empty), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 0);
  pair_destroy(&pair);
  pair_init_example(&pair);
  assert_int_equal(pair_apply_constraint(&pair, &pair), MEM_ALLOC_CONFLICT);
  assert_int_equal(pair_apply_constraint(&pair, &empty), MEM_ALLOC_CONFLICT);
  pair_destroy(&pair);
  pair_destroy(&empty);
}

static void test_constraint_invalid(void **state)
{
  (void)state;
  struct pair pair;
  pair_init_example(&pair);
  assert_int_equal(mem_alloc_apply_constraint(&pair.m, NULL), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_apply_constraint(NULL, &pair.m), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_apply_constraint(NULL, NULL), MEM_ALLOC_INVALID);
  pair_check(&pair);
  pair_destroy(&pair);
}

/* A constraint with many runs, finer than what it cuts, and one that is coarser. */
static void test_constraint_many_runs(void **state)
{
  (void)state;
  struct pair pair;
  struct pair fine;
  struct pair coarse;
  pair_init(&pair);
  pair_init(&fine);
  pair_init(&coarse);
  fine.check_period = 100;
  for (uint64_t i = 0; i < 500; i++) {
    assert_int_equal(pair_add_free(&fine, 16 * i, 5), MEM_ALLOC_OK);
  }
  for (uint64_t i = 0; i < 5; i++) {
    assert_int_equal(pair_add_free(&coarse, 3 + 1600 * i, 803), MEM_ALLOC_OK);
  }
  assert_int_equal(pair_add_free(&pair, 0, UINT64_MAX), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &fine), MEM_ALLOC_OK);
  assert_int_equal(pair.model.count, 500);
  assert_int_equal(pair_apply_constraint(&pair, &coarse), MEM_ALLOC_OK);
  assert_in_range(pair.model.count, 250, 260);
  assert_int_equal(pair_apply_constraint(&coarse, &fine), MEM_ALLOC_OK);
  assert_true(model_equal(&pair.model, &coarse.model));
  pair_destroy(&coarse);
  pair_destroy(&fine);
  pair_destroy(&pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_init),
    cmocka_unit_test(test_zero_filled_object_works),
    cmocka_unit_test(test_destroy),
    cmocka_unit_test(test_add_free_joins),
    cmocka_unit_test(test_add_free_single_addresses),
    cmocka_unit_test(test_add_free_invalid),
    cmocka_unit_test(test_add_free_overlap),
    cmocka_unit_test(test_get_lowest_aligned),
    cmocka_unit_test(test_get_passes_unfit_runs),
    cmocka_unit_test(test_get_whole_space),
    cmocka_unit_test(test_get_errors),
    cmocka_unit_test(test_put_joins_each_way),
    cmocka_unit_test(test_put_in_order),
    cmocka_unit_test(test_put_errors),
    cmocka_unit_test(test_constraint_cuts),
    cmocka_unit_test(test_constraint_conflicts),
    cmocka_unit_test(test_constraint_live_block_excludes),
    cmocka_unit_test(test_constraint_itself_and_empty),
    cmocka_unit_test(test_constraint_invalid),
    cmocka_unit_test(test_constraint_many_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
