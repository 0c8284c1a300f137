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
  // Node x, part by part. Each takes of the state only what it needs: with the whole of it in every term
  // the provers lose their time there.
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

  // all nodes
  predicate keys_glued{L}(struct mem_alloc *m, struct key_row key[TREE_NODES], integer capacity) =
    \forall integer x; 1 <= x <= capacity ==> keys_match(m, key[x], x);
  predicate tags_glued{L}(struct mem_alloc *m, struct tag_row tag[TREE_NODES], integer capacity) =
    \forall integer x; 1 <= x <= capacity ==> tags_match(m, tag[x], x);
  predicate bins_glued{L}(struct mem_alloc *m, struct bin_row bin[TREE_NODES], integer capacity) =
    \forall integer x; 1 <= x <= capacity ==> bins_match(m, bin[x], x);
  predicate children_glued{L}(struct mem_alloc *m, struct child_row child[TREE_NODES], integer capacity) =
    \forall integer x; 1 <= x <= capacity ==> children_match(m, child[x], x);
  predicate numbers_glued{L}(struct mem_alloc *m, uint16_t count[TREE_NODES], int8_t level[TREE_NODES],
                             integer capacity) =
    \forall integer x; 1 <= x <= capacity ==> numbers_match(m, count[x], level[x], x);

  // and what is not of a node
  predicate fields_match{L}(struct mem_alloc *m, struct tree_state t) =
    \valid(m) && m->root == t.object.root && m->capacity == t.object.capacity && m->fresh == t.object.fresh &&
    m->spare == t.object.spare && m->live == t.object.live && m->fixed == t.object.fixed &&
    m->nodes == t.object.nodes &&
    \valid(m->nodes + (0 .. m->capacity - 1)) && \separated(m, m->nodes + (0 .. m->capacity - 1)) &&
    (t.guest != \null ==>
      \valid(t.guest) && \separated(t.guest, m) && \separated(t.guest, m->nodes + (0 .. m->capacity - 1)));

  predicate glue_in{L}(struct mem_alloc *m, struct tree_state t) =
    fields_match(m, t) &&
    keys_glued(m, t.rows.key, t.object.capacity) && tags_glued(m, t.rows.tag, t.object.capacity) &&
    bins_glued(m, t.rows.bin, t.object.capacity) && children_glued(m, t.rows.child, t.object.capacity) &&
    numbers_glued(m, t.rows.count, t.rows.level, t.object.capacity);
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
