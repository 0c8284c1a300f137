/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_GROW_H
#define PROOFS_GROW_H

/*
 * A new root: above the old one (grow), or as the first node of all (plant).
 * From the state before (b) and what was written follow the invariants.
 * Annotations only.
 */

#include "edit.h"

/*@
  // no tree: the whole space is one ABSENT run, and no node is part of it
  predicate no_tree_in(struct tree_state t) =
    t.object.root == 0 && (\forall integer x; 0 <= x < TREE_NODES ==> t.node.in[x] != 1) &&
      run_code_in(t, 0) == FIT_ABSENT + 1 &&
    run_last_in(t, 0) == TREE_TOP && (\forall integer k; 0 < k <= TREE_TOP ==> run_code_in(t, k) == 0);

  // r was not part of the tree, and is the new root
  predicate root_places(struct tree_state b, struct tree_state t, integer r) =
    t.object.root == r && 1 <= r <= t.object.capacity && t.node.in[r] == 1 && t.node.lo[r] == 0 &&
    t.node.hi[r] == TREE_TOP &&
      b.node.in[r] != 1 &&
    t.object.capacity == b.object.capacity;
  predicate root_row(struct tree_state t, integer r, integer x) =
    t.rows.count[r] == 1 && t.rows.key[r].v[0] == 0 && t.rows.child[r].v[0] == x && t.rows.tag[r].v[0] == 255 &&
    t.rows.bin[r].v[0] == FIT_BINS * 56;
*/

/* Shape, order and bounds; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b);
 @ requires places: root_places(b, tree, r);
 @ requires level: 0 <= mirror_level[r] < levels && mirror_count[r] == 1 && mirror_key[r].v[0] == 0;
 @ requires same: same_places(tree, b, r, r, r);
 @ requires counts: same_counts(tree, b, r, r, r);
 @ requires keys: same_keys(tree, b, r, r, r);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds; @/
static void lemma_grow_order(struct tree_state b, uint32_t levels, uint32_t r, uint32_t x)
{
  /@ assert own: shape(r, levels) && sorted(r) && bounds(r); @/
  lemma_edit_shape(b, levels, r, r, r);
  lemma_edit_sorted(b, r, r, r);
  lemma_edit_bounds(b, r, r, r);
}
*/

/* children and summaries; */
/*@ ghost
/@ requires before: all_kids_in(b) && all_covers_in(b);
 @ requires places: root_places(b, tree, r);
 @ requires old: node_is_in(b, x) && b.node.lo[x] == 0 && b.node.hi[x] == TREE_TOP &&
     mirror_level[r] == b.rows.level[x] + 1 && x != r;
 @ requires row: root_row(tree, r, x);
 @ requires same: same_places(tree, b, r, r, r);
 @ requires counts: same_counts(tree, b, r, r, r);
 @ requires keys: same_keys(tree, b, r, r, r);
 @ requires tags: same_tags(tree, b, r, r, r);
 @ requires bins: same_bins(tree, b, r, r, r);
 @ requires children: same_children(tree, b, r, r, r);
 @ requires bounds: same_bounds(tree, b, r, r, r);
 @ requires longest: b.node.longest[x] <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures kids: all_kids;
 @ ensures covers: all_covers; @/
static void lemma_grow_kids(struct tree_state b, uint32_t levels, uint32_t r, uint32_t x)
{
  /@ assert place: same_place(tree, b, x); @/
  /@ assert kid: kid(r, 0, x); @/
  /@ assert own_kids: kids(r); @/
  /@ assert own_covers: covers(r); @/
  /@ assert others: \forall integer y; node_is_in(b, y) ==> y != r; @/
  lemma_edit_kids(b, r, r, r);
  lemma_edit_covers(b, r, r, r);
}
*/

/* what is said of runs; */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b) && all_tags_in(b) && all_spans_in(b);
 @ requires places: root_places(b, tree, r);
 @ requires level: mirror_level[r] > 0;
 @ requires own: tags_below(r) && spans_below(r);
 @ requires same: same_places(tree, b, r, r, r);
 @ requires counts: same_counts(tree, b, r, r, r);
 @ requires keys: same_keys(tree, b, r, r, r);
 @ requires tags: same_tags(tree, b, r, r, r);
 @ requires bins: same_bins(tree, b, r, r, r);
 @ requires bounds: same_bounds(tree, b, r, r, r);
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: all_hits;
 @ ensures gaps: all_gaps;
 @ ensures bins: all_bins;
 @ ensures tags: all_tags;
 @ ensures spans: all_spans; @/
static void lemma_grow_runs(struct tree_state b, uint32_t levels, uint32_t r, uint32_t x)
{
  lemma_edit_hits(b, r, r, r);
  lemma_edit_gaps(b, r, r, r);
  lemma_edit_bins(b, r, r, r);
  lemma_edit_tags(b, r, r, r);
  lemma_edit_spans(b, r, r, r);
}
*/

/* the root. */
/*@ ghost
/@ requires apart: all_apart_in(b);
 @ requires under: all_under_in(b);
 @ requires places: root_places(b, tree, r);
 @ requires level: mirror_level[r] == b.rows.level[b.object.root] + 1;
 @ requires same: same_places(tree, b, r, r, r);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart;
 @ ensures under: all_under;
 @ ensures root: root_ok; @/
static void lemma_grow_root(struct tree_state b, uint32_t levels, uint32_t r, uint32_t x)
{
  /@ assert rest: \forall integer y; node_is(y) && y != r ==> same_place(tree, b, y); @/
  /@ assert old: \forall integer y; node_is(y) && y != r ==>
       node_is_in(b, y) && mirror_level[y] == b.rows.level[y]; @/
  /@ assert below: \forall integer y; node_is(y) && y != r ==> mirror_level[y] < mirror_level[r]; @/
  /@ assert two: \forall integer y, w; node_is(y) && node_is(w) && y != r && w != r && y != w &&
       mirror_level[y] == mirror_level[w] ==> apart_in(tree, y, w); @/
}
*/

/* The new root r is above the old one, x, in memory: say what it means. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires new: 1 <= r <= b.object.capacity && b.node.in[r] != 1 && mirror_root == r &&
 @   mirror_capacity == b.object.capacity;
 @ requires old: x == b.object.root;
 @ requires level: mirror_level[r] == b.rows.level[x] + 1 < levels;
 @ requires row: root_row(tree, r, x);
 @ requires taken: pool_taken[r] == 1 && \forall integer y; 0 <= y < TREE_NODES && y != r ==>
     pool_taken[y] == b.pool.taken[y];
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
 @ terminates \true; exits \false; assigns node_lo[r], node_hi[r], node_in[r], node_most[r], node_longest[r];
 @ ensures tree: tree_ok(levels);
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void grow_note(struct tree_state b, uint32_t levels, uint32_t r, uint32_t x)
{
  node_lo[r] = 0;
  node_hi[r] = UINT64_MAX;
  node_in[r] = 1;
  node_most[r] = node_most[x];
  node_longest[r] = node_longest[x];
  /@ assert places: root_places(b, tree, r); @/
  /@ assert same: same_places(tree, b, r, r, r) && same_bounds(tree, b, r, r, r); @/
  /@ assert tags_old: tags_below_in(b, x); @/
  /@ assert codes: \forall integer k; run_code(k) == run_code_in(b, k); @/
  /@ assert whole: b.node.lo[x] == 0 && b.node.hi[x] == TREE_TOP && node_most[r] == b.node.most[x]; @/
  /@ assert tags: tags_below(r); @/
  /@ assert spans_old: spans_below_in(b, x); @/
  /@ assert free: \forall integer k; run_free(k) ==> run_free_in(b, k); @/
  /@ assert spans: spans_below(r); @/
  lemma_grow_order(b, levels, r, x);
  lemma_grow_kids(b, levels, r, x);
  lemma_grow_runs(b, levels, r, x);
  lemma_grow_root(b, levels, r, x);
  /@ assert taken: all_taken; @/
}
*/

/* The first node of all, a leaf with one entry, is in memory: say what it means. */
/*@ ghost
/@ requires before: no_tree_in(b);
 @ requires new: 1 <= r <= mirror_capacity && b.node.in[r] != 1 && mirror_root == r &&
     mirror_capacity == b.object.capacity;
 @ requires level: mirror_level[r] == 0 < levels;
 @ requires row: mirror_count[r] == 1 && mirror_key[r].v[0] == 0 && mirror_tag[r].v[0] == FIT_ABSENT &&
     mirror_bin[r].v[0] == 0;
 @ requires taken: pool_taken[r] == 1;
 @ requires places: \forall integer y; 0 <= y < TREE_NODES ==> node_in[y] == b.node.in[y];
 @ requires map: same_codes(tree, b) && same_lasts(tree, b);
 @ terminates \true; exits \false; assigns node_lo[r], node_hi[r], node_in[r], node_most[r], node_longest[r];
 @ ensures tree: tree_ok(levels);
 @ ensures only: \forall integer y; node_is(y) ==> y == r; @/
static void plant_note(struct tree_state b, uint32_t levels, uint32_t r)
{
  node_lo[r] = 0;
  node_hi[r] = UINT64_MAX;
  node_in[r] = 1;
  node_most[r] = 0;
  node_longest[r] = 0;
  /@ assert only: \forall integer y; node_is(y) ==> y == r; @/
  /@ assert shape: shape(r, levels) && sorted(r) && bounds(r); @/
  /@ assert hits: leaf_hits(r); @/
  /@ assert gaps: leaf_gaps(r); @/
  /@ assert bins: leaf_bins(r); @/
  /@ assert tags: tags_below(r); @/
  /@ assert spans: spans_below(r); @/
}
*/

#endif
