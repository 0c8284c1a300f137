/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_GLUE_H
#define PROOFS_GLUE_H

/*
 * Memory holds what the mirror says. Annotations only.
 *
 * The tree's proofs must not see inside: with the definition in sight they
 * time out. So it has two faces. Where GLUE_DEFINED is set (the accessors'
 * own proofs, in pool.c) it is defined; elsewhere it is only declared, with
 * the same locations in its reads clause. proofs/audit.py compares the two.
 */

#include "tree.h"

#ifdef GLUE_DEFINED
/*@
  // Node x. Row by row and by number, because what a prover looks for are these names; and of the state
  // only what a row needs, because the whole of it in every term is what they lose their time on.
  predicate keys_match{L}(struct mem_alloc *m, struct key_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].key[j] == row.v[j];
  predicate tags_match{L}(struct mem_alloc *m, struct tag_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].tag[j] == row.v[j];
  predicate bins_match{L}(struct mem_alloc *m, struct bin_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].bin[j] == row.v[j];
  predicate children_match{L}(struct mem_alloc *m, struct child_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].child[j] == row.v[j];
  predicate numbers_match{L}(struct mem_alloc *m, integer count, integer level, integer x) =
    m->nodes[x - 1].count == count && m->nodes[x - 1].level == level;
  predicate glue_at{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    keys_match(m, t.key[x], x) && tags_match(m, t.tag[x], x) && bins_match(m, t.bin[x], x) &&
    children_match(m, t.child[x], x) && numbers_match(m, t.count[x], t.level[x], x);

  predicate glue_in{L}(struct mem_alloc *m, struct tree_state t) =
    \valid(m) && m->root == t.root && m->capacity == t.capacity && m->fresh == t.fresh &&
    m->spare == t.spare && m->live == t.live && m->fixed == t.fixed && m->nodes == t.nodes &&
    \valid(m->nodes + (0 .. m->capacity - 1)) && \separated(m, m->nodes + (0 .. m->capacity - 1)) &&
    \forall integer x; 1 <= x <= t.capacity ==> glue_at(m, t, x);
*/
#else
/*@
  axiomatic Glue {
    predicate glue_in{L}(struct mem_alloc *m, struct tree_state t)
      reads *m, m->nodes[0 .. TREE_NODES - 1];
  }
*/
#endif

/* The same of the allocator at work. */
#define glue(m) glue_in(m, tree)

#endif
