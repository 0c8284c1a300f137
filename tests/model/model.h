/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_MODEL_H
#define TESTS_MODEL_MODEL_H

/*
 * The shadow model of mem_alloc: what the allocator must do, written so that
 * it can be checked by reading. It is one sorted array of the managed runs
 * (FREE and ALLOCATED); what lies between them is ABSENT. Every operation is
 * a walk over the array, or a search in it for one address.
 *
 * The functions return the status codes of mem_alloc, all but
 * MEM_ALLOC_NO_MEMORY: the model aborts the program when it has no memory.
 * It gets memory from realloc, never from malloc, so that a test may replace
 * malloc and still trust the model.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"

#ifdef __cplusplus
extern "C" {
#endif

struct model_run {
  uint64_t first;
  uint64_t last; /* inclusive */
  uint32_t state; /* MEM_ALLOC_FREE or MEM_ALLOC_ALLOCATED */
};

/* A zero-filled object is a valid, empty model. */
struct model {
  struct model_run *runs; /* ascending, disjoint; no two neighbouring FREE ones touch */
  size_t count;
  size_t capacity;
};

void model_init(struct model *model);
void model_destroy(struct model *model);

/* Make *to, a valid model, equal to *from. */
void model_copy(struct model *to, const struct model *from);

int model_add_free(struct model *model, uint64_t address, uint64_t size);
int model_get(struct model *model, uint64_t *address, uint64_t size);
int model_get_aligned(struct model *model, uint64_t *address, uint64_t size, uint64_t alignment);
int model_put(struct model *model, uint64_t address);

/* constraint may be model itself. */
int model_apply_constraint(struct model *model, const struct model *constraint);

/* The largest power of two that divides size. size > 0. */
uint64_t model_natural_alignment(uint64_t size);

/* How many runs are in this state; MEM_ALLOC_ABSENT counts the gaps. */
uint64_t model_count(const struct model *model, uint32_t state);

/* All runs that tile the space, ABSENT ones included. */
uint64_t model_all_runs(const struct model *model);

/* Is the array what the comment at struct model says? */
bool model_is_canonical(const struct model *model);

/* Do both hold the same runs? */
bool model_equal(const struct model *left, const struct model *right);

/*
 * Does the allocator, seen through mem_alloc_first_run and
 * mem_alloc_next_run, hold exactly the runs of the model? If not, the first
 * difference is printed to stderr.
 */
bool model_matches(const struct model *model, const struct mem_alloc *m);

/*
 * Do the sums of mem_alloc_get_statistics (all but nodes, bytes and levels)
 * agree with the model? If not, the difference is printed to stderr.
 */
bool model_matches_statistics(const struct model *model, const struct mem_alloc *m);

#ifdef __cplusplus
}
#endif

#endif
