/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_RESERVE_H
#define PROOFS_RESERVE_H

/*
 * Moving the nodes to other storage changes nothing of the tree: the rows of
 * nodes that were never used may be different, and nothing else is.
 * Annotations only.
 */

#include "edit.h"

/*@
  // nodes up to `fresh` are as they were, the tree has no others
  predicate kept_nodes(struct tree_state b, struct tree_state t) =
    (\forall integer y; node_is_in(t, y) ==> 1 <= y <= b.object.fresh && node_is_in(b, y)) &&
    (\forall integer y; node_is_in(b, y) ==> node_is_in(t, y));
  predicate kept_places(struct tree_state b, struct tree_state t) =
    \forall integer y; 1 <= y <= b.object.fresh ==>
      t.rows.level[y] == b.rows.level[y] && t.node.lo[y] == b.node.lo[y] && t.node.hi[y] == b.node.hi[y] &&
      t.rows.count[y] == b.rows.count[y] &&
      t.node.most[y] == b.node.most[y] && t.node.longest[y] == b.node.longest[y];
  predicate kept_keys(struct tree_state b, struct tree_state t) =
    \forall integer y, j; 1 <= y <= b.object.fresh ==> t.rows.key[y].v[j] == b.rows.key[y].v[j];
  predicate kept_tags(struct tree_state b, struct tree_state t) =
    \forall integer y, j; 1 <= y <= b.object.fresh ==> t.rows.tag[y].v[j] == b.rows.tag[y].v[j];
  predicate kept_bins(struct tree_state b, struct tree_state t) =
    \forall integer y, j; 1 <= y <= b.object.fresh ==> t.rows.bin[y].v[j] == b.rows.bin[y].v[j];
  predicate kept_children(struct tree_state b, struct tree_state t) =
    \forall integer y, j; 1 <= y <= b.object.fresh ==> t.rows.child[y].v[j] == b.rows.child[y].v[j];
*/

/* Shape, order and bounds; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b);
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ requires keys: kept_keys(b, tree);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds; @/
static void lemma_reserve_order(struct tree_state b, uint32_t levels)
{
  /@ assert was: \forall integer y; node_is(y) ==> bounds_in(b, y); @/
  /@ assert each: \forall integer y; node_is(y) ==> bounds(y); @/
}
*/

/* children; */
/*@ ghost
/@ requires before: all_kids_in(b);
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ requires keys: kept_keys(b, tree);
 @ requires children: kept_children(b, tree);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: all_kids; @/
static void lemma_reserve_kids(struct tree_state b)
{
  /@ assert each: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       kid(y, j, mirror_child[y].v[j]); @/
}
*/

/* summaries; */
/*@ ghost
/@ requires before: all_covers_in(b) && all_kids_in(b);
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ requires tags: kept_tags(b, tree);
 @ requires bins: kept_bins(b, tree);
 @ requires children: kept_children(b, tree);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void lemma_reserve_covers(struct tree_state b)
{
  /@ assert child: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       node_is_in(b, mirror_child[y].v[j]) && node_is(mirror_child[y].v[j]); @/
}
*/

/* leaves; */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b);
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ requires keys: kept_keys(b, tree);
 @ requires tags: kept_tags(b, tree);
 @ requires bins: kept_bins(b, tree);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: all_hits;
 @ ensures gaps: all_gaps;
 @ ensures bins: all_bins; @/
static void lemma_reserve_leaves(struct tree_state b)
{
  /@ assert entry: \forall integer y, j; node_is(y) && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       run_code(mirror_key[y].v[j]) == mirror_tag[y].v[j] + 1; @/
  /@ assert end: \forall integer y, j; node_is(y) && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       ends_in(tree, y, j, run_last(mirror_key[y].v[j]), node_hi[y]); @/
}
*/

/* bounds of what is below; */
/*@ ghost
/@ requires before: all_tags_in(b) && all_spans_in(b);
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: all_tags;
 @ ensures spans: all_spans; @/
static void lemma_reserve_below(struct tree_state b)
{
}
*/

/* the root. */
/*@ ghost
/@ requires before: all_apart_in(b) && all_under_in(b) && root_ok_in(b) && mirror_root == b.object.root;
 @ requires nodes: kept_nodes(b, tree);
 @ requires places: kept_places(b, tree);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart;
 @ ensures under: all_under;
 @ ensures root: root_ok; @/
static void lemma_reserve_root(struct tree_state b)
{
  /@ assert used: \forall integer y; node_is(y) ==>
       mirror_level[y] == b.rows.level[y] && node_lo[y] == b.node.lo[y] && node_hi[y] == b.node.hi[y]; @/
}
*/

/* All of it. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires pool: pool_counts_in(b) && pool_counted_in(b);
 @ requires root: mirror_root == b.object.root && mirror_fresh == b.object.fresh &&
 @   mirror_capacity >= b.object.capacity;
 @ requires in: \forall integer y; 0 <= y < TREE_NODES ==> node_in[y] == b.node.in[y];
 @ requires taken: \forall integer y; 0 <= y < TREE_NODES ==> pool_taken[y] == b.pool.taken[y];
 @ requires places: kept_places(b, tree);
 @ requires keys: kept_keys(b, tree);
 @ requires tags: kept_tags(b, tree);
 @ requires bins: kept_bins(b, tree);
 @ requires children: kept_children(b, tree);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tree: tree_ok(levels);
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void reserve_note(struct tree_state b, uint32_t levels)
{
  /@ assert taken: all_taken; @/
  /@ assert nodes: kept_nodes(b, tree); @/
  lemma_reserve_order(b, levels);
  lemma_reserve_kids(b);
  lemma_reserve_covers(b);
  lemma_reserve_leaves(b);
  lemma_reserve_below(b);
  lemma_reserve_root(b);
}
*/

#endif
