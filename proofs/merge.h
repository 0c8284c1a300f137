/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_MERGE_H
#define PROOFS_MERGE_H

/*
 * Merging two nodes: child x at slot of p gets the entries of its right
 * neighbour z, which leaves the tree. From the tree before (b) and what the
 * merge did to the rows follow the invariants of p and x; edit.h has what
 * follows for all. Annotations only.
 */

#include "edit.h"

/*@
  // the merge can be done
  predicate merge_from(struct tree_state b, integer p, integer slot, integer x, integer z) =
    node_is_in(b, p) && b.rows.level[p] > 0 && 0 <= slot && slot + 1 < b.rows.count[p] <= MEM_ALLOC_FAN_OUT &&
    x == b.rows.child[p].v[slot] && z == b.rows.child[p].v[slot + 1] &&
    1 <= b.rows.count[x] && 1 <= b.rows.count[z] && b.rows.count[x] + b.rows.count[z] <= MEM_ALLOC_FAN_OUT;

  // two neighbours: what is known of them and their parent
  predicate pair_facts(struct tree_state b, integer p, integer slot, integer x, integer z) =
    kid_in(b, p, slot, x) && kid_in(b, p, slot + 1, z) && p != x && p != z && x != z &&
    b.node.hi[x] + 1 == b.node.lo[z] && b.node.lo[x] <= b.node.hi[x] && b.node.lo[z] <= b.node.hi[z] &&
    b.rows.key[z].v[0] == b.node.lo[z] &&
    b.node.lo[p] <= b.node.lo[x] && b.node.hi[z] <= b.node.hi[p];

  // the nodes of b above a level are nodes of t, at the same places and as full
  predicate all_above(struct tree_state t, struct tree_state b, integer level) =
    \forall integer y; node_is_in(b, y) && b.rows.level[y] > level ==>
      same_place(t, b, y) && t.rows.count[y] == b.rows.count[y];
  // the child of p at slot covers [low, high], and has two entries
  predicate thick_at(struct tree_state t, integer p, integer slot, integer low, integer high) =
    0 <= slot < t.rows.count[p] && t.rows.key[p].v[slot] <= low && (slot + 1 < t.rows.count[p] ==>
        high < t.rows.key[p].v[slot + 1]) &&
    t.rows.count[t.rows.child[p].v[slot]] >= 2;
  // the child of p at slot has a single entry, or is an inner node that is to be merged with a neighbour
  predicate thin_at(struct tree_state t, integer p, integer slot) =
    t.rows.count[t.rows.child[p].v[slot]] == 1 ||
    (t.rows.level[t.rows.child[p].v[slot]] > 0 && slot > 0 &&
      t.rows.count[t.rows.child[p].v[slot - 1]] + t.rows.count[t.rows.child[p].v[slot]] <= MEM_ALLOC_FAN_OUT / 2) ||
    (t.rows.level[t.rows.child[p].v[slot]] > 0 && slot + 1 < t.rows.count[p] &&
      t.rows.count[t.rows.child[p].v[slot]] + t.rows.count[t.rows.child[p].v[slot + 1]] <= MEM_ALLOC_FAN_OUT / 2);

  // where the nodes are after it
  predicate merge_places(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    same_place(t, b, p) && t.rows.level[x] == b.rows.level[x] && t.node.in[x] == 1 && t.node.lo[x] == b.node.lo[x] &&
    t.node.hi[x] == b.node.hi[z] && t.node.in[z] == 0 && t.object.capacity == b.object.capacity &&
    t.object.root == b.object.root;
  predicate merge_counts(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    t.rows.count[x] == b.rows.count[x] + b.rows.count[z] && t.rows.count[p] == b.rows.count[p] - 1;
  predicate merge_bounds(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    t.node.most[p] == b.node.most[p] && t.node.longest[p] == b.node.longest[p] &&
    t.node.most[x] == (b.node.most[x] < b.node.most[z] ? b.node.most[z] : b.node.most[x]) &&
    t.node.longest[x] == (b.node.longest[x] < b.node.longest[z] ? b.node.longest[z] : b.node.longest[x]);

  // and their rows: x keeps its own, and has those of z behind them,
  predicate merge_left(struct tree_state b, struct tree_state t, integer x) =
    \forall integer j; 0 <= j < b.rows.count[x] ==>
      t.rows.key[x].v[j] == b.rows.key[x].v[j] && t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
      t.rows.bin[x].v[j] == b.rows.bin[x].v[j] &&
      (b.rows.level[x] > 0 ==> t.rows.child[x].v[j] == b.rows.child[x].v[j]);
  predicate merge_right(struct tree_state b, struct tree_state t, integer x, integer z) =
    \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
      t.rows.key[x].v[j] == b.rows.key[z].v[j - b.rows.count[x]] &&
      t.rows.tag[x].v[j] == b.rows.tag[z].v[j - b.rows.count[x]] &&
      t.rows.bin[x].v[j] == b.rows.bin[z].v[j - b.rows.count[x]] &&
      (b.rows.level[x] > 0 ==> t.rows.child[x].v[j] == b.rows.child[z].v[j - b.rows.count[x]]);
  // p lost its entry for z
  predicate merge_parent(struct tree_state b, struct tree_state t, integer p, integer slot) =
    (\forall integer j; 0 <= j <= slot ==> t.rows.key[p].v[j] == b.rows.key[p].v[j] &&
        t.rows.child[p].v[j] == b.rows.child[p].v[j]) &&
    (\forall integer j; slot < j < b.rows.count[p] - 1 ==>
      t.rows.key[p].v[j] == b.rows.key[p].v[j + 1] && t.rows.child[p].v[j] == b.rows.child[p].v[j + 1]);
  predicate merge_summary(struct tree_state b, struct tree_state t, integer p, integer slot) =
    (\forall integer j; 0 <= j < slot ==> t.rows.tag[p].v[j] == b.rows.tag[p].v[j] &&
    t.rows.bin[p].v[j] == b.rows.bin[p].v[j]) &&
    (\forall integer j; slot < j < b.rows.count[p] - 1 ==>
      t.rows.tag[p].v[j] == b.rows.tag[p].v[j + 1] && t.rows.bin[p].v[j] == b.rows.bin[p].v[j + 1]);
  // and the one for x covers both
  predicate merge_tops(struct tree_state b, struct tree_state t, integer p, integer slot) =
    t.rows.tag[p].v[slot] == (b.rows.tag[p].v[slot] < b.rows.tag[p].v[slot + 1] ? b.rows.tag[p].v[slot + 1] :
    b.rows.tag[p].v[slot]) &&
    t.rows.bin[p].v[slot] == (b.rows.bin[p].v[slot] < b.rows.bin[p].v[slot + 1] ? b.rows.bin[p].v[slot + 1] :
    b.rows.bin[p].v[slot]);
*/

/* What the tree before tells of two neighbours. */
/*@ ghost
/@ requires kids: kids_in(b, p);
 @ requires sorted: sorted_in(b, p);
 @ requires bounds: all_bounds_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires node: node_is_in(b, p) && b.rows.level[p] > 0 && slot + 1 < b.rows.count[p];
 @ requires nodes: x == b.rows.child[p].v[slot] && z == b.rows.child[p].v[slot + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures facts: pair_facts(b, p, slot, x, z); @/
static void lemma_pair_facts(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  uint32_t next = slot + 1;
  uint32_t after = slot + 2;
  /@ assert left: kid_in(b, p, slot, x); @/
  /@ assert right: kid_in(b, p, next, z); @/
  /@ assert order: b.rows.key[p].v[slot] < b.rows.key[p].v[next]; @/
  /@ assert meet: b.node.hi[x] == b.rows.key[p].v[next] - 1; @/
  /@ assert parent: bounds_in(b, p); @/
  /@ assert end: after < b.rows.count[p] ==> b.node.hi[z] == b.rows.key[p].v[after] - 1 &&
   @   b.rows.key[p].v[after] <= b.node.hi[p]; @/
}
*/

/* What it tells of one child. */
/*@ ghost
/@ requires kids: all_kids_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires node: node_is_in(b, p) && b.rows.level[p] > 0 && slot < b.rows.count[p];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kid: kid_in(b, p, slot, b.rows.child[p].v[slot]);
 @ ensures low: b.node.lo[b.rows.child[p].v[slot]] == b.rows.key[p].v[slot] <= b.node.hi[b.rows.child[p].v[slot]] <=
 @   b.node.hi[p];
 @ ensures high: slot + 1 < b.rows.count[p] ==> b.node.hi[b.rows.child[p].v[slot]] < b.rows.key[p].v[slot + 1];
 @ ensures count: 1 <= b.rows.count[b.rows.child[p].v[slot]] <= MEM_ALLOC_FAN_OUT; @/
static void lemma_slot_facts(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot)
{
  uint32_t next = slot + 1;
  /@ assert kid: kid_in(b, p, slot, b.rows.child[p].v[slot]); @/
  /@ assert meet: next < b.rows.count[p] ==> b.node.hi[b.rows.child[p].v[slot]] == b.rows.key[p].v[next] - 1 &&
      b.rows.key[p].v[next] <= b.node.hi[p]; @/
}
*/

/* The child before whose right neighbour an address lies covers it, if p does. */
/*@ ghost
/@ requires kids: kids_in(t, p);
 @ requires node: t.rows.level[p] > 0 && slot < t.rows.count[p] && address <= t.node.hi[p];
 @ requires next: slot + 1 < t.rows.count[p] ==> address < t.rows.key[p].v[slot + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures here: address <= t.node.hi[t.rows.child[p].v[slot]]; @/
static void lemma_child_covers(struct tree_state t, uint32_t p, uint32_t slot, uint64_t address)
{
  uint32_t next = slot + 1;
  /@ assert kid: kid_in(t, p, slot, t.rows.child[p].v[slot]); @/
  /@ assert meet: next < t.rows.count[p] ==> t.node.hi[t.rows.child[p].v[slot]] == t.rows.key[p].v[next] - 1; @/
}
*/

/* If the child that covers [low, high] has two entries, so has the one in whose part an address of it is. */
/*@ ghost
/@ requires sorted: sorted_in(t, p);
 @ requires thick: thick_at(t, p, at, low, high) || thick_at(t, p, at - 1, low, high);
 @ requires inside: low <= address <= high;
 @ requires here: slot < t.rows.count[p] && t.rows.key[p].v[slot] <= address;
 @ requires next: slot + 1 < t.rows.count[p] ==> address < t.rows.key[p].v[slot + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures two: t.rows.count[t.rows.child[p].v[slot]] >= 2; @/
static void lemma_thick_here(struct tree_state t, uint32_t p, uint32_t at, uint64_t low, uint64_t high,
                             uint32_t slot, uint64_t address)
{
  /@ assert here: thick_at(t, p, at, low, high) ==> at == slot; @/
  /@ assert left: thick_at(t, p, at - 1, low, high) ==> at - 1 == slot; @/
}
*/

/* No other slot of any node has one of two neighbours. */
/*@ ghost
/@ requires before: all_kids_in(b) && all_apart_in(b) && all_bounds_in(b) && all_shape_in(b, levels);
 @ requires order: sorted_in(b, p);
 @ requires node: node_is_in(b, p) && b.rows.level[p] > 0 && slot + 1 < b.rows.count[p];
 @ requires nodes: x == b.rows.child[p].v[slot] && z == b.rows.child[p].v[slot + 1];
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures alone: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] &&
     !(y == p && (j == slot || j == slot + 1)) ==> b.rows.child[y].v[j] != x && b.rows.child[y].v[j] != z; @/
static void lemma_children_of_pair(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot,
    uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  lemma_edit_alone(b, levels, p, x, slot);
  lemma_edit_alone(b, levels, p, z, next);
  /@ assert own: \forall integer j; 0 <= j < b.rows.count[p] ==>
   @   b.node.lo[b.rows.child[p].v[j]] == b.rows.key[p].v[j]; @/
  /@ assert mine: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != next ==>
       b.rows.child[p].v[j] != x && b.rows.child[p].v[j] != z; @/
}
*/

/* Shape, */
/*@ ghost
/@ requires before: shape_in(b, p, levels) && shape_in(b, x, levels) && shape_in(b, z, levels);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: shape(x, levels);
 @ ensures parent: shape(p, levels); @/
static void lemma_merge_shape(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
}
*/

/* order, */
/*@ ghost
/@ requires before: sorted_in(b, p) && sorted_in(b, x) && sorted_in(b, z) && bounds_in(b, x) && bounds_in(b,
    z);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires left: merge_left(b, tree, x);
 @ requires right: merge_right(b, tree, x, z);
 @ requires parent: merge_parent(b, tree, p, slot);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: sorted(x);
 @ ensures parent: sorted(p); @/
static void lemma_merge_sorted(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert low: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_key[x].v[j] <= b.node.hi[x]; @/
  /@ assert high: \forall integer j; b.rows.count[x] <= j < mirror_count[x] ==> b.node.lo[z] <= mirror_key[x].v[j]; @/
}
*/

/* bounds. */
/*@ ghost
/@ requires before: bounds_in(b, p) && bounds_in(b, x) && bounds_in(b, z);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires left: merge_left(b, tree, x);
 @ requires right: merge_right(b, tree, x, z);
 @ requires parent: merge_parent(b, tree, p, slot);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: bounds(x);
 @ ensures parent: bounds(p); @/
static void lemma_merge_bounds(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert low: \forall integer j; 0 <= j < b.rows.count[x] ==> b.node.lo[x] <= mirror_key[x].v[j] <= b.node.hi[x]; @/
  /@ assert high: \forall integer j; b.rows.count[x] <= j < mirror_count[x] ==>
      b.node.lo[z] <= mirror_key[x].v[j] <= b.node.hi[z]; @/
}
*/

/* Children of the joined node, */
/*@ ghost
/@ requires before: kids_in(b, x) && kids_in(b, z);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires left: merge_left(b, tree, x);
 @ requires right: merge_right(b, tree, x, z);
 @ requires stay_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==> same_place(tree, b,
       b.rows.child[x].v[j]);
 @ requires stay_right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[z] ==> same_place(tree, b,
       b.rows.child[z].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: kids(x); @/
static void lemma_merge_kids_joined(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert was_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==> kid_in(b, x, j,
      mirror_child[x].v[j]); @/
  /@ assert end_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
       ends_in(tree, x, j, node_hi[mirror_child[x].v[j]], node_hi[x]); @/
  /@ assert left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==> kid(x, j,
      mirror_child[x].v[j]); @/
  /@ assert was_right: \forall integer j; b.rows.level[x] > 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       kid_in(b, z, j - b.rows.count[x], mirror_child[x].v[j]); @/
  /@ assert moved: \forall integer j; b.rows.level[x] > 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       same_place(tree, b, mirror_child[x].v[j]); @/
  /@ assert end_right: \forall integer j; b.rows.level[x] > 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       ends_in(tree, x, j, node_hi[mirror_child[x].v[j]], node_hi[x]); @/
  /@ assert right: \forall integer j; b.rows.level[x] > 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       kid(x, j, mirror_child[x].v[j]); @/
}
*/

/* and of the parent. */
/*@ ghost
/@ requires before: kids_in(b, p);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires parent: merge_parent(b, tree, p, slot);
 @ requires stay: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     same_place(tree, b, b.rows.child[p].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: kids(p); @/
static void lemma_merge_kids_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  /@ assert was_below: \forall integer j; 0 <= j < slot ==> kid_in(b, p, j, mirror_child[p].v[j]); @/
  /@ assert kept: \forall integer j; 0 <= j < slot ==> same_place(tree, b, mirror_child[p].v[j]); @/
  /@ assert end_below: \forall integer j; 0 <= j < slot ==>
       ends_in(tree, p, j, node_hi[mirror_child[p].v[j]], node_hi[p]); @/
  /@ assert below: \forall integer j; 0 <= j < slot ==> kid(p, j, mirror_child[p].v[j]); @/
  /@ assert old: kid_in(b, p, next, z); @/
  /@ assert at: kid(p, slot, x); @/
  /@ assert was: \forall integer j; slot < j < mirror_count[p] ==> kid_in(b, p, j + 1,
      mirror_child[p].v[j]); @/
  /@ assert moved: \forall integer j; slot < j < mirror_count[p] ==> same_place(tree, b,
      mirror_child[p].v[j]); @/
  /@ assert end: \forall integer j; slot < j < mirror_count[p] ==>
       ends_in(tree, p, j, node_hi[mirror_child[p].v[j]], node_hi[p]); @/
  /@ assert above: \forall integer j; slot < j < mirror_count[p] ==> kid(p, j, mirror_child[p].v[j]); @/
}
*/

/* What a joined leaf says of the map. */
/*@ ghost
/@ requires hits: leaf_hits_in(b, x) && leaf_hits_in(b, z);
 @ requires gaps: leaf_gaps_in(b, x) && leaf_gaps_in(b, z);
 @ requires bins: leaf_bins_in(b, x) && leaf_bins_in(b, z);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires left: merge_left(b, tree, x);
 @ requires right: merge_right(b, tree, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x);
 @ ensures gaps: leaf_gaps(x);
 @ ensures bins: leaf_bins(x); @/
static void lemma_merge_leaf(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert end_left: \forall integer j; b.rows.level[x] == 0 && 0 <= j < b.rows.count[x] ==>
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
  /@ assert was_right: \forall integer j; b.rows.level[x] == 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       ends_in(b, z, j - b.rows.count[x], run_last(mirror_key[x].v[j]), node_hi[x]); @/
  /@ assert end_right: \forall integer j; b.rows.level[x] == 0 && b.rows.count[x] <= j < mirror_count[x] ==>
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
}
*/

/* Bounds of what is below. */
/*@ ghost
/@ requires tags: tags_below_in(b, x) && tags_below_in(b, z) && tags_below_in(b, p);
 @ requires spans: spans_below_in(b, x) && spans_below_in(b, z) && spans_below_in(b, p);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires bounds: merge_bounds(b, tree, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: tags_below(x) && tags_below(p);
 @ ensures spans: spans_below(x) && spans_below(p); @/
static void lemma_merge_below(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  lemma_bins();
}
*/

/* Nodes of one level are apart. */
/*@ ghost
/@ requires before: all_apart_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires others: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart; @/
static void lemma_merge_apart(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert rest: \forall integer y; node_is(y) && y != x ==> same_place(tree, b, y) && y != z; @/
  /@ assert old: \forall integer y; node_is(y) && y != x ==> node_is_in(b, y) &&
      mirror_level[y] == b.rows.level[y]; @/
  /@ assert mine: node_is_in(b, x) && node_is_in(b, z) && b.rows.level[z] == mirror_level[x]; @/
  /@ assert size: \forall integer y; node_is(y) && y != x ==> b.node.lo[y] <= b.node.hi[y]; @/
  /@ assert left: \forall integer y; node_is(y) && y != x && mirror_level[y] == mirror_level[x] ==>
      apart_in(b, x, y); @/
  /@ assert right: \forall integer y; node_is(y) && y != x && mirror_level[y] == mirror_level[x] ==>
      apart_in(b, z, y); @/
  /@ assert joined: \forall integer y; node_is(y) && y != x && mirror_level[y] == mirror_level[x] ==>
      apart_in(tree, x, y); @/
  /@ assert pairs: \forall integer y, w; node_is(y) && node_is(w) && y != x && w != x && y != w &&
       mirror_level[y] == mirror_level[w] ==> apart_in(b, y, w); @/
  /@ assert others: \forall integer y, w; node_is(y) && node_is(w) && y != x && w != x && y != w &&
       mirror_level[y] == mirror_level[w] ==> apart_in(tree, y, w); @/
}
*/

/* The root. */
/*@ ghost
/@ requires root: root_ok_in(b);
 @ requires under: all_under_in(b);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires others: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures under: all_under; @/
static void lemma_merge_root(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert rest: \forall integer y; node_is(y) && y != x ==> same_place(tree, b, y) && y != z; @/
  /@ assert old: \forall integer y; node_is(y) && y != x ==> node_is_in(b, y) &&
      mirror_level[y] == b.rows.level[y]; @/
  /@ assert mine: node_is_in(b, x) && mirror_level[x] == b.rows.level[x]; @/
  /@ assert high: b.rows.level[x] < b.rows.level[p] <= b.rows.level[b.object.root]; @/
  /@ assert same: b.object.root != x && b.object.root != z; @/
  /@ assert level: same_place(tree, b, b.object.root); @/
}
*/

/* Summaries in the joined node, */
/*@ ghost
/@ requires before: covers_in(b, x) && covers_in(b, z);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires left: merge_left(b, tree, x);
 @ requires right: merge_right(b, tree, x, z);
 @ requires stay_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
     node_most[b.rows.child[x].v[j]] == b.node.most[b.rows.child[x].v[j]] &&
     node_longest[b.rows.child[x].v[j]] == b.node.longest[b.rows.child[x].v[j]];
 @ requires stay_right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[z] ==>
     node_most[b.rows.child[z].v[j]] == b.node.most[b.rows.child[z].v[j]] &&
     node_longest[b.rows.child[z].v[j]] == b.node.longest[b.rows.child[z].v[j]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: covers(x); @/
static void lemma_merge_covers_joined(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
}
*/

/* those of a node, taken apart at a slot, */
/*@ ghost
/@ requires below: \forall integer j; 0 <= j < slot ==>
     node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
     node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56;
 @ requires at: node_most[mirror_child[p].v[slot]] <= mirror_tag[p].v[slot] &&
     node_longest[mirror_child[p].v[slot]] <= mirror_bin[p].v[slot] <= FIT_BINS * 56;
 @ requires above: \forall integer j; slot < j < mirror_count[p] ==>
     node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
     node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: covers(p); @/
static void lemma_covers_around(uint32_t p, uint32_t slot)
{
  /@ assert all: \forall integer j; 0 <= j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
}
*/

/* and in the parent. */
/*@ ghost
/@ requires before: covers_in(b, p);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z);
 @ requires bounds: merge_bounds(b, tree, p, x, z);
 @ requires parent: merge_parent(b, tree, p, slot);
 @ requires summary: merge_summary(b, tree, p, slot);
 @ requires tops: merge_tops(b, tree, p, slot);
 @ requires stay: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     node_most[b.rows.child[p].v[j]] == b.node.most[b.rows.child[p].v[j]] &&
     node_longest[b.rows.child[p].v[j]] == b.node.longest[b.rows.child[p].v[j]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: covers(p); @/
static void lemma_merge_covers_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  /@ assert old: b.node.most[z] <= b.rows.tag[p].v[next] && b.node.longest[z] <= b.rows.bin[p].v[next]; @/
  /@ assert at: node_most[x] <= mirror_tag[p].v[slot] &&
      node_longest[x] <= mirror_bin[p].v[slot] <= FIT_BINS * 56; @/
  /@ assert here: x == mirror_child[p].v[slot]; @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
  /@ assert above: \forall integer j; slot < j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
  lemma_covers_around(p, slot);
}
*/

/* The parts of merge_note: shape, order, bounds; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: merge_left(b, tree, x) && merge_right(b, tree, x, z) && merge_parent(b, tree, p, slot);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds; @/
static void merge_note_order(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z) && !node_is(z); @/
  lemma_merge_shape(b, levels, p, slot, x, z);
  lemma_edit_shape(b, levels, p, x, z);
  lemma_merge_sorted(b, p, slot, x, z);
  lemma_edit_sorted(b, p, x, z);
  lemma_merge_bounds(b, p, slot, x, z);
  lemma_edit_bounds(b, p, x, z);
}
*/

/* children; */
/*@ ghost
/@ requires before: all_kids_in(b) && all_apart_in(b) && all_bounds_in(b) && all_shape_in(b, levels) &&
    all_sorted_in(b);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: merge_left(b, tree, x) && merge_right(b, tree, x, z) && merge_parent(b, tree, p, slot);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: all_kids; @/
static void merge_note_kids(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z) && !node_is(z); @/
  lemma_children_of_pair(b, levels, p, slot, x, z);
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] &&
       !(y == p && (j == slot || j == slot + 1)) ==> same_place(tree, b, b.rows.child[y].v[j]); @/
  lemma_merge_kids_joined(b, p, slot, x, z);
  lemma_merge_kids_parent(b, p, slot, x, z);
  lemma_edit_kids(b, p, x, z);
}
*/

/* what is said of runs; */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b) && all_tags_in(b) && all_spans_in(b);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires bounds: merge_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: merge_left(b, tree, x) && merge_right(b, tree, x, z);
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
static void merge_note_runs(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z) && !node_is(z) &&
      mirror_level[p] > 0; @/
  lemma_merge_leaf(b, p, slot, x, z);
  lemma_merge_below(b, p, slot, x, z);
  lemma_edit_hits(b, p, x, z);
  lemma_edit_gaps(b, p, x, z);
  lemma_edit_bins(b, p, x, z);
  lemma_edit_tags(b, p, x, z);
  lemma_edit_spans(b, p, x, z);
}
*/

/* summaries. */
/*@ ghost
/@ requires before: all_covers_in(b) && all_kids_in(b) && all_apart_in(b) && all_bounds_in(b) &&
    all_shape_in(b, levels);
 @ requires order: sorted_in(b, p);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: merge_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: merge_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires bounds: merge_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: merge_left(b, tree, x) && merge_right(b, tree, x, z) && merge_parent(b, tree, p, slot);
 @ requires summary: merge_summary(b, tree, p, slot) && merge_tops(b, tree, p, slot);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void merge_note_covers(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z) && !node_is(z); @/
  lemma_children_of_pair(b, levels, p, slot, x, z);
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] &&
       !(y == p && (j == slot || j == slot + 1)) ==>
       node_most[b.rows.child[y].v[j]] == b.node.most[b.rows.child[y].v[j]] &&
       node_longest[b.rows.child[y].v[j]] == b.node.longest[b.rows.child[y].v[j]]; @/
  /@ assert was: covers_in(b, p) && covers_in(b, x) && covers_in(b, z); @/
  lemma_merge_covers_joined(b, p, slot, x, z);
  lemma_merge_covers_parent(b, p, slot, x, z);
  lemma_edit_covers(b, p, x, z);
}
*/

/* What the edits did to the rows, put together: of x, */
/*@ ghost
/@ requires left_keys: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires left_tags: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_tag[x].v[j] == b.rows.tag[x].v[j];
 @ requires left_bins: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_bin[x].v[j] == b.rows.bin[x].v[j];
 @ requires left_children: b.rows.level[x] > 0 ==>
     \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_child[x].v[j] == b.rows.child[x].v[j];
 @ requires keys: \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
     mirror_key[x].v[j] == b.rows.key[z].v[j - b.rows.count[x]];
 @ requires tags: \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
     mirror_tag[x].v[j] == b.rows.tag[z].v[j - b.rows.count[x]];
 @ requires bins: \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
     mirror_bin[x].v[j] == b.rows.bin[z].v[j - b.rows.count[x]];
 @ requires children: b.rows.level[x] > 0 ==>
 @   \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
     mirror_child[x].v[j] == b.rows.child[z].v[j - b.rows.count[x]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: merge_left(b, tree, x);
 @ ensures right: merge_right(b, tree, x, z); @/
static void lemma_merge_rows(struct tree_state b, uint32_t x, uint32_t z)
{
}
*/

/* and of p. */
/*@ ghost
/@ requires keys_before: \forall integer j; 0 <= j <= slot ==> mirror_key[p].v[j] == b.rows.key[p].v[j];
 @ requires keys_behind: \forall integer j; slot < j < b.rows.count[p] - 1 ==>
       mirror_key[p].v[j] == b.rows.key[p].v[j + 1];
 @ requires children_before: \forall integer j; 0 <= j <= slot ==> mirror_child[p].v[j] == b.rows.child[p].v[j];
 @ requires children_behind: \forall integer j; slot < j < b.rows.count[p] - 1 ==>
     mirror_child[p].v[j] == b.rows.child[p].v[j + 1];
 @ requires tags_before: \forall integer j; 0 <= j < slot ==> mirror_tag[p].v[j] == b.rows.tag[p].v[j];
 @ requires tags_behind: \forall integer j; slot < j < b.rows.count[p] - 1 ==>
       mirror_tag[p].v[j] == b.rows.tag[p].v[j + 1];
 @ requires bins_before: \forall integer j; 0 <= j < slot ==> mirror_bin[p].v[j] == b.rows.bin[p].v[j];
 @ requires bins_behind: \forall integer j; slot < j < b.rows.count[p] - 1 ==>
       mirror_bin[p].v[j] == b.rows.bin[p].v[j + 1];
 @ requires raised: merge_tops(b, e, p, slot);
 @ requires top: mirror_tag[p].v[slot] == e.rows.tag[p].v[slot] && mirror_bin[p].v[slot] == e.rows.bin[p].v[slot];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: merge_parent(b, tree, p, slot);
 @ ensures summary: merge_summary(b, tree, p, slot);
 @ ensures tops: merge_tops(b, tree, p, slot); @/
static void lemma_merge_rows_parent(struct tree_state b, struct tree_state e, uint32_t p, uint32_t slot)
{
}
*/

/* Node x is the same in two states, as far as its entries go. */
/*@
  predicate same_rows_at(struct tree_state a, struct tree_state b, integer x) =
    a.rows.count[x] == b.rows.count[x] && a.rows.level[x] == b.rows.level[x] &&
    (\forall integer j; a.rows.key[x].v[j] == b.rows.key[x].v[j]) &&
    (\forall integer j; a.rows.tag[x].v[j] == b.rows.tag[x].v[j]) &&
    (\forall integer j; a.rows.bin[x].v[j] == b.rows.bin[x].v[j]) &&
    (\forall integer j; a.rows.child[x].v[j] == b.rows.child[x].v[j]);
*/

/* Steps before (from b to e) and after (from t on) that leave x and z alone leave that as it is. */
/*@ ghost
/@ requires left: merge_left(e, t, x);
 @ requires right: merge_right(e, t, x, z);
 @ requires before: same_rows_at(e, b, x) && same_rows_at(e, b, z);
 @ requires after: same_rows_at(tree, t, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: merge_left(b, tree, x);
 @ ensures right: merge_right(b, tree, x, z); @/
static void lemma_merge_rows_stay(struct tree_state b, struct tree_state e, struct tree_state t, uint32_t x,
                                  uint32_t z)
{
}
*/

/*@ ghost
/@ requires parent: merge_parent(b, e, p, slot);
 @ requires summary: merge_summary(b, e, p, slot);
 @ requires tops: merge_tops(b, e, p, slot);
 @ requires after: same_rows_at(tree, e, p);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: merge_parent(b, tree, p, slot);
 @ ensures summary: merge_summary(b, tree, p, slot);
 @ ensures tops: merge_tops(b, tree, p, slot); @/
static void lemma_merge_parent_stays(struct tree_state b, struct tree_state e, uint32_t p, uint32_t slot)
{
}
*/

/* The merge is done in the rows: say what it means. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires from: merge_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires taken: mirror_capacity == b.object.capacity && mirror_root == b.object.root &&
     \forall integer y; 0 <= y < TREE_NODES && y != z ==> pool_taken[y] == b.pool.taken[y];
 @ requires levels: \forall integer y; 0 <= y < TREE_NODES && y != z ==> mirror_level[y] == b.rows.level[y];
 @ requires places: \forall integer y; 0 <= y < TREE_NODES ==>
     node_lo[y] == b.node.lo[y] && node_hi[y] == b.node.hi[y] && node_in[y] == b.node.in[y] &&
     node_most[y] == b.node.most[y] &&
     node_longest[y] == b.node.longest[y];
 @ requires counts: merge_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: merge_left(b, tree, x) && merge_right(b, tree, x, z) && merge_parent(b, tree, p, slot);
 @ requires summary: merge_summary(b, tree, p, slot) && merge_tops(b, tree, p, slot);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false;
 @ assigns node_hi[x], node_in[z], node_most[x], node_longest[x];
 @ ensures tree: tree_ok(levels);
 @ ensures places: merge_places(b, tree, p, x, z) && same_places(tree, b, p, x, z); @/
static void merge_note(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  node_hi[x] = node_hi[z];
  node_in[z] = 0;
  if (node_most[x] < node_most[z]) {
    node_most[x] = node_most[z];
  }
  if (node_longest[x] < node_longest[z]) {
    node_longest[x] = node_longest[z];
  }
  /@ assert map: same_codes(tree, b) && same_lasts(tree, b); @/
  /@ assert places: merge_places(b, tree, p, x, z); @/
  /@ assert same: same_places(tree, b, p, x, z); @/
  /@ assert bounds: merge_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z); @/
  merge_note_order(b, levels, p, slot, x, z);
  merge_note_kids(b, levels, p, slot, x, z);
  merge_note_runs(b, p, slot, x, z);
  merge_note_covers(b, levels, p, slot, x, z);
  lemma_merge_apart(b, levels, p, slot, x, z);
  lemma_merge_root(b, p, slot, x, z);
  /@ assert was: \forall integer y; 0 <= y < TREE_NODES && node_in[y] == 1 ==> y != z && b.node.in[y] == 1; @/
  /@ assert taken: all_taken; @/
}
*/

/* ---- a root r with one child c is taken away ---- */

/*@
  predicate shrink_from(struct tree_state b, integer r, integer c) =
    b.object.root == r && b.rows.level[r] > 0 && b.rows.count[r] == 1 && c == b.rows.child[r].v[0];
  predicate shrink_facts(struct tree_state b, integer r, integer c) =
    node_is_in(b, r) && node_is_in(b, c) && c != r && b.rows.level[c] == b.rows.level[r] - 1 && b.node.lo[c] == 0 &&
    b.node.hi[c] == TREE_TOP;
  // the nodes of t are nodes of b, at the same places and as full
  predicate all_from(struct tree_state t, struct tree_state b) =
    \forall integer y; node_is_in(t, y) ==>
      node_is_in(b, y) && same_place(t, b, y) && t.rows.count[y] == b.rows.count[y];
  predicate shrink_places(struct tree_state b, struct tree_state t, integer r, integer c) =
    t.node.in[r] == 0 && t.object.root == c && t.object.capacity == b.object.capacity && same_places(t, b, r, r, r);
*/

/* If leaf x, which covers an address, has two entries or is the root after it, no other leaf covers that. */
/*@ ghost
/@ requires apart: all_apart_in(b);
 @ requires leaf: node_is_in(b, x) && b.rows.level[x] == 0 && b.node.lo[x] <= address <= b.node.hi[x];
 @ requires thick: b.rows.count[x] >= 2 || x == mirror_root;
 @ requires from: all_from(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures thick: \forall integer y;
     node_is(y) && mirror_level[y] == 0 && node_lo[y] <= address <= node_hi[y] ==>
     mirror_count[y] >= 2 || y == mirror_root; @/
static void lemma_thick_leaf(struct tree_state b, uint32_t x, uint64_t address)
{
  /@ assert old: \forall integer y; node_is(y) ==>
       node_is_in(b, y) && same_place(tree, b, y) && mirror_count[y] == b.rows.count[y]; @/
  /@ assert apart: \forall integer y; node_is(y) && mirror_level[y] == 0 && y != x ==> apart_in(b, x, y); @/
  /@ assert one: \forall integer y;
       node_is(y) && mirror_level[y] == 0 && node_lo[y] <= address <= node_hi[y] ==> y == x; @/
}
*/

/* The child covers all. */
/*@ ghost
/@ requires root: root_ok_in(b);
 @ requires kids: kids_in(b, r);
 @ requires bounds: bounds_in(b, r);
 @ requires from: shrink_from(b, r, c);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures facts: shrink_facts(b, r, c); @/
static void lemma_shrink_facts(struct tree_state b, uint32_t r, uint32_t c)
{
  /@ assert kid: kid_in(b, r, 0, c); @/
}
*/

/* The old root was alone on its level, and nobody's child. */
/*@ ghost
/@ requires root: root_ok_in(b);
 @ requires apart: all_apart_in(b);
 @ requires under: all_under_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires kids: all_kids_in(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures alone: \forall integer y; node_is_in(b, y) && y != b.object.root ==>
 @   b.rows.level[y] < b.rows.level[b.object.root];
 @ ensures child: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     b.rows.child[y].v[j] != b.object.root; @/
static void lemma_root_alone(struct tree_state b, uint32_t levels)
{
  /@ assert apart: \forall integer y; node_is_in(b, y) && y != b.object.root &&
   @   b.rows.level[y] == b.rows.level[b.object.root] ==>
       apart_in(b, b.object.root, y); @/
  /@ assert size: \forall integer y; node_is_in(b, y) ==> 0 <= b.node.lo[y] <= b.node.hi[y] <= TREE_TOP; @/
  /@ assert kid: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       kid_in(b, y, j, b.rows.child[y].v[j]); @/
}
*/

/* The new root. */
/*@ ghost
/@ requires apart: all_apart_in(b);
 @ requires alone: \forall integer y; node_is_in(b, y) && y != r ==> b.rows.level[y] < b.rows.level[r];
 @ requires facts: shrink_facts(b, r, c);
 @ requires places: shrink_places(b, tree, r, c);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures under: all_under;
 @ ensures apart: all_apart; @/
static void lemma_shrink_root(struct tree_state b, uint32_t r, uint32_t c)
{
  /@ assert rest: \forall integer y; node_is(y) ==> y != r && same_place(tree, b, y); @/
  /@ assert old: \forall integer y; node_is(y) ==> node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert place: same_place(tree, b, c); @/
  /@ assert pairs: \forall integer y, w; node_is(y) && node_is(w) && y != w &&
      mirror_level[y] == mirror_level[w] ==>
       apart_in(b, y, w); @/
}
*/

/* The root pointer is moved and the old root's storage given back: say what it means. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires from: shrink_from(b, r, c);
 @ requires taken: mirror_capacity == b.object.capacity && mirror_root == c &&
     \forall integer y; 0 <= y < TREE_NODES && y != r ==> pool_taken[y] == b.pool.taken[y];
 @ requires levels: \forall integer y; 0 <= y < TREE_NODES && y != r ==> mirror_level[y] == b.rows.level[y];
 @ requires places: \forall integer y; 0 <= y < TREE_NODES ==>
     node_lo[y] == b.node.lo[y] && node_hi[y] == b.node.hi[y] && node_in[y] == b.node.in[y] &&
     node_most[y] == b.node.most[y] &&
     node_longest[y] == b.node.longest[y];
 @ requires counts: same_counts(tree, b, r, r, r);
 @ requires keys: same_keys(tree, b, r, r, r);
 @ requires tags: same_tags(tree, b, r, r, r);
 @ requires bins: same_bins(tree, b, r, r, r);
 @ requires children: same_children(tree, b, r, r, r);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false;
 @ assigns node_in[r];
 @ ensures tree: tree_ok(levels);
 @ ensures places: shrink_places(b, tree, r, c);
 @ ensures facts: shrink_facts(b, r, c);
 @ ensures from: all_from(tree, b); @/
static void shrink_note(struct tree_state b, uint32_t levels, uint32_t r, uint32_t c)
{
  lemma_shrink_facts(b, r, c);
  lemma_root_alone(b, levels);
  node_in[r] = 0;
  /@ assert map: same_codes(tree, b) && same_lasts(tree, b); @/
  /@ assert places: shrink_places(b, tree, r, c); @/
  /@ assert out: !node_is(r); @/
  /@ assert bounds: same_bounds(tree, b, r, r, r); @/
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       same_place(tree, b, b.rows.child[y].v[j]); @/
  lemma_edit_shape(b, levels, r, r, r);
  lemma_edit_sorted(b, r, r, r);
  lemma_edit_bounds(b, r, r, r);
  lemma_edit_kids(b, r, r, r);
  lemma_edit_hits(b, r, r, r);
  lemma_edit_gaps(b, r, r, r);
  lemma_edit_bins(b, r, r, r);
  lemma_edit_tags(b, r, r, r);
  lemma_edit_spans(b, r, r, r);
  lemma_edit_covers(b, r, r, r);
  lemma_shrink_root(b, r, c);
  /@ assert taken: all_taken; @/
}
*/

#endif
