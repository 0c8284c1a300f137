/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

void map_raise(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark)
{
  uint32_t level = (uint32_t)pool_level(m, pool_root(m));
  /* From the top, so that no summary is ever below one that it covers. */
  while (level > 0u) {
    const uint32_t x = map_way_node(way, level);
    const uint32_t slot = map_way_slot(way, level);
    if (pool_tag(m, x, slot) < mark.tag) {
      pool_set_tag(m, x, slot, mark.tag);
    }
    if (pool_bin(m, x, slot) < mark.bin) {
      pool_set_bin(m, x, slot, mark.bin);
    }
    level--;
  }
}

/* Make the tag above the way's node at level, which is not the root's, exact, if it is larger. */
static bool map_lower_tag(struct mem_alloc *m, const struct map_way *way, uint32_t level)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  const uint8_t exact = pool_top_tag(m, map_way_node(way, level));
  const bool lowered = exact < pool_tag(m, parent, slot);
  if (lowered) {
    pool_set_tag(m, parent, slot, exact);
  }
  return lowered;
}

/* The same of the bin. */
static bool map_lower_bin(struct mem_alloc *m, const struct map_way *way, uint32_t level)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  const int16_t exact = pool_top_bin(m, map_way_node(way, level));
  const bool lowered = exact < pool_bin(m, parent, slot);
  if (lowered) {
    pool_set_bin(m, parent, slot, exact);
  }
  return lowered;
}

/* Both, where a run of that mark may have been the largest. */
static bool map_lower_one(struct mem_alloc *m, const struct map_way *way, uint32_t level, struct fit_mark mark)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  bool lowered = false;
  if (pool_tag(m, parent, slot) <= mark.tag) {
    lowered = map_lower_tag(m, way, level);
  }
  if (pool_bin(m, parent, slot) <= mark.bin) {
    lowered = map_lower_bin(m, way, level) || lowered;
  }
  return lowered;
}

void map_lower(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  bool lowered = true;
  while (lowered && level < top) {
    lowered = map_lower_one(m, way, level, mark);
    level++;
  }
}
