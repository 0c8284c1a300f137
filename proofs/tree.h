/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_TREE_H
#define PROOFS_TREE_H

/*
 * The logic state of one allocator, the one at work, as ghost variables, and
 * the invariants over it. Annotations only: this file compiles to nothing.
 *
 * mirror_*  what the fields of struct mem_alloc and of its nodes hold, by
 *           node number. glue.h says that memory holds the same.
 * node_*    what the tree means but does not store: the range [lo, hi] that a
 *           node covers, whether it is part of the tree, and a bound of all
 *           tags below it.
 * run_*     the abstract map: for every address whether a run starts there,
 *           with what tag, and where it ends.
 *
 * Reading order: state, map, shape of one node, meaning of one node, tree.
 */

#include <stdint.h>

#include "fit.h"
#include "opae/mem_alloc_ext.h"

#define TREE_NODES 0x100000000
#define TREE_TOP 0xffffffffffffffff
#define TREE_HALF 0x7fffffffffffffff

/*@ ghost
  struct key_row { uint64_t v[MEM_ALLOC_FAN_OUT]; };
  struct tag_row { uint8_t v[MEM_ALLOC_FAN_OUT]; };
  struct child_row { uint32_t v[MEM_ALLOC_FAN_OUT]; };

  struct key_row mirror_key[TREE_NODES];
  struct tag_row mirror_tag[TREE_NODES];
  struct child_row mirror_child[TREE_NODES];
  uint64_t mirror_span[TREE_NODES];
  uint16_t mirror_count[TREE_NODES];
  int16_t mirror_level[TREE_NODES];
  uint32_t mirror_root;
  uint32_t mirror_capacity;
  uint32_t mirror_fresh;
  uint32_t mirror_spare;
  uint32_t mirror_live;

  uint64_t node_lo[TREE_NODES];
  uint64_t node_hi[TREE_NODES];
  uint8_t node_in[TREE_NODES];
  uint8_t node_most[TREE_NODES];

  // 2^64 entries do not fit into one array: two halves and a tail.
  uint16_t run_tag_low[TREE_HALF];
  uint16_t run_tag_high[TREE_HALF];
  uint16_t run_tag_end[2];
  uint64_t run_last_low[TREE_HALF];
  uint64_t run_last_high[TREE_HALF];
  uint64_t run_last_end[2];
*/

/*@
  // 0: no run starts at a; else the run's tag plus one
  logic integer run_code(integer a) =
    a < TREE_HALF ? run_tag_low[a] :
    a < 2 * TREE_HALF ? run_tag_high[a - TREE_HALF] : run_tag_end[a - 2 * TREE_HALF];

  // the last address of the run that starts at a
  logic integer run_last(integer a) =
    a < TREE_HALF ? run_last_low[a] :
    a < 2 * TREE_HALF ? run_last_high[a - TREE_HALF] : run_last_end[a - 2 * TREE_HALF];

  predicate run_starts(integer a) = 0 <= a <= TREE_TOP && run_code(a) != 0;
  predicate run_free(integer a) = 0 <= a <= TREE_TOP && run_code(a) > FIT_FREE;

  // ---- one node: its shape ----

  predicate node_is(integer x) = 1 <= x <= mirror_capacity && node_in[x] == 1;

  // where the part of x at slot j ends
  logic integer slot_last(integer x, integer j, integer hi) =
    j + 1 < mirror_count[x] ? mirror_key[x].v[j + 1] - 1 : hi;

  predicate shape(integer x, integer levels) =
    1 <= mirror_count[x] <= MEM_ALLOC_FAN_OUT && 0 <= mirror_level[x] < levels &&
    0 <= node_lo[x] <= node_hi[x] <= TREE_TOP;

  predicate sorted(integer x) =
    \forall integer i, j; 0 <= i < j < mirror_count[x] ==> mirror_key[x].v[i] < mirror_key[x].v[j];

  predicate bounds(integer x) =
    mirror_key[x].v[0] == node_lo[x] &&
    \forall integer j; 0 <= j < mirror_count[x] ==> node_lo[x] <= mirror_key[x].v[j] <= node_hi[x];

  // c is the child of x at slot j
  predicate kid(integer x, integer j, integer c) =
    node_is(c) && mirror_level[c] == mirror_level[x] - 1 && node_lo[c] == mirror_key[x].v[j] &&
    node_hi[c] == slot_last(x, j, node_hi[x]);

  predicate kids(integer x) =
    mirror_level[x] > 0 ==>
    \forall integer j; 0 <= j < mirror_count[x] ==> kid(x, j, mirror_child[x].v[j]);

  // ---- one node: what it means ----

  // the entries of a leaf are runs of the map
  predicate leaf_hits(integer x) =
    mirror_level[x] == 0 ==>
    \forall integer j; 0 <= j < mirror_count[x] ==>
      run_code(mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1 &&
      run_last(mirror_key[x].v[j]) == slot_last(x, j, node_hi[x]);

  // between two entries of a leaf no run starts
  predicate leaf_gaps(integer x) =
    mirror_level[x] == 0 ==>
    \forall integer j, k; 0 <= j < mirror_count[x] &&
      mirror_key[x].v[j] < k <= slot_last(x, j, node_hi[x]) ==> run_code(k) == 0;

  // no run that starts in x has a larger tag, no FREE one is longer
  predicate tags_below(integer x) =
    \forall integer k; node_lo[x] <= k <= node_hi[x] ==> run_code(k) <= node_most[x] + 1;
  predicate spans_below(integer x) =
    \forall integer k; node_lo[x] <= k <= node_hi[x] && run_free(k) ==> run_last(k) - k <= mirror_span[x];

  // an entry's tag covers the child
  predicate covers(integer x) =
    mirror_level[x] > 0 ==>
    \forall integer j; 0 <= j < mirror_count[x] ==> node_most[mirror_child[x].v[j]] <= mirror_tag[x].v[j];

  // ---- the tree ----

  predicate all_shape(integer levels) = \forall integer x; node_is(x) ==> shape(x, levels);
  predicate all_sorted = \forall integer x; node_is(x) ==> sorted(x);
  predicate all_bounds = \forall integer x; node_is(x) ==> bounds(x);
  predicate all_kids = \forall integer x; node_is(x) ==> kids(x);
  predicate all_hits = \forall integer x; node_is(x) ==> leaf_hits(x);
  predicate all_gaps = \forall integer x; node_is(x) ==> leaf_gaps(x);
  predicate all_tags = \forall integer x; node_is(x) ==> tags_below(x);
  predicate all_spans = \forall integer x; node_is(x) ==> spans_below(x);
  predicate all_covers = \forall integer x; node_is(x) ==> covers(x);
  predicate root_ok =
    node_is(mirror_root) && node_lo[mirror_root] == 0 && node_hi[mirror_root] == TREE_TOP;

  predicate tree_ok(integer levels) =
    all_shape(levels) && all_sorted && all_bounds && all_kids && all_hits && all_gaps && all_tags && all_spans &&
    all_covers && root_ok;
*/

#endif
