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

/* Has the cursor's leaf room for map_carve of [first, last]? */
static bool map_has_room(const struct mem_alloc *m, struct map_cursor cursor, uint64_t first, uint64_t last)
{
  uint32_t need = 0;
  if (cursor.start < first) {
    need++;
  }
  if (last < cursor.last) {
    need++;
  }
  return pool_count(m, cursor.node[0]) + need <= MEM_ALLOC_FAN_OUT;
}

struct map_cursor map_find_room(struct mem_alloc *m, struct map_cursor cursor, uint64_t first,
                                uint64_t last)
{
  struct map_cursor result = cursor;
  result.found = map_has_room(m, cursor, first, last);
  if (!result.found && map_make_room(m, cursor.start)) {
    result = map_find(m, cursor.start);
  }
  return result;
}

void map_carve(struct mem_alloc *m, struct map_cursor cursor, uint64_t first, uint64_t last, uint8_t tag)
{
  const uint32_t x = cursor.node[0];
  const uint32_t slot = cursor.slot[0];
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
    map_lower(m, cursor, cursor.tag, cursor.last - cursor.start);
  }
}

/* Remove the first entry of the cursor's leaf, which has more: its range then starts at the second. */
static void map_erase_first(struct mem_alloc *m, struct map_cursor cursor)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  uint64_t start;
  pool_erase(m, cursor.node[0], 0);
  start = pool_key(m, cursor.node[0], 0);
  /* The old start is the key of every node on the way up to the one where the way is not leftmost. */
  while (level < top && cursor.slot[level] == 0u) {
    level++;
    pool_set_key(m, cursor.node[level], cursor.slot[level], start);
  }
}

/* Join the run of right into that of left, which ends where it starts. Both are in that state. */
static void map_join(struct mem_alloc *m, struct map_cursor left, struct map_cursor right,
                     uint8_t state)
{
  const uint8_t tag = map_tag_of(state, left.start, right.last);
  if (state == FIT_FREE) {
    map_raise(m, left, tag, right.last - left.start);
  }
  pool_set_tag(m, left.node[0], left.slot[0], tag);
  if (right.slot[0] == 0u) {
    map_erase_first(m, right);
  } else {
    pool_erase(m, right.node[0], right.slot[0]);
  }
  if (state == FIT_FREE) {
    map_lower(m, right, right.tag, right.last - right.start);
  }
  map_compact(m, right);
}

/* Join the runs on either side of the start of a leaf, boundary > 0, if both are in that state. */
static void map_join_across(struct mem_alloc *m, uint64_t boundary, uint8_t state)
{
  struct map_cursor left;
  struct map_cursor right;
  /* The leaf may lose its first entry: it needs a second one. */
  map_thicken(m, boundary);
  left = map_find(m, boundary - 1u);
  right = map_find(m, boundary);
  if (map_state(left.tag) == state && map_state(right.tag) == state) {
    map_join(m, left, right, state);
  }
}

/* Is there an entry at slot of leaf x, in that state? */
static bool map_is_like(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot < pool_count(m, x) && map_state(pool_tag(m, x, slot)) == state;
}

void map_paint(struct mem_alloc *m, struct map_cursor cursor, uint8_t state)
{
  const uint32_t x = cursor.node[0];
  const uint32_t slot = cursor.slot[0];
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
    map_raise(m, cursor, tag, last - start);
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
    map_lower(m, cursor, cursor.tag, cursor.last - cursor.start);
  }
  if (joins_left || joins_right) {
    map_compact(m, cursor);
  }
  if (!joins_right && last == cursor.leaf_last && last < UINT64_MAX) {
    map_join_across(m, last + 1u, state);
  }
  if (!joins_left && slot == 0u && start > 0u) {
    map_join_across(m, start, state);
  }
}
