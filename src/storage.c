/* SPDX-License-Identifier: BSD-3-Clause */
#include "storage.h"

#include <stdlib.h>

struct mem_alloc_node *storage_new(uint32_t count)
{
  struct mem_alloc_node *nodes = NULL;
  /* Only where size_t has 32 bits can the product be too large. */
  if ((uint64_t)count * sizeof(struct mem_alloc_node) <= SIZE_MAX) {
    nodes = malloc(count * sizeof(struct mem_alloc_node));
  }
  return nodes;
}

void storage_free(struct mem_alloc_node *nodes)
{
  free(nodes);
}
