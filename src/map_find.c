/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

bool map_exists(const struct mem_alloc *m)
{
  return m->root != 0u;
}

uint64_t map_slot_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  uint64_t result = last;
  if (slot + 1u < pool_count(m, x)) {
    result = pool_key(m, x, slot + 1u) - 1u;
  }
  return result;
}

/* Complete a cursor that has come to slot of leaf x. */
static void map_arrive(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t leaf_last,
                       struct map_cursor *cursor)
{
  cursor->node[0] = x;
  cursor->slot[0] = slot;
  cursor->leaf_last = leaf_last;
  cursor->start = pool_key(m, x, slot);
  cursor->last = map_slot_last(m, x, slot, leaf_last);
  cursor->tag = pool_tag(m, x, slot);
}

void map_find(const struct mem_alloc *m, uint64_t address, struct map_cursor *cursor)
{
  uint32_t x = m->root;
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = pool_rank(m, x, address) - 1u;
  while (level > 0u) {
    cursor->node[level] = x;
    cursor->slot[level] = slot;
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
    slot = pool_rank(m, x, address) - 1u;
    level--;
  }
  map_arrive(m, x, slot, last, cursor);
}

/* The lowest slot from `from` on of inner node x below which the request may fit, or the count. */
static uint32_t map_next_child(const struct mem_alloc *m, uint32_t x, uint32_t from,
                               const struct fit_request *request)
{
  const uint32_t count = pool_count(m, x);
  uint32_t slot = pool_first(m, x, from, request->least);
  while (slot < count && pool_span(m, pool_child(m, x, slot)) < request->span) {
    slot = pool_first(m, x, slot + 1u, request->least);
  }
  return slot;
}

/* The lowest slot from `from` on of leaf x, which ends at last, whose run is long enough, or the count. */
static uint32_t map_next_run(const struct mem_alloc *m, uint32_t x, uint32_t from, uint64_t last,
                             const struct fit_request *request)
{
  const uint32_t count = pool_count(m, x);
  uint32_t slot = pool_first(m, x, from, request->least);
  while (slot < count && map_slot_last(m, x, slot, last) - pool_key(m, x, slot) < request->span) {
    slot = pool_first(m, x, slot + 1u, request->least);
  }
  return slot;
}

/* The slot of node x to start at if runs below from are of no interest. */
static uint32_t map_start_slot(const struct mem_alloc *m, uint32_t x, uint64_t from)
{
  uint32_t slot = 0;
  if (from > pool_key(m, x, 0)) {
    slot = pool_rank(m, x, from) - 1u;
  }
  return slot;
}

/*
 * One descent to a run at or after from, where a run starts, that the summaries promise. True: the cursor is
 * there. False: the way ended in a node below which nothing from `from` on is long enough. Either way, no
 * run between from and *ruled_out can hold the request, the cursor's own apart.
 */
static bool map_descend_fit(const struct mem_alloc *m, const struct fit_request *request, uint64_t from,
                            struct map_cursor *cursor, uint64_t *ruled_out)
{
  uint32_t x = m->root;
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = 0;
  bool on_way = true;
  while (on_way && level > 0u) {
    slot = map_next_child(m, x, map_start_slot(m, x, from), request);
    if (slot < pool_count(m, x)) {
      cursor->node[level] = x;
      cursor->slot[level] = slot;
      last = map_slot_last(m, x, slot, last);
      x = pool_child(m, x, slot);
      level--;
    } else {
      on_way = false;
    }
  }
  if (on_way) {
    slot = map_next_run(m, x, map_start_slot(m, x, from), last, request);
    if (slot < pool_count(m, x)) {
      map_arrive(m, x, slot, last, cursor);
      last = cursor->last;
    } else {
      on_way = false;
    }
  }
  *ruled_out = last;
  return on_way;
}

bool map_first_fit(const struct mem_alloc *m, const struct fit_request *request, struct map_cursor *cursor,
                   uint64_t *place)
{
  uint64_t from = 0;
  bool more = true;
  bool found = false;
  while (more) {
    uint64_t ruled_out;
    if (map_descend_fit(m, request, from, cursor, &ruled_out)) {
      found = fit_place(cursor->start, cursor->last, request->span, request->align, place);
    }
    more = !found && ruled_out < UINT64_MAX;
    if (more) {
      from = ruled_out + 1u;
    }
  }
  return found;
}
