/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_POOL_H
#define MEM_ALLOC_POOL_H

/*
 * Node storage, and the only way to it. Nodes are numbered from 1; 0 is no
 * node. Every node is in the tree, spare (given back, linked through
 * child[0], level POOL_SPARE), or fresh (its number is above m->fresh; never
 * used, content indeterminate).
 *
 * The functions named after a field read or write that field of node x.
 * Those that write name all nodes in their assigns clause: what is written,
 * and that all else is as before, is told by the mirror, to which glue holds
 * the nodes. So a caller has nothing to show about which node it is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node.h"
#include "opae/mem_alloc_ext.h"
#include "../proofs/pool.h"
#include "storage.h"

enum { POOL_SPARE = -1 };

/* ---- taking nodes and giving them back ---- */

/* How many nodes can be taken without getting memory. */
/*@ requires glue: glue(m);
    requires counts: mirror_live <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_capacity - mirror_live;
*/
uint32_t pool_available(const struct mem_alloc *m);

/* Make sure that count nodes can be taken: gets memory if need be. False, and nothing changed, if not. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures enough: \result ==> mirror_capacity - mirror_live >= count;
    ensures more: mirror_capacity >= \old(mirror_capacity);
    ensures kept: !\result ==> mirror_capacity == \old(mirror_capacity) && m->nodes == \old(m->nodes) &&
      mirror_nodes == \old(mirror_nodes) && pool_held == \old(pool_held);
    ensures refused: !\result ==> mirror_capacity - mirror_live < count &&
      (mirror_fixed != 0 || mirror_live + count > UINT32_MAX || storage_got == \null);
    ensures stay: \old(mirror_fixed != 0 || mirror_capacity - mirror_live >= count) ==>
      m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures apart: \old(limits_live) &&
      !(m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity)) ==>
      limits_apart(m->nodes, mirror_capacity);
*/
bool pool_reserve(struct mem_alloc *m, uint32_t count);

/* Make sure that the storage holds count nodes in all. False, and nothing changed, if it cannot. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures enough: \result ==> mirror_capacity >= count;
    ensures more: mirror_capacity >= \old(mirror_capacity);
    ensures kept: !\result ==> mirror_capacity == \old(mirror_capacity) && m->nodes == \old(m->nodes) &&
      mirror_nodes == \old(mirror_nodes) && pool_held == \old(pool_held);
    ensures refused: !\result ==> mirror_capacity < count &&
      (mirror_fixed != 0 || count > UINT32_MAX || storage_got == \null);
    ensures stay: mirror_fixed != 0 ==> m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool pool_reserve_total(struct mem_alloc *m, uint64_t count);

/* Take an empty node of that level. There must be one available. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires available: mirror_live < mirror_capacity;
    terminates \true;
    exits \false;
    assigns m->spare, m->fresh, m->live, m->nodes[0 .. mirror_capacity - 1],
      mirror_spare, mirror_fresh, mirror_live, mirror_count[pool_next], mirror_level[pool_next],
      pool_taken[pool_next], pool_place[pool_next], pool_used[mirror_live + 1], pool_depth;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures node: \result == \old(pool_next) && 1 <= \result <= mirror_fresh;
    ensures taken: \old(pool_taken[pool_next]) == 0 && pool_taken[\result] == 1;
    ensures live: mirror_live == \old(mirror_live) + 1;
    ensures empty: mirror_level[\result] == level && mirror_count[\result] == 0;
*/
uint32_t pool_take(struct mem_alloc *m, int8_t level);

/* Give node x back. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires taken: pool_taken[x] == 1;
    terminates \true;
    exits \false;
    assigns m->spare, m->live, m->nodes[0 .. mirror_capacity - 1],
      mirror_spare, mirror_live, mirror_count[x], mirror_level[x], mirror_child[x].v[0], pool_taken[x],
      pool_used[pool_place[x]], pool_place[x], pool_place[pool_used[mirror_live]], pool_stack[pool_depth + 1],
      pool_depth;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures given: pool_taken[x] == 0;
    ensures live: mirror_live == \old(mirror_live) - 1;
*/
void pool_give(struct mem_alloc *m, uint32_t x);

/* Make an allocator that has no storage. */
/*@ requires valid: \valid(m);
    requires given: pool_held == \null;
    terminates \true;
    exits \false;
    assigns *m, POOL_STATE, tree.guest;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures null: m->nodes == \null && pool_held == \null && tree.guest == \null;
    ensures zero: mirror_capacity == 0 && mirror_fresh == 0 && mirror_spare == 0 && mirror_live == 0 &&
      mirror_root == 0 && mirror_fixed == 0;
    ensures none: \forall integer x; 0 <= x < TREE_NODES ==> pool_taken[x] == 0;
*/
void pool_init(struct mem_alloc *m);

/* Make an allocator whose storage is the caller's array of count > 0 nodes. */
/*@ requires valid: \valid(m) && \valid(storage + (0 .. count - 1));
    requires apart: \separated(m, storage + (0 .. count - 1));
    requires count: count > 0;
    requires given: pool_held == \null;
    terminates \true;
    exits \false;
    assigns *m, POOL_STATE, tree.guest, POOL_UNUSED(1);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures storage: m->nodes == storage && mirror_capacity == count && mirror_fixed == 1;
    ensures null: pool_held == \null && tree.guest == \null;
    ensures zero: mirror_fresh == 0 && mirror_spare == 0 && mirror_live == 0 && mirror_root == 0;
    ensures none: \forall integer x; 0 <= x < TREE_NODES ==> pool_taken[x] == 0;
*/
void pool_init_static(struct mem_alloc *m, struct mem_alloc_node *storage, uint32_t count);

/* Give all memory back and forget the storage. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    terminates \true;
    exits \false;
    assigns *m, m->nodes[0 .. mirror_capacity - 1], POOL_STATE, tree.guest;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures null: m->nodes == \null && pool_held == \null && tree.guest == \null;
    ensures zero: mirror_capacity == 0 && mirror_fresh == 0 && mirror_spare == 0 && mirror_live == 0 &&
      mirror_root == 0 && mirror_fixed == 0;
    ensures none: \forall integer x; 0 <= x < TREE_NODES ==> pool_taken[x] == 0;
*/
void pool_release(struct mem_alloc *m);

/* ---- what the caller sees ---- */

/* Write to the caller's object, which is known as the guest. */
/*@ requires glue: glue(m);
    requires guest: address == tree.guest && address != \null;
    terminates \true;
    exits \false;
    assigns *address;
    ensures glue: glue(m);
    ensures value: *address == value;
*/
static inline void pool_report(const struct mem_alloc *m, uint64_t *address, uint64_t value)
{
  (void)m;
  *address = value;
}

/* Write a run to the caller's object. */
/*@ requires glue: glue(m);
    requires run: \valid(run) && \separated(run, m) && \separated(run, m->nodes + (0 .. m->capacity - 1));
    terminates \true;
    exits \false;
    assigns *run;
    ensures glue: glue(m);
    ensures range: run->address == address && run->last == last && run->size == size;
    ensures state: run->state == state && run->reserved == 0;
*/
static inline void pool_report_run(const struct mem_alloc *m, struct mem_link *run, uint64_t address, uint64_t last,
                                   uint64_t size, uint32_t state)
{
  (void)m;
  run->address = address;
  run->last = last;
  run->size = size;
  run->state = state;
  run->reserved = 0;
}

/* Write sums to the caller's object. */
/*@ requires glue: glue(m);
    requires statistics: \valid(statistics) && \separated(statistics, m) &&
      \separated(statistics, m->nodes + (0 .. m->capacity - 1));
    terminates \true;
    exits \false;
    assigns *statistics;
    ensures glue: glue(m);
    ensures value: *statistics == value;
*/
static inline void pool_report_statistics(const struct mem_alloc *m, struct mem_alloc_statistics *statistics,
                                          struct mem_alloc_statistics value)
{
  (void)m;
  *statistics = value;
}

/* How many nodes the storage holds. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_capacity;
*/
static inline uint32_t pool_capacity(const struct mem_alloc *m)
{
  return m->capacity;
}

/* Is the storage the caller's? */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> mirror_fixed != 0;
*/
static inline bool pool_is_fixed(const struct mem_alloc *m)
{
  return m->fixed != 0u;
}

/* How many of them the tree has. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_live;
*/
static inline uint32_t pool_live(const struct mem_alloc *m)
{
  return m->live;
}

/* How many of them were ever used. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_fresh;
*/
static inline uint32_t pool_fresh(const struct mem_alloc *m)
{
  return m->fresh;
}

/* The spare node that is taken next, or 0. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_spare;
*/
static inline uint32_t pool_spare(const struct mem_alloc *m)
{
  return m->spare;
}

/*@ // what the object itself must be like, whatever its nodes hold
    predicate pool_object_in{L}(struct mem_alloc *m, struct tree_state t) =
      t.object.live <= t.object.fresh <= t.object.capacity && (t.object.capacity > 0 <==> t.object.nodes != \null) &&
      t.object.fixed <= 1 &&
      m->reserved[0] == 0 && m->reserved[1] == 0 && m->reserved[2] == 0 && m->reserved[3] == 0;
*/

/* Do the object's fields agree with each other? */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> pool_object_in(m, tree);
*/
static inline bool pool_is_object(const struct mem_alloc *m)
{
  return m->live <= m->fresh && m->fresh <= m->capacity && (m->capacity > 0u) == (m->nodes != NULL) &&
         m->fixed <= 1u && m->reserved[0] == 0u && m->reserved[1] == 0u && m->reserved[2] == 0u &&
         m->reserved[3] == 0u;
}

/* ---- fields ---- */

/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_root;
*/
static inline uint32_t pool_root(const struct mem_alloc *m)
{
  return m->root;
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_key[x].v[slot];
*/
static inline uint64_t pool_key(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return m->nodes[x - 1u].key[slot];
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_tag[x].v[slot];
*/
static inline uint8_t pool_tag(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return m->nodes[x - 1u].tag[slot];
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_bin[x].v[slot];
*/
static inline int16_t pool_bin(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return m->nodes[x - 1u].bin[slot];
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_child[x].v[slot];
*/
static inline uint32_t pool_child(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return m->nodes[x - 1u].child[slot];
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_count[x];
*/
static inline uint32_t pool_count(const struct mem_alloc *m, uint32_t x)
{
  return m->nodes[x - 1u].count;
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_level[x];
*/
static inline int8_t pool_level(const struct mem_alloc *m, uint32_t x)
{
  return m->nodes[x - 1u].level;
}

/* The last address of the part of node x that starts at slot, if x ends at last. */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && slot < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    requires next: slot + 1 < mirror_count[x] ==> 0 < mirror_key[x].v[slot + 1];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == slot_last(x, slot, last);
*/
static inline uint64_t pool_slot_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  uint64_t result = last;
  if (slot + 1u < pool_count(m, x)) {
    result = pool_key(m, x, slot + 1u) - 1u;
  }
  return result;
}

/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures set: mirror_root == x;
*/
static inline void pool_set_root(struct mem_alloc *m, uint32_t x)
{
  m->root = x;
  //@ ghost mirror_root = x;
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x].v[slot];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures set: mirror_key[x].v[slot] == key;
*/
static inline void pool_set_key(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t key)
{
  m->nodes[x - 1u].key[slot] = key;
  //@ ghost mirror_key[x].v[slot] = key;
  //@ assert others: GLUE_KEPT(glue_keys, m, x, x);
  //@ assert same: GLUE_PART(glue_keys, m, x);
  //@ assert all: GLUE_ALL(glue_keys, m);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[x].v[slot];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures set: mirror_tag[x].v[slot] == tag;
*/
static inline void pool_set_tag(struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t tag)
{
  m->nodes[x - 1u].tag[slot] = tag;
  //@ ghost mirror_tag[x].v[slot] = tag;
  //@ assert others: GLUE_KEPT(glue_tags, m, x, x);
  //@ assert same: GLUE_PART(glue_tags, m, x);
  //@ assert all: GLUE_ALL(glue_tags, m);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_bin[x].v[slot];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures set: mirror_bin[x].v[slot] == bin;
*/
static inline void pool_set_bin(struct mem_alloc *m, uint32_t x, uint32_t slot, int16_t bin)
{
  m->nodes[x - 1u].bin[slot] = bin;
  //@ ghost mirror_bin[x].v[slot] = bin;
  //@ assert others: GLUE_KEPT(glue_bins, m, x, x);
  //@ assert same: GLUE_PART(glue_bins, m, x);
  //@ assert all: GLUE_ALL(glue_bins, m);
}

/* ---- node.h, by number ---- */

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    requires sorted: sorted(x);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= mirror_count[x];
    ensures below: \forall integer j; 0 <= j < \result ==> mirror_key[x].v[j] <= a;
    ensures above: \forall integer j; \result <= j < mirror_count[x] ==> a < mirror_key[x].v[j];
*/
static inline uint32_t pool_rank(const struct mem_alloc *m, uint32_t x, uint64_t a)
{
  /*@ assert keys: \forall integer j; 0 <= j < mirror_count[x] ==>
        m->nodes[x - 1].key[j] == mirror_key[x].v[j]; */
  //@ assert count: m->nodes[x - 1].count == mirror_count[x];
  return node_rank(&m->nodes[x - 1u], a);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && from <= mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: from <= \result <= mirror_count[x];
    ensures lowest: \forall integer j; from <= j < \result ==> mirror_tag[x].v[j] < least;
    ensures found: \result < mirror_count[x] ==> mirror_tag[x].v[\result] >= least;
*/
static inline uint32_t pool_first(const struct mem_alloc *m, uint32_t x, uint32_t from, uint8_t least)
{
  return node_first(&m->nodes[x - 1u], from, least);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && from <= mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: from <= \result <= mirror_count[x];
    ensures lowest: \forall integer j; from <= j < \result ==> mirror_bin[x].v[j] < least;
    ensures found: \result < mirror_count[x] ==> mirror_bin[x].v[\result] >= least;
*/
static inline uint32_t pool_first_bin(const struct mem_alloc *m, uint32_t x, uint32_t from, int16_t least)
{
  return node_first_bin(&m->nodes[x - 1u], from, least);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && 0 < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures most: \forall integer j; 0 <= j < mirror_count[x] ==> mirror_tag[x].v[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < mirror_count[x] && mirror_tag[x].v[j] == \result;
*/
static inline uint8_t pool_top_tag(const struct mem_alloc *m, uint32_t x)
{
  /*@ assert tags: \forall integer j; 0 <= j < mirror_count[x] ==>
        m->nodes[x - 1].tag[j] == mirror_tag[x].v[j]; */
  //@ assert count: m->nodes[x - 1].count == mirror_count[x];
  return node_top_tag(&m->nodes[x - 1u]);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && 0 < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures most: \forall integer j; 0 <= j < mirror_count[x] ==> mirror_bin[x].v[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < mirror_count[x] && mirror_bin[x].v[j] == \result;
*/
static inline int16_t pool_top_bin(const struct mem_alloc *m, uint32_t x)
{
  /*@ assert bins: \forall integer j; 0 <= j < mirror_count[x] ==>
        m->nodes[x - 1].bin[j] == mirror_bin[x].v[j]; */
  //@ assert count: m->nodes[x - 1].count == mirror_count[x];
  return node_top_bin(&m->nodes[x - 1u]);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires room: slot <= mirror_count[x] < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1],
      mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x], mirror_count[x];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) && pool_taken[x] == 1 ==> pool_ok;
    ensures count: mirror_count[x] == \old(mirror_count[x]) + 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> mirror_key[x].v[j] == \old(mirror_key[x].v[j]);
    ensures key_put: mirror_key[x].v[slot] == key;
    ensures key_from: \forall integer j; slot < j < mirror_count[x] ==>
      mirror_key[x].v[j] == \old(mirror_key[x].v[j - 1]);
    ensures key_to: \forall integer j; slot <= j < \old(mirror_count[x]) ==>
      mirror_key[x].v[j + 1] == \old(mirror_key[x].v[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> mirror_tag[x].v[j] == \old(mirror_tag[x].v[j]);
    ensures tag_put: mirror_tag[x].v[slot] == tag;
    ensures tag_from: \forall integer j; slot < j < mirror_count[x] ==>
      mirror_tag[x].v[j] == \old(mirror_tag[x].v[j - 1]);
    ensures tag_to: \forall integer j; slot <= j < \old(mirror_count[x]) ==>
      mirror_tag[x].v[j + 1] == \old(mirror_tag[x].v[j]);
    ensures bin_kept: \forall integer j; 0 <= j < slot ==> mirror_bin[x].v[j] == \old(mirror_bin[x].v[j]);
    ensures bin_put: mirror_bin[x].v[slot] == bin;
    ensures bin_from: \forall integer j; slot < j < mirror_count[x] ==>
      mirror_bin[x].v[j] == \old(mirror_bin[x].v[j - 1]);
    ensures bin_to: \forall integer j; slot <= j < \old(mirror_count[x]) ==>
      mirror_bin[x].v[j + 1] == \old(mirror_bin[x].v[j]);
    ensures child_kept: mirror_level[x] > 0 ==>
      \forall integer j; 0 <= j < slot ==> mirror_child[x].v[j] == \old(mirror_child[x].v[j]);
    ensures child_put: mirror_level[x] > 0 ==> mirror_child[x].v[slot] == child;
    ensures child_from: mirror_level[x] > 0 ==> \forall integer j; slot < j < mirror_count[x] ==>
      mirror_child[x].v[j] == \old(mirror_child[x].v[j - 1]);
    ensures child_to: mirror_level[x] > 0 ==> \forall integer j; slot <= j < \old(mirror_count[x]) ==>
      mirror_child[x].v[j + 1] == \old(mirror_child[x].v[j]);
    ensures leaf: mirror_level[x] <= 0 ==> \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
      mirror_child[x].v[j] == \old(mirror_child[x].v[j]);
*/
static inline void pool_insert(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t key, uint8_t tag,
                               int16_t bin, uint32_t child)
{
  /*@ assert keys: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].key[j] == mirror_key[x].v[j]; */
  /*@ assert tags: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].tag[j] == mirror_tag[x].v[j]; */
  /*@ assert bins: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].bin[j] == mirror_bin[x].v[j]; */
  /*@ assert children: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].child[j] == mirror_child[x].v[j]; */
  //@ assert numbers: m->nodes[x - 1].count == mirror_count[x] && m->nodes[x - 1].level == mirror_level[x];
  node_insert(&m->nodes[x - 1u], slot, key, tag, bin, child);
  //@ assert kept_keys: GLUE_KEPT(glue_keys, m, x, x);
  //@ assert kept_tags: GLUE_KEPT(glue_tags, m, x, x);
  //@ assert kept_bins: GLUE_KEPT(glue_bins, m, x, x);
  //@ assert kept_children: GLUE_KEPT(glue_children, m, x, x);
  //@ assert kept_numbers: GLUE_KEPT(glue_numbers, m, x, x);
  //@ ghost GLUE_STEP(m, x, x);
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires used: slot < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1],
      mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x], mirror_count[x];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) && pool_taken[x] == 1 ==> pool_ok;
    ensures count: mirror_count[x] == \old(mirror_count[x]) - 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> mirror_key[x].v[j] == \old(mirror_key[x].v[j]);
    ensures key_from: \forall integer j; slot <= j < mirror_count[x] ==>
      mirror_key[x].v[j] == \old(mirror_key[x].v[j + 1]);
    ensures key_to: \forall integer j; slot < j < \old(mirror_count[x]) ==>
      mirror_key[x].v[j - 1] == \old(mirror_key[x].v[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> mirror_tag[x].v[j] == \old(mirror_tag[x].v[j]);
    ensures tag_from: \forall integer j; slot <= j < mirror_count[x] ==>
      mirror_tag[x].v[j] == \old(mirror_tag[x].v[j + 1]);
    ensures tag_to: \forall integer j; slot < j < \old(mirror_count[x]) ==>
      mirror_tag[x].v[j - 1] == \old(mirror_tag[x].v[j]);
    ensures bin_kept: \forall integer j; 0 <= j < slot ==> mirror_bin[x].v[j] == \old(mirror_bin[x].v[j]);
    ensures bin_from: \forall integer j; slot <= j < mirror_count[x] ==>
      mirror_bin[x].v[j] == \old(mirror_bin[x].v[j + 1]);
    ensures bin_to: \forall integer j; slot < j < \old(mirror_count[x]) ==>
      mirror_bin[x].v[j - 1] == \old(mirror_bin[x].v[j]);
    ensures child_kept: mirror_level[x] > 0 ==>
      \forall integer j; 0 <= j < slot ==> mirror_child[x].v[j] == \old(mirror_child[x].v[j]);
    ensures child_from: mirror_level[x] > 0 ==> \forall integer j; slot <= j < mirror_count[x] ==>
      mirror_child[x].v[j] == \old(mirror_child[x].v[j + 1]);
    ensures child_to: mirror_level[x] > 0 ==> \forall integer j; slot < j < \old(mirror_count[x]) ==>
      mirror_child[x].v[j - 1] == \old(mirror_child[x].v[j]);
    ensures leaf: mirror_level[x] <= 0 ==> \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
      mirror_child[x].v[j] == \old(mirror_child[x].v[j]);
*/
static inline void pool_erase(struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  /*@ assert keys: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].key[j] == mirror_key[x].v[j]; */
  /*@ assert tags: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].tag[j] == mirror_tag[x].v[j]; */
  /*@ assert bins: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].bin[j] == mirror_bin[x].v[j]; */
  /*@ assert children: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].child[j] == mirror_child[x].v[j]; */
  //@ assert numbers: m->nodes[x - 1].count == mirror_count[x] && m->nodes[x - 1].level == mirror_level[x];
  node_erase(&m->nodes[x - 1u], slot);
  //@ assert kept_keys: GLUE_KEPT(glue_keys, m, x, x);
  //@ assert kept_tags: GLUE_KEPT(glue_tags, m, x, x);
  //@ assert kept_bins: GLUE_KEPT(glue_bins, m, x, x);
  //@ assert kept_children: GLUE_KEPT(glue_children, m, x, x);
  //@ assert kept_numbers: GLUE_KEPT(glue_numbers, m, x, x);
  //@ ghost GLUE_STEP(m, x, x);
}

/*@ requires glue: glue(m);
    requires nodes: 1 <= x <= mirror_capacity && 1 <= z <= mirror_capacity && x != z;
    requires level: mirror_level[x] == mirror_level[z];
    requires from: from <= mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    requires room: mirror_count[z] + mirror_count[x] - from <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_count[x],
      mirror_key[z], mirror_tag[z], mirror_bin[z], mirror_child[z], mirror_count[z];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) && pool_taken[z] == 1 ==> pool_ok;
    ensures count: mirror_count[x] == from &&
      mirror_count[z] == \old(mirror_count[z]) + \old(mirror_count[x]) - from;
    ensures key_kept: \forall integer j; 0 <= j < \old(mirror_count[z]) ==>
      mirror_key[z].v[j] == \old(mirror_key[z].v[j]);
    ensures key_from: \forall integer j; \old(mirror_count[z]) <= j < mirror_count[z] ==>
      mirror_key[z].v[j] == mirror_key[x].v[j - \old(mirror_count[z]) + from];
    ensures key_to: \forall integer j; from <= j < \old(mirror_count[x]) ==>
      mirror_key[z].v[j + \old(mirror_count[z]) - from] == mirror_key[x].v[j];
    ensures tag_kept: \forall integer j; 0 <= j < \old(mirror_count[z]) ==>
      mirror_tag[z].v[j] == \old(mirror_tag[z].v[j]);
    ensures tag_from: \forall integer j; \old(mirror_count[z]) <= j < mirror_count[z] ==>
      mirror_tag[z].v[j] == mirror_tag[x].v[j - \old(mirror_count[z]) + from];
    ensures tag_to: \forall integer j; from <= j < \old(mirror_count[x]) ==>
      mirror_tag[z].v[j + \old(mirror_count[z]) - from] == mirror_tag[x].v[j];
    ensures bin_kept: \forall integer j; 0 <= j < \old(mirror_count[z]) ==>
      mirror_bin[z].v[j] == \old(mirror_bin[z].v[j]);
    ensures bin_from: \forall integer j; \old(mirror_count[z]) <= j < mirror_count[z] ==>
      mirror_bin[z].v[j] == mirror_bin[x].v[j - \old(mirror_count[z]) + from];
    ensures bin_to: \forall integer j; from <= j < \old(mirror_count[x]) ==>
      mirror_bin[z].v[j + \old(mirror_count[z]) - from] == mirror_bin[x].v[j];
    ensures child_kept: mirror_level[x] > 0 ==> \forall integer j; 0 <= j < \old(mirror_count[z]) ==>
      mirror_child[z].v[j] == \old(mirror_child[z].v[j]);
    ensures child_from: mirror_level[x] > 0 ==>
      \forall integer j; \old(mirror_count[z]) <= j < mirror_count[z] ==>
      mirror_child[z].v[j] == mirror_child[x].v[j - \old(mirror_count[z]) + from];
    ensures child_to: mirror_level[x] > 0 ==> \forall integer j; from <= j < \old(mirror_count[x]) ==>
      mirror_child[z].v[j + \old(mirror_count[z]) - from] == mirror_child[x].v[j];
    ensures leaf: mirror_level[x] <= 0 ==> \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==>
      mirror_child[z].v[j] == \old(mirror_child[z].v[j]);
*/
static inline void pool_move(struct mem_alloc *m, uint32_t x, uint32_t from, uint32_t z)
{
  //@ assert row_x: GLUE_AT(m, x);
  //@ assert row_z: GLUE_AT(m, z);
  //@ ghost uint32_t kept = mirror_count[z];
  node_move(&m->nodes[x - 1u], from, &m->nodes[z - 1u]);
  //@ assert kept_keys: GLUE_KEPT(glue_keys, m, z, z);
  //@ assert kept_tags: GLUE_KEPT(glue_tags, m, z, z);
  //@ assert kept_bins: GLUE_KEPT(glue_bins, m, z, z);
  //@ assert kept_children: GLUE_KEPT(glue_children, m, z, z);
  //@ assert kept_numbers: GLUE_KEPT(glue_numbers, m, x, z);
  //@ ghost GLUE_STEP(m, x, z);
  //@ assert stay: GLUE_AT(m, x);
  //@ ghost GLUE_MOVED(m, x, z, kept, from);
}

#endif
