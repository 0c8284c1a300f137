/* SPDX-License-Identifier: BSD-3-Clause */

/* The tree: searches against the model, and reshaping that must not change any run. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bits.h"
#include "map.h"
#include "pool.h"
#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

enum { F = MEM_ALLOC_FAN_OUT, RUNS = F == 4 ? 500 : 1500 };

static struct pair pair;
static struct random random;

static int set_up(void **state)
{
  (void)state;
  const struct profile profile = { 10, 10, 2, 6, 0, 0x1000, 0x40000, 0x100, 0x20 };
  random.state = 15;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_init(&pair);
  pair.check_period = 1000;
  while (model_all_runs(&pair.model) < RUNS) {
    (void)pair_random_step(&pair, &profile, &random);
  }
  pair_check(&pair);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  pair_check(&pair);
  pair_destroy(&pair);
  return 0;
}

/* The leaf that holds address. */
static uint32_t leaf_of(uint64_t address)
{
  struct map_way way;
  (void)map_find(&pair.m, address, &way);
  return map_way_node(&way, 0);
}

/* Runs in it. */
static uint32_t leaf_count(uint64_t address)
{
  return pool_count(&pair.m, leaf_of(address));
}

/* The run of the model that holds address; ABSENT runs, too. */
static struct model_run run_at(const struct model *model, uint64_t address)
{
  struct model_run gap = { 0, UINT64_MAX, MEM_ALLOC_ABSENT };
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const run = &model->runs[i];
    if (run->first <= address && address <= run->last) {
      return *run;
    }
    if (run->last < address) {
      gap.first = run->last + 1;
    } else if (gap.last == UINT64_MAX) {
      gap.last = run->first - 1;
    }
  }
  return gap;
}

static uint32_t state_of(uint8_t tag)
{
  if (tag >= FIT_FREE) {
    return MEM_ALLOC_FREE;
  }
  return tag == FIT_ALLOCATED ? MEM_ALLOC_ALLOCATED : MEM_ALLOC_ABSENT;
}

/* Does the way lead from the root to this run? */
static void check_cursor(const struct map_cursor *cursor, const struct map_way *way,
                         const struct model_run *run)
{
  assert_true(cursor->start == run->first);
  assert_true(cursor->last == run->last);
  assert_int_equal(state_of(cursor->tag), run->state);
  assert_true(cursor->leaf_last >= cursor->last);
  uint32_t x = pair.m.root;
  for (int level = pool_level(&pair.m, x); level > 0; level--) {
    assert_int_equal(map_way_node(way, (uint32_t)level), x);
    assert_in_range(map_way_slot(way, (uint32_t)level), 0, pool_count(&pair.m, x) - 1u);
    x = pool_child(&pair.m, x, map_way_slot(way, (uint32_t)level));
    assert_int_equal(pool_level(&pair.m, x), level - 1);
  }
  const uint32_t slot = map_way_slot(way, 0);
  assert_int_equal(map_way_node(way, 0), x);
  assert_true(pool_key(&pair.m, x, slot) == run->first);
  assert_int_equal(pool_tag(&pair.m, x, slot), cursor->tag);
  const bool last_of_leaf = slot + 1u == pool_count(&pair.m, x);
  assert_int_equal(last_of_leaf, cursor->leaf_last == cursor->last);
}

static void check_find(uint64_t address)
{
  const struct model_run run = run_at(&pair.model, address);
  struct map_way way;
  const struct map_cursor cursor = map_find(&pair.m, address, &way);
  check_cursor(&cursor, &way, &run);
}

static void test_find(void **state)
{
  (void)state;
  check_find(0);
  check_find(UINT64_MAX);
  for (size_t i = 0; i < pair.model.count; i++) {
    const struct model_run run = pair.model.runs[i];
    check_find(run.first);
    check_find(run.first - 1);
    check_find(run.last);
    check_find(run.last + 1);
    check_find(run.first + (run.last - run.first) / 2);
  }
}

/* Compared with what the model, a copy of it, would give. */
static void check_first_fit(uint64_t size, uint8_t align)
{
  struct model copy;
  uint64_t place = 0;
  const struct fit_request request = fit_needs(size, bits_floor_log2(size), align);
  model_init(&copy);
  model_copy(&copy, &pair.model);
  const int status = model_get_aligned(&copy, &place, size, UINT64_C(1) << align);
  model_destroy(&copy);
  struct map_way way;
  const struct map_cursor cursor = map_first_fit(&pair.m, request, &way);
  assert_int_equal(cursor.found, status == MEM_ALLOC_OK);
  if (cursor.found) {
    const struct model_run run = run_at(&pair.model, place);
    assert_true(cursor.place == place);
    check_cursor(&cursor, &way, &run);
  }
}

static void test_first_fit(void **state)
{
  (void)state;
  for (uint64_t size = 1; size <= 0x140; size++) {
    for (uint8_t align = 0; align <= 8; align++) {
      check_first_fit(size, align);
    }
  }
  check_first_fit(UINT64_MAX, 0);
  check_first_fit(UINT64_C(1) << 63, 63);
  check_first_fit(1, 63);
}

/* Is there a FREE run below address of a bin that is searched for, but shorter than the request? */
static bool is_misled(uint64_t address, struct fit_request request)
{
  bool misled = false;
  for (size_t i = 0; i < pair.model.count && pair.model.runs[i].last < address; i++) {
    const struct model_run *const run = &pair.model.runs[i];
    if (run->state == MEM_ALLOC_FREE && request.bin > 0 && run->last - run->first < request.span) {
      misled = misled || fit_free_mark(run->first, run->last).bin >= request.bin;
    }
  }
  return misled;
}

/*
 * Runs so long that a bin covers 32 sizes, a few runs of each bin, ever longer
 * ones: the search must go on where a run of the right bin is too short.
 */
static void test_first_fit_of_long_runs(void **state)
{
  enum { REGIONS = 300, STEP = 0x10000, SHORTEST = 0x4000, LONGER = 10 };
  uint32_t found = 0;
  uint32_t misled = 0;
  random.state = 16;
  pair_init(&pair);
  pair.check_period = 100;
  for (uint64_t i = 0; i < REGIONS; i++) {
    const uint64_t size = SHORTEST + LONGER * i + random_below(&random, LONGER);
    assert_int_equal(pair_add_free(&pair, i * STEP + random_below(&random, 64), size), MEM_ALLOC_OK);
  }
  for (uint64_t n = 0; n < LONGER * (REGIONS + 10); n += 1 + random_below(&random, 4)) {
    const uint64_t size = SHORTEST + n;
    const uint8_t align = (uint8_t)random_below(&random, 8);
    const struct fit_request request = fit_needs(size, bits_floor_log2(size), align);
    struct map_way way;
    const struct map_cursor cursor = map_first_fit(&pair.m, request, &way);
    check_first_fit(size, align);
    found += cursor.found ? 1 : 0;
    misled += is_misled(cursor.found ? cursor.place : UINT64_MAX, request) ? 1 : 0;
  }
  print_message("%u found, %u after a run that was too short\n", (unsigned)found, (unsigned)misled);
  assert_in_range(found, 500, UINT32_MAX);
  assert_in_range(misled, 500, UINT32_MAX);
  tear_down(state);
}

static void test_create(void **state)
{
  (void)state;
  struct mem_alloc m;
  mem_alloc_init(&m);
  assert_false(map_exists(&m));
  wrap_malloc_plan(0, false);
  assert_false(map_create(&m));
  assert_false(map_exists(&m));
  assert_true(mem_alloc_is_valid(&m));
  assert_true(map_create(&m));
  assert_true(map_exists(&m));
  assert_true(mem_alloc_is_valid(&m));
  struct map_way way;
  const struct map_cursor cursor = map_find(&m, 12345, &way);
  assert_true(cursor.start == 0 && cursor.last == UINT64_MAX && cursor.tag == FIT_ABSENT);
  mem_alloc_destroy(&m);
}

static void test_make_room(void **state)
{
  (void)state;
  for (int i = 0; i < 300; i++) {
    const uint64_t address = random_below(&random, 0x42000);
    assert_true(map_make_room(&pair.m, address));
    assert_in_range(leaf_count(address) + MAP_CARVE_ENTRIES, MAP_CARVE_ENTRIES, F);
    pair_check(&pair);
  }
  assert_true(map_make_room(&pair.m, UINT64_MAX));
  assert_true(map_make_room(&pair.m, 0));
}

static void test_make_room_without_memory(void **state)
{
  (void)state;
  static uint32_t taken[10000];
  uint32_t count = 0;
  while (pool_available(&pair.m) > 0) {
    assert_in_range(count, 0, 9999);
    taken[count] = pool_take(&pair.m, 0);
    count += 1;
  }
  wrap_malloc_plan(0, true);
  uint32_t refused = 0;
  for (uint64_t address = 0x1000; address < 0x41000; address += 0x80) {
    refused += map_make_room(&pair.m, address) ? 0 : 1;
  }
  assert_true(model_matches(&pair.model, &pair.m));
  assert_in_range(refused, 1, 0x40000 / 0x80);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  while (count > 0) {
    count -= 1;
    pool_give(&pair.m, taken[count]);
  }
}

static void test_find_room(void **state)
{
  (void)state;
  for (size_t i = 0; i < pair.model.count; i++) {
    const struct model_run run = pair.model.runs[i];
    const uint64_t middle = run.first + (run.last - run.first) / 2;
    struct map_way way;
    const struct map_cursor cursor = map_find_room(&pair.m, middle, &way);
    assert_true(cursor.found);
    check_cursor(&cursor, &way, &run);
    assert_in_range(leaf_count(middle) + MAP_CARVE_ENTRIES, MAP_CARVE_ENTRIES, F);
    assert_true(map_has_room(&pair.m, &way, cursor.last, middle, middle));
    if (i % 16 == 0) {
      pair_check(&pair);
    }
  }
}

/* A piece of a run adds one run for what is left of it on either side, if anything. */
static void test_has_room(void **state)
{
  (void)state;
  uint32_t refused = 0;
  for (size_t i = 0; i < pair.model.count; i++) {
    const struct model_run run = pair.model.runs[i];
    struct map_way way;
    const struct map_cursor cursor = map_find(&pair.m, run.first, &way);
    for (uint64_t below = 0; below < 2 && below <= run.last - run.first; below++) {
      for (uint64_t above = 0; above < 2 && above <= run.last - run.first - below; above++) {
        const bool fits = leaf_count(run.first) + below + above <= F;
        assert_int_equal(map_has_room(&pair.m, &way, cursor.last, run.first + below, run.last - above), fits);
        refused += fits ? 0 : 1;
      }
    }
  }
  assert_in_range(refused, 1, 4 * pair.model.count);
}

/*
 * Leaves as full as they get beside leaves with a single run: what merging
 * leaves alone. Blocks of two addresses, and some of them halved in every
 * second leaf, until that is full; all blocks put in the others.
 */
static void thin_out(void)
{
  enum { BLOCKS = 40 * F };
  static bool dense[BLOCKS];
  uint64_t place = 0;
  assert_int_equal(pair_add_free(&pair, 0, 2 * BLOCKS), MEM_ALLOC_OK);
  for (uint32_t i = 0; i < BLOCKS; i++) {
    assert_int_equal(pair_get(&pair, &place, 2), MEM_ALLOC_OK);
  }
  for (uint32_t i = 1; i < BLOCKS; i++) {
    const bool first_of_leaf = leaf_of(2 * i) != leaf_of(2 * i - 2);
    dense[i] = first_of_leaf ? !dense[i - 1] : dense[i - 1];
  }
  for (uint32_t i = 2; i < BLOCKS; i++) {
    if (dense[i] && dense[i - 1] && leaf_count(2 * i) < F) {
      assert_int_equal(pair_put(&pair, 2 * i), MEM_ALLOC_OK);
      assert_int_equal(pair_get(&pair, &place, 1), MEM_ALLOC_OK);
      assert_int_equal(pair_get(&pair, &place, 1), MEM_ALLOC_OK);
      assert_true(place == 2 * i + 1);
    }
  }
  for (uint32_t i = 0; i < BLOCKS; i++) {
    if (!dense[i]) {
      assert_int_equal(pair_put(&pair, 2 * i), MEM_ALLOC_OK);
    }
  }
}

static void test_thicken(void **state)
{
  (void)state;
  uint32_t met = 0;
  pair_init(&pair);
  thin_out();
  for (size_t i = 0; i < pair.model.count; i++) {
    const uint64_t address = pair.model.runs[i].first;
    met += leaf_count(address) == 1 ? 1 : 0;
    map_thicken(&pair.m, address);
    assert_in_range(leaf_count(address), 2, F);
    check_find(address);
    pair_check(&pair);
  }
  print_message("%u leaves with a single run met\n", (unsigned)met);
  assert_in_range(met, 5, 1000);
  tear_down(state);
}

/* Nodes must merge as soon as they are too empty, whichever way their runs go. */
static void test_drain_thin_leaves(void **state)
{
  (void)state;
  for (int descending = 0; descending < 2; descending++) {
    pair_init(&pair);
    thin_out();
    for (size_t n = pair.model.count; n > 0 && pair.model.count > 0; n--) {
      size_t i = 0; /* the lowest live block, or the highest */
      if (descending == 1) {
        i = pair.model.count - 1;
        while (i > 0 && pair.model.runs[i].state != MEM_ALLOC_ALLOCATED) {
          i -= 1;
        }
      } else {
        while (i + 1 < pair.model.count && pair.model.runs[i].state != MEM_ALLOC_ALLOCATED) {
          i += 1;
        }
      }
      if (pair.model.runs[i].state == MEM_ALLOC_ALLOCATED) {
        assert_int_equal(pair_put(&pair, pair.model.runs[i].first), MEM_ALLOC_OK);
      }
    }
    assert_int_equal(pair.model.count, 1);
    tear_down(state);
  }
}

/* What the entry at slot of inner node x should say of its child. */
static struct fit_mark top_mark(uint32_t child)
{
  struct fit_mark top = { FIT_ABSENT, 0 };
  for (uint32_t i = 0; i < pool_count(&pair.m, child); i++) {
    top.tag = pool_tag(&pair.m, child, i) > top.tag ? pool_tag(&pair.m, child, i) : top.tag;
    top.bin = pool_bin(&pair.m, child, i) > top.bin ? pool_bin(&pair.m, child, i) : top.bin;
  }
  return top;
}

static void test_slot_last_and_summaries(void **state)
{
  (void)state;
  for (uint32_t x = 1; x <= pair.m.fresh; x++) {
    for (uint32_t i = 0; pool_level(&pair.m, x) > 0 && i < pool_count(&pair.m, x); i++) {
      const bool last = i + 1u == pool_count(&pair.m, x);
      const uint64_t expected = last ? UINT64_MAX : pool_key(&pair.m, x, i + 1u) - 1;
      const struct fit_mark top = top_mark(pool_child(&pair.m, x, i));
      assert_true(map_slot_last(&pair.m, x, i, UINT64_MAX) == expected);
      assert_int_equal(pool_tag(&pair.m, x, i), top.tag);
      assert_int_equal(pool_bin(&pair.m, x, i), top.bin);
    }
  }
}

/* Raising lifts every summary on the way that is lower, lowering takes back just that. */
static void test_raise_and_lower(void **state)
{
  (void)state;
  static const struct fit_mark marks[] = { { FIT_FREE, 1 }, { FIT_FREE + 63, 0 }, { 0, FIT_BINS * 56 },
                                           { FIT_FREE + 5, 40 }, { FIT_FREE + 63, FIT_BINS * 56 } };
  for (uint32_t round = 0; round < 500; round++) {
    const struct fit_mark mark = marks[round % (sizeof marks / sizeof marks[0])];
    struct map_way way;
    (void)map_find(&pair.m, random_below(&random, 0x42000), &way);
    map_raise(&pair.m, &way, mark);
    for (uint32_t level = (uint32_t)pool_level(&pair.m, pair.m.root); level > 0; level--) {
      const uint32_t x = map_way_node(&way, level);
      const uint32_t slot = map_way_slot(&way, level);
      const struct fit_mark top = top_mark(map_way_node(&way, level - 1));
      assert_int_equal(pool_tag(&pair.m, x, slot), top.tag > mark.tag ? top.tag : mark.tag);
      assert_int_equal(pool_bin(&pair.m, x, slot), top.bin > mark.bin ? top.bin : mark.bin);
    }
    map_lower(&pair.m, &way, mark);
    pair_check(&pair);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_find),
    TEST(test_first_fit),
    cmocka_unit_test(test_first_fit_of_long_runs),
    cmocka_unit_test(test_create),
    TEST(test_make_room),
    TEST(test_make_room_without_memory),
    TEST(test_find_room),
    TEST(test_has_room),
    cmocka_unit_test(test_thicken),
    cmocka_unit_test(test_drain_thin_leaves),
    TEST(test_slot_last_and_summaries),
    TEST(test_raise_and_lower),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
