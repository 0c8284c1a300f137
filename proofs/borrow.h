/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_BORROW_H
#define PROOFS_BORROW_H

/*
 * Moving entries between neighbours: x at slot of p and z behind it. Written
 * one behind the other, their entries are the same after it as before (b);
 * only the place where x ends and z starts is another one, whichever way and
 * however many entries moved. What is known of that joint sequence before
 * gives the invariants of p, x and z after it. Annotations only.
 */

#include "merge.h"

/*@
  // the joint sequence, entry j
  logic integer joint_key(struct tree_state b, integer x, integer z, integer j) =
    j < b.rows.count[x] ? b.rows.key[x].v[j] : b.rows.key[z].v[j - b.rows.count[x]];
  logic integer joint_tag(struct tree_state b, integer x, integer z, integer j) =
    j < b.rows.count[x] ? b.rows.tag[x].v[j] : b.rows.tag[z].v[j - b.rows.count[x]];
  logic integer joint_bin(struct tree_state b, integer x, integer z, integer j) =
    j < b.rows.count[x] ? b.rows.bin[x].v[j] : b.rows.bin[z].v[j - b.rows.count[x]];
  logic integer joint_child(struct tree_state b, integer x, integer z, integer j) =
    j < b.rows.count[x] ? b.rows.child[x].v[j] : b.rows.child[z].v[j - b.rows.count[x]];

  // what is known of it: order,
  predicate joint_sorted(struct tree_state b, integer x, integer z) =
    \forall integer i, j; 0 <= i < j < b.rows.count[x] + b.rows.count[z] ==>
      joint_key(b, x, z, i) < joint_key(b, x, z, j);
  predicate joint_inside(struct tree_state b, integer x, integer z) =
    joint_key(b, x, z, 0) == b.node.lo[x] &&
    \forall integer j; 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
    b.node.lo[x] <= joint_key(b, x, z, j) <= b.node.hi[z];
  // where what starts at entry j ends,
  predicate joint_ends(struct tree_state b, integer x, integer z, integer j, integer last) =
    (\forall integer i; j < i < j + 2 && i < b.rows.count[x] + b.rows.count[z] ==> last == joint_key(b, x, z, i) - 1) &&
    (b.rows.count[x] + b.rows.count[z] <= j + 1 ==> last == b.node.hi[z]);
  // children, runs,
  predicate joint_kids(struct tree_state b, integer x, integer z) =
    b.rows.level[x] > 0 ==>
    \forall integer j; 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
      node_is_in(b, joint_child(b, x, z, j)) && b.rows.level[joint_child(b, x, z, j)] == b.rows.level[x] - 1 &&
      b.node.lo[joint_child(b, x, z, j)] == joint_key(b, x, z, j) &&
      joint_ends(b, x, z, j, b.node.hi[joint_child(b, x, z, j)]);
  predicate joint_hits(struct tree_state b, integer x, integer z) =
    b.rows.level[x] == 0 ==>
    \forall integer j; 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
      run_code_in(b, joint_key(b, x, z, j)) == joint_tag(b, x, z, j) + 1 &&
      joint_ends(b, x, z, j, run_last_in(b, joint_key(b, x, z, j)));
  predicate joint_gaps(struct tree_state b, integer x, integer z) =
    b.rows.level[x] == 0 ==>
    \forall integer j, k; 0 <= j < b.rows.count[x] + b.rows.count[z] &&
      joint_key(b, x, z, j) < k <= run_last_in(b, joint_key(b, x, z, j)) ==> run_code_in(b, k) == 0;
  predicate joint_bins(struct tree_state b, integer x, integer z) =
    b.rows.level[x] == 0 ==>
    \forall integer j; 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
      0 <= joint_bin(b, x, z, j) <= FIT_BINS * 56 &&
      (joint_tag(b, x, z, j) >= FIT_FREE ?
       run_last_in(b, joint_key(b, x, z, j)) - joint_key(b, x, z, j) + 1 <= bin_most(joint_bin(b, x, z, j)) :
       joint_bin(b, x, z, j) == 0);
  // and summaries
  predicate joint_covers(struct tree_state b, integer x, integer z) =
    b.rows.level[x] > 0 ==>
    \forall integer j; 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
      b.node.most[joint_child(b, x, z, j)] <= joint_tag(b, x, z, j) &&
      b.node.longest[joint_child(b, x, z, j)] <= joint_bin(b, x, z, j) <= FIT_BINS * 56;

  // x and z are neighbours
  predicate borrow_from(struct tree_state b, integer p, integer slot, integer x, integer z) =
    node_is_in(b, p) && b.rows.level[p] > 0 && 0 <= slot && slot + 1 < b.rows.count[p] <= MEM_ALLOC_FAN_OUT &&
    x == b.rows.child[p].v[slot] && z == b.rows.child[p].v[slot + 1] &&
    1 <= b.rows.count[x] <= MEM_ALLOC_FAN_OUT && 1 <= b.rows.count[z] <= MEM_ALLOC_FAN_OUT;

  // after it: counts,
  predicate borrow_counts(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    t.rows.count[x] + t.rows.count[z] == b.rows.count[x] + b.rows.count[z] &&
    1 <= t.rows.count[x] <= MEM_ALLOC_FAN_OUT &&
    1 <= t.rows.count[z] <= MEM_ALLOC_FAN_OUT && t.rows.count[p] == b.rows.count[p];
  // places,
  predicate borrow_places(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    same_place(t, b, p) && t.rows.level[x] == b.rows.level[x] && t.node.in[x] == 1 && t.node.lo[x] == b.node.lo[x] &&
    t.node.lo[z] == joint_key(b, x, z, t.rows.count[x]) && t.node.hi[x] == t.node.lo[z] - 1 &&
    t.rows.level[z] == b.rows.level[x] && t.node.in[z] == 1 && t.node.hi[z] == b.node.hi[z] &&
    t.object.capacity == b.object.capacity &&
    t.object.root == b.object.root;
  // bounds: both may now have what only one had,
  predicate borrow_bounds(struct tree_state b, struct tree_state t, integer p, integer x, integer z) =
    t.node.most[p] == b.node.most[p] && t.node.longest[p] == b.node.longest[p] &&
    t.node.most[x] == (b.node.most[x] < b.node.most[z] ? b.node.most[z] : b.node.most[x]) &&
    t.node.most[z] == t.node.most[x] &&
    t.node.longest[x] == (b.node.longest[x] < b.node.longest[z] ? b.node.longest[z] : b.node.longest[x]) &&
    t.node.longest[z] == t.node.longest[x];
  // rows
  predicate borrow_left(struct tree_state b, struct tree_state t, integer x, integer z) =
    \forall integer j; 0 <= j < t.rows.count[x] ==>
      t.rows.key[x].v[j] == joint_key(b, x, z, j) && t.rows.tag[x].v[j] == joint_tag(b, x, z, j) &&
      t.rows.bin[x].v[j] == joint_bin(b, x, z, j) &&
      (b.rows.level[x] > 0 ==> t.rows.child[x].v[j] == joint_child(b, x, z, j));
  predicate borrow_right(struct tree_state b, struct tree_state t, integer x, integer z) =
    \forall integer j; 0 <= j < t.rows.count[z] ==>
      t.rows.key[z].v[j] == joint_key(b, x, z, j + t.rows.count[x]) &&
      t.rows.tag[z].v[j] == joint_tag(b, x, z, j + t.rows.count[x]) &&
      t.rows.bin[z].v[j] == joint_bin(b, x, z, j + t.rows.count[x]) &&
      (b.rows.level[x] > 0 ==> t.rows.child[z].v[j] == joint_child(b, x, z, j + t.rows.count[x]));
  // and the parent
  predicate borrow_parent(struct tree_state b, struct tree_state t, integer p, integer slot, integer x,
      integer z) =
    t.rows.key[p].v[slot + 1] == joint_key(b, x, z, t.rows.count[x]) &&
    (\forall integer j; 0 <= j < b.rows.count[p] && j != slot + 1 ==> t.rows.key[p].v[j] == b.rows.key[p].v[j]) &&
    (\forall integer j; 0 <= j < b.rows.count[p] ==> t.rows.child[p].v[j] == b.rows.child[p].v[j]);
  predicate borrow_summary(struct tree_state b, struct tree_state t, integer p, integer slot) =
    \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
      t.rows.tag[p].v[j] == b.rows.tag[p].v[j] && t.rows.bin[p].v[j] == b.rows.bin[p].v[j];
  predicate borrow_tops(struct tree_state b, struct tree_state t, integer p, integer slot) =
    merge_tops(b, t, p, slot) && t.rows.tag[p].v[slot + 1] == t.rows.tag[p].v[slot] &&
    t.rows.bin[p].v[slot + 1] == t.rows.bin[p].v[slot];
*/

/* The joint sequence before: order, */
/*@ ghost
/@ requires sorted: sorted_in(b, x) && sorted_in(b, z);
 @ requires bounds: bounds_in(b, x) && bounds_in(b, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures sorted: joint_sorted(b, x, z);
 @ ensures inside: joint_inside(b, x, z); @/
static void lemma_joint_order(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert low: \forall integer j; 0 <= j < b.rows.count[x] ==>
   @   b.node.lo[x] <= joint_key(b, x, z, j) <= b.node.hi[x]; @/
  /@ assert high: \forall integer j; b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
       b.node.lo[z] <= joint_key(b, x, z, j) <= b.node.hi[z]; @/
}
*/

/* children, */
/*@ ghost
/@ requires kids: kids_in(b, x) && kids_in(b, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: joint_kids(b, x, z); @/
static void lemma_joint_kids(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert was_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
       kid_in(b, x, j, joint_child(b, x, z, j)); @/
  /@ assert left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
       joint_ends(b, x, z, j, b.node.hi[joint_child(b, x, z, j)]); @/
  /@ assert was_right: \forall integer j; b.rows.level[x] > 0 &&
   @   b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
       kid_in(b, z, j - b.rows.count[x], joint_child(b, x, z, j)); @/
  /@ assert right: \forall integer j; b.rows.level[x] > 0 &&
   @   b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
       joint_ends(b, x, z, j, b.node.hi[joint_child(b, x, z, j)]); @/
}
*/

/* runs, */
/*@ ghost
/@ requires hits: leaf_hits_in(b, x) && leaf_hits_in(b, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: joint_hits(b, x, z); @/
static void lemma_joint_hits(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert was_left: \forall integer j; b.rows.level[x] == 0 && 0 <= j < b.rows.count[x] ==>
       ends_in(b, x, j, run_last_in(b, joint_key(b, x, z, j)), b.node.hi[x]); @/
  /@ assert left: \forall integer j; b.rows.level[x] == 0 && 0 <= j < b.rows.count[x] ==>
       joint_ends(b, x, z, j, run_last_in(b, joint_key(b, x, z, j))); @/
  /@ assert was_right: \forall integer j; b.rows.level[x] == 0 &&
   @   b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
       ends_in(b, z, j - b.rows.count[x], run_last_in(b, joint_key(b, x, z, j)), b.node.hi[z]); @/
  /@ assert right: \forall integer j; b.rows.level[x] == 0 &&
   @   b.rows.count[x] <= j < b.rows.count[x] + b.rows.count[z] ==>
       joint_ends(b, x, z, j, run_last_in(b, joint_key(b, x, z, j))); @/
}
*/

/*@ ghost
/@ requires gaps: leaf_gaps_in(b, x) && leaf_gaps_in(b, z);
 @ requires bins: leaf_bins_in(b, x) && leaf_bins_in(b, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures gaps: joint_gaps(b, x, z);
 @ ensures bins: joint_bins(b, x, z); @/
static void lemma_joint_runs(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
}
*/

/* summaries. */
/*@ ghost
/@ requires covers: covers_in(b, x) && covers_in(b, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: joint_covers(b, x, z); @/
static void lemma_joint_covers(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
}
*/

/* Shape, */
/*@ ghost
/@ requires before: shape_in(b, p, levels) && shape_in(b, x, levels) && shape_in(b, z, levels);
 @ requires sorted: joint_sorted(b, x, z);
 @ requires inside: joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: shape(x, levels);
 @ ensures right: shape(z, levels);
 @ ensures parent: shape(p, levels); @/
static void lemma_borrow_shape(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert cut: b.node.lo[x] < joint_key(b, x, z, mirror_count[x]) <= b.node.hi[z]; @/
}
*/

/* order of the two, */
/*@ ghost
/@ requires sorted: joint_sorted(b, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires left: borrow_left(b, tree, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: sorted(x);
 @ ensures right: sorted(z); @/
static void lemma_borrow_sorted_pair(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* and of the parent. */
/*@ ghost
/@ requires before: sorted_in(b, p);
 @ requires sorted: joint_sorted(b, x, z);
 @ requires inside: joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires parent: borrow_parent(b, tree, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: sorted(p); @/
static void lemma_borrow_sorted_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  uint32_t after = slot + 2;
  /@ assert end: after < b.rows.count[p] ==> b.node.hi[z] == b.rows.key[p].v[after] - 1; @/
  /@ assert cut: b.node.lo[x] < mirror_key[p].v[next] <= b.node.hi[z]; @/
  /@ assert at: mirror_key[p].v[slot] == b.node.lo[x]; @/
  /@ assert below: \forall integer j; 0 <= j <= slot ==> mirror_key[p].v[j] < mirror_key[p].v[next]; @/
  /@ assert above: \forall integer j; next < j < mirror_count[p] ==>
      mirror_key[p].v[next] < mirror_key[p].v[j]; @/
  /@ assert lower: \forall integer i, j; 0 <= i < j <= slot ==> mirror_key[p].v[i] < mirror_key[p].v[j]; @/
  /@ assert upper: \forall integer i, j; next < i < j < mirror_count[p] ==>
       mirror_key[p].v[i] < mirror_key[p].v[j]; @/
}
*/

/* Bounds. */
/*@ ghost
/@ requires before: bounds_in(b, p);
 @ requires sorted: joint_sorted(b, x, z);
 @ requires inside: joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires left: borrow_left(b, tree, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ requires parent: borrow_parent(b, tree, p, slot, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: bounds(x);
 @ ensures right: bounds(z);
 @ ensures parent: bounds(p); @/
static void lemma_borrow_bounds(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  /@ assert cut: b.node.lo[x] < joint_key(b, x, z, mirror_count[x]) <= b.node.hi[z]; @/
  /@ assert at: b.node.lo[p] <= mirror_key[p].v[next] <= b.node.hi[p]; @/
  /@ assert rest: \forall integer j; 0 <= j < b.rows.count[p] && j != next ==>
      b.node.lo[p] <= mirror_key[p].v[j] <= b.node.hi[p]; @/
  /@ assert first: mirror_key[p].v[0] == b.rows.key[p].v[0]; @/
}
*/

/* Children of the two, */
/*@ ghost
/@ requires kids: joint_kids(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires left: borrow_left(b, tree, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ requires stay_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==> same_place(tree, b,
       b.rows.child[x].v[j]);
 @ requires stay_right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[z] ==> same_place(tree, b,
       b.rows.child[z].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: kids(x);
 @ ensures right: kids(z); @/
static void lemma_borrow_kids_pair(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert stay: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
       same_place(tree, b, joint_child(b, x, z, j)); @/
  /@ assert end_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < mirror_count[x] ==>
       joint_ends(b, x, z, j, node_hi[mirror_child[x].v[j]]); @/
  /@ assert left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < mirror_count[x] ==>
       ends_in(tree, x, j, node_hi[mirror_child[x].v[j]], node_hi[x]); @/
  /@ assert end_right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < mirror_count[z] ==>
       joint_ends(b, x, z, j + mirror_count[x], node_hi[mirror_child[z].v[j]]); @/
  /@ assert right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < mirror_count[z] ==>
       ends_in(tree, z, j, node_hi[mirror_child[z].v[j]], node_hi[z]); @/
}
*/

/* and of the parent. */
/*@ ghost
/@ requires before: kids_in(b, p);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires parent: borrow_parent(b, tree, p, slot, x, z);
 @ requires stay: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     same_place(tree, b, b.rows.child[p].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: kids(p); @/
static void lemma_borrow_kids_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  /@ assert was: \forall integer j; 0 <= j < mirror_count[p] ==> kid_in(b, p, j, mirror_child[p].v[j]); @/
  /@ assert kept: \forall integer j; 0 <= j < mirror_count[p] && j != slot && j != next ==>
       same_place(tree, b, mirror_child[p].v[j]); @/
  /@ assert end_below: \forall integer j; 0 <= j < slot ==>
       ends_in(tree, p, j, node_hi[mirror_child[p].v[j]], node_hi[p]); @/
  /@ assert below: \forall integer j; 0 <= j < slot ==> kid(p, j, mirror_child[p].v[j]); @/
  /@ assert left: kid(p, slot, x); @/
  /@ assert right: kid(p, next, z); @/
  /@ assert end_above: \forall integer j; next < j < mirror_count[p] ==>
       ends_in(tree, p, j, node_hi[mirror_child[p].v[j]], node_hi[p]); @/
  /@ assert above: \forall integer j; next < j < mirror_count[p] ==> kid(p, j, mirror_child[p].v[j]); @/
}
*/

/* What the leaves say of the map. */
/*@ ghost
/@ requires hits: joint_hits(b, x, z);
 @ requires gaps: joint_gaps(b, x, z);
 @ requires bins: joint_bins(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires left: borrow_left(b, tree, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x) && leaf_hits(z);
 @ ensures gaps: leaf_gaps(x) && leaf_gaps(z);
 @ ensures bins: leaf_bins(x) && leaf_bins(z); @/
static void lemma_borrow_leaves(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert end_left: \forall integer j; b.rows.level[x] == 0 && 0 <= j < mirror_count[x] ==>
       joint_ends(b, x, z, j, run_last(mirror_key[x].v[j])); @/
  /@ assert left: \forall integer j; b.rows.level[x] == 0 && 0 <= j < mirror_count[x] ==>
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
  /@ assert end_right: \forall integer j; b.rows.level[x] == 0 && 0 <= j < mirror_count[z] ==>
       joint_ends(b, x, z, j + mirror_count[x], run_last(mirror_key[z].v[j])); @/
  /@ assert right: \forall integer j; b.rows.level[x] == 0 && 0 <= j < mirror_count[z] ==>
       ends_in(tree, z, j, run_last(mirror_key[z].v[j]), node_hi[z]); @/
}
*/

/* Bounds of what is below. */
/*@ ghost
/@ requires tags: tags_below_in(b, x) && tags_below_in(b, z) && tags_below_in(b, p);
 @ requires spans: spans_below_in(b, x) && spans_below_in(b, z) && spans_below_in(b, p);
 @ requires sorted: joint_sorted(b, x, z);
 @ requires inside: joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires bounds: borrow_bounds(b, tree, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: tags_below(x) && tags_below(z) && tags_below(p);
 @ ensures spans: spans_below(x) && spans_below(z) && spans_below(p); @/
static void lemma_borrow_below(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  lemma_bins();
  /@ assert cut: b.node.lo[x] < node_lo[z] <= b.node.hi[z]; @/
  /@ assert tags: \forall integer k; b.node.lo[x] <= k <= b.node.hi[z] ==> run_code(k) <= node_most[x] + 1; @/
  /@ assert spans_left: \forall integer k; b.node.lo[x] <= k <= b.node.hi[x] && run_free(k) ==>
       run_last(k) - k + 1 <= bin_most(node_longest[x]); @/
  /@ assert spans_right: \forall integer k; b.node.lo[z] <= k <= b.node.hi[z] && run_free(k) ==>
       run_last(k) - k + 1 <= bin_most(node_longest[x]); @/
}
*/

/* Nodes of one level are apart. */
/*@ ghost
/@ requires before: all_apart_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires sorted: joint_sorted(b, x, z);
 @ requires inside: joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires others: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart; @/
static void lemma_borrow_apart(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert cut: b.node.lo[x] < node_lo[z] <= b.node.hi[z]; @/
  /@ assert rest: \forall integer y; node_is(y) && y != x && y != z ==> same_place(tree, b, y); @/
  /@ assert old: \forall integer y; node_is(y) && y != x && y != z ==>
       node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert mine: node_is_in(b, x) && node_is_in(b, z) && b.rows.level[z] == mirror_level[x]; @/
  /@ assert size: \forall integer y; node_is(y) && y != x && y != z ==> b.node.lo[y] <= b.node.hi[y]; @/
  /@ assert left: \forall integer y; node_is(y) && y != x && y != z && mirror_level[y] == mirror_level[x] ==>
       apart_in(b, x, y); @/
  /@ assert right: \forall integer y; node_is(y) && y != x && y != z && mirror_level[y] == mirror_level[x] ==>
       apart_in(b, z, y); @/
  /@ assert outside: \forall integer y; node_is(y) && y != x && y != z &&
      mirror_level[y] == mirror_level[x] ==>
       node_hi[y] < b.node.lo[x] || b.node.hi[z] < node_lo[y]; @/
  /@ assert pair: apart_in(tree, x, z) && apart_in(tree, z, x); @/
  /@ assert pairs: \forall integer y, w; node_is(y) && node_is(w) && y != x && w != x && y != z && w != z &&
      y != w &&
       mirror_level[y] == mirror_level[w] ==> apart_in(b, y, w); @/
  /@ assert others: \forall integer y, w; node_is(y) && node_is(w) && y != x && w != x && y != z &&
      w != z && y != w &&
       mirror_level[y] == mirror_level[w] ==> apart_in(tree, y, w); @/
}
*/

/* The root. */
/*@ ghost
/@ requires root: root_ok_in(b);
 @ requires under: all_under_in(b);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires others: same_places(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures under: all_under; @/
static void lemma_borrow_root(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert rest: \forall integer y; node_is(y) && y != x && y != z ==> same_place(tree, b, y); @/
  /@ assert mine: node_is_in(b, x) && node_is_in(b, z) && mirror_level[x] == b.rows.level[x] &&
      mirror_level[z] == b.rows.level[z]; @/
  /@ assert old: \forall integer y; node_is(y) ==> node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert high: b.rows.level[x] < b.rows.level[p] <= b.rows.level[b.object.root]; @/
  /@ assert same: b.object.root != x && b.object.root != z; @/
  /@ assert level: same_place(tree, b, b.object.root); @/
}
*/

/* Summaries in the two, */
/*@ ghost
/@ requires covers: joint_covers(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires left: borrow_left(b, tree, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ requires stay_left: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
     node_most[b.rows.child[x].v[j]] == b.node.most[b.rows.child[x].v[j]] &&
     node_longest[b.rows.child[x].v[j]] == b.node.longest[b.rows.child[x].v[j]];
 @ requires stay_right: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[z] ==>
     node_most[b.rows.child[z].v[j]] == b.node.most[b.rows.child[z].v[j]] &&
     node_longest[b.rows.child[z].v[j]] == b.node.longest[b.rows.child[z].v[j]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: covers(x);
 @ ensures right: covers(z); @/
static void lemma_borrow_covers_pair(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert stay: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] + b.rows.count[z] ==>
       node_most[joint_child(b, x, z, j)] == b.node.most[joint_child(b, x, z, j)] &&
       node_longest[joint_child(b, x, z, j)] == b.node.longest[joint_child(b, x, z, j)]; @/
}
*/

/* and in the parent. */
/*@ ghost
/@ requires before: covers_in(b, p);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires bounds: borrow_bounds(b, tree, p, x, z);
 @ requires parent: borrow_parent(b, tree, p, slot, x, z);
 @ requires summary: borrow_summary(b, tree, p, slot);
 @ requires tops: borrow_tops(b, tree, p, slot);
 @ requires stay: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     node_most[b.rows.child[p].v[j]] == b.node.most[b.rows.child[p].v[j]] &&
     node_longest[b.rows.child[p].v[j]] == b.node.longest[b.rows.child[p].v[j]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: covers(p); @/
static void lemma_borrow_covers_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  uint32_t next = slot + 1;
  /@ assert old: b.node.most[z] <= b.rows.tag[p].v[next] && b.node.longest[z] <= b.rows.bin[p].v[next]; @/
  /@ assert left: node_most[x] <= mirror_tag[p].v[slot] &&
      node_longest[x] <= mirror_bin[p].v[slot] <= FIT_BINS * 56; @/
  /@ assert right: node_most[z] <= mirror_tag[p].v[next] &&
      node_longest[z] <= mirror_bin[p].v[next] <= FIT_BINS * 56; @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
  /@ assert above: \forall integer j; next < j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
  /@ assert behind: \forall integer j; slot < j < mirror_count[p] ==>
       node_most[mirror_child[p].v[j]] <= mirror_tag[p].v[j] &&
       node_longest[mirror_child[p].v[j]] <= mirror_bin[p].v[j] <= FIT_BINS * 56; @/
  lemma_covers_around(p, slot);
}
*/

/* The parts of borrow_note: shape, order, bounds; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b);
 @ requires joint: joint_sorted(b, x, z) && joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: borrow_left(b, tree, x, z) && borrow_right(b, tree, x, z) && borrow_parent(b, tree, p,
       slot, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds; @/
static void borrow_note_order(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z); @/
  lemma_borrow_shape(b, levels, p, slot, x, z);
  lemma_edit_shape(b, levels, p, x, z);
  lemma_borrow_sorted_pair(b, p, x, z);
  lemma_borrow_sorted_parent(b, p, slot, x, z);
  lemma_edit_sorted(b, p, x, z);
  lemma_borrow_bounds(b, p, slot, x, z);
  lemma_edit_bounds(b, p, x, z);
}
*/

/* children; */
/*@ ghost
/@ requires before: all_kids_in(b) && all_apart_in(b) && all_bounds_in(b) && all_shape_in(b, levels) &&
    all_sorted_in(b);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: borrow_left(b, tree, x, z) && borrow_right(b, tree, x, z) && borrow_parent(b, tree, p,
       slot, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: all_kids; @/
static void borrow_note_kids(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z); @/
  lemma_children_of_pair(b, levels, p, slot, x, z);
  lemma_joint_kids(b, p, slot, x, z);
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] &&
       !(y == p && (j == slot || j == slot + 1)) ==> same_place(tree, b, b.rows.child[y].v[j]); @/
  lemma_borrow_kids_pair(b, p, slot, x, z);
  lemma_borrow_kids_parent(b, p, slot, x, z);
  lemma_edit_kids(b, p, x, z);
}
*/

/* what is said of runs; */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b) && all_tags_in(b) && all_spans_in(b);
 @ requires joint: joint_sorted(b, x, z) && joint_inside(b, x, z);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires bounds: borrow_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: borrow_left(b, tree, x, z) && borrow_right(b, tree, x, z);
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
static void borrow_note_runs(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z) && mirror_level[p] > 0; @/
  lemma_joint_hits(b, p, slot, x, z);
  lemma_joint_runs(b, p, slot, x, z);
  lemma_borrow_leaves(b, p, slot, x, z);
  lemma_borrow_below(b, p, slot, x, z);
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
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires places: borrow_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires bounds: borrow_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z);
 @ requires rows: borrow_left(b, tree, x, z) && borrow_right(b, tree, x, z) && borrow_parent(b, tree, p,
       slot, x, z);
 @ requires summary: borrow_summary(b, tree, p, slot) && borrow_tops(b, tree, p, slot);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void borrow_note_covers(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  /@ assert nodes: node_is_in(b, p) && node_is_in(b, x) && node_is_in(b, z); @/
  lemma_children_of_pair(b, levels, p, slot, x, z);
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] &&
       !(y == p && (j == slot || j == slot + 1)) ==>
       node_most[b.rows.child[y].v[j]] == b.node.most[b.rows.child[y].v[j]] &&
       node_longest[b.rows.child[y].v[j]] == b.node.longest[b.rows.child[y].v[j]]; @/
  /@ assert was: covers_in(b, p) && covers_in(b, x) && covers_in(b, z); @/
  lemma_joint_covers(b, p, slot, x, z);
  lemma_borrow_covers_pair(b, p, slot, x, z);
  lemma_borrow_covers_parent(b, p, slot, x, z);
  lemma_edit_covers(b, p, x, z);
}
*/

/* What the edits did to the rows, put together: the last entry of x went to the front of z, */
/*@ ghost
/@ requires counts: mirror_count[x] == b.rows.count[x] - 1 && b.rows.count[x] >= 1 &&
 @   mirror_count[z] == b.rows.count[z] + 1;
 @ requires left_keys: \forall integer j; 0 <= j < b.rows.count[x] - 1 ==> mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires left_tags: \forall integer j; 0 <= j < b.rows.count[x] - 1 ==> mirror_tag[x].v[j] == b.rows.tag[x].v[j];
 @ requires left_bins: \forall integer j; 0 <= j < b.rows.count[x] - 1 ==> mirror_bin[x].v[j] == b.rows.bin[x].v[j];
 @ requires left_children: b.rows.level[x] > 0 ==>
     \forall integer j; 0 <= j < b.rows.count[x] - 1 ==> mirror_child[x].v[j] == b.rows.child[x].v[j];
 @ requires moved: mirror_key[z].v[0] == b.rows.key[x].v[b.rows.count[x] - 1] &&
     mirror_tag[z].v[0] == b.rows.tag[x].v[b.rows.count[x] - 1] &&
     mirror_bin[z].v[0] == b.rows.bin[x].v[b.rows.count[x] - 1] &&
     (b.rows.level[x] > 0 ==> mirror_child[z].v[0] == b.rows.child[x].v[b.rows.count[x] - 1]);
 @ requires keys: \forall integer j; 0 < j <= b.rows.count[z] ==> mirror_key[z].v[j] == b.rows.key[z].v[j - 1];
 @ requires tags: \forall integer j; 0 < j <= b.rows.count[z] ==> mirror_tag[z].v[j] == b.rows.tag[z].v[j - 1];
 @ requires bins: \forall integer j; 0 < j <= b.rows.count[z] ==> mirror_bin[z].v[j] == b.rows.bin[z].v[j - 1];
 @ requires children: b.rows.level[x] > 0 ==>
     \forall integer j; 0 < j <= b.rows.count[z] ==> mirror_child[z].v[j] == b.rows.child[z].v[j - 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: borrow_left(b, tree, x, z);
 @ ensures right: borrow_right(b, tree, x, z); @/
static void lemma_borrow_last(struct tree_state b, uint32_t x, uint32_t z)
{
  /@ assert first_key: mirror_key[z].v[0] == joint_key(b, x, z, mirror_count[x]); @/
  /@ assert keys: \forall integer j; 0 < j < mirror_count[z] ==>
       mirror_key[z].v[j] == joint_key(b, x, z, j + mirror_count[x]); @/
  /@ assert first_tag: mirror_tag[z].v[0] == joint_tag(b, x, z, mirror_count[x]); @/
  /@ assert tags: \forall integer j; 0 < j < mirror_count[z] ==>
       mirror_tag[z].v[j] == joint_tag(b, x, z, j + mirror_count[x]); @/
  /@ assert first_bin: mirror_bin[z].v[0] == joint_bin(b, x, z, mirror_count[x]); @/
  /@ assert bins: \forall integer j; 0 < j < mirror_count[z] ==>
       mirror_bin[z].v[j] == joint_bin(b, x, z, j + mirror_count[x]); @/
  /@ assert first_child: b.rows.level[x] > 0 ==> mirror_child[z].v[0] == joint_child(b, x, z, mirror_count[x]); @/
  /@ assert children: \forall integer j; b.rows.level[x] > 0 && 0 < j < mirror_count[z] ==>
       mirror_child[z].v[j] == joint_child(b, x, z, j + mirror_count[x]); @/
}
*/

/* or the first entry of z to the end of x, */
/*@ ghost
/@ requires counts: mirror_count[x] == b.rows.count[x] + 1 && b.rows.count[z] >= 1 &&
 @   mirror_count[z] == b.rows.count[z] - 1;
 @ requires left_keys: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires left_tags: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_tag[x].v[j] == b.rows.tag[x].v[j];
 @ requires left_bins: \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_bin[x].v[j] == b.rows.bin[x].v[j];
 @ requires left_children: b.rows.level[x] > 0 ==>
     \forall integer j; 0 <= j < b.rows.count[x] ==> mirror_child[x].v[j] == b.rows.child[x].v[j];
 @ requires moved: mirror_key[x].v[b.rows.count[x]] == b.rows.key[z].v[0] &&
       mirror_tag[x].v[b.rows.count[x]] == b.rows.tag[z].v[0] &&
     mirror_bin[x].v[b.rows.count[x]] == b.rows.bin[z].v[0] &&
     (b.rows.level[x] > 0 ==> mirror_child[x].v[b.rows.count[x]] == b.rows.child[z].v[0]);
 @ requires keys: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> mirror_key[z].v[j] == b.rows.key[z].v[j + 1];
 @ requires tags: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> mirror_tag[z].v[j] == b.rows.tag[z].v[j + 1];
 @ requires bins: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> mirror_bin[z].v[j] == b.rows.bin[z].v[j + 1];
 @ requires children: b.rows.level[x] > 0 ==>
     \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> mirror_child[z].v[j] == b.rows.child[z].v[j + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: borrow_left(b, tree, x, z);
 @ ensures right: borrow_right(b, tree, x, z); @/
static void lemma_borrow_first(struct tree_state b, uint32_t x, uint32_t z)
{
  /@ assert left_keys: \forall integer j; 0 <= j < b.rows.count[x] ==>
       mirror_key[x].v[j] == joint_key(b, x, z, j); @/
  /@ assert last_key: mirror_key[x].v[b.rows.count[x]] == joint_key(b, x, z, b.rows.count[x]); @/
  /@ assert left_tags: \forall integer j; 0 <= j < b.rows.count[x] ==>
       mirror_tag[x].v[j] == joint_tag(b, x, z, j); @/
  /@ assert last_tag: mirror_tag[x].v[b.rows.count[x]] == joint_tag(b, x, z, b.rows.count[x]); @/
  /@ assert left_bins: \forall integer j; 0 <= j < b.rows.count[x] ==>
       mirror_bin[x].v[j] == joint_bin(b, x, z, j); @/
  /@ assert last_bin: mirror_bin[x].v[b.rows.count[x]] == joint_bin(b, x, z, b.rows.count[x]); @/
  /@ assert left_children: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==>
       mirror_child[x].v[j] == joint_child(b, x, z, j); @/
  /@ assert last_child: b.rows.level[x] > 0 ==>
       mirror_child[x].v[b.rows.count[x]] == joint_child(b, x, z, b.rows.count[x]); @/
  /@ assert keys: \forall integer j; 0 <= j < mirror_count[z] ==>
       mirror_key[z].v[j] == joint_key(b, x, z, j + mirror_count[x]); @/
  /@ assert tags: \forall integer j; 0 <= j < mirror_count[z] ==>
       mirror_tag[z].v[j] == joint_tag(b, x, z, j + mirror_count[x]); @/
  /@ assert bins: \forall integer j; 0 <= j < mirror_count[z] ==>
       mirror_bin[z].v[j] == joint_bin(b, x, z, j + mirror_count[x]); @/
  /@ assert children: \forall integer j; b.rows.level[x] > 0 && 0 <= j < mirror_count[z] ==>
       mirror_child[z].v[j] == joint_child(b, x, z, j + mirror_count[x]); @/
}
*/

/* which is so from b to now if it is so from e to t, and x and z are as in b until e,
    and as now from t on. */
/*@ ghost
/@ requires left: borrow_left(e, t, x, z);
 @ requires right: borrow_right(e, t, x, z);
 @ requires before: same_rows_at(e, b, x) && same_rows_at(e, b, z);
 @ requires after: same_rows_at(tree, t, x) && same_rows_at(tree, t, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: borrow_left(b, tree, x, z);
 @ ensures right: borrow_right(b, tree, x, z); @/
static void lemma_borrow_rows_stay(struct tree_state b, struct tree_state e, struct tree_state t, uint32_t x,
                                   uint32_t z)
{
  /@ assert keys: \forall integer j; joint_key(e, x, z, j) == joint_key(b, x, z, j); @/
  /@ assert tags: \forall integer j; joint_tag(e, x, z, j) == joint_tag(b, x, z, j); @/
  /@ assert bins: \forall integer j; joint_bin(e, x, z, j) == joint_bin(b, x, z, j); @/
  /@ assert children: \forall integer j; joint_child(e, x, z, j) == joint_child(b, x, z, j); @/
  /@ assert right_keys: \forall integer j; 0 <= j < t.rows.count[z] ==>
       t.rows.key[z].v[j] == joint_key(b, x, z, j + t.rows.count[x]); @/
  /@ assert right_tags: \forall integer j; 0 <= j < t.rows.count[z] ==>
       t.rows.tag[z].v[j] == joint_tag(b, x, z, j + t.rows.count[x]); @/
  /@ assert right_bins: \forall integer j; 0 <= j < t.rows.count[z] ==>
       t.rows.bin[z].v[j] == joint_bin(b, x, z, j + t.rows.count[x]); @/
  /@ assert right_children: \forall integer j; b.rows.level[x] > 0 && 0 <= j < t.rows.count[z] ==>
       t.rows.child[z].v[j] == joint_child(b, x, z, j + t.rows.count[x]); @/
}
*/

/* And the separator in p is the new first key of z. */
/*@ ghost
/@ requires from: borrow_from(b, p, slot, x, z);
 @ requires right: borrow_right(b, tree, x, z);
 @ requires counts: borrow_counts(b, tree, p, x, z);
 @ requires set: mirror_key[p].v[slot + 1] == mirror_key[z].v[0];
 @ requires keys: \forall integer j; 0 <= j < b.rows.count[p] && j != slot + 1 ==>
       mirror_key[p].v[j] == b.rows.key[p].v[j];
 @ requires children: \forall integer j; 0 <= j < b.rows.count[p] ==> mirror_child[p].v[j] == b.rows.child[p].v[j];
 @ requires tags: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     mirror_tag[p].v[j] == b.rows.tag[p].v[j];
 @ requires bins: \forall integer j; 0 <= j < b.rows.count[p] && j != slot && j != slot + 1 ==>
     mirror_bin[p].v[j] == b.rows.bin[p].v[j];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures parent: borrow_parent(b, tree, p, slot, x, z);
 @ ensures summary: borrow_summary(b, tree, p, slot); @/
static void lemma_borrow_rows_parent(struct tree_state b, uint32_t p, uint32_t slot, uint32_t x, uint32_t z)
{
  /@ assert first: mirror_key[z].v[0] == joint_key(b, x, z, mirror_count[x]); @/
}
*/

/* The entries have moved: say what it means. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires from: borrow_from(b, p, slot, x, z);
 @ requires facts: pair_facts(b, p, slot, x, z);
 @ requires taken: mirror_capacity == b.object.capacity && mirror_root == b.object.root &&
     \forall integer y; 0 <= y < TREE_NODES ==> pool_taken[y] == b.pool.taken[y];
 @ requires levels: \forall integer y; 0 <= y < TREE_NODES ==> mirror_level[y] == b.rows.level[y];
 @ requires places: \forall integer y; 0 <= y < TREE_NODES ==>
     node_lo[y] == b.node.lo[y] && node_hi[y] == b.node.hi[y] && node_in[y] == b.node.in[y] &&
     node_most[y] == b.node.most[y] &&
     node_longest[y] == b.node.longest[y];
 @ requires counts: borrow_counts(b, tree, p, x, z) && same_counts(tree, b, p, x, z);
 @ requires rows: borrow_left(b, tree, x, z) && borrow_right(b, tree, x, z) && borrow_parent(b, tree, p,
       slot, x, z);
 @ requires summary: borrow_summary(b, tree, p, slot) && borrow_tops(b, tree, p, slot);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false;
 @ assigns node_hi[x], node_lo[z], node_most[x], node_longest[x], node_most[z], node_longest[z];
 @ ensures tree: tree_ok(levels);
 @ ensures places: borrow_places(b, tree, p, x, z) && same_places(tree, b, p, x, z);
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void borrow_note(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x,
    uint32_t z)
{
  struct tree_state rows = tree;
  lemma_joint_order(b, p, slot, x, z);
  /@ assert first: mirror_key[z].v[0] == joint_key(b, x, z, mirror_count[x]); @/
  /@ assert cut: b.node.lo[x] < mirror_key[z].v[0] <= b.node.hi[z]; @/
  node_lo[z] = mirror_key[z].v[0];
  node_hi[x] = node_lo[z] - 1;
  if (node_most[x] < node_most[z]) {
    node_most[x] = node_most[z];
  } else {
    node_most[z] = node_most[x];
  }
  if (node_longest[x] < node_longest[z]) {
    node_longest[x] = node_longest[z];
  } else {
    node_longest[z] = node_longest[x];
  }
  /@ assert map: same_codes(tree, b) && same_lasts(tree, b); @/
  /@ assert places: borrow_places(b, tree, p, x, z); @/
  /@ assert same: same_places(tree, b, p, x, z); @/
  /@ assert members: \forall integer y; 0 <= y < TREE_NODES ==>
       node_in[y] == b.node.in[y] && pool_taken[y] == b.pool.taken[y]; @/
  /@ assert bounds: borrow_bounds(b, tree, p, x, z) && same_bounds(tree, b, p, x, z); @/
  lemma_borrow_rows_stay(b, b, rows, x, z);
  /@ assert parent: borrow_parent(b, tree, p, slot, x, z); @/
  borrow_note_order(b, levels, p, slot, x, z);
  borrow_note_kids(b, levels, p, slot, x, z);
  borrow_note_runs(b, p, slot, x, z);
  borrow_note_covers(b, levels, p, slot, x, z);
  lemma_borrow_apart(b, levels, p, slot, x, z);
  lemma_borrow_root(b, p, slot, x, z);
  /@ assert taken: all_taken; @/
}
*/

#endif
