/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_KEEP_H
#define PROOFS_KEEP_H

/*
 * What a step that touches only the meaning of the tree (ranges, bounds, the
 * map), and neither what memory holds nor the bookkeeping, leaves as it is.
 * Proved in keep.c, where glue has its definition. Annotations only.
 */

#include "pool.h"

/*@
  // memory and bookkeeping of the two states are the same
  predicate same_numbers(struct tree_state a, struct tree_state b) =
    a.object.capacity == b.object.capacity && a.object.fresh == b.object.fresh && a.object.spare == b.object.spare &&
    a.object.live == b.object.live &&
    a.object.fixed == b.object.fixed && a.object.nodes == b.object.nodes && a.pool.depth == b.pool.depth &&
    a.held == b.held &&
    a.guest == b.guest;
  predicate same_lists(struct tree_state a, struct tree_state b) =
    (\forall integer y; a.pool.taken[y] == b.pool.taken[y]) && (\forall integer y; a.pool.used[y] == b.pool.used[y]) &&
    (\forall integer y; a.pool.stack[y] == b.pool.stack[y]) && (\forall integer y; a.pool.place[y] == b.pool.place[y]);
  predicate same_rows(struct tree_state a, struct tree_state b) =
    (\forall integer y, j; a.rows.key[y].v[j] == b.rows.key[y].v[j]) &&
    (\forall integer y, j; a.rows.tag[y].v[j] == b.rows.tag[y].v[j]) &&
    (\forall integer y, j; a.rows.bin[y].v[j] == b.rows.bin[y].v[j]) &&
    (\forall integer y, j; a.rows.child[y].v[j] == b.rows.child[y].v[j]) &&
    (\forall integer y; a.rows.count[y] == b.rows.count[y]) &&
    (\forall integer y; a.rows.level[y] == b.rows.level[y]);
*/

/*@ ghost
/@ requires glue: glue_in(m, b);
 @ requires numbers: same_numbers(tree, b) && mirror_root == b.object.root;
 @ requires rows: same_rows(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures glue: glue(m); @/
static void keep_glue(const struct mem_alloc *m, struct tree_state b)
{
  /@ assert fields: GLUE_FIELDS(m); @/
  /@ assert keys: GLUE_ALL(glue_keys, m); @/
  /@ assert tags: GLUE_ALL(glue_tags, m); @/
  /@ assert bins: GLUE_ALL(glue_bins, m); @/
  /@ assert children: GLUE_ALL(glue_children, m); @/
  /@ assert numbers: GLUE_ALL(glue_numbers, m); @/
}
*/

/*@ ghost
/@ requires pool: pool_ok_in(b);
 @ requires numbers: same_numbers(tree, b);
 @ requires lists: same_lists(tree, b);
 @ requires rows: same_rows(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures pool: pool_ok; @/
static void keep_pool(struct tree_state b)
{
  /@ assert counts: pool_counts_in(tree); @/
  /@ assert listed: pool_listed_in(tree); @/
  /@ assert counted: pool_counted_in(tree); @/
  /@ assert stacked: pool_stacked_in(tree); @/
  /@ assert found: pool_found_in(tree); @/
  /@ assert linked: pool_linked_in(tree); @/
  /@ assert owned: pool_owned_in(tree); @/
}
*/

/* The caller's object that is going to be written to; null: none. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires apart: address != \null ==> \valid(address) && \separated(address, m) &&
     \separated(address, m->nodes + (0 .. m->capacity - 1));
 @ terminates \true; exits \false; assigns tree.guest;
 @ ensures glue: glue(m);
 @ ensures guest: tree.guest == address; @/
static void keep_guest(const struct mem_alloc *m, uint64_t *address)
{
  tree.guest = address;
}
*/

/* The storage is apart from it. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires guest: tree.guest != \null;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures valid: \valid(tree.guest);
 @ ensures apart: \separated(tree.guest, m) && \separated(tree.guest, m->nodes + (0 .. mirror_capacity - 1)); @/
static void keep_apart(const struct mem_alloc *m)
{
}
*/

/* Where the nodes are. */
/*@ ghost
/@ requires glue: glue(m);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures nodes: m->nodes == mirror_nodes;
 @ ensures capacity: m->capacity == mirror_capacity;
 @ ensures apart: \separated(m, m->nodes + (0 .. mirror_capacity - 1)); @/
static void keep_storage(const struct mem_alloc *m)
{
}
*/

/* An allocator whose state is known exists. */
/*@ ghost
/@ requires glue: glue_in(m, t);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures lives: mem_alloc_lives(m, t); @/
static void keep_lives(const struct mem_alloc *m, struct tree_state t)
{
}
*/

/*@
  // m, whose state is t, and w, whose state is l, and their nodes have nothing in common
  predicate beside{L}(struct mem_alloc *m, struct tree_state t, struct mem_alloc *w, struct tree_state l) =
    m->nodes == t.object.nodes && m->capacity == t.object.capacity &&
    \separated(m, m->nodes + (0 .. t.object.capacity - 1)) &&
    \separated(m, w) && \separated(m, l.object.nodes + (0 .. l.object.capacity - 1)) &&
    \separated(w, m->nodes + (0 .. t.object.capacity - 1)) &&
    \separated(m->nodes + (0 .. t.object.capacity - 1), l.object.nodes + (0 .. l.object.capacity - 1));
*/

/* Two allocators that the caller keeps apart. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires other: glue_in(w, limits);
 @ requires objects: \separated(m, w);
 @ requires mine: \separated(w, m->nodes + (0 .. m->capacity - 1));
 @ requires others: \separated(m, w->nodes + (0 .. w->capacity - 1));
 @ requires nodes: \separated(m->nodes + (0 .. m->capacity - 1), w->nodes + (0 .. w->capacity - 1));
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures beside: beside(m, tree, w, limits); @/
static void keep_beside(const struct mem_alloc *m, const struct mem_alloc *w)
{
}
*/

#endif
