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

#include "proofs/tree.h"

#ifdef GLUE_DEFINED
/*@
  predicate glue_row{L}(struct mem_alloc_node *b, integer x) =
    b->span == mirror_span[x] && b->count == mirror_count[x] && b->level == mirror_level[x] &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->key[j] == mirror_key[x].v[j]) &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->tag[j] == mirror_tag[x].v[j]) &&
    (\forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->child[j] == mirror_child[x].v[j]);

  predicate glue{L}(struct mem_alloc *m) =
    \valid(m) && m->root == mirror_root && m->capacity == mirror_capacity && m->fresh == mirror_fresh &&
    m->spare == mirror_spare && m->live == mirror_live &&
    \valid(m->nodes + (0 .. m->capacity - 1)) && \separated(m, m->nodes + (0 .. m->capacity - 1)) &&
    \forall integer x; 1 <= x <= mirror_capacity ==> glue_row(m->nodes + (x - 1), x);
*/
#else
/*@
  axiomatic Glue {
    predicate glue{L}(struct mem_alloc *m)
      reads *m, m->nodes[0 .. TREE_NODES - 1], mirror_key[0 .. TREE_NODES - 1],
        mirror_tag[0 .. TREE_NODES - 1], mirror_child[0 .. TREE_NODES - 1], mirror_span[0 .. TREE_NODES - 1],
        mirror_count[0 .. TREE_NODES - 1], mirror_level[0 .. TREE_NODES - 1], mirror_root, mirror_capacity,
        mirror_fresh, mirror_spare, mirror_live;
  }
*/
#endif

#endif
