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

/* A quotient by `unit` lies between FIT_BINS and twice that if the dividend is so many units. */
/*@ ghost
/@ requires bounds: quotient * unit <= a < quotient * unit + unit;
 @ requires units: FIT_BINS * unit <= a < 2 * FIT_BINS * unit;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: FIT_BINS <= quotient < 2 * FIT_BINS; @/
static void lemma_quotient(uint64_t a, uint64_t quotient, uint64_t unit)
{
  /@ assert low: quotient < FIT_BINS ==> quotient * unit + unit <= FIT_BINS * unit; @/
  /@ assert high: 2 * FIT_BINS <= quotient ==> 2 * FIT_BINS * unit <= quotient * unit; @/
}
*/

/* Sizes of the orders up to FIT_BIN_BITS are bins themselves. */
/*@ ghost
/@ requires order: size < 2 * (1 << order);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures small: order <= FIT_BIN_BITS ==> size < 2 * FIT_BINS;
 @ ensures bin: size < 2 * FIT_BINS ==> bin_least(size) == size && bin_most(size) == size; @/
static void lemma_small_size(uint64_t size, uint8_t order)
{
  if (order <= FIT_BIN_BITS) {
    lemma_power_weak(order, FIT_BIN_BITS);
  }
  /@ assert first: \forall integer b; 0 <= b < FIT_BINS ==> bin_least(b) == b; @/
  /@ assert octave: \forall integer b; FIT_BINS <= b < 2 * FIT_BINS
       ==> b / FIT_BINS == 1 && b % FIT_BINS == b - FIT_BINS; @/
  /@ assert second: \forall integer b; FIT_BINS <= b < 2 * FIT_BINS ==> bin_least(b) == b; @/
  /@ assert end: bin_least(2 * FIT_BINS) == 2 * FIT_BINS; @/
  /@ assert next: 0 <= size < 2 * FIT_BINS ==> bin_least(size + 1) == size + 1; @/
}
*/

/* The bin of a size, which is of that order. */
/*@ requires order: order <= 63 && (1 << order) <= size < 2 * (1 << order);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 < \result < FIT_BINS * 56;
    ensures bin: bin_least(\result) <= size <= bin_most(\result);
*/
static inline int16_t fit_bin_of(uint64_t size, uint8_t order)
{
  int16_t bin = (int16_t)(size % (2u * FIT_BINS));
  if (order > FIT_BIN_BITS) {
    const uint8_t shift = (uint8_t)(order - FIT_BIN_BITS);
    /*@ ghost lemma_shift_right(size, shift); lemma_shift_left(FIT_BIN_BITS); lemma_power_step(shift); */
    /*@ assert power: (1 << order) == ((1 << shift) << FIT_BIN_BITS); */
    /*@ ghost lemma_quotient(size, size >> shift, (uint64_t)1 << shift); */
    bin = (int16_t)(FIT_BINS * shift + (int32_t)(size >> shift));
    /*@ assert value: bin == FIT_BINS * shift + (size >> shift); */
    /*@ ghost lemma_octave((uint8_t)(shift + 1)); */
    /*@ assert least: bin_least(bin) == (size >> shift) * (1 << shift); */
    /*@ assert next: bin_least(bin + 1) == (size >> shift) * (1 << shift) + (1 << shift); */
  }
  /*@ ghost lemma_small_size(size, order); */
  return bin;
}

/*
 * The largest order of a block that [start, last] holds, if its size is of that order: that, or one less.
 */
/*@ requires run: start <= last;
    requires order: order <= 63 && (1 << order) <= last - start + 1 < 2 * (1 << order);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= 63;
    ensures largest: largest_order(start, last, \result);
*/
static inline uint8_t fit_order_of(uint64_t start, uint64_t last, uint8_t order)
{
  uint64_t first = 0;
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

struct fit_mark fit_free_mark(uint64_t start, uint64_t last)
{
  const uint64_t span = last - start;
  struct fit_mark mark = {FIT_FREE + 63, FIT_BINS * 56};
  if (span < UINT64_MAX) {
    const uint8_t order = bits_floor_log2(span + 1u);
    mark.tag = (uint8_t)(FIT_FREE + fit_order_of(start, last, order));
    mark.bin = fit_bin_of(span + 1u, order);
  }
  /*@ ghost lemma_power_range(63); lemma_power_step(62); lemma_half(63); lemma_octave(56); */
  /*@ assert whole: span == UINT64_MAX ==> largest_order(start, last, 63); */
  /*@ assert end: bin_least(FIT_BINS * 56) == UINT64_MAX + 1 < bin_least(FIT_BINS * 56 + 1); */
  return mark;
}

struct fit_request fit_needs(uint64_t size, uint8_t order, uint8_t align)
{
  struct fit_request request;
  /*@ ghost lemma_unique(size, order); lemma_order_lower(align); */
  request.span = size - 1u;
  request.align = align;
  request.least = FIT_FREE;
  request.bin = 0;
  if (align >= order) {
    /*@ ghost lemma_head(size, align, order); */
    request.least = (uint8_t)(FIT_FREE + order);
  } else {
    request.bin = fit_bin_of(size, order);
    /*@ ghost lemma_bins(); */
  }
  return request;
}

bool fit_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place)
{
  uint64_t first = 0;
  if (!bits_align_up(start, align, &first) || first > last || last - first < span) {
    return false;
  }
  *place = first;
  return true;
}
