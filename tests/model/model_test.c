/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Tests the model itself, without the allocator: against a painted row of
 * 48 addresses, one byte each, and with made-up answers of the iteration
 * functions that the comparison must reject.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model/model.h"

enum { WIDTH = 48, MAX_BLOCKS = WIDTH };

/* Every address of a small window: 0 absent, 1 free, else the number of the block that holds it plus 2. */
struct row {
  uint64_t base; /* first address of the window */
  unsigned char paint[WIDTH];
};

static uint32_t random_state = 1;

static uint32_t pick(uint32_t bound)
{
  random_state = random_state * 1664525u + 1013904223u;
  return (random_state >> 8) % bound;
}

static bool all_are(const struct row *row, uint32_t from, uint32_t size, unsigned char paint)
{
  for (uint32_t i = 0; i < size; i++) {
    if (from + i >= WIDTH || row->paint[from + i] != paint) {
      return false;
    }
  }
  return true;
}

static unsigned char unused_block(const struct row *row)
{
  unsigned char block = 2;
  while (memchr(row->paint, block, WIDTH) != NULL) {
    block += 1;
  }
  return block;
}

static int row_get(struct row *row, uint32_t size, uint64_t alignment, uint64_t *address)
{
  for (uint32_t i = 0; i < WIDTH; i++) {
    if ((row->base + i) % alignment == 0 && all_are(row, i, size, 1)) {
      memset(&row->paint[i], unused_block(row), size);
      *address = row->base + i;
      return MEM_ALLOC_OK;
    }
  }
  return MEM_ALLOC_NO_SPACE;
}

static int row_put(struct row *row, uint32_t index)
{
  const unsigned char block = row->paint[index];
  if (block < 2 || (index > 0 && row->paint[index - 1] == block)) {
    return MEM_ALLOC_NOT_FOUND;
  }
  for (uint32_t i = 0; i < WIDTH; i++) {
    row->paint[i] = row->paint[i] == block ? 1 : row->paint[i];
  }
  return MEM_ALLOC_OK;
}

static int row_apply_constraint(struct row *row, const struct row *constraint)
{
  for (uint32_t i = 0; i < WIDTH; i++) {
    if (row->paint[i] >= 2 && constraint->paint[i] != 1) {
      return MEM_ALLOC_CONFLICT;
    }
  }
  for (uint32_t i = 0; i < WIDTH; i++) {
    if (constraint->paint[i] != 1) {
      row->paint[i] = 0;
    }
  }
  return MEM_ALLOC_OK;
}

/* The model of what the row shows: runs of equal paint. */
static void row_to_model(const struct row *row, struct model *model)
{
  static struct model_run runs[WIDTH];
  size_t count = 0;
  for (uint32_t i = 0; i < WIDTH; i++) {
    if (row->paint[i] != 0) {
      if (i > 0 && row->paint[i] == row->paint[i - 1]) {
        runs[count - 1].last = row->base + i;
      } else {
        runs[count].first = row->base + i;
        runs[count].last = row->base + i;
        runs[count].state = row->paint[i] == 1 ? MEM_ALLOC_FREE : MEM_ALLOC_ALLOCATED;
        count += 1;
      }
    }
  }
  model->runs = runs;
  model->count = count;
  model->capacity = WIDTH;
}

static void random_add_free(struct row *row, struct model *model)
{
  const uint32_t from = pick(WIDTH);
  const uint32_t size = pick(12);
  int expected = MEM_ALLOC_INVALID;
  if (size > 0 && from + size <= WIDTH) {
    expected = all_are(row, from, size, 0) ? MEM_ALLOC_OK : MEM_ALLOC_OVERLAP;
  } else if (size > 0 && row->base < UINT64_MAX - WIDTH) {
    return; /* a valid region, but not one of the window */
  }
  if (expected == MEM_ALLOC_OK) {
    memset(&row->paint[from], 1, size);
  }
  assert_int_equal(model_add_free(model, row->base + from, size), expected);
}

static void random_get(struct row *row, struct model *model)
{
  const uint32_t size = 1 + pick(9);
  const uint64_t alignment = pick(2) == 0 ? UINT64_C(1) << pick(7) : model_natural_alignment(size);
  uint64_t expected_address = 1;
  uint64_t address = 1;
  const int expected = row_get(row, size, alignment, &expected_address);
  if (alignment == model_natural_alignment(size)) {
    assert_int_equal(model_get(model, &address, size), expected);
  } else {
    assert_int_equal(model_get_aligned(model, &address, size, alignment), expected);
  }
  assert_true(address == expected_address);
}

static void random_constraint(struct row *row, struct model *model)
{
  struct row mask = { row->base, { 0 } };
  struct model constraint;
  memset(mask.paint, pick(8) == 0 ? 0 : 1, WIDTH);
  for (uint32_t i = pick(4); i > 0; i--) {
    mask.paint[pick(WIDTH)] = (unsigned char)(2 * pick(2));
  }
  row_to_model(&mask, &constraint);
  assert_int_equal(model_apply_constraint(model, &constraint), row_apply_constraint(row, &mask));
}

static void check_window(uint64_t base)
{
  struct row row = { base, { 0 } };
  struct model model;
  struct model expected;
  model_init(&model);
  for (uint32_t step = 0; step < 50000; step++) {
    const uint32_t kind = pick(16);
    if (kind < 4) {
      random_add_free(&row, &model);
    } else if (kind < 10) {
      random_get(&row, &model);
    } else if (kind < 15) {
      const uint32_t index = pick(WIDTH);
      assert_int_equal(model_put(&model, base + index), row_put(&row, index));
    } else {
      random_constraint(&row, &model);
    }
    row_to_model(&row, &expected);
    assert_true(model_is_canonical(&model));
    assert_true(model_equal(&model, &expected));
  }
  model_destroy(&model);
}

static void test_window_at_bottom(void **state)
{
  (void)state;
  check_window(0);
}

static void test_window_in_the_middle(void **state)
{
  (void)state;
  check_window(UINT64_C(0x7fffffffffffffe8));
}

static void test_window_at_top(void **state)
{
  (void)state;
  check_window(UINT64_MAX - (WIDTH - 1));
}

static void test_large_numbers(void **state)
{
  (void)state;
  struct model model;
  uint64_t address = 7;
  model_init(&model);
  assert_int_equal(model_all_runs(&model), 1);
  assert_int_equal(model_add_free(&model, 1, UINT64_MAX), MEM_ALLOC_OK);
  assert_int_equal(model_all_runs(&model), 2);
  assert_int_equal(model_add_free(&model, 0, 1), MEM_ALLOC_OK);
  assert_int_equal(model_all_runs(&model), 1);
  assert_int_equal(model_add_free(&model, UINT64_MAX, 2), MEM_ALLOC_INVALID);
  assert_int_equal(model_add_free(&model, UINT64_MAX, 1), MEM_ALLOC_OVERLAP);
  assert_int_equal(model_get(&model, &address, 0), MEM_ALLOC_INVALID);
  assert_int_equal(model_get_aligned(&model, &address, 1, 0), MEM_ALLOC_INVALID);
  assert_int_equal(model_get_aligned(&model, &address, 1, 6), MEM_ALLOC_INVALID);
  assert_true(address == 7);
  assert_int_equal(model_get(&model, &address, UINT64_MAX), MEM_ALLOC_OK);
  assert_true(address == 0);
  assert_int_equal(model_count(&model, MEM_ALLOC_FREE), 1);
  assert_int_equal(model_get(&model, &address, UINT64_C(1) << 63), MEM_ALLOC_NO_SPACE);
  assert_int_equal(model_put(&model, 0), MEM_ALLOC_OK);
  assert_int_equal(model_get(&model, &address, UINT64_C(1) << 63), MEM_ALLOC_OK);
  assert_int_equal(model_get(&model, &address, UINT64_C(1) << 63), MEM_ALLOC_OK);
  assert_true(address == UINT64_C(1) << 63);
  model_destroy(&model);
}

static void test_canonical_rejects(void **state)
{
  (void)state;
  struct model_run runs[2] = { { 0, 9, MEM_ALLOC_FREE }, { 20, 29, MEM_ALLOC_FREE } };
  const struct model model = { runs, 2, 2 };
  assert_true(model_is_canonical(&model));
  runs[0].last = 19;
  assert_false(model_is_canonical(&model));
  runs[1].state = MEM_ALLOC_ALLOCATED;
  assert_true(model_is_canonical(&model));
  runs[0].last = 20;
  assert_false(model_is_canonical(&model));
  runs[0].last = 9;
  runs[1].first = 30;
  assert_false(model_is_canonical(&model));
  runs[1].first = 20;
  runs[1].state = MEM_ALLOC_ABSENT;
  assert_false(model_is_canonical(&model));
}

static void test_equal_and_copy(void **state)
{
  (void)state;
  struct model model;
  struct model copy;
  model_init(&model);
  model_init(&copy);
  for (uint64_t i = 0; i < 20; i++) {
    assert_int_equal(model_add_free(&model, 100 * i, 50), MEM_ALLOC_OK);
  }
  assert_false(model_equal(&model, &copy));
  model_copy(&copy, &model);
  assert_true(model_equal(&model, &copy));
  copy.runs[19].last += 1;
  assert_false(model_equal(&model, &copy));
  copy.runs[19].last -= 1;
  copy.runs[0].state = MEM_ALLOC_ALLOCATED;
  assert_false(model_equal(&model, &copy));
  copy.runs[0].state = MEM_ALLOC_FREE;
  copy.runs[7].first += 1;
  assert_false(model_equal(&model, &copy));
  model_copy(&copy, &model);
  assert_true(model_equal(&model, &copy));
  model_destroy(&copy);
  model_destroy(&model);
}

/* Made-up answers: these take the place of the allocator's functions in this test. */
static struct mem_link answers[4];
static uint32_t answer_count;
static int answer_at_end;
static struct mem_alloc_statistics statistics_answer;

static int answer(uint32_t index, struct mem_link *run)
{
  if (index >= answer_count) {
    return answer_at_end;
  }
  *run = answers[index];
  return MEM_ALLOC_OK;
}

int mem_alloc_first_run(const struct mem_alloc *m, struct mem_link *run)
{
  (void)m;
  return answer(0, run);
}

int mem_alloc_next_run(const struct mem_alloc *m, struct mem_link *run)
{
  (void)m;
  for (uint32_t i = 0; i < answer_count; i++) {
    if (answers[i].address > run->last) {
      return answer(i, run);
    }
  }
  return answer_at_end;
}

int mem_alloc_get_statistics(const struct mem_alloc *m, struct mem_alloc_statistics *statistics)
{
  (void)m;
  *statistics = statistics_answer;
  return MEM_ALLOC_OK;
}

static void good_answers(void)
{
  const struct mem_link first = { 0, 10, 9, MEM_ALLOC_FREE, 0 };
  const struct mem_link second = { 10, 10, 19, MEM_ALLOC_ALLOCATED, 0 };
  const struct mem_link third = { 100, UINT64_MAX - 99, UINT64_MAX, MEM_ALLOC_FREE, 0 };
  const struct mem_alloc_statistics sums = {
    .free_runs = 2,
    .free_addresses = UINT64_MAX - 89,
    .largest_free = UINT64_MAX - 99,
    .allocated_runs = 1,
    .allocated_addresses = 10,
    .absent_runs = 1,
  };
  answers[0] = first;
  answers[1] = second;
  answers[2] = third;
  answer_count = 3;
  answer_at_end = MEM_ALLOC_NOT_FOUND;
  statistics_answer = sums;
}

static struct model_run three_runs[3] = {
  { 0, 9, MEM_ALLOC_FREE },
  { 10, 19, MEM_ALLOC_ALLOCATED },
  { 100, UINT64_MAX, MEM_ALLOC_FREE },
};

static void test_comparison_rejects(void **state)
{
  (void)state;
  struct model model = { three_runs, 3, 3 };
  struct mem_alloc unused;
  memset(&unused, 0, sizeof unused);
  good_answers();
  assert_true(model_matches(&model, &unused));

  answers[1].state = MEM_ALLOC_FREE;
  assert_false(model_matches(&model, &unused));
  good_answers();
  answers[1].size = 11;
  assert_false(model_matches(&model, &unused));
  good_answers();
  answers[1].last = 20;
  assert_false(model_matches(&model, &unused));
  good_answers();
  answers[2].address = 101;
  assert_false(model_matches(&model, &unused));
  good_answers();
  answers[0].reserved = 1;
  assert_false(model_matches(&model, &unused));
  good_answers();
  answer_count = 2; /* one run less */
  assert_false(model_matches(&model, &unused));
  good_answers();
  model.count = 2; /* one run more */
  assert_false(model_matches(&model, &unused));
  model.count = 3;
  answer_at_end = MEM_ALLOC_INVALID;
  assert_false(model_matches(&model, &unused));
  answer_count = 0;
  answer_at_end = MEM_ALLOC_NOT_FOUND;
  assert_false(model_matches(&model, &unused));
  model.count = 0;
  assert_true(model_matches(&model, &unused));
}

static void test_statistics_rejects(void **state)
{
  (void)state;
  const struct model model = { three_runs, 3, 3 };
  struct mem_alloc unused;
  memset(&unused, 0, sizeof unused);
  uint64_t *const sums[6] = {
    &statistics_answer.free_runs,    &statistics_answer.free_addresses,
    &statistics_answer.largest_free, &statistics_answer.allocated_runs,
    &statistics_answer.absent_runs,  &statistics_answer.allocated_addresses,
  };
  good_answers();
  assert_true(model_matches_statistics(&model, &unused));
  for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
    good_answers();
    *sums[i] += 1;
    assert_false(model_matches_statistics(&model, &unused));
  }
  struct model_run everything = { 0, UINT64_MAX, MEM_ALLOC_FREE };
  const struct model full = { &everything, 1, 1 };
  const struct mem_alloc_statistics sums_of_full = {
    .free_runs = 1, .free_addresses = UINT64_MAX, .largest_free = UINT64_MAX,
  };
  statistics_answer = sums_of_full;
  assert_true(model_matches_statistics(&full, &unused));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_window_at_bottom),     cmocka_unit_test(test_window_in_the_middle),
    cmocka_unit_test(test_window_at_top),        cmocka_unit_test(test_large_numbers),
    cmocka_unit_test(test_canonical_rejects),    cmocka_unit_test(test_equal_and_copy),
    cmocka_unit_test(test_comparison_rejects),   cmocka_unit_test(test_statistics_rejects),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
