/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_SPLIT_H
#define PROOFS_SPLIT_H

/*
 * Splitting a node: child x at slot of p keeps `cut` entries, the others go
 * to the new node z. From the tree before (b) and what the split did to the
 * rows follow the invariants of these three nodes; edit.h has what follows
 * for all. Annotations only.
 */

#include "edit.h"

/*@
  // the split can be done
  predicate split_from(struct tree_state b, integer p, integer slot, integer x, integer z, integer cut) =
    node_is_in(b, p) && b.rows.level[p] > 0 && 0 <= slot < b.rows.count[p] < MEM_ALLOC_FAN_OUT &&
      x == b.rows.child[p].v[slot] &&
    1 <= z <= b.object.capacity && b.node.in[z] != 1 && 1 <= cut < b.rows.count[x] <= MEM_ALLOC_FAN_OUT;

  // what is known of p, x and z before
  predicate split_facts(struct tree_state b, integer p, integer slot, integer x, integer z, integer cut) =
    kid_in(b, p, slot, x) && p != x && p != z && x != z && b.node.lo[x] < b.rows.key[x].v[cut] <= b.node.hi[x];

  // where the nodes are after it
  predicate split_places(struct tree_state b, struct tree_state t, integer p, integer x, integer z,
    integer cut) =
    same_place(t, b, p) && t.rows.level[x] == b.rows.level[x] && t.node.in[x] == 1 && t.node.lo[x] == b.node.lo[x] &&
    t.node.hi[x] == b.rows.key[x].v[cut] - 1 && t.rows.level[z] == b.rows.level[x] && t.node.in[z] == 1 &&
      t.node.lo[z] == b.rows.key[x].v[cut] &&
    t.node.hi[z] == b.node.hi[x] && t.object.capacity == b.object.capacity && t.object.root == b.object.root;
  predicate split_counts(struct tree_state b, struct tree_state t, integer p, integer x, integer z,
    integer cut) =
    t.rows.count[x] == cut && t.rows.count[z] == b.rows.count[x] - cut && t.rows.count[p] == b.rows.count[p] + 1;
  predicate split_bounds(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    t.node.most[p] == b.node.most[p] && t.node.longest[p] == b.node.longest[p] && t.node.most[x] == b.node.most[x] &&
    t.node.longest[x] == b.node.longest[x] && t.node.most[z] == b.node.most[x] &&
    t.node.longest[z] == b.node.longest[x];

  // and their rows: x keeps its own, z has what was behind the cut,
  predicate split_left(struct tree_state b, struct tree_state t, integer x, integer cut) =
    \forall integer j; 0 <= j < cut ==>
      t.rows.key[x].v[j] == b.rows.key[x].v[j] && t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
      t.rows.bin[x].v[j] == b.rows.bin[x].v[j] &&
      t.rows.child[x].v[j] == b.rows.child[x].v[j];
  predicate split_right(struct tree_state b, struct tree_state t, integer x, integer z, integer cut) =
    \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
      t.rows.key[z].v[j] == b.rows.key[x].v[j + cut] && t.rows.tag[z].v[j] == b.rows.tag[x].v[j + cut] &&
      t.rows.bin[z].v[j] == b.rows.bin[x].v[j + cut] &&
      (b.rows.level[x] > 0 ==> t.rows.child[z].v[j] == b.rows.child[x].v[j + cut]);
  // p has z behind x
  predicate split_parent(struct tree_state b, struct tree_state t, integer p, integer slot, integer x,
    integer z,
                         integer cut) =
    t.rows.key[p].v[slot + 1] == b.rows.key[x].v[cut] && t.rows.child[p].v[slot] == x &&
    t.rows.child[p].v[slot + 1] == z &&
    (\forall integer j; 0 <= j <= slot ==>
      t.rows.key[p].v[j] == b.rows.key[p].v[j] && t.rows.child[p].v[j] == b.rows.child[p].v[j]) &&
    (\forall integer j; slot + 1 < j <= b.rows.count[p] ==>
      t.rows.key[p].v[j] == b.rows.key[p].v[j - 1] && t.rows.child[p].v[j] == b.rows.child[p].v[j - 1]);
  predicate split_summary(struct tree_state b, struct tree_state t, integer p, integer slot) =
    (\forall integer j; 0 <= j < slot ==> t.rows.tag[p].v[j] == b.rows.tag[p].v[j] &&
    t.rows.bin[p].v[j] == b.rows.bin[p].v[j]) &&
    (\forall integer j; slot + 1 < j <= b.rows.count[p] ==>
      t.rows.tag[p].v[j] == b.rows.tag[p].v[j - 1] && t.rows.bin[p].v[j] == b.rows.bin[p].v[j - 1]);

  // both entries have at least the summary that x had
  predicate split_tops(struct tree_state b, struct tree_state t, integer p, integer slot) =
    t.rows.tag[p].v[slot] == b.rows.tag[p].v[slot] && t.rows.bin[p].v[slot] == b.rows.bin[p].v[slot] &&
    t.rows.tag[p].v[slot + 1] == b.rows.tag[p].v[slot] && t.rows.bin[p].v[slot + 1] == b.rows.bin[p].v[slot];
*/

/* What the tree before tells of the three nodes. */
/*@ ghost
/@ requires kids: kids_in(b, p);
 @ requires sorted: sorted_in(b, x);
 @ requires bounds: bounds_in(b, x);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures facts: split_facts(b, p, slot, x, z, cut); @/
static void lemma_split_facts(struct tree_state b, uint32_t p, uint32_t slot,
                              uint32_t x, uint32_t z, uint32_t cut)
{
  /@ assert kid: kid_in(b, p, slot, x); @/
  /@ assert inside: b.node.lo[x] == b.rows.key[x].v[0] && b.rows.key[x].v[cut] <= b.node.hi[x]; @/
}
*/

/* Shape, order and bounds of the three. */
/*@ ghost
/@ requires before: shape_in(b, p, levels) && shape_in(b, x, levels);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: shape(x, levels);
 @ ensures right: shape(z, levels);
 @ ensures parent: shape(p, levels); @/
static void lemma_split_shape(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot,
                              uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* The halves are in order, */
/*@ ghost
/@ requires before: sorted_in(b, x);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires left: split_left(b, tree, x, cut);
 @ requires right: split_right(b, tree, x, z, cut);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: sorted(x);
 @ ensures right: sorted(z); @/
static void lemma_split_sorted_halves(struct tree_state b, uint32_t p, uint32_t slot,
                                      uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* and the parent. */
/*@ ghost
/@ requires before: sorted_in(b, p);
 @ requires child: b.node.lo[x] == b.rows.key[p].v[slot] &&
 @   (slot + 1 < b.rows.count[p] ==> b.node.hi[x] < b.rows.key[p].v[slot + 1]);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires parent: split_parent(b, tree, p, slot, x, z, cut);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: sorted(p); @/
static void lemma_split_sorted_parent(struct tree_state b, uint32_t p, uint32_t slot,
                                      uint32_t x, uint32_t z, uint32_t cut)
{
  /@ assert below: \forall integer j; 0 <= j <= slot ==> mirror_key[p].v[j] < mirror_key[p].v[slot + 1]; @/
  /@ assert above: \forall integer j; slot + 1 < j < mirror_count[p] ==>
       mirror_key[p].v[slot + 1] < mirror_key[p].v[j]; @/
  /@ assert lower: \forall integer i, j; 0 <= i < j <= slot ==> mirror_key[p].v[i] < mirror_key[p].v[j]; @/
  /@ assert upper: \forall integer i, j; slot + 1 < i < j < mirror_count[p] ==>
       mirror_key[p].v[i] < mirror_key[p].v[j]; @/
}
*/

/* Bounds. */
/*@ ghost
/@ requires before: bounds_in(b, x) && bounds_in(b, p) && sorted_in(b, x);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires inside: b.node.lo[p] <= b.node.lo[x] && b.node.hi[x] <= b.node.hi[p];
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires left: split_left(b, tree, x, cut);
 @ requires right: split_right(b, tree, x, z, cut);
 @ requires parent: split_parent(b, tree, p, slot, x, z, cut);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: bounds(x);
 @ ensures right: bounds(z);
 @ ensures parent: bounds(p); @/
static void lemma_split_bounds(struct tree_state b, uint32_t p, uint32_t slot,
                               uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* Children of the halves, */
/*@ ghost
/@ requires before: kids_in(b, x);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires left: split_left(b, tree, x, cut);
 @ requires right: split_right(b, tree, x, z, cut);
 @ requires stay: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
     same_place(tree, b, b.rows.child[x].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: kids(x);
 @ ensures right: kids(z); @/
static void lemma_split_kids_halves(struct tree_state b, uint32_t p, uint32_t slot,
                                    uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* and of the parent. */
/*@ ghost
/@ requires before: kids_in(b, p);
 @ requires order: sorted_in(b, p);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires parent: split_parent(b, tree, p, slot, x, z, cut);
 @ requires stay: \forall integer j; 0 <= j < b.rows.count[p] && j != slot ==>
     same_place(tree, b, b.rows.child[p].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: kids(p); @/
static void lemma_split_kids_parent(struct tree_state b, uint32_t p, uint32_t slot,
                                    uint32_t x, uint32_t z, uint32_t cut)
{
  /@ assert below: \forall integer j; 0 <= j < slot ==> kid(p, j, mirror_child[p].v[j]); @/
  /@ assert at_left: kid(p, slot, x); @/
  /@ assert at_right: kid(p, slot + 1, z); @/
  /@ assert was: \forall integer j; slot + 1 < j < mirror_count[p] ==>
       kid_in(b, p, j - 1, mirror_child[p].v[j]); @/
  /@ assert moved: \forall integer j; slot + 1 < j < mirror_count[p] ==>
       same_place(tree, b, mirror_child[p].v[j]); @/
  /@ assert end: \forall integer j; slot + 1 < j < mirror_count[p] ==>
       ends_in(tree, p, j, node_hi[mirror_child[p].v[j]], node_hi[p]); @/
  /@ assert above: \forall integer j; slot + 1 < j < mirror_count[p] ==> kid(p, j, mirror_child[p].v[j]); @/
}
*/

/* What the halves of a leaf say of the map. */
/*@ ghost
/@ requires hits: leaf_hits_in(b, x);
 @ requires gaps: leaf_gaps_in(b, x);
 @ requires bins: leaf_bins_in(b, x);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires counts: split_counts(b, tree, p, x, z, cut);
 @ requires left: split_left(b, tree, x, cut);
 @ requires right: split_right(b, tree, x, z, cut);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits_left: leaf_hits(x);
 @ ensures hits_right: leaf_hits(z);
 @ ensures gaps_left: leaf_gaps(x);
 @ ensures gaps_right: leaf_gaps(z);
 @ ensures bins_left: leaf_bins(x);
 @ ensures bins_right: leaf_bins(z); @/
static void lemma_split_leaves(struct tree_state b, uint32_t p, uint32_t slot,
                               uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* Bounds of what is below. */
/*@ ghost
/@ requires tags: tags_below_in(b, x) && tags_below_in(b, p);
 @ requires spans: spans_below_in(b, x) && spans_below_in(b, p);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires bounds: split_bounds(b, tree, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: tags_below(x) && tags_below(z) && tags_below(p);
 @ ensures spans: spans_below(x) && spans_below(z) && spans_below(p); @/
static void lemma_split_below(struct tree_state b, uint32_t p, uint32_t slot,
                              uint32_t x, uint32_t z, uint32_t cut)
{
}
*/

/* Nodes of one level are apart. */
/*@ ghost
/@ requires before: all_apart_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires places: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart; @/
static void lemma_split_apart(struct tree_state b, uint32_t p, uint32_t slot,
                              uint32_t x, uint32_t z, uint32_t cut)
{
  /@ assert mine: node_is_in(b, p) && node_is_in(b, x) && mirror_level[p] == b.rows.level[p]; @/
  /@ assert rest: \forall integer y; node_is(y) && y != p && y != x && y != z ==> same_place(tree, b, y); @/
  /@ assert old: \forall integer y; node_is(y) && y != z ==>
       node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert place: \forall integer y; node_is(y) && y != z && y != x ==> same_place(tree, b, y); @/
  /@ assert pair: apart_in(tree, x, z); @/
  /@ assert was: \forall integer y; node_is(y) && y != x && y != z && mirror_level[y] == mirror_level[x] ==>
       apart_in(b, x, y); @/
  /@ assert left: \forall integer y; node_is(y) && y != x && y != z && mirror_level[y] == mirror_level[x] ==>
       apart_in(tree, x, y); @/
  /@ assert right: \forall integer y; node_is(y) && y != x && y != z && mirror_level[y] == mirror_level[x] ==>
       apart_in(tree, z, y); @/
  /@ assert both: \forall integer y, w;
       node_is(y) && node_is(w) && y != w && y != x && y != z && w != x && w != z &&
       mirror_level[y] == mirror_level[w] ==> apart_in(b, y, w); @/
  /@ assert others: \forall integer y, w;
       node_is(y) && node_is(w) && y != w && y != x && y != z && w != x && w != z &&
       mirror_level[y] == mirror_level[w] ==> apart_in(tree, y, w); @/
}
*/

/* The root. */
/*@ ghost
/@ requires root: root_ok_in(b);
 @ requires under: all_under_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut);
 @ requires places: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures under: all_under; @/
static void lemma_split_root(struct tree_state b, uint32_t p, uint32_t slot,
                             uint32_t x, uint32_t z, uint32_t cut)
{
  /@ assert mine: node_is_in(b, p) && node_is_in(b, x) && mirror_level[p] == b.rows.level[p]; @/
  /@ assert rest: \forall integer y; node_is(y) && y != p && y != x && y != z ==> same_place(tree, b, y); @/
  /@ assert old: \forall integer y; node_is(y) && y != z ==>
       node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert same: b.object.root != x && b.object.root != z; @/
  /@ assert level: mirror_level[b.object.root] == b.rows.level[b.object.root]; @/
  /@ assert place: same_place(tree, b, b.object.root); @/
  /@ assert covers: node_lo[b.object.root] == 0 && node_hi[b.object.root] == TREE_TOP; @/
}
*/

/* The parts of split_note: shape, order, bounds; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires inside: b.node.lo[p] <= b.node.lo[x] && b.node.hi[x] <= b.node.hi[p];
 @ requires next: slot + 1 < b.rows.count[p] ==> b.node.hi[x] < b.rows.key[p].v[slot + 1];
 @ requires places: split_places(b, tree, p, x, z, cut) && same_places(tree, b, p, x, z);
 @ requires counts: split_counts(b, tree, p, x, z, cut) && same_counts(tree, b, p, x, z);
 @ requires rows: split_left(b, tree, x, cut) && split_right(b, tree, x, z, cut) &&
     split_parent(b, tree, p, slot, x, z, cut);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds; @/
static void split_note_order(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
  uint32_t z,
                       uint32_t cut)
{
  lemma_split_shape(b, levels, p, slot, x, z, cut);
  lemma_edit_shape(b, levels, p, x, z);
  lemma_split_sorted_halves(b, p, slot, x, z, cut);
  lemma_split_sorted_parent(b, p, slot, x, z, cut);
  lemma_edit_sorted(b, p, x, z);
  lemma_split_bounds(b, p, slot, x, z, cut);
  lemma_edit_bounds(b, p, x, z);
}
*/

/* children; */
/*@ ghost
/@ requires before: all_kids_in(b) && all_apart_in(b) && all_bounds_in(b) && all_shape_in(b, levels) &&
     all_sorted_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut) && same_places(tree, b, p, x, z);
 @ requires counts: split_counts(b, tree, p, x, z, cut) && same_counts(tree, b, p, x, z);
 @ requires rows: split_left(b, tree, x, cut) && split_right(b, tree, x, z, cut) &&
     split_parent(b, tree, p, slot, x, z, cut);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: all_kids; @/
static void split_note_kids(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
  uint32_t z,
                       uint32_t cut)
{
  lemma_edit_alone(b, levels, p, x, slot);
  /@ assert not_x: \forall integer y, j;
       node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] && !(y == p && j == slot) ==>
       b.rows.child[y].v[j] != x; @/
  /@ assert stay: \forall integer y, j;
       node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] && !(y == p && j == slot) ==>
       same_place(tree, b, b.rows.child[y].v[j]); @/
  lemma_split_kids_halves(b, p, slot, x, z, cut);
  lemma_split_kids_parent(b, p, slot, x, z, cut);
  lemma_edit_kids(b, p, x, z);
}
*/

/* what is said of runs; */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b) && all_tags_in(b) && all_spans_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut) && same_places(tree, b, p, x, z);
 @ requires counts: split_counts(b, tree, p, x, z, cut) && same_counts(tree, b, p, x, z);
 @ requires bounds: split_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: split_left(b, tree, x, cut) && split_right(b, tree, x, z, cut);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: all_hits;
 @ ensures gaps: all_gaps;
 @ ensures bins: all_bins;
 @ ensures tags: all_tags;
 @ ensures spans: all_spans; @/
static void split_note_runs(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
  uint32_t z,
                       uint32_t cut)
{
  lemma_split_leaves(b, p, slot, x, z, cut);
  lemma_split_below(b, p, slot, x, z, cut);
  lemma_edit_hits(b, p, x, z);
  lemma_edit_gaps(b, p, x, z);
  lemma_edit_bins(b, p, x, z);
  lemma_edit_tags(b, p, x, z);
  lemma_edit_spans(b, p, x, z);
}
*/

/* summaries. */
/*@ ghost
/@ requires before: all_covers_in(b) && all_kids_in(b);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires places: split_places(b, tree, p, x, z, cut) && same_places(tree, b, p, x, z);
 @ requires counts: split_counts(b, tree, p, x, z, cut) && same_counts(tree, b, p, x, z);
 @ requires bounds: split_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: split_left(b, tree, x, cut) && split_right(b, tree, x, z, cut) &&
     split_parent(b, tree, p, slot, x, z, cut);
 @ requires summary: split_summary(b, tree, p, slot) && split_tops(b, tree, p, slot);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void split_note_covers(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
  uint32_t z,
                       uint32_t cut)
{
  /@ assert old: \forall integer y; node_is_in(b, y) ==>
       node_most[y] == b.node.most[y] && node_longest[y] == b.node.longest[y]; @/
  /@ assert was: covers_in(b, p) && covers_in(b, x) && kids_in(b, x) && kids_in(b, p); @/
  /@ assert left: covers(x); @/
  /@ assert right: covers(z); @/
  /@ assert parent_below: \forall integer j; 0 <= j < slot ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j]; @/
  /@ assert parent_above: \forall integer j; slot + 1 < j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j]; @/
  /@ assert kids: mirror_child[p].v[slot] == x && mirror_child[p].v[slot + 1] == z; @/
  /@ assert parent_left: node_most[x] <= mirror_tag[p].v[slot] && node_longest[x] <= mirror_bin[p].v[slot]; @/
  /@ assert parent_right: node_most[z] <= mirror_tag[p].v[slot + 1] &&
       node_longest[z] <= mirror_bin[p].v[slot + 1]; @/
  /@ assert parent_all: \forall integer j; 0 <= j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j]; @/
  /@ assert parent: covers(p); @/
  lemma_edit_covers(b, p, x, z);
}
*/

/* The split is done in the rows: say what it means. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires from: split_from(b, p, slot, x, z, cut);
 @ requires facts: split_facts(b, p, slot, x, z, cut);
 @ requires taken: mirror_capacity == b.object.capacity && mirror_root == b.object.root && pool_taken[z] == 1 &&
     \forall integer y; 0 <= y < TREE_NODES && y != z ==> pool_taken[y] == b.pool.taken[y];
 @ requires levels: mirror_level[z] == b.rows.level[x] &&
     \forall integer y; 0 <= y < TREE_NODES && y != z ==> mirror_level[y] == b.rows.level[y];
 @ requires places: \forall integer y; 0 <= y < TREE_NODES ==>
     node_lo[y] == b.node.lo[y] && node_hi[y] == b.node.hi[y] && node_in[y] == b.node.in[y] &&
     node_most[y] == b.node.most[y] &&
     node_longest[y] == b.node.longest[y];
 @ requires counts: split_counts(b, tree, p, x, z, cut) && same_counts(tree, b, p, x, z);
 @ requires left: split_left(b, tree, x, cut);
 @ requires keys_right: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
     mirror_key[z].v[j] == b.rows.key[x].v[j + cut];
 @ requires tags_right: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
     mirror_tag[z].v[j] == b.rows.tag[x].v[j + cut];
 @ requires bins_right: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
     mirror_bin[z].v[j] == b.rows.bin[x].v[j + cut];
 @ requires children_right: b.rows.level[x] > 0 ==>
     \forall integer j; 0 <= j < b.rows.count[x] - cut ==> mirror_child[z].v[j] == b.rows.child[x].v[j + cut];
 @ requires rows: split_parent(b, tree, p, slot, x, z, cut);
 @ requires summary: split_summary(b, tree, p, slot);
 @ requires tops: split_tops(b, tree, p, slot);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false;
 @ assigns node_lo[z], node_hi[z], node_hi[x], node_in[z], node_most[z], node_longest[z];
 @ ensures tree: tree_ok(levels);
 @ ensures parent: same_place(tree, b, p);
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void split_note(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
  uint32_t z,
                       uint32_t cut)
{
  /@ assert right: split_right(b, tree, x, z, cut); @/
  node_lo[z] = mirror_key[z].v[0];
  node_hi[z] = node_hi[x];
  node_hi[x] = mirror_key[z].v[0] - 1;
  node_in[z] = 1;
  node_most[z] = node_most[x];
  node_longest[z] = node_longest[x];
  /@ assert first: mirror_key[z].v[0] == b.rows.key[x].v[cut]; @/
  /@ assert places: split_places(b, tree, p, x, z, cut); @/
  /@ assert same: same_places(tree, b, p, x, z); @/
  /@ assert bounds: split_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z); @/
  /@ assert inside: b.node.lo[p] <= b.node.lo[x] && b.node.hi[x] <= b.node.hi[p]; @/
  split_note_order(b, levels, p, slot, x, z, cut);
  split_note_kids(b, levels, p, slot, x, z, cut);
  split_note_runs(b, levels, p, slot, x, z, cut);
  split_note_covers(b, levels, p, slot, x, z, cut);
  lemma_split_apart(b, p, slot, x, z, cut);
  lemma_split_root(b, p, slot, x, z, cut);
  /@ assert taken: all_taken; @/
}
*/

#endif
