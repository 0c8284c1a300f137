/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fit.h"
#include "tests/unit/random.h"

/* WHOLE_BIN: the bin of the whole space, the only run of 2^64 addresses. */
enum { ROUNDS = 100000, WHOLE_BIN = FIT_BINS * 56 };

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

static uint8_t naive_size_order(uint64_t size)
{
  uint8_t order = 0;
  for (uint64_t rest = size; rest > 1; rest /= 2) {
    order += 1;
  }
  return order;
}

/* The least size of a bin below WHOLE_BIN, as bin_least of fit.h says. */
static uint64_t naive_bin_least(int bin)
{
  if (bin < FIT_BINS) {
    return (uint64_t)bin;
  }
  return (uint64_t)(FIT_BINS + bin % FIT_BINS) << (bin / FIT_BINS - 1);
}

static struct fit_request needs(uint64_t size, uint8_t align)
{
  return fit_needs(size, naive_size_order(size), align);
}

/* Would the search look at an entry that says mark? */
static bool passes(struct fit_request request, struct fit_mark mark)
{
  return request.bin > 0 ? mark.bin >= request.bin : mark.tag >= request.least;
}

/* What makes the search exact: no run that holds a block is skipped; and none is met in vain by its tag. */
static void check_needs(uint64_t start, uint64_t last, uint64_t size, uint8_t align, bool exists)
{
  const struct fit_request request = needs(size, align);
  const struct fit_mark mark = fit_free_mark(start, last);
  assert_true(request.span == size - 1);
  assert_int_equal(request.align, align);
  if (exists) {
    assert_true(passes(request, mark));
    assert_true(mark.tag >= request.least);
    assert_true(mark.bin >= request.bin);
  } else if (size == UINT64_C(1) << align) {
    assert_false(passes(request, mark));
  }
}

static void check_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align)
{
  uint64_t expected = 1;
  uint64_t place = 1;
  const bool exists = naive_place(start, last, span, align, &expected);
  assert_int_equal(fit_place(start, last, span, align, &place), exists);
  assert_true(place == expected);
  if (span < UINT64_MAX) {
    check_needs(start, last, span + 1, align, exists);
  }
}

/* The tag says the order, the bin covers the size. */
static void check_mark(uint64_t start, uint64_t last)
{
  const struct fit_mark mark = fit_free_mark(start, last);
  const uint64_t size = last - start + 1;
  uint8_t expected = 0;
  for (uint8_t k = 0; k < 64; k++) {
    uint64_t place = 0;
    if (naive_place(start, last, (UINT64_C(1) << k) - 1, k, &place)) {
      expected = k;
    }
  }
  assert_int_equal(mark.tag, FIT_FREE + expected);
  if (size == 0) { /* the whole space: 2^64 */
    assert_int_equal(mark.bin, WHOLE_BIN);
  } else {
    assert_in_range(mark.bin, 1, WHOLE_BIN - 1);
    assert_true(naive_bin_least(mark.bin) <= size);
    assert_true(mark.bin == WHOLE_BIN - 1 || size < naive_bin_least(mark.bin + 1));
  }
}

static void test_small_runs_exhaustively(void **state)
{
  (void)state;
  static const uint64_t bases[] = { 0, UINT64_C(0x7fffffffffffffe0), UINT64_MAX - 31 };
  for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++) {
    for (uint64_t first = 0; first < 32; first++) {
      for (uint64_t last = first; last < 32; last++) {
        check_mark(bases[b] + first, bases[b] + last);
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
  check_mark(0, UINT64_MAX);
  check_mark(1, UINT64_MAX);
  check_mark(0, UINT64_MAX - 1);
  for (uint8_t align = 0; align < 64; align++) {
    check_place(0, UINT64_MAX, UINT64_MAX, align);
    check_place(0, UINT64_MAX, UINT64_MAX - 1, align);
    check_place(1, UINT64_MAX, UINT64_MAX, align);
    check_place(1, UINT64_MAX, UINT64_MAX - 1, align);
  }
  for (int i = 0; i < ROUNDS; i++) {
    const uint64_t distance = random_any(&random);
    const uint64_t start = random_below(&random, 2) == 0 ? distance : UINT64_MAX - distance;
    const uint64_t length = random_any(&random);
    const uint64_t last = length > UINT64_MAX - start ? UINT64_MAX : start + length;
    /* May wrap to a huge span: no place then. */
    const uint64_t near = last - start - random_below(&random, 3);
    check_mark(start, last);
    check_place(start, last, random_any(&random), (uint8_t)random_below(&random, 64));
    check_place(start, last, near, (uint8_t)random_below(&random, 64));
    check_place(start, last, near, 0);
  }
}

/* The bin of a run of that size. */
static int bin_of(uint64_t size)
{
  return fit_free_mark(0, size - 1).bin;
}

/*
 * Every bin there is, at both ends of its sizes: bins are monotone, and none is missing between two. A block
 * that goes by its size is searched for from the bin of that very size on.
 */
static void test_all_bins(void **state)
{
  (void)state;
  for (int bin = 1; bin < WHOLE_BIN; bin++) {
    const uint64_t least = naive_bin_least(bin);
    const uint64_t most = bin + 1 < WHOLE_BIN ? naive_bin_least(bin + 1) - 1 : UINT64_MAX;
    assert_true(least <= most);
    assert_int_equal(bin_of(least), bin);
    assert_int_equal(bin_of(most), bin);
    assert_int_equal(bin_of(least + (most - least) / 2), bin);
    if (least > 1) {
      assert_int_equal(bin_of(least - 1), bin - 1);
      assert_int_equal(needs(least, 0).bin, bin);
      assert_int_equal(needs(most, 0).bin, bin);
    }
  }
  assert_int_equal(fit_free_mark(0, UINT64_MAX).bin, WHOLE_BIN);
}

static void test_bins_are_monotone(void **state)
{
  (void)state;
  struct random random = { 4 };
  for (int i = 0; i < ROUNDS; i++) {
    const uint64_t start = random_below(&random, 1000);
    const uint64_t span = random_any(&random) >> 1;
    const uint64_t more = random_any(&random) >> 1;
    const uint64_t longer = more > UINT64_MAX - start - span ? UINT64_MAX : start + span + more;
    const int bin = fit_free_mark(start, start + span).bin;
    assert_true(bin <= fit_free_mark(start, longer).bin);
    assert_int_equal(bin, fit_free_mark(0, span).bin); /* nothing but the size counts */
    assert_int_equal(bin, fit_free_mark(UINT64_MAX - span, UINT64_MAX).bin);
  }
}

/* For an aligned power of two the tag says exactly what fits: least and not one lower. */
static void test_needs_of_powers(void **state)
{
  (void)state;
  for (uint8_t k = 0; k < 64; k++) {
    const uint64_t power = UINT64_C(1) << k;
    for (uint8_t align = k; align < 64; align++) {
      assert_int_equal(needs(power, align).least, FIT_FREE + k);
      assert_int_equal(needs(power, align).bin, 0);
    }
    assert_true(k == 0 || needs(power, 0).bin > 0);
  }
  assert_true(needs(UINT64_MAX, 63).least <= FIT_FREE + 63);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_small_runs_exhaustively),
    cmocka_unit_test(test_large_runs),
    cmocka_unit_test(test_all_bins),
    cmocka_unit_test(test_bins_are_monotone),
    cmocka_unit_test(test_needs_of_powers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
