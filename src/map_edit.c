/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

/* What a run of that tag is: FIT_ABSENT, FIT_ALLOCATED or FIT_FREE. */
static uint8_t map_state(uint8_t tag)
{
  uint8_t state = tag;
  if (tag > FIT_FREE) {
    state = FIT_FREE;
  }
  return state;
}

/* The tag of the run [start, last] in the state of a run of that tag. */
static uint8_t map_tag_of(uint8_t like, uint64_t start, uint64_t last)
{
  uint8_t tag = like;
  if (like >= FIT_FREE) {
    tag = (uint8_t)(FIT_FREE + fit_order(start, last));
  }
  return tag;
}

struct map_cursor map_find_room(struct mem_alloc *m, uint64_t address, struct map_way *way)
{
  struct map_cursor cursor;
  const bool done = map_make_room(m, address);
  cursor = map_find(m, address, way);
  cursor.found = done;
  return cursor;
}

void map_carve(struct mem_alloc *m, struct map_cursor cursor, const struct map_way *way, uint64_t first,
               uint64_t last, uint8_t tag)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  uint32_t middle = slot;
  if (cursor.start < first) {
    middle++;
    pool_insert(m, x, middle, first, tag, 0);
    pool_set_tag(m, x, slot, map_tag_of(cursor.tag, cursor.start, first - 1u));
  } else {
    pool_set_tag(m, x, slot, tag);
  }
  if (last < cursor.last) {
    pool_insert(m, x, middle + 1u, last + 1u, map_tag_of(cursor.tag, last + 1u, cursor.last), 0);
  }
  if (cursor.tag >= FIT_FREE) {
    map_lower(m, way, cursor.leaf_last, cursor.tag, cursor.last - cursor.start);
  }
}

/* Remove the first entry of the way's leaf, which has more: its range then starts at the second. */
static void map_erase_first(struct mem_alloc *m, const struct map_way *way)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  uint64_t start;
  pool_erase(m, map_way_node(way, 0), 0);
  start = pool_key(m, map_way_node(way, 0), 0);
  /* The old start is the key of every node on the way up to the one where the way is not leftmost. */
  while (level < top && map_way_slot(way, level) == 0u) {
    level++;
    pool_set_key(m, map_way_node(way, level), map_way_slot(way, level), start);
  }
}

/* Remove the run at the end of the way. If it is its leaf's first, the leaf has another. */
static void map_erase_run(struct mem_alloc *m, const struct map_way *way)
{
  if (map_way_slot(way, 0) == 0u) {
    map_erase_first(m, way);
  } else {
    pool_erase(m, map_way_node(way, 0), map_way_slot(way, 0));
  }
}

/* Join the runs on either side of the start of a leaf, boundary > 0, if both are in that state. */
static void map_join_across(struct mem_alloc *m, uint64_t boundary, uint8_t state)
{
  struct map_way left_way;
  struct map_way right_way;
  struct map_cursor left;
  struct map_cursor right;
  /* The leaf may lose its first entry: it needs a second one. */
  map_thicken(m, boundary);
  left = map_find(m, boundary - 1u, &left_way);
  right = map_find(m, boundary, &right_way);
  if (map_state(left.tag) == state && map_state(right.tag) == state) {
    const uint8_t tag = map_tag_of(state, left.start, right.last);
    if (state == FIT_FREE) {
      map_raise(m, &left_way, tag, right.last - left.start);
    }
    pool_set_tag(m, map_way_node(&left_way, 0), map_way_slot(&left_way, 0), tag);
    map_erase_run(m, &right_way);
    if (state == FIT_FREE) {
      map_lower(m, &right_way, right.leaf_last, right.tag, right.last - right.start);
    }
    map_compact(m, &right_way);
  }
}

/* Is there an entry at slot of leaf x, in that state? */
static bool map_is_like(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot < pool_count(m, x) && map_state(pool_tag(m, x, slot)) == state;
}

void map_paint(struct mem_alloc *m, struct map_cursor cursor, const struct map_way *way, uint8_t state)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  const bool joins_left = slot > 0u && map_is_like(m, x, slot - 1u, state);
  const bool joins_right = map_is_like(m, x, slot + 1u, state);
  uint64_t start = cursor.start;
  uint64_t last = cursor.last;
  uint8_t tag;
  if (joins_left) {
    start = pool_key(m, x, slot - 1u);
  }
  if (joins_right) {
    last = map_slot_last(m, x, slot + 1u, cursor.leaf_last);
  }
  tag = map_tag_of(state, start, last);
  if (state == FIT_FREE) {
    map_raise(m, way, tag, last - start);
  }
  pool_set_tag(m, x, slot, tag);
  if (joins_right) {
    pool_erase(m, x, slot + 1u);
  }
  if (joins_left) {
    pool_set_tag(m, x, slot - 1u, tag);
    pool_erase(m, x, slot);
  }
  if (cursor.tag >= FIT_FREE) {
    map_lower(m, way, cursor.leaf_last, cursor.tag, cursor.last - cursor.start);
  }
  if (joins_left || joins_right) {
    map_compact(m, way);
  }
  if (!joins_right && last == cursor.leaf_last && last < UINT64_MAX) {
    map_join_across(m, last + 1u, state);
  }
  if (!joins_left && slot == 0u && start > 0u) {
    map_join_across(m, start, state);
  }
}
