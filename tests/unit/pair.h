/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_UNIT_PAIR_H
#define TESTS_UNIT_PAIR_H

/*
 * An allocator and its shadow model side by side. Every operation is done on
 * both; a cmocka assertion fails where they do not agree, or where a failed
 * operation changed something.
 */

#include <stdbool.h>
#include <stdint.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/model/model.h"
#include "tests/unit/random.h"

struct pair {
  struct mem_alloc m;
  struct model model;
  bool may_lack_memory;  /* is MEM_ALLOC_NO_MEMORY a legal answer? */
  uint64_t lacks;        /* how often it was given */
  uint32_t check_period; /* compare all runs after every so many steps; after a failure always */
  uint64_t steps;
};

/* An empty pair; with storage if it is not NULL. */
void pair_init(struct pair *pair);
void pair_init_static(struct pair *pair, struct mem_alloc_node *storage, uint32_t count);
void pair_destroy(struct pair *pair);

/* Do both sides hold the same runs, and is the allocator valid? */
void pair_check(struct pair *pair);

/* Each returns the status both sides agree on, or MEM_ALLOC_NO_MEMORY (the model is then as before, too). */
int pair_add_free(struct pair *pair, uint64_t address, uint64_t size);
int pair_get(struct pair *pair, uint64_t *address, uint64_t size);
int pair_get_aligned(struct pair *pair, uint64_t *address, uint64_t size, uint64_t alignment);
int pair_put(struct pair *pair, uint64_t address);
int pair_apply_constraint(struct pair *pair, struct pair *constraint);

/* What pair_random_step() draws from. Weights are relative. */
struct profile {
  uint32_t add_free;
  uint32_t get;
  uint32_t get_aligned;
  uint32_t put;
  uint32_t constrain;
  uint64_t base;  /* regions are added in [base, base + width], addresses counted round at 2^64 */
  uint64_t width;
  uint64_t region; /* a region added has at most this many addresses */
  uint64_t block;  /* a block has at most this many addresses */
};

/*
 * One operation drawn from random. If may_lack_memory and there is none, the
 * step ends with MEM_ALLOC_NO_MEMORY; the same random numbers then give the
 * same operation again.
 */
int pair_random_step(struct pair *pair, const struct profile *profile, struct random *random);

#endif
