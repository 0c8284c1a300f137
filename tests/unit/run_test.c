/* SPDX-License-Identifier: BSD-3-Clause */

/* Cutting a FREE run in two, which is done with the nodes that there are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "opae/mem_alloc_ext.h"
#include "run.h"
#include "tests/unit/wrap_malloc.h"

enum { FIRST = 0x1000, MIDDLE = 0x1400, LAST = 0x1fff };

/* One FREE run, [FIRST, LAST]. */
static void add_region(struct mem_alloc *m)
{
  assert_int_equal(mem_alloc_add_free(m, FIRST, LAST - FIRST + 1), MEM_ALLOC_OK);
}

static void check_run(const struct mem_alloc *m, uint64_t first, uint64_t last, uint8_t state)
{
  const struct map_cursor run = run_at(m, first);
  assert_true(run.start == first && run.last == last);
  assert_int_equal(run.tag >= FIT_FREE ? FIT_FREE : run.tag, state);
}

static void check_whole(const struct mem_alloc *m)
{
  check_run(m, 0, FIRST - 1, FIT_ABSENT);
  check_run(m, FIRST, LAST, FIT_FREE);
  check_run(m, LAST + 1, UINT64_MAX, FIT_ABSENT);
  assert_true(mem_alloc_is_valid(m));
}

/* Two FREE runs side by side are no sound state; painting one joins them. */
static void check_cut_and_join(struct mem_alloc *m)
{
  check_run(m, FIRST, MIDDLE - 1, FIT_FREE);
  check_run(m, MIDDLE, LAST, FIT_FREE);
  assert_false(mem_alloc_is_valid(m));
  run_paint(m, MIDDLE, FIT_FREE);
  check_whole(m);
}

static void test_cut(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  add_region(&m);
  assert_true(run_reserve(&m, 10));
  const uint64_t calls = wrap_malloc.calls;
  assert_true(run_cut(&m, MIDDLE));
  check_cut_and_join(&m);
  assert_int_equal(wrap_malloc.calls, calls);
  mem_alloc_destroy(&m);
}

/* The next node would take malloc: the cut is refused, although it may not need a node. */
static void test_cut_without_nodes(void **state)
{
  (void)state;
  struct mem_alloc m;
  uint32_t taken[10];
  uint32_t count = 0;
  mem_alloc_init(&m);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  add_region(&m);
  while (pool_available(&m) > 1) {
    assert_in_range(count, 0, 9);
    taken[count] = pool_take(&m, 0);
    count += 1;
  }
  assert_in_range(count, 1, 10);
  const uint64_t calls = wrap_malloc.calls;
  assert_false(run_cut(&m, MIDDLE));
  check_run(&m, FIRST, LAST, FIT_FREE);
  pool_give(&m, taken[count - 1]);
  assert_true(run_cut(&m, MIDDLE)); /* two for one level: one of its own and a new root */
  while (count > 1) {
    count -= 1;
    pool_give(&m, taken[count - 1]);
  }
  check_cut_and_join(&m);
  assert_int_equal(wrap_malloc.calls, calls);
  mem_alloc_destroy(&m);
}

/* Static storage cannot grow, so nothing is at risk: the cut is tried with what there is. */
static void test_cut_on_static_storage(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc_node storage[1];
  assert_int_equal(mem_alloc_init_static(&m, storage, 1), MEM_ALLOC_OK);
  add_region(&m);
  assert_int_equal(pool_available(&m), 0);
  assert_true(run_cut(&m, MIDDLE));
  check_cut_and_join(&m);
  mem_alloc_destroy(&m);
}

static void test_reserve(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  add_region(&m);
  wrap_malloc_plan(0, false);
  assert_false(run_reserve(&m, 100));
  check_whole(&m);
  assert_true(run_reserve(&m, 100));
  assert_in_range(pool_available(&m), 100, UINT32_MAX);
  check_whole(&m);
  mem_alloc_destroy(&m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cut),
    cmocka_unit_test(test_cut_without_nodes),
    cmocka_unit_test(test_cut_on_static_storage),
    cmocka_unit_test(test_reserve),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
