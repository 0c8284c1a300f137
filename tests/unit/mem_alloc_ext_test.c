/* SPDX-License-Identifier: BSD-3-Clause */

/* Every function of mem_alloc_ext.h, and every status it can return. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pair.h"
#include "tests/unit/wrap_malloc.h"

static void assert_bytes(const void *object, size_t size, unsigned char byte)
{
  const unsigned char *const bytes = object;
  for (size_t i = 0; i < size; i++) {
    assert_int_equal(bytes[i], byte);
  }
}

static void test_init_static(void **state)
{
  (void)state;
  static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(203)];
  struct pair pair;
  uint64_t address = 0;
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_init_static(&pair, storage, (uint32_t)(sizeof storage / sizeof storage[0]));
  pair.may_lack_memory = false;
  assert_true(mem_alloc_is_valid(&pair.m));
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(pair_get(&pair, &address, 1), MEM_ALLOC_OK);
  }
  for (uint64_t i = 0; i < 100; i += 2) {
    assert_int_equal(pair_put(&pair, 0x1000 + i), MEM_ALLOC_OK);
  }
  assert_int_equal(wrap_malloc.calls, 0);
  pair_destroy(&pair);
  assert_null(pair.m.nodes);
  /* The storage is the caller's again, and the allocator takes memory from malloc again. */
  memset(storage, 0xff, sizeof storage);
  assert_int_equal(mem_alloc_add_free(&pair.m, 0, 1), MEM_ALLOC_OK);
  assert_in_range(wrap_malloc.calls, 1, 10);
  mem_alloc_destroy(&pair.m);
  assert_bytes(storage, sizeof storage, 0xff);
}

static void test_init_static_invalid(void **state)
{
  (void)state;
  struct mem_alloc_node storage[1];
  struct mem_alloc m;
  memset(&m, 0x77, sizeof m);
  assert_int_equal(mem_alloc_init_static(NULL, storage, 1), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_init_static(&m, NULL, 1), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_init_static(&m, storage, 0), MEM_ALLOC_INVALID);
  assert_bytes(&m, sizeof m, 0x77);
}

static void test_reserve_statuses(void **state)
{
  (void)state;
  static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(100)];
  static const uint64_t too_many[] = { UINT64_MAX, UINT64_MAX - 1, UINT64_MAX / 2, UINT64_C(1) << 63,
                                       (UINT64_C(1) << 32) * (MEM_ALLOC_FAN_OUT / 4u), UINT64_C(1) << 62 };
  struct pair pair;
  assert_int_equal(mem_alloc_reserve(NULL, 0), MEM_ALLOC_INVALID);
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0x1000, 0x1000), MEM_ALLOC_OK);
  for (size_t i = 0; i < sizeof too_many / sizeof too_many[0]; i++) {
    wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
    assert_int_equal(mem_alloc_reserve(&pair.m, too_many[i]), MEM_ALLOC_NO_MEMORY);
    assert_int_equal(wrap_malloc.calls, 0); /* that is known without asking malloc */
    pair_check(&pair);
  }
  wrap_malloc_plan(0, false);
  assert_int_equal(mem_alloc_reserve(&pair.m, 10000), MEM_ALLOC_NO_MEMORY);
  pair_check(&pair);
  assert_int_equal(mem_alloc_reserve(&pair.m, 10000), MEM_ALLOC_OK);
  pair_check(&pair);
  wrap_malloc_plan(0, true);
  assert_int_equal(mem_alloc_reserve(&pair.m, 10000), MEM_ALLOC_OK); /* it is there already */
  assert_int_equal(mem_alloc_reserve(&pair.m, 0), MEM_ALLOC_OK);
  assert_int_equal(wrap_malloc.calls, 0);
  pair_check(&pair);
  wrap_malloc_plan(WRAP_MALLOC_NEVER, false);
  pair_destroy(&pair);

  pair_init_static(&pair, storage, (uint32_t)(sizeof storage / sizeof storage[0]));
  assert_int_equal(mem_alloc_reserve(&pair.m, 100), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_reserve(&pair.m, 200), MEM_ALLOC_NO_MEMORY);
  pair_check(&pair);
  assert_int_equal(wrap_malloc.calls, 0);
  pair_destroy(&pair);
}

static void test_get_aligned(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0x1001, 0xffff), MEM_ALLOC_OK);
  assert_int_equal(pair_get_aligned(&pair, &address, 0x1000, 1), MEM_ALLOC_OK);
  assert_true(address == 0x1001);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, 0x4000), MEM_ALLOC_OK);
  assert_true(address == 0x4000);
  assert_int_equal(pair_get_aligned(&pair, &address, 0x1001, 0x8000), MEM_ALLOC_OK);
  assert_true(address == 0x8000);
  assert_int_equal(pair_get_aligned(&pair, &address, 0x1000, 0x8000), MEM_ALLOC_OK);
  assert_true(address == 0x10000);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, 0x8000), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, UINT64_C(1) << 63), MEM_ALLOC_NO_SPACE);
  assert_int_equal(pair_add_free(&pair, UINT64_C(1) << 63, 10), MEM_ALLOC_OK);
  assert_int_equal(pair_get_aligned(&pair, &address, 10, UINT64_C(1) << 63), MEM_ALLOC_OK);
  assert_true(address == UINT64_C(1) << 63);
  pair_destroy(&pair);
}

static void test_get_aligned_invalid(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 4711;
  assert_int_equal(mem_alloc_get_aligned(NULL, &address, 1, 1), MEM_ALLOC_INVALID);
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_get_aligned(&pair.m, NULL, 1, 1), MEM_ALLOC_INVALID);
  pair_check(&pair);
  assert_int_equal(pair_get_aligned(&pair, &address, 0, 1), MEM_ALLOC_INVALID);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, 0), MEM_ALLOC_INVALID);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, 3), MEM_ALLOC_INVALID);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, UINT64_MAX), MEM_ALLOC_INVALID);
  assert_int_equal(pair_get_aligned(&pair, &address, 1, (UINT64_C(1) << 63) + 1), MEM_ALLOC_INVALID);
  assert_true(address == 4711);
  pair_destroy(&pair);
}

static void test_iteration_invalid_and_end(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_link run;
  mem_alloc_init(&m);
  memset(&run, 0x33, sizeof run);
  assert_int_equal(mem_alloc_first_run(NULL, &run), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_first_run(&m, NULL), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_next_run(NULL, &run), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_next_run(&m, NULL), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_first_run(&m, &run), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(mem_alloc_add_free(&m, 0x1000, 1), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_NOT_FOUND);
  assert_bytes(&run, sizeof run, 0x33);
  mem_alloc_destroy(&m);
}

/* Only run->last is read, whatever else the caller or a change in between left there. */
static void test_next_run_from_anywhere(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_link run;
  uint64_t address = 0;
  mem_alloc_init(&m);
  assert_int_equal(mem_alloc_add_free(&m, 0x1000, 0x1000), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_get(&m, &address, 0x800), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_add_free(&m, UINT64_MAX, 1), MEM_ALLOC_OK);
  memset(&run, 0x33, sizeof run);
  run.last = 0;
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == 0x1000 && run.last == 0x17ff && run.state == MEM_ALLOC_ALLOCATED);
  run.last = 0xfff;
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == 0x1000);
  run.last = 0x1000; /* inside the first run: that one does not start above */
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == 0x1800 && run.last == 0x1fff && run.state == MEM_ALLOC_FREE);
  run.last = 0x1800;
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == UINT64_MAX && run.last == UINT64_MAX && run.size == 1 && run.reserved == 0);
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_NOT_FOUND);
  assert_int_equal(mem_alloc_put(&m, 0x1000), MEM_ALLOC_OK);
  run.last = 0x17ff; /* now inside the joined run */
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == UINT64_MAX);
  mem_alloc_destroy(&m);
}

static void test_whole_space_has_size_zero(void **state)
{
  (void)state;
  struct mem_alloc m;
  struct mem_link run;
  mem_alloc_init(&m);
  assert_int_equal(mem_alloc_add_free(&m, 0, UINT64_MAX), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_add_free(&m, UINT64_MAX, 1), MEM_ALLOC_OK);
  assert_int_equal(mem_alloc_first_run(&m, &run), MEM_ALLOC_OK);
  assert_true(run.address == 0 && run.size == 0 && run.last == UINT64_MAX);
  assert_int_equal(mem_alloc_next_run(&m, &run), MEM_ALLOC_NOT_FOUND);
  mem_alloc_destroy(&m);
}

static void test_statistics(void **state)
{
  (void)state;
  struct pair pair;
  struct mem_alloc_statistics statistics;
  struct random random = { 12 };
  const struct profile profile = { 2, 8, 2, 6, 0, 0x1000, 0x100000, 0x8000, 0x100 };
  memset(&statistics, 0x44, sizeof statistics);
  pair_init(&pair);
  assert_int_equal(mem_alloc_get_statistics(NULL, &statistics), MEM_ALLOC_INVALID);
  assert_int_equal(mem_alloc_get_statistics(&pair.m, NULL), MEM_ALLOC_INVALID);
  assert_bytes(&statistics, sizeof statistics, 0x44);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  assert_int_equal(mem_alloc_get_statistics(&pair.m, &statistics), MEM_ALLOC_OK);
  assert_int_equal(statistics.levels, 0);
  assert_int_equal(statistics.nodes_used, 0);
  assert_int_equal(statistics.metadata_bytes, 0);
  for (int i = 0; i < 1500; i++) {
    (void)pair_random_step(&pair, &profile, &random);
    assert_true(model_matches_statistics(&pair.model, &pair.m));
  }
  assert_int_equal(mem_alloc_get_statistics(&pair.m, &statistics), MEM_ALLOC_OK);
  const uint64_t runs = model_all_runs(&pair.model);
  assert_in_range(statistics.nodes_used, runs / MEM_ALLOC_FAN_OUT, statistics.nodes_total);
  assert_true(statistics.metadata_bytes == statistics.nodes_total * sizeof(struct mem_alloc_node));
  assert_in_range(statistics.levels, MEM_ALLOC_FAN_OUT == 4 ? 4 : 2, 12);
  pair_destroy(&pair);
}

static void test_statistics_of_whole_space(void **state)
{
  (void)state;
  struct pair pair;
  uint64_t address = 0;
  pair_init(&pair);
  assert_int_equal(pair_add_free(&pair, 0, UINT64_MAX), MEM_ALLOC_OK);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  assert_int_equal(pair_add_free(&pair, UINT64_MAX, 1), MEM_ALLOC_OK);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  assert_int_equal(pair_get(&pair, &address, UINT64_C(1) << 63), MEM_ALLOC_OK);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  assert_int_equal(pair_get(&pair, &address, UINT64_C(1) << 63), MEM_ALLOC_OK);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  assert_int_equal(pair_put(&pair, 0), MEM_ALLOC_OK);
  assert_true(model_matches_statistics(&pair.model, &pair.m));
  pair_destroy(&pair);
}

static void test_is_valid_of_null(void **state)
{
  (void)state;
  assert_false(mem_alloc_is_valid(NULL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_init_static),
    cmocka_unit_test(test_init_static_invalid),
    cmocka_unit_test(test_reserve_statuses),
    cmocka_unit_test(test_get_aligned),
    cmocka_unit_test(test_get_aligned_invalid),
    cmocka_unit_test(test_iteration_invalid_and_end),
    cmocka_unit_test(test_next_run_from_anywhere),
    cmocka_unit_test(test_whole_space_has_size_zero),
    cmocka_unit_test(test_statistics),
    cmocka_unit_test(test_statistics_of_whole_space),
    cmocka_unit_test(test_is_valid_of_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
