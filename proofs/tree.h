/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_TREE_H
#define PROOFS_TREE_H

/*
 * The invariants over the logic state of an allocator, which is declared with
 * the public interface (opae/mem_alloc_model.h). Annotations only: this file
 * compiles to nothing.
 *
 * The state has five parts: what the nodes' rows hold, by node number, and the
 * fields of struct mem_alloc (rows, object; glue.h says that memory holds the
 * same); what the nodes mean but do not store, namely whether a node is part of
 * the tree, the range [lo, hi] it covers, and bounds of all tags (most) and of
 * all FREE runs' bins (longest) below it (node); which node is where (pool,
 * pool.h); and the abstract map: for every address whether a run starts there,
 * with what tag, where it ends, and which run the address is in, its home
 * (runs).
 *
 * Every predicate takes the state as its first parameter, so that it can be
 * said of any allocator. The code works on one at a time, the ghost
 * variable `tree`; macros without the suffix _in stand for that one.
 *
 * Reading order: state, map, shape of one node, meaning of one node, tree.
 */

#include <stdint.h>

#include "../src/fit.h"
#include "opae/mem_alloc.h"

#define TREE_NODES MEM_ALLOC_MODEL_NODES
#define TREE_TOP MEM_ALLOC_MODEL_TOP
#define TREE_HALF MEM_ALLOC_MODEL_HALF

/* Short names for the state of the allocator at work. */
#define mirror_key tree.rows.key
#define mirror_tag tree.rows.tag
#define mirror_child tree.rows.child
#define mirror_bin tree.rows.bin
#define mirror_count tree.rows.count
#define mirror_level tree.rows.level
#define mirror_root tree.object.root
#define mirror_capacity tree.object.capacity
#define mirror_fresh tree.object.fresh
#define mirror_spare tree.object.spare
#define mirror_live tree.object.live
#define mirror_fixed tree.object.fixed
#define mirror_nodes tree.object.nodes
#define node_lo tree.node.lo
#define node_hi tree.node.hi
#define node_in tree.node.in
#define node_most tree.node.most
#define node_longest tree.node.longest

/*@
  predicate run_free_in(struct tree_state t, integer a) = 0 <= a <= TREE_TOP && run_code_in(t, a) > FIT_FREE;

  // ---- one node: its shape ----

  predicate node_is_in(struct tree_state t, integer x) = 1 <= x <= t.object.capacity && t.node.in[x] == 1;

  // where the part of x at slot j ends
  logic integer slot_last_in(struct tree_state t, integer x, integer j, integer hi) =
    j + 1 < t.rows.count[x] ? t.rows.key[x].v[j + 1] - 1 : hi;
  // The same as a relation, for use below quantifiers: it does not speak of entry j + 1 unless somebody else
  // does, so that a prover is not led from each entry to the next one.
  predicate ends_in(struct tree_state t, integer x, integer j, integer last, integer hi) =
    (\forall integer i; j < i < j + 2 && i < t.rows.count[x] ==> last == t.rows.key[x].v[i] - 1) &&
    (t.rows.count[x] <= j + 1 ==> last == hi);

  predicate shape_in(struct tree_state t, integer x, integer levels) =
    1 <= t.rows.count[x] <= MEM_ALLOC_FAN_OUT && 0 <= t.rows.level[x] < levels &&
    0 <= t.node.lo[x] <= t.node.hi[x] <= TREE_TOP;

  predicate sorted_in(struct tree_state t, integer x) =
    \forall integer i, j; 0 <= i < j < t.rows.count[x] ==> t.rows.key[x].v[i] < t.rows.key[x].v[j];

  predicate bounds_in(struct tree_state t, integer x) =
    t.rows.key[x].v[0] == t.node.lo[x] &&
    \forall integer j; 0 <= j < t.rows.count[x] ==> t.node.lo[x] <= t.rows.key[x].v[j] <= t.node.hi[x];

  // c is the child of x at slot j
  predicate kid_in(struct tree_state t, integer x, integer j, integer c) =
    node_is_in(t, c) && t.rows.level[c] == t.rows.level[x] - 1 && t.node.lo[c] == t.rows.key[x].v[j] &&
    ends_in(t, x, j, t.node.hi[c], t.node.hi[x]);

  predicate kids_in(struct tree_state t, integer x) =
    t.rows.level[x] > 0 ==>
    \forall integer j; 0 <= j < t.rows.count[x] ==> kid_in(t, x, j, t.rows.child[x].v[j]);

  // ---- one node: what it means ----

  // the entries of a leaf are runs of the map
  predicate leaf_hits_in(struct tree_state t, integer x) =
    t.rows.level[x] == 0 ==>
    \forall integer j; 0 <= j < t.rows.count[x] ==>
      run_code_in(t, t.rows.key[x].v[j]) == t.rows.tag[x].v[j] + 1 &&
      ends_in(t, x, j, run_last_in(t, t.rows.key[x].v[j]), t.node.hi[x]);

  // between two entries of a leaf no run starts
  predicate leaf_gaps_in(struct tree_state t, integer x) =
    t.rows.level[x] == 0 ==>
    \forall integer j, k; 0 <= j < t.rows.count[x] &&
      t.rows.key[x].v[j] < k <= run_last_in(t, t.rows.key[x].v[j]) ==> run_code_in(t, k) == 0;

  // no run that starts in x has a larger tag, no FREE one a larger bin
  predicate tags_below_in(struct tree_state t, integer x) =
    \forall integer k; t.node.lo[x] <= k <= t.node.hi[x] ==> run_code_in(t, k) <= t.node.most[x] + 1;
  predicate spans_below_in(struct tree_state t, integer x) =
    0 <= t.node.longest[x] <= FIT_BINS * 56 &&
    \forall integer k; t.node.lo[x] <= k <= t.node.hi[x] && run_free_in(t, k) ==>
      run_last_in(t, k) - k + 1 <= bin_most(t.node.longest[x]);

  // the largest tag of x's entries, and the largest bin, are these
  predicate top_tag_in(struct tree_state t, integer x, integer tag) =
    (\forall integer j; 0 <= j < t.rows.count[x] ==> t.rows.tag[x].v[j] <= tag) &&
    \exists integer j; 0 <= j < t.rows.count[x] && t.rows.tag[x].v[j] == tag;
  predicate top_bin_in(struct tree_state t, integer x, integer bin) =
    (\forall integer j; 0 <= j < t.rows.count[x] ==> t.rows.bin[x].v[j] <= bin) &&
    \exists integer j; 0 <= j < t.rows.count[x] && t.rows.bin[x].v[j] == bin;

  // an entry's tag and bin cover the child
  predicate covers_in(struct tree_state t, integer x) =
    t.rows.level[x] > 0 ==>
    \forall integer j; 0 <= j < t.rows.count[x] ==>
      t.node.most[t.rows.child[x].v[j]] <= t.rows.tag[x].v[j] &&
      t.node.longest[t.rows.child[x].v[j]] <= t.rows.bin[x].v[j] &&
      t.rows.bin[x].v[j] <= FIT_BINS * 56;

  // in a leaf, the bin of a FREE run is large enough, and no other run has one
  predicate leaf_bins_in(struct tree_state t, integer x) =
    t.rows.level[x] == 0 ==>
    \forall integer j; 0 <= j < t.rows.count[x] ==>
      0 <= t.rows.bin[x].v[j] <= FIT_BINS * 56 &&
      (t.rows.tag[x].v[j] >= FIT_FREE ?
       run_last_in(t, t.rows.key[x].v[j]) - t.rows.key[x].v[j] + 1 <= bin_most(t.rows.bin[x].v[j]) :
       t.rows.bin[x].v[j] == 0);

  // ---- the tree ----

  predicate all_shape_in(struct tree_state t, integer levels) =
    \forall integer x; node_is_in(t, x) ==> shape_in(t, x, levels);
  predicate all_sorted_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> sorted_in(t, x);
  predicate all_bounds_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> bounds_in(t, x);
  predicate all_kids_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> kids_in(t, x);
  predicate all_hits_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> leaf_hits_in(t, x);
  predicate all_gaps_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> leaf_gaps_in(t, x);
  predicate all_tags_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> tags_below_in(t, x);
  predicate all_spans_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> spans_below_in(t, x);
  predicate all_bins_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> leaf_bins_in(t, x);
  predicate all_covers_in(struct tree_state t) = \forall integer x; node_is_in(t, x) ==> covers_in(t, x);
  predicate root_ok_in(struct tree_state t) =
    node_is_in(t, t.object.root) && t.node.lo[t.object.root] == 0 && t.node.hi[t.object.root] == TREE_TOP;

  // two nodes of one level have no address in common
  predicate apart_in(struct tree_state t, integer x, integer y) = t.node.hi[x] < t.node.lo[y] ||
    t.node.hi[y] < t.node.lo[x];
  predicate all_apart_in(struct tree_state t) =
    \forall integer x, y; node_is_in(t, x) && node_is_in(t, y) && x != y && t.rows.level[x] == t.rows.level[y] ==>
      apart_in(t, x, y);
  // no node is above the root
  predicate all_under_in(struct tree_state t) =
    \forall integer x; node_is_in(t, x) ==> t.rows.level[x] <= t.rows.level[t.object.root];
  // what is part of the tree is taken from the pool
  predicate all_taken_in(struct tree_state t) =
    \forall integer x; 0 <= x < TREE_NODES && t.node.in[x] == 1 ==> t.pool.taken[x] == 1;

  predicate tree_ok_in(struct tree_state t, integer levels) =
    all_shape_in(t, levels) && all_sorted_in(t) && all_bounds_in(t) && all_kids_in(t) && all_hits_in(t) &&
    all_gaps_in(t) && all_tags_in(t) && all_spans_in(t) && all_bins_in(t) && all_covers_in(t) &&
      root_ok_in(t) &&
    all_apart_in(t) && all_under_in(t) && all_taken_in(t);

  // and what is taken is part of the tree: no node is lost
  predicate no_stray_in(struct tree_state t) =
    \forall integer x; 0 <= x < TREE_NODES && t.pool.taken[x] != 0 ==> node_is_in(t, x);
*/

/*@
  // ---- the abstract map as a whole: runs tile the space ----

  // each run ends inside the space, not before it starts;
  predicate runs_end_in(struct tree_state t) =
    \forall integer k; run_starts_in(t, k) ==> k <= run_last_in(t, k) <= TREE_TOP;
  // every address is in a run, its home's,
  predicate homes_hold_in(struct tree_state t) =
    \forall integer k; 0 <= k <= TREE_TOP ==>
      run_starts_in(t, home_in(t, k)) && home_in(t, k) <= k <= run_last_in(t, home_in(t, k));
  // and in no other one
  predicate homes_only_in(struct tree_state t) =
    \forall integer s, k; run_starts_in(t, s) && s <= k <= run_last_in(t, s) ==> home_in(t, k) == s;
  predicate homes_in(struct tree_state t) = runs_end_in(t) && homes_hold_in(t) && homes_only_in(t);

  // neighbouring FREE runs are one run, and so are neighbouring ABSENT runs
  predicate joined_in(struct tree_state t) =
    \forall integer k; 0 < k && run_starts_in(t, k) && state_in(t, k - 1) == state_of(run_code_in(t, k)) ==>
      run_code_in(t, k) == FIT_ALLOCATED + 1;
*/

/*@
  // ---- what the search needs ----

  // every FREE run's tag is right
  predicate tags_exact_in(struct tree_state t) =
    \forall integer k; run_free_in(t, k) ==>
      largest_order(k, run_last_in(t, k), run_code_in(t, k) - 1 - FIT_FREE);

  // the run that starts at k is FREE and can hold the request
  predicate run_fits_in(struct tree_state t, integer k, struct fit_request r) =
    run_free_in(t, k) && holds(k, run_last_in(t, k), r.span, r.align);

  // what the summaries can tell of the run that starts at k: it may hold a request
  predicate run_passes_in(struct tree_state t, integer k, struct fit_request r) =
    run_starts_in(t, k) && run_code_in(t, k) > r.least && run_last_in(t, k) - k >= r.span;
*/

/* The same of the allocator at work. */
#define run_code(a) run_code_in(tree, a)
#define run_last(a) run_last_in(tree, a)
#define home(a) home_in(tree, a)
#define run_starts(a) run_starts_in(tree, a)
#define run_free(a) run_free_in(tree, a)
#define node_is(x) node_is_in(tree, x)
#define slot_last(x, j, hi) slot_last_in(tree, x, j, hi)
#define shape(x, levels) shape_in(tree, x, levels)
#define sorted(x) sorted_in(tree, x)
#define bounds(x) bounds_in(tree, x)
#define kid(x, j, c) kid_in(tree, x, j, c)
#define kids(x) kids_in(tree, x)
#define leaf_hits(x) leaf_hits_in(tree, x)
#define leaf_gaps(x) leaf_gaps_in(tree, x)
#define tags_below(x) tags_below_in(tree, x)
#define spans_below(x) spans_below_in(tree, x)
#define covers(x) covers_in(tree, x)
#define all_shape(levels) all_shape_in(tree, levels)
#define all_sorted all_sorted_in(tree)
#define all_bounds all_bounds_in(tree)
#define all_kids all_kids_in(tree)
#define all_hits all_hits_in(tree)
#define all_gaps all_gaps_in(tree)
#define all_tags all_tags_in(tree)
#define all_spans all_spans_in(tree)
#define leaf_bins(x) leaf_bins_in(tree, x)
#define all_bins all_bins_in(tree)
#define all_covers all_covers_in(tree)
#define root_ok root_ok_in(tree)
#define all_apart all_apart_in(tree)
#define all_under all_under_in(tree)
#define all_taken all_taken_in(tree)
#define no_stray no_stray_in(tree)
#define tree_ok(levels) tree_ok_in(tree, levels)
#define all_homes homes_in(tree)
#define all_joined joined_in(tree)
#define tags_exact tags_exact_in(tree)
#define run_fits(k, r) run_fits_in(tree, k, r)
#define run_passes(k, r) run_passes_in(tree, k, r)

#endif
