/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Trees put together by hand, node by node: sound ones, of shapes to which no
 * short history leads. All runs are ALLOCATED, so that neighbours may be
 * alike and every summary says the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "map.h"
#include "opae/mem_alloc_ext.h"

enum { F = MEM_ALLOC_FAN_OUT, NODES = 200, RUN_SPAN = 0x10, LEAF_SPAN = 0x1000 };

static struct mem_alloc_node storage[NODES];
static struct mem_alloc m;

static void begin(void)
{
  memset(storage, 0, sizeof storage);
  assert_int_equal(mem_alloc_init_static(&m, storage, NODES), MEM_ALLOC_OK);
}

/* An empty node of that level. */
static uint32_t new_node(int8_t level)
{
  assert_in_range(pool_available(&m), 1, NODES);
  return pool_take(&m, level);
}

/* A leaf at first with runs of RUN_SPAN addresses, but for the last one: that goes on to the next leaf. */
static uint32_t new_leaf(uint64_t first, uint32_t runs)
{
  const uint32_t x = new_node(0);
  for (uint32_t i = 0; i < runs; i++) {
    pool_insert(&m, x, i, first + RUN_SPAN * i, FIT_ALLOCATED, 0, 0);
  }
  return x;
}

static void append_child(uint32_t parent, uint32_t child)
{
  pool_insert(&m, parent, pool_count(&m, parent), pool_key(&m, child, 0), FIT_ALLOCATED, 0, child);
}

static void end(uint32_t root)
{
  m.root = root;
  assert_true(mem_alloc_is_valid(&m));
}

/* Is the space tiled by so many leaves' runs, all live? */
static void check_runs(uint32_t leaves, uint32_t runs)
{
  struct mem_link run = { .last = 0 };
  int status = mem_alloc_first_run(&m, &run);
  for (uint32_t i = 0; i < leaves; i++) {
    for (uint32_t j = 0; j < runs; j++) {
      assert_int_equal(status, MEM_ALLOC_OK);
      assert_true(run.address == (uint64_t)LEAF_SPAN * i + RUN_SPAN * j);
      assert_int_equal(run.state, MEM_ALLOC_ALLOCATED);
      status = mem_alloc_next_run(&m, &run);
    }
  }
  assert_int_equal(status, MEM_ALLOC_NOT_FOUND);
  assert_true(mem_alloc_is_valid(&m));
}

/* --- As many levels as there can be --------------------------------------- */

/* A tree of MAP_LEVELS levels: below the root only children, down to full leaves. */
static void build_high(uint32_t leaves)
{
  begin();
  const uint32_t root = new_node(MAP_LEVELS - 1);
  for (uint32_t i = 0; i < leaves; i++) {
    uint32_t child = new_leaf((uint64_t)LEAF_SPAN * i, F);
    for (int8_t level = 1; level < MAP_LEVELS - 1; level++) {
      const uint32_t parent = new_node(level);
      append_child(parent, child);
      child = parent;
    }
    append_child(root, child);
  }
  end(root);
  check_runs(leaves, F);
}

/* A block in the middle of the second leaf: putting it does not look beyond the leaf. */
static const uint64_t block = LEAF_SPAN + RUN_SPAN;

/* Put it and get one address of it: a run more than the leaf can hold. */
static int get_from_second_leaf(uint64_t *address)
{
  assert_int_equal(mem_alloc_put(&m, block), MEM_ALLOC_OK);
  const int status = mem_alloc_get(&m, address, 1);
  assert_true(mem_alloc_is_valid(&m));
  assert_int_equal(pool_level(&m, m.root), MAP_LEVELS - 1);
  return status;
}

/* The root is full, and it cannot get one above it: refused like a lack of memory, and nothing changes. */
static void test_no_level_more(void **state)
{
  (void)state;
  if (F != 4) {
    skip(); /* sound trees that high have more nodes than fit here */
  }
  build_high(F);
  uint64_t address = 77;
  const uint32_t live = m.live;
  assert_int_equal(get_from_second_leaf(&address), MEM_ALLOC_NO_MEMORY);
  assert_true(address == 77);
  assert_int_equal(m.live, live);
  /* The block as it was takes no run more. */
  assert_int_equal(mem_alloc_get(&m, &address, RUN_SPAN), MEM_ALLOC_OK);
  assert_true(address == block);
  check_runs(F, F);
}

/* The root has room: no new level is needed, and the leaf is split. */
static void test_highest_level_with_room(void **state)
{
  (void)state;
  if (F != 4) {
    skip();
  }
  build_high(F - 1);
  uint64_t address = 77;
  const uint32_t live = m.live;
  assert_int_equal(get_from_second_leaf(&address), MEM_ALLOC_OK);
  assert_true(address == block);
  assert_int_equal(m.live, live + 1);
}

/* --- Inner nodes with few entries ------------------------------------------ */

enum { LEAVES = F / 4, RUNS = F / 4 };

/* Two inner nodes below the root that have half a node's entries together: no more than they must. */
static void build_thin(void)
{
  begin();
  const uint32_t root = new_node(2);
  for (uint32_t i = 0; i < 2; i++) {
    const uint32_t parent = new_node(1);
    for (uint32_t j = 0; j < LEAVES; j++) {
      append_child(parent, new_leaf((uint64_t)LEAF_SPAN * (i * LEAVES + j), RUNS));
    }
    append_child(root, parent);
  }
  end(root);
  check_runs(2 * LEAVES, RUNS);
}

/* Either may lose an entry when a leaf below is thickened: they are made one before, and the root goes. */
static void test_thin_inner_nodes(void **state)
{
  (void)state;
  if (F < 16) {
    skip(); /* half of four entries is what any two nodes have */
  }
  for (uint64_t child = 0; child < 2; child++) {
    build_thin();
    const uint32_t live = m.live;
    map_thicken(&m, child * LEAVES * LEAF_SPAN + 1);
    assert_int_equal(m.live, live - 2);
    assert_int_equal(pool_level(&m, m.root), 1);
    assert_int_equal(pool_count(&m, m.root), 2 * LEAVES);
    check_runs(2 * LEAVES, RUNS);
  }
}

/* With an entry more, both stay. */
static void test_inner_nodes_thick_enough(void **state)
{
  (void)state;
  if (F < 16) {
    skip();
  }
  build_thin();
  append_child(pool_child(&m, m.root, 1), new_leaf((uint64_t)LEAF_SPAN * 2 * LEAVES, RUNS));
  check_runs(2 * LEAVES + 1, RUNS);
  const uint32_t live = m.live;
  map_thicken(&m, 1);
  map_thicken(&m, LEAVES * LEAF_SPAN + 1);
  assert_int_equal(m.live, live);
  assert_int_equal(pool_level(&m, m.root), 2);
  check_runs(2 * LEAVES + 1, RUNS);
}

/* --- A child too many ------------------------------------------------------- */

/* After all nodes of the tree, the root names one child more. It is noticed before anybody looks at that. */
static void test_child_too_many(void **state)
{
  (void)state;
  begin();
  const uint32_t root = new_node(1);
  append_child(root, new_leaf(0, F / 2));
  append_child(root, new_leaf(LEAF_SPAN, F / 2));
  end(root);
  check_runs(2, F / 2);
  pool_insert(&m, root, 2, UINT64_MAX, FIT_ALLOCATED, 0, pool_child(&m, root, 1));
  assert_false(mem_alloc_is_valid(&m));
  pool_erase(&m, root, 2);
  check_runs(2, F / 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_no_level_more),
    cmocka_unit_test(test_highest_level_with_room),
    cmocka_unit_test(test_thin_inner_nodes),
    cmocka_unit_test(test_inner_nodes_thick_enough),
    cmocka_unit_test(test_child_too_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
