/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "tests/unit/random.h"
#include "tests/unit/wrap_malloc.h"

enum { MOST = 500 };

/* What the test knows of each node it holds: its number, and a mark written into all that a leaf keeps. */
struct held {
  uint32_t number;
  uint64_t mark;
};

static void write_mark(struct mem_alloc *m, const struct held *held)
{
  struct mem_alloc_node *const node = &m->nodes[held->number - 1];
  node->count = MEM_ALLOC_FAN_OUT;
  for (uint32_t i = 0; i < MEM_ALLOC_FAN_OUT; i++) {
    node->key[i] = held->mark + i;
    node->tag[i] = (uint8_t)(held->mark + i);
    node->bin[i] = (int16_t)(held->mark * 7 + i);
    if (node->level > 0) {
      node->child[i] = (uint32_t)held->mark + i;
    }
  }
}

static void check_mark(const struct mem_alloc *m, const struct held *held)
{
  assert_int_equal(pool_count(m, held->number), MEM_ALLOC_FAN_OUT);
  for (uint32_t i = 0; i < MEM_ALLOC_FAN_OUT; i++) {
    assert_true(pool_key(m, held->number, i) == held->mark + i);
    assert_int_equal(pool_tag(m, held->number, i), (uint8_t)(held->mark + i));
    assert_int_equal(pool_bin(m, held->number, i), (int16_t)(held->mark * 7 + i));
    if (pool_level(m, held->number) > 0) {
      assert_int_equal(pool_child(m, held->number, i), (uint32_t)held->mark + i);
    }
  }
}

static void check_all(const struct mem_alloc *m, const struct held *held, uint32_t count)
{
  assert_int_equal(m->live, count);
  assert_int_equal(pool_available(m), m->capacity - count);
  for (uint32_t i = 0; i < count; i++) {
    assert_in_range(held[i].number, 1, m->capacity);
    check_mark(m, &held[i]); /* two nodes of one number would have one mark */
  }
}

static void take_one(struct mem_alloc *m, struct held *held, uint64_t mark)
{
  const int8_t level = (int8_t)(mark % 3);
  held->number = pool_take(m, level);
  held->mark = mark;
  assert_int_equal(pool_count(m, held->number), 0);
  assert_int_equal(pool_level(m, held->number), level);
  write_mark(m, held);
}

/* Nodes taken and given back at random keep their content, through all growth. */
static void churn(struct mem_alloc *m, uint32_t most)
{
  static struct held held[MOST];
  struct random random = { 11 };
  uint32_t count = 0;
  for (uint32_t step = 1; step <= 4000; step++) {
    const bool growing = step % 1000 < 600;
    if (count < most && random_below(&random, 8) < (growing ? 6 : 2)) {
      assert_true(pool_reserve(m, 1));
      take_one(m, &held[count], step);
      count += 1;
    } else if (count > 0) {
      const uint32_t i = (uint32_t)random_below(&random, count);
      pool_give(m, held[i].number);
      assert_int_equal(pool_level(m, held[i].number), POOL_SPARE);
      count -= 1;
      held[i] = held[count];
    }
    if (step % 16 == 0) {
      check_all(m, held, count);
    }
  }
  check_all(m, held, count);
}

static void test_churn_grows(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  churn(&m, MOST);
  assert_in_range(wrap_malloc.calls, 2, 40); /* grows by a factor, not by one */
  pool_release(&m);
  assert_null(m.nodes);
  assert_int_equal(m.capacity, 0);
}

static void test_churn_static(void **state)
{
  (void)state;
  static struct mem_alloc_node storage[100];
  struct mem_alloc m;
  assert_int_equal(mem_alloc_init_static(&m, storage, 100), MEM_ALLOC_OK);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  churn(&m, 100);
  assert_false(pool_reserve(&m, 101));
  assert_true(m.nodes == storage);
  pool_release(&m);
  assert_int_equal(wrap_malloc.calls, 0);
  assert_null(m.nodes);
}

static void test_reserve(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  wrap_malloc_plan(0, false);
  assert_false(pool_reserve(&m, 5));
  assert_int_equal(wrap_malloc.failed, 1);
  assert_int_equal(m.capacity, 0);
  assert_true(pool_reserve(&m, 5));
  assert_in_range(pool_available(&m), 5, UINT32_MAX);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  for (uint32_t i = 0; i < 5; i++) {
    (void)pool_take(&m, 0);
  }
  assert_int_equal(wrap_malloc.calls, 0);
  assert_int_equal(m.live, 5);
  pool_release(&m);
}

static void test_reserve_total(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  assert_false(pool_reserve_total(&m, (uint64_t)UINT32_MAX + 1));
  assert_int_equal(m.capacity, 0);
  wrap_malloc_plan(0, false);
  assert_false(pool_reserve_total(&m, 50));
  assert_int_equal(m.capacity, 0);
  assert_true(pool_reserve_total(&m, 50));
  assert_in_range(m.capacity, 50, UINT32_MAX);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  assert_true(pool_reserve_total(&m, 50));
  assert_true(pool_reserve_total(&m, 3));
  assert_true(pool_reserve(&m, 50));
  assert_int_equal(wrap_malloc.calls, 0);
  pool_release(&m);
}

/* A request that no 32-bit number of nodes can meet is refused and does no harm. */
static void test_reserve_too_much(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  assert_true(pool_reserve(&m, 1));
  const struct held held = { pool_take(&m, 0), 77 };
  write_mark(&m, &held);
  wrap_malloc_plan(0, true);
  assert_false(pool_reserve(&m, UINT32_MAX));
  assert_false(pool_reserve(&m, UINT32_MAX - 1));
  assert_false(pool_reserve_total(&m, UINT32_MAX));
  check_mark(&m, &held);
  assert_int_equal(m.live, 1);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pool_release(&m);
}

/* Growing by an eighth would take more nodes than there are numbers: all that there are are asked for. */
static void test_growth_ends_at_all_nodes(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc_node node; /* stands for the first of the many nodes, at which nobody looks */
  mem_alloc_init(&m);
  m.nodes = &node;
  m.capacity = UINT32_MAX - 2u;
  m.fresh = m.capacity;
  m.live = m.capacity;
  wrap_malloc_plan(0, true);
  assert_false(pool_reserve(&m, 1));
  assert_int_equal(wrap_malloc.calls, 1);
  assert_true(wrap_malloc.size == (uint64_t)UINT32_MAX * sizeof node);
  assert_true(m.nodes == &node && m.capacity == UINT32_MAX - 2u);
  assert_false(pool_reserve(&m, 3)); /* one more than that */
  assert_int_equal(wrap_malloc.calls, 1);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_churn_grows),   cmocka_unit_test(test_churn_static),
    cmocka_unit_test(test_reserve),       cmocka_unit_test(test_reserve_total),
    cmocka_unit_test(test_reserve_too_much), cmocka_unit_test(test_growth_ends_at_all_nodes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
