/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_SHIFT_H
#define PROOFS_SHIFT_H

/*
 * Joining the last run of a leaf x, [s, a - 1], with the first one of the next
 * leaf z, [a, e]. The boundary between the two leaves moves from a to c =
 * e + 1, and with it all that starts or ends there: ranges of nodes, keys of
 * inner entries. No node of the tree starts or ends between the two, so that
 * everything keeps its order. Annotations only.
 */

#include "../src/map.h"
#include "edit.h"
#include "keep.h"
#include "runs.h"

/*@
  // where what starts at k starts once the boundary a is at c
  logic integer moved(integer k, integer a, integer c) = k == a ? c : k;

  // the run of leaf x at slot, its last one, starts at s; leaf z, which is the next one and has two entries,
  // starts with the run [a, e]
  predicate shift_from(struct tree_state b, integer x, integer slot, integer z, integer s, integer a,
    integer e) =
    node_is_in(b, x) && node_is_in(b, z) && x != z && b.rows.level[x] == 0 && b.rows.level[z] == 0 &&
    0 <= slot && slot + 1 == b.rows.count[x] && s == b.rows.key[x].v[slot] && b.node.hi[x] + 1 == a &&
    a == b.node.lo[z] &&
    e == run_last_in(b, a) && 2 <= b.rows.count[z];

  // so that
  predicate shift_order(struct tree_state b, integer x, integer z, integer s, integer a, integer e) =
    b.node.lo[x] <= s < a <= e < b.node.hi[z] && b.rows.key[z].v[0] == a && b.rows.key[z].v[1] == e + 1;
  predicate shift_runs(struct tree_state b, integer s, integer a, integer e) =
    run_last_in(b, s) == a - 1 && run_last_in(b, a) == e &&
    (\forall integer k; s < k < a ==> run_code_in(b, k) == 0) &&
    \forall integer k; a < k <= e ==> run_code_in(b, k) == 0;

  // no node of the tree starts or ends between a and c
  predicate shift_edges(struct tree_state b, integer a, integer c) =
    \forall integer y; node_is_in(b, y) ==>
      (b.node.lo[y] <= a || c < b.node.lo[y]) && (b.node.hi[y] < a || c <= b.node.hi[y]);
  // of the leaves only z starts at a, only x ends there, and no other one has it or s
  predicate shift_leaves(struct tree_state b, integer x, integer z, integer s, integer a) =
    (\forall integer y; node_is_in(b, y) && b.rows.level[y] == 0 && y != z ==> b.node.lo[y] != a) &&
    (\forall integer y; node_is_in(b, y) && b.rows.level[y] == 0 && y != x ==> b.node.hi[y] != a - 1) &&
    \forall integer y; node_is_in(b, y) && b.rows.level[y] == 0 && y != x && y != z ==>
      (s < b.node.lo[y] || b.node.hi[y] < s) && (a < b.node.lo[y] || b.node.hi[y] < a);

  // the boundary has moved: of ranges,
  predicate shift_places(struct tree_state t, struct tree_state b, integer a, integer c) =
    t.object.capacity == b.object.capacity && t.object.root == b.object.root &&
    \forall integer y; 0 <= y < TREE_NODES ==>
      t.rows.level[y] == b.rows.level[y] && t.node.in[y] == b.node.in[y] && t.node.lo[y] == moved(b.node.lo[y], a, c) &&
      t.node.hi[y] == moved(b.node.hi[y] + 1, a, c) - 1;
  // of inner entries;
  predicate shift_keys(struct tree_state t, struct tree_state b, integer a, integer c) =
    \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
      t.rows.key[y].v[j] == moved(b.rows.key[y].v[j], a, c);
  // the leaves other than z have the same keys,
  predicate shift_still(struct tree_state t, struct tree_state b, integer z) =
    \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && y != z ==>
    t.rows.key[y].v[j] == b.rows.key[y].v[j];
  // and z has lost its first entry
  predicate shift_counts(struct tree_state t, struct tree_state b, integer z) =
    same_counts(t, b, z, z, z) && t.rows.count[z] == b.rows.count[z] - 1;
  predicate shift_rows(struct tree_state t, struct tree_state b, integer z) =
    (\forall integer j; 0 < j < b.rows.count[z] ==> t.rows.key[z].v[j - 1] == b.rows.key[z].v[j]) &&
    \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> t.rows.key[z].v[j] == b.rows.key[z].v[j + 1];
  predicate shift_marks(struct tree_state t, struct tree_state b, integer x, integer slot, integer z) =
    same_tags(t, b, x, z, z) && same_bins(t, b, x, z, z) &&
    (\forall integer j; 0 <= j < slot ==> t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
    t.rows.bin[x].v[j] == b.rows.bin[x].v[j]) &&
    (\forall integer j; 0 <= j < b.rows.count[z] - 1 ==> t.rows.tag[z].v[j] == b.rows.tag[z].v[j + 1]) &&
    \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> t.rows.bin[z].v[j] == b.rows.bin[z].v[j + 1];

  // [s, e] is one run of that code; all others are as they were
  predicate shift_map(struct tree_state t, struct tree_state b, integer s, integer a, integer e,
    integer code) =
    run_code_in(t, s) == code && run_code_in(t, a) == 0 && codes_but(t, b, s, a) &&
    run_last_in(t, s) == e && lasts_but(t, b, s, s);
*/

/* ---- before ---- */

/* The two runs. */
/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires hits: leaf_hits_in(b, x) && leaf_hits_in(b, z);
 @ requires gaps: leaf_gaps_in(b, x) && leaf_gaps_in(b, z);
 @ requires bounds: bounds_in(b, x) && bounds_in(b, z);
 @ requires sorted: sorted_in(b, z);
 @ requires more: b.rows.key[z].v[1] <= b.node.hi[z];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures order: shift_order(b, x, z, s, a, e);
 @ ensures runs: shift_runs(b, s, a, e); @/
static void lemma_shift_runs(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                             uint64_t a, uint64_t e)
{
  /@ assert first: b.rows.key[z].v[0] == a; @/
  /@ assert last: ends_in(b, x, slot, run_last_in(b, s), b.node.hi[x]); @/
  /@ assert next: ends_in(b, z, 0, e, b.node.hi[z]); @/
  /@ assert second: b.rows.key[z].v[0] < b.rows.key[z].v[1] && b.rows.key[z].v[1] == e + 1; @/
}
*/

/* No node starts or ends between a and c. */
/*@ ghost
/@ requires shape: all_shape_in(b, levels);
 @ requires nest: nest_in(b, z);
 @ requires range: b.node.lo[z] == a && a < c <= b.node.hi[z];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures edges: shift_edges(b, a, c); @/
static void lemma_shift_edges(struct tree_state b, uint32_t levels, uint32_t z, uint64_t a, uint64_t c)
{
  /@ assert range: \forall integer y; node_is_in(b, y) ==> b.node.lo[y] <= b.node.hi[y]; @/
  /@ assert nest: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= b.node.hi[z] &&
   @   b.node.lo[z] <= b.node.hi[y] ==>
       b.node.lo[y] <= a && c <= b.node.hi[y]; @/
}
*/

/* Only x and z meet at a. */
/*@ ghost
/@ requires shape: all_shape_in(b, levels);
 @ requires apart: all_apart_in(b);
 @ requires x: node_is_in(b, x) && b.rows.level[x] == 0 && b.node.lo[x] <= s <= b.node.hi[x] && b.node.hi[x] == a - 1;
 @ requires z: node_is_in(b, z) && b.rows.level[z] == 0 && b.node.lo[z] == a;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures leaves: shift_leaves(b, x, z, s, a); @/
static void lemma_shift_leaves(struct tree_state b, uint32_t levels, uint32_t x, uint32_t z, uint64_t s,
                               uint64_t a)
{
  /@ assert range: \forall integer y; node_is_in(b, y) ==> b.node.lo[y] <= b.node.hi[y]; @/
  /@ assert from_x: \forall integer y; node_is_in(b, y) && b.rows.level[y] == 0 && y != x ==> apart_in(b, x, y); @/
  /@ assert from_z: \forall integer y; node_is_in(b, y) && b.rows.level[y] == 0 && y != z ==> apart_in(b, z, y); @/
}
*/

/* What marks are. */
/*@ ghost
/@ requires tags: same_tags(tree, b, x, z, z);
 @ requires bins: same_bins(tree, b, x, z, z);
 @ requires left: \forall integer j; 0 <= j < slot ==>
     mirror_tag[x].v[j] == b.rows.tag[x].v[j] && mirror_bin[x].v[j] == b.rows.bin[x].v[j];
 @ requires right_tags: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==>
     mirror_tag[z].v[j] == b.rows.tag[z].v[j + 1];
 @ requires right_bins: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==>
     mirror_bin[z].v[j] == b.rows.bin[z].v[j + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures marks: shift_marks(tree, b, x, slot, z); @/
static void lemma_shift_marks(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z)
{
}
*/

/* ---- all nodes ---- */

/* Shape: no node becomes empty. */
/*@ ghost
/@ requires before: all_shape_in(b, levels);
 @ requires edges: shift_edges(b, a, c);
 @ requires range: 0 <= a < c <= TREE_TOP;
 @ requires more: 2 <= b.rows.count[z];
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_shape(levels); @/
static void lemma_shift_shape(struct tree_state b, uint32_t levels, uint32_t z, uint64_t a, uint64_t c)
{
  /@ assert old: \forall integer y; node_is(y) ==> node_is_in(b, y) && shape_in(b, y, levels); @/
  /@ assert range: \forall integer y; node_is(y) ==> 0 <= node_lo[y] <= node_hi[y] <= TREE_TOP; @/
  /@ assert counts: \forall integer y; node_is(y) ==> 1 <= mirror_count[y] <= MEM_ALLOC_FAN_OUT; @/
}
*/

/* The keys of an inner node start children, which do not start between a and c. */
/*@ ghost
/@ requires kids: all_kids_in(b);
 @ requires edges: shift_edges(b, a, c);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures keys: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     b.rows.key[y].v[j] <= a || c < b.rows.key[y].v[j]; @/
static void lemma_shift_between(struct tree_state b, uint64_t a, uint64_t c)
{
  /@ assert kid: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       kid_in(b, y, j, b.rows.child[y].v[j]); @/
  /@ assert start: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_is_in(b, b.rows.child[y].v[j]) && b.node.lo[b.rows.child[y].v[j]] == b.rows.key[y].v[j]; @/
}
*/

/* Order. */
/*@ ghost
/@ requires before: all_sorted_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires between: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     b.rows.key[y].v[j] <= a || c < b.rows.key[y].v[j];
 @ requires range: a < c;
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires leaf: b.rows.level[z] == 0;
 @ requires keys: shift_keys(tree, b, a, c);
 @ requires still: shift_still(tree, b, z);
 @ requires rows: shift_rows(tree, b, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_sorted; @/
static void lemma_shift_sorted(struct tree_state b, uint32_t levels, uint32_t z, uint64_t a, uint64_t c)
{
  /@ assert old: \forall integer y; node_is(y) ==>
       node_is_in(b, y) && sorted_in(b, y) && 0 <= b.rows.level[y] && mirror_level[y] == b.rows.level[y]; @/
  /@ assert inner: \forall integer y; node_is(y) && b.rows.level[y] > 0 ==> sorted(y); @/
  /@ assert leaf: \forall integer y; node_is(y) && b.rows.level[y] == 0 && y != z ==> sorted(y); @/
  /@ assert own: node_is(z) ==> sorted(z); @/
}
*/

/* Bounds. */
/*@ ghost
/@ requires before: all_bounds_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires from: shift_from(b, x, slot, z, s, a, c - 1);
 @ requires order: shift_order(b, x, z, s, a, c - 1);
 @ requires sorted: sorted_in(b, z);
 @ requires edges: shift_edges(b, a, c);
 @ requires between: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     b.rows.key[y].v[j] <= a || c < b.rows.key[y].v[j];
 @ requires leaves: shift_leaves(b, x, z, s, a);
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires keys: shift_keys(tree, b, a, c);
 @ requires still: shift_still(tree, b, z);
 @ requires rows: shift_rows(tree, b, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_bounds; @/
static void lemma_shift_bounds(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint32_t z,
                               uint64_t s, uint64_t a, uint64_t c)
{
  /@ assert old: \forall integer y; node_is(y) ==>
       node_is_in(b, y) && bounds_in(b, y) && 0 <= b.rows.level[y] && mirror_level[y] == b.rows.level[y] &&
       1 <= b.rows.count[y]; @/
  /@ assert inner_first: \forall integer y; node_is(y) && b.rows.level[y] > 0 ==>
       mirror_key[y].v[0] == node_lo[y]; @/
  /@ assert inner_old: \forall integer y, j; node_is(y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       b.node.lo[y] <= b.rows.key[y].v[j] <= b.node.hi[y] && mirror_key[y].v[j] == moved(b.rows.key[y].v[j], a, c); @/
  /@ assert inner_low: \forall integer y, j; node_is(y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_lo[y] <= mirror_key[y].v[j]; @/
  /@ assert inner_high: \forall integer y, j; node_is(y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       mirror_key[y].v[j] <= node_hi[y]; @/
  /@ assert inner: \forall integer y; node_is(y) && b.rows.level[y] > 0 ==> bounds(y); @/
  /@ assert leaf: \forall integer y; node_is(y) && b.rows.level[y] == 0 && y != z ==> bounds(y); @/
  /@ assert first: node_lo[z] == mirror_key[z].v[0] && node_hi[z] == b.node.hi[z]; @/
  /@ assert own: bounds(z); @/
}
*/

/* Children. */
/*@ ghost
/@ requires before: all_kids_in(b);
 @ requires leaf: b.rows.level[z] == 0;
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires keys: shift_keys(tree, b, a, c);
 @ requires children: same_children(tree, b, z, z, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_kids; @/
static void lemma_shift_kids(struct tree_state b, uint32_t z, uint64_t a, uint64_t c)
{
  /@ assert old: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       node_is_in(b, y) && y != z && mirror_count[y] == b.rows.count[y] && kid_in(b, y, j, b.rows.child[y].v[j]) &&
       mirror_child[y].v[j] == b.rows.child[y].v[j]; @/
  /@ assert ends: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       ends_in(tree, y, j, node_hi[b.rows.child[y].v[j]], node_hi[y]); @/
  /@ assert each: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       kid(y, j, b.rows.child[y].v[j]); @/
}
*/

/* Summaries: nothing of them changes. */
/*@ ghost
/@ requires before: all_covers_in(b);
 @ requires leaf: b.rows.level[x] == 0 && b.rows.level[z] == 0;
 @ requires places: shift_places(tree, b, a, c);
 @ requires bounds: runs_bounds(tree, b);
 @ requires counts: shift_counts(tree, b, z);
 @ requires marks: shift_marks(tree, b, x, slot, z);
 @ requires children: same_children(tree, b, z, z, z);
 @ requires kids: all_kids_in(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_covers; @/
static void lemma_shift_covers(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t a,
                               uint64_t c)
{
  /@ assert old: \forall integer y; node_is(y) && mirror_level[y] > 0 ==>
       node_is_in(b, y) && y != z && y != x && mirror_count[y] == b.rows.count[y] && covers_in(b, y); @/
  /@ assert kid: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_is_in(b, b.rows.child[y].v[j]); @/
  /@ assert below: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_most[b.rows.child[y].v[j]] == b.node.most[b.rows.child[y].v[j]] &&
       node_longest[b.rows.child[y].v[j]] == b.node.longest[b.rows.child[y].v[j]]; @/
  /@ assert each: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       mirror_child[y].v[j] == b.rows.child[y].v[j] && mirror_tag[y].v[j] == b.rows.tag[y].v[j] &&
       mirror_bin[y].v[j] == b.rows.bin[y].v[j]; @/
}
*/

/* The root and the order of nodes. */
/*@ ghost
/@ requires before: root_ok_in(b) && all_apart_in(b) && all_under_in(b) && all_taken_in(b);
 @ requires edges: shift_edges(b, a, c);
 @ requires range: 0 < a < c <= TREE_TOP;
 @ requires places: shift_places(tree, b, a, c);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures apart: all_apart;
 @ ensures under: all_under;
 @ ensures taken: all_taken;
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void lemma_shift_nodes(struct tree_state b, uint64_t a, uint64_t c)
{
  /@ assert old: \forall integer y; node_is(y) ==> node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert new: \forall integer y; node_is_in(b, y) ==> node_is(y); @/
  /@ assert apart: \forall integer y, w; node_is_in(b, y) && node_is_in(b, w) && y != w &&
       b.rows.level[y] == b.rows.level[w] ==>
       apart_in(tree, y, w); @/
}
*/

/* ---- what is said of runs ---- */

/* Entries of leaves hit runs: those of x, */
/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires order: shift_order(b, x, z, s, a, e);
 @ requires before: leaf_hits_in(b, x) && sorted_in(b, x) && bounds_in(b, x);
 @ requires place: mirror_count[x] == b.rows.count[x] && mirror_level[x] == 0 && node_hi[x] == e;
 @ requires keys: \forall integer j; mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires tags: \forall integer j; 0 <= j < slot ==> mirror_tag[x].v[j] == b.rows.tag[x].v[j];
 @ requires map: shift_map(tree, b, s, a, e, mirror_tag[x].v[slot] + 1);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x); @/
static void lemma_shift_hits_left(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                                  uint64_t a, uint64_t e)
{
  /@ assert differ: \forall integer j; 0 <= j < slot ==> b.rows.key[x].v[j] != s && b.rows.key[x].v[j] != a; @/
  /@ assert codes: \forall integer j; 0 <= j < slot ==> run_code(b.rows.key[x].v[j]) == mirror_tag[x].v[j] + 1; @/
  /@ assert ends: \forall integer j; 0 <= j < slot ==> ends_in(tree, x, j, run_last(b.rows.key[x].v[j]), e); @/
  /@ assert here: ends_in(tree, x, slot, run_last(s), e); @/
  /@ assert each: \forall integer j; 0 <= j < b.rows.count[x] ==> j < slot || j == slot; @/
}
*/

/* those of z, */
/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires order: shift_order(b, x, z, s, a, e);
 @ requires before: leaf_hits_in(b, z) && sorted_in(b, z);
 @ requires place: mirror_count[z] == b.rows.count[z] - 1 && mirror_level[z] == 0 && node_hi[z] == b.node.hi[z];
 @ requires rows: shift_rows(tree, b, z);
 @ requires tags: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==> mirror_tag[z].v[j] == b.rows.tag[z].v[j + 1];
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(z); @/
static void lemma_shift_hits_right(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                                   uint64_t a, uint64_t e)
{
  /@ assert above: \forall integer j; 0 < j < b.rows.count[z] ==> a < b.rows.key[z].v[j]; @/
  /@ assert old: \forall integer j; 0 <= j < mirror_count[z] ==>
       mirror_key[z].v[j] == b.rows.key[z].v[j + 1] && a < mirror_key[z].v[j] &&
       run_code_in(b, mirror_key[z].v[j]) == b.rows.tag[z].v[j + 1] + 1; @/
  /@ assert was: \forall integer j; 0 <= j < mirror_count[z] ==>
       ends_in(b, z, j + 1, run_last_in(b, mirror_key[z].v[j]), b.node.hi[z]); @/
  /@ assert codes: \forall integer j; 0 <= j < mirror_count[z] ==>
       run_code(mirror_key[z].v[j]) == mirror_tag[z].v[j] + 1; @/
  /@ assert ends: \forall integer j; 0 <= j < mirror_count[z] ==>
       ends_in(tree, z, j, run_last(mirror_key[z].v[j]), node_hi[z]); @/
}
*/

/* and all. */
/*@ ghost
/@ requires before: all_hits_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires own: leaf_hits(x) && leaf_hits(z);
 @ requires leaves: shift_leaves(b, x, z, s, a);
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires still: shift_still(tree, b, z);
 @ requires tags: same_tags(tree, b, x, z, z);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_hits; @/
static void lemma_shift_hits(struct tree_state b, uint32_t x, uint32_t z, uint64_t s, uint64_t a, uint64_t c)
{
  /@ assert other: \forall integer y; node_is(y) && mirror_level[y] == 0 && y != x && y != z ==>
       node_is_in(b, y) && b.rows.level[y] == 0 && node_hi[y] == b.node.hi[y] && mirror_count[y] == b.rows.count[y]; @/
  /@ assert inside: \forall integer y, j; node_is_in(b, y) && 0 <= j < b.rows.count[y] ==>
       b.node.lo[y] <= b.rows.key[y].v[j] <= b.node.hi[y]; @/
  /@ assert away: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && y != x && y != z &&
       0 <= j < b.rows.count[y] ==> b.rows.key[y].v[j] != s && b.rows.key[y].v[j] != a; @/
  /@ assert entry: \forall integer y, j; node_is(y) && mirror_level[y] == 0 && y != x && y != z &&
       0 <= j < mirror_count[y] ==> run_code(mirror_key[y].v[j]) == mirror_tag[y].v[j] + 1; @/
  /@ assert end: \forall integer y, j; node_is(y) && mirror_level[y] == 0 && y != x && y != z &&
       0 <= j < mirror_count[y] ==> ends_in(tree, y, j, run_last(mirror_key[y].v[j]), node_hi[y]); @/
}
*/

/* Between them no run starts. */
/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires order: shift_order(b, x, z, s, a, e);
 @ requires runs: shift_runs(b, s, a, e);
 @ requires before: leaf_gaps_in(b, x) && leaf_hits_in(b, x) && sorted_in(b, x) && bounds_in(b, x);
 @ requires count: mirror_count[x] == b.rows.count[x];
 @ requires keys: \forall integer j; mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires map: shift_map(tree, b, s, a, e, mirror_tag[x].v[slot] + 1);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures gaps: leaf_gaps(x); @/
static void lemma_shift_gaps_left(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                                  uint64_t a, uint64_t e)
{
  /@ assert below: \forall integer j; 0 <= j < slot ==> b.rows.key[x].v[j] < s; @/
  /@ assert hit: \forall integer j; 0 <= j < slot ==>
       ends_in(b, x, j, run_last_in(b, b.rows.key[x].v[j]), b.node.hi[x]); @/
  /@ assert next: \forall integer j; 0 <= j < slot ==>
       run_last_in(b, b.rows.key[x].v[j]) == b.rows.key[x].v[j + 1] - 1; @/
  /@ assert up: \forall integer j; 0 <= j < slot ==> b.rows.key[x].v[j + 1] <= s; @/
  /@ assert left: \forall integer j, k; 0 <= j < slot && b.rows.key[x].v[j] < k <= run_last(b.rows.key[x].v[j]) ==>
       run_code(k) == 0; @/
  /@ assert here: \forall integer k; s < k <= e ==> run_code(k) == 0; @/
  /@ assert each: \forall integer j; 0 <= j < b.rows.count[x] ==> j < slot || j == slot; @/
}
*/

/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires order: shift_order(b, x, z, s, a, e);
 @ requires before: leaf_gaps_in(b, z) && sorted_in(b, z);
 @ requires place: mirror_count[z] == b.rows.count[z] - 1;
 @ requires rows: shift_rows(tree, b, z);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures gaps: leaf_gaps(z); @/
static void lemma_shift_gaps_right(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                                   uint64_t a, uint64_t e)
{
  /@ assert above: \forall integer j; 0 < j < b.rows.count[z] ==> a < b.rows.key[z].v[j]; @/
  /@ assert old: \forall integer j; 0 <= j < mirror_count[z] ==>
       mirror_key[z].v[j] == b.rows.key[z].v[j + 1] && a < mirror_key[z].v[j]; @/
  /@ assert was: \forall integer j, k; 0 <= j < mirror_count[z] &&
       mirror_key[z].v[j] < k <= run_last_in(b, mirror_key[z].v[j]) ==> run_code_in(b, k) == 0; @/
}
*/

/*@ ghost
/@ requires before: all_gaps_in(b);
 @ requires hits: all_hits_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires own: leaf_gaps(x) && leaf_gaps(z);
 @ requires leaves: shift_leaves(b, x, z, s, a);
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires still: shift_still(tree, b, z);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires none: run_code(a) == 0;
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_gaps; @/
static void lemma_shift_gaps(struct tree_state b, uint32_t x, uint32_t z, uint64_t s, uint64_t a, uint64_t c)
{
  /@ assert other: \forall integer y; node_is(y) && mirror_level[y] == 0 && y != x && y != z ==>
       node_is_in(b, y) && b.rows.level[y] == 0 && mirror_count[y] == b.rows.count[y]; @/
  /@ assert key: \forall integer y, j; node_is_in(b, y) && 0 <= j < b.rows.count[y] ==>
       b.node.lo[y] <= b.rows.key[y].v[j] <= b.node.hi[y]; @/
  /@ assert hit: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       ends_in(b, y, j, run_last_in(b, b.rows.key[y].v[j]), b.node.hi[y]); @/
  /@ assert next: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j &&
       j + 1 < b.rows.count[y] ==>
       run_last_in(b, b.rows.key[y].v[j]) == b.rows.key[y].v[j + 1] - 1; @/
  /@ assert end: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] <= j + 1 ==>
       run_last_in(b, b.rows.key[y].v[j]) == b.node.hi[y]; @/
  /@ assert inside: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       run_last_in(b, b.rows.key[y].v[j]) <= b.node.hi[y]; @/
  /@ assert last: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && y != x && y != z &&
       0 <= j < b.rows.count[y] ==> run_last(b.rows.key[y].v[j]) == run_last_in(b, b.rows.key[y].v[j]); @/
  /@ assert each: \forall integer y, j, k; node_is_in(b, y) && b.rows.level[y] == 0 && y != x && y != z &&
       0 <= j < b.rows.count[y] && b.rows.key[y].v[j] < k <= run_last_in(b, b.rows.key[y].v[j]) ==> run_code(k) == 0; @/
}
*/

/* The bins of leaves are right. */
/*@ ghost
/@ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires order: shift_order(b, x, z, s, a, e);
 @ requires before: leaf_bins_in(b, x) && leaf_bins_in(b, z);
 @ requires sorted: sorted_in(b, x) && sorted_in(b, z);
 @ requires counts: mirror_count[x] == b.rows.count[x] && mirror_count[z] == b.rows.count[z] - 1;
 @ requires keys: \forall integer j; mirror_key[x].v[j] == b.rows.key[x].v[j];
 @ requires rows: shift_rows(tree, b, z);
 @ requires marks: shift_marks(tree, b, x, slot, z);
 @ requires right: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, e);
 @ requires last: run_last(s) == e;
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures left: leaf_bins(x);
 @ ensures right: leaf_bins(z); @/
static void lemma_shift_bins_own(struct tree_state b, uint32_t x, uint32_t slot, uint32_t z, uint64_t s,
                                 uint64_t a, uint64_t e)
{
  /@ assert below: \forall integer j; 0 <= j < slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert left: \forall integer j; 0 <= j < slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert here: \forall integer j; j == slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert each: \forall integer j; 0 <= j < mirror_count[x] ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert above: \forall integer j; 0 < j < b.rows.count[z] ==> a < b.rows.key[z].v[j]; @/
  /@ assert was: \forall integer j; 0 <= j < mirror_count[z] ==> mirror_key[z].v[j] == b.rows.key[z].v[j + 1] &&
       bin_right(b.rows.tag[z].v[j + 1], b.rows.bin[z].v[j + 1], mirror_key[z].v[j],
                 run_last_in(b, mirror_key[z].v[j])); @/
  /@ assert other: \forall integer j; 0 <= j < mirror_count[z] ==>
       bin_right(mirror_tag[z].v[j], mirror_bin[z].v[j], mirror_key[z].v[j], run_last(mirror_key[z].v[j])); @/
}
*/

/*@ ghost
/@ requires before: all_bins_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires own: leaf_bins(x) && leaf_bins(z);
 @ requires leaves: shift_leaves(b, x, z, s, a);
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires still: shift_still(tree, b, z);
 @ requires tags: same_tags(tree, b, x, z, z);
 @ requires bins: same_bins(tree, b, x, z, z);
 @ requires lasts: lasts_but(tree, b, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_bins; @/
static void lemma_shift_bins(struct tree_state b, uint32_t x, uint32_t z, uint64_t s, uint64_t a, uint64_t c)
{
  /@ assert other: \forall integer y; node_is(y) && mirror_level[y] == 0 && y != x && y != z ==>
       node_is_in(b, y) && b.rows.level[y] == 0 && mirror_count[y] == b.rows.count[y]; @/
  /@ assert away: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && y != x && y != z &&
       0 <= j < b.rows.count[y] ==> run_last(b.rows.key[y].v[j]) == run_last_in(b, b.rows.key[y].v[j]); @/
}
*/

/* What a node covers now and did not is between a and c. */
/*@ ghost
/@ requires places: shift_places(tree, b, a, c);
 @ requires range: a < c;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures inside: \forall integer y; node_is(y) ==> node_is_in(b, y) && b.node.lo[y] <= node_lo[y] &&
     (node_hi[y] == b.node.hi[y] || b.node.hi[y] == a - 1 && node_hi[y] == c - 1); @/
static void lemma_shift_inside(struct tree_state b, uint64_t a, uint64_t c)
{
}
*/

/* The bounds of what is below a node hold: those of tags, */
/*@ ghost
/@ requires before: all_tags_in(b);
 @ requires nest: nest_in(b, x);
 @ requires inside: \forall integer y; node_is(y) ==> node_is_in(b, y) && b.node.lo[y] <= node_lo[y] &&
     (node_hi[y] == b.node.hi[y] || b.node.hi[y] == a - 1 && node_hi[y] == e);
 @ requires at: b.node.lo[x] <= s <= b.node.hi[x] && s < a;
 @ requires runs: shift_runs(b, s, a, e);
 @ requires below: code_below_in(b, x, code);
 @ requires bounds: runs_bounds(tree, b);
 @ requires map: shift_map(tree, b, s, a, e, code);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_tags; @/
static void lemma_shift_tags(struct tree_state b, uint32_t x, uint64_t s, uint64_t a, uint64_t e,
                             uint16_t code)
{
  /@ assert zero: \forall integer k; a <= k <= e ==> run_code(k) == 0; @/
  /@ assert at_s: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= s <= b.node.hi[y] ==>
   @   code <= b.node.most[y] + 1; @/
  /@ assert each: \forall integer y, k; node_is_in(b, y) && b.node.lo[y] <= k <= b.node.hi[y] ==>
       run_code(k) <= b.node.most[y] + 1; @/
  /@ assert between: \forall integer y, k; node_is(y) && node_lo[y] <= k <= node_hi[y] ==>
       (b.node.lo[y] <= k <= b.node.hi[y]) || a <= k <= e; @/
  /@ assert new: \forall integer y, k; node_is(y) && node_lo[y] <= k <= node_hi[y] ==>
       run_code(k) <= b.node.most[y] + 1; @/
}
*/

/* and those of lengths. */
/*@ ghost
/@ requires before: all_spans_in(b);
 @ requires nest: nest_in(b, x);
 @ requires inside: \forall integer y; node_is(y) ==> node_is_in(b, y) && b.node.lo[y] <= node_lo[y] &&
     (node_hi[y] == b.node.hi[y] || b.node.hi[y] == a - 1 && node_hi[y] == e);
 @ requires at: b.node.lo[x] <= s <= b.node.hi[x] && s < a;
 @ requires runs: shift_runs(b, s, a, e);
 @ requires below: code > FIT_FREE ==> size_below_in(b, x, e - s + 1);
 @ requires bounds: runs_bounds(tree, b);
 @ requires map: shift_map(tree, b, s, a, e, code);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_spans; @/
static void lemma_shift_spans(struct tree_state b, uint32_t x, uint64_t s, uint64_t a, uint64_t e,
                              uint16_t code)
{
  /@ assert zero: \forall integer k; a <= k <= e ==> run_code(k) == 0; @/
  /@ assert at_s: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= s <= b.node.hi[y] && code > FIT_FREE ==>
       e - s + 1 <= bin_most(b.node.longest[y]); @/
  /@ assert each: \forall integer y, k; node_is_in(b, y) && b.node.lo[y] <= k <= b.node.hi[y] && run_free(k) ==>
       run_last(k) - k + 1 <= bin_most(b.node.longest[y]); @/
  /@ assert between: \forall integer y, k; node_is(y) && node_lo[y] <= k <= node_hi[y] && run_free(k) ==>
       (b.node.lo[y] <= k <= b.node.hi[y]) || a <= k <= e; @/
  /@ assert new: \forall integer y, k; node_is(y) && node_lo[y] <= k <= node_hi[y] && run_free(k) ==>
       run_last(k) - k + 1 <= bin_most(b.node.longest[y]); @/
}
*/

/* The runs still tile the space. */
/*@ ghost
/@ requires range: s < a <= e <= TREE_TOP;
 @ requires starts: run_code_in(b, s) != 0 && run_code_in(b, a) != 0;
 @ requires runs: shift_runs(b, s, a, e);
 @ requires code: 0 < code;
 @ requires map: shift_map(tree, b, s, a, e, code);
 @ requires homes: homes_but(tree, b, a, e, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures homes: homes_in(b) ==> all_homes; @/
static void lemma_shift_homes(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint16_t code)
{
  /@ assert starts: \forall integer k; run_starts(k) ==> run_starts_in(b, k) && k != a; @/
  /@ assert ends: homes_in(b) ==> runs_end_in(tree); @/
  /@ assert upper: homes_in(b) ==> \forall integer k; a <= k <= e ==> home_in(b, k) == a; @/
  /@ assert lower: homes_in(b) ==> \forall integer k; s <= k < a ==> home_in(b, k) == s; @/
  /@ assert other: homes_in(b) ==> \forall integer k; 0 <= k <= TREE_TOP && (k < a || e < k) ==>
       home_in(b, k) != a; @/
  /@ assert hold: homes_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_in(b) ==> homes_only_in(tree); @/
}
*/

/* Tags are exact if that of the run is. */
/*@ ghost
/@ requires map: shift_map(tree, b, s, a, e, code);
 @ requires code: 0 < code;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(code - 1, s, e) ==> tags_exact; @/
static void lemma_shift_exact(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint16_t code)
{
  /@ assert free: \forall integer k; run_free(k) && k != s ==> k != a && run_free_in(b, k); @/
  /@ assert others: tags_exact_but(b, s, a) ==> tags_exact_but(tree, s, s); @/
  /@ assert own: tag_right(code - 1, s, e) && run_free(s) ==>
       largest_order(s, run_last(s), run_code(s) - 1 - FIT_FREE); @/
}
*/

/* ---- the entries that lead to the leaf ---- */

/*@
  // the entry of y at j leads, through first entries only, to the way's leaf
  predicate shift_at{L}(struct tree_state t, struct map_way *way, integer y, integer j) =
    1 <= t.rows.level[y] <= t.rows.level[t.object.root] && way->node[t.rows.level[y]] == y &&
    way->slot[t.rows.level[y]] == j &&
    \forall integer i; 0 <= i < t.rows.level[y] ==> way->slot[i] == 0;

  // the nodes of the way that start where its leaf does
  predicate shift_starts{L}(struct map_way *way, integer a) =
    \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
      node_lo[way->node[l]] <= a <= node_hi[way->node[l]] &&
      (node_lo[way->node[l]] == a <==> \forall integer i; 0 <= i <= l ==> way->slot[i] == 0);
*/

/* A node starts where its leaf does if the way goes through first entries only. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires sorted: all_sorted;
 @ requires bounds: all_bounds;
 @ requires kids: all_kids;
 @ requires root: root_ok;
 @ requires valid: \valid_read(way);
 @ requires way: way_ok(way, 0);
 @ requires leaf: way->slot[0] == 0 && node_lo[way->node[0]] == a;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures starts: shift_starts(way, a);
 @ ensures counts: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
     mirror_count[way->node[l]] <= MEM_ALLOC_FAN_OUT; @/
static void lemma_shift_starts(const struct map_way *way, uint64_t a)
{
  uint8_t l = 0;
  /@ assert top: 0 <= mirror_level[mirror_root] < MAP_LEVELS; @/
  /@ loop invariant range: 0 <= l <= mirror_level[mirror_root];
   @ loop invariant inside: \forall integer i; 0 <= i <= l ==>
       node_lo[way->node[i]] <= a <= node_hi[way->node[i]];
   @ loop invariant all: \forall integer i, n; 0 <= n <= i <= l && node_lo[way->node[i]] == a ==>
       way->slot[n] == 0;
   @ loop invariant first: \forall integer i; 0 <= i <= l && (\forall integer n; 0 <= n <= i ==>
     way->slot[n] == 0) ==>
       node_lo[way->node[i]] == a;
   @ loop assigns l;
   @ loop variant mirror_level[mirror_root] - l; @/
  while (l < mirror_level[mirror_root]) {
    /@ assert kid: kid(way->node[l + 1], way->slot[l + 1], way->node[l]); @/
    /@ assert key: node_lo[way->node[l]] == mirror_key[way->node[l + 1]].v[way->slot[l + 1]]; @/
    /@ assert low: node_lo[way->node[l + 1]] == mirror_key[way->node[l + 1]].v[0]; @/
    /@ assert up: way->slot[l + 1] > 0 ==> node_lo[way->node[l + 1]] < node_lo[way->node[l]]; @/
    /@ assert next: way->slot[l + 1] + 1 < mirror_count[way->node[l + 1]] ==>
         mirror_key[way->node[l + 1]].v[way->slot[l + 1] + 1] <= node_hi[way->node[l + 1]]; @/
    /@ assert high: node_hi[way->node[l]] <= node_hi[way->node[l + 1]]; @/
    l++;
  }
}
*/

/* Those entries are the ones at a. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires sorted: all_sorted;
 @ requires bounds: all_bounds;
 @ requires kids: all_kids;
 @ requires apart: all_apart;
 @ requires under: all_under;
 @ requires valid: \valid_read(way);
 @ requires way: way_ok(way, 0);
 @ requires starts: shift_starts(way, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures at: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
     (mirror_key[y].v[j] == a <==> shift_at(tree, way, y, j)); @/
static void lemma_shift_entries(const struct map_way *way, uint64_t a)
{
  /@ assert level: \forall integer y; node_is(y) ==> 0 <= mirror_level[y] <= mirror_level[mirror_root]; @/
  /@ assert nodes: \forall integer y; node_is(y) ==> node_is(way->node[mirror_level[y]]) &&
       mirror_level[way->node[mirror_level[y]]] == mirror_level[y] &&
       node_lo[way->node[mirror_level[y]]] <= a <= node_hi[way->node[mirror_level[y]]]; @/
  /@ assert apart: \forall integer y; node_is(y) && y != way->node[mirror_level[y]] ==>
       apart_in(tree, y, way->node[mirror_level[y]]); @/
  /@ assert same: \forall integer y; node_is(y) && node_lo[y] <= a <= node_hi[y] ==>
       y == way->node[mirror_level[y]]; @/
  /@ assert inside: \forall integer y, j; node_is(y) && 0 <= j < mirror_count[y] &&
       mirror_key[y].v[j] == a ==>
       y == way->node[mirror_level[y]]; @/
  /@ assert link: \forall integer l; 0 < l <= mirror_level[mirror_root] ==>
       node_lo[way->node[l - 1]] == mirror_key[way->node[l]].v[way->slot[l]]; @/
  /@ assert kid: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       kid(y, j, mirror_child[y].v[j]); @/
  /@ assert child: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] &&
       mirror_key[y].v[j] == a ==> mirror_child[y].v[j] == way->node[mirror_level[y] - 1]; @/
  /@ assert start: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] &&
       mirror_key[y].v[j] == a ==> node_lo[way->node[mirror_level[y] - 1]] == a; @/
  /@ assert order: \forall integer y, i, j; node_is(y) && 0 <= i < j < mirror_count[y] ==>
       mirror_key[y].v[i] != mirror_key[y].v[j]; @/
  /@ assert own: \forall integer y; node_is(y) && mirror_level[y] > 0 && y == way->node[mirror_level[y]] ==>
       0 <= way->slot[mirror_level[y]] < mirror_count[y] &&
       node_lo[way->node[mirror_level[y] - 1]] == mirror_key[y].v[way->slot[mirror_level[y]]]; @/
  /@ assert slot: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] &&
       mirror_key[y].v[j] == a ==> j == way->slot[mirror_level[y]]; @/
  /@ assert there: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] &&
       mirror_key[y].v[j] == a ==> shift_at(tree, way, y, j); @/
  /@ assert back: \forall integer y, j; node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] &&
       shift_at(tree, way, y, j) ==> mirror_key[y].v[j] == a; @/
}
*/

/* The way still leads to its leaf. */
/*@ ghost
/@ requires root: root_ok_in(b) && 0 <= b.rows.level[b.object.root];
 @ requires top: way->node[b.rows.level[b.object.root]] == b.object.root;
 @ requires nodes: \forall integer l; 0 <= l <= b.rows.level[b.object.root] ==>
     node_is_in(b, way->node[l]) && b.rows.level[way->node[l]] == l;
 @ requires slots: \forall integer l; 0 < l <= b.rows.level[b.object.root] ==>
 @   0 <= way->slot[l] < b.rows.count[way->node[l]];
 @ requires links: \forall integer l; 0 < l <= b.rows.level[b.object.root] ==>
     b.rows.child[way->node[l]].v[way->slot[l]] == way->node[l - 1];
 @ requires leaf: b.rows.level[z] == 0;
 @ requires places: shift_places(tree, b, a, c);
 @ requires counts: shift_counts(tree, b, z);
 @ requires children: same_children(tree, b, z, z, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_leaf(way); @/
static void lemma_shift_way(struct tree_state b, const struct map_way *way, uint32_t z, uint64_t a,
                            uint64_t c)
{
  /@ assert root: mirror_root == b.object.root && mirror_level[mirror_root] == b.rows.level[b.object.root]; @/
  /@ assert same: \forall integer l; 0 <= l <= b.rows.level[b.object.root] ==>
       node_is(way->node[l]) && mirror_level[way->node[l]] == l; @/
  /@ assert inner: \forall integer l; 0 < l <= b.rows.level[b.object.root] ==> way->node[l] != z; @/
  /@ assert top: way_top(way, 0); @/
  /@ assert nodes: way_nodes(way, 0); @/
  /@ assert slots: way_slots(way, 1); @/
  /@ assert links: way_links(way, 0); @/
}
*/

/* ---- the edit ---- */

/* Let all ranges that start or end at a do so at c. */
/*@ ghost
/@ requires range: 0 < a < c;
 @ requires places: runs_places(tree, b);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b) && same_homes(tree, b);
 @ terminates \true; exits \false; assigns node_lo[0 .. TREE_NODES - 1], node_hi[0 .. TREE_NODES - 1];
 @ ensures places: shift_places(tree, b, a, c);
 @ ensures codes: same_codes(tree, b);
 @ ensures lasts: same_lasts(tree, b);
 @ ensures homes: same_homes(tree, b); @/
static void shift_ranges(struct tree_state b, uint64_t a, uint64_t c)
{
  uint64_t y = 0;
  /@ loop invariant range: 0 <= y <= TREE_NODES;
   @ loop invariant lows: \forall integer w; 0 <= w < y ==> node_lo[w] == moved(\at(tree, Pre).node.lo[w], a, c);
   @ loop invariant highs: \forall integer w; 0 <= w < y ==>
       node_hi[w] == moved(\at(tree, Pre).node.hi[w] + 1, a, c) - 1;
   @ loop invariant rest: \forall integer w; y <= w < TREE_NODES ==>
       node_lo[w] == \at(tree, Pre).node.lo[w] && node_hi[w] == \at(tree, Pre).node.hi[w];
   @ loop assigns y, node_lo[0 .. TREE_NODES - 1], node_hi[0 .. TREE_NODES - 1];
   @ loop variant TREE_NODES - y; @/
  while (y < TREE_NODES) {
    if (node_lo[y] == a) {
      node_lo[y] = c;
    }
    if (node_hi[y] == a - 1) {
      node_hi[y] = c - 1;
    }
    y++;
  }
}
*/

/* Let [s, e] be one run of that code. */
/*@ ghost
/@ requires range: s < a <= e;
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ requires homes: same_homes(tree, b);
 @ terminates \true; exits \false; assigns EDIT_RUNS;
 @ ensures map: shift_map(tree, b, s, a, e, code);
 @ ensures where: homes_but(tree, b, a, e, s); @/
static void shift_join(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint16_t code)
{
  runs_set_code(s, code);
  runs_set_code(a, 0);
  runs_set_last(s, e);
  /@ assert codes: codes_but(tree, b, s, a); @/
  /@ assert lasts: lasts_but(tree, b, s, s); @/
  /@ assert map: shift_map(tree, b, s, a, e, code); @/
  /@ assert homes: same_homes(tree, b); @/
  runs_set_home(a, e, s);
  /@ assert kept: codes_but(tree, b, s, a); @/
  /@ assert ends: lasts_but(tree, b, s, s); @/
}
*/

/* Leaf z has lost its first entry, keys and marks are right: let ranges and the map say so. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires from: shift_from(b, x, slot, z, s, a, e);
 @ requires nest: nest_in(b, x) && nest_in(b, z);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ requires counts: shift_counts(tree, b, z);
 @ requires keys: shift_keys(tree, b, a, e + 1);
 @ requires still: shift_still(tree, b, z);
 @ requires rows: shift_rows(tree, b, z);
 @ requires marks: shift_marks(tree, b, x, slot, z);
 @ requires children: same_children(tree, b, z, z, z);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b) && same_homes(tree, b);
 @ requires bin: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, e);
 @ requires below: code_below_in(b, x, mirror_tag[x].v[slot] + 1);
 @ requires size: mirror_tag[x].v[slot] >= FIT_FREE ==> size_below_in(b, x, e - s + 1);
 @ terminates \true; exits \false; assigns node_lo[0 .. TREE_NODES - 1], node_hi[0 .. TREE_NODES - 1],
     EDIT_RUNS;
 @ ensures tree: tree_ok(levels);
 @ ensures stray: no_stray_in(b) ==> no_stray;
 @ ensures places: shift_places(tree, b, a, e + 1);
 @ ensures map: shift_map(tree, b, s, a, e, mirror_tag[x].v[slot] + 1);
 @ ensures where: homes_but(tree, b, a, e, s);
 @ ensures homes: homes_in(b) ==> all_homes;
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(mirror_tag[x].v[slot], s, e) ==> tags_exact; @/
static void shift_note(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint32_t z,
                       uint64_t s, uint64_t a, uint64_t e)
{
  uint16_t code = (uint16_t)(mirror_tag[x].v[slot] + 1);
  /@ assert own: leaf_hits_in(b, x) && leaf_gaps_in(b, x) && sorted_in(b, x) && bounds_in(b, x) &&
       leaf_bins_in(b, x); @/
  /@ assert next: leaf_hits_in(b, z) && leaf_gaps_in(b, z) && sorted_in(b, z) && bounds_in(b, z) &&
       leaf_bins_in(b, z); @/
  lemma_shift_runs(b, x, slot, z, s, a, e);
  lemma_shift_edges(b, levels, z, a, e + 1);
  lemma_shift_leaves(b, levels, x, z, s, a);
  lemma_shift_between(b, a, e + 1);
  shift_ranges(b, a, e + 1);
  shift_join(b, s, a, e, code);
  lemma_shift_shape(b, levels, z, a, e + 1);
  lemma_shift_sorted(b, levels, z, a, e + 1);
  lemma_shift_bounds(b, levels, x, slot, z, s, a, e + 1);
  lemma_shift_kids(b, z, a, e + 1);
  lemma_shift_covers(b, x, slot, z, a, e + 1);
  lemma_shift_nodes(b, a, e + 1);
  /@ assert left: node_hi[x] == e && mirror_level[x] == 0 && mirror_count[x] == b.rows.count[x]; @/
  /@ assert right: node_hi[z] == b.node.hi[z] && mirror_level[z] == 0; @/
  lemma_shift_hits_left(b, x, slot, z, s, a, e);
  lemma_shift_hits_right(b, x, slot, z, s, a, e);
  lemma_shift_hits(b, x, z, s, a, e + 1);
  lemma_shift_gaps_left(b, x, slot, z, s, a, e);
  lemma_shift_gaps_right(b, x, slot, z, s, a, e);
  lemma_shift_gaps(b, x, z, s, a, e + 1);
  lemma_shift_bins_own(b, x, slot, z, s, a, e);
  lemma_shift_bins(b, x, z, s, a, e + 1);
  lemma_shift_inside(b, a, e + 1);
  lemma_shift_tags(b, x, s, a, e, code);
  lemma_shift_spans(b, x, s, a, e, code);
  /@ assert starts: run_code_in(b, s) != 0 && run_code_in(b, a) != 0; @/
  lemma_shift_homes(b, s, a, e, code);
  lemma_shift_exact(b, s, a, e, code);
}
*/

#endif
