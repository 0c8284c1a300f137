/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

void map_raise(struct mem_alloc *m, const struct map_way *way, uint8_t tag, uint64_t span)
{
  uint32_t level = (uint32_t)pool_level(m, pool_root(m));
  if (pool_span(m, pool_root(m)) < span) {
    pool_set_span(m, pool_root(m), span);
  }
  /* From the top, so that no summary is ever below one that it covers. */
  while (level > 0u) {
    const uint32_t x = map_way_node(way, level);
    const uint32_t slot = map_way_slot(way, level);
    if (pool_tag(m, x, slot) < tag) {
      pool_set_tag(m, x, slot, tag);
    }
    if (pool_span(m, pool_child(m, x, slot)) < span) {
      pool_set_span(m, pool_child(m, x, slot), span);
    }
    level--;
  }
}

uint64_t map_child_span(const struct mem_alloc *m, uint32_t x)
{
  const uint32_t count = pool_count(m, x);
  uint64_t span = 0;
  uint32_t i;
  for (i = 0; i < count; i++) {
    const uint64_t below = pool_span(m, pool_child(m, x, i));
    if (below > span) {
      span = below;
    }
  }
  return span;
}

/* Make the span of the way's node at level exact, if what is lowered may have been the largest below it. */
static bool map_lower_span(struct mem_alloc *m, const struct map_way *way, uint64_t leaf_last, uint32_t level,
                           uint64_t span)
{
  const uint32_t x = map_way_node(way, level);
  bool lowered = false;
  if (pool_span(m, x) <= span) {
    uint64_t exact;
    if (level == 0u) {
      exact = pool_top_span(m, x, leaf_last);
    } else {
      exact = map_child_span(m, x);
    }
    if (exact < pool_span(m, x)) {
      pool_set_span(m, x, exact);
      lowered = true;
    }
  }
  return lowered;
}

/* Make the tag above the way's node at level exact, likewise. */
static bool map_lower_tag(struct mem_alloc *m, const struct map_way *way, uint32_t level, uint8_t tag)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  bool lowered = false;
  if (pool_tag(m, parent, slot) <= tag) {
    const uint8_t exact = pool_top_tag(m, map_way_node(way, level));
    if (exact < pool_tag(m, parent, slot)) {
      pool_set_tag(m, parent, slot, exact);
      lowered = true;
    }
  }
  return lowered;
}

void map_lower(struct mem_alloc *m, const struct map_way *way, uint64_t leaf_last, uint8_t tag, uint64_t span)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  bool lowered = true;
  while (lowered && level < top) {
    const bool span_lowered = map_lower_span(m, way, leaf_last, level, span);
    const bool tag_lowered = map_lower_tag(m, way, level, tag);
    lowered = span_lowered || tag_lowered;
    level++;
  }
  if (lowered) {
    (void)map_lower_span(m, way, leaf_last, top, span);
  }
}
