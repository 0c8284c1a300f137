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
 */

#include <stdbool.h>
#include <stdint.h>

#include "node.h"
#include "opae/mem_alloc_ext.h"
#include "../proofs/glue.h"

enum { POOL_SPARE = -1 };

/* ---- taking nodes and giving them back ---- */

/* How many nodes can be taken without getting memory. */
uint32_t pool_available(const struct mem_alloc *m);

/* Make sure that count nodes can be taken: gets memory if need be. False, and nothing changed, if it cannot. */
bool pool_reserve(struct mem_alloc *m, uint32_t count);

/* Make sure that the storage holds count nodes in all. False, and nothing changed, if it cannot. */
bool pool_reserve_total(struct mem_alloc *m, uint64_t count);

/* Take an empty node of that level. There must be one available. */
uint32_t pool_take(struct mem_alloc *m, int16_t level);

/* Give node x back. */
void pool_give(struct mem_alloc *m, uint32_t x);

/* Give all memory back and forget the storage. */
void pool_release(struct mem_alloc *m);

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
static inline int16_t pool_level(const struct mem_alloc *m, uint32_t x)
{
  return m->nodes[x - 1u].level;
}

/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == mirror_span[x];
*/
static inline uint64_t pool_span(const struct mem_alloc *m, uint32_t x)
{
  return m->nodes[x - 1u].span;
}

static inline void pool_set_root(struct mem_alloc *m, uint32_t x)
{
  m->root = x;
}

static inline void pool_set_key(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t key)
{
  m->nodes[x - 1u].key[slot] = key;
}

static inline void pool_set_tag(struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t tag)
{
  m->nodes[x - 1u].tag[slot] = tag;
}

static inline void pool_set_span(struct mem_alloc *m, uint32_t x, uint64_t span)
{
  m->nodes[x - 1u].span = span;
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
  //@ assert keys: \forall integer j; 0 <= j < mirror_count[x] ==> m->nodes[x - 1].key[j] == mirror_key[x].v[j];
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

static inline uint8_t pool_top_tag(const struct mem_alloc *m, uint32_t x)
{
  return node_top_tag(&m->nodes[x - 1u]);
}

static inline struct node_top pool_top(const struct mem_alloc *m, uint32_t x, uint64_t last)
{
  return node_top(&m->nodes[x - 1u], last);
}

static inline void pool_insert(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t key, uint8_t tag,
                               uint32_t child)
{
  node_insert(&m->nodes[x - 1u], slot, key, tag, child);
}

static inline void pool_erase(struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  node_erase(&m->nodes[x - 1u], slot);
}

static inline void pool_move(struct mem_alloc *m, uint32_t x, uint32_t from, uint32_t z)
{
  node_move(&m->nodes[x - 1u], from, &m->nodes[z - 1u]);
}

#endif
