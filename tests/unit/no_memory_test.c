/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Lack of memory. The same sequence of operations is run again and again,
 * with the first, the second, the third ... malloc failing, once or from
 * then on; and on static storage of 1, 2, 3 ... nodes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

/* Small nodes: many sizes of storage to try. */
enum { STEPS = MEM_ALLOC_FAN_OUT == 4 ? 400 : 700, MOST_NODES = 2000, CANARY = 0xc5 };

struct sequence {
  const char *name;
  uint64_t seed;
  struct profile profile;
};

static const struct sequence sequences[] = {
  { "blocks in a few regions", 21, { 1, 12, 2, 4, 0, 0x10000, 0x4000, 0x1000, 16 } },
  { "many small regions", 22, { 10, 2, 0, 1, 0, 0, 0x4000, 4, 4 } },
  { "with constraints", 23, { 6, 12, 1, 3, 2, 0x8000, 0x2000, 0x200, 8 } },
  { "at the top of the space", 24, { 4, 8, 1, 3, 1, UINT64_MAX - 0x1fff, 0x2000, 0x100, 8 } },
};

enum { SEQUENCES = sizeof sequences / sizeof sequences[0] };

/* Are all of what live blocks there are given back? put never needs memory. */
static void put_all(struct pair *pair)
{
  const uint64_t calls = wrap_malloc.calls;
  while (model_count(&pair->model, MEM_ALLOC_ALLOCATED) > 0) {
    size_t i = pair->model.count - 1;
    while (pair->model.runs[i].state != MEM_ALLOC_ALLOCATED) {
      i -= 1;
    }
    assert_int_equal(pair_put(pair, pair->model.runs[i].first), MEM_ALLOC_OK);
  }
  assert_int_equal(wrap_malloc.calls, calls);
}

/*
 * Run the sequence; malloc number `fail` fails. The operation that reports
 * it is done again and must then succeed or fail for its own reasons. Was
 * there such a malloc?
 */
static bool run_with_one_failure(const struct sequence *sequence, uint64_t fail)
{
  struct pair pair;
  struct random random = { sequence->seed };
  pair_init(&pair);
  pair.check_period = 16;
  pair.may_lack_memory = true;
  wrap_malloc_plan(fail, false);
  for (int step = 0; step < STEPS; step++) {
    const struct random before = random;
    const uint64_t calls = wrap_malloc.calls;
    int status = pair_random_step(&pair, &sequence->profile, &random);
    if (status == MEM_ALLOC_NO_MEMORY) {
      assert_true(calls <= fail && fail < wrap_malloc.calls); /* the reason is this malloc, no other */
      random = before;
      status = pair_random_step(&pair, &sequence->profile, &random);
      assert_int_not_equal(status, MEM_ALLOC_NO_MEMORY);
    }
  }
  assert_int_equal(pair.lacks, wrap_malloc.failed); /* a failure of malloc never goes unreported */
  const bool failed = wrap_malloc.failed > 0;
  put_all(&pair);
  pair_destroy(&pair);
  return failed;
}

/* The same, with all later calls of malloc failing, too. The sequence goes on without what cannot be done. */
static bool run_with_failure_for_good(const struct sequence *sequence, uint64_t fail)
{
  struct pair pair;
  struct random random = { sequence->seed };
  pair_init(&pair);
  pair.check_period = 16;
  pair.may_lack_memory = true;
  wrap_malloc_plan(fail, true);
  for (int step = 0; step < STEPS; step++) {
    (void)pair_random_step(&pair, &sequence->profile, &random);
  }
  put_all(&pair);
  const bool failed = wrap_malloc.failed > 0;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_destroy(&pair);
  return failed;
}

static void test_every_malloc_fails_once(void **state)
{
  (void)state;
  for (size_t i = 0; i < SEQUENCES; i++) {
    uint64_t fail = 0;
    while (run_with_one_failure(&sequences[i], fail)) {
      fail += 1;
    }
    print_message("%s: %u calls of malloc\n", sequences[i].name, (unsigned)fail);
    assert_in_range(fail, 3, 100);
  }
}

static void test_every_malloc_fails_for_good(void **state)
{
  (void)state;
  for (size_t i = 0; i < SEQUENCES; i++) {
    uint64_t fail = 0;
    while (run_with_failure_for_good(&sequences[i], fail)) {
      fail += 1;
    }
    assert_in_range(fail, 3, 100);
  }
}

/* The nodes in the middle are the storage; the one on either side must never be touched. */
static struct mem_alloc_node guarded[MOST_NODES + 2];

static void guard(uint32_t count)
{
  memset(guarded, CANARY, sizeof guarded[0] * (count + 2));
}

static void check_canary(const struct mem_alloc_node *node)
{
  const unsigned char *const bytes = (const unsigned char *)node;
  for (size_t i = 0; i < sizeof *node; i++) {
    assert_int_equal(bytes[i], CANARY);
  }
}

struct outcome {
  uint64_t lacks;
  uint64_t most_runs;
};

static struct outcome run_on_static_storage(const struct sequence *sequence, uint32_t count)
{
  struct pair pair;
  struct random random = { sequence->seed };
  struct outcome outcome = { 0, 0 };
  guard(count);
  pair_init_static(&pair, &guarded[1], count);
  pair.check_period = 64;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  for (int step = 0; step < STEPS; step++) {
    (void)pair_random_step(&pair, &sequence->profile, &random);
    const uint64_t runs = model_all_runs(&pair.model);
    outcome.most_runs = runs > outcome.most_runs ? runs : outcome.most_runs;
  }
  outcome.lacks = pair.lacks;
  put_all(&pair);
  assert_int_equal(wrap_malloc.calls, 0);
  pair_destroy(&pair);
  check_canary(&guarded[0]);
  check_canary(&guarded[count + 1]);
  return outcome;
}

static void test_static_storage_of_every_size(void **state)
{
  (void)state;
  for (size_t i = 0; i < SEQUENCES; i++) {
    struct outcome outcome = { 1, 0 };
    uint32_t count = 0;
    while (outcome.lacks > 0) {
      count += 1;
      assert_in_range(count, 1, MOST_NODES);
      outcome = run_on_static_storage(&sequences[i], count);
      assert_true(count > 1 || outcome.lacks > 0);
      assert_true(outcome.lacks == 0 || count < MEM_ALLOC_NODES_FOR(outcome.most_runs));
    }
    print_message("%s: %u nodes suffice for %u runs\n", sequences[i].name, (unsigned)count,
                  (unsigned)outcome.most_runs);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_malloc_fails_once),
    cmocka_unit_test(test_every_malloc_fails_for_good),
    cmocka_unit_test(test_static_storage_of_every_size),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
