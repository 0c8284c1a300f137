/* SPDX-License-Identifier: BSD-3-Clause */
#define GLUE_DEFINED
#include "pool.h"

#include <stddef.h>

#include "storage.h"

enum { POOL_FIRST_CAPACITY = 4 };

uint32_t pool_available(const struct mem_alloc *m)
{
  return m->capacity - m->live;
}

/* Copy the rows of one node. A leaf's child row is never kept. */
static void pool_copy_node(const struct mem_alloc_node *from, struct mem_alloc_node *to)
{
  uint32_t i;
  to->span = from->span;
  to->count = from->count;
  to->level = from->level;
  for (i = 0; i < MEM_ALLOC_FAN_OUT; i++) {
    to->key[i] = from->key[i];
    to->tag[i] = from->tag[i];
  }
  if (from->level != 0) {
    for (i = 0; i < MEM_ALLOC_FAN_OUT; i++) {
      to->child[i] = from->child[i];
    }
  }
}

/* Move to a new array of capacity nodes, larger than the old one. */
static bool pool_move_storage(struct mem_alloc *m, uint32_t capacity)
{
  struct mem_alloc_node *nodes = storage_new(capacity);
  bool done = false;
  if (nodes != NULL) {
    uint32_t i;
    for (i = 0; i < m->fresh; i++) {
      pool_copy_node(&m->nodes[i], &nodes[i]);
    }
    storage_free(m->nodes);
    m->nodes = nodes;
    m->capacity = capacity;
    done = true;
  }
  return done;
}

/* The capacity to grow to: at least count, and by half at least, so that copying is rare. */
static uint32_t pool_grown_capacity(uint32_t capacity, uint32_t count)
{
  uint32_t step = capacity / 2u;
  uint32_t grown = UINT32_MAX;
  if (step < POOL_FIRST_CAPACITY) {
    step = POOL_FIRST_CAPACITY;
  }
  if (capacity <= UINT32_MAX - step) {
    grown = capacity + step;
  }
  if (grown < count) {
    grown = count;
  }
  return grown;
}

bool pool_reserve_total(struct mem_alloc *m, uint64_t count)
{
  bool done = true;
  if (count > m->capacity) {
    done = false;
    if (m->fixed == 0u && count <= UINT32_MAX) {
      done = pool_move_storage(m, (uint32_t)count);
    }
  }
  return done;
}

bool pool_reserve(struct mem_alloc *m, uint32_t count)
{
  bool done = true;
  if (pool_available(m) < count) {
    done = false;
    if (m->fixed == 0u && count <= UINT32_MAX - m->live) {
      done = pool_move_storage(m, pool_grown_capacity(m->capacity, m->live + count));
    }
  }
  return done;
}

uint32_t pool_take(struct mem_alloc *m, int16_t level)
{
  uint32_t x = m->spare;
  if (x != 0u) {
    m->spare = m->nodes[x - 1u].child[0];
  } else {
    m->fresh++;
    x = m->fresh;
  }
  m->live++;
  m->nodes[x - 1u].span = 0;
  m->nodes[x - 1u].count = 0;
  m->nodes[x - 1u].level = level;
  return x;
}

void pool_give(struct mem_alloc *m, uint32_t x)
{
  m->nodes[x - 1u].level = POOL_SPARE;
  m->nodes[x - 1u].count = 0;
  m->nodes[x - 1u].child[0] = m->spare;
  m->spare = x;
  m->live--;
}

void pool_release(struct mem_alloc *m)
{
  if (m->fixed == 0u && m->nodes != NULL) {
    storage_free(m->nodes);
  }
  m->nodes = NULL;
  m->capacity = 0;
  m->fresh = 0;
  m->spare = 0;
  m->live = 0;
  m->root = 0;
  m->fixed = 0;
}
