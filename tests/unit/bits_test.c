/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bits.h"
#include "tests/unit/random.h"

enum { ROUNDS = 200000 };

static uint8_t naive_floor_log2(uint64_t x)
{
  uint8_t k = 0;
  while (x > 1) {
    x = x / 2;
    k += 1;
  }
  return k;
}

static uint8_t naive_low_order(uint64_t x)
{
  uint8_t k = 0;
  while (x % 2 == 0) {
    x = x / 2;
    k += 1;
  }
  return k;
}

static void check(uint64_t x)
{
  assert_int_equal(bits_floor_log2(x), naive_floor_log2(x));
  assert_int_equal(bits_low_order(x), naive_low_order(x));
}

static void test_orders_at_edges(void **state)
{
  (void)state;
  for (unsigned k = 0; k < 64; k++) {
    const uint64_t power = UINT64_C(1) << k;
    check(power);
    check(power + 1);
    check(power | (UINT64_C(1) << 63));
    if (power > 1) {
      check(power - 1);
    }
  }
  check(UINT64_MAX);
}

static void test_orders_at_random(void **state)
{
  (void)state;
  struct random random = { 1 };
  for (int i = 0; i < ROUNDS; i++) {
    check(random_any(&random) | 1);
    check((random_any(&random) | 1) << random_below(&random, 64));
  }
}

static void check_align_up(uint64_t a, uint8_t k)
{
  const uint64_t step = UINT64_C(1) << k;
  const uint64_t missing = a % step == 0 ? 0 : step - a % step;
  const bool exists = missing <= UINT64_MAX - a;
  uint64_t result = a;
  assert_int_equal(bits_align_up(a, k, &result), exists);
  if (exists) {
    assert_true(result == a + missing);
  }
}

static void test_align_up(void **state)
{
  (void)state;
  struct random random = { 2 };
  for (uint8_t k = 0; k < 64; k++) {
    const uint64_t step = UINT64_C(1) << k;
    check_align_up(0, k);
    check_align_up(1, k);
    check_align_up(step, k);
    check_align_up(step - 1, k);
    check_align_up(step + 1, k);
    check_align_up(UINT64_MAX, k);
    check_align_up(UINT64_MAX - step, k);
    check_align_up(UINT64_MAX - step + 1, k);
    check_align_up(UINT64_MAX - step + 2, k);
  }
  for (int i = 0; i < ROUNDS; i++) {
    check_align_up(random_any(&random), (uint8_t)random_below(&random, 64));
    check_align_up(UINT64_MAX - random_any(&random), (uint8_t)random_below(&random, 64));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_orders_at_edges),
    cmocka_unit_test(test_orders_at_random),
    cmocka_unit_test(test_align_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
