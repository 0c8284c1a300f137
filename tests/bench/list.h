/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_LIST_H
#define BENCH_LIST_H

/*
 * The baseline of the benchmark: what OPAE does, written afresh and without
 * handicaps. One list of free ranges in address order, scanned first fit for
 * a naturally aligned place; one list of allocated blocks, to whose end get
 * appends and which put searches from its beginning; every link from malloc;
 * neighbours joined on put. It places blocks exactly where mem_alloc does, so
 * that both run the same workload.
 *
 * Not hardened: addresses stay below 2^63 and regions must not overlap.
 */

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct list_link {
  uint64_t address;
  uint64_t size;
  struct list_link *previous;
  struct list_link *next;
};

struct list {
  struct list_link free;      /* head of the ring of free ranges */
  struct list_link allocated; /* head of the ring of blocks, oldest first */
  uint64_t links;             /* how many links exist, heads excluded */
};

void list_init(struct list *list);
void list_destroy(struct list *list);

/* These three return false, and change nothing, if they cannot do it. */
bool list_add_free(struct list *list, uint64_t address, uint64_t size);
bool list_get(struct list *list, uint64_t *address, uint64_t size);
bool list_put(struct list *list, uint64_t address);

#ifdef __cplusplus
}
#endif

#endif
