/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The table of the allocator's functions. Compiled by itself it describes
 * the library that is linked; fan_out_16.c and those beside it include it after
 * the whole library, renamed.
 */

#include "fuzz/harness/implementation.h"

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"

#ifndef IMPLEMENTATION
#define IMPLEMENTATION linked_implementation
#endif

static uint64_t nodes_for(uint64_t runs)
{
  return MEM_ALLOC_NODES_FOR(runs);
}

static int init_static(struct mem_alloc *m, void *storage, uint32_t count)
{
  return mem_alloc_init_static(m, storage, count);
}

const struct implementation IMPLEMENTATION = {
  .fan_out = MEM_ALLOC_FAN_OUT,
  .levels_max = MEM_ALLOC_LEVELS,
  .node_size = sizeof(struct mem_alloc_node),
  .nodes_for = nodes_for,
  .init = mem_alloc_init,
  .init_static = init_static,
  .destroy = mem_alloc_destroy,
  .add_free = mem_alloc_add_free,
  .get = mem_alloc_get,
  .get_aligned = mem_alloc_get_aligned,
  .put = mem_alloc_put,
  .apply_constraint = mem_alloc_apply_constraint,
  .reserve = mem_alloc_reserve,
  .first_run = mem_alloc_first_run,
  .next_run = mem_alloc_next_run,
  .get_statistics = mem_alloc_get_statistics,
  .is_valid = mem_alloc_is_valid,
  .validity_survey = validity_survey,
  .validity_at = validity_at,
  .validity_levels = validity_levels,
};
