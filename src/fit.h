/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_FIT_H
#define MEM_ALLOC_FIT_H

/* Which runs can hold which blocks. A run is [start, last], last inclusive. */

#include <stdbool.h>
#include <stdint.h>

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
uint8_t fit_order(uint64_t start, uint64_t last);

/* The lowest tag of a FREE run that can hold such a block (necessary, not sufficient). */
uint8_t fit_least_tag(uint64_t span, uint8_t align);

/* The lowest multiple p of 2^align with start <= p and p + span <= last, to *place; false if none. */
bool fit_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place);

#endif
