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

/* The bin of a size, which is of that order. */
static inline int16_t fit_bin_of(uint64_t size, uint8_t order)
{
  int16_t bin = (int16_t)(size % (2u * FIT_BINS));
  if (order > FIT_BIN_BITS) {
    const uint8_t shift = (uint8_t)(order - FIT_BIN_BITS);
    bin = (int16_t)(FIT_BINS * shift + (int32_t)(size >> shift));
  }
  return bin;
}

/* fit_order of a run of size addresses, which are of that order: that, or one less. */
static inline uint8_t fit_order_of(uint64_t start, uint64_t last, uint8_t order)
{
  uint64_t first;
  if (bits_align_up(start, order, &first) && first <= last && last - first >= ((uint64_t)1 << order) - 1) {
    return order;
  }
  return (uint8_t)(order - 1);
}

uint8_t fit_order(uint64_t start, uint64_t last)
{
  const uint64_t span = last - start;
  if (span == UINT64_MAX) {
    return 63; /* the whole space: its size is not a uint64_t */
  }
  return fit_order_of(start, last, bits_floor_log2(span + 1));
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
  return mark;
}

struct fit_request fit_needs(uint64_t size, uint8_t order, uint8_t align)
{
  struct fit_request request;
  request.span = size - 1u;
  request.align = align;
  request.least = FIT_FREE;
  request.bin = 0;
  if (align >= order) {
    request.least = (uint8_t)(FIT_FREE + order);
  } else {
    request.bin = fit_bin_of(size, order);
  }
  return request;
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
