/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * mem_alloc_is_valid must reject damage. Every test damages one field of a
 * sound allocator, asks, and repairs it again. Only what can be told from a
 * sound state is demanded: moving the border of two live blocks by one, for
 * example, gives another sound state.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fit.h"
#include "tests/unit/pair.h"

enum { F = MEM_ALLOC_FAN_OUT };

static struct pair pair;
static uint32_t damages;

/* A tree of several levels with nodes spare, with ABSENT, FREE and ALLOCATED runs of many lengths. */
static int set_up(void **state)
{
  (void)state;
  const struct profile growing = { 8, 10, 2, 2, 0, 0x1000, 0x40000, 0x100, 0x20 };
  const struct profile shrinking = { 0, 0, 0, 8, 0, 0x1000, 0x40000, 0x100, 0x20 };
  struct random random = { 13 };
  pair_init(&pair);
  pair.check_period = 1000;
  while (model_all_runs(&pair.model) < 12 * F * (F < 8 ? 8 : 1)) {
    (void)pair_random_step(&pair, &growing, &random);
  }
  const uint32_t live = pair.m.live;
  while (pair.m.live + 3 > live) {
    (void)pair_random_step(&pair, &shrinking, &random);
  }
  pair_check(&pair);
  assert_true(pair.m.spare != 0);
  struct mem_alloc_statistics statistics;
  assert_int_equal(mem_alloc_get_statistics(&pair.m, &statistics), MEM_ALLOC_OK);
  assert_in_range(statistics.levels, F == 4 ? 4 : 2, 20);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  pair_check(&pair);
  pair_destroy(&pair);
  return 0;
}

/* Ask with the damage done, then repair. */
#define DAMAGE(field, value)                                                        \
  do {                                                                              \
    const uint64_t sound = (uint64_t)(field);                                       \
    const uint64_t damaged = (uint64_t)(value);                                     \
    (field) = (__typeof__(field))damaged;                                           \
    if ((uint64_t)(field) != sound) {                                               \
      const bool accepted = mem_alloc_is_valid(&pair.m);                            \
      if (accepted) {                                                               \
        fail_msg("%s = %s was accepted (%llu instead of %llu)", #field, #value,     \
                 (unsigned long long)damaged, (unsigned long long)sound);           \
      }                                                                             \
      damages += 1;                                                                 \
    }                                                                               \
    (field) = (__typeof__(field))sound;                                             \
  } while (0)

static struct mem_alloc_node *node(uint32_t number)
{
  return &pair.m.nodes[number - 1];
}

static void test_object(void **state)
{
  (void)state;
  struct mem_alloc *const m = &pair.m;
  damages = 0;
  DAMAGE(m->capacity, 0);
  DAMAGE(m->capacity, m->fresh - 1);
  DAMAGE(m->fresh, m->fresh - 1);
  DAMAGE(m->fresh, m->fresh + 1);
  DAMAGE(m->fresh, 0);
  DAMAGE(m->fresh, UINT32_MAX);
  DAMAGE(m->live, m->live - 1);
  DAMAGE(m->live, m->live + 1);
  DAMAGE(m->live, 0);
  DAMAGE(m->live, UINT32_MAX);
  DAMAGE(m->fixed, 2);
  for (uint32_t x = 0; x <= m->fresh + 2; x++) {
    DAMAGE(m->root, x);
    DAMAGE(m->spare, x);
  }
  DAMAGE(m->root, UINT32_MAX);
  DAMAGE(m->spare, UINT32_MAX);
  for (size_t i = 0; i < sizeof m->reserved / sizeof m->reserved[0]; i++) {
    DAMAGE(m->reserved[i], 1);
  }
  assert_in_range(damages, 20, UINT32_MAX);

  struct mem_alloc_node *const nodes = m->nodes;
  m->nodes = NULL;
  assert_false(mem_alloc_is_valid(m));
  m->nodes = nodes;
}

static void test_empty_object(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc_node storage[2];
  memset(&m, 0, sizeof m);
  memset(storage, 0, sizeof storage);
  assert_true(mem_alloc_is_valid(&m));
  m.root = 1;
  assert_false(mem_alloc_is_valid(&m));
  m.root = 0;
  m.spare = 1;
  assert_false(mem_alloc_is_valid(&m));
  m.spare = 0;
  m.live = 1;
  assert_false(mem_alloc_is_valid(&m));
  m.live = 0;
  m.capacity = 1;
  assert_false(mem_alloc_is_valid(&m));
  m.capacity = 0;
  m.nodes = storage;
  assert_false(mem_alloc_is_valid(&m));
  m.nodes = NULL;
  m.reserved[0] = 1;
  assert_false(mem_alloc_is_valid(&m));
}

static void test_spare_nodes(void **state)
{
  (void)state;
  damages = 0;
  for (uint32_t x = pair.m.spare; x != 0; x = node(x)->child[0]) {
    DAMAGE(node(x)->level, 0);
    DAMAGE(node(x)->level, 1);
    DAMAGE(node(x)->child[0], x);
    DAMAGE(node(x)->child[0], 0);
    DAMAGE(node(x)->child[0], pair.m.root);
    DAMAGE(node(x)->child[0], pair.m.spare);
    DAMAGE(node(x)->child[0], pair.m.fresh + 1);
    DAMAGE(node(x)->child[0], UINT32_MAX);
  }
  assert_in_range(damages, 3 * 7, UINT32_MAX);
}

/* What every node of the tree has. */
static void damage_node(uint32_t x)
{
  struct mem_alloc_node *const b = node(x);
  DAMAGE(b->count, 0);
  DAMAGE(b->count, F + 1);
  DAMAGE(b->count, UINT16_MAX);
  DAMAGE(b->level, b->level + 1);
  DAMAGE(b->level, b->level - 1);
  DAMAGE(b->level, 32);
  DAMAGE(b->level, INT8_MAX);
  DAMAGE(b->level, INT8_MIN);
  DAMAGE(b->key[0], b->key[0] + 1);
  DAMAGE(b->key[0], b->key[0] - 1);
  DAMAGE(b->key[b->count - 1], UINT64_MAX);
  for (uint32_t i = 1; i < b->count; i++) {
    DAMAGE(b->key[i], b->key[i - 1]);
    DAMAGE(b->key[i], b->key[i - 1] - 1);
    DAMAGE(b->key[i - 1], b->key[i]);
    DAMAGE(b->key[i - 1], b->key[i] + 1);
    DAMAGE(b->key[i], 0);
  }
  for (uint32_t i = 0; i < b->count; i++) { /* every bin follows from what is below, or from the run */
    DAMAGE(b->bin[i], b->bin[i] + 1);
    DAMAGE(b->bin[i], b->bin[i] - 1);
    DAMAGE(b->bin[i], b->bin[i] / 2);
    DAMAGE(b->bin[i], b->bin[i] * 2);
    DAMAGE(b->bin[i], 0);
    DAMAGE(b->bin[i], -1);
    DAMAGE(b->bin[i], FIT_BINS * 56);
    DAMAGE(b->bin[i], INT16_MAX);
    DAMAGE(b->bin[i], INT16_MIN);
  }
}

/* All an inner node says can be worked out from what is below. */
static void damage_inner(uint32_t x)
{
  struct mem_alloc_node *const b = node(x);
  for (uint32_t i = 0; i < b->count; i++) {
    DAMAGE(b->key[i], b->key[i] + 1);
    DAMAGE(b->key[i], b->key[i] - 1);
    for (uint32_t tag = 0; tag <= UINT8_MAX; tag++) {
      DAMAGE(b->tag[i], tag);
    }
    for (uint32_t child = 0; child <= pair.m.fresh + 1; child++) {
      DAMAGE(b->child[i], child);
    }
    DAMAGE(b->child[i], UINT32_MAX);
  }
  DAMAGE(b->count, b->count - 1);
}

static uint8_t state_of(uint8_t tag)
{
  return tag > FIT_FREE ? FIT_FREE : tag;
}

/* Let the entry at slot i of leaf b say something else of its run, tag and bin agreeing with each other. */
static void damage_mark(struct mem_alloc_node *b, uint32_t i, struct fit_mark mark)
{
  const struct fit_mark sound = { b->tag[i], b->bin[i] };
  b->tag[i] = mark.tag;
  b->bin[i] = mark.bin;
  if (mark.tag != sound.tag && mem_alloc_is_valid(&pair.m)) {
    fail_msg("tag %u and bin %d instead of %u and %d were accepted", (unsigned)mark.tag, (int)mark.bin,
             (unsigned)sound.tag, (int)sound.bin);
  }
  damages += mark.tag != sound.tag ? 1 : 0;
  b->tag[i] = sound.tag;
  b->bin[i] = sound.bin;
}

/* Is a slot beside slot i of leaf b in that state? */
static bool is_beside(const struct mem_alloc_node *b, uint32_t i, uint8_t state)
{
  return (i > 0 && state_of(b->tag[i - 1]) == state)
         || (i + 1u < b->count && state_of(b->tag[i + 1]) == state);
}

/* Has no other slot of leaf b a bin as large as slot i's? */
static bool is_only_top(const struct mem_alloc_node *b, uint32_t i)
{
  uint32_t as_large = 0;
  for (uint32_t j = 0; j < b->count; j++) {
    as_large += b->bin[j] >= b->bin[i] ? 1 : 0;
  }
  return as_large == 1;
}

static void damage_leaf(uint32_t x)
{
  const struct fit_mark absent = { FIT_ABSENT, 0 };
  const struct fit_mark allocated = { FIT_ALLOCATED, 0 };
  struct mem_alloc_node *const b = node(x);
  for (uint32_t i = 0; i < b->count; i++) {
    const bool followed = i + 1u < b->count;
    if (b->tag[i] >= FIT_FREE) {
      for (uint32_t tag = 0; tag <= UINT8_MAX; tag++) {
        DAMAGE(b->tag[i], tag); /* any but the right one: the bin does not go with what is not FREE */
      }
      if (followed && b->bin[i] < FIT_BINS) { /* such a bin has a single size */
        DAMAGE(b->key[i + 1], b->key[i + 1] + 1);
        DAMAGE(b->key[i + 1], b->key[i + 1] - 1);
      }
      if (is_only_top(b, i)) { /* it shows in the summaries */
        damage_mark(b, i, allocated);
      }
    } else {
      for (uint32_t tag = FIT_FREE; tag <= UINT8_MAX; tag++) {
        DAMAGE(b->tag[i], tag); /* a FREE run has a bin */
      }
    }
    /* Neighbours that should be one run. */
    if (is_beside(b, i, FIT_ABSENT)) {
      damage_mark(b, i, absent);
    }
    if (is_beside(b, i, FIT_FREE) && followed) {
      damage_mark(b, i, fit_free_mark(b->key[i], b->key[i + 1] - 1));
    }
  }
}

static bool is_spare(uint32_t x)
{
  return node(x)->level < 0;
}

static void test_nodes_of_the_tree(void **state)
{
  (void)state;
  uint32_t leaves = 0;
  uint32_t inner = 0;
  damages = 0;
  for (uint32_t x = 1; x <= pair.m.fresh; x++) {
    if (!is_spare(x)) {
      damage_node(x);
      if (node(x)->level > 0) {
        damage_inner(x);
        inner += 1;
      } else {
        damage_leaf(x);
        leaves += 1;
      }
    }
  }
  assert_int_equal(leaves + inner, pair.m.live);
  assert_in_range(inner, 1, leaves);
  print_message("%u nodes, %u kinds of damage rejected\n", (unsigned)pair.m.live, (unsigned)damages);
  assert_in_range(damages, 20u * pair.m.live, UINT32_MAX);
}

/* One parent names a child twice, and another child is lost: each count alone still adds up. */
static void test_child_named_twice(void **state)
{
  (void)state;
  struct mem_alloc_node *const root = node(pair.m.root);
  assert_in_range(root->count, 2, F);
  const uint32_t first = root->child[0];
  const uint32_t second = root->child[1];
  root->child[0] = second;
  assert_false(mem_alloc_is_valid(&pair.m));
  root->child[1] = first;
  assert_false(mem_alloc_is_valid(&pair.m));
  root->child[0] = first;
  assert_false(mem_alloc_is_valid(&pair.m));
  root->child[1] = second;
  assert_true(mem_alloc_is_valid(&pair.m));
}

/* A leaf cut down to one run each, although it would fit into its neighbour: occupancy. */
static void test_occupancy(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc_node storage[3];
  memset(storage, 0, sizeof storage);
  assert_int_equal(mem_alloc_init_static(&m, storage, 3), MEM_ALLOC_OK);
  m.fresh = 3;
  m.live = 3;
  m.root = 3;
  storage[0].count = 1; /* [0, 0xfff] absent */
  storage[0].tag[0] = FIT_ABSENT;
  storage[1].count = 1; /* [0x1000, the top] allocated */
  storage[1].key[0] = 0x1000;
  storage[1].tag[0] = FIT_ALLOCATED;
  storage[2].level = 1;
  storage[2].count = 2;
  storage[2].key[1] = 0x1000;
  storage[2].tag[0] = FIT_ABSENT;
  storage[2].tag[1] = FIT_ALLOCATED;
  storage[2].child[0] = 1;
  storage[2].child[1] = 2;
#if MEM_ALLOC_FAN_OUT >= 16
  assert_false(mem_alloc_is_valid(&m));
#endif
  /* The same two runs in one leaf are sound. */
  storage[0].count = 2;
  storage[0].key[1] = 0x1000;
  storage[0].tag[1] = FIT_ALLOCATED;
  m.fresh = 1;
  m.live = 1;
  m.root = 1;
  assert_true(mem_alloc_is_valid(&m));
  /* An inner root with an only child is one level too many. */
  m.fresh = 3;
  m.live = 2;
  m.root = 3;
  m.spare = 2;
  storage[1].level = -1;
  storage[1].child[0] = 0;
  storage[2].count = 1;
  storage[2].tag[0] = FIT_ALLOCATED;
  assert_false(mem_alloc_is_valid(&m));
  m.root = 1;
  m.live = 1;
  storage[2].level = -1;
  storage[2].child[0] = 2;
  m.spare = 3;
  assert_true(mem_alloc_is_valid(&m));
}

/* Whatever the damage, the check comes back, and reads nothing outside the storage (the sanitizers watch). */
static void test_any_damage_is_survived(void **state)
{
  (void)state;
  struct random random = { 14 };
  const size_t size = pair.m.fresh * sizeof *pair.m.nodes;
  unsigned char *const bytes = (unsigned char *)pair.m.nodes;
  uint32_t rejected = 0;
  enum { ROUNDS = 3000, MOST = 4 };
  for (uint32_t round = 0; round < ROUNDS; round++) {
    size_t place[MOST];
    unsigned char sound[MOST];
    const uint32_t count = 1 + (uint32_t)random_below(&random, MOST);
    for (uint32_t i = 0; i < count; i++) {
      place[i] = (size_t)random_below(&random, size);
      sound[i] = bytes[place[i]];
      bytes[place[i]] = (unsigned char)random_next(&random);
    }
    rejected += mem_alloc_is_valid(&pair.m) ? 0 : 1;
    for (uint32_t i = count; i > 0; i--) {
      bytes[place[i - 1]] = sound[i - 1];
    }
  }
  print_message("%u of %u random damages rejected\n", (unsigned)rejected, (unsigned)ROUNDS);
  assert_in_range(rejected, ROUNDS / 4, ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_object),
    cmocka_unit_test(test_empty_object),
    TEST(test_spare_nodes),
    TEST(test_nodes_of_the_tree),
    TEST(test_child_named_twice),
    cmocka_unit_test(test_occupancy),
    TEST(test_any_damage_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
