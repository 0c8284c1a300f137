/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One test for each defect of OPAE 2.14's mem_alloc that was reproduced. The
 * comment says what OPAE does; the test says what is right.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

#define NO_ADDRESS UINT64_C(0x123456789)

static struct pair pair;
static struct pair constraint;

static int set_up(void **state)
{
  (void)state;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_init(&pair);
  pair_init(&constraint);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_destroy(&constraint);
  pair_destroy(&pair);
  return 0;
}

/* get must succeed and give this address. */
static void get_gives(uint64_t size, uint64_t expected)
{
  uint64_t address = NO_ADDRESS;
  assert_int_equal(pair_get(&pair, &address, size), MEM_ALLOC_OK);
  assert_true(address == expected);
}

/* get must fail like this and leave *address alone. */
static void get_fails(uint64_t size, int expected)
{
  uint64_t address = NO_ADDRESS;
  assert_int_equal(pair_get(&pair, &address, size), expected);
  assert_true(address == NO_ADDRESS);
}

/* Returns 0 and wrecks the free list. */
static void defect_01_get_of_size_zero(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  get_fails(0, MEM_ALLOC_INVALID);
  get_gives(0x1000, 0x4000);
}

/* Hands out an address that was never added. */
static void defect_02_get_of_half_the_space(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  get_fails(UINT64_C(1) << 63, MEM_ALLOC_NO_SPACE);
}

/* Rounding up wraps: hands out 0. */
static void defect_03_alignment_wraps_to_zero(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, UINT64_C(0xffffffff00000000), 0x1000), MEM_ALLOC_OK);
  get_fails(UINT64_C(1) << 33, MEM_ALLOC_NO_SPACE);
}

/* Succeeds, with addresses that were never added. */
static void defect_04_block_longer_than_the_last_region(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, UINT64_C(0xfffffffffffff000), 0x800), MEM_ALLOC_OK);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Refuses: the end of the region is 2^64, which wraps to 0. */
static void defect_05_region_that_ends_at_the_top(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0xfef00000, 0 - UINT64_C(0xfef00000)), MEM_ALLOC_OK);
  get_gives(0x1000, 0xfef00000);
}

/* Accepts the overlap and then hands out one page twice. */
static void defect_06_regions_that_overlap(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x2000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x5000, 0x2000), MEM_ALLOC_OVERLAP);
  get_gives(0x1000, 0x4000);
  get_gives(0x1000, 0x5000);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Accepts a live block as free. */
static void defect_07_live_block_added_again(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  get_gives(0x1000, 0x4000);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OVERLAP);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Accepts the same region twice. */
static void defect_08_region_added_again(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OVERLAP);
  get_gives(0x1000, 0x1000);
  get_gives(0x1000, 0x4000);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Needs memory to put, and loses the block for ever when there is none. */
static void defect_09_put_without_memory(void **state)
{
  (void)state;
  enum { BLOCKS = 300 };
  assert_int_equal(pair_add_free(&pair, 0, BLOCKS), MEM_ALLOC_OK);
  for (uint64_t i = 0; i < BLOCKS; i++) {
    get_gives(1, i);
  }
  wrap_malloc_plan(0, true);
  for (uint64_t i = 0; i < BLOCKS; i += 2) {
    assert_int_equal(pair_put(&pair, i), MEM_ALLOC_OK);
  }
  for (uint64_t i = 1; i < BLOCKS; i += 2) {
    assert_int_equal(pair_put(&pair, i), MEM_ALLOC_OK);
  }
  assert_int_equal(wrap_malloc.calls, 0);
  assert_int_equal(pair.model.count, 1);
}

/* Ignores an empty constraint. */
static void defect_10_empty_constraint(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  get_fails(1, MEM_ALLOC_NO_SPACE);
}

/* Keeps a free range that ends at 2^64 although the constraint excludes it. */
static void defect_11_constraint_excludes_the_top(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&pair, UINT64_C(0xfffffffffffff000), 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_add_free(&constraint, 0x4000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  get_gives(0x1000, 0x4000);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Frees the block on put although the constraint forbids it, and hands it out again. */
static void defect_12_live_block_outside_the_constraint(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x2000), MEM_ALLOC_OK);
  get_gives(0x1000, 0x4000);
  assert_int_equal(pair_add_free(&constraint, 0x5000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_CONFLICT);
  get_gives(0x1000, 0x5000);
  assert_int_equal(pair_put(&pair, 0x5000), MEM_ALLOC_OK);
  assert_int_equal(pair_put(&pair, 0x4000), MEM_ALLOC_OK);
  assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
  get_gives(0x1000, 0x5000);
  get_fails(0x1000, MEM_ALLOC_NO_SPACE);
}

/* Leaves the allocator half changed when there is no memory. */
static void defect_13_constraint_without_memory(void **state)
{
  (void)state;
  for (uint64_t i = 0; i < 1000; i++) {
    assert_int_equal(pair_add_free(&constraint, 0x100 * i, 0x80), MEM_ALLOC_OK);
  }
  uint64_t fail = 0; /* this call of malloc fails: the first, the second ... until there are no more */
  int status = MEM_ALLOC_NO_MEMORY;
  while (status == MEM_ALLOC_NO_MEMORY) {
    pair_destroy(&pair);
    pair_init(&pair);
    pair.may_lack_memory = true;
    assert_int_equal(pair_add_free(&pair, 0, 0x100000), MEM_ALLOC_OK);
    wrap_malloc_plan(fail, false);
    status = pair_apply_constraint(&pair, &constraint);
    assert_int_equal(wrap_malloc.failed, status == MEM_ALLOC_NO_MEMORY ? 1 : 0);
    assert_int_equal(pair.model.count, status == MEM_ALLOC_NO_MEMORY ? 1 : 1000);
    fail += 1;
  }
  assert_int_equal(status, MEM_ALLOC_OK);
  assert_in_range(fail, 2, 100);
}

/* The same with storage that runs out in the middle of it. */
static void defect_13_constraint_on_small_storage(void **state)
{
  enum { MOST_NODES = 2000 };
  static struct mem_alloc_node storage[MOST_NODES];
  (void)state;
  for (uint64_t i = 0; i < 1000; i++) {
    assert_int_equal(pair_add_free(&constraint, 0x100 * i, 0x80), MEM_ALLOC_OK);
  }
  uint32_t nodes = 0;
  uint32_t lacks = 0;
  int status = MEM_ALLOC_NO_MEMORY;
  while (status == MEM_ALLOC_NO_MEMORY && nodes < MOST_NODES) {
    nodes += 1;
    pair_destroy(&pair);
    pair_init_static(&pair, storage, nodes);
    pair.may_lack_memory = true;
    status = pair_add_free(&pair, 0, 0x100000);
    if (status == MEM_ALLOC_OK) {
      status = pair_apply_constraint(&pair, &constraint);
      lacks += status == MEM_ALLOC_NO_MEMORY ? 1 : 0;
      assert_int_equal(pair.model.count, status == MEM_ALLOC_NO_MEMORY ? 1 : 1000);
    }
  }
  assert_int_equal(status, MEM_ALLOC_OK);
  assert_in_range(lacks, 10, MOST_NODES);
}

/* Accepts a region of size 0 and then refuses the real one. */
static void defect_14_region_of_size_zero(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x4000, 0), MEM_ALLOC_INVALID);
  assert_int_equal(pair_add_free(&pair, 0x4000, 0x1000), MEM_ALLOC_OK);
  get_gives(0x1000, 0x4000);
}

/* Refuses a block of 3 pages that fits at a multiple of its natural alignment. */
static void defect_15_size_that_is_no_power_of_two(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x2000, 0x3000), MEM_ALLOC_OK);
  get_gives(0x3000, 0x2000);
}

/* And the other side of it: 6 pages are aligned to 2, which does not fit from page 1 on. */
static void defect_15_alignment_is_still_kept(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x6000), MEM_ALLOC_OK);
  get_fails(0x6000, MEM_ALLOC_NO_SPACE);
}

/* The end wraps, and the region is accepted. */
static void defect_16_region_that_wraps(void **state)
{
  (void)state;
  assert_int_equal(pair_add_free(&pair, UINT64_C(0xfffffffffffff000), 0x2000), MEM_ALLOC_INVALID);
  get_fails(1, MEM_ALLOC_NO_SPACE);
}

#define DEFECT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
    DEFECT(defect_01_get_of_size_zero),
    DEFECT(defect_02_get_of_half_the_space),
    DEFECT(defect_03_alignment_wraps_to_zero),
    DEFECT(defect_04_block_longer_than_the_last_region),
    DEFECT(defect_05_region_that_ends_at_the_top),
    DEFECT(defect_06_regions_that_overlap),
    DEFECT(defect_07_live_block_added_again),
    DEFECT(defect_08_region_added_again),
    DEFECT(defect_09_put_without_memory),
    DEFECT(defect_10_empty_constraint),
    DEFECT(defect_11_constraint_excludes_the_top),
    DEFECT(defect_12_live_block_outside_the_constraint),
    DEFECT(defect_13_constraint_without_memory),
    DEFECT(defect_13_constraint_on_small_storage),
    DEFECT(defect_14_region_of_size_zero),
    DEFECT(defect_15_size_that_is_no_power_of_two),
    DEFECT(defect_15_alignment_is_still_kept),
    DEFECT(defect_16_region_that_wraps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
