/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_FIT_H
#define MEM_ALLOC_FIT_H

/* Which runs can hold which blocks. A run is [start, last], last inclusive. */

#include <stdbool.h>
#include <stdint.h>

#include "../proofs/bits_lemmas.h"

/*@ // A block of span + 1 addresses that starts at p, a multiple of 2^align, lies inside [start, last].
    predicate place_in(integer p, integer start, integer last, integer span, integer align) =
      aligned(p, align) && start <= p && p + span <= last;

    // [start, last] holds a block of that span and alignment.
    predicate holds(integer start, integer last, integer span, integer align) =
      \exists integer p; place_in(p, start, last, span, align);

    // [start, last] holds an aligned block of 2^k addresses.
    predicate holds_order(integer start, integer last, integer k) = holds(start, last, (1 << k) - 1, k);

    // k is the largest order (of those up to 63) that [start, last] holds.
    predicate largest_order(integer start, integer last, integer k) =
      0 <= k <= 63 && holds_order(start, last, k)
      && \forall integer j; k < j <= 63 ==> !holds_order(start, last, j);
*/

/*
 * The tag of a run: what it is and, if FREE, how much fits. FIT_FREE + k is
 * a FREE run that holds an aligned block of 2^k addresses and none of
 * 2^(k+1); k is at most 63.
 */
enum { FIT_ABSENT = 0, FIT_ALLOCATED = 1, FIT_FREE = 2 };

/*
 * The bin of a FREE run is the class of its size: the size itself below
 * 2 * FIT_BINS, then FIT_BINS classes to a power of two. A run that is not
 * FREE has bin 0.
 */
enum { FIT_BINS = 512, FIT_BIN_BITS = 9 };

/*@ // the least size of bin b
    logic integer bin_least(integer b) =
      b < FIT_BINS ? b : (FIT_BINS + b % FIT_BINS) * (1 << (b / FIT_BINS - 1));
    // and the largest
    logic integer bin_most(integer b) = bin_least(b + 1) - 1;
*/

/* FIT_BINS bins are an octave: their least sizes are a power of two apart, up to the next octave's first. */
/*@ ghost
/@ requires octave: octave <= 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures ascend: \forall integer a, b; FIT_BINS * octave <= a <= b <= FIT_BINS * (octave + 1)
     ==> bin_least(a) <= bin_least(b);
 @ ensures line: octave > 0 ==> \forall integer b; FIT_BINS * octave <= b <= FIT_BINS * (octave + 1)
     ==> bin_least(b) == (FIT_BINS + b - FIT_BINS * octave) * (1 << (octave - 1)); @/
static void lemma_octave(uint8_t octave)
{
  if (octave > 0) {
    lemma_power_range((uint8_t)(octave - 1));
    lemma_power_step((uint8_t)(octave - 1));
    uint64_t unit = (uint64_t)1 << (octave - 1);
    /@ assert inside: \forall integer b; FIT_BINS * octave <= b < FIT_BINS * (octave + 1)
         ==> b / FIT_BINS == octave && b % FIT_BINS == b - FIT_BINS * octave; @/
    /@ assert least: \forall integer b; FIT_BINS * octave <= b < FIT_BINS * (octave + 1)
         ==> bin_least(b) == (FIT_BINS + b - FIT_BINS * octave) * unit; @/
    /@ assert end: bin_least(FIT_BINS * (octave + 1)) == 2 * FIT_BINS * unit; @/
    /@ assert line: \forall integer b; FIT_BINS * octave <= b <= FIT_BINS * (octave + 1)
         ==> bin_least(b) == (FIT_BINS + b - FIT_BINS * octave) * unit; @/
    /@ assert order: \forall integer a, b; a <= b
         ==> (FIT_BINS + a - FIT_BINS * octave) * unit <= (FIT_BINS + b - FIT_BINS * octave) * unit; @/
    /@ assert both: \forall integer a, b; FIT_BINS * octave <= a <= b <= FIT_BINS * (octave + 1)
         ==> bin_least(a) <= bin_least(b); @/
  } else {
    /@ assert first: \forall integer b; 0 <= b <= FIT_BINS ==> bin_least(b) == b; @/
  }
}
*/

/* Sizes ascend with bins. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures least: \forall integer a, b; 0 <= a <= b <= FIT_BINS * 56 + 1 ==> bin_least(a) <= bin_least(b);
 @ ensures most: \forall integer a, b; 0 <= a <= b <= FIT_BINS * 56 ==> bin_most(a) <= bin_most(b); @/
static void lemma_bins(void)
{
  uint8_t octave = 0;
  /@ loop invariant range: 0 <= octave <= 57;
   @ loop invariant ascend: \forall integer a, b; 0 <= a <= b <= FIT_BINS * octave
       ==> bin_least(a) <= bin_least(b);
   @ loop assigns octave;
   @ loop variant 57 - octave; @/
  while (octave < 57) {
    lemma_octave(octave);
    /@ assert across: \forall integer a, b; 0 <= a <= FIT_BINS * octave <= b <= FIT_BINS * (octave + 1)
         ==> bin_least(a) <= bin_least(FIT_BINS * octave) <= bin_least(b); @/
    octave++;
  }
}
*/

/* What the entry of a run says. */
struct fit_mark {
  uint8_t tag;
  int16_t bin;
};

/* What a block needs. */
struct fit_request {
  uint64_t span;   /* its size less one: last - first */
  uint8_t align;   /* its first address is a multiple of 2^align; at most 63 */
  int16_t bin;     /* if not 0, no run of a lower bin can hold it: this is to be searched for */
  uint8_t least;   /* otherwise: no run of a lower tag can hold it */
};

/*
 * What a block of size addresses at a multiple of 2^align needs; order is the size's. The least tag and the
 * bin are necessary; for a naturally aligned power of two the tag is also sufficient.
 */
/*@ requires order: order <= 63 && (1 << order) <= size < 2 * (1 << order);
    requires count: align <= 63;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures block: \result.span == size - 1 && \result.align == align;
    ensures range: FIT_FREE <= \result.least <= FIT_FREE + 63 && 0 <= \result.bin <= FIT_BINS * 56;
    ensures tag_necessary: \forall integer start, last, k; 0 <= start && largest_order(start, last, k)
      && holds(start, last, size - 1, align) ==> \result.least <= FIT_FREE + k;
    ensures bin_necessary: \forall integer b; b < \result.bin ==> bin_most(b) < size;
    ensures sufficient: size == (1 << align) ==> \result.bin == 0 &&
      \forall integer start, last, k; largest_order(start, last, k) && \result.least <= FIT_FREE + k
      ==> holds(start, last, size - 1, align);
*/
struct fit_request fit_needs(uint64_t size, uint8_t order, uint8_t align);

/* What the entry of the FREE run [start, last] says. start <= last. */
/*@ requires run: start <= last;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: FIT_FREE <= \result.tag <= FIT_FREE + 63 && 0 <= \result.bin <= FIT_BINS * 56;
    ensures largest: largest_order(start, last, \result.tag - FIT_FREE);
    ensures bin: bin_least(\result.bin) <= last - start + 1 <= bin_most(\result.bin);
*/
struct fit_mark fit_free_mark(uint64_t start, uint64_t last);

/* The lowest multiple p of 2^align with start <= p and p + span <= last, to *place; false if none. */
/*@ requires run: start <= last;
    requires count: align <= 63;
    requires valid: \valid(place);
    terminates \true;
    exits \false;
    assigns *place;
    ensures found: \result ==> place_in(*place, start, last, span, align);
    ensures least: \result ==> \forall integer p; place_in(p, start, last, span, align) ==> *place <= p;
    ensures none: !\result ==> !holds(start, last, span, align);
    ensures untouched: !\result ==> *place == \old(*place);
*/
bool fit_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place);

#endif
