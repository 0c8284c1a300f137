/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

bool map_exists(const struct mem_alloc *m)
{
  return pool_root(m) != 0u;
}

uint64_t map_slot_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  uint64_t result = last;
  if (slot + 1u < pool_count(m, x)) {
    result = pool_key(m, x, slot + 1u) - 1u;
  }
  return result;
}

/* Complete a cursor that has come to slot of leaf x, which ends at leaf_last. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x] && leaf_last == node_hi[x];
    requires way: cursor_way(cursor, 1);
    requires above: mirror_level[mirror_root] > 0 ? mirror_child[cursor.node[1]].v[cursor.slot[1]] == x :
                                                    mirror_root == x;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures place: \result.node[0] == x && \result.slot[0] == slot;
    ensures run: cursor_run(\result);
    ensures way: cursor_way(\result, 0);
    ensures start: run_code(\result.start) == \result.tag + 1;
    ensures last: run_last(\result.start) == \result.last;
    ensures alone: \forall integer k; \result.start < k <= \result.last ==> run_code(k) == 0;
    ensures found: \result.found;
*/
static struct map_cursor map_arrive(const struct mem_alloc *m, struct map_cursor cursor, uint32_t x, uint32_t slot,
                                    uint64_t leaf_last)
{
  struct map_cursor result = cursor;
  result.node[0] = x;
  result.slot[0] = slot;
  result.leaf_last = leaf_last;
  result.start = pool_key(m, x, slot);
  result.last = map_slot_last(m, x, slot, leaf_last);
  result.tag = pool_tag(m, x, slot);
  result.found = true;
  return result;
}

struct map_cursor map_find(const struct mem_alloc *m, uint64_t address)
{
  struct map_cursor cursor;
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = pool_rank(m, x, address) - 1u;
  /*@ loop invariant node: node_is(x) && level == mirror_level[x] <= mirror_level[mirror_root] < MAP_LEVELS;
      loop invariant last: last == node_hi[x];
      loop invariant range: node_lo[x] <= address <= node_hi[x];
      loop invariant slot: slot < mirror_count[x] && mirror_key[x].v[slot] <= address;
      loop invariant next: slot + 1 < mirror_count[x] ==> address < mirror_key[x].v[slot + 1];
      loop invariant top: level == mirror_level[mirror_root] ==> x == mirror_root;
      loop invariant below: level < mirror_level[mirror_root] ==>
        mirror_child[cursor.node[level + 1]].v[cursor.slot[level + 1]] == x;
      loop invariant way_top: way_top(cursor, level + 1);
      loop invariant way_nodes: way_nodes(cursor, level + 1);
      loop invariant way_slots: way_slots(cursor, level + 1);
      loop invariant way_links: way_links(cursor, level + 1);
      loop assigns cursor, x, last, slot, level;
      loop variant level;
  */
  while (level > 0u) {
    cursor.node[level] = x;
    cursor.slot[level] = slot;
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
    slot = pool_rank(m, x, address) - 1u;
    level--;
  }
  return map_arrive(m, cursor, x, slot, last);
}

/* The lowest slot from `from` on of inner node x below which the request may fit, or the count. */
static uint32_t map_next_child(const struct mem_alloc *m, uint32_t x, uint32_t from,
                               struct fit_request request)
{
  const uint32_t count = pool_count(m, x);
  uint32_t slot = pool_first(m, x, from, request.least);
  while (slot < count && pool_span(m, pool_child(m, x, slot)) < request.span) {
    slot = pool_first(m, x, slot + 1u, request.least);
  }
  return slot;
}

/* The lowest slot from `from` on of leaf x, which ends at last, whose run is long enough, or the count. */
static uint32_t map_next_run(const struct mem_alloc *m, uint32_t x, uint32_t from, uint64_t last,
                             struct fit_request request)
{
  const uint32_t count = pool_count(m, x);
  uint32_t slot = pool_first(m, x, from, request.least);
  while (slot < count && map_slot_last(m, x, slot, last) - pool_key(m, x, slot) < request.span) {
    slot = pool_first(m, x, slot + 1u, request.least);
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

/* The lowest slot of node x, which ends at last, at or after from that the request may be at, or the count. */
static uint32_t map_next_slot(const struct mem_alloc *m, uint32_t x, uint64_t from, uint64_t last,
                              struct fit_request request)
{
  const uint32_t start = map_start_slot(m, x, from);
  uint32_t slot;
  if (pool_level(m, x) > 0) {
    slot = map_next_child(m, x, start, request);
  } else {
    slot = map_next_run(m, x, start, last, request);
  }
  return slot;
}

/* The cursor, found only if the request fits in its run, too; then with its place. */
static struct map_cursor map_fit_in(struct map_cursor cursor, struct fit_request request)
{
  struct map_cursor result = cursor;
  uint64_t place = 0;
  result.found = cursor.found && fit_place(cursor.start, cursor.last, request.span, request.align, &place);
  result.place = place;
  return result;
}

/*
 * One descent to a run at or after from, where a run starts, that the summaries promise. If the way ends in
 * a node below which nothing from `from` on is long enough, the cursor is not found, and its last is that
 * node's. Either way no run between from and the cursor's last can hold the request, its own run apart.
 */
static struct map_cursor map_descend_fit(const struct mem_alloc *m, struct fit_request request, uint64_t from)
{
  struct map_cursor cursor;
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = map_next_slot(m, x, from, last, request);
  while (level > 0u && slot < pool_count(m, x)) {
    cursor.node[level] = x;
    cursor.slot[level] = slot;
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
    slot = map_next_slot(m, x, from, last, request);
    level--;
  }
  if (slot < pool_count(m, x)) {
    cursor = map_arrive(m, cursor, x, slot, last);
  } else {
    cursor.last = last;
    cursor.found = false;
  }
  return cursor;
}

struct map_cursor map_first_fit(const struct mem_alloc *m, struct fit_request request)
{
  struct map_cursor cursor = map_fit_in(map_descend_fit(m, request, 0), request);
  while (!cursor.found && cursor.last < UINT64_MAX) {
    cursor = map_fit_in(map_descend_fit(m, request, cursor.last + 1u), request);
  }
  return cursor;
}
