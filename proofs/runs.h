/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_RUNS_H
#define PROOFS_RUNS_H

/*
 * Changing runs. Every edit is made of steps on one leaf x, each of which
 * changes what the map says of at most two addresses, s and a, inside that
 * leaf; no node's range changes. From the tree before (b), what the step did
 * to the rows of x and to the map follow the invariants of x; those of all
 * other nodes hold because their ranges are apart from x, or cover all of it.
 * Annotations only.
 */

#include "edit.h"
#include "keep.h"

/* What changing runs touches of the map. */
#define EDIT_CODES tree.runs.code
#define EDIT_LASTS tree.runs.last
#define EDIT_HOMES tree.runs.home
#define EDIT_RUNS tree.runs

/*@
  // s and a are addresses of leaf x
  predicate runs_at(struct tree_state b, integer x, integer s, integer a) =
    node_is_in(b, x) && b.rows.level[x] == 0 && b.node.lo[x] <= s <= b.node.hi[x] && b.node.lo[x] <= a <= b.node.hi[x];

  // all nodes are where they were,
  predicate runs_places(struct tree_state t, struct tree_state b) =
    t.object.capacity == b.object.capacity && t.object.root == b.object.root && same_places(t, b, -1, -1, -1);
  // and what bounds them
  predicate runs_bounds(struct tree_state t, struct tree_state b) = same_bounds(t, b, -1, -1, -1);

  // the map is the same but for s and a
  predicate codes_but(struct tree_state t, struct tree_state b, integer s, integer a) =
    \forall integer k; k != s && k != a ==> run_code_in(t, k) == run_code_in(b, k);
  predicate lasts_but(struct tree_state t, struct tree_state b, integer s, integer a) =
    \forall integer k; k != s && k != a ==> run_last_in(t, k) == run_last_in(b, k);

  // the addresses of [first, last] are in the run at s, all others where they were
  predicate homes_but(struct tree_state t, struct tree_state b, integer first, integer last, integer s) =
    \forall integer k; home_in(t, k) == (first <= k <= last ? s : home_in(b, k));

  // the map is the same
  predicate same_map(struct tree_state t, struct tree_state b) =
    same_codes(t, b) && same_lasts(t, b) && same_homes(t, b);

  // a run of that code is in the state of one of that tag
  predicate code_like(integer code, integer tag) = tag >= FIT_FREE ? code > FIT_FREE : code == tag + 1;

  // [s, e] is one run, in that state, and all else as it was
  predicate painted(struct tree_state t, struct tree_state b, integer s, integer e, integer state) =
    code_like(run_code_in(t, s), state) && run_last_in(t, s) == e &&
    (\forall integer k; s < k <= e ==> run_code_in(t, k) == 0) &&
    (\forall integer k; k < s || e < k ==> run_code_in(t, k) == run_code_in(b, k)) &&
    (\forall integer k; k < s || e < k ==> run_last_in(t, k) == run_last_in(b, k)) &&
    homes_but(t, b, s, e, s);

  // a node that has an address of leaf x covers all of it
  predicate nest_in(struct tree_state t, integer x) =
    \forall integer y; node_is_in(t, y) && t.node.lo[y] <= t.node.hi[x] && t.node.lo[x] <= t.node.hi[y] ==>
      t.node.lo[y] <= t.node.lo[x] && t.node.hi[x] <= t.node.hi[y];

  // no summary above leaf x forbids a run of that code,
  predicate code_below_in(struct tree_state t, integer x, integer code) =
    \forall integer y; node_is_in(t, y) && t.node.lo[y] <= t.node.lo[x] <= t.node.hi[y] ==> code <= t.node.most[y] + 1;
  // a FREE run of that size
  predicate size_below_in(struct tree_state t, integer x, integer size) =
    \forall integer y; node_is_in(t, y) && t.node.lo[y] <= t.node.lo[x] <= t.node.hi[y] ==>
    size <= bin_most(t.node.longest[y]);

  // what an entry says of the run [start, last] can be true,
  predicate bin_right(integer tag, integer bin, integer start, integer last) =
    0 <= bin <= FIT_BINS * 56 && (tag >= FIT_FREE ? last - start + 1 <= bin_most(bin) : bin == 0);
  // and is exact
  predicate tag_right(integer tag, integer start, integer last) =
    tag > FIT_ALLOCATED ==> largest_order(start, last, tag - FIT_FREE);
  // all are exact but perhaps those of the runs at s and a
  predicate tags_exact_but(struct tree_state t, integer s, integer a) =
    \forall integer k; run_free_in(t, k) && k != s && k != a ==>
      largest_order(k, run_last_in(t, k), run_code_in(t, k) - 1 - FIT_FREE);
*/

/* ---- the abstract map ---- */

/* Let the map say that at k. */
/*@ ghost
/@ terminates \true; exits \false; assigns EDIT_CODES;
 @ ensures put: run_code(k) == code;
 @ ensures others: \forall integer j; j != k ==> run_code(j) == run_code_in(\old(tree), j); @/
static void runs_set_code(uint64_t k, uint16_t code)
{
  if (k < TREE_HALF) {
    tree.runs.code.low[k] = code;
  } else if (k < 2 * (uint64_t)TREE_HALF) {
    tree.runs.code.high[k - TREE_HALF] = code;
  } else {
    tree.runs.code.end[k - 2 * (uint64_t)TREE_HALF] = code;
  }
}
*/

/* Let the run at k end there. */
/*@ ghost
/@ terminates \true; exits \false; assigns EDIT_LASTS;
 @ ensures put: run_last(k) == last;
 @ ensures others: \forall integer j; j != k ==> run_last(j) == run_last_in(\old(tree), j); @/
static void runs_set_last(uint64_t k, uint64_t last)
{
  if (k < TREE_HALF) {
    tree.runs.last.low[k] = last;
  } else if (k < 2 * (uint64_t)TREE_HALF) {
    tree.runs.last.high[k - TREE_HALF] = last;
  } else {
    tree.runs.last.end[k - 2 * (uint64_t)TREE_HALF] = last;
  }
}
*/

/* Let k be in the run at s. */
/*@ ghost
/@ terminates \true; exits \false; assigns EDIT_HOMES;
 @ ensures put: home(k) == s;
 @ ensures others: \forall integer j; j != k ==> home(j) == home_in(\old(tree), j); @/
static void runs_set_one_home(uint64_t k, uint64_t s)
{
  if (k < TREE_HALF) {
    tree.runs.home.low[k] = s;
  } else if (k < 2 * (uint64_t)TREE_HALF) {
    tree.runs.home.high[k - TREE_HALF] = s;
  } else {
    tree.runs.home.end[k - 2 * (uint64_t)TREE_HALF] = s;
  }
}
*/

/* Let all of [first, last] be in the run at s. */
/*@ ghost
/@ requires range: first <= last;
 @ terminates \true; exits \false; assigns EDIT_HOMES;
 @ ensures homes: homes_but(tree, \old(tree), first, last, s); @/
static void runs_set_home(uint64_t first, uint64_t last, uint64_t s)
{
  uint64_t k = first;
  /@ loop invariant range: first <= k <= last;
   @ loop invariant homes: \forall integer j;
       home(j) == (first <= j < k ? s : home_in(\at(tree, Pre), j));
   @ loop assigns k, EDIT_HOMES;
   @ loop variant last - k; @/
  while (k < last) {
    runs_set_one_home(k, s);
    k++;
  }
  runs_set_one_home(last, s);
}
*/

/* Where the run at k ends. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures value: \result == run_last(k); @/
static uint64_t runs_get_last(uint64_t k)
{
  uint64_t last;
  if (k < TREE_HALF) {
    last = tree.runs.last.low[k];
  } else if (k < 2 * (uint64_t)TREE_HALF) {
    last = tree.runs.last.high[k - TREE_HALF];
  } else {
    last = tree.runs.last.end[k - 2 * (uint64_t)TREE_HALF];
  }
  return last;
}
*/

/* Which run k is in. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures value: \result == home(k); @/
static uint64_t runs_get_home(uint64_t k)
{
  uint64_t s;
  if (k < TREE_HALF) {
    s = tree.runs.home.low[k];
  } else if (k < 2 * (uint64_t)TREE_HALF) {
    s = tree.runs.home.high[k - TREE_HALF];
  } else {
    s = tree.runs.home.end[k - 2 * (uint64_t)TREE_HALF];
  }
  return s;
}
*/

/* ---- all nodes ---- */

/* The entries of other leaves are not at s or a. */
/*@ ghost
/@ requires bounds: all_bounds_in(b);
 @ requires apart: all_apart_in(b);
 @ requires at: runs_at(b, x, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures away: \forall integer y, k;
     node_is_in(b, y) && y != x && b.rows.level[y] == 0 && b.node.lo[y] <= k <= b.node.hi[y] ==>
     k != s && k != a;
 @ ensures keys: \forall integer y, j;
     node_is_in(b, y) && y != x && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
     b.rows.key[y].v[j] != s && b.rows.key[y].v[j] != a; @/
static void lemma_runs_away(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  /@ assert apart: \forall integer y; node_is_in(b, y) && y != x && b.rows.level[y] == 0 ==> apart_in(b, x, y); @/
  /@ assert inside: \forall integer y, j; node_is_in(b, y) && 0 <= j < b.rows.count[y] ==>
       b.node.lo[y] <= b.rows.key[y].v[j] <= b.node.hi[y]; @/
}
*/

/* Entries of leaves hit runs. */
/*@ ghost
/@ requires before: all_hits_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires apart: all_apart_in(b);
 @ requires at: runs_at(b, x, s, a);
 @ requires own: leaf_hits(x);
 @ requires places: runs_places(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_hits; @/
static void lemma_runs_hits(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  lemma_runs_away(b, x, s, a);
  /@ assert other: \forall integer y; node_is(y) && y != x ==> node_is_in(b, y) && same_place(tree, b, y); @/
  /@ assert entry: \forall integer y, j;
       node_is(y) && y != x && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       run_code(mirror_key[y].v[j]) == mirror_tag[y].v[j] + 1; @/
  /@ assert end: \forall integer y, j;
       node_is(y) && y != x && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       ends_in(tree, y, j, run_last(mirror_key[y].v[j]), node_hi[y]); @/
}
*/

/* Between them no run starts. */
/*@ ghost
/@ requires before: all_gaps_in(b);
 @ requires hits: all_hits_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires apart: all_apart_in(b);
 @ requires at: runs_at(b, x, s, a);
 @ requires own: leaf_gaps(x);
 @ requires places: runs_places(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_gaps; @/
static void lemma_runs_gaps(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  lemma_runs_away(b, x, s, a);
  /@ assert other: \forall integer y; node_is(y) && y != x ==> node_is_in(b, y) && same_place(tree, b, y); @/
  /@ assert key: \forall integer y, j; node_is_in(b, y) && 0 <= j < b.rows.count[y] ==>
       b.node.lo[y] <= b.rows.key[y].v[j] <= b.node.hi[y]; @/
  /@ assert hit: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       ends_in(b, y, j, run_last_in(b, b.rows.key[y].v[j]), b.node.hi[y]); @/
  /@ assert next: \forall integer y, j;
       node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j && j + 1 < b.rows.count[y] ==>
       run_last_in(b, b.rows.key[y].v[j]) == b.rows.key[y].v[j + 1] - 1; @/
  /@ assert end: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] <= j + 1 ==>
       run_last_in(b, b.rows.key[y].v[j]) == b.node.hi[y]; @/
  /@ assert inside: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       run_last_in(b, b.rows.key[y].v[j]) <= b.node.hi[y]; @/
  /@ assert last: \forall integer y, j;
       node_is_in(b, y) && y != x && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       run_last(b.rows.key[y].v[j]) == run_last_in(b, b.rows.key[y].v[j]); @/
  /@ assert each: \forall integer y, j, k;
       node_is_in(b, y) && y != x && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] &&
       b.rows.key[y].v[j] < k <= run_last_in(b, b.rows.key[y].v[j]) ==> run_code(k) == 0; @/
}
*/

/* Their bins are right. */
/*@ ghost
/@ requires before: all_bins_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires apart: all_apart_in(b);
 @ requires at: runs_at(b, x, s, a);
 @ requires own: leaf_bins(x);
 @ requires places: runs_places(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires lasts: lasts_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_bins; @/
static void lemma_runs_bins(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  lemma_runs_away(b, x, s, a);
  /@ assert other: \forall integer y; node_is(y) && y != x ==> node_is_in(b, y) && same_place(tree, b, y); @/
  /@ assert last: \forall integer y, j;
       node_is_in(b, y) && y != x && b.rows.level[y] == 0 && 0 <= j < b.rows.count[y] ==>
       run_last(b.rows.key[y].v[j]) == run_last_in(b, b.rows.key[y].v[j]); @/
}
*/

/* The bounds of what is below a node hold: those of tags, */
/*@ ghost
/@ requires before: all_tags_in(b);
 @ requires nest: nest_in(b, x);
 @ requires at: runs_at(b, x, s, a);
 @ requires below: code_below_in(b, x, run_code(s)) && code_below_in(b, x, run_code(a));
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires codes: codes_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_tags; @/
static void lemma_runs_tags(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  /@ assert other: \forall integer y; node_is(y) ==> node_is_in(b, y) && same_place(tree, b, y); @/
  /@ assert at_s: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= s <= b.node.hi[y] ==>
       run_code(s) <= b.node.most[y] + 1; @/
  /@ assert at_a: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= a <= b.node.hi[y] ==>
       run_code(a) <= b.node.most[y] + 1; @/
  /@ assert each: \forall integer y, k; node_is_in(b, y) && b.node.lo[y] <= k <= b.node.hi[y] ==>
       run_code(k) <= b.node.most[y] + 1; @/
}
*/

/* and those of lengths. */
/*@ ghost
/@ requires before: all_spans_in(b);
 @ requires nest: nest_in(b, x);
 @ requires at: runs_at(b, x, s, a);
 @ requires first: run_free(s) ==> size_below_in(b, x, run_last(s) - s + 1);
 @ requires second: run_free(a) ==> size_below_in(b, x, run_last(a) - a + 1);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_spans; @/
static void lemma_runs_spans(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  /@ assert other: \forall integer y; node_is(y) ==> node_is_in(b, y) && same_place(tree, b, y); @/
  /@ assert at_s: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= s <= b.node.hi[y] && run_free(s) ==>
       run_last(s) - s + 1 <= bin_most(b.node.longest[y]); @/
  /@ assert at_a: \forall integer y; node_is_in(b, y) && b.node.lo[y] <= a <= b.node.hi[y] && run_free(a) ==>
       run_last(a) - a + 1 <= bin_most(b.node.longest[y]); @/
  /@ assert each: \forall integer y, k; node_is_in(b, y) && b.node.lo[y] <= k <= b.node.hi[y] && run_free(k) ==>
       run_last(k) - k + 1 <= bin_most(b.node.longest[y]); @/
}
*/

/* Where nodes are: nothing of that changes. */
/*@ ghost
/@ requires before: root_ok_in(b) && all_apart_in(b) && all_under_in(b) && all_taken_in(b);
 @ requires places: runs_places(tree, b);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures root: root_ok;
 @ ensures apart: all_apart;
 @ ensures under: all_under;
 @ ensures taken: all_taken;
 @ ensures stray: no_stray_in(b) ==> no_stray; @/
static void lemma_runs_nodes(struct tree_state b)
{
  /@ assert same: \forall integer y; node_is(y) ==> node_is_in(b, y) && same_place(tree, b, y); @/
}
*/

/* Shape, order, bounds, children and summaries, whose own parts hold of x. */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b) && all_kids_in(b) &&
     all_covers_in(b);
 @ requires leaf: node_is_in(b, x) && b.rows.level[x] == 0;
 @ requires own: shape(x, levels) && sorted(x) && bounds(x);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires children: same_children(tree, b, x, x, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds;
 @ ensures kids: all_kids;
 @ ensures covers: all_covers; @/
static void lemma_runs_frame(struct tree_state b, uint32_t levels, uint32_t x)
{
  /@ assert leaf: mirror_level[x] == 0; @/
  /@ assert some: same_places(tree, b, x, x, x); @/
  /@ assert some_bounds: same_bounds(tree, b, x, x, x); @/
  /@ assert kid: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_is_in(b, b.rows.child[y].v[j]); @/
  /@ assert stay: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       same_place(tree, b, b.rows.child[y].v[j]); @/
  /@ assert below: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       node_most[b.rows.child[y].v[j]] == b.node.most[b.rows.child[y].v[j]] &&
       node_longest[b.rows.child[y].v[j]] == b.node.longest[b.rows.child[y].v[j]]; @/
  lemma_edit_shape(b, levels, x, x, x);
  lemma_edit_sorted(b, x, x, x);
  lemma_edit_bounds(b, x, x, x);
  lemma_edit_kids(b, x, x, x);
  lemma_edit_covers(b, x, x, x);
}
*/

/* All that is said of runs. */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b) && all_tags_in(b) && all_spans_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires apart: all_apart_in(b);
 @ requires nest: nest_in(b, x);
 @ requires at: runs_at(b, x, s, a);
 @ requires own: leaf_hits(x) && leaf_gaps(x) && leaf_bins(x);
 @ requires below: code_below_in(b, x, run_code(s)) && code_below_in(b, x, run_code(a));
 @ requires first: run_free(s) ==> size_below_in(b, x, run_last(s) - s + 1);
 @ requires second: run_free(a) ==> size_below_in(b, x, run_last(a) - a + 1);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires codes: codes_but(tree, b, s, a);
 @ requires lasts: lasts_but(tree, b, s, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: all_hits;
 @ ensures gaps: all_gaps;
 @ ensures bins: all_bins;
 @ ensures tags: all_tags;
 @ ensures spans: all_spans; @/
static void lemma_runs_all(struct tree_state b, uint32_t x, uint64_t s, uint64_t a)
{
  lemma_runs_hits(b, x, s, a);
  lemma_runs_gaps(b, x, s, a);
  lemma_runs_bins(b, x, s, a);
  lemma_runs_tags(b, x, s, a);
  lemma_runs_spans(b, x, s, a);
}
*/

/* ---- a run gets another mark ---- */

/*@
  // of the rows only what the entry at slot says has changed
  predicate mark_rows(struct tree_state t, struct tree_state b, integer x, integer slot) =
    t.rows.count[x] == b.rows.count[x] && (\forall integer j; t.rows.key[x].v[j] == b.rows.key[x].v[j]) &&
    \forall integer j; j != slot ==> t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
    t.rows.bin[x].v[j] == b.rows.bin[x].v[j];
*/

/* The leaf says what the map says. */
/*@ ghost
/@ requires hits: leaf_hits_in(b, x);
 @ requires gaps: leaf_gaps_in(b, x);
 @ requires bins: leaf_bins_in(b, x);
 @ requires sorted: sorted_in(b, x);
 @ requires leaf: b.rows.level[x] == 0 && mirror_level[x] == 0 && node_hi[x] == b.node.hi[x];
 @ requires slot: slot < b.rows.count[x] && s == b.rows.key[x].v[slot];
 @ requires rows: mark_rows(tree, b, x, slot);
 @ requires code: run_code(s) == mirror_tag[x].v[slot] + 1;
 @ requires bin: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, run_last(s));
 @ requires codes: codes_but(tree, b, s, s);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x);
 @ ensures gaps: leaf_gaps(x);
 @ ensures bins: leaf_bins(x); @/
static void lemma_mark_leaf(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s)
{
  /@ assert differ: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert own: b.rows.tag[x].v[slot] + 1 == run_code_in(b, s); @/
  /@ assert others: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==>
       run_code(b.rows.key[x].v[j]) == b.rows.tag[x].v[j] + 1; @/
  /@ assert ends: \forall integer j; 0 <= j < b.rows.count[x] ==>
       ends_in(tree, x, j, run_last(b.rows.key[x].v[j]), node_hi[x]); @/
  /@ assert gap: \forall integer j, k;
       0 <= j < b.rows.count[x] && b.rows.key[x].v[j] < k <= run_last_in(b, b.rows.key[x].v[j]) ==>
       run_code_in(b, k) == 0 && k != s; @/
}
*/

/* Where runs are, and which run an address is in, does not depend on what the run at s is. */
/*@ ghost
/@ requires run: run_code_in(b, s) != 0 && run_code(s) != 0;
 @ requires codes: codes_but(tree, b, s, s);
 @ requires lasts: same_lasts(tree, b);
 @ requires homes: same_homes(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures homes: homes_in(b) ==> all_homes;
 @ ensures painted: homes_in(b) ==> painted(tree, b, s, run_last_in(b, s), run_code(s) - 1); @/
static void lemma_mark_homes(struct tree_state b, uint64_t s)
{
  /@ assert starts: \forall integer k; run_starts(k) <==> run_starts_in(b, k); @/
  /@ assert end: homes_in(b) ==> runs_end_in(tree); @/
  /@ assert hold: homes_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_in(b) ==> homes_only_in(tree); @/
  /@ assert home: homes_in(b) ==> \forall integer k; s <= k <= run_last_in(b, s) ==> home_in(b, k) == s; @/
  /@ assert own: homes_in(b) ==> \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert range: homes_in(b) && 0 <= s <= TREE_TOP ==> run_last_in(b, s) <= TREE_TOP; @/
  /@ assert none: homes_in(b) ==> \forall integer k; s < k <= run_last_in(b, s) ==> !run_starts(k); @/
  /@ assert alone: homes_in(b) ==> \forall integer k; s < k <= run_last_in(b, s) ==> run_code(k) == 0; @/
}
*/

/* The entry at slot of x, which starts at s, has another mark: let the map say so. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires nest: nest_in(b, x);
 @ requires leaf: node_is_in(b, x) && b.rows.level[x] == 0 && slot < b.rows.count[x] && s == b.rows.key[x].v[slot];
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires children: same_children(tree, b, x, x, x);
 @ requires map: same_map(tree, b);
 @ requires rows: mark_rows(tree, b, x, slot);
 @ requires bin: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, run_last_in(b, s));
 @ requires below: code_below_in(b, x, mirror_tag[x].v[slot] + 1);
 @ requires size: mirror_tag[x].v[slot] >= FIT_FREE ==> size_below_in(b, x, run_last_in(b, s) - s + 1);
 @ terminates \true; exits \false; assigns EDIT_CODES;
 @ ensures tree: tree_ok(levels);
 @ ensures exact: tags_exact_but(b, s, s) && tag_right(mirror_tag[x].v[slot], s, run_last_in(b, s)) ==>
     tags_exact;
 @ ensures stray: no_stray_in(b) ==> no_stray;
 @ ensures code: run_code(s) == mirror_tag[x].v[slot] + 1;
 @ ensures codes: codes_but(tree, b, s, s);
 @ ensures lasts: same_lasts(tree, b);
 @ ensures where: same_homes(tree, b);
 @ ensures homes: homes_in(b) ==> all_homes;
 @ ensures painted: homes_in(b) ==> painted(tree, b, s, run_last_in(b, s), mirror_tag[x].v[slot]); @/
static void mark_note(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint64_t s)
{
  runs_set_code(s, (uint16_t)(mirror_tag[x].v[slot] + 1));
  /@ assert codes: codes_but(tree, b, s, s); @/
  /@ assert lasts: same_lasts(tree, b); @/
  /@ assert some_lasts: lasts_but(tree, b, s, s); @/
  /@ assert place: same_place(tree, b, x) && runs_at(b, x, s, s); @/
  /@ assert own: shape(x, levels) && sorted(x) && bounds(x); @/
  lemma_runs_nodes(b);
  lemma_mark_leaf(b, x, slot, s);
  lemma_runs_frame(b, levels, x);
  lemma_runs_all(b, x, s, s);
  lemma_mark_homes(b, s);
}
*/

/* ---- a run becomes two ---- */

/*@
  // behind the entry at slot of x there is a new one at a
  predicate cut_rows(struct tree_state t, struct tree_state b, integer x, integer slot, integer a) =
    t.rows.count[x] == b.rows.count[x] + 1 && t.rows.key[x].v[slot + 1] == a &&
    (\forall integer j; 0 <= j <= slot ==> t.rows.key[x].v[j] == b.rows.key[x].v[j]) &&
    (\forall integer j; slot + 1 < j <= b.rows.count[x] ==> t.rows.key[x].v[j] == b.rows.key[x].v[j - 1]);
  predicate cut_marks(struct tree_state t, struct tree_state b, integer x, integer slot) =
    (\forall integer j; 0 <= j < slot ==> t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
    t.rows.bin[x].v[j] == b.rows.bin[x].v[j]) &&
    (\forall integer j; slot + 1 < j <= b.rows.count[x] ==>
      t.rows.tag[x].v[j] == b.rows.tag[x].v[j - 1] && t.rows.bin[x].v[j] == b.rows.bin[x].v[j - 1]);

  // the run of x at slot is [s, e], and a lies in it behind s
  predicate cut_from(struct tree_state b, integer x, integer slot, integer s, integer a, integer e) =
    b.rows.level[x] == 0 && 0 <= slot < b.rows.count[x] < MEM_ALLOC_FAN_OUT && s == b.rows.key[x].v[slot] &&
    e == run_last_in(b, s) && s < a <= e;

  // the map says of it
  predicate cut_runs(struct tree_state t, struct tree_state b, integer s, integer a, integer e) =
    codes_but(t, b, s, a) && lasts_but(t, b, s, a) && run_last_in(t, s) == a - 1 && run_last_in(t, a) == e;
*/

/* Order and bounds. */
/*@ ghost
/@ requires before: shape_in(b, x, levels) && sorted_in(b, x) && bounds_in(b, x);
 @ requires from: cut_from(b, x, slot, s, a, e);
 @ requires end: ends_in(b, x, slot, e, b.node.hi[x]);
 @ requires rows: cut_rows(tree, b, x, slot, a);
 @ requires place: same_place(tree, b, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: shape(x, levels);
 @ ensures sorted: sorted(x);
 @ ensures bounds: bounds(x); @/
static void lemma_cut_order(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint64_t s,
                            uint64_t a, uint64_t e)
{
  /@ assert next: slot + 1 < b.rows.count[x] ==> e == b.rows.key[x].v[slot + 1] - 1; @/
  /@ assert inside: e <= b.node.hi[x]; @/
  /@ assert below: \forall integer j; 0 <= j <= slot ==> mirror_key[x].v[j] <= s; @/
  /@ assert above: \forall integer j; slot + 1 < j < mirror_count[x] ==> a < mirror_key[x].v[j]; @/
  /@ assert lower: \forall integer i, j; 0 <= i < j <= slot ==> mirror_key[x].v[i] < mirror_key[x].v[j]; @/
  /@ assert upper: \forall integer i, j; slot + 1 < i < j < mirror_count[x] ==>
       mirror_key[x].v[i] < mirror_key[x].v[j]; @/
}
*/

/* Entries hit runs. */
/*@ ghost
/@ requires before: leaf_hits_in(b, x) && sorted_in(b, x);
 @ requires from: cut_from(b, x, slot, s, a, e);
 @ requires none: run_code_in(b, a) == 0;
 @ requires rows: cut_rows(tree, b, x, slot, a) && cut_marks(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ requires map: cut_runs(tree, b, s, a, e);
 @ requires codes: run_code(s) == mirror_tag[x].v[slot] + 1 && run_code(a) == mirror_tag[x].v[slot + 1] + 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x); @/
static void lemma_cut_hits(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert not_a: \forall integer j; 0 <= j < b.rows.count[x] ==> b.rows.key[x].v[j] != a; @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       run_code(mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1 &&
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
  /@ assert here: ends_in(tree, x, slot, run_last(s), node_hi[x]); @/
  /@ assert was: ends_in(b, x, slot, e, b.node.hi[x]); @/
  /@ assert next: ends_in(tree, x, slot + 1, run_last(a), node_hi[x]); @/
  /@ assert old: \forall integer j; slot + 1 < j < mirror_count[x] ==>
       run_code_in(b, mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1 &&
       ends_in(b, x, j - 1, run_last_in(b, mirror_key[x].v[j]), b.node.hi[x]); @/
  /@ assert above: \forall integer j; slot + 1 < j < mirror_count[x] ==>
       run_code(mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1; @/
  /@ assert ends: \forall integer j; slot + 1 < j < mirror_count[x] ==>
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
}
*/

/* Between them no run starts. */
/*@ ghost
/@ requires before: leaf_gaps_in(b, x) && leaf_hits_in(b, x) && sorted_in(b, x);
 @ requires from: cut_from(b, x, slot, s, a, e);
 @ requires none: run_code_in(b, a) == 0;
 @ requires rows: cut_rows(tree, b, x, slot, a);
 @ requires place: same_place(tree, b, x);
 @ requires map: cut_runs(tree, b, s, a, e);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures gaps: leaf_gaps(x); @/
static void lemma_cut_gaps(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert not_a: \forall integer j; 0 <= j < b.rows.count[x] ==> b.rows.key[x].v[j] != a; @/
  /@ assert gap: \forall integer j, k;
       0 <= j < b.rows.count[x] && b.rows.key[x].v[j] < k <= run_last_in(b, b.rows.key[x].v[j]) ==>
       run_code_in(b, k) == 0 && k != s; @/
  /@ assert after: \forall integer j; slot < j < b.rows.count[x] ==> a < b.rows.key[x].v[j]; @/
  /@ assert before: \forall integer j; 0 <= j < slot ==> run_last_in(b, b.rows.key[x].v[j]) < s; @/
  /@ assert below: \forall integer j, k;
       0 <= j < slot && mirror_key[x].v[j] < k <= run_last(mirror_key[x].v[j]) ==>
       run_code(k) == 0; @/
  /@ assert here: \forall integer k; s < k <= a - 1 ==> run_code(k) == 0; @/
  /@ assert next: \forall integer k; a < k <= e ==> run_code(k) == 0; @/
  /@ assert above: \forall integer j, k; slot + 1 < j < mirror_count[x] &&
       mirror_key[x].v[j] < k <= run_last(mirror_key[x].v[j]) ==> run_code(k) == 0; @/
}
*/

/* Their bins are right. */
/*@ ghost
/@ requires before: leaf_bins_in(b, x) && sorted_in(b, x);
 @ requires not_a: \forall integer j; 0 <= j < b.rows.count[x] ==> b.rows.key[x].v[j] != a;
 @ requires from: cut_from(b, x, slot, s, a, e);
 @ requires rows: cut_rows(tree, b, x, slot, a) && cut_marks(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ requires map: cut_runs(tree, b, s, a, e);
 @ requires left: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, a - 1);
 @ requires right: bin_right(mirror_tag[x].v[slot + 1], mirror_bin[x].v[slot + 1], a, e);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures bins: leaf_bins(x); @/
static void lemma_cut_bins(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert lasts: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==>
       run_last(b.rows.key[x].v[j]) == run_last_in(b, b.rows.key[x].v[j]); @/
  /@ assert was: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==>
       bin_right(b.rows.tag[x].v[j], b.rows.bin[x].v[j], b.rows.key[x].v[j], run_last(b.rows.key[x].v[j])); @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert here: \forall integer j; j == slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert next: \forall integer j; j == slot + 1 ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert above: \forall integer j; slot + 1 < j < mirror_count[x] ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert each: \forall integer j; 0 <= j < mirror_count[x] ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
}
*/

/* Of the tags only those of the runs at s and a can be wrong. */
/*@ ghost
/@ requires map: cut_runs(tree, b, s, a, e);
 @ requires codes: run_code(s) == left + 1 && run_code(a) == right + 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(left, s, a - 1) && tag_right(right, a, e) ==>
     tags_exact; @/
static void lemma_cut_tags(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint8_t left,
  uint8_t right)
{
  /@ assert free: \forall integer k; run_free(k) && k != s && k != a ==> run_free_in(b, k); @/
  /@ assert others: tags_exact_but(b, s, a) ==> tags_exact_but(tree, s, a); @/
  /@ assert at_s: tag_right(left, s, a - 1) && run_free(s) ==>
       largest_order(s, run_last(s), run_code(s) - 1 - FIT_FREE); @/
  /@ assert at_a: tag_right(right, a, e) && run_free(a) ==>
       largest_order(a, run_last(a), run_code(a) - 1 - FIT_FREE); @/
}
*/

/* Let the map say that [s, e] is two runs, [s, a - 1] and [a, e], of those codes. */
/*@ ghost
/@ requires range: s < a <= e;
 @ terminates \true; exits \false; assigns EDIT_RUNS;
 @ ensures codes: run_code(s) == left && run_code(a) == right;
 @ ensures map: cut_runs(tree, \old(tree), s, a, e);
 @ ensures where: homes_but(tree, \old(tree), a, e, a); @/
static void cut_map(uint64_t s, uint64_t a, uint64_t e, uint16_t left, uint16_t right)
{
  runs_set_code(s, left);
  runs_set_code(a, right);
  /@ assert codes: codes_but(tree, \at(tree, Pre), s, a); @/
  /@ assert lasts: same_lasts(tree, \at(tree, Pre)); @/
  runs_set_last(s, a - 1);
  runs_set_last(a, e);
  /@ assert some_lasts: lasts_but(tree, \at(tree, Pre), s, a); @/
  runs_set_home(a, e, a);
}
*/

/* Every address is in the one run of the map that it should be in. */
/*@ ghost
/@ requires run: run_code_in(b, s) != 0 && run_code_in(b, a) == 0 && s < a <= e == run_last_in(b, s);
 @ requires codes: run_code(s) != 0 && run_code(a) != 0;
 @ requires map: cut_runs(tree, b, s, a, e);
 @ requires homes: homes_but(tree, b, a, e, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures homes: homes_in(b) ==> all_homes; @/
static void lemma_cut_homes(struct tree_state b, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert starts: \forall integer k; run_starts(k) <==> run_starts_in(b, k) || k == a; @/
  /@ assert mine: homes_in(b) ==> \forall integer k; s <= k <= e ==> home_in(b, k) == s; @/
  /@ assert other: homes_in(b) ==> \forall integer k; 0 <= k <= TREE_TOP && (k < s || e < k) ==>
       home_in(b, k) != s && home_in(b, k) != a; @/
  /@ assert end: homes_in(b) ==> runs_end_in(tree); @/
  /@ assert hold: homes_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_in(b) ==> homes_only_in(tree); @/
}
*/

/* The entry at slot of x has become two, [s, a - 1] and [a, e]: let the map say so. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires nest: nest_in(b, x);
 @ requires node: node_is_in(b, x);
 @ requires from: cut_from(b, x, slot, s, a, e);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires children: same_children(tree, b, x, x, x);
 @ requires map: same_map(tree, b);
 @ requires rows: cut_rows(tree, b, x, slot, a);
 @ requires marks: cut_marks(tree, b, x, slot);
 @ requires left: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, a - 1);
 @ requires right: bin_right(mirror_tag[x].v[slot + 1], mirror_bin[x].v[slot + 1], a, e);
 @ requires below: code_below_in(b, x, mirror_tag[x].v[slot] + 1) &&
     code_below_in(b, x, mirror_tag[x].v[slot + 1] + 1);
 @ requires size_left: mirror_tag[x].v[slot] >= FIT_FREE ==> size_below_in(b, x, a - s);
 @ requires size_right: mirror_tag[x].v[slot + 1] >= FIT_FREE ==> size_below_in(b, x, e - a + 1);
 @ terminates \true; exits \false; assigns EDIT_RUNS;
 @ ensures tree: tree_ok(levels);
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(mirror_tag[x].v[slot], s, a - 1) &&
     tag_right(mirror_tag[x].v[slot + 1], a, e) ==> tags_exact;
 @ ensures stray: no_stray_in(b) ==> no_stray;
 @ ensures codes: run_code(s) == mirror_tag[x].v[slot] + 1 && run_code(a) == mirror_tag[x].v[slot + 1] + 1;
 @ ensures map: cut_runs(tree, b, s, a, e);
 @ ensures where: homes_but(tree, b, a, e, a);
 @ ensures homes: homes_in(b) ==> all_homes; @/
static void cut_note(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint64_t s,
                     uint64_t a, uint64_t e)
{
  cut_map(s, a, e, (uint16_t)(mirror_tag[x].v[slot] + 1), (uint16_t)(mirror_tag[x].v[slot + 1] + 1));
  /@ assert map: cut_runs(tree, b, s, a, e); @/
  /@ assert place: same_place(tree, b, x); @/
  /@ assert own: leaf_hits_in(b, x) && leaf_gaps_in(b, x) && sorted_in(b, x) && bounds_in(b, x) &&
       shape_in(b, x, levels) && leaf_bins_in(b, x); @/
  /@ assert end: ends_in(b, x, slot, e, b.node.hi[x]); @/
  /@ assert none: run_code_in(b, a) == 0; @/
  /@ assert not_a: \forall integer j; 0 <= j < b.rows.count[x] ==> b.rows.key[x].v[j] != a; @/
  /@ assert at: runs_at(b, x, s, a); @/
  lemma_runs_nodes(b);
  lemma_cut_order(b, levels, x, slot, s, a, e);
  lemma_cut_hits(b, x, slot, s, a, e);
  lemma_cut_gaps(b, x, slot, s, a, e);
  lemma_cut_bins(b, x, slot, s, a, e);
  lemma_runs_frame(b, levels, x);
  lemma_runs_all(b, x, s, a);
  lemma_cut_homes(b, s, a, e);
  lemma_cut_tags(b, s, a, e, mirror_tag[x].v[slot], mirror_tag[x].v[slot + 1]);
}
*/

/* ---- two runs become one ---- */

/*@
  // behind the entry at slot of x one is gone
  predicate join_rows(struct tree_state t, struct tree_state b, integer x, integer slot) =
    t.rows.count[x] == b.rows.count[x] - 1 &&
    (\forall integer j; 0 <= j <= slot ==> t.rows.key[x].v[j] == b.rows.key[x].v[j]) &&
    (\forall integer j; slot < j < t.rows.count[x] ==> t.rows.key[x].v[j] == b.rows.key[x].v[j + 1]);
  predicate join_marks(struct tree_state t, struct tree_state b, integer x, integer slot) =
    (\forall integer j; 0 <= j < slot ==> t.rows.tag[x].v[j] == b.rows.tag[x].v[j] &&
    t.rows.bin[x].v[j] == b.rows.bin[x].v[j]) &&
    (\forall integer j; slot < j < t.rows.count[x] ==>
      t.rows.tag[x].v[j] == b.rows.tag[x].v[j + 1] && t.rows.bin[x].v[j] == b.rows.bin[x].v[j + 1]);

  // the runs of x at slot and behind it are [s, a - 1] and [a, e]
  predicate join_from(struct tree_state b, integer x, integer slot, integer s, integer a, integer e) =
    b.rows.level[x] == 0 && 0 <= slot && slot + 1 < b.rows.count[x] <= MEM_ALLOC_FAN_OUT &&
    s == b.rows.key[x].v[slot] &&
    a == b.rows.key[x].v[slot + 1] && e == run_last_in(b, a);

  // the map says of them that they are one
  predicate join_runs(struct tree_state t, struct tree_state b, integer s, integer a, integer e) =
    codes_but(t, b, s, a) && lasts_but(t, b, s, s) && run_code_in(t, a) == 0 && run_last_in(t, s) == e;
*/

/* Order and bounds. */
/*@ ghost
/@ requires before: shape_in(b, x, levels) && sorted_in(b, x) && bounds_in(b, x);
 @ requires slot: 0 <= slot && slot + 1 < b.rows.count[x];
 @ requires rows: join_rows(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: shape(x, levels);
 @ ensures sorted: sorted(x);
 @ ensures bounds: bounds(x); @/
static void lemma_join_order(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot)
{
  /@ assert below: \forall integer j; 0 <= j <= slot ==> mirror_key[x].v[j] <= b.rows.key[x].v[slot]; @/
  /@ assert above: \forall integer j; slot < j < mirror_count[x] ==> b.rows.key[x].v[slot] < mirror_key[x].v[j]; @/
}
*/

/* Entries hit runs. */
/*@ ghost
/@ requires before: leaf_hits_in(b, x) && sorted_in(b, x);
 @ requires from: join_from(b, x, slot, s, a, e);
 @ requires rows: join_rows(tree, b, x, slot) && join_marks(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ requires map: join_runs(tree, b, s, a, e);
 @ requires code: run_code(s) == mirror_tag[x].v[slot] + 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: leaf_hits(x); @/
static void lemma_join_hits(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a,
  uint64_t e)
{
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert not_a: \forall integer j; 0 <= j < b.rows.count[x] && j != slot + 1 ==> b.rows.key[x].v[j] != a; @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       run_code(mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1 &&
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
  /@ assert was: ends_in(b, x, slot + 1, e, b.node.hi[x]); @/
  /@ assert here: ends_in(tree, x, slot, run_last(s), node_hi[x]); @/
  /@ assert old: \forall integer j; slot < j < mirror_count[x] ==>
       run_code_in(b, mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1 &&
       ends_in(b, x, j + 1, run_last_in(b, mirror_key[x].v[j]), b.node.hi[x]); @/
  /@ assert above: \forall integer j; slot < j < mirror_count[x] ==>
       run_code(mirror_key[x].v[j]) == mirror_tag[x].v[j] + 1; @/
  /@ assert ends: \forall integer j; slot < j < mirror_count[x] ==>
       ends_in(tree, x, j, run_last(mirror_key[x].v[j]), node_hi[x]); @/
}
*/

/* Between them no run starts. */
/*@ ghost
/@ requires before: leaf_gaps_in(b, x) && leaf_hits_in(b, x) && sorted_in(b, x);
 @ requires from: join_from(b, x, slot, s, a, e);
 @ requires rows: join_rows(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ requires map: join_runs(tree, b, s, a, e);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures gaps: leaf_gaps(x); @/
static void lemma_join_gaps(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a,
  uint64_t e)
{
  /@ assert end: run_last_in(b, s) == a - 1; @/
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert gap: \forall integer j, k;
       0 <= j < b.rows.count[x] && b.rows.key[x].v[j] < k <= run_last_in(b, b.rows.key[x].v[j]) ==>
       run_code_in(b, k) == 0 && k != s; @/
  /@ assert below: \forall integer j, k;
       0 <= j < slot && mirror_key[x].v[j] < k <= run_last(mirror_key[x].v[j]) ==>
       run_code(k) == 0; @/
  /@ assert first: \forall integer k; s < k <= a - 1 ==> run_code(k) == 0; @/
  /@ assert second: \forall integer k; a < k <= e ==> run_code(k) == 0; @/
  /@ assert here: \forall integer k; s < k <= e ==> run_code(k) == 0; @/
  /@ assert above: \forall integer j, k; slot < j < mirror_count[x] &&
       mirror_key[x].v[j] < k <= run_last(mirror_key[x].v[j]) ==> run_code(k) == 0; @/
}
*/

/* Their bins are right. */
/*@ ghost
/@ requires before: leaf_bins_in(b, x) && sorted_in(b, x);
 @ requires from: join_from(b, x, slot, s, a, e);
 @ requires rows: join_rows(tree, b, x, slot) && join_marks(tree, b, x, slot);
 @ requires place: same_place(tree, b, x);
 @ requires map: join_runs(tree, b, s, a, e);
 @ requires bin: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, e);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures bins: leaf_bins(x); @/
static void lemma_join_bins(struct tree_state b, uint32_t x, uint32_t slot, uint64_t s, uint64_t a,
  uint64_t e)
{
  /@ assert not_s: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==> b.rows.key[x].v[j] != s; @/
  /@ assert was: \forall integer j; 0 <= j < b.rows.count[x] && j != slot ==>
       bin_right(b.rows.tag[x].v[j], b.rows.bin[x].v[j], b.rows.key[x].v[j], run_last(b.rows.key[x].v[j])); @/
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert here: \forall integer j; j == slot ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert above: \forall integer j; slot < j < mirror_count[x] ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
  /@ assert each: \forall integer j; 0 <= j < mirror_count[x] ==>
       bin_right(mirror_tag[x].v[j], mirror_bin[x].v[j], mirror_key[x].v[j], run_last(mirror_key[x].v[j])); @/
}
*/

/* Let the map say that [s, a - 1] and [a, e] are one run, of that code. */
/*@ ghost
/@ requires range: s < a <= e;
 @ terminates \true; exits \false; assigns EDIT_RUNS;
 @ ensures code: run_code(s) == code;
 @ ensures map: join_runs(tree, \old(tree), s, a, e);
 @ ensures where: homes_but(tree, \old(tree), a, e, s); @/
static void join_map(uint64_t s, uint64_t a, uint64_t e, uint16_t code)
{
  runs_set_code(s, code);
  runs_set_code(a, 0);
  /@ assert codes: codes_but(tree, \at(tree, Pre), s, a); @/
  /@ assert lasts: same_lasts(tree, \at(tree, Pre)); @/
  runs_set_last(s, e);
  /@ assert some_lasts: lasts_but(tree, \at(tree, Pre), s, s); @/
  runs_set_home(a, e, s);
}
*/

/* Of the tags only that of the run at s can be wrong. */
/*@ ghost
/@ requires map: join_runs(tree, b, s, a, e);
 @ requires code: run_code(s) == tag + 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures but: tags_exact_but(b, s, a) ==> tags_exact_but(tree, s, s);
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(tag, s, e) ==> tags_exact; @/
static void lemma_join_tags(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint8_t tag)
{
  /@ assert free: \forall integer k; run_free(k) && k != s ==> k != a && run_free_in(b, k); @/
  /@ assert others: tags_exact_but(b, s, a) ==> tags_exact_but(tree, s, s); @/
  /@ assert own: tag_right(tag, s, e) && run_free(s) ==>
       largest_order(s, run_last(s), run_code(s) - 1 - FIT_FREE); @/
}
*/

/* Every address is in the one run of the map that it should be in. */
/*@ ghost
/@ requires run: run_code_in(b, s) != 0 && run_code_in(b, a) != 0 && run_last_in(b, s) == a - 1;
 @ requires order: s < a <= e == run_last_in(b, a);
 @ requires code: run_code(s) != 0;
 @ requires map: join_runs(tree, b, s, a, e);
 @ requires homes: homes_but(tree, b, a, e, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures homes: homes_in(b) ==> all_homes;
 @ ensures painted: homes_in(b) ==> painted(tree, b, s, e, run_code(s) - 1); @/
static void lemma_join_homes(struct tree_state b, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert own: homes_in(b) ==> \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert starts: \forall integer k; run_starts(k) <==> run_starts_in(b, k) && k != a; @/
  /@ assert left: homes_in(b) ==> \forall integer k; s <= k < a ==> home_in(b, k) == s; @/
  /@ assert right: homes_in(b) ==> \forall integer k; a <= k <= e ==> home_in(b, k) == a; @/
  /@ assert other: homes_in(b) ==> \forall integer k; 0 <= k <= TREE_TOP && (k < s || e < k) ==>
       home_in(b, k) != s && home_in(b, k) != a; @/
  /@ assert end: homes_in(b) ==> runs_end_in(tree); @/
  /@ assert hold: homes_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_in(b) ==> homes_only_in(tree); @/
  /@ assert not_left: homes_in(b) ==> \forall integer k; s < k < a ==> !run_starts_in(b, k); @/
  /@ assert not_right: homes_in(b) ==> \forall integer k; a < k <= e ==> !run_starts_in(b, k); @/
  /@ assert none: homes_in(b) ==> \forall integer k; s < k <= e ==> !run_starts(k); @/
  /@ assert alone: homes_in(b) ==> \forall integer k; s < k <= e ==> run_code(k) == 0; @/
  /@ assert where: homes_in(b) ==> homes_but(tree, b, s, e, s); @/
}
*/

/* The entries at slot and slot + 1 of x, [s, a - 1] and [a, e], have become one: let the map say so. */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires nest: nest_in(b, x);
 @ requires node: node_is_in(b, x);
 @ requires from: join_from(b, x, slot, s, a, e);
 @ requires places: runs_places(tree, b);
 @ requires bounds: runs_bounds(tree, b);
 @ requires taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires keys: same_keys(tree, b, x, x, x);
 @ requires tags: same_tags(tree, b, x, x, x);
 @ requires bins: same_bins(tree, b, x, x, x);
 @ requires children: same_children(tree, b, x, x, x);
 @ requires map: same_map(tree, b);
 @ requires rows: join_rows(tree, b, x, slot);
 @ requires marks: join_marks(tree, b, x, slot);
 @ requires bin: bin_right(mirror_tag[x].v[slot], mirror_bin[x].v[slot], s, e);
 @ requires below: code_below_in(b, x, mirror_tag[x].v[slot] + 1);
 @ requires size: mirror_tag[x].v[slot] >= FIT_FREE ==> size_below_in(b, x, e - s + 1);
 @ terminates \true; exits \false; assigns EDIT_RUNS;
 @ ensures tree: tree_ok(levels);
 @ ensures but: tags_exact_but(b, s, a) ==> tags_exact_but(tree, s, s);
 @ ensures exact: tags_exact_but(b, s, a) && tag_right(mirror_tag[x].v[slot], s, e) ==> tags_exact;
 @ ensures stray: no_stray_in(b) ==> no_stray;
 @ ensures code: run_code(s) == mirror_tag[x].v[slot] + 1;
 @ ensures map: join_runs(tree, b, s, a, e);
 @ ensures where: homes_but(tree, b, a, e, s);
 @ ensures homes: homes_in(b) ==> all_homes;
 @ ensures painted: homes_in(b) ==> painted(tree, b, s, e, mirror_tag[x].v[slot]); @/
static void join_note(struct tree_state b, uint32_t levels, uint32_t x, uint32_t slot, uint64_t s,
                      uint64_t a, uint64_t e)
{
  /@ assert own: leaf_hits_in(b, x) && leaf_gaps_in(b, x) && sorted_in(b, x) && bounds_in(b, x) &&
       shape_in(b, x, levels) && leaf_bins_in(b, x); @/
  /@ assert order: s < a; @/
  /@ assert last: ends_in(b, x, slot + 1, e, b.node.hi[x]) && run_last_in(b, s) == a - 1; @/
  /@ assert next: slot + 2 < b.rows.count[x] ==> a < b.rows.key[x].v[slot + 2]; @/
  /@ assert end: a <= e; @/
  join_map(s, a, e, (uint16_t)(mirror_tag[x].v[slot] + 1));
  /@ assert lasts: lasts_but(tree, b, s, a); @/
  /@ assert map: join_runs(tree, b, s, a, e); @/
  /@ assert where: homes_but(tree, b, a, e, s); @/
  /@ assert place: same_place(tree, b, x); @/
  /@ assert starts: run_code_in(b, s) != 0 && run_code_in(b, a) != 0; @/
  /@ assert at: runs_at(b, x, s, a); @/
  lemma_runs_nodes(b);
  lemma_join_order(b, levels, x, slot);
  lemma_join_hits(b, x, slot, s, a, e);
  lemma_join_gaps(b, x, slot, s, a, e);
  lemma_join_bins(b, x, slot, s, a, e);
  lemma_runs_frame(b, levels, x);
  lemma_runs_all(b, x, s, a);
  lemma_join_homes(b, s, a, e);
  lemma_join_tags(b, s, a, e, mirror_tag[x].v[slot]);
}
*/

/* ---- parts of a run ---- */

/* What is above leaf x bounds the run at s, which is in x. */
/*@ ghost
/@ requires tags: all_tags;
 @ requires spans: all_spans;
 @ requires nest: nest_in(tree, x);
 @ requires at: runs_at(tree, x, s, s);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures code: code_below_in(tree, x, run_code(s));
 @ ensures size: run_free(s) ==> size_below_in(tree, x, run_last(s) - s + 1); @/
static void lemma_part_below(uint32_t x, uint64_t s)
{
  /@ assert covers: \forall integer y; node_is(y) && node_lo[y] <= node_lo[x] <= node_hi[y] ==>
       node_lo[y] <= s <= node_hi[y]; @/
}
*/

/*@
  // no FREE run [from, to] has a larger tag
  predicate tag_above(integer tag, integer from, integer to) =
    tag >= FIT_FREE ==> \forall integer k; largest_order(from, to, k) ==> FIT_FREE + k <= tag;
*/

/* What a part holds the whole run holds. */
/*@ ghost
/@ requires whole: tag_right(tag, s, e);
 @ requires inside: s <= from && to <= e;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures order: tag_above(tag, from, to); @/
static void lemma_part_tag(uint8_t tag, uint64_t s, uint64_t e, uint64_t from, uint64_t to)
{
  /@ assert holds: \forall integer k; holds_order(from, to, k) ==> holds_order(s, e, k); @/
}
*/

/* A map that is the same has the same tags, and its addresses are in the same runs. */
/*@ ghost
/@ requires map: same_map(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures exact: tags_exact_in(b) ==> tags_exact;
 @ ensures homes: homes_in(b) ==> all_homes; @/
static void lemma_runs_kept(struct tree_state b)
{
  /@ assert starts: \forall integer k; run_starts(k) <==> run_starts_in(b, k); @/
  /@ assert end: homes_in(b) ==> runs_end_in(tree); @/
  /@ assert hold: homes_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_in(b) ==> homes_only_in(tree); @/
}
*/

/* ---- painted ranges ---- */

/* What a range is painted with covers what a part of it was painted with before, if it was. */
/*@ ghost
/@ requires first: same_map(a, b) || (s <= from && to <= e && painted(a, b, from, to, tag));
 @ requires second: painted(tree, a, s, e, state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, s, e, state); @/
static void lemma_paint_over(struct tree_state b, struct tree_state a, uint64_t from, uint64_t to,
  uint8_t tag,
                             uint64_t s, uint64_t e, uint8_t state)
{
}
*/

/* Steps before and after it that change no run. */
/*@ ghost
/@ requires before: same_map(a, b);
 @ requires painted: painted(c, a, s, e, tag);
 @ requires after: same_map(tree, c);
 @ requires like: tag == state || (tag >= FIT_FREE && state >= FIT_FREE);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, s, e, state); @/
static void lemma_paint_kept(struct tree_state b, struct tree_state a, struct tree_state c, uint64_t s,
                             uint64_t e, uint8_t tag, uint8_t state)
{
}
*/

/* Runs tile the space: where one ends the next one starts, */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_code_in(t, s) != 0 && run_last_in(t, s) < TREE_TOP;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures next: run_starts_in(t, run_last_in(t, s) + 1); @/
static void lemma_home_above(struct tree_state t, uint64_t s)
{
  /@ assert own: home_in(t, run_last_in(t, s)) == s; @/
  /@ assert hold: home_in(t, run_last_in(t, s) + 1) <= run_last_in(t, s) + 1 <=
       run_last_in(t, home_in(t, run_last_in(t, s) + 1)); @/
  /@ assert here: home_in(t, run_last_in(t, s) + 1) <= run_last_in(t, s) ==>
       home_in(t, run_last_in(t, s)) == home_in(t, run_last_in(t, s) + 1); @/
}
*/

/* and where one starts another one ended. */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_code_in(t, s) != 0 && 0 < s;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures start: run_starts_in(t, home_in(t, s - 1)) && home_in(t, s - 1) <= s - 1;
 @ ensures last: run_last_in(t, home_in(t, s - 1)) == s - 1; @/
static void lemma_home_below(struct tree_state t, uint64_t s)
{
  /@ assert hold: home_in(t, s - 1) <= s - 1 <= run_last_in(t, home_in(t, s - 1)); @/
  /@ assert own: home_in(t, s) == s; @/
  /@ assert past: s <= run_last_in(t, home_in(t, s - 1)) ==> home_in(t, s) == home_in(t, s - 1); @/
}
*/

#endif
