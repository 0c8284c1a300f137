/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_SUMMARY_H
#define PROOFS_SUMMARY_H

/*
 * Tags and bins of inner entries. What the entries of a node say bounds all
 * runs below it; and changing what one inner entry says of its child, raising
 * or lowering it, keeps the tree's invariants. Annotations only.
 */

#include "edit.h"
#include "keep.h"

/* What changing summaries may touch. */
#define EDIT_SUMMARY(m) \
  m->nodes[0 .. mirror_capacity - 1], mirror_tag[0 .. TREE_NODES - 1], mirror_bin[0 .. TREE_NODES - 1], \
  node_most[0 .. TREE_NODES - 1], node_longest[0 .. TREE_NODES - 1]

/*@
  // of the runs that start in [from, to] none has a larger tag,
  predicate top_tags_in(struct tree_state t, integer from, integer to, integer top) =
    \forall integer k; from <= k <= to ==> run_code_in(t, k) <= top + 1;
  // and no FREE one a larger bin
  predicate top_bins_in(struct tree_state t, integer from, integer to, integer top) =
    \forall integer k; from <= k <= to && run_free_in(t, k) ==> run_last_in(t, k) - k + 1 <= bin_most(top);

  // no entry of x has a larger tag, a larger bin
  predicate rows_tag_in(struct tree_state t, integer x, integer top) =
    \forall integer j; 0 <= j < t.rows.count[x] ==> t.rows.tag[x].v[j] <= top;
  predicate rows_bin_in(struct tree_state t, integer x, integer top) =
    \forall integer j; 0 <= j < t.rows.count[x] ==> t.rows.bin[x].v[j] <= top;

  // larger bins are of larger runs
  predicate bins_ascend = \forall integer a, b; 0 <= a <= b <= FIT_BINS * 56 ==> bin_most(a) <= bin_most(b);

  // entry slot of p is that of child x
  predicate entry_in(struct tree_state t, integer p, integer slot, integer x) =
    node_is_in(t, p) && t.rows.level[p] > 0 && 0 <= slot < t.rows.count[p] <= MEM_ALLOC_FAN_OUT &&
      x == t.rows.child[p].v[slot];

  // all but summaries and bounds is the same: nodes,
  predicate summary_same_nodes(struct tree_state t, struct tree_state b) =
    t.object.capacity == b.object.capacity && t.object.root == b.object.root && same_places(t, b, -1, -1, -1) &&
      same_counts(t, b, -1, -1, -1) &&
    same_keys(t, b, -1, -1, -1) && same_children(t, b, -1, -1, -1) && \forall integer y;
      t.pool.taken[y] == b.pool.taken[y];
  // and runs
  predicate summary_same_runs(struct tree_state t, struct tree_state b) = same_codes(t, b) &&
    same_lasts(t, b);

  // of the entries at most that at slot of p has changed,
  predicate summary_rows(struct tree_state t, struct tree_state b, integer p, integer slot) =
    same_tags(t, b, p, p, p) && same_bins(t, b, p, p, p) &&
    \forall integer j; j != slot ==> t.rows.tag[p].v[j] == b.rows.tag[p].v[j] &&
    t.rows.bin[p].v[j] == b.rows.bin[p].v[j];
  // which covers the child
  predicate summary_entry(struct tree_state t, integer p, integer slot, integer x) =
    t.node.most[x] <= t.rows.tag[p].v[slot] && t.node.longest[x] <= t.rows.bin[p].v[slot] <= FIT_BINS * 56;

  // the entries of leaves are the same
  predicate same_leaves(struct tree_state t, struct tree_state b) =
    \forall integer y, j; node_is_in(b, y) && b.rows.level[y] == 0 ==>
      t.rows.tag[y].v[j] == b.rows.tag[y].v[j] && t.rows.bin[y].v[j] == b.rows.bin[y].v[j];

  // no entry's tag or bin is smaller than it was,
  predicate entries_grown(struct tree_state t, struct tree_state b) =
    \forall integer y, j; b.rows.tag[y].v[j] <= t.rows.tag[y].v[j] && b.rows.bin[y].v[j] <= t.rows.bin[y].v[j];
  // and no bound of what is below a node
  predicate bounds_grown(struct tree_state t, struct tree_state b) =
    \forall integer y; b.node.most[y] <= t.node.most[y] && b.node.longest[y] <= t.node.longest[y];
*/

/* The part of a leaf at slot j has no tag above the entry's; */
/*@ ghost
/@ requires hits: leaf_hits_in(t, x);
 @ requires gaps: leaf_gaps_in(t, x);
 @ requires slot: t.rows.level[x] == 0 && j < t.rows.count[x];
 @ requires top: t.rows.tag[x].v[j] <= top;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures part: top_tags_in(t, t.rows.key[x].v[j], slot_last_in(t, x, j, t.node.hi[x]), top); @/
static void lemma_top_tag_run(struct tree_state t, uint32_t x, uint32_t j, uint8_t top)
{
  /@ assert end: run_last_in(t, t.rows.key[x].v[j]) == slot_last_in(t, x, j, t.node.hi[x]); @/
}
*/

/* that of an inner node neither. */
/*@ ghost
/@ requires tags: all_tags_in(t);
 @ requires kids: kids_in(t, x);
 @ requires covers: covers_in(t, x);
 @ requires slot: t.rows.level[x] > 0 && j < t.rows.count[x];
 @ requires top: t.rows.tag[x].v[j] <= top;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures part: top_tags_in(t, t.rows.key[x].v[j], slot_last_in(t, x, j, t.node.hi[x]), top); @/
static void lemma_top_tag_child(struct tree_state t, uint32_t x, uint32_t j, uint8_t top)
{
  /@ assert kid: kid_in(t, x, j, t.rows.child[x].v[j]); @/
  /@ assert below: tags_below_in(t, t.rows.child[x].v[j]); @/
  /@ assert most: t.node.most[t.rows.child[x].v[j]] <= top; @/
  /@ assert end: t.node.hi[t.rows.child[x].v[j]] == slot_last_in(t, x, j, t.node.hi[x]); @/
}
*/

/* So the largest tag of a node's entries bounds all tags below it. */
/*@ ghost
/@ requires tags: all_tags_in(t);
 @ requires kids: kids_in(t, x);
 @ requires covers: covers_in(t, x);
 @ requires hits: leaf_hits_in(t, x);
 @ requires gaps: leaf_gaps_in(t, x);
 @ requires first: 1 <= t.rows.count[x] && t.rows.key[x].v[0] == t.node.lo[x] && 0 <= t.rows.level[x];
 @ requires top: rows_tag_in(t, x, top);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures below: top_tags_in(t, t.node.lo[x], t.node.hi[x], top); @/
static void lemma_top_tag(struct tree_state t, uint32_t x, uint8_t top)
{
  uint32_t j = 0;
  /@ loop invariant range: 0 <= j <= t.rows.count[x];
   @ loop invariant part: j < t.rows.count[x] ==> top_tags_in(t, t.node.lo[x], t.rows.key[x].v[j] - 1, top);
   @ loop invariant all: j == t.rows.count[x] ==> top_tags_in(t, t.node.lo[x], t.node.hi[x], top);
   @ loop assigns j;
   @ loop variant t.rows.count[x] - j; @/
  while (j < t.rows.count[x]) {
    if (t.rows.level[x] > 0) {
      lemma_top_tag_child(t, x, j, top);
    } else {
      lemma_top_tag_run(t, x, j, top);
    }
    j++;
  }
}
*/

/* The same of bins: a leaf's entry, */
/*@ ghost
/@ requires ascend: bins_ascend;
 @ requires hits: leaf_hits_in(t, x);
 @ requires gaps: leaf_gaps_in(t, x);
 @ requires bins: leaf_bins_in(t, x);
 @ requires slot: t.rows.level[x] == 0 && j < t.rows.count[x];
 @ requires top: t.rows.bin[x].v[j] <= top <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures part: top_bins_in(t, t.rows.key[x].v[j], slot_last_in(t, x, j, t.node.hi[x]), top); @/
static void lemma_top_bin_run(struct tree_state t, uint32_t x, uint32_t j, int16_t top)
{
  /@ assert end: run_last_in(t, t.rows.key[x].v[j]) == slot_last_in(t, x, j, t.node.hi[x]); @/
  /@ assert own: bin_most(t.rows.bin[x].v[j]) <= bin_most(top); @/
}
*/

/* an inner node's, */
/*@ ghost
/@ requires ascend: bins_ascend;
 @ requires spans: all_spans_in(t);
 @ requires kids: kids_in(t, x);
 @ requires covers: covers_in(t, x);
 @ requires slot: t.rows.level[x] > 0 && j < t.rows.count[x];
 @ requires top: t.rows.bin[x].v[j] <= top <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures part: top_bins_in(t, t.rows.key[x].v[j], slot_last_in(t, x, j, t.node.hi[x]), top); @/
static void lemma_top_bin_child(struct tree_state t, uint32_t x, uint32_t j, int16_t top)
{
  /@ assert kid: kid_in(t, x, j, t.rows.child[x].v[j]); @/
  /@ assert below: spans_below_in(t, t.rows.child[x].v[j]); @/
  /@ assert longest: bin_most(t.node.longest[t.rows.child[x].v[j]]) <= bin_most(top); @/
  /@ assert end: t.node.hi[t.rows.child[x].v[j]] == slot_last_in(t, x, j, t.node.hi[x]); @/
}
*/

/* all of them. */
/*@ ghost
/@ requires ascend: bins_ascend;
 @ requires spans: all_spans_in(t);
 @ requires kids: kids_in(t, x);
 @ requires covers: covers_in(t, x);
 @ requires hits: leaf_hits_in(t, x);
 @ requires gaps: leaf_gaps_in(t, x);
 @ requires bins: leaf_bins_in(t, x);
 @ requires first: 1 <= t.rows.count[x] && t.rows.key[x].v[0] == t.node.lo[x] && 0 <= t.rows.level[x];
 @ requires top: rows_bin_in(t, x, top) && top <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures below: top_bins_in(t, t.node.lo[x], t.node.hi[x], top); @/
static void lemma_top_bin(struct tree_state t, uint32_t x, int16_t top)
{
  uint32_t j = 0;
  /@ loop invariant range: 0 <= j <= t.rows.count[x];
   @ loop invariant part: j < t.rows.count[x] ==> top_bins_in(t, t.node.lo[x], t.rows.key[x].v[j] - 1, top);
   @ loop invariant all: j == t.rows.count[x] ==> top_bins_in(t, t.node.lo[x], t.node.hi[x], top);
   @ loop assigns j;
   @ loop variant t.rows.count[x] - j; @/
  while (j < t.rows.count[x]) {
    if (t.rows.level[x] > 0) {
      lemma_top_bin_child(t, x, j, top);
    } else {
      lemma_top_bin_run(t, x, j, top);
    }
    j++;
  }
}
*/

/* What has nothing to do with summaries stays: shape, order, bounds and children of nodes; */
/*@ ghost
/@ requires before: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b) && all_kids_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures shape: all_shape(levels);
 @ ensures sorted: all_sorted;
 @ ensures bounds: all_bounds;
 @ ensures kids: all_kids; @/
static void lemma_summary_order(struct tree_state b, uint32_t levels)
{
  lemma_edit_shape(b, levels, 0, 0, 0);
  lemma_edit_sorted(b, 0, 0, 0);
  lemma_edit_bounds(b, 0, 0, 0);
  lemma_edit_kids(b, 0, 0, 0);
}
*/

/* where nodes are. */
/*@ ghost
/@ requires before: all_apart_in(b) && all_under_in(b) && all_taken_in(b) && root_ok_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures apart: all_apart;
 @ ensures under: all_under;
 @ ensures taken: all_taken;
 @ ensures root: root_ok; @/
static void lemma_summary_places(struct tree_state b)
{
  /@ assert old: \forall integer y; node_is(y) ==> node_is_in(b, y) && same_place(tree, b, y); @/
}
*/

/* What leaves say of runs stays. */
/*@ ghost
/@ requires before: all_hits_in(b) && all_gaps_in(b) && all_bins_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires inner: b.rows.level[p] > 0 && 1 <= p < TREE_NODES;
 @ requires rows: same_tags(tree, b, p, p, p) && same_bins(tree, b, p, p, p);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures hits: all_hits;
 @ ensures gaps: all_gaps;
 @ ensures bins: all_bins; @/
static void lemma_summary_leaves(struct tree_state b, uint32_t p)
{
  /@ assert inner: mirror_level[p] > 0; @/
  lemma_edit_hits(b, p, p, p);
  lemma_edit_gaps(b, p, p, p);
  lemma_edit_bins(b, p, p, p);
}
*/

/* Bounds of what is below stay right if the new ones of x are. */
/*@ ghost
/@ requires before: all_tags_in(b) && all_spans_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires node: node_is_in(b, x);
 @ requires bounds: same_bounds(tree, b, x, x, x);
 @ requires tag: top_tags_in(b, b.node.lo[x], b.node.hi[x], node_most[x]);
 @ requires bin: 0 <= node_longest[x] <= FIT_BINS * 56 && top_bins_in(b, b.node.lo[x], b.node.hi[x], node_longest[x]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: all_tags;
 @ ensures spans: all_spans; @/
static void lemma_summary_below(struct tree_state b, uint32_t x)
{
  /@ assert place: same_place(tree, b, x); @/
  /@ assert tag: tags_below(x); @/
  /@ assert bin: spans_below(x); @/
  lemma_edit_tags(b, x, x, x);
  lemma_edit_spans(b, x, x, x);
}
*/

/* Entries still cover children. */
/*@ ghost
/@ requires before: all_covers_in(b);
 @ requires others: all_shape_in(b, levels) && all_sorted_in(b) && all_bounds_in(b) && all_kids_in(b) &&
     all_apart_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires entry: entry_in(b, p, slot, x);
 @ requires rows: summary_rows(tree, b, p, slot);
 @ requires bounds: same_bounds(tree, b, x, x, x);
 @ requires covers: summary_entry(tree, p, slot, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void lemma_summary_covers(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x)
{
  /@ assert kid: kid_in(b, p, slot, x); @/
  lemma_edit_alone(b, levels, p, x, slot);
  /@ assert single: \forall integer j; 0 <= j < b.rows.count[p] && j != slot ==>
       b.rows.key[p].v[j] != b.rows.key[p].v[slot]; @/
  /@ assert start: \forall integer j; 0 <= j < b.rows.count[p] ==>
   @   b.node.lo[b.rows.child[p].v[j]] == b.rows.key[p].v[j]; @/
  /@ assert twin: \forall integer j; 0 <= j < b.rows.count[p] && j != slot ==> b.rows.child[p].v[j] != x; @/
  /@ assert was: covers_in(b, p); @/
  /@ assert parent: covers(p); @/
  /@ assert below: \forall integer j; b.rows.level[x] > 0 && 0 <= j < b.rows.count[x] ==> b.rows.child[x].v[j] != x; @/
  /@ assert old: covers_in(b, x); @/
  /@ assert apart: x != p && 0 <= x < TREE_NODES; @/
  /@ assert same: \forall integer j;
       b.rows.tag[x].v[j] == mirror_tag[x].v[j] && b.rows.bin[x].v[j] == mirror_bin[x].v[j]; @/
  /@ assert bound: \forall integer y; 0 <= y < TREE_NODES && y != x ==>
       b.node.most[y] == node_most[y] && b.node.longest[y] == node_longest[y]; @/
  /@ assert child: covers(x); @/
  lemma_edit_covers(b, p, x, x);
}
*/

/*
 * The tag and the bin of child x at slot of p, and the bounds of x, have changed. They still hold: so does
 * the tree.
 */
/*@ ghost
/@ requires before: tree_ok_in(b, levels);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires entry: entry_in(b, p, slot, x);
 @ requires rows: summary_rows(tree, b, p, slot);
 @ requires bounds: same_bounds(tree, b, x, x, x);
 @ requires covers: summary_entry(tree, p, slot, x);
 @ requires tag: top_tags_in(b, b.node.lo[x], b.node.hi[x], node_most[x]);
 @ requires bin: 0 <= node_longest[x] && top_bins_in(b, b.node.lo[x], b.node.hi[x], node_longest[x]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tree: tree_ok(levels); @/
static void lemma_summary(struct tree_state b, uint32_t levels, uint32_t p, uint32_t slot, uint32_t x)
{
  /@ assert kid: kid_in(b, p, slot, x); @/
  lemma_summary_order(b, levels);
  lemma_summary_places(b);
  lemma_summary_leaves(b, p);
  lemma_summary_below(b, x);
  lemma_summary_covers(b, levels, p, slot, x);
}
*/

/* Bins of entries are bins that there are. */
/*@ ghost
/@ requires spans: all_spans_in(t);
 @ requires kids: kids_in(t, x);
 @ requires covers: covers_in(t, x);
 @ requires bins: leaf_bins_in(t, x);
 @ requires level: 0 <= t.rows.level[x];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: \forall integer j; 0 <= j < t.rows.count[x] ==> 0 <= t.rows.bin[x].v[j] <= FIT_BINS * 56; @/
static void lemma_bin_range(struct tree_state t, uint32_t x)
{
  /@ assert kid: \forall integer j; t.rows.level[x] > 0 && 0 <= j < t.rows.count[x] ==>
       node_is_in(t, t.rows.child[x].v[j]); @/
  /@ assert below: \forall integer j; t.rows.level[x] > 0 && 0 <= j < t.rows.count[x] ==>
       spans_below_in(t, t.rows.child[x].v[j]); @/
}
*/

/* The tag at slot of p has been made that of child x: say what it means. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires pool: pool_ok;
 @ requires before: tree_ok_in(b, levels);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires entry: entry_in(b, p, slot, x);
 @ requires rows: summary_rows(tree, b, p, slot);
 @ requires bin: mirror_bin[p].v[slot] == b.rows.bin[p].v[slot];
 @ requires bounds: same_bounds(tree, b, -1, -1, -1);
 @ requires top: rows_tag_in(b, x, mirror_tag[p].v[slot]);
 @ terminates \true; exits \false;
 @ assigns node_most[x];
 @ ensures glue: glue(m);
 @ ensures pool: pool_ok;
 @ ensures tree: tree_ok(levels);
 @ ensures most: node_most[x] == mirror_tag[p].v[slot]; @/
static void summary_note_tag(const struct mem_alloc *m, struct tree_state b, uint32_t levels, uint32_t p,
  uint32_t slot, uint32_t x)
{
  struct tree_state rows = tree;
  /@ assert kid: kid_in(b, p, slot, x); @/
  lemma_top_tag(b, x, mirror_tag[p].v[slot]);
  /@ assert old: covers_in(b, p) && spans_below_in(b, x); @/
  node_most[x] = mirror_tag[p].v[slot];
  lemma_summary(b, levels, p, slot, x);
  keep_glue(m, rows);
  keep_pool(rows);
}
*/

/* The same of the bin. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires pool: pool_ok;
 @ requires before: tree_ok_in(b, levels);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires entry: entry_in(b, p, slot, x);
 @ requires rows: summary_rows(tree, b, p, slot);
 @ requires tag: mirror_tag[p].v[slot] == b.rows.tag[p].v[slot];
 @ requires bounds: same_bounds(tree, b, -1, -1, -1);
 @ requires top: rows_bin_in(b, x, mirror_bin[p].v[slot]);
 @ requires attained: \exists integer j; 0 <= j < b.rows.count[x] && b.rows.bin[x].v[j] == mirror_bin[p].v[slot];
 @ terminates \true; exits \false;
 @ assigns node_longest[x];
 @ ensures glue: glue(m);
 @ ensures pool: pool_ok;
 @ ensures tree: tree_ok(levels);
 @ ensures longest: node_longest[x] == mirror_bin[p].v[slot]; @/
static void summary_note_bin(const struct mem_alloc *m, struct tree_state b, uint32_t levels, uint32_t p,
  uint32_t slot, uint32_t x)
{
  struct tree_state rows = tree;
  /@ assert kid: kid_in(b, p, slot, x); @/
  lemma_bins();
  lemma_bin_range(b, x);
  /@ assert range: 0 <= mirror_bin[p].v[slot] <= FIT_BINS * 56; @/
  lemma_top_bin(b, x, mirror_bin[p].v[slot]);
  /@ assert old: covers_in(b, p) && tags_below_in(b, x); @/
  node_longest[x] = mirror_bin[p].v[slot];
  lemma_summary(b, levels, p, slot, x);
  keep_glue(m, rows);
  keep_pool(rows);
}
*/

/* Larger bounds are bounds, too. */
/*@ ghost
/@ requires ascend: bins_ascend;
 @ requires tags: tags_below_in(t, x);
 @ requires spans: spans_below_in(t, x);
 @ requires tag: t.node.most[x] <= most;
 @ requires bin: t.node.longest[x] <= longest <= FIT_BINS * 56;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures tags: top_tags_in(t, t.node.lo[x], t.node.hi[x], most);
 @ ensures bins: top_bins_in(t, t.node.lo[x], t.node.hi[x], longest); @/
static void lemma_raise(struct tree_state t, uint32_t x, uint8_t most, int16_t longest)
{
  /@ assert more: bin_most(t.node.longest[x]) <= bin_most(longest); @/
}
*/

/* The entry at slot of p has been raised so that it covers the mark: raise the bounds of child x, too. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires pool: pool_ok;
 @ requires before: tree_ok_in(b, levels);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires entry: entry_in(b, p, slot, x);
 @ requires rows: summary_rows(tree, b, p, slot);
 @ requires bounds: same_bounds(tree, b, -1, -1, -1);
 @ requires raised: b.rows.tag[p].v[slot] <= mirror_tag[p].v[slot] && b.rows.bin[p].v[slot] <= mirror_bin[p].v[slot];
 @ requires mark: tag <= mirror_tag[p].v[slot] && bin <= mirror_bin[p].v[slot] <= FIT_BINS * 56;
 @ terminates \true; exits \false;
 @ assigns node_most[x], node_longest[x];
 @ ensures glue: glue(m);
 @ ensures pool: pool_ok;
 @ ensures tree: tree_ok(levels);
 @ ensures grown: b.node.most[x] <= node_most[x] && b.node.longest[x] <= node_longest[x];
 @ ensures mark: tag <= node_most[x] && bin <= node_longest[x]; @/
static void summary_note_raise(const struct mem_alloc *m, struct tree_state b, uint32_t levels, uint32_t p,
  uint32_t slot, uint32_t x,
                               uint8_t tag, int16_t bin)
{
  struct tree_state rows = tree;
  /@ assert kid: kid_in(b, p, slot, x); @/
  /@ assert old: covers_in(b, p) && tags_below_in(b, x) && spans_below_in(b, x); @/
  if (node_most[x] < tag) {
    node_most[x] = tag;
  }
  if (node_longest[x] < bin) {
    node_longest[x] = bin;
  }
  lemma_bins();
  lemma_raise(b, x, node_most[x], node_longest[x]);
  lemma_summary(b, levels, p, slot, x);
  keep_glue(m, rows);
  keep_pool(rows);
}
*/

/* No entry is above the root: its bounds can be raised first. */
/*@ ghost
/@ requires before: all_covers_in(b) && all_kids_in(b);
 @ requires root: root_ok_in(b) && all_under_in(b);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires rows: same_tags(tree, b, -1, -1, -1) && same_bins(tree, b, -1, -1, -1);
 @ requires bounds: same_bounds(tree, b, b.object.root, b.object.root, b.object.root);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures covers: all_covers; @/
static void lemma_root_covers(struct tree_state b)
{
  /@ assert below: \forall integer y, j; node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
       b.rows.child[y].v[j] != b.object.root; @/
  /@ assert same: \forall integer y; 0 <= y < TREE_NODES && y != b.object.root ==>
       b.node.most[y] == node_most[y] && b.node.longest[y] == node_longest[y]; @/
  /@ assert old: covers_in(b, b.object.root); @/
  /@ assert root: covers(b.object.root); @/
  lemma_edit_covers(b, b.object.root, b.object.root, b.object.root);
}
*/

/*@ ghost
/@ requires glue: glue(m);
 @ requires pool: pool_ok;
 @ requires before: tree_ok_in(b, levels);
 @ requires nodes: summary_same_nodes(tree, b);
 @ requires runs: summary_same_runs(tree, b);
 @ requires rows: same_tags(tree, b, -1, -1, -1) && same_bins(tree, b, -1, -1, -1);
 @ requires bounds: same_bounds(tree, b, -1, -1, -1);
 @ requires mark: bin <= FIT_BINS * 56;
 @ terminates \true; exits \false;
 @ assigns node_most[mirror_root], node_longest[mirror_root];
 @ ensures glue: glue(m);
 @ ensures pool: pool_ok;
 @ ensures tree: tree_ok(levels);
 @ ensures grown: b.node.most[b.object.root] <= node_most[b.object.root] &&
 @   b.node.longest[b.object.root] <= node_longest[b.object.root];
 @ ensures mark: tag <= node_most[b.object.root] && bin <= node_longest[b.object.root]; @/
static void summary_note_root(const struct mem_alloc *m, struct tree_state b, uint32_t levels, uint8_t tag,
  int16_t bin)
{
  struct tree_state rows = tree;
  /@ assert old: tags_below_in(b, b.object.root) && spans_below_in(b, b.object.root); @/
  if (node_most[mirror_root] < tag) {
    node_most[mirror_root] = tag;
  }
  if (node_longest[mirror_root] < bin) {
    node_longest[mirror_root] = bin;
  }
  lemma_bins();
  lemma_raise(b, b.object.root, node_most[b.object.root], node_longest[b.object.root]);
  lemma_summary_order(b, levels);
  lemma_summary_places(b);
  lemma_edit_hits(b, 0, 0, 0);
  lemma_edit_gaps(b, 0, 0, 0);
  lemma_edit_bins(b, 0, 0, 0);
  lemma_summary_below(b, b.object.root);
  lemma_root_covers(b);
  keep_glue(m, rows);
  keep_pool(rows);
}
*/

/* Raising twice is raising. */
/*@ ghost
/@ requires first: entries_grown(b, a) && bounds_grown(b, a);
 @ requires then: entries_grown(tree, b) && bounds_grown(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures entries: entries_grown(tree, a);
 @ ensures bounds: bounds_grown(tree, a); @/
static void lemma_grown(struct tree_state a, struct tree_state b)
{
}
*/

#endif
