/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_BITS_LEMMAS_H
#define MEM_ALLOC_BITS_LEMMAS_H

/*
 * What the proofs must know of powers of two. Ghost code only: the compiler
 * sees comments.
 *
 * WP's theory knows that shifts compose and what a shift by one does, and
 * nothing else. Everything below is derived from that, by induction on the
 * shift count: a ghost function with a loop is the induction, its contract
 * the lemma, and a call makes use of it.
 */

#include <stdint.h>

#include "opae/mem_alloc.h"

/*@ // The least multiple of 2^k that is at least a.
    logic integer next_aligned(integer a, integer k) = ((a + (1 << k) - 1) / (1 << k)) << k;
*/

/*@ ghost
/@ requires count: 0 <= k <= 62;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures twice: (1 << (k + 1)) == 2 * (1 << k); @/
static void lemma_power_step(uint8_t k)
{
  /@ assert compose: ((1 << k) << 1) == (1 << (k + 1)); @/
}
*/

/* 2^k is at least one, and no longer a uint64_t above k = 63. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: 1 <= (1 << k) <= 0x8000000000000000; @/
static void lemma_power_range(uint8_t k)
{
  uint8_t i = 0;
  /@ loop invariant count: 0 <= i <= k;
   @ loop invariant low: 1 <= (1 << i);
   @ loop invariant rest: (1 << i) * (1 << (63 - i)) == 0x8000000000000000;
   @ loop invariant high: (1 << i) <= 0x8000000000000000;
   @ loop assigns i;
   @ loop variant k - i; @/
  while (i < k) {
    lemma_power_step(i);
    lemma_power_step((uint8_t)(62 - i));
    i++;
  }
}
*/

/* Powers ascend. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: 1 <= (1 << k) <= 0x8000000000000000;
 @ ensures ascend: \forall integer j; k < j <= 63 ==> 2 * (1 << k) <= (1 << j); @/
static void lemma_power_ascend(uint8_t k)
{
  uint8_t i = k;
  lemma_power_range(k);
  /@ loop invariant count: k <= i <= 63;
   @ loop invariant low: (1 << k) <= (1 << i);
   @ loop invariant ascend: \forall integer j; k < j <= i ==> 2 * (1 << k) <= (1 << j);
   @ loop assigns i;
   @ loop variant 63 - i; @/
  while (i < 63) {
    lemma_power_step(i);
    i++;
  }
}
*/

/* The same for two given ones. */
/*@ ghost
/@ requires count: 0 <= k <= j <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures weak: (1 << k) <= (1 << j); @/
static void lemma_power_weak(uint8_t k, uint8_t j)
{
  lemma_power_ascend(k);
}
*/

/* A left shift is a multiplication. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures product: \forall integer t; (t << k) == t * (1 << k); @/
static void lemma_shift_left(uint8_t k)
{
  uint8_t i = 0;
  /@ loop invariant count: 0 <= i <= k;
   @ loop invariant product: \forall integer t; (t << i) == t * (1 << i);
   @ loop assigns i;
   @ loop variant k - i; @/
  while (i < k) {
    lemma_power_step(i);
    /@ assert compose: \forall integer t; (t << (i + 1)) == ((t << i) << 1); @/
    /@ assert twice: \forall integer t; (t << (i + 1)) == 2 * (t << i); @/
    i++;
  }
}
*/

/* From a quotient by `unit` to the quotient by twice as much. */
/*@ ghost
/@ requires quotient: high == quotient / 2;
 @ requires unit: 1 <= unit <= 0x8000000000000000;
 @ requires bounds: quotient * unit <= a < quotient * unit + unit;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures bounds: high * (2 * unit) <= a < high * (2 * unit) + 2 * unit; @/
static void lemma_halve(uint64_t a, uint64_t quotient, uint64_t high, uint64_t unit)
{
  /@ assert parity: quotient == 2 * high || quotient == 2 * high + 1; @/
  /@ assert product: quotient * unit == 2 * high * unit || quotient * unit == 2 * high * unit + unit; @/
  /@ assert order: high * (2 * unit) == 2 * high * unit; @/
}
*/

/* A right shift is a division that rounds down. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures power: 1 <= (1 << k) <= 0x8000000000000000;
 @ ensures range: 0 <= (a >> k) <= a;
 @ ensures bounds: (a >> k) * (1 << k) <= a < (a >> k) * (1 << k) + (1 << k); @/
static void lemma_shift_right(uint64_t a, uint8_t k)
{
  uint8_t i = 0;
  /@ loop invariant count: 0 <= i <= k;
   @ loop invariant range: 0 <= (a >> i) <= a;
   @ loop invariant bounds: (a >> i) * (1 << i) <= a < (a >> i) * (1 << i) + (1 << i);
   @ loop assigns i;
   @ loop variant k - i; @/
  while (i < k) {
    lemma_power_range(i);
    lemma_power_step(i);
    /@ assert compose: (a >> (i + 1)) == ((a >> i) >> 1); @/
    /@ assert half: (a >> (i + 1)) == (a >> i) / 2; @/
    lemma_halve(a, a >> i, a >> (i + 1), (uint64_t)1 << i);
    i++;
  }
  lemma_power_range(k);
}
*/

/* What is aligned to an order is so to every lower one. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures lower: \forall integer p, i, j; 0 <= i <= j && aligned(p, j) ==> aligned(p, i); @/
static void lemma_lower(void)
{
  /@ assert part: \forall integer t, i, j; 0 <= i <= j ==> ((t << j) >> i) == (t << (j - i)); @/
  /@ assert whole: \forall integer t, i, j; 0 <= i <= j ==> ((t << (j - i)) << i) == (t << j); @/
}
*/

/* Exactly the shifted numbers are aligned, and they are 2^k apart. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shifted: \forall integer t; aligned(t << k, k);
 @ ensures next: \forall integer p; aligned(p, k) ==> aligned(p + (1 << k), k);
 @ ensures gap: \forall integer p, q; aligned(p, k) && aligned(q, k) && p < q ==> p + (1 << k) <= q; @/
static void lemma_aligned(uint8_t k)
{
  lemma_power_range(k);
  lemma_shift_left(k);
  uint64_t unit = (uint64_t)1 << k;
  /@ assert back: \forall integer t; ((t << k) >> k) == t; @/
  /@ assert successor: \forall integer t; ((t + 1) << k) == (t << k) + unit; @/
  /@ assert weak: \forall integer s, t; t <= s ==> (t << k) <= (s << k); @/
  /@ assert strict: \forall integer s, t; s < t ==> (s << k) + unit <= (t << k); @/
  /@ assert gap: \forall integer s, t; (s << k) < (t << k) ==> (s << k) + unit <= (t << k); @/
  /@ assert next: \forall integer p; aligned(p, k) ==> p + unit == (((p >> k) + 1) << k); @/
}
*/

/* Among 2^k successive addresses one is aligned. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures next: \forall integer a; 0 <= a ==>
       aligned(next_aligned(a, k), k) && a <= next_aligned(a, k) < a + (1 << k); @/
static void lemma_next_aligned(uint8_t k)
{
  lemma_power_range(k);
  lemma_shift_left(k);
  lemma_aligned(k);
  uint64_t unit = (uint64_t)1 << k;
  /@ assert round: \forall integer a; 0 <= a ==> a <= ((a + unit - 1) / unit) * unit < a + unit; @/
  /@ assert shift: \forall integer a; 0 <= a ==> a <= (((a + unit - 1) / unit) << k) < a + unit; @/
}
*/

/* A multiple of `unit` leaves nothing beside its quotient. */
/*@ ghost
/@ requires unit: 1 <= unit;
 @ requires multiple: y % unit == 0;
 @ requires bounds: quotient * unit <= y < quotient * unit + unit;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures product: y == quotient * unit; @/
static void lemma_exact(uint64_t y, uint64_t unit, uint64_t quotient)
{
  /@ assert division: y == (y / unit) * unit; @/
  /@ assert least: quotient <= y / unit; @/
  /@ assert most: y / unit <= quotient; @/
}
*/

/* To drop n low bits if they are zero, and none if they are not, loses nothing. */
/*@ ghost
/@ requires count: 1 <= n <= 32;
 @ requires positive: 0 < y;
 @ requires step: step == (y % (1 << n) == 0 ? n : 0);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures exact: y == ((y >> step) << step);
 @ ensures positive: 1 <= (y >> step) <= y;
 @ ensures product: step == n ==> y == (y >> step) * (1 << n);
 @ ensures same: step == 0 ==> (y >> step) == y; @/
static void lemma_low_step(uint64_t y, uint8_t n, uint8_t step)
{
  if (step > 0) {
    lemma_shift_right(y, n);
    lemma_shift_left(n);
    uint64_t unit = (uint64_t)1 << n;
    lemma_exact(y, unit, y >> n);
  }
}
*/

/* The distributive law, away from all else. */
/*@ ghost
/@ requires odd: y == 2 * half + 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures product: y * unit == half * (2 * unit) + unit; @/
static void lemma_odd_product(uint64_t y, uint64_t half, uint64_t unit)
{
  /@ assert both: (2 * half + 1) * unit == half * (2 * unit) + unit; @/
}
*/

/* An odd number shifted by k is aligned to k and to no higher order. */
/*@ ghost
/@ requires odd: y % 2 == 1;
 @ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures divides: aligned(y << k, k);
 @ ensures most: \forall integer j; k < j <= 63 ==> !aligned(y << k, j); @/
static void lemma_odd(uint64_t y, uint8_t k)
{
  lemma_aligned(k);
  if (k < 63) {
    uint8_t above = (uint8_t)(k + 1);
    lemma_power_range(k);
    lemma_power_step(k);
    lemma_shift_left(k);
    lemma_shift_left(above);
    lemma_aligned(above);
    lemma_lower();
    lemma_odd_product(y, y / 2, (uint64_t)1 << k);
    /@ assert between: (y << k) == ((y / 2) << above) + (1 << k); @/
    /@ assert next: !aligned(y << k, above); @/
  }
}
*/

/* Nothing but the order of x satisfies the two inequalities. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ requires bounds: (1 << k) <= x < 2 * (1 << k);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures unique: \forall integer f; 0 <= f <= 63 && (1 << f) <= x < 2 * (1 << f) ==> f == k; @/
static void lemma_unique(uint64_t x, uint8_t k)
{
  uint8_t i = 0;
  lemma_power_ascend(k);
  /@ loop invariant count: 0 <= i <= k;
   @ loop invariant below: \forall integer f; 0 <= f < i ==> 2 * (1 << f) <= (1 << k);
   @ loop assigns i;
   @ loop variant k - i; @/
  while (i < k) {
    lemma_power_ascend(i);
    i++;
  }
}
*/

/* No power of two is 0. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures positive: \forall integer k; 0 <= k <= 63 && x == (1 << k) ==> 1 <= x; @/
static void lemma_power_positive(uint64_t x)
{
  uint8_t i = 0;
  /@ loop invariant count: 0 <= i <= 64;
   @ loop invariant positive: \forall integer k; 0 <= k < i && x == (1 << k) ==> 1 <= x;
   @ loop assigns i;
   @ loop variant 64 - i; @/
  while (i < 64) {
    lemma_power_range(i);
    i++;
  }
}
*/

#endif
