/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What operations cost, coarsely: the allocator is compiled so that every function it enters is counted, inline ones
 * included, and loops within one node are as long as a node. So the counts stand for steps. They are the same on
 * every machine. What must grow with the levels alone is held against the levels, what is linear against the runs:
 * a test that fails in its second half has found an operation that is better than the headers say.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "opae/mem_alloc_ext.h"

/* Functions entered for one level at most; measured: 145. */
enum { PER_LEVEL = 200, FEW = 1000, MANY = 20 * FEW };

static uint64_t entered;

/* What the compiler calls at the start and at the end of each function. */
void __cyg_profile_func_enter(void *function, void *caller);
void __cyg_profile_func_exit(void *function, void *caller);

void __cyg_profile_func_enter(void *function, void *caller)
{
  (void)function;
  (void)caller;
  entered += 1;
}

void __cyg_profile_func_exit(void *function, void *caller)
{
  (void)function;
  (void)caller;
}

struct costs {
  uint64_t runs;
  uint64_t levels;
  /* the most that one call took */
  uint64_t add_free;
  uint64_t get;
  uint64_t put;
  uint64_t next_run;
  /* a single call */
  uint64_t get_misplaced;
  uint64_t get_aligned_misplaced;
  uint64_t get_in_the_first;
  uint64_t statistics;
  uint64_t is_valid;
  uint64_t constrain;
  uint64_t constrain_by_many;
};

static void note_most(uint64_t *most)
{
  *most = entered > *most ? entered : *most;
}

static uint64_t levels_of(const struct mem_alloc *m, uint64_t *runs)
{
  struct mem_alloc_statistics s;
  assert_int_equal(mem_alloc_get_statistics(m, &s), MEM_ALLOC_OK);
  *runs = s.free_runs + s.allocated_runs + s.absent_runs;
  return s.levels;
}

/* Regions of six addresses that start at odd ones: long enough for six, but not where aligned. */
static void add_regions(struct mem_alloc *m, struct costs *c, uint64_t regions)
{
  for (uint64_t i = 0; i < regions; i++) {
    entered = 0;
    assert_int_equal(mem_alloc_add_free(m, 16 * i + 1, 6), MEM_ALLOC_OK);
    note_most(&c->add_free);
  }
}

static void look_for_place(struct mem_alloc *m, struct costs *c)
{
  uint64_t address = 0;
  entered = 0;
  assert_int_equal(mem_alloc_get(m, &address, 6), MEM_ALLOC_NO_SPACE);
  c->get_misplaced = entered;
  entered = 0;
  assert_int_equal(mem_alloc_get_aligned(m, &address, 1, UINT64_C(1) << 40), MEM_ALLOC_NO_SPACE);
  c->get_aligned_misplaced = entered;
  entered = 0;
  assert_int_equal(mem_alloc_get(m, &address, 3), MEM_ALLOC_OK);
  c->get_in_the_first = entered;
  assert_int_equal(mem_alloc_put(m, address), MEM_ALLOC_OK);
}

static void get_and_put_all(struct mem_alloc *m, struct costs *c, uint64_t regions)
{
  uint64_t address = 0;
  for (uint64_t i = 0; i < regions; i++) {
    entered = 0;
    assert_int_equal(mem_alloc_get(m, &address, 2), MEM_ALLOC_OK);
    note_most(&c->get);
  }
  /* Each region holds two; 7919 is a prime: all of the first ones, in another order. */
  for (uint64_t i = 0; i < regions / 2; i++) {
    entered = 0;
    assert_int_equal(mem_alloc_put(m, 16 * (i * 7919 % (regions / 2)) + 2), MEM_ALLOC_OK);
    note_most(&c->put);
  }
}

static void walk(struct mem_alloc *m, struct costs *c)
{
  struct mem_link run;
  int status = mem_alloc_first_run(m, &run);
  while (status == MEM_ALLOC_OK) {
    entered = 0;
    status = mem_alloc_next_run(m, &run);
    note_most(&c->next_run);
  }
  entered = 0;
  c->levels = levels_of(m, &c->runs);
  c->statistics = entered;
  entered = 0;
  assert_true(mem_alloc_is_valid(m));
  c->is_valid = entered;
}

static void constrain(struct mem_alloc *m, struct costs *c, uint64_t regions)
{
  struct mem_alloc wide = { 0 };
  struct mem_alloc narrow = { 0 };
  assert_int_equal(mem_alloc_add_free(&wide, 0, UINT64_C(1) << 60), MEM_ALLOC_OK);
  entered = 0;
  assert_int_equal(mem_alloc_apply_constraint(m, &wide), MEM_ALLOC_OK);
  c->constrain = entered;
  for (uint64_t i = 0; i < regions; i++) {
    assert_int_equal(mem_alloc_add_free(&narrow, 16 * i, 8), MEM_ALLOC_OK);
  }
  entered = 0;
  assert_int_equal(mem_alloc_apply_constraint(&wide, &narrow), MEM_ALLOC_OK);
  c->constrain_by_many = entered;
  mem_alloc_destroy(&narrow);
  mem_alloc_destroy(&wide);
}

static struct costs measure(uint64_t regions)
{
  struct costs c = { 0 };
  struct mem_alloc m = { 0 };
  /* No growth in between: that copies all nodes. */
  assert_int_equal(mem_alloc_reserve(&m, 8 * regions), MEM_ALLOC_OK);
  add_regions(&m, &c, regions);
  look_for_place(&m, &c);
  get_and_put_all(&m, &c, regions);
  walk(&m, &c);
  constrain(&m, &c, regions);
  mem_alloc_destroy(&m);
  return c;
}

static void test_costs_by_level(void **state)
{
  (void)state;
  const struct costs many = measure(MANY);
  const uint64_t most = PER_LEVEL * many.levels;
  assert_in_range(many.levels, 1, MEM_ALLOC_LEVELS);
  assert_in_range(many.add_free, 1, most);
  assert_in_range(many.get, 1, most);
  assert_in_range(many.get_in_the_first, 1, most);
  assert_in_range(many.put, 1, most);
  assert_in_range(many.next_run, 1, most);
}

static void assert_linear(uint64_t few, uint64_t many, uint64_t levels)
{
  const uint64_t ratio = MANY / FEW;
  assert_in_range(few, FEW, UINT64_MAX);
  assert_in_range(many, ratio * few * 3 / 4, ratio * few * levels);
}

static void test_costs_by_run(void **state)
{
  (void)state;
  const struct costs few = measure(FEW);
  const struct costs many = measure(MANY);
  assert_linear(few.get_misplaced, many.get_misplaced, many.levels);
  assert_linear(few.get_aligned_misplaced, many.get_aligned_misplaced, many.levels);
  assert_linear(few.statistics, many.statistics, many.levels);
  assert_linear(few.is_valid, many.is_valid, many.levels);
  assert_linear(few.constrain, many.constrain, many.levels);
  assert_linear(few.constrain_by_many, many.constrain_by_many, many.levels);
  /* Linear without the levels. */
  assert_in_range(many.is_valid, 1, many.runs * PER_LEVEL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_costs_by_level),
    cmocka_unit_test(test_costs_by_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
