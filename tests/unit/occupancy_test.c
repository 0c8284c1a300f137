/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two neighbouring children of one node have at least half a node's entries
 * even where leaves merge because one of them had a single run left. (Not
 * where inner nodes merge: see limits_test.c.)
 *
 * A history made with a look inside: below a root of three levels, one child
 * P becomes full of leaves with a single run beside full ones; its neighbour
 * shrinks to a single leaf; then P's full leaves are split by insertions, at
 * last P itself. The half of P that is beside the neighbour now loses a leaf
 * whenever the run before a leaf with a single run is put: and nothing else
 * changes then.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

enum { F = MEM_ALLOC_FAN_OUT, BLOCK = 0x10000 };

static struct pair pair;

/* The root's child number i, and leaf j below it. */
static uint32_t middle(uint32_t i)
{
  assert_int_equal(pool_level(&pair.m, pair.m.root), 2);
  return pool_child(&pair.m, pair.m.root, i);
}

static uint32_t leaf(uint32_t i, uint32_t j)
{
  return pool_child(&pair.m, middle(i), j);
}

/* The first address above leaf j below the root's child i, which is not the last one. */
static uint64_t leaf_end(uint32_t i, uint32_t j)
{
  const bool last = j + 1u == pool_count(&pair.m, middle(i));
  return last ? pool_key(&pair.m, pair.m.root, i + 1u) : pool_key(&pair.m, middle(i), j + 1u);
}

/* Get what is free, and all of it, at that address. */
static void get_at(uint64_t address, uint64_t size)
{
  uint64_t place = 0;
  assert_int_equal(pair_get_aligned(&pair, &place, size, 1), MEM_ALLOC_OK);
  assert_true(place == address);
}

/* Make two of the longest block of a leaf that is not at its ends: one run more. */
static void halve(uint32_t i, uint32_t j)
{
  const uint32_t x = leaf(i, j);
  uint64_t address = 0;
  uint64_t size = 0;
  for (uint32_t slot = 1; slot + 1u < pool_count(&pair.m, x); slot++) {
    const uint64_t there = pool_key(&pair.m, x, slot + 1u) - pool_key(&pair.m, x, slot);
    if (there > size) {
      size = there;
      address = pool_key(&pair.m, x, slot);
    }
  }
  assert_in_range(size, 2, BLOCK);
  assert_int_equal(pair_put(&pair, address), MEM_ALLOC_OK);
  get_at(address, size / 2);
  get_at(address + size / 2, size - size / 2);
}

/* Put all blocks in [first, end), and get a single one instead. */
static void fuse(uint64_t first, uint64_t end)
{
  uint64_t address = first;
  while (address < end) {
    struct mem_link run = { .address = 0, .last = address - 1 };
    if (address == 0) {
      assert_int_equal(mem_alloc_first_run(&pair.m, &run), MEM_ALLOC_OK);
    } else {
      assert_int_equal(mem_alloc_next_run(&pair.m, &run), MEM_ALLOC_OK);
    }
    assert_int_equal(pair_put(&pair, address), MEM_ALLOC_OK);
    address = run.last + 1;
  }
  get_at(first, end - first);
}

/* Three levels, three children of the root, all blocks live. */
static void fill(void)
{
  uint64_t place = 0;
  uint64_t count = 0;
  assert_int_equal(pair_add_free(&pair, 0, (uint64_t)BLOCK * 3 * F * F), MEM_ALLOC_OK);
  while (pair.m.root == 0 || pool_level(&pair.m, pair.m.root) < 2 || pool_count(&pair.m, pair.m.root) < 3) {
    assert_int_equal(pair_get_aligned(&pair, &place, BLOCK, 1), MEM_ALLOC_OK);
    count += 1;
  }
  get_at(count * BLOCK, (uint64_t)BLOCK * (3 * F * F - count));
}

/* The root's second child, as full as it gets: full leaves, and leaves with a single run between them. */
static void fill_and_thin_second(void)
{
  while (pool_count(&pair.m, middle(1)) < F) {
    halve(1, pool_count(&pair.m, middle(1)) - 1u);
  }
  for (uint32_t j = 1; j < F; j += 2) {
    while (pool_count(&pair.m, leaf(1, j)) < F) {
      halve(1, j);
    }
  }
  for (uint32_t j = 2; j < F; j += 2) {
    fuse(pool_key(&pair.m, middle(1), j), leaf_end(1, j));
  }
}

/* A single leaf of the root's first child stays; its last block does: the second child is left alone. */
static void empty_first(void)
{
  const uint32_t x = leaf(0, pool_count(&pair.m, middle(0)) - 1u);
  fuse(0, pool_key(&pair.m, x, pool_count(&pair.m, x) - 1u));
  assert_int_equal(pool_count(&pair.m, middle(0)), 1);
  assert_int_equal(pool_count(&pair.m, middle(1)), F);
}

/* The lowest full leaf of the root's second child, or the last one. */
static uint32_t lowest_full(void)
{
  uint32_t j = 0;
  while (j + 1u < pool_count(&pair.m, middle(1)) && pool_count(&pair.m, leaf(1, j)) < F) {
    j += 1;
  }
  return j;
}

/* Split its full leaves, and so itself; until it is full again, and split again. */
static void split_second_twice(void)
{
  const uint32_t before = pool_count(&pair.m, pair.m.root);
  while (pool_count(&pair.m, pair.m.root) < before + 2u) {
    halve(1, lowest_full());
  }
}

/* Put the run before every leaf with a single run, and get it again. Returns how many leaves that merged. */
static uint32_t touch_single_runs(void)
{
  const uint32_t before = pair.m.live;
  for (uint32_t j = 1; j < pool_count(&pair.m, middle(1)); j++) {
    if (pool_count(&pair.m, leaf(1, j)) == 1) {
      const uint32_t x = leaf(1, j - 1);
      const uint64_t address = pool_key(&pair.m, x, pool_count(&pair.m, x) - 1u);
      const uint64_t end = pool_key(&pair.m, middle(1), j);
      assert_int_equal(pair_put(&pair, address), MEM_ALLOC_OK);
      pair_check(&pair);
      get_at(address, end - address);
      pair_check(&pair);
      j = 0;
    }
  }
  return before - pair.m.live;
}

static void test_merging_single_runs(void **state)
{
  (void)state;
  if (F < 16) {
    skip(); /* too few entries for all this, and half of them is what any two nodes have */
  }
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_init(&pair);
  pair.check_period = 1000;
  fill();
  fill_and_thin_second();
  empty_first();
  pair_check(&pair);
  split_second_twice();
  pair_check(&pair);
  const uint32_t merged = touch_single_runs();
  print_message("%u nodes merged\n", (unsigned)merged);
  assert_in_range(merged, 2, F);
  pair_destroy(&pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_merging_single_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
