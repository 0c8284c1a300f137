/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * How good the estimate MEM_ALLOC_NODES_FOR is, and mem_alloc_reserve with
 * it: in these histories there is no call of malloc while there are at most
 * so many runs. It is no bound: see mem_alloc_ext.h.
 *
 * Every history is played three times. Freely, to learn how many runs there
 * are at most; with exactly that many runs reserved, and no malloc allowed;
 * on static storage of exactly that many runs, and no lack allowed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

enum { F = MEM_ALLOC_FAN_OUT, BLOCKS = 600, MOST_RUNS = 3000 };

struct play {
  struct pair pair;
  struct random random;
  uint64_t most_runs;
  uint64_t most_nodes_per_1000_runs; /* when there were at least 500 runs */
};

typedef void history(struct play *play, uint32_t parameter);

/* After each operation. */
static void note(struct play *play)
{
  const uint64_t runs = model_all_runs(&play->pair.model);
  play->most_runs = runs > play->most_runs ? runs : play->most_runs;
  if (runs >= 500) {
    const uint64_t ratio = 1000 * (uint64_t)play->pair.m.live / runs;
    play->most_nodes_per_1000_runs =
      ratio > play->most_nodes_per_1000_runs ? ratio : play->most_nodes_per_1000_runs;
  }
}

static void add(struct play *play, uint64_t address, uint64_t size)
{
  assert_int_equal(pair_add_free(&play->pair, address, size), MEM_ALLOC_OK);
  note(play);
}

static void get(struct play *play, uint64_t size)
{
  uint64_t address = 0;
  assert_int_equal(pair_get(&play->pair, &address, size), MEM_ALLOC_OK);
  note(play);
}

static void put(struct play *play, uint64_t address)
{
  assert_int_equal(pair_put(&play->pair, address), MEM_ALLOC_OK);
  note(play);
}

/* The numbers 0 .. count - 1 in random order. */
static void shuffle(struct random *random, uint32_t *numbers, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t other = (uint32_t)random_below(random, i + 1u);
    numbers[i] = numbers[other];
    numbers[other] = i;
  }
}

/* One region full of blocks of one address. */
static void fill(struct play *play)
{
  for (uint32_t i = 0; i < BLOCKS; i++) {
    get(play, 1);
  }
}

/* Put all that is live, in random order. */
static void drain(struct play *play)
{
  static uint32_t order[BLOCKS];
  shuffle(&play->random, order, BLOCKS);
  for (uint32_t i = 0; i < BLOCKS; i++) {
    if (mem_alloc_put(&play->pair.m, order[i]) == MEM_ALLOC_OK) {
      assert_int_equal(model_put(&play->pair.model, order[i]), MEM_ALLOC_OK);
      note(play);
    }
  }
  pair_check(&play->pair);
}

/* Keep one block of every `stride`, put the others; then fill the holes, and drain. */
static void keep_one_of(struct play *play, uint32_t stride)
{
  static uint32_t order[BLOCKS];
  add(play, 0, BLOCKS);
  for (uint32_t round = 0; round < 2; round++) {
    fill(play);
    shuffle(&play->random, order, BLOCKS);
    for (uint32_t i = 0; i < BLOCKS; i++) {
      const uint32_t block = round == 0 ? i : order[i];
      if (block % stride != 0) {
        put(play, block);
      }
    }
    const uint64_t kept = (BLOCKS + stride - 1) / stride;
    for (uint64_t i = kept; i < BLOCKS; i++) {
      get(play, 1);
    }
    drain(play);
  }
}

/* Keep groups of blocks of about a node's size and put those between, all but one of them, likewise. */
static void keep_groups_of(struct play *play, uint32_t group)
{
  add(play, 0, BLOCKS);
  fill(play);
  for (uint32_t i = 0; i < BLOCKS; i++) {
    if (i / group % 2 == 1 && i % group != 0) {
      put(play, i);
    }
  }
  /* Now make holes in the dense groups: the block put becomes a run between others. */
  for (uint32_t i = 0; i < BLOCKS; i++) {
    if (i / group % 2 == 0 && i % 2 == 1) {
      put(play, i);
    }
  }
  drain(play);
}

/*
 * Regions of one address give control over the place of each insertion and
 * removal: an added one splits an ABSENT run into three, and adding what
 * lies between two joins three runs to one. First leaves as full as they
 * get; then every second one nearly empty; then the others split by one
 * insertion.
 */
static void empty_every_second_leaf(struct play *play, uint32_t group)
{
  enum { REGIONS = MOST_RUNS / 4 };
  for (uint64_t i = 0; i < REGIONS; i++) {
    add(play, 8 * i, 1);
  }
  for (uint64_t i = 0; i + 1 < REGIONS; i++) {
    if (i / group % 2 == 1 && (i + 1) / group % 2 == 1) {
      add(play, 8 * i + 1, 7);
    }
  }
  for (uint64_t i = 0; i < REGIONS; i++) {
    if (i / group % 2 == 0 && i % group == group / 2) {
      add(play, 8 * i + 4, 1);
    }
  }
  for (uint64_t i = 0; i < REGIONS; i++) {
    if (i / group % 2 == 0 && i % group == group / 2 + 1) {
      add(play, 8 * i + 4, 1);
    }
  }
}

/* The leaf that holds address. */
static const struct mem_alloc_node *leaf_of(const struct play *play, uint64_t address)
{
  const struct mem_alloc *const m = &play->pair.m;
  const struct mem_alloc_node *node = &m->nodes[m->root - 1];
  while (node->level > 0) {
    uint32_t slot = node->count - 1u;
    while (node->key[slot] > address) {
      slot -= 1;
    }
    node = &m->nodes[node->child[slot] - 1];
  }
  return node;
}

/* Make two of block i, of two addresses. */
static void halve(struct play *play, uint32_t i)
{
  put(play, 2 * (uint64_t)i);
  get(play, 1);
  get(play, 1);
}

/* Put the blocks from .. to - 1 of two addresses each, and get one block instead that is as long as all. */
static void fuse(struct play *play, uint32_t from, uint32_t to)
{
  uint64_t address = 0;
  for (uint32_t i = from; i < to; i++) {
    put(play, 2 * (uint64_t)i);
  }
  assert_int_equal(pair_get_aligned(&play->pair, &address, 2 * (uint64_t)(to - from), 1), MEM_ALLOC_OK);
  assert_true(address == 2 * (uint64_t)from);
  note(play);
}

/*
 * The emptiest tree we know of, made with a look inside: every second leaf
 * full and the others with a single run, which merging leaves alone; then
 * each full one split by one more run, so that of three leaves two are half
 * full and one has a single run. Blocks of two addresses; halving one makes
 * one run more.
 */
static void thin_and_split(struct play *play, uint32_t leaves)
{
  enum { MOST_LEAVES = 200 };
  static uint32_t first[MOST_LEAVES + 1]; /* the first block of each leaf */
  static uint32_t next[MOST_LEAVES + 1];  /* the next block of it to halve */
  uint32_t count = 1;
  first[0] = 0;
  add(play, 0, 2 * (uint64_t)leaves * F);
  for (uint32_t i = 0; i < leaves * F; i++) {
    get(play, 2);
  }
  for (uint32_t i = 1; i < leaves * F && count < MOST_LEAVES; i++) {
    if (leaf_of(play, 2 * (uint64_t)i) != leaf_of(play, 2 * (uint64_t)i - 2)) {
      first[count] = i;
      count += 1;
    }
  }
  for (uint32_t leaf = 0; leaf + 1 < count; leaf += 2) {
    next[leaf] = first[leaf];
    while (next[leaf] < first[leaf + 1]
           && leaf_of(play, 2 * (uint64_t)next[leaf])->count < F) {
      halve(play, next[leaf]);
      next[leaf] += 1;
    }
  }
  for (uint32_t leaf = 1; leaf + 1 < count; leaf += 2) {
    fuse(play, first[leaf], first[leaf + 1]);
  }
  for (uint32_t leaf = 0; leaf + 1 < count; leaf += 2) {
    const uint32_t live = play->pair.m.live;
    while (play->pair.m.live <= live && next[leaf] < first[leaf + 1]) {
      halve(play, next[leaf]);
      next[leaf] += 1;
    }
  }
  while (model_count(&play->pair.model, MEM_ALLOC_ALLOCATED) > 0) {
    const struct model_run *const runs = play->pair.model.runs;
    const size_t i = (size_t)random_below(&play->random, play->pair.model.count);
    if (runs[i].state == MEM_ALLOC_ALLOCATED) {
      put(play, runs[i].first);
    }
  }
}

/* Single addresses added in this order: 0 ascending, 1 descending, 2 random, 3 halving. */
static void add_in_order(struct play *play, uint32_t order)
{
  enum { REGIONS = 1024 };
  static uint32_t numbers[REGIONS];
  shuffle(&play->random, numbers, REGIONS);
  for (uint32_t i = 0; i < REGIONS; i++) {
    uint32_t place = i;
    if (order == 1) {
      place = REGIONS - 1 - i;
    } else if (order == 2) {
      place = numbers[i];
    } else if (order == 3) { /* the bits of i in reverse */
      place = 0;
      for (uint32_t bit = 1; bit < REGIONS; bit *= 2) {
        place = place * 2 + (i / bit) % 2;
      }
    }
    add(play, UINT64_MAX - 4 * (uint64_t)REGIONS + 4 * place, 1);
  }
  for (uint32_t i = 0; i + 1 < REGIONS; i++) { /* and close the gaps, in random order */
    if (numbers[i] < REGIONS - 1) {
      add(play, UINT64_MAX - 4 * (uint64_t)REGIONS + 4 * numbers[i] + 1, 3);
    }
  }
}

/* Blocks of many sizes come and go, first more, then less, and so on. */
static void random_churn(struct play *play, uint32_t largest)
{
  struct profile growing = { 0, 10, 0, 3, 0, 0, 1, 1, largest };
  struct profile shrinking = { 0, 2, 0, 10, 0, 0, 1, 1, largest };
  add(play, 0x1000, 600);
  for (uint32_t step = 0; step < 9000; step++) {
    const bool grow = step % 3000 < 1800;
    (void)pair_random_step(&play->pair, grow ? &growing : &shrinking, &play->random);
    note(play);
  }
}

static void check_reserved(history *history, uint32_t parameter, uint64_t runs)
{
  struct play play = { .random = { parameter + 1u } };
  pair_init(&play.pair);
  play.pair.check_period = 300;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  assert_int_equal(mem_alloc_reserve(&play.pair.m, runs), MEM_ALLOC_OK);
  assert_int_equal(wrap_malloc.calls, 1);
  history(&play, parameter);
  assert_int_equal(wrap_malloc.calls, 1);
  assert_int_equal(play.most_runs, runs);
  pair_destroy(&play.pair);
}

static void check_static(history *history, uint32_t parameter, uint64_t runs)
{
  static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(MOST_RUNS)];
  struct play play = { .random = { parameter + 1u } };
  assert_in_range(runs, 1, MOST_RUNS);
  pair_init_static(&play.pair, storage, (uint32_t)MEM_ALLOC_NODES_FOR(runs));
  play.pair.check_period = 300;
  play.pair.may_lack_memory = false;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  history(&play, parameter);
  assert_int_equal(wrap_malloc.calls, 0);
  pair_destroy(&play.pair);
}

/* Returns how many nodes per 1000 runs there were at most. */
static uint64_t check_history(history *history, uint32_t parameter)
{
  struct play play = { .random = { parameter + 1u } };
  pair_init(&play.pair);
  play.pair.check_period = 300;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  history(&play, parameter);
  assert_in_range(wrap_malloc.calls, 2, 100); /* it does need memory, and the counter sees it */
  pair_destroy(&play.pair);
  check_reserved(history, parameter, play.most_runs);
  check_static(history, parameter, play.most_runs);
  return play.most_nodes_per_1000_runs;
}

static void check_histories(const char *name, history *history, uint32_t from, uint32_t to, uint32_t step)
{
  uint64_t most = 0;
  for (uint32_t parameter = from; parameter <= to; parameter += step) {
    const uint64_t ratio = check_history(history, parameter);
    most = ratio > most ? ratio : most;
  }
  print_message("%s: at most %u nodes for 1000 runs, %u allowed\n", name, (unsigned)most,
                (unsigned)(MEM_ALLOC_NODES_FOR(100000u) / 100u));
}

static void test_keep_one_of(void **state)
{
  (void)state;
  check_histories("keep one of", keep_one_of, 2, 2 * F + 2, F / 4);
}

static void test_keep_groups(void **state)
{
  (void)state;
  check_histories("keep groups", keep_groups_of, F > 8 ? F - 4 : 2, F + 2, 1);
}

static void test_empty_every_second_leaf(void **state)
{
  (void)state;
  check_histories("empty every second leaf", empty_every_second_leaf, F / 4 + 1, F / 2 + 4, 1);
}

static void test_thin_and_split(void **state)
{
  (void)state;
  check_histories("thin and split", thin_and_split, 1200 / F, 2400 / F, 400 / F);
}

static void test_add_in_order(void **state)
{
  (void)state;
  check_histories("add in order", add_in_order, 0, 3, 1);
}

static void test_random_churn(void **state)
{
  (void)state;
  check_histories("random churn", random_churn, 1, 8, 3);
}

/* A constraint needs room for as many runs again as it has. */
static void test_constraint(void **state)
{
  (void)state;
  struct pair pair;
  struct pair constraint;
  pair_init(&constraint);
  constraint.check_period = 100;
  for (uint64_t i = 0; i < 700; i++) {
    assert_int_equal(pair_add_free(&constraint, 64 * i, 40), MEM_ALLOC_OK);
  }
  for (uint64_t width = 10; width <= 30; width += 10) {
    pair_init(&pair);
    pair.check_period = 100;
    const uint64_t runs = 2 * (64 * 700 / 50) + 1;
    wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
    assert_int_equal(mem_alloc_reserve(&pair.m, runs + model_all_runs(&constraint.model)), MEM_ALLOC_OK);
    for (uint64_t i = 0; i < 64 * 700 / 50; i++) {
      assert_int_equal(pair_add_free(&pair, 50 * i, width), MEM_ALLOC_OK);
    }
    assert_in_range(model_all_runs(&pair.model), 1, runs);
    assert_int_equal(pair_apply_constraint(&pair, &constraint), MEM_ALLOC_OK);
    assert_int_equal(wrap_malloc.calls, 1);
    pair_destroy(&pair);
  }
  pair_destroy(&constraint);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_keep_one_of),   cmocka_unit_test(test_keep_groups),
    cmocka_unit_test(test_add_in_order),  cmocka_unit_test(test_thin_and_split),
    cmocka_unit_test(test_empty_every_second_leaf),
    cmocka_unit_test(test_random_churn),  cmocka_unit_test(test_constraint),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
