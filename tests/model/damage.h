/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_DAMAGE_H
#define TESTS_MODEL_DAMAGE_H

/*
 * The fields of an allocator as numbered places: those of struct mem_alloc,
 * then those of node 1, node 2 ... `nodes` and `capacity` are left out: they
 * say what may be read.
 */

#include <stddef.h>
#include <stdint.h>

#include "opae/mem_alloc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  DAMAGE_OBJECT_PLACES = 9,
  DAMAGE_NODE_PLACES = 2 + 4 * MEM_ALLOC_FAN_OUT,
  DAMAGE_NAME_MAX = 40
};

/* How many places there are in an allocator with so many nodes. */
size_t damage_places(uint32_t nodes);

/* What is at a place; what is signed there is extended to 64 bits. */
uint64_t damage_read(const struct mem_alloc *m, size_t place);

/* Put as many bits of the value there as the field has. */
void damage_write(struct mem_alloc *m, size_t place, uint64_t value);

/* The place as one writes it in C, after "m.": "live", "nodes[0].key[3]". */
void damage_name(size_t place, char name[DAMAGE_NAME_MAX]);

/*
 * A copy of the allocator with storage of its own, of exactly the same
 * number of nodes, from malloc; aborts if there is no memory.
 */
struct mem_alloc damage_copy(const struct mem_alloc *m);

#ifdef __cplusplus
}
#endif

#endif
