/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_BITS_H
#define MEM_ALLOC_BITS_H

/* Powers of two: orders and alignment. Inline, because every operation of the allocator comes by here. */

#include <stdbool.h>
#include <stdint.h>

#include "../proofs/bits_lemmas.h"

/*
 * The order of the highest set bit of 32: the k with x >> k = 1. x > 0.
 *
 * Sizes vary, so a branch on them would often be foreseen wrongly. And every
 * operation waits for the result: comparisons that can be done at once, their
 * sum the number of steps, are over sooner than halving after halving.
 */
/*@ requires positive: x > 0;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= 31;
    ensures one: (x >> \result) == 1;
*/
static inline uint8_t bits_floor_log2_32(uint32_t x)
{
  const uint32_t low =
    8u * ((uint32_t)(x >= 0x100u) + (uint32_t)(x >= 0x10000u) + (uint32_t)(x >= 0x1000000u));
  /*@ assert low: low == (x < 0x100 ? 0 : x < 0x10000 ? 8 : x < 0x1000000 ? 16 : 24); */
  /*@ ghost lemma_shift_right(x, (uint8_t)low); */
  const uint32_t byte = x >> low;
  /*@ assert byte: byte == (x >> low) && 1 <= byte < 0x100; */
  const uint32_t step = 2u * ((uint32_t)(byte >= 4u) + (uint32_t)(byte >= 0x10u) + (uint32_t)(byte >= 0x40u));
  /*@ assert step: step == (byte < 4 ? 0 : byte < 0x10 ? 2 : byte < 0x40 ? 4 : 6); */
  /*@ ghost lemma_shift_right(byte, (uint8_t)step); */
  const uint32_t pair = byte >> step;
  /*@ assert pair: pair == (x >> (low + step)) && 1 <= pair < 4; */
  /*@ assert half: (x >> (low + step + 1)) == (pair >> 1) == pair / 2; */
  /* One bit or two are left: the upper one is the last step. */
  return (uint8_t)(low + step + (pair >> 1));
}

/* The order of the highest set bit: the largest k with 2^k <= x. x > 0. */
/*@ requires positive: x > 0;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= 63;
    ensures low: (1 << \result) <= x;
    ensures high: x < 2 * (1 << \result);
*/
static inline uint8_t bits_floor_log2(uint64_t x)
{
  uint8_t order;
  /* A branch after all, because hardly any size is that large: most need not wait for a shift. */
  if (x < 0x100000000u) {
    order = bits_floor_log2_32((uint32_t)x);
  } else {
    /*@ ghost lemma_shift_right(x, 32); */
    /*@ assert upper: 1 <= (x >> 32) < 0x100000000; */
    order = (uint8_t)(32u + bits_floor_log2_32((uint32_t)(x >> 32)));
  }
  /*@ assert one: (x >> order) == 1; */
  /*@ ghost lemma_shift_right(x, order); */
  return order;
}

/* The order of the lowest set bit: the largest k such that 2^k divides x. x > 0. Without branches, too. */
/*@ requires positive: x > 0;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= 63;
    ensures divides: aligned(x, \result);
    ensures most: \forall integer k; \result < k <= 63 ==> !aligned(x, k);
*/
static inline uint8_t bits_low_order(uint64_t x)
{
  uint8_t k = 0;
  uint8_t step;
  uint64_t y = x;

  step = (uint8_t)(32u * (uint32_t)(y % 0x100000000u == 0u));
  /*@ assert step_32: step == (y % 0x100000000 == 0 ? 32 : 0); */
  /*@ ghost lemma_low_step(y, 32, step); */
  /*@ assert rest_32: (y >> step) % 0x100000000 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_32: k <= 32; */
  /*@ assert part_32: x == (y << k) && 1 <= y; */
  step = (uint8_t)(16u * (uint32_t)(y % 0x10000u == 0u));
  /*@ assert step_16: step == (y % 0x10000 == 0 ? 16 : 0); */
  /*@ ghost lemma_low_step(y, 16, step); */
  /*@ assert rest_16: (y >> step) % 0x10000 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_16: k <= 48; */
  /*@ assert part_16: x == (y << k) && 1 <= y; */
  step = (uint8_t)(8u * (uint32_t)(y % 0x100u == 0u));
  /*@ assert step_8: step == (y % 0x100 == 0 ? 8 : 0); */
  /*@ ghost lemma_low_step(y, 8, step); */
  /*@ assert rest_8: (y >> step) % 0x100 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_8: k <= 56; */
  /*@ assert part_8: x == (y << k) && 1 <= y; */
  step = (uint8_t)(4u * (uint32_t)(y % 0x10u == 0u));
  /*@ assert step_4: step == (y % 0x10 == 0 ? 4 : 0); */
  /*@ ghost lemma_low_step(y, 4, step); */
  /*@ assert rest_4: (y >> step) % 0x10 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_4: k <= 60; */
  /*@ assert part_4: x == (y << k) && 1 <= y; */
  step = (uint8_t)(2u * (uint32_t)(y % 4u == 0u));
  /*@ assert step_2: step == (y % 4 == 0 ? 2 : 0); */
  /*@ ghost lemma_low_step(y, 2, step); */
  /*@ assert rest_2: (y >> step) % 4 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_2: k <= 62; */
  /*@ assert part_2: x == (y << k) && 1 <= y; */
  step = (uint8_t)(y % 2u == 0u);
  /*@ assert step_1: step == (y % 2 == 0 ? 1 : 0); */
  /*@ ghost lemma_low_step(y, 1, step); */
  /*@ assert rest_1: (y >> step) % 2 != 0; */
  y = y >> step;
  k = (uint8_t)(k + step);
  /*@ assert count_1: k <= 63; */
  /*@ assert part_1: x == (y << k) && 1 <= y; */
  /*@ ghost lemma_odd(y, k); */
  return k;
}

/* The least multiple of 2^k that is at least a, to *result; false if it is 2^64. k <= 63. */
/*@ requires count: k <= 63;
    requires valid: \valid(result);
    terminates \true;
    exits \false;
    assigns *result;
    ensures found: \result ==> aligned(*result, k) && a <= *result < a + (1 << k);
    ensures least: \result ==> \forall integer p; aligned(p, k) && a <= p ==> *result <= p;
    ensures none: !\result ==> \forall integer p; aligned(p, k) && a <= p ==> UINT64_MAX < p;
    ensures untouched: !\result ==> *result == \old(*result);
*/
static inline bool bits_align_up(uint64_t a, uint8_t k, uint64_t *result)
{
  /*@ ghost lemma_power_range(k); lemma_shift_right(a, k); lemma_shift_left(k); lemma_aligned(k); */
  const uint64_t unit = (uint64_t)1 << k;
  const uint64_t below = (a >> k) << k;
  /*@ assert below: below == ((a >> k) << k) && below <= a < below + unit; */
  /*@ assert start: aligned(below, k); */
  if (below == a) {
    *result = a;
    return true;
  }
  if (below > UINT64_MAX - unit) {
    return false;
  }
  *result = below + unit;
  return true;
}

#endif
