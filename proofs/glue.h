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
  predicate glue_row{L}(struct mem_alloc_node *b, struct tree_state t, integer x) =
    b->span == t.span[x] && b->count == t.count[x] && b->level == t.level[x] &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->key[j] == t.key[x].v[j]) &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->tag[j] == t.tag[x].v[j]) &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->child[j] == t.child[x].v[j]);

  predicate glue_in{L}(struct mem_alloc *m, struct tree_state t) =
    \valid(m) && m->root == t.root && m->capacity == t.capacity && m->fresh == t.fresh &&
    m->spare == t.spare && m->live == t.live &&
    \valid(m->nodes + (0 .. m->capacity - 1)) && \separated(m, m->nodes + (0 .. m->capacity - 1)) &&
    \forall integer x; 1 <= x <= t.capacity ==> glue_row(m->nodes + (x - 1), t, x);
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
