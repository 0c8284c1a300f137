/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Random operations on the allocator and its model: same statuses, same
 * addresses, same runs, and every invariant after every step.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/pair.h"

enum { STEPS = 8000 };

static void run_profile(const struct profile *profile, uint64_t seed, uint32_t steps)
{
  struct pair pair;
  struct random random = { seed };
  uint64_t most_runs = 0;
  uint64_t counts[MEM_ALLOC_NO_MEMORY + 1] = { 0 };
  pair_init(&pair);
  for (uint32_t step = 0; step < steps; step++) {
    const int status = pair_random_step(&pair, profile, &random);
    assert_in_range(status, MEM_ALLOC_OK, MEM_ALLOC_NO_MEMORY);
    counts[status] += 1;
    const uint64_t runs = model_all_runs(&pair.model);
    most_runs = runs > most_runs ? runs : most_runs;
  }
  print_message("%u runs at most; %u ok, %u invalid, %u overlap, %u no space, %u not found, %u conflict\n",
                (unsigned)most_runs, (unsigned)counts[MEM_ALLOC_OK], (unsigned)counts[MEM_ALLOC_INVALID],
                (unsigned)counts[MEM_ALLOC_OVERLAP], (unsigned)counts[MEM_ALLOC_NO_SPACE],
                (unsigned)counts[MEM_ALLOC_NOT_FOUND], (unsigned)counts[MEM_ALLOC_CONFLICT]);
  assert_in_range(counts[MEM_ALLOC_OK], steps / 8, steps);
  pair_destroy(&pair);
}

static void test_blocks(void **state)
{
  (void)state;
  const struct profile profile = { 1, 24, 4, 20, 0, 0x10000, 0x8000, 0x1000, 24 };
  run_profile(&profile, 31, STEPS);
}

/* More puts than gets: the tree shrinks to nothing again and again. */
static void test_regions_and_constraints(void **state)
{
  (void)state;
  const struct profile profile = { 20, 10, 2, 12, 1, 0x10000, 0x4000, 0x80, 16 };
  run_profile(&profile, 32, STEPS);
}

static void test_bottom_of_the_space(void **state)
{
  (void)state;
  const struct profile profile = { 4, 14, 4, 12, 1, 0, 0x1000, 0x200, 16 };
  run_profile(&profile, 33, STEPS);
}

static void test_top_of_the_space(void **state)
{
  (void)state;
  const struct profile profile = { 4, 14, 4, 12, 1, UINT64_MAX - 0xfff, 0x1800, 0x200, 16 };
  run_profile(&profile, 34, STEPS);
}

/* Addresses, sizes and alignments of all 64 bits. */
static void test_whole_space(void **state)
{
  (void)state;
  const struct profile profile = { 10, 14, 6, 10, 2, 0, UINT64_MAX, UINT64_MAX, UINT64_MAX };
  for (uint64_t seed = 35; seed < 43; seed++) {
    run_profile(&profile, seed, STEPS / 8);
  }
}

/* Many small trees: the way from one leaf to two levels and back, which long runs seldom take. */
static void test_small_trees(void **state)
{
  (void)state;
  const struct profile profile = { 6, 8, 2, 8, 2, UINT64_MAX - 40, 80, 12, 4 };
  const struct profile low = { 6, 8, 2, 8, 2, 0, 60, 12, 4 };
  for (uint64_t seed = 50; seed < 90; seed++) {
    run_profile(seed % 2 == 0 ? &profile : &low, seed, 250);
  }
}

/* Very few addresses at either end: every run, and every node, begins or ends there sooner or later. */
static void test_last_few_addresses(void **state)
{
  (void)state;
  const struct profile top = { 6, 10, 2, 10, 1, UINT64_MAX - 15, 20, 6, 2 };
  const struct profile bottom = { 6, 10, 2, 10, 1, UINT64_MAX - 3, 20, 6, 2 };
  for (uint64_t seed = 100; seed < 300; seed++) {
    struct pair pair;
    struct random random = { seed };
    pair_init(&pair);
    for (uint32_t step = 0; step < 100; step++) {
      (void)pair_random_step(&pair, seed % 2 == 0 ? &top : &bottom, &random);
    }
    pair_destroy(&pair);
  }
}

static void put_all(struct pair *pair, struct random *random)
{
  while (model_count(&pair->model, MEM_ALLOC_ALLOCATED) > 0) {
    const size_t i = (size_t)random_below(random, pair->model.count);
    if (pair->model.runs[i].state == MEM_ALLOC_ALLOCATED) {
      assert_int_equal(pair_put(pair, pair->model.runs[i].first), MEM_ALLOC_OK);
    }
  }
}

/* Allocators share nothing: three at once, each against a model of its own, one constraining the other. */
static void test_several_allocators(void **state)
{
  (void)state;
  enum { ALLOCATORS = 3 };
  static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(4000)];
  const struct profile profile = { 8, 14, 4, 10, 0, 0x100, 0x4000, 0x200, 16 };
  struct pair pairs[ALLOCATORS];
  struct random random = { 91 };
  uint64_t constrained = 0;
  for (uint32_t i = 0; i + 1 < ALLOCATORS; i++) {
    pair_init(&pairs[i]);
  }
  pair_init_static(&pairs[ALLOCATORS - 1], storage, (uint32_t)(sizeof storage / sizeof storage[0]));
  pairs[ALLOCATORS - 1].may_lack_memory = false;
  for (uint32_t step = 0; step < STEPS / 2; step++) {
    struct pair *const pair = &pairs[random_below(&random, ALLOCATORS)];
    const uint64_t kind = random_below(&random, 400);
    if (kind == 0) {
      put_all(pair, &random); /* a live block would nearly always be in conflict */
    }
    if (kind < 4) {
      struct pair *const constraint = &pairs[random_below(&random, ALLOCATORS)];
      constrained += pair_apply_constraint(pair, constraint) == MEM_ALLOC_OK ? 1 : 0;
    } else {
      (void)pair_random_step(pair, &profile, &random);
    }
    if (step % 100 == 0) {
      for (uint32_t i = 0; i < ALLOCATORS; i++) {
        pair_check(&pairs[i]);
      }
    }
  }
  print_message("%u constraints applied among them\n", (unsigned)constrained);
  assert_in_range(constrained, 1, STEPS);
  for (uint32_t i = 0; i < ALLOCATORS; i++) {
    pair_check(&pairs[i]);
    pair_destroy(&pairs[i]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_blocks),
    cmocka_unit_test(test_regions_and_constraints),
    cmocka_unit_test(test_bottom_of_the_space),
    cmocka_unit_test(test_top_of_the_space),
    cmocka_unit_test(test_whole_space),
    cmocka_unit_test(test_small_trees),
    cmocka_unit_test(test_last_few_addresses),
    cmocka_unit_test(test_several_allocators),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
