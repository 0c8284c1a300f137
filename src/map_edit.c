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

/* What the entry of the run [start, last] says if it is in the state of a run of that tag. */
static struct fit_mark map_mark(uint8_t like, uint64_t start, uint64_t last)
{
  struct fit_mark mark;
  mark.tag = like;
  mark.bin = 0;
  if (like >= FIT_FREE) {
    mark = fit_free_mark(start, last);
  }
  return mark;
}

/* Let the entry at slot of leaf x say that. */
static void map_set_mark(struct mem_alloc *m, uint32_t x, uint32_t slot, struct fit_mark mark)
{
  pool_set_tag(m, x, slot, mark.tag);
  pool_set_bin(m, x, slot, mark.bin);
}

/* What the entry at slot of leaf x says. */
static struct fit_mark map_mark_at(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  struct fit_mark mark;
  mark.tag = pool_tag(m, x, slot);
  mark.bin = pool_bin(m, x, slot);
  return mark;
}

struct map_cursor map_find_room(struct mem_alloc *m, uint64_t address, struct map_way *way)
{
  struct map_cursor cursor;
  const bool done = map_make_room(m, address);
  cursor = map_find(m, address, way);
  cursor.found = done;
  return cursor;
}

void map_carve(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t first, uint64_t last,
               uint8_t tag)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  const uint64_t start = pool_key(m, x, slot);
  const struct fit_mark old = map_mark_at(m, x, slot);
  const struct fit_mark mark = map_mark(tag, first, last);
  uint32_t middle = slot;
  if (start < first) {
    middle++;
    pool_insert(m, x, middle, first, mark.tag, mark.bin, 0);
    map_set_mark(m, x, slot, map_mark(old.tag, start, first - 1u));
  } else {
    map_set_mark(m, x, slot, mark);
  }
  if (last < run_last) {
    const struct fit_mark rest = map_mark(old.tag, last + 1u, run_last);
    pool_insert(m, x, middle + 1u, last + 1u, rest.tag, rest.bin, 0);
  }
  if (old.tag >= FIT_FREE) {
    map_lower(m, way, old);
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
    const struct fit_mark mark = map_mark(state, left.start, right.last);
    const struct fit_mark old = map_mark_at(m, map_way_node(&right_way, 0), map_way_slot(&right_way, 0));
    if (state == FIT_FREE) {
      map_raise(m, &left_way, mark);
    }
    map_set_mark(m, map_way_node(&left_way, 0), map_way_slot(&left_way, 0), mark);
    map_erase_run(m, &right_way);
    if (state == FIT_FREE) {
      map_lower(m, &right_way, old);
    }
    map_compact(m, &right_way);
  }
}

/* Is there an entry at slot of leaf x, in that state? */
static bool map_is_like(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot < pool_count(m, x) && map_state(pool_tag(m, x, slot)) == state;
}

void map_paint(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t leaf_last, uint8_t state)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  const bool joins_left = slot > 0u && map_is_like(m, x, slot - 1u, state);
  const bool joins_right = map_is_like(m, x, slot + 1u, state);
  uint64_t start = pool_key(m, x, slot);
  uint64_t last = run_last;
  const struct fit_mark old = map_mark_at(m, x, slot);
  struct fit_mark mark;
  if (joins_left) {
    start = pool_key(m, x, slot - 1u);
  }
  if (joins_right) {
    last = map_slot_last(m, x, slot + 1u, leaf_last);
  }
  mark = map_mark(state, start, last);
  if (state == FIT_FREE) {
    map_raise(m, way, mark);
  }
  map_set_mark(m, x, slot, mark);
  if (joins_right) {
    pool_erase(m, x, slot + 1u);
  }
  if (joins_left) {
    map_set_mark(m, x, slot - 1u, mark);
    pool_erase(m, x, slot);
  }
  if (old.tag >= FIT_FREE) {
    map_lower(m, way, old);
  }
  if (joins_left || joins_right) {
    map_compact(m, way);
  }
  if (!joins_right && last == leaf_last && last < UINT64_MAX) {
    map_join_across(m, last + 1u, state);
  }
  if (!joins_left && slot == 0u && start > 0u) {
    map_join_across(m, start, state);
  }
}
