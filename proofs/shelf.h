/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_SHELF_H
#define PROOFS_SHELF_H

/*
 * Several allocators. Each has a place on a shelf for its logic state. The
 * tree's functions work on the ghost variable `tree`; whoever calls them takes
 * the state of one allocator off the shelf before, and puts it back after.
 * Annotations only.
 */

#include "glue.h"

#define SHELF_PLACES 0x10000

/*@ ghost struct tree_state shelf[SHELF_PLACES]; */

/*@
  // m is the allocator whose state is at place g, and it has a tree
  predicate shelved{L}(struct mem_alloc *m, integer g, integer levels) =
    0 <= g < SHELF_PLACES && glue_in(m, shelf[g]) && tree_ok_in(shelf[g], levels);
*/

#endif
