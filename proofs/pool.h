/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_POOL_H
#define PROOFS_POOL_H

/*
 * Which node is where. Every node number from 1 to mirror_fresh is either
 * taken (part of the tree, or about to be) or spare; the two are enumerated
 * without gaps and repetitions, so that no node is lost or used twice, and
 * mirror_live is the number of the taken ones. Annotations only.
 */

#include "glue.h"

/*
 * Steps of the accessors' proofs, which have a meaning only where glue is
 * defined.
 */
#ifdef GLUE_DEFINED
/* A part of one node, or of all of them; */
#define glue_keys(m, x) keys_match(m, mirror_key[x], x)
#define glue_tags(m, x) tags_match(m, mirror_tag[x], x)
#define glue_bins(m, x) bins_match(m, mirror_bin[x], x)
#define glue_children(m, x) children_match(m, mirror_child[x], x)
#define glue_numbers(m, x) numbers_match(m, mirror_count[x], mirror_level[x], x)
#define all_glue_keys(m) keys_glued(m, mirror_key, mirror_capacity)
#define all_glue_tags(m) tags_glued(m, mirror_tag, mirror_capacity)
#define all_glue_bins(m) bins_glued(m, mirror_bin, mirror_capacity)
#define all_glue_children(m) children_glued(m, mirror_child, mirror_capacity)
#define all_glue_numbers(m) numbers_glued(m, mirror_count, mirror_level, mirror_capacity)
#define GLUE_FIELDS(m) fields_match(m, tree)
#define GLUE_PART(part, m, x) part(m, x)
#define GLUE_ALL(part, m) all_##part(m)
/* all of one node; */
#define GLUE_AT(m, x) \
  (glue_keys(m, x) && glue_tags(m, x) && glue_bins(m, x) && glue_children(m, x) && glue_numbers(m, x))
/* a part of the nodes other than x and z; the same if they agreed with the mirror before. */
#define GLUE_EXCEPT(part, m, x, z) \
  (\forall integer y; 1 <= y <= mirror_capacity && y != x && y != z ==> part(m, y))
#define GLUE_KEPT(part, m, x, z) \
  (\forall integer y; 1 <= y <= mirror_capacity && y != x && y != z && \at(part(m, y), Pre) ==> part(m, y))
#else
#define GLUE_FIELDS(m) (0 == 0)
#define GLUE_PART(part, m, x) (0 == 0)
#define GLUE_ALL(part, m) (0 == 0)
#define GLUE_AT(m, x) (0 == 0)
#define GLUE_KEPT(part, m, x, z) (0 == 0)
#endif

/*
 * The state's fields: taken[x] is 1 if node x is taken, else 0; used has the
 * taken nodes at 1 .. live; stack has the spare ones at 1 .. depth, the next
 * one to be taken last; place[x] is where in used or stack x is.
 */
#define pool_taken tree.pool.taken
#define pool_used tree.pool.used
#define pool_stack tree.pool.stack
#define pool_place tree.pool.place
#define pool_depth tree.pool.depth
#define pool_held tree.held

/*@
  // the node that is taken next
  logic integer pool_next_in(struct tree_state t) = t.object.spare != 0 ? t.object.spare : t.object.fresh + 1;

  predicate pool_counts_in(struct tree_state t) =
    t.object.live <= t.object.fresh <= t.object.capacity && t.pool.depth == t.object.fresh - t.object.live &&
    t.object.spare == (t.pool.depth == 0 ? 0 : t.pool.stack[t.pool.depth]);

  // a node is taken exactly if it is listed as such
  predicate pool_listed_in(struct tree_state t) =
    \forall integer i; 1 <= i <= t.object.live ==>
      1 <= t.pool.used[i] <= t.object.fresh && t.pool.taken[t.pool.used[i]] == 1 && t.pool.place[t.pool.used[i]] == i;
  predicate pool_counted_in(struct tree_state t) =
    \forall integer x; 0 <= x < TREE_NODES && t.pool.taken[x] != 0 ==>
      t.pool.taken[x] == 1 && 1 <= x <= t.object.fresh && 1 <= t.pool.place[x] <= t.object.live &&
      t.pool.used[t.pool.place[x]] == x;

  // a node is spare exactly if it is stacked,
  predicate pool_stacked_in(struct tree_state t) =
    \forall integer i; 1 <= i <= t.pool.depth ==>
      1 <= t.pool.stack[i] <= t.object.fresh && t.pool.taken[t.pool.stack[i]] == 0 &&
      t.pool.place[t.pool.stack[i]] == i &&
      t.rows.level[t.pool.stack[i]] == -1;
  predicate pool_found_in(struct tree_state t) =
    \forall integer x; 1 <= x <= t.object.fresh && t.pool.taken[x] == 0 ==>
      1 <= t.pool.place[x] <= t.pool.depth && t.pool.stack[t.pool.place[x]] == x;
  // and the stack is what the nodes' links say
  predicate pool_linked_in(struct tree_state t) =
    \forall integer i; 1 <= i <= t.pool.depth ==>
      t.rows.child[t.pool.stack[i]].v[0] == (i > 1 ? t.pool.stack[i - 1] : 0);

  // the storage is either the caller's or from malloc
  predicate pool_owned_in(struct tree_state t) =
    (t.object.fixed == 0 ==> t.held == t.object.nodes) && (t.object.fixed != 0 ==> t.held == \null);

  predicate pool_ok_in(struct tree_state t) =
    pool_counts_in(t) && pool_listed_in(t) && pool_counted_in(t) && pool_stacked_in(t) && pool_found_in(t) &&
    pool_linked_in(t) && pool_owned_in(t);
*/

/* The same of the allocator at work. */
#define pool_next pool_next_in(tree)
#define pool_ok pool_ok_in(tree)

/* The bookkeeping and the fields that are not a node's. */
#define POOL_STATE \
  mirror_nodes, mirror_capacity, mirror_fresh, mirror_spare, mirror_live, mirror_root, mirror_fixed, pool_held, \
  pool_depth, pool_taken[0 .. TREE_NODES - 1]

/*
 * What a move to other storage touches: the old array, the new one, and the
 * mirror of nodes that were never used.
 */
#define POOL_UNUSED(from) \
  mirror_key[from .. TREE_NODES - 1], mirror_tag[from .. TREE_NODES - 1], \
  mirror_child[from .. TREE_NODES - 1], mirror_bin[from .. TREE_NODES - 1], \
  mirror_count[from .. TREE_NODES - 1], mirror_level[from .. TREE_NODES - 1]
#define POOL_STORAGE(m) \
  m->nodes, m->capacity, m->nodes[0 .. mirror_capacity - 1], \
  \at(m->nodes, Post)[0 .. \at(mirror_capacity, Post) - 1], \
  mirror_nodes, mirror_capacity, POOL_UNUSED(mirror_fresh + 1), pool_held, storage_got, storage_owner

/* Node x's rows and count, from memory to the mirror. */
/*@ ghost
/@ requires node: 1 <= x && \valid_read(m) && \valid_read(m->nodes + (x - 1));
 @ terminates \true; exits \false;
 @ assigns mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x], mirror_count[x];
 @ ensures count: mirror_count[x] == m->nodes[x - 1].count;
 @ ensures keys: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
     mirror_key[x].v[j] == m->nodes[x - 1].key[j];
 @ ensures tags: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
     mirror_tag[x].v[j] == m->nodes[x - 1].tag[j];
 @ ensures bins: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
     mirror_bin[x].v[j] == m->nodes[x - 1].bin[j];
 @ ensures children: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
     mirror_child[x].v[j] == m->nodes[x - 1].child[j]; @/
static void pool_note_rows(const struct mem_alloc *m, uint32_t x)
{
  uint32_t i = 0;
  mirror_count[x] = m->nodes[x - 1].count;
  /@ loop invariant range: 0 <= i <= MEM_ALLOC_FAN_OUT;
   @ loop invariant keys: \forall integer j; 0 <= j < i ==> mirror_key[x].v[j] == m->nodes[x - 1].key[j];
   @ loop invariant tags: \forall integer j; 0 <= j < i ==> mirror_tag[x].v[j] == m->nodes[x - 1].tag[j];
   @ loop invariant bins: \forall integer j; 0 <= j < i ==> mirror_bin[x].v[j] == m->nodes[x - 1].bin[j];
   @ loop invariant children: \forall integer j; 0 <= j < i ==>
       mirror_child[x].v[j] == m->nodes[x - 1].child[j];
   @ loop assigns i, mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x];
   @ loop variant MEM_ALLOC_FAN_OUT - i; @/
  while (i < MEM_ALLOC_FAN_OUT) {
    mirror_key[x].v[i] = m->nodes[x - 1].key[i];
    mirror_tag[x].v[i] = m->nodes[x - 1].tag[i];
    mirror_bin[x].v[i] = m->nodes[x - 1].bin[i];
    mirror_child[x].v[i] = m->nodes[x - 1].child[i];
    i++;
  }
}
*/

/* Only the accessors' own proofs can say what these two are about. */
#ifdef GLUE_DEFINED
/* A step on nodes x and z is over, from which z has new rows and both have new counts: the mirror follows. */
/*@ ghost
/@ requires nodes: 1 <= x <= mirror_capacity && 1 <= z <= mirror_capacity;
 @ requires fields: fields_match(m, tree);
 @ requires levels: m->nodes[x - 1].level == mirror_level[x] && m->nodes[z - 1].level == mirror_level[z];
 @ requires keys: GLUE_EXCEPT(glue_keys, m, z, z);
 @ requires tags: GLUE_EXCEPT(glue_tags, m, z, z);
 @ requires bins: GLUE_EXCEPT(glue_bins, m, z, z);
 @ requires children: GLUE_EXCEPT(glue_children, m, z, z);
 @ requires numbers: GLUE_EXCEPT(glue_numbers, m, x, z);
 @ terminates \true; exits \false;
 @ assigns mirror_count[x], mirror_key[z], mirror_tag[z], mirror_bin[z], mirror_child[z], mirror_count[z];
 @ ensures glue: glue(m);
 @ ensures row: GLUE_AT(m, z);
 @ ensures count: mirror_count[x] == m->nodes[x - 1].count; @/
static void pool_note_step(const struct mem_alloc *m, uint32_t x, uint32_t z)
{
  mirror_count[x] = m->nodes[x - 1].count;
  pool_note_rows(m, z);
  /@ assert keys: all_glue_keys(m); @/
  /@ assert tags: all_glue_tags(m); @/
  /@ assert bins: all_glue_bins(m); @/
  /@ assert children: all_glue_children(m); @/
  /@ assert numbers: all_glue_numbers(m); @/
}
*/

/* What moved in memory, from x, slot `from` on, to the end of z, which had `kept`, did so in the mirror. */
/*@ ghost
/@ requires rows: GLUE_AT(m, x) && GLUE_AT(m, z) && mirror_level[x] == mirror_level[z];
 @ requires range: mirror_count[z] <= MEM_ALLOC_FAN_OUT &&
     from + mirror_count[z] - kept <= MEM_ALLOC_FAN_OUT;
 @ requires key_from: \forall integer j; kept <= j < m->nodes[z - 1].count ==>
     m->nodes[z - 1].key[j] == m->nodes[x - 1].key[j - kept + from];
 @ requires tag_from: \forall integer j; kept <= j < m->nodes[z - 1].count ==>
     m->nodes[z - 1].tag[j] == m->nodes[x - 1].tag[j - kept + from];
 @ requires bin_from: \forall integer j; kept <= j < m->nodes[z - 1].count ==>
     m->nodes[z - 1].bin[j] == m->nodes[x - 1].bin[j - kept + from];
 @ requires child_from: m->nodes[z - 1].level > 0 ==>
     \forall integer j; kept <= j < m->nodes[z - 1].count ==>
     m->nodes[z - 1].child[j] == m->nodes[x - 1].child[j - kept + from];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures key_from: \forall integer j; kept <= j < mirror_count[z] ==>
     mirror_key[z].v[j] == mirror_key[x].v[j - kept + from];
 @ ensures key_to: \forall integer j; from <= j < from + mirror_count[z] - kept ==>
     mirror_key[z].v[j + kept - from] == mirror_key[x].v[j];
 @ ensures tag_from: \forall integer j; kept <= j < mirror_count[z] ==>
     mirror_tag[z].v[j] == mirror_tag[x].v[j - kept + from];
 @ ensures tag_to: \forall integer j; from <= j < from + mirror_count[z] - kept ==>
     mirror_tag[z].v[j + kept - from] == mirror_tag[x].v[j];
 @ ensures bin_from: \forall integer j; kept <= j < mirror_count[z] ==>
     mirror_bin[z].v[j] == mirror_bin[x].v[j - kept + from];
 @ ensures bin_to: \forall integer j; from <= j < from + mirror_count[z] - kept ==>
     mirror_bin[z].v[j + kept - from] == mirror_bin[x].v[j];
 @ ensures child_from: mirror_level[x] > 0 ==> \forall integer j; kept <= j < mirror_count[z] ==>
     mirror_child[z].v[j] == mirror_child[x].v[j - kept + from];
 @ ensures child_to: mirror_level[x] > 0 ==> \forall integer j; from <= j < from + mirror_count[z] - kept ==>
     mirror_child[z].v[j + kept - from] == mirror_child[x].v[j]; @/
static void lemma_moved(const struct mem_alloc *m, uint32_t x, uint32_t z, uint32_t kept, uint32_t from)
{
}
*/
#define GLUE_STEP(m, x, z) pool_note_step(m, x, z)
#define GLUE_MOVED(m, x, z, kept, from) lemma_moved(m, x, z, kept, from)
#else
/* What the two do; nothing is proved of it here. */
#define GLUE_STEP(m, x, z) mirror_count[x] = m->nodes[x - 1].count; pool_note_rows(m, z)
#define GLUE_MOVED(m, x, z, kept, from)
#endif

#endif
