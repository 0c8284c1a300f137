/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_IMPLEMENTATION_H
#define FUZZ_HARNESS_IMPLEMENTATION_H

/*
 * One build of the allocator, as a table of its functions, so that builds
 * with several fan-outs can live in one program. struct mem_alloc is the
 * same for all of them; struct mem_alloc_node is not, and is not named here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/model/validity.h"

struct mem_alloc;
struct mem_alloc_statistics;
struct mem_link;

struct implementation {
  uint32_t fan_out;
  uint32_t levels_max;
  size_t node_size;
  uint64_t (*nodes_for)(uint64_t runs);
  void (*init)(struct mem_alloc *m);
  int (*init_static)(struct mem_alloc *m, void *storage, uint32_t count);
  void (*destroy)(struct mem_alloc *m);
  int (*add_free)(struct mem_alloc *m, uint64_t address, uint64_t size);
  int (*get)(struct mem_alloc *m, uint64_t *address, uint64_t size);
  int (*get_aligned)(struct mem_alloc *m, uint64_t *address, uint64_t size, uint64_t alignment);
  int (*put)(struct mem_alloc *m, uint64_t address);
  int (*apply_constraint)(struct mem_alloc *m, struct mem_alloc *m_constr);
  int (*reserve)(struct mem_alloc *m, uint64_t runs);
  int (*first_run)(const struct mem_alloc *m, struct mem_link *run);
  int (*next_run)(const struct mem_alloc *m, struct mem_link *run);
  int (*get_statistics)(const struct mem_alloc *m, struct mem_alloc_statistics *statistics);
  bool (*is_valid)(const struct mem_alloc *m);
  /* The reference for it: tests/model/validity.h. */
  void (*validity_survey)(const struct mem_alloc *m, struct validity_sizes *result);
  enum validity (*validity_at)(const struct mem_alloc *m, uint64_t address, struct validity_run *run);
  uint64_t (*validity_levels)(const struct mem_alloc *m);
};

/* The library that is linked: src with the fan-out of the command line. */
extern const struct implementation linked_implementation;

/* Of the differential target only: fan_out_16.c and those beside it. */
extern const struct implementation fan_out_16_implementation;
extern const struct implementation fan_out_32_implementation;
extern const struct implementation fan_out_48_implementation;

#endif
