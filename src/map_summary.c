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

/* Make the span of the way's node at level exact, if it is larger. */
static bool map_lower_span(struct mem_alloc *m, const struct map_way *way, uint32_t level, uint64_t exact)
{
  const uint32_t x = map_way_node(way, level);
  const bool lowered = exact < pool_span(m, x);
  if (lowered) {
    pool_set_span(m, x, exact);
  }
  return lowered;
}

/* Make the tag above the way's node at level, which is not the root's, exact, if it is larger. */
static bool map_lower_tag(struct mem_alloc *m, const struct map_way *way, uint32_t level, uint8_t exact)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  const bool lowered = exact < pool_tag(m, parent, slot);
  if (lowered) {
    pool_set_tag(m, parent, slot, exact);
  }
  return lowered;
}

/* May a run of that tag and span have been the largest below the way's node at level? */
static bool map_may_lower(const struct mem_alloc *m, const struct map_way *way, uint32_t level, uint8_t tag,
                          uint64_t span)
{
  bool may = pool_span(m, map_way_node(way, level)) <= span;
  if (!may && level < (uint32_t)pool_level(m, pool_root(m))) {
    may = pool_tag(m, map_way_node(way, level + 1u), map_way_slot(way, level + 1u)) <= tag;
  }
  return may;
}

/* Lower the summaries of the way's leaf, which ends at last. */
static bool map_lower_leaf(struct mem_alloc *m, const struct map_way *way, uint64_t last)
{
  const struct node_top exact = pool_top(m, map_way_node(way, 0), last);
  const bool span_lowered = map_lower_span(m, way, 0, exact.span);
  bool tag_lowered = false;
  if (pool_level(m, pool_root(m)) > 0) {
    tag_lowered = map_lower_tag(m, way, 0, exact.tag);
  }
  return span_lowered || tag_lowered;
}

/* Lower the summaries of the way's inner node at level, where a span or a tag may have been the largest. */
static bool map_lower_inner(struct mem_alloc *m, const struct map_way *way, uint32_t level, uint8_t tag,
                            uint64_t span)
{
  const uint32_t x = map_way_node(way, level);
  bool lowered = false;
  if (pool_span(m, x) <= span) {
    lowered = map_lower_span(m, way, level, map_child_span(m, x));
  }
  if (level < (uint32_t)pool_level(m, pool_root(m)) &&
      pool_tag(m, map_way_node(way, level + 1u), map_way_slot(way, level + 1u)) <= tag) {
    lowered = map_lower_tag(m, way, level, pool_top_tag(m, x)) || lowered;
  }
  return lowered;
}

void map_lower(struct mem_alloc *m, const struct map_way *way, uint64_t leaf_last, uint8_t tag, uint64_t span)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 1;
  bool lowered = map_may_lower(m, way, 0, tag, span) && map_lower_leaf(m, way, leaf_last);
  while (lowered && level <= top) {
    lowered = map_lower_inner(m, way, level, tag, span);
    level++;
  }
}
