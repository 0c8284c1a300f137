/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include "map.h"
#include "opae/mem_alloc_ext.h"
#include "pool.h"

/* Iteration over runs, and sums over them. */

/* Tell the cursor's run. */
static void iterate_report(struct map_cursor cursor, struct mem_link *run)
{
  run->address = cursor.start;
  run->last = cursor.last;
  /* The whole space has 2^64 addresses, which reads 0. */
  run->size = 0;
  if (cursor.last - cursor.start < UINT64_MAX) {
    run->size = cursor.last - cursor.start + 1u;
  }
  run->state = MEM_ALLOC_ABSENT;
  if (cursor.tag >= FIT_FREE) {
    run->state = MEM_ALLOC_FREE;
  } else if (cursor.tag == FIT_ALLOCATED) {
    run->state = MEM_ALLOC_ALLOCATED;
  } else {
    /* ABSENT, as set above. */
  }
  run->reserved = 0;
}

/* The lowest managed run that starts at address or above it. There is a tree. */
static int iterate_from(const struct mem_alloc *m, uint64_t address, struct mem_link *run)
{
  int status = MEM_ALLOC_NOT_FOUND;
  struct map_way way;
  struct map_cursor cursor = map_find(m, address, &way);
  if (cursor.start < address && cursor.last < UINT64_MAX) {
    cursor = map_find(m, cursor.last + 1u, &way);
  }
  /* What follows an ABSENT run is managed. */
  if (cursor.start >= address && cursor.tag == FIT_ABSENT && cursor.last < UINT64_MAX) {
    cursor = map_find(m, cursor.last + 1u, &way);
  }
  if (cursor.start >= address && cursor.tag != FIT_ABSENT) {
    iterate_report(cursor, run);
    status = MEM_ALLOC_OK;
  }
  return status;
}

int mem_alloc_first_run(const struct mem_alloc *m, struct mem_link *run)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && run != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m)) {
      status = iterate_from(m, 0, run);
    }
  }
  return status;
}

int mem_alloc_next_run(const struct mem_alloc *m, struct mem_link *run)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && run != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m) && run->last < UINT64_MAX) {
      status = iterate_from(m, run->last + 1u, run);
    }
  }
  return status;
}

/* a + (span + 1), at most 2^64 - 1. */
static uint64_t iterate_add(uint64_t a, uint64_t span)
{
  uint64_t sum = UINT64_MAX;
  if (span < UINT64_MAX && a < UINT64_MAX - span) {
    sum = a + span + 1u;
  }
  return sum;
}

/* Count the cursor's run. */
static void iterate_count(struct map_cursor cursor, struct mem_alloc_statistics *statistics)
{
  const uint64_t span = cursor.last - cursor.start;
  if (cursor.tag >= FIT_FREE) {
    statistics->free_runs++;
    statistics->free_addresses = iterate_add(statistics->free_addresses, span);
    if (iterate_add(0, span) > statistics->largest_free) {
      statistics->largest_free = iterate_add(0, span);
    }
  } else if (cursor.tag == FIT_ALLOCATED) {
    statistics->allocated_runs++;
    statistics->allocated_addresses = iterate_add(statistics->allocated_addresses, span);
  } else {
    statistics->absent_runs++;
  }
}

/* Count all runs of the tree. */
static void iterate_count_all(const struct mem_alloc *m, struct mem_alloc_statistics *statistics)
{
  bool more = true;
  uint64_t address = 0;
  while (more) {
    struct map_way way;
    const struct map_cursor cursor = map_find(m, address, &way);
    iterate_count(cursor, statistics);
    more = cursor.last < UINT64_MAX;
    if (more) {
      address = cursor.last + 1u;
    }
  }
}

int mem_alloc_get_statistics(const struct mem_alloc *m, struct mem_alloc_statistics *statistics)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && statistics != NULL) {
    statistics->free_runs = 0;
    statistics->free_addresses = 0;
    statistics->largest_free = 0;
    statistics->allocated_runs = 0;
    statistics->allocated_addresses = 0;
    statistics->absent_runs = 0;
    statistics->nodes_used = pool_live(m);
    statistics->nodes_total = pool_capacity(m);
    statistics->metadata_bytes = (uint64_t)pool_capacity(m) * sizeof(struct mem_alloc_node);
    statistics->levels = 0;
    if (map_exists(m)) {
      statistics->levels = (uint64_t)pool_level(m, pool_root(m)) + 1u;
      iterate_count_all(m, statistics);
    } else {
      statistics->absent_runs = 1;
    }
    status = MEM_ALLOC_OK;
  }
  return status;
}
