/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_STORAGE_H
#define MEM_ALLOC_STORAGE_H

/* The boundary to malloc and free: the only place that calls them. */

#include <stdint.h>

#include "opae/mem_alloc_ext.h"

/* An array of count > 0 nodes from malloc, content indeterminate; NULL if there is no memory. */
struct mem_alloc_node *storage_new(uint32_t count);

/* Give such an array back. */
void storage_free(struct mem_alloc_node *nodes);

#endif
