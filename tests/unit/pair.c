/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* More runs than a constraint drawn at random ever has. */
enum { CONSTRAINT_RUNS = 8000 };

/* No place that an allocator ever gives: an untouched result. */
#define UNTOUCHED UINT64_C(0x5a5a5a5a5a5a5a5a)

void pair_init(struct pair *pair)
{
  memset(pair, 0xa5, sizeof *pair); /* the old content must not matter */
  mem_alloc_init(&pair->m);
  model_init(&pair->model);
  pair->may_lack_memory = false;
  pair->lacks = 0;
  pair->check_period = 1;
  pair->steps = 0;
}

void pair_init_static(struct pair *pair, struct mem_alloc_node *storage, uint32_t count)
{
  pair_init(pair);
  memset(&pair->m, 0xa5, sizeof pair->m);
  assert_int_equal(mem_alloc_init_static(&pair->m, storage, count), MEM_ALLOC_OK);
  pair->may_lack_memory = true;
}

void pair_destroy(struct pair *pair)
{
  mem_alloc_destroy(&pair->m);
  model_destroy(&pair->model);
  assert_true(mem_alloc_is_valid(&pair->m));
  assert_true(model_matches(&pair->model, &pair->m));
}

void pair_check(struct pair *pair)
{
  assert_true(mem_alloc_is_valid(&pair->m));
  assert_true(model_matches(&pair->model, &pair->m));
}

/* After each operation: a lack of memory must be allowed, and all runs agree. */
static void settle(struct pair *pair, int status)
{
  if (status == MEM_ALLOC_NO_MEMORY) {
    assert_true(pair->may_lack_memory);
    pair->lacks += 1;
  }
  pair->steps += 1;
  if (status != MEM_ALLOC_OK || pair->steps % pair->check_period == 0) {
    pair_check(pair);
  }
}

int pair_add_free(struct pair *pair, uint64_t address, uint64_t size)
{
  const int status = mem_alloc_add_free(&pair->m, address, size);
  if (status != MEM_ALLOC_NO_MEMORY) {
    assert_int_equal(status, model_add_free(&pair->model, address, size));
  }
  settle(pair, status);
  return status;
}

/* What get and get_aligned have in common: both results, and what became of *address. */
static void settle_get(struct pair *pair, int status, int expected, uint64_t place, uint64_t expected_place,
                       uint64_t *address)
{
  if (status != MEM_ALLOC_NO_MEMORY) {
    assert_int_equal(status, expected);
  }
  if (status == MEM_ALLOC_OK) {
    assert_true(place == expected_place);
    *address = place;
  } else {
    assert_true(place == UNTOUCHED);
  }
  settle(pair, status);
}

int pair_get(struct pair *pair, uint64_t *address, uint64_t size)
{
  uint64_t place = UNTOUCHED;
  uint64_t expected_place = UNTOUCHED;
  int expected = MEM_ALLOC_NO_MEMORY;
  const int status = mem_alloc_get(&pair->m, &place, size);
  if (status != MEM_ALLOC_NO_MEMORY) {
    expected = model_get(&pair->model, &expected_place, size);
  }
  settle_get(pair, status, expected, place, expected_place, address);
  return status;
}

int pair_get_aligned(struct pair *pair, uint64_t *address, uint64_t size, uint64_t alignment)
{
  uint64_t place = UNTOUCHED;
  uint64_t expected_place = UNTOUCHED;
  int expected = MEM_ALLOC_NO_MEMORY;
  const int status = mem_alloc_get_aligned(&pair->m, &place, size, alignment);
  if (status != MEM_ALLOC_NO_MEMORY) {
    expected = model_get_aligned(&pair->model, &expected_place, size, alignment);
  }
  settle_get(pair, status, expected, place, expected_place, address);
  return status;
}

int pair_put(struct pair *pair, uint64_t address)
{
  const int status = mem_alloc_put(&pair->m, address);
  assert_int_equal(status, model_put(&pair->model, address));
  settle(pair, status);
  return status;
}

int pair_apply_constraint(struct pair *pair, struct pair *constraint)
{
  const int status = mem_alloc_apply_constraint(&pair->m, &constraint->m);
  if (status != MEM_ALLOC_NO_MEMORY) {
    assert_int_equal(status, model_apply_constraint(&pair->model, &constraint->model));
  }
  settle(pair, status);
  pair_check(constraint);
  return status;
}

/* Sizes: often powers of two, often small, never 0. */
static uint64_t random_size(struct random *random, uint64_t most)
{
  uint64_t size = random_any(random);
  if (random_below(random, 2) == 0) {
    size = UINT64_C(1) << random_below(random, 64);
  }
  if (size > most) {
    size = random_below(random, most);
  }
  return size == 0 ? 1 : size;
}

static int random_add_free(struct pair *pair, const struct profile *profile, struct random *random)
{
  const uint64_t address = profile->base + random_below(random, profile->width);
  const uint64_t kind = random_below(random, 8);
  uint64_t size = random_size(random, profile->region);
  uint64_t start = address;
  if (kind < 4 && pair->model.count > 0) { /* beside, below or across what is there */
    const struct model_run *const run = &pair->model.runs[random_below(random, pair->model.count)];
    const uint64_t distance = random_below(random, 3);
    start = random_below(random, 2) == 0 ? run->last + distance : run->first - size - 1 + distance;
  } else if (kind == 4) {
    size = 0 - start; /* up to 2^64 */
  }
  return pair_add_free(pair, start, size);
}

static int random_put(struct pair *pair, struct random *random)
{
  uint64_t address = random_any(random);
  const uint64_t kind = random_below(random, 16);
  if (pair->model.count > 0) {
    size_t i = (size_t)random_below(random, pair->model.count);
    while (kind > 0 && i + 1 < pair->model.count && pair->model.runs[i].state != MEM_ALLOC_ALLOCATED) {
      i += 1;
    }
    address = pair->model.runs[i].first + (kind == 1 ? 1 : 0);
  }
  return pair_put(pair, address);
}

/* A constraint made of the live blocks' neighbourhoods and of random regions. */
static void random_constraint(struct pair *constraint, const struct pair *pair, const struct profile *profile,
                              struct random *random)
{
  const bool around = random_below(random, 8) > 0;
  for (size_t i = 0; around && i < pair->model.count; i++) {
    const struct model_run *const run = &pair->model.runs[i];
    if (run->state == MEM_ALLOC_ALLOCATED || random_below(random, 8) > 0) {
      const uint64_t span = run->last - run->first;
      const uint64_t size = span == UINT64_MAX ? span : span + 1;
      (void)pair_add_free(constraint, run->first, size);
    }
  }
  for (uint64_t n = random_below(random, 6); n > 0; n--) {
    (void)pair_add_free(constraint, profile->base + random_below(random, profile->width),
                        random_size(random, profile->region));
  }
  if (random_below(random, 4) == 0) { /* live blocks of the constraint are not free for others */
    uint64_t place = 0;
    (void)pair_get(constraint, &place, random_size(random, profile->block));
  }
}

static int random_constrain(struct pair *pair, const struct profile *profile, struct random *random)
{
  if (random_below(random, 32) == 0) {
    return pair_apply_constraint(pair, pair);
  }
  /* On storage of its own, so that a test can count what the allocator under test takes from malloc. */
  static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(CONSTRAINT_RUNS)];
  struct pair constraint;
  pair_init_static(&constraint, storage, (uint32_t)(sizeof storage / sizeof storage[0]));
  constraint.may_lack_memory = false;
  constraint.check_period = 64;
  random_constraint(&constraint, pair, profile, random);
  const int status = pair_apply_constraint(pair, &constraint);
  pair_destroy(&constraint);
  return status;
}

int pair_random_step(struct pair *pair, const struct profile *profile, struct random *random)
{
  const uint64_t sum = (uint64_t)profile->add_free + profile->get + profile->get_aligned + profile->put
                       + profile->constrain;
  uint64_t kind = random_below(random, sum);
  uint64_t place = 0;
  if (kind < profile->add_free) {
    return random_add_free(pair, profile, random);
  }
  kind -= profile->add_free;
  if (kind < profile->get) {
    return pair_get(pair, &place, random_size(random, profile->block));
  }
  kind -= profile->get;
  if (kind < profile->get_aligned) {
    const uint64_t alignment = UINT64_C(1) << random_below(random, random_below(random, 2) == 0 ? 64 : 12);
    return pair_get_aligned(pair, &place, random_size(random, profile->block), alignment);
  }
  kind -= profile->get_aligned;
  if (kind < profile->put) {
    return random_put(pair, random);
  }
  return random_constrain(pair, profile, random);
}
