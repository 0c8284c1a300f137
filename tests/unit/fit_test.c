/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fit.h"
#include "tests/unit/random.h"

enum { ROUNDS = 100000 };

/* The lowest place by division, as a reader would work it out by hand. */
static bool naive_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place)
{
  const uint64_t step = UINT64_C(1) << align;
  const uint64_t skip = start % step == 0 ? 0 : step - start % step;
  if (skip > last - start || span > last - start - skip) {
    return false;
  }
  *place = start + skip;
  return true;
}

static void check_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align)
{
  uint64_t expected = 1;
  uint64_t place = 1;
  const bool exists = naive_place(start, last, span, align, &expected);
  assert_int_equal(fit_place(start, last, span, align, &place), exists);
  if (exists) {
    assert_true(place == expected);
    /* What makes the search by tags exact: no run that can hold a block has a lower tag than least. */
    if (span < UINT64_MAX) {
      assert_true(fit_least_tag(span, align) <= FIT_FREE + fit_order(start, last));
    }
  }
}

static void check_order(uint64_t start, uint64_t last)
{
  uint8_t expected = 0;
  for (uint8_t k = 0; k < 64; k++) {
    uint64_t place = 0;
    if (naive_place(start, last, (UINT64_C(1) << k) - 1, k, &place)) {
      expected = k;
    }
  }
  assert_int_equal(fit_order(start, last), expected);
}

static void test_small_runs_exhaustively(void **state)
{
  (void)state;
  static const uint64_t bases[] = { 0, UINT64_C(0x7fffffffffffffe0), UINT64_MAX - 31 };
  for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++) {
    for (uint64_t first = 0; first < 32; first++) {
      for (uint64_t last = first; last < 32; last++) {
        check_order(bases[b] + first, bases[b] + last);
        for (uint64_t span = 0; span < 34; span++) {
          for (uint8_t align = 0; align < 7; align++) {
            check_place(bases[b] + first, bases[b] + last, span, align);
          }
        }
      }
    }
  }
}

static void test_large_runs(void **state)
{
  (void)state;
  struct random random = { 3 };
  check_order(0, UINT64_MAX);
  check_order(1, UINT64_MAX);
  check_order(0, UINT64_MAX - 1);
  check_place(0, UINT64_MAX, UINT64_MAX, 63);
  check_place(0, UINT64_MAX, UINT64_MAX, 0);
  check_place(1, UINT64_MAX, UINT64_MAX, 0);
  for (int i = 0; i < ROUNDS; i++) {
    const uint64_t distance = random_any(&random);
    const uint64_t start = random_below(&random, 2) == 0 ? distance : UINT64_MAX - distance;
    const uint64_t length = random_any(&random);
    const uint64_t last = length > UINT64_MAX - start ? UINT64_MAX : start + length;
    /* May wrap to a huge span: no place then. */
    const uint64_t near = last - start - random_below(&random, 3);
    check_order(start, last);
    check_place(start, last, random_any(&random), (uint8_t)random_below(&random, 64));
    check_place(start, last, near, (uint8_t)random_below(&random, 64));
    check_place(start, last, near, 0);
  }
}

/* For an aligned power of two the tag says exactly what fits: least and not one lower. */
static void test_least_tag_of_powers(void **state)
{
  (void)state;
  for (uint8_t k = 0; k < 64; k++) {
    assert_int_equal(fit_least_tag((UINT64_C(1) << k) - 1, k), FIT_FREE + k);
  }
  assert_true(fit_least_tag(0, 0) > FIT_ALLOCATED);
  assert_true(fit_least_tag(0, 63) > FIT_ALLOCATED);
  assert_true(fit_least_tag(UINT64_MAX - 1, 63) <= FIT_FREE + 63);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_small_runs_exhaustively),
    cmocka_unit_test(test_large_runs),
    cmocka_unit_test(test_least_tag_of_powers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
