/* SPDX-License-Identifier: BSD-3-Clause */
#include "fit.h"

#include "bits.h"

/* A run almost twice as long as 2^k holds an aligned block of 2^k addresses, however it is cut. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures half: \forall integer start, last; 0 <= start && start + 2 * (1 << k) - 2 <= last
     ==> holds_order(start, last, k); @/
static void lemma_half(uint8_t k)
{
  lemma_next_aligned(k);
  /@ assert place: \forall integer start, last; 0 <= start && start + 2 * (1 << k) - 2 <= last
       ==> place_in(next_aligned(start, k), start, last, (1 << k) - 1, k) && holds_order(start, last, k); @/
}
*/

/* A run of fewer than 2^(k+1) addresses holds no aligned block of a higher order. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shorter: \forall integer start, last, j; last - start + 1 < 2 * (1 << k) && k < j <= 63
     ==> !holds_order(start, last, j); @/
static void lemma_shorter(uint8_t k)
{
  lemma_power_ascend(k);
  /@ assert no_place: \forall integer p, start, last, j; last - start + 1 < 2 * (1 << k) && k < j <= 63
       ==> !place_in(p, start, last, (1 << j) - 1, j); @/
}
*/

/* A block of at least 2^k addresses that is aligned to k or more contains an aligned block of order k. */
/*@ ghost
/@ requires count: 0 <= k <= 63 && k <= align;
 @ requires size: (1 << k) <= size;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures order: \forall integer start, last; holds(start, last, size - 1, align)
     ==> holds_order(start, last, k); @/
static void lemma_head(uint64_t size, uint8_t align, uint8_t k)
{
  lemma_lower();
  /@ assert place: \forall integer p, start, last; place_in(p, start, last, size - 1, align)
       ==> place_in(p, start, last, (1 << k) - 1, k); @/
}
*/

/* A block of almost 2^(k+1) addresses, wherever it starts, contains an aligned block of order k. */
/*@ ghost
/@ requires count: 0 <= k <= 62;
 @ requires size: 2 * (1 << k) <= size;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures order: \forall integer start, last; 0 <= start && holds(start, last, size - 1, align)
     ==> holds_order(start, last, k); @/
static void lemma_part(uint64_t size, uint8_t align, uint8_t k)
{
  lemma_half(k);
  /@ assert length: \forall integer p, start, last; 0 <= start && place_in(p, start, last, size - 1, align)
       ==> holds_order(start, last, k); @/
}
*/

/* An aligned block of a higher order contains one of order k. */
/*@ ghost
/@ requires count: 0 <= k <= 63;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures order: \forall integer start, last, j; k <= j <= 63 && holds_order(start, last, j)
     ==> holds_order(start, last, k); @/
static void lemma_order_lower(uint8_t k)
{
  lemma_lower();
  lemma_power_ascend(k);
  /@ assert place: \forall integer p, start, last, j;
       k <= j <= 63 && place_in(p, start, last, (1 << j) - 1, j)
       ==> place_in(p, start, last, (1 << k) - 1, k); @/
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

uint8_t fit_order(uint64_t start, uint64_t last)
{
  const uint64_t span = last - start;
  uint64_t first;
  uint8_t order;
  if (span == UINT64_MAX) {
    /*@ ghost lemma_power_range(63); lemma_power_step(62); lemma_half(63); */
    /*@ assert whole: largest_order(start, last, 63); */
    return 63; /* the whole space: its size is not a uint64_t */
  }
  order = bits_floor_log2(span + 1);
  /*@ ghost lemma_power_range(order); lemma_shorter(order); */
  if (bits_align_up(start, order, &first) && first <= last && last - first >= ((uint64_t)1 << order) - 1) {
    /*@ assert place: place_in(first, start, last, (1 << order) - 1, order); */
    /*@ assert fits: largest_order(start, last, order); */
    return order;
  }
  /*@ assert cut: !holds_order(start, last, order); */
  /*@ assert single: place_in(start, start, last, 0, 0); */
  /*@ assert not_one: order > 0; */
  /*@ ghost lemma_power_step((uint8_t)(order - 1)); lemma_half((uint8_t)(order - 1)); */
  /*@ assert lower: largest_order(start, last, order - 1); */
  /* Two neighbouring half blocks can be cut badly, but one of the two is whole. */
  return (uint8_t)(order - 1);
}

uint8_t fit_least_tag(uint64_t span, uint8_t align)
{
  const uint8_t order = bits_floor_log2(span + 1);
  /*@ ghost lemma_unique(span + 1, order); lemma_order_lower(align); */
  if (align >= order) {
    /*@ ghost lemma_head(span + 1, align, order); */
    return (uint8_t)(FIT_FREE + order);
  }
  /*@ ghost lemma_power_step((uint8_t)(order - 1)); lemma_part(span + 1, align, (uint8_t)(order - 1)); */
  return (uint8_t)(FIT_FREE + order - 1);
}

bool fit_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place)
{
  uint64_t first;
  if (!bits_align_up(start, align, &first) || first > last || last - first < span) {
    return false;
  }
  *place = first;
  return true;
}
