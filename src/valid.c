/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include "map.h"
#include "opae/mem_alloc_ext.h"
#include "pool.h"

/*
 * mem_alloc_is_valid: the invariants, executed. One walk over the tree from left to right with its path on
 * the stack; a node is checked against its parent's entry before anything below it is looked at, so that
 * the walk cannot leave the storage.
 */

/* The walk. Node, slot and last by level; what has been met so far. */
struct valid_walk {
  uint32_t node[MAP_LEVELS];
  uint32_t slot[MAP_LEVELS];  /* the next slot to look at */
  uint64_t last[MAP_LEVELS];  /* the last address of the node's range */
  uint32_t level;             /* where the walk is */
  uint32_t top;               /* the root's level */
  uint32_t nodes;             /* nodes met */
  uint64_t runs;              /* runs met */
  uint8_t state;              /* what the last run met was */
};

/* Are the keys of node x ascending, from first to at most last? */
static bool valid_keys(const struct mem_alloc *m, uint32_t x, uint64_t first, uint64_t last)
{
  const uint32_t count = pool_count(m, x);
  bool valid = pool_key(m, x, 0) == first && pool_key(m, x, count - 1u) <= last;
  uint32_t i;
  for (i = 1; i < count; i++) {
    valid = valid && pool_key(m, x, i - 1u) < pool_key(m, x, i);
  }
  return valid;
}

/* Is x the number of a node of that level, with as many entries as a node has, for [first, last]? */
static bool valid_node(const struct mem_alloc *m, uint32_t x, uint32_t level, uint64_t first, uint64_t last)
{
  return x >= 1u && x <= m->fresh && pool_level(m, x) == (int8_t)level && pool_count(m, x) >= 1u &&
         pool_count(m, x) <= MEM_ALLOC_FAN_OUT && valid_keys(m, x, first, last);
}

/* Is the run at slot of leaf x tagged as what it is, and apart from a like neighbour before it? */
static bool valid_run(const struct mem_alloc *m, struct valid_walk *walk, uint32_t x, uint32_t slot)
{
  const uint64_t start = pool_key(m, x, slot);
  const uint64_t last = map_slot_last(m, x, slot, walk->last[0]);
  const uint8_t tag = pool_tag(m, x, slot);
  uint8_t state = tag;
  bool valid = true;
  if (tag >= FIT_FREE) {
    state = FIT_FREE;
    valid = tag == fit_free_mark(start, last).tag && pool_bin(m, x, slot) == fit_free_mark(start, last).bin;
  } else {
    valid = pool_bin(m, x, slot) == 0;
  }
  if (walk->runs > 0u && state != FIT_ALLOCATED && state == walk->state) {
    valid = false;
  }
  walk->state = state;
  walk->runs++;
  return valid;
}

/* Check all runs of the leaf where the walk is. */
static bool valid_leaf(const struct mem_alloc *m, struct valid_walk *walk)
{
  const uint32_t x = walk->node[0];
  bool valid = true;
  uint32_t i;
  for (i = 0; i < pool_count(m, x); i++) {
    valid = valid_run(m, walk, x, i) && valid;
  }
  return valid;
}

/* Do child slot of x and the child before it together have what two neighbours must have? */
static bool valid_pair(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return slot == 0u || pool_count(m, pool_child(m, x, slot - 1u)) + pool_count(m, pool_child(m, x, slot)) >=
                           MEM_ALLOC_FAN_OUT / 2u;
}

/* Go from inner node x, where the walk is, to its next child, if that is sound. */
static bool valid_enter(const struct mem_alloc *m, struct valid_walk *walk)
{
  const uint32_t x = walk->node[walk->level];
  const uint32_t slot = walk->slot[walk->level];
  const uint32_t child = pool_child(m, x, slot);
  const uint64_t last = map_slot_last(m, x, slot, walk->last[walk->level]);
  bool valid = walk->nodes < m->live && valid_node(m, child, walk->level - 1u, pool_key(m, x, slot), last);
  if (valid) {
    valid = pool_tag(m, x, slot) == pool_top_tag(m, child) && pool_bin(m, x, slot) == pool_top_bin(m, child) &&
            valid_pair(m, x, slot);
    walk->slot[walk->level] = slot + 1u;
    walk->level--;
    walk->node[walk->level] = child;
    walk->slot[walk->level] = 0;
    walk->last[walk->level] = last;
    walk->nodes++;
  }
  return valid;
}

/* One step: a leaf, or a child of an inner node, or back up. Sets *more to false when the walk is over. */
static bool valid_step(const struct mem_alloc *m, struct valid_walk *walk, bool *more)
{
  bool valid = true;
  bool leave = true;
  if (walk->level == 0u) {
    valid = valid_leaf(m, walk);
  } else if (walk->slot[walk->level] < pool_count(m, walk->node[walk->level])) {
    valid = valid_enter(m, walk);
    leave = false;
  } else {
    /* All of its children were looked at. */
  }
  if (leave) {
    *more = walk->level < walk->top;
    walk->level++;
  }
  return valid;
}

/* Is a tree of so many levels possible with so few runs? The height is logarithmic in the runs. */
static bool valid_height(uint32_t top, uint64_t runs)
{
  /* Two neighbours have FAN_OUT / 2 entries; of inner ones, at least FAN_OUT / 4 - 1 pairs below. */
  const uint64_t ratio = MEM_ALLOC_FAN_OUT / 4u - 1u;
  uint64_t least = 1;
  uint32_t level;
  if (top > 0u) {
    least = MEM_ALLOC_FAN_OUT / 2u;
  }
  for (level = 1; level < top && ratio > 1u && least <= runs; level++) {
    least = least * ratio;
  }
  return runs >= least;
}

/* Is the tree sound? There is one. */
static bool valid_tree(const struct mem_alloc *m)
{
  struct valid_walk walk;
  const uint32_t root = pool_root(m);
  bool valid = root <= m->fresh && pool_level(m, root) >= 0 && pool_level(m, root) < MAP_LEVELS;
  bool more = valid;
  if (valid) {
    walk.top = (uint32_t)pool_level(m, root);
    walk.level = walk.top;
    walk.node[walk.top] = root;
    walk.slot[walk.top] = 0;
    walk.last[walk.top] = UINT64_MAX;
    walk.nodes = 1;
    walk.runs = 0;
    walk.state = FIT_ABSENT;
    valid = valid_node(m, root, walk.top, 0, UINT64_MAX) && (walk.top == 0u || pool_count(m, root) > 1u);
  }
  while (valid && more) {
    valid = valid_step(m, &walk, &more);
  }
  return valid && walk.nodes == m->live && valid_height(walk.top, walk.runs);
}

/* Is every node up to m->fresh that is not in the tree spare, and none else? */
static bool valid_spare(const struct mem_alloc *m)
{
  uint32_t left = m->fresh - m->live;
  uint32_t x = m->spare;
  bool valid = true;
  while (valid && left > 0u) {
    valid = x >= 1u && x <= m->fresh && pool_level(m, x) == POOL_SPARE;
    if (valid) {
      x = pool_child(m, x, 0);
    }
    left--;
  }
  return valid && x == 0u;
}

bool mem_alloc_is_valid(const struct mem_alloc *m)
{
  bool valid = m != NULL;
  if (valid) {
    valid = m->live <= m->fresh && m->fresh <= m->capacity && (m->capacity > 0u) == (m->nodes != NULL) &&
            m->fixed <= 1u && m->reserved[0] == 0u && m->reserved[1] == 0u && m->reserved[2] == 0u &&
            m->reserved[3] == 0u;
  }
  if (valid) {
    valid = valid_spare(m);
  }
  if (valid) {
    if (map_exists(m)) {
      valid = valid_tree(m);
    } else {
      valid = m->live == 0u;
    }
  }
  return valid;
}
