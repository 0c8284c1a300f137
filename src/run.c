/* SPDX-License-Identifier: BSD-3-Clause */
#include "run.h"

#include "../proofs/reserve.h"

struct map_cursor run_at(const struct mem_alloc *m, uint64_t address)
{
  struct map_cursor cursor;
  if (map_exists(m)) {
    struct map_way way;
    cursor = map_find(m, address, &way);
  } else {
    cursor.start = 0;
    cursor.last = UINT64_MAX;
    cursor.leaf_last = UINT64_MAX;
    cursor.place = 0;
    cursor.tag = FIT_ABSENT;
    cursor.found = true;
  }
  return cursor;
}

void run_paint(struct mem_alloc *m, uint64_t address, uint8_t state)
{
  struct map_way way;
  const struct map_cursor cursor = map_find(m, address, &way);
  //@ assert home: home(address) == cursor.start && end_in(tree, address) == cursor.last;
  map_paint(m, &way, cursor.last, cursor.leaf_last, state);
}

bool run_cut(struct mem_alloc *m, uint64_t address)
{
  //@ ghost keep_storage(m);
  bool done = pool_is_fixed(m) || pool_available(m) >= (uint32_t)pool_level(m, pool_root(m)) + 2u;
  if (done) {
    struct map_way way;
    const struct map_cursor cursor = map_find(m, address, &way);
    //@ assert home: home(address) == cursor.start && end_in(tree, address) == cursor.last;
    //@ assert stays: map_stays(tree);
    done = map_carve_out(m, &way, cursor.last, address, cursor.last, FIT_FREE);
    //@ ghost keep_storage(m);
  }
  return done;
}

bool run_reserve(struct mem_alloc *m, uint32_t count)
{
  //@ ghost struct tree_state b = tree;
  const bool done = pool_reserve(m, count);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ assert homes: same_homes(tree, b);
  //@ ghost lemma_space_kept(b);
  //@ ghost reserve_note(b, MAP_LEVELS);
  //@ ghost keep_storage(m);
  return done;
}
