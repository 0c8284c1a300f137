/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_EDIT_H
#define PROOFS_EDIT_H

/*
 * How two states of an allocator relate: what an edit of the tree leaves as
 * it was. Annotations only.
 */

#include "pool.h"
#include "tree.h"

/*
 * An edit changes at most three nodes: p, x and z (which may be the same). All
 * others are as they were.
 */
/*@
  predicate other(integer y, integer p, integer x, integer z) =
    0 <= y < TREE_NODES && y != p && y != x && y != z;

  // what a node is and covers is the same, whatever its entries
  predicate same_place(struct tree_state a, struct tree_state b, integer y) =
    a.rows.level[y] == b.rows.level[y] && a.node.lo[y] == b.node.lo[y] && a.node.hi[y] == b.node.hi[y] &&
    a.node.in[y] == b.node.in[y];
  predicate same_places(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y; other(y, p, x, z) ==> same_place(a, b, y);

  predicate same_counts(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y; other(y, p, x, z) ==> a.rows.count[y] == b.rows.count[y];
  predicate same_keys(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y, j; other(y, p, x, z) ==> a.rows.key[y].v[j] == b.rows.key[y].v[j];
  predicate same_tags(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y, j; other(y, p, x, z) ==> a.rows.tag[y].v[j] == b.rows.tag[y].v[j];
  predicate same_bins(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y, j; other(y, p, x, z) ==> a.rows.bin[y].v[j] == b.rows.bin[y].v[j];
  predicate same_children(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y, j; other(y, p, x, z) ==> a.rows.child[y].v[j] == b.rows.child[y].v[j];
  predicate same_bounds(struct tree_state a, struct tree_state b, integer p, integer x, integer z) =
    \forall integer y; other(y, p, x, z) ==> a.node.most[y] == b.node.most[y] && a.node.longest[y] == b.node.longest[y];

  // the abstract map is the same
  predicate same_codes(struct tree_state a, struct tree_state b) =
    \forall integer k; run_code_in(a, k) == run_code_in(b, k);
  predicate same_lasts(struct tree_state a, struct tree_state b) =
    \forall integer k; run_last_in(a, k) == run_last_in(b, k);
  predicate same_homes(struct tree_state a, struct tree_state b) =
    \forall integer k; home_in(a, k) == home_in(b, k);

  // where the run that starts at start begins once it is joined with a like run below,
  logic integer paint_first(struct tree_state b, integer start, integer state) =
    start > 0 && state_in(b, start - 1) == state ? home_in(b, start - 1) : start;
  // and where the one that ends at last ends once it is joined with a like run above
  logic integer paint_last(struct tree_state b, integer last, integer state) =
    last < TREE_TOP && state_of(run_code_in(b, last + 1)) == state ? run_last_in(b, last + 1) : last;

  // the own child of y at slot j is in no other node
  predicate only_child(struct tree_state b, integer p, integer x) =
    \forall integer y, j; node_is_in(b, y) && y != p && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
      b.rows.child[y].v[j] != x;
*/

/* What the edits of the tree may touch: nodes and their bookkeeping; not the map, and not the storage. */
#define EDIT_NODES(m) m->nodes[0 .. mirror_capacity - 1], tree.rows, tree.node
#define EDIT_POOL(m) m->fresh, m->spare, m->live, mirror_fresh, mirror_spare, mirror_live, tree.pool
#define EDIT_TREE(m) EDIT_NODES(m), EDIT_POOL(m)
/* The same nodes after a move to other storage. */
#define EDIT_NEW(m) \at(m->nodes, Post)[0 .. \at(mirror_capacity, Post) - 1]

/* If an invariant held of all nodes, and holds of those changed, it holds of all: shape, */
/*@ ghost
/@ requires before: all_shape_in(b, levels);
 @ requires own: (node_is(p) ==> shape(p, levels)) && (node_is(x) ==> shape(x, levels)) &&
     (node_is(z) ==> shape(z, levels));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_shape(levels); @/
static void lemma_edit_shape(struct tree_state b, uint32_t levels, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* order, */
/*@ ghost
/@ requires before: all_sorted_in(b);
 @ requires own: (node_is(p) ==> sorted(p)) && (node_is(x) ==> sorted(x)) && (node_is(z) ==> sorted(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_sorted; @/
static void lemma_edit_sorted(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* bounds, */
/*@ ghost
/@ requires before: all_bounds_in(b);
 @ requires own: (node_is(p) ==> bounds(p)) && (node_is(x) ==> bounds(x)) && (node_is(z) ==> bounds(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_bounds; @/
static void lemma_edit_bounds(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert first: \forall integer y; other(y, p, x, z) && node_is(y) ==> bounds_in(b, y); @/
  /@ assert each: \forall integer y; other(y, p, x, z) && node_is(y) ==> bounds(y); @/
}
*/

/* children: those of other nodes stay where they are, */
/*@ ghost
/@ requires before: all_kids_in(b);
 @ requires own: (node_is(p) ==> kids(p)) && (node_is(x) ==> kids(x)) && (node_is(z) ==> kids(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ requires stay: \forall integer y, j;
     other(y, p, x, z) && node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     same_place(tree, b, b.rows.child[y].v[j]);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_kids; @/
static void lemma_edit_kids(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert each: \forall integer y, j;
       other(y, p, x, z) && node_is(y) && mirror_level[y] > 0 && 0 <= j < mirror_count[y] ==>
       kid(y, j, mirror_child[y].v[j]); @/
}
*/

/* entries of leaves, */
/*@ ghost
/@ requires before: all_hits_in(b);
 @ requires own: (node_is(p) ==> leaf_hits(p)) && (node_is(x) ==> leaf_hits(x)) &&
     (node_is(z) ==> leaf_hits(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_hits; @/
static void lemma_edit_hits(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert entry: \forall integer y, j;
       other(y, p, x, z) && node_is(y) && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       run_code(mirror_key[y].v[j]) == mirror_tag[y].v[j] + 1; @/
  /@ assert end: \forall integer y, j;
       other(y, p, x, z) && node_is(y) && mirror_level[y] == 0 && 0 <= j < mirror_count[y] ==>
       ends_in(tree, y, j, run_last(mirror_key[y].v[j]), node_hi[y]); @/
}
*/

/* what is between them, */
/*@ ghost
/@ requires before: all_gaps_in(b);
 @ requires own: (node_is(p) ==> leaf_gaps(p)) && (node_is(x) ==> leaf_gaps(x)) &&
     (node_is(z) ==> leaf_gaps(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_gaps; @/
static void lemma_edit_gaps(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* their bins, */
/*@ ghost
/@ requires before: all_bins_in(b);
 @ requires own: (node_is(p) ==> leaf_bins(p)) && (node_is(x) ==> leaf_bins(x)) &&
     (node_is(z) ==> leaf_bins(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires keys: same_keys(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_bins; @/
static void lemma_edit_bins(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert nodes: \forall integer y; node_is(y) && other(y, p, x, z) ==>
       node_is_in(b, y) && mirror_level[y] == b.rows.level[y] && mirror_count[y] == b.rows.count[y]; @/
  /@ assert rows: \forall integer y, j; node_is(y) && other(y, p, x, z) && 0 <= j < mirror_count[y] ==>
       mirror_key[y].v[j] == b.rows.key[y].v[j] && mirror_tag[y].v[j] == b.rows.tag[y].v[j] &&
       mirror_bin[y].v[j] == b.rows.bin[y].v[j]; @/
  /@ assert none: \forall integer y, j; node_is(y) && other(y, p, x, z) && mirror_level[y] == 0 &&
       0 <= j < mirror_count[y] && mirror_tag[y].v[j] < FIT_FREE ==> mirror_bin[y].v[j] == 0; @/
  /@ assert range: \forall integer y, j; node_is(y) && other(y, p, x, z) && mirror_level[y] == 0 &&
       0 <= j < mirror_count[y] ==> 0 <= mirror_bin[y].v[j] <= FIT_BINS * 56; @/
  /@ assert free: \forall integer y, j; node_is(y) && other(y, p, x, z) && mirror_level[y] == 0 &&
       0 <= j < mirror_count[y] && mirror_tag[y].v[j] >= FIT_FREE ==>
       run_last(mirror_key[y].v[j]) - mirror_key[y].v[j] + 1 <= bin_most(mirror_bin[y].v[j]); @/
  /@ assert others: \forall integer y; node_is(y) && other(y, p, x, z) ==> leaf_bins(y); @/
}
*/

/* bounds of tags, */
/*@ ghost
/@ requires before: all_tags_in(b);
 @ requires own: (node_is(p) ==> tags_below(p)) && (node_is(x) ==> tags_below(x)) &&
     (node_is(z) ==> tags_below(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires bounds: same_bounds(tree, b, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_tags; @/
static void lemma_edit_tags(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert most: \forall integer y, k; node_is(y) && other(y, p, x, z) && node_lo[y] <= k <= node_hi[y] ==>
       run_code(k) <= node_most[y] + 1; @/
  /@ assert others: \forall integer y; node_is(y) && other(y, p, x, z) ==> tags_below(y); @/
}
*/

/* bounds of lengths, */
/*@ ghost
/@ requires before: all_spans_in(b);
 @ requires own: (node_is(p) ==> spans_below(p)) && (node_is(x) ==> spans_below(x)) &&
     (node_is(z) ==> spans_below(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires bounds: same_bounds(tree, b, p, x, z);
 @ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_spans; @/
static void lemma_edit_spans(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* summaries. */
/*@ ghost
/@ requires before: all_covers_in(b);
 @ requires own: (node_is(p) ==> covers(p)) && (node_is(x) ==> covers(x)) && (node_is(z) ==> covers(z));
 @ requires places: tree.object.capacity == b.object.capacity && same_places(tree, b, p, x, z);
 @ requires counts: same_counts(tree, b, p, x, z);
 @ requires tags: same_tags(tree, b, p, x, z);
 @ requires bins: same_bins(tree, b, p, x, z);
 @ requires children: same_children(tree, b, p, x, z);
 @ requires stay: \forall integer y, j;
     other(y, p, x, z) && node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] ==>
     node_most[b.rows.child[y].v[j]] <= b.node.most[b.rows.child[y].v[j]] &&
     node_longest[b.rows.child[y].v[j]] <= b.node.longest[b.rows.child[y].v[j]];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures all: all_covers; @/
static void lemma_edit_covers(struct tree_state b, uint32_t p, uint32_t x, uint32_t z)
{
}
*/

/* Nobody else has the child of p. */
/*@ ghost
/@ requires kids: all_kids_in(b);
 @ requires apart: all_apart_in(b);
 @ requires bounds: all_bounds_in(b);
 @ requires shape: all_shape_in(b, levels);
 @ requires kid: node_is_in(b, p) && b.rows.level[p] > 0 && kid_in(b, p, z, x) && 0 <= z < b.rows.count[p];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures alone: only_child(b, p, x); @/
static void lemma_edit_alone(struct tree_state b, uint32_t levels, uint32_t p, uint32_t x, uint32_t z)
{
  /@ assert inside: \forall integer y, j;
       node_is_in(b, y) && b.rows.level[y] > 0 && 0 <= j < b.rows.count[y] && b.rows.child[y].v[j] == x ==>
       b.rows.level[y] == b.rows.level[p] && b.node.lo[y] <= b.node.lo[x] <= b.node.hi[y]; @/
  /@ assert mine: b.node.lo[p] <= b.node.lo[x] <= b.node.hi[p]; @/
}
*/

#endif
