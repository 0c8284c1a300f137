/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_STORAGE_H
#define MEM_ALLOC_STORAGE_H

/*
 * The boundary to malloc and free: the only place that calls them. These two
 * contracts are trusted. They say less than malloc and free do: the provers
 * know nothing of the life of an array, so that use after storage_free shows
 * only as content that is lost, and another free as one of what is not held.
 */

#include <stdint.h>

#include "../proofs/tree.h"
#include "opae/mem_alloc_ext.h"

/*@
  // the other allocator, its own state being `limits`, and its nodes exist
  predicate limits_live{L} = \valid(limits_owner) && \valid(limits.object.nodes + (0 .. limits.object.capacity - 1));
  // an array is apart from them
  predicate limits_apart{L}(struct mem_alloc_node *nodes, integer count) =
    \separated(nodes + (0 .. count - 1), limits_owner) &&
    \separated(nodes + (0 .. count - 1), limits.object.nodes + (0 .. limits.object.capacity - 1));
*/

/* An array of count > 0 nodes from malloc, content indeterminate; NULL if there is no memory. */
/*@ requires count: count > 0;
    requires owner: \valid(storage_owner);
    requires guest: tree.guest == \null || \valid(tree.guest);
    terminates \true;
    exits \false;
    assigns storage_got;
    ensures got: storage_got == \result;
    ensures valid: \result != \null ==> \valid(\result + (0 .. count - 1));
    ensures apart: \result != \null ==> \separated(\result + (0 .. count - 1), storage_owner);
    ensures fresh: \result != \null ==>
      \separated(\result + (0 .. count - 1), storage_owner->nodes + (0 .. storage_owner->capacity - 1));
    ensures guest: \result != \null && tree.guest != \null ==>
      \separated(\result + (0 .. count - 1), tree.guest);
    ensures limits: \result != \null && \old(limits_live) ==> limits_apart(\result, count);
*/
struct mem_alloc_node *storage_new(uint32_t count);

/* Give such an array back. */
/*@ requires held: nodes == tree.held;
    terminates \true;
    exits \false;
    assigns nodes[0 .. mirror_capacity - 1], tree.held;
    ensures given: tree.held == \null;
*/
void storage_free(struct mem_alloc_node *nodes);

#endif
