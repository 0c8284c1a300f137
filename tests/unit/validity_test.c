/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * mem_alloc_is_valid against the reference of tests/model/validity.h: random
 * allocators of several shapes, of which a few fields are overwritten at a
 * time. Both must give the same answer, and every kind of damage that the
 * reference knows must have come up.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/model/damage.h"
#include "tests/model/validity.h"
#include "tests/unit/random.h"

enum {
  SHAPES = 32,
  TRIALS = 1000,
  TRIALS_OF_LARGE = 100,
  STEPS = 20 * MEM_ALLOC_FAN_OUT,
  STEPS_OF_LARGE = MEM_ALLOC_FAN_OUT <= 16 ? 1500 : 4 * MEM_ALLOC_FAN_OUT * MEM_ALLOC_FAN_OUT,
  FIELDS_MAX = 3,
  PLANNED_EVERY = 16,
  ROOT_LEVELS = 8,
  BLOCKS_MAX = STEPS_OF_LARGE
};

/* Live blocks, in any order. */
struct blocks {
  uint64_t base; /* addresses are managed from here on */
  size_t count;
  uint64_t address[BLOCKS_MAX];
};

static uint64_t met[VALIDITY_ANSWERS];    /* how often the reference said what */
static uint64_t met_on_root[ROOT_LEVELS]; /* trials, by the level of the root */

static void compare(const struct mem_alloc *m, const char *what)
{
  const enum validity expected = validity_find(m);
  const bool actual = mem_alloc_is_valid(m);
  met[expected] += 1;
  if (actual != (expected == VALIDITY_SOUND)) {
    fail_msg("%s: mem_alloc_is_valid says %s, the reference: %s", what, actual ? "true" : "false",
             validity_name(expected));
  }
}

/* A place of a node of the tree, of an entry it has; or any place at all. */
static size_t random_place(const struct mem_alloc *m, struct random *random)
{
  const size_t places = damage_places(m->fresh);
  size_t place = (size_t)random_below(random, places);
  if (m->fresh > 0 && random_below(random, 4) != 0) {
    const size_t x = (size_t)random_below(random, m->fresh);
    const uint32_t count = m->nodes[x].count;
    const uint32_t used = count <= MEM_ALLOC_FAN_OUT ? count : MEM_ALLOC_FAN_OUT;
    place = damage_places((uint32_t)x) + (size_t)random_below(random, 2 + 4 * (uint64_t)used);
  } else if (random_below(random, 3) == 0) {
    place = (size_t)random_below(random, DAMAGE_OBJECT_PLACES);
  }
  return place;
}

/* Something that may be at a place where `old` is: near it, small, what is elsewhere, anything. */
static uint64_t random_value(const struct mem_alloc *m, uint64_t old, struct random *random)
{
  uint64_t value = old;
  switch (random_below(random, 5)) {
  case 0:
    value = old + 1 - 2 * random_below(random, 2);
    break;
  case 1:
    value = old + random_below(random, 64) - 32;
    break;
  case 2:
    value = random_below(random, 4 + (uint64_t)m->fresh + random_below(random, 2) * 64);
    break;
  case 3:
    value = damage_read(m, random_place(m, random));
    break;
  default:
    value = random_any(random);
    break;
  }
  return value;
}

/* Two neighbouring live blocks become what may not be beside itself; the inner nodes need not know. */
static void join_states(struct mem_alloc *m, struct random *random)
{
  if (m->fresh == 0) {
    return;
  }
  struct mem_alloc_node *const b = &m->nodes[random_below(random, m->fresh)];
  for (uint32_t i = 1; b->level == 0 && i < b->count; i++) {
    if (b->tag[i - 1] == 1 && b->tag[i] == 1) {
      b->tag[i - 1] = 0;
      b->tag[i] = 0;
    }
  }
}

/* A leaf is cut down to so many live blocks, as its parent knows. */
static void cut_leaf(struct mem_alloc *m, struct mem_alloc_node *parent, uint64_t slot, uint64_t count)
{
  struct mem_alloc_node *const leaf = &m->nodes[parent->child[slot] - 1];
  leaf->count = count < leaf->count ? (uint16_t)count : leaf->count;
  for (uint32_t i = 0; i < leaf->count; i++) {
    leaf->tag[i] = 1;
    leaf->bin[i] = 0;
  }
  parent->tag[slot] = 1;
  parent->bin[slot] = 0;
}

/* Two neighbouring leaves together are left with half a node's entries, or with one less. */
static void thin_out(struct mem_alloc *m, struct random *random)
{
  enum { FEWEST = MEM_ALLOC_FAN_OUT / 2 };
  if (m->fresh == 0) {
    return;
  }
  struct mem_alloc_node *const parent = &m->nodes[random_below(random, m->fresh)];
  if (parent->level == 1 && parent->count > 1) {
    const uint64_t slot = 1 + random_below(random, parent->count - 1u);
    const uint64_t first = 1 + random_below(random, FEWEST - 1);
    const uint64_t less = first + 1 < FEWEST ? random_below(random, 2) : 0;
    cut_leaf(m, parent, slot - 1, first);
    cut_leaf(m, parent, slot, FEWEST - first - less);
  }
}

/* Cut a root above leaves down to its first child. The other leaves become spare: nothing else is wrong. */
static void cut_root(struct mem_alloc *m)
{
  if (m->root == 0 || m->nodes[m->root - 1].level != 1) {
    return;
  }
  struct mem_alloc_node *const root = &m->nodes[m->root - 1];
  for (uint32_t i = 1; i < root->count; i++) {
    const uint32_t x = root->child[i];
    m->nodes[x - 1].level = -1;
    m->nodes[x - 1].child[0] = m->spare;
    m->spare = x;
  }
  m->live = 2;
  root->count = 1;
}

static void damage(struct mem_alloc *m, struct random *random)
{
  const uint64_t fields = 1 + random_below(random, FIELDS_MAX);
  for (uint64_t i = 0; i < fields; i++) {
    const size_t place = random_place(m, random);
    damage_write(m, place, random_value(m, damage_read(m, place), random));
    if (m->fresh > m->capacity) {
      return; /* the places are no longer those of nodes */
    }
  }
}

/* What a few fields hardly ever make. */
static void planned_damage(struct mem_alloc *m, struct random *random)
{
  switch (random_below(random, 3)) {
  case 0:
    join_states(m, random);
    break;
  case 1:
    thin_out(m, random);
    break;
  default:
    cut_root(m);
    break;
  }
}

/* Every fourth shape stays small, so that single leaves come up; every eighth is large. */
static bool is_large(uint32_t shape)
{
  return shape % 8 == 1;
}

/* One random call; those that fail change nothing. */
static void step(struct mem_alloc *m, struct blocks *blocks, uint64_t wide, uint64_t block,
                 struct random *random)
{
  const uint64_t kind = random_below(random, 16);
  const uint64_t place = random_below(random, blocks->count);
  if (kind < 4) {
    const uint64_t region = 1 + random_below(random, 4 * block);
    (void)mem_alloc_add_free(m, blocks->base + random_below(random, wide), region);
  } else if (kind < 12 && blocks->count < BLOCKS_MAX) {
    const uint64_t alignment = UINT64_C(1) << random_below(random, 8);
    if (mem_alloc_get_aligned(m, &blocks->address[blocks->count], 1 + random_below(random, block), alignment)
        == MEM_ALLOC_OK) {
      blocks->count += 1;
    }
  } else if (blocks->count > 0) {
    assert_int_equal(mem_alloc_put(m, blocks->address[place]), MEM_ALLOC_OK);
    blocks->count -= 1;
    blocks->address[place] = blocks->address[blocks->count];
  }
}

/* Many calls, and then some blocks given back, so that nodes are spare. */
static void grow(struct mem_alloc *m, uint32_t shape, struct random *random)
{
  static struct blocks blocks;
  const uint64_t steps = is_large(shape) ? STEPS_OF_LARGE : random_below(random, shape % 4 == 0 ? 12 : STEPS);
  const uint64_t wide = UINT64_C(1) << (is_large(shape) ? 60 : 8 + random_below(random, 56));
  blocks.count = 0;
  blocks.base = random_any(random);
  for (uint64_t i = 0; i < steps; i++) {
    step(m, &blocks, wide, wide >> (is_large(shape) ? 20 : 6), random);
  }
  for (uint64_t i = random_below(random, 1 + blocks.count / 2); i > 0; i--) {
    blocks.count -= 1;
    assert_int_equal(mem_alloc_put(m, blocks.address[blocks.count]), MEM_ALLOC_OK);
  }
}

static void try_shape(uint32_t shape)
{
  struct random random = { shape };
  struct mem_alloc m;
  mem_alloc_init(&m);
  grow(&m, shape, &random);
  compare(&m, "undamaged");
  const int8_t level = m.root == 0 ? (int8_t)0 : m.nodes[m.root - 1].level;
  assert_in_range(level, 0, ROOT_LEVELS - 1);
  for (uint32_t trial = 0; trial < (is_large(shape) ? TRIALS_OF_LARGE : TRIALS); trial++) {
    struct mem_alloc copy = damage_copy(&m);
    if (trial % PLANNED_EVERY == 0) {
      planned_damage(&copy, &random);
    } else {
      damage(&copy, &random);
    }
    compare(&copy, "damaged");
    met_on_root[level] += 1;
    free(copy.nodes);
  }
  mem_alloc_destroy(&m);
}

static void test_same_answers(void **state)
{
  (void)state;
  for (uint32_t shape = 0; shape < SHAPES; shape++) {
    try_shape(shape);
  }
}

/* What says where the storage is cannot be damaged at random: it would have to be read. */
static void test_no_storage(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_alloc_node storage;
  memset(&m, 0, sizeof m);
  compare(NULL, "NULL");
  compare(&m, "empty");
  m.nodes = &storage;
  compare(&m, "storage of no nodes");
  m.nodes = NULL;
  m.capacity = 1;
  compare(&m, "nodes without storage");
  assert_int_equal(met[VALIDITY_NULL], 1);
  assert_int_equal(met[VALIDITY_STORAGE], 2);
}

/* Of the two tests before: both answers often, and every kind of damage, on trees of several heights. */
static void test_all_was_met(void **state)
{
  (void)state;
  uint64_t rejected = 0;
  for (enum validity i = 0; i < VALIDITY_ANSWERS; i++) {
    /* Two neighbours that must have two entries always have them. */
    const bool possible = i != VALIDITY_HEIGHT && (i != VALIDITY_OCCUPANCY || MEM_ALLOC_FAN_OUT > 4);
    print_message("%8llu  %s\n", (unsigned long long)met[i], validity_name(i));
    assert_true(possible == (met[i] != 0));
    rejected += i == VALIDITY_SOUND ? 0 : met[i];
  }
  assert_true(rejected >= 5000 && met[VALIDITY_SOUND] >= 1000);
  for (uint32_t level = 0; level < ROOT_LEVELS; level++) {
    print_message("%8llu  trials with the root at level %u\n", (unsigned long long)met_on_root[level],
                  (unsigned)level);
    assert_true(level > (MEM_ALLOC_FAN_OUT == 4 ? 3 : 2) || met_on_root[level] != 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_answers),
    cmocka_unit_test(test_no_storage),
    cmocka_unit_test(test_all_was_met),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
