/* SPDX-License-Identifier: BSD-3-Clause */
#define MEM_ALLOC_MODEL_DEFINED
#include "opae/mem_alloc.h"

#include <stddef.h>

#include "bits.h"
#include "map.h"
#include "opae/mem_alloc_ext.h"
#include "pool.h"

void mem_alloc_init(struct mem_alloc *m)
{
  if (m != NULL) {
    pool_init(m);
    //@ ghost space_empty(m);
  }
}

int mem_alloc_init_static(struct mem_alloc *m, struct mem_alloc_node *storage, uint32_t count)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && storage != NULL && count > 0u) {
    pool_init_static(m, storage, count);
    //@ ghost space_empty(m);
    status = MEM_ALLOC_OK;
  }
  return status;
}

void mem_alloc_destroy(struct mem_alloc *m)
{
  if (m != NULL) {
    pool_release(m);
    //@ ghost space_empty(m);
  }
}

int mem_alloc_reserve(struct mem_alloc *m, uint64_t runs)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL) {
    status = MEM_ALLOC_NO_MEMORY;
    /* Above that the bound itself is above 2^32 - 1 nodes, or would wrap. */
    if (runs <= (uint64_t)UINT32_MAX * 5u && pool_reserve_total(m, MEM_ALLOC_NODES_FOR(runs))) {
      status = MEM_ALLOC_OK;
    }
  }
  return status;
}

/* Turn [first, last] from ABSENT to FREE. There is a tree. */
/*@ requires glue: glue(m);
    requires body: body_ok(MAP_LEVELS) && mirror_root != 0;
    requires range: first <= last;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m);
    ensures glue: glue(m);
    ensures body: body_ok(MAP_LEVELS) && mirror_root != 0;
    ensures overlap: \result == MEM_ALLOC_OVERLAP <==> !unmanaged_in(\old(tree), first, last);
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_OVERLAP || \result == MEM_ALLOC_NO_MEMORY;
    ensures added: \result == MEM_ALLOC_OK ==> range_in(tree, first, last, FIT_FREE);
    ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), first, last);
    ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
*/
static int mem_alloc_add_range(struct mem_alloc *m, uint64_t first, uint64_t last)
{
  int status = MEM_ALLOC_OVERLAP;
  struct map_way way;
  //@ ghost struct tree_state b = tree;
  struct map_cursor cursor = map_find(m, first, &way);
  //@ assert start: home_in(b, first) == cursor.start;
  //@ ghost uint64_t start = cursor.start;
  //@ ghost uint64_t end = cursor.last;
  //@ assert run: \forall integer k; start <= k <= end ==> home_in(b, k) == start;
  //@ assert next: end < TREE_TOP && cursor.tag == FIT_ABSENT ==> state_in(b, end + 1) != FIT_ABSENT;
  if (cursor.tag == FIT_ABSENT && last <= cursor.last) {
    status = MEM_ALLOC_NO_MEMORY;
    if (map_carve_out(m, &way, cursor.last, first, last, FIT_ABSENT)) {
      //@ ghost struct tree_state c = tree;
      //@ ghost lemma_space_carved(b, start, end, first, last, FIT_ABSENT);
      cursor = map_find(m, first, &way);
      //@ assert found: home_in(c, first) == first && cursor.start == first && cursor.last == last;
      map_paint(m, &way, cursor.last, cursor.leaf_last, FIT_FREE);
      //@ ghost lemma_space_paint(c, first, last, FIT_FREE);
      status = MEM_ALLOC_OK;
    } else {
      //@ ghost lemma_space_kept(b);
      /* Nothing changed. */
    }
  }
  return status;
}

int mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size)
{
  int status = MEM_ALLOC_INVALID;
  /* address + size <= 2^64, without wrapping: both sides less one. */
  if (m != NULL && size > 0u && size - 1u <= UINT64_MAX - address) {
    status = MEM_ALLOC_NO_MEMORY;
    if (map_exists(m) || map_create(m)) {
      status = mem_alloc_add_range(m, address, address + (size - 1u));
    }
  }
  return status;
}

/* Allocate the lowest place that the request fits in. There is a tree. */
static int mem_alloc_get_request(struct mem_alloc *m, uint64_t *address, struct fit_request request)
{
  int status = MEM_ALLOC_NO_SPACE;
  struct map_way way;
  const struct map_cursor cursor = map_first_fit(m, request, &way);
  if (cursor.found) {
    status = MEM_ALLOC_NO_MEMORY;
    if (map_carve_out(m, &way, cursor.last, cursor.place, cursor.place + request.span, FIT_ALLOCATED)) {
      pool_report(m, address, cursor.place);
      status = MEM_ALLOC_OK;
    }
  }
  return status;
}

/* Allocate size addresses, which are of that order, at a multiple of 2^align. */
static int mem_alloc_get_order(struct mem_alloc *m, uint64_t *address, uint64_t size, uint8_t order,
                                      uint8_t align)
{
  int status = MEM_ALLOC_NO_SPACE;
  if (map_exists(m)) {
    status = mem_alloc_get_request(m, address, fit_needs(size, order, align));
  }
  return status;
}

int mem_alloc_get(struct mem_alloc *m, uint64_t *address, uint64_t size)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && address != NULL && size > 0u) {
    const uint8_t order = bits_floor_log2(size);
    uint8_t align = order;
    /* Most sizes are powers of two; for these that was all. */
    if (size != (uint64_t)1 << order) {
      align = bits_low_order(size);
    }
    status = mem_alloc_get_order(m, address, size, order, align);
  }
  return status;
}

int mem_alloc_get_aligned(struct mem_alloc *m, uint64_t *address, uint64_t size, uint64_t alignment)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && address != NULL && size > 0u && alignment > 0u) {
    const uint8_t align = bits_floor_log2(alignment);
    if (alignment == (uint64_t)1 << align) {
      status = mem_alloc_get_order(m, address, size, bits_floor_log2(size), align);
    }
  }
  return status;
}

int mem_alloc_put(struct mem_alloc *m, uint64_t address)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m)) {
      struct map_way way;
      const struct map_cursor cursor = map_find(m, address, &way);
      if (cursor.start == address && cursor.tag == FIT_ALLOCATED) {
        map_paint(m, &way, cursor.last, cursor.leaf_last, FIT_FREE);
        status = MEM_ALLOC_OK;
      }
    }
  }
  return status;
}
