/* SPDX-License-Identifier: BSD-3-Clause */
#define MEM_ALLOC_MODEL_DEFINED
#include "opae/mem_alloc.h"

#include <stddef.h>

#include "bits.h"
#include "map.h"
#include "opae/mem_alloc_ext.h"
#include "pool.h"
#include "../proofs/reserve.h"

void mem_alloc_init(struct mem_alloc *m)
{
  if (m != NULL) {
    pool_init(m);
    //@ ghost space_empty(m);
    //@ ghost keep_lives(m, tree);
  }
}

int mem_alloc_init_static(struct mem_alloc *m, struct mem_alloc_node *storage, uint32_t count)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && storage != NULL && count > 0u) {
    pool_init_static(m, storage, count);
    //@ ghost space_empty(m);
    //@ ghost keep_lives(m, tree);
    status = MEM_ALLOC_OK;
  }
  return status;
}

void mem_alloc_destroy(struct mem_alloc *m)
{
  if (m != NULL) {
    pool_release(m);
    //@ ghost space_empty(m);
    //@ ghost keep_lives(m, tree);
  }
}

int mem_alloc_reserve(struct mem_alloc *m, uint64_t runs)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL) {
    status = MEM_ALLOC_NO_MEMORY;
    /* Above that the bound itself is above 2^32 - 1 nodes, or would wrap. */
    if (runs <= (uint64_t)UINT32_MAX * 5u) {
      //@ ghost struct tree_state b = tree;
      if (pool_reserve_total(m, MEM_ALLOC_NODES_FOR(runs))) {
        status = MEM_ALLOC_OK;
      }
      //@ assert codes: same_codes(tree, b);
      //@ assert lasts: same_lasts(tree, b);
      //@ assert homes: same_homes(tree, b);
      //@ ghost lemma_space_kept(b);
      //@ ghost if (b.object.root != 0) reserve_note(b, MAP_LEVELS);
      //@ assert none: b.object.root == 0 ==> no_tree_in(tree) && no_stray;
      //@ assert tree: b.object.root != 0 ==> tree_ok(MAP_LEVELS) && no_stray;
      //@ assert map: all_homes && all_joined && tags_exact;
      //@ ghost keep_lives(m, tree);
    }
  }
  return status;
}

/* Turn [first, last] from ABSENT to FREE. There is a tree. */
/*@ requires glue: glue(m);
    requires pool: pool_ok && no_stray;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires joined: all_joined;
    requires range: first <= last;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m);
    ensures glue: glue(m);
    ensures pool: pool_ok && no_stray;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures joined: all_joined;
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_OVERLAP || \result == MEM_ALLOC_NO_MEMORY;
    ensures overlap: \result == MEM_ALLOC_OVERLAP <==> !unmanaged_in(\old(tree), first, last);
    ensures added: \result == MEM_ALLOC_OK ==> range_in(tree, first, last, FIT_FREE);
    ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), first, last);
    ensures memory: \result == MEM_ALLOC_NO_MEMORY ==> short_of_nodes(tree, storage_got);
    ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
    ensures stay: \old(map_stays(tree)) ==>
      m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures fixed: mirror_fixed == \old(mirror_fixed);
*/
static int mem_alloc_add_range(struct mem_alloc *m, uint64_t first, uint64_t last)
{
  int status = MEM_ALLOC_OVERLAP;
  struct map_way way;
  //@ ghost struct tree_state b = tree;
  struct map_cursor cursor = map_find(m, first, &way);
  //@ ghost uint64_t start = cursor.start;
  //@ ghost uint64_t end = cursor.last;
  //@ ghost lemma_space_next(b, start, end);
  if (cursor.tag == FIT_ABSENT && last <= cursor.last) {
    //@ assert absent: unmanaged_in(b, first, last);
    status = MEM_ALLOC_NO_MEMORY;
    if (map_carve_out(m, &way, cursor.last, first, last, FIT_ABSENT)) {
      //@ ghost struct tree_state c = tree;
      //@ assert carved: carved(c, b, start, end, first, last, FIT_ABSENT);
      cursor = map_find(m, first, &way);
      //@ assert run: cursor_run(cursor, &way);
      //@ assert leaf: cursor.leaf_last == node_hi[way.node[0]];
      //@ assert part: cursor.last == slot_last(way.node[0], way.slot[0], node_hi[way.node[0]]);
      //@ assert start: cursor.start == first;
      //@ assert end: cursor.last == last;
      map_paint(m, &way, cursor.last, cursor.leaf_last, FIT_FREE);
      //@ ghost space_added(b, c, start, end, first, last);
      status = MEM_ALLOC_OK;
    } else {
      //@ ghost lemma_space_kept(b);
      /* Nothing has changed. */
    }
  } else {
    //@ assert managed: state_in(b, cursor.tag == FIT_ABSENT ? end + 1 : first) != FIT_ABSENT;
    //@ ghost lemma_space_kept(b);
    /* Something is there already. */
  }
  return status;
}

int mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size)
{
  int status = MEM_ALLOC_INVALID;
  /* address + size <= 2^64, without wrapping: both sides less one. */
  if (m != NULL && size > 0u && size - 1u <= UINT64_MAX - address) {
    //@ ghost struct tree_state b = tree;
    bool exists = map_exists(m);
    status = MEM_ALLOC_NO_MEMORY;
    if (!exists) {
      exists = map_create(m);
    }
    //@ assert codes: same_codes(tree, b);
    //@ assert lasts: same_lasts(tree, b);
    //@ assert homes: same_homes(tree, b);
    //@ ghost lemma_space_kept(b);
    //@ assert none: !exists ==> no_tree_in(tree) && no_stray && pool_ok;
    //@ assert tree: exists ==> tree_ok(MAP_LEVELS) && no_stray && pool_ok;
    //@ assert map: all_homes && all_joined && tags_exact;
    if (exists) {
      //@ ghost struct tree_state c = tree;
      status = mem_alloc_add_range(m, address, address + (size - 1u));
      //@ ghost space_then(b, c, address, (uint64_t)(address + (size - 1)));
      //@ assert root: mirror_root != 0;
      //@ assert body: body_ok(MAP_LEVELS);
    } else {
      //@ assert body: body_ok(MAP_LEVELS);
      /* As it was. */
    }
    //@ ghost keep_lives(m, tree);
  }
  return status;
}

/* Allocate the lowest place that the request, for a block of size addresses, fits in. There is a tree. */
/*@ requires glue: glue(m);
    requires pool: pool_ok && no_stray;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires joined: all_joined;
    requires request: request_ok(request) && request.span == size - 1;
    requires guest: address != \null && address == tree.guest;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m), *address;
    ensures glue: glue(m);
    ensures guest: address == tree.guest;
    ensures pool: pool_ok && no_stray;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures joined: all_joined;
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_SPACE ||
      \result == MEM_ALLOC_NO_MEMORY;
    ensures full: \result == MEM_ALLOC_NO_SPACE ==>
      \forall integer p; !place_at(\old(tree), p, size, request.align);
    ensures space: \result != MEM_ALLOC_NO_SPACE ==>
      \exists integer p; place_at(\old(tree), p, size, request.align);
    ensures place: \result == MEM_ALLOC_OK ==> place_at(\old(tree), *address, size, request.align);
    ensures lowest: \result == MEM_ALLOC_OK ==>
      \forall integer p; place_at(\old(tree), p, size, request.align) ==> *address <= p;
    ensures block: \result == MEM_ALLOC_OK ==> block_in(tree, *address, *address + size - 1);
    ensures given: \result == MEM_ALLOC_OK ==> range_in(tree, *address, *address + size - 1, FIT_ALLOCATED);
    ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), *address, *address + size - 1);
    ensures blocks: \result == MEM_ALLOC_OK ==> one_more(tree, \old(tree), *address, *address + size - 1);
    ensures memory: \result == MEM_ALLOC_NO_MEMORY ==> short_of_nodes(tree, storage_got);
    ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
    ensures unwritten: \result != MEM_ALLOC_OK ==> *address == \old(*address);
    ensures fixed: mirror_fixed == \old(mirror_fixed);
    ensures stay: mirror_fixed != 0 ==> m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
static int mem_alloc_get_request(struct mem_alloc *m, uint64_t *address, struct fit_request request)
    /*@ ghost (uint64_t size) */
{
  int status = MEM_ALLOC_NO_SPACE;
  struct map_way way;
  //@ ghost struct tree_state b = tree;
  const struct map_cursor cursor = map_first_fit(m, request, &way);
  //@ ghost space_place(b, request, size);
  if (cursor.found) {
    //@ ghost space_lowest(b, request, size, cursor.start, cursor.last, cursor.place);
    status = MEM_ALLOC_NO_MEMORY;
    //@ ghost keep_apart(m);
    if (map_carve_out(m, &way, cursor.last, cursor.place, cursor.place + request.span, FIT_ALLOCATED)) {
      //@ ghost space_given(b, cursor.start, cursor.last, cursor.place, cursor.place + request.span);
      pool_report(m, address, cursor.place);
      status = MEM_ALLOC_OK;
    } else {
      //@ ghost keep_apart(m);
      //@ ghost lemma_space_kept(b);
      /* Nothing has changed. */
    }
  } else {
    //@ ghost lemma_space_kept(b);
    /* Nothing fits. */
  }
  return status;
}

/* Allocate size addresses, which are of that order, at a multiple of 2^align. */
/*@ requires ready: mem_alloc_ok_in(m, tree);
    requires address: \valid(address) && \separated(address, m) &&
      \separated(address, m->nodes + (0 .. m->capacity - 1));
    requires order: order <= 63 && (1 << order) <= size < 2 * (1 << order);
    requires align: align <= 63;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m), *address;
    ensures ready: mem_alloc_ok_in(m, tree);
    ensures apart: \separated(address, m->nodes + (0 .. m->capacity - 1));
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_SPACE ||
      \result == MEM_ALLOC_NO_MEMORY;
    ensures full: \result == MEM_ALLOC_NO_SPACE ==> \forall integer p; !place_at(\old(tree), p, size, align);
    ensures space: \result != MEM_ALLOC_NO_SPACE ==> \exists integer p; place_at(\old(tree), p, size, align);
    ensures place: \result == MEM_ALLOC_OK ==> place_at(\old(tree), *address, size, align);
    ensures lowest: \result == MEM_ALLOC_OK ==>
      \forall integer p; place_at(\old(tree), p, size, align) ==> *address <= p;
    ensures block: \result == MEM_ALLOC_OK ==> block_in(tree, *address, *address + size - 1);
    ensures given: \result == MEM_ALLOC_OK ==> range_in(tree, *address, *address + size - 1, FIT_ALLOCATED);
    ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), *address, *address + size - 1);
    ensures blocks: \result == MEM_ALLOC_OK ==> one_more(tree, \old(tree), *address, *address + size - 1);
    ensures memory: \result == MEM_ALLOC_NO_MEMORY ==> short_of_nodes(tree, storage_got);
    ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
    ensures unwritten: \result != MEM_ALLOC_OK ==> *address == \old(*address);
    ensures fixed: mirror_fixed == \old(mirror_fixed);
    ensures stay: mirror_fixed != 0 ==> m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
static int mem_alloc_get_order(struct mem_alloc *m, uint64_t *address, uint64_t size, uint8_t order,
                               uint8_t align)
{
  int status = MEM_ALLOC_NO_SPACE;
  //@ ghost struct tree_state b = tree;
  //@ ghost space_guest(m, MAP_LEVELS, address);
  //@ ghost lemma_space_kept(b);
  //@ ghost struct tree_state c = tree;
  if (map_exists(m)) {
    status = mem_alloc_get_request(m, address, fit_needs(size, order, align)) /*@ ghost (size) */;
    //@ assert full: status == MEM_ALLOC_NO_SPACE ==> \forall integer p; !place_at(c, p, size, align);
  } else {
    //@ ghost space_none(c);
    //@ assert none: \forall integer p; !place_at(c, p, size, align);
    /* Nothing is managed. */
  }
  //@ assert full: status == MEM_ALLOC_NO_SPACE ==> \forall integer p; !place_at(c, p, size, align);
  //@ ghost struct tree_state d = tree;
  //@ ghost keep_apart(m);
  //@ ghost keep_storage(m);
  //@ ghost space_guest(m, MAP_LEVELS, (uint64_t *)0);
  //@ ghost lemma_space_kept(d);
  //@ ghost space_through(b, c, d);
  //@ ghost keep_lives(m, tree);
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
    } else {
      //@ ghost lemma_odd(1, order);
      /* aligned to itself */
    }
    //@ ghost space_natural(size, align);
    status = mem_alloc_get_order(m, address, size, order, align);
  }
  return status;
}

int mem_alloc_get_aligned(struct mem_alloc *m, uint64_t *address, uint64_t size, uint64_t alignment)
{
  int status = MEM_ALLOC_INVALID;
  //@ ghost lemma_power_positive(alignment);
  if (m != NULL && address != NULL && size > 0u && alignment > 0u) {
    const uint8_t align = bits_floor_log2(alignment);
    //@ ghost lemma_unique(alignment, align);
    //@ ghost lemma_power_range(align);
    //@ assert power: \forall integer k; 0 <= k <= 63 && alignment == (1 << k) ==> k == align;
    if (alignment == (uint64_t)1 << align) {
      status = mem_alloc_get_order(m, address, size, bits_floor_log2(size), align);
    } else {
      //@ assert not_power: \forall integer k; 0 <= k <= 63 ==> alignment != (1 << k);
      /* No power of two. */
    }
  }
  return status;
}

/* Free the live block that starts at address. There is a tree. */
/*@ requires glue: glue(m);
    requires pool: pool_ok && no_stray;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires joined: all_joined;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_WRITES(m);
    ensures glue: glue(m);
    ensures pool: pool_ok && no_stray;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures joined: all_joined;
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NOT_FOUND;
    ensures none: \result == MEM_ALLOC_NOT_FOUND ==>
      \forall integer last; !block_in(\old(tree), address, last);
    ensures unchanged: \result == MEM_ALLOC_NOT_FOUND ==> same_space(tree, \old(tree));
    ensures block: \result == MEM_ALLOC_OK ==>
      block_in(\old(tree), address, run_last_in(\old(tree), address));
    ensures freed: \result == MEM_ALLOC_OK ==>
      range_in(tree, address, run_last_in(\old(tree), address), FIT_FREE);
    ensures others: \result == MEM_ALLOC_OK ==>
      same_but(tree, \old(tree), address, run_last_in(\old(tree), address));
    ensures blocks: \result == MEM_ALLOC_OK ==>
      one_more(\old(tree), tree, address, run_last_in(\old(tree), address));
    ensures fixed: mirror_fixed == \old(mirror_fixed);
*/
static int mem_alloc_put_block(struct mem_alloc *m, uint64_t address)
{
  int status = MEM_ALLOC_NOT_FOUND;
  struct map_way way;
  //@ ghost struct tree_state b = tree;
  const struct map_cursor cursor = map_find(m, address, &way);
  //@ ghost lemma_space_next(b, cursor.start, cursor.last);
  if (cursor.start == address && cursor.tag == FIT_ALLOCATED) {
    //@ assert block: block_in(b, address, cursor.last);
    map_paint(m, &way, cursor.last, cursor.leaf_last, FIT_FREE);
    //@ ghost space_freed(b, address, cursor.last);
    status = MEM_ALLOC_OK;
  } else {
    //@ assert none: run_code_in(b, address) != FIT_ALLOCATED + 1;
    //@ ghost lemma_space_kept(b);
    /* No live block starts there. */
  }
  return status;
}

int mem_alloc_put(struct mem_alloc *m, uint64_t address)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m)) {
      status = mem_alloc_put_block(m, address);
    } else {
      //@ ghost space_none(tree);
      /* No block is live. */
    }
    //@ ghost keep_lives(m, tree);
  }
  return status;
}
