/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Calls of all public functions with given arguments, for tools that watch every read: Frama-C's Eva, which follows
 * the one run that there is, and MemorySanitizer. Local objects are left indeterminate where callers may do so.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opae/mem_alloc_ext.h"

enum { BLOCKS = 24, NODES = 60, FEW_NODES = 5, REGIONS = 12 };

static struct mem_alloc_node storage[NODES];
static uint64_t places[BLOCKS];

/* Each returns whether an answer was wrong. */
static bool get_blocks(struct mem_alloc *m)
{
  bool wrong = mem_alloc_add_free(m, 0x1000, 0x1000) != MEM_ALLOC_OK;
  wrong = mem_alloc_add_free(m, UINT64_MAX - 15u, 16) != MEM_ALLOC_OK || wrong;
  wrong = mem_alloc_add_free(m, 0x1800, 1) != MEM_ALLOC_OVERLAP || wrong;
  for (uint32_t i = 0; i < BLOCKS; i++) {
    wrong = mem_alloc_get(m, &places[i], 1u + i % 5u) != MEM_ALLOC_OK || wrong;
  }
  for (uint32_t i = 0; i < BLOCKS; i += 2) {
    wrong = mem_alloc_put(m, places[i]) != MEM_ALLOC_OK || wrong;
  }
  wrong = mem_alloc_put(m, 0x1fff) != MEM_ALLOC_NOT_FOUND || wrong;
  wrong = mem_alloc_get(m, &places[0], 0x2000) != MEM_ALLOC_NO_SPACE || wrong;
  return mem_alloc_get_aligned(m, &places[0], 3, 64) != MEM_ALLOC_OK || wrong;
}

static bool look(const struct mem_alloc *m)
{
  struct mem_link run;
  struct mem_alloc_statistics statistics;
  uint64_t managed = 0;
  int status = mem_alloc_first_run(m, &run);
  while (status == MEM_ALLOC_OK) {
    managed += run.size;
    status = mem_alloc_next_run(m, &run);
  }
  return mem_alloc_get_statistics(m, &statistics) != MEM_ALLOC_OK || !mem_alloc_is_valid(m) ||
         managed != statistics.free_addresses + statistics.allocated_addresses;
}

static bool constrain(struct mem_alloc *m, struct mem_alloc *limit)
{
  bool wrong = mem_alloc_add_free(limit, 0x1000, 0x800) != MEM_ALLOC_OK;
  wrong = mem_alloc_apply_constraint(limit, m) != MEM_ALLOC_OK || wrong;
  wrong = mem_alloc_apply_constraint(m, limit) != MEM_ALLOC_CONFLICT || wrong;
  mem_alloc_destroy(limit);
  mem_alloc_init(limit);
  wrong = mem_alloc_add_free(limit, 0x1000, 0x800) != MEM_ALLOC_OK || wrong;
  wrong = mem_alloc_add_free(limit, 0x1900, 0x80) != MEM_ALLOC_OK || wrong;
  return mem_alloc_apply_constraint(m, limit) != MEM_ALLOC_OK || wrong;
}

static bool put_all(struct mem_alloc *m)
{
  bool wrong = mem_alloc_put(m, places[0]) != MEM_ALLOC_OK;
  for (uint32_t i = 1; i < BLOCKS; i += 2) {
    wrong = mem_alloc_put(m, places[i]) != MEM_ALLOC_OK || wrong;
  }
  return wrong;
}

/* Until the storage is used up. */
static bool exhaust(void)
{
  struct mem_alloc_node few[FEW_NODES];
  struct mem_alloc m;
  uint64_t regions = 0;
  int status = mem_alloc_init_static(&m, few, FEW_NODES);
  while (status == MEM_ALLOC_OK) {
    status = mem_alloc_add_free(&m, 2 * regions, 1);
    regions += 1;
  }
  mem_alloc_destroy(&m);
  return status != MEM_ALLOC_NO_MEMORY || regions < 4;
}

/* With memory from malloc, which grows: nodes are copied. */
static bool grow(void)
{
  struct mem_alloc m;
  bool wrong = false;
  mem_alloc_init(&m);
  for (uint64_t i = 0; i < REGIONS; i++) {
    wrong = mem_alloc_add_free(&m, 2 * i, 1) != MEM_ALLOC_OK || wrong;
  }
  mem_alloc_destroy(&m);
  return wrong;
}

int main(void)
{
  struct mem_alloc m;
  struct mem_alloc limit;
  mem_alloc_init(&limit);
  bool wrong = mem_alloc_init_static(&m, storage, NODES) != MEM_ALLOC_OK;
  wrong = mem_alloc_reserve(&limit, 10) != MEM_ALLOC_OK || wrong;
  wrong = get_blocks(&m) || wrong;
  wrong = look(&m) || wrong;
  wrong = constrain(&m, &limit) || wrong;
  wrong = put_all(&m) || wrong;
  wrong = look(&m) || wrong;
  wrong = exhaust() || wrong;
  wrong = grow() || wrong;
  mem_alloc_destroy(&m);
  mem_alloc_destroy(&limit);
  return wrong ? 1 : 0;
}
