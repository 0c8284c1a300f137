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

/* What a block needs. */
struct fit_request {
  uint64_t span;   /* its size less one: last - first */
  uint8_t align;   /* its first address is a multiple of 2^align; at most 63 */
  uint8_t least;   /* fit_least_tag(span, align): no run of a lower tag can hold it */
};

/* The largest k <= 63 such that an aligned block of 2^k lies in [start, last]. start <= last. */
/*@ requires run: start <= last;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= 63;
    ensures largest: largest_order(start, last, \result);
*/
uint8_t fit_order(uint64_t start, uint64_t last);

/*
 * The lowest tag of a FREE run that can hold such a block. Necessary, and for
 * a naturally aligned power of two also sufficient.
 */
/*@ requires span: span < UINT64_MAX;
    requires count: align <= 63;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: FIT_FREE <= \result <= FIT_FREE + 63;
    ensures value: \forall integer f; 0 <= f <= 63 && (1 << f) <= span + 1 < 2 * (1 << f)
      ==> \result == FIT_FREE + (align >= f ? f : f - 1);
    ensures necessary: \forall integer start, last, k; 0 <= start && largest_order(start, last, k)
      && holds(start, last, span, align) ==> \result <= FIT_FREE + k;
    ensures sufficient: span + 1 == (1 << align) ==>
      \forall integer start, last, k; largest_order(start, last, k) && \result <= FIT_FREE + k
      ==> holds(start, last, span, align);
*/
uint8_t fit_least_tag(uint64_t span, uint8_t align);

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
