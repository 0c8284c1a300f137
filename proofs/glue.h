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
  // Node x. Row by row and by number, because what a prover looks for are these names.
  predicate glue_keys{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].key[j] == t.key[x].v[j];
  predicate glue_tags{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].tag[j] == t.tag[x].v[j];
  predicate glue_bins{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].bin[j] == t.bin[x].v[j];
  predicate glue_children{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> m->nodes[x - 1].child[j] == t.child[x].v[j];
  predicate glue_numbers{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    m->nodes[x - 1].count == t.count[x] &&
    m->nodes[x - 1].level == t.level[x];
  predicate glue_at{L}(struct mem_alloc *m, struct tree_state t, integer x) =
    glue_keys(m, t, x) && glue_tags(m, t, x) && glue_bins(m, t, x) && glue_children(m, t, x) && glue_numbers(m, t, x);

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
