/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

/* Make the tag and the bin of child slot of p exact. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p];
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[p].v[slot], mirror_bin[p].v[slot],
      node_most[mirror_child[p].v[slot]], node_longest[mirror_child[p].v[slot]];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
*/
static void map_refresh_child(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  const uint32_t x = pool_child(m, p, slot);
  pool_set_tag(m, p, slot, pool_top_tag(m, x));
  pool_set_bin(m, p, slot, pool_top_bin(m, x));
}

bool map_create(struct mem_alloc *m)
{
  const bool done = pool_reserve(m, 1);
  if (done) {
    const uint32_t x = pool_take(m, 0);
    pool_insert(m, x, 0, 0, FIT_ABSENT, 0, 0);
    pool_set_root(m, x);
  }
  return done;
}

/* Has node x no room for what an insertion below may bring? */
static bool map_is_full(const struct mem_alloc *m, uint32_t x)
{
  uint32_t need = 1;
  if (pool_level(m, x) == 0) {
    need = MAP_CARVE_ENTRIES;
  }
  return pool_count(m, x) + need > MEM_ALLOC_FAN_OUT;
}

/*
 * How many entries of the full node x, which ends at last, stay in it when it is split for an insertion at
 * address. At the end of the space all below the insertion stay, because what fills from below to the top
 * leaves full nodes behind then.
 */
static uint32_t map_cut(const struct mem_alloc *m, uint32_t x, uint64_t last, uint64_t address)
{
  const uint32_t count = pool_count(m, x);
  const uint32_t slot = pool_rank(m, x, address) - 1u;
  uint32_t cut = count / 2u;
  if (last == UINT64_MAX && slot + 2u >= count && slot > 0u) {
    cut = slot;
  }
  return cut;
}

/* Split child slot of p, which has room for one more child: `cut` entries stay. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires available: mirror_live < mirror_capacity;
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p] < MEM_ALLOC_FAN_OUT;
    requires cut: 1 <= cut < mirror_count[mirror_child[p].v[slot]];
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live == \old(mirror_live) + 1;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p) && mirror_count[p] == \old(mirror_count[p]) + 1;
    ensures left: mirror_count[mirror_child[p].v[slot]] == cut &&
      mirror_key[p].v[slot] == \old(mirror_key[p].v[slot]);
    ensures right: mirror_count[mirror_child[p].v[slot + 1]] == \old(mirror_count[mirror_child[p].v[slot]]) - cut;
    ensures end: slot + 2 < mirror_count[p] ==> mirror_key[p].v[slot + 2] == \old(mirror_key[p].v[slot + 1]);
*/
static void map_split_child(struct mem_alloc *m, uint32_t p, uint32_t slot, uint32_t cut)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  //@ assert kid: kid_in(b, p, slot, x);
  //@ assert next: 1 <= pool_next <= mirror_capacity && b.in[pool_next] == 0;
  const uint32_t z = pool_take(m, pool_level(m, x));
  //@ ghost lemma_split_facts(b, p, slot, x, z, cut);
  pool_move(m, x, cut, z);
  pool_insert(m, p, slot + 1u, pool_key(m, z, 0), pool_tag(m, p, slot), pool_bin(m, p, slot), z);
  //@ ghost split_note(b, p, slot, x, z, cut);
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/* Put a new root above the old one. */
static void map_grow_root(struct mem_alloc *m)
{
  const uint32_t x = pool_root(m);
  const uint32_t r = pool_take(m, (int8_t)(pool_level(m, x) + 1));
  pool_insert(m, r, 0, 0, pool_top_tag(m, x), pool_top_bin(m, x), x);
  pool_set_root(m, r);
}

/* Split child slot of p if it is full; p ends at last. */
static void map_open_child(struct mem_alloc *m, uint32_t p, uint32_t slot, uint64_t last, uint64_t address)
{
  const uint32_t x = pool_child(m, p, slot);
  if (map_is_full(m, x)) {
    const uint64_t child_last = map_slot_last(m, p, slot, last);
    map_split_child(m, p, slot, map_cut(m, x, child_last, address));
  }
}

/* Split every full node on the way to address. The nodes for it are available. */
static void map_open_way(struct mem_alloc *m, uint64_t address)
{
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  while (pool_level(m, x) > 0) {
    uint32_t slot = pool_rank(m, x, address) - 1u;
    map_open_child(m, x, slot, last, address);
    slot = pool_rank(m, x, address) - 1u;
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
  }
}

bool map_make_room(struct mem_alloc *m, uint64_t address)
{
  const int8_t top = pool_level(m, pool_root(m));
  bool done = top + 1 < MAP_LEVELS || !map_is_full(m, pool_root(m));
  if (done) {
    /* One for every level, and a new root. */
    done = pool_reserve(m, (uint32_t)top + 2u);
  }
  if (done) {
    if (map_is_full(m, pool_root(m))) {
      map_grow_root(m);
    }
    map_open_way(m, address);
  }
  return done;
}

/* Move all of child slot + 1 of p into child slot. They fit. */
static void map_merge_children(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  if (pool_tag(m, p, slot) < pool_tag(m, p, slot + 1u)) {
    pool_set_tag(m, p, slot, pool_tag(m, p, slot + 1u));
  }
  if (pool_bin(m, p, slot) < pool_bin(m, p, slot + 1u)) {
    pool_set_bin(m, p, slot, pool_bin(m, p, slot + 1u));
  }
  pool_move(m, z, 0, x);
  pool_erase(m, p, slot + 1u);
  pool_give(m, z);
}

/* Do children slot and slot + 1 of p fit into one node? */
static bool map_can_merge(const struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  return pool_count(m, pool_child(m, p, slot)) + pool_count(m, pool_child(m, p, slot + 1u)) <=
         MEM_ALLOC_FAN_OUT;
}

/* While the root has a single child, make that the root. */
static void map_shrink_root(struct mem_alloc *m)
{
  while (pool_level(m, pool_root(m)) > 0 && pool_count(m, pool_root(m)) == 1u) {
    const uint32_t r = pool_root(m);
    pool_set_root(m, pool_child(m, r, 0));
    pool_give(m, r);
  }
}

/* Merge child slot of p with a neighbour if both fit into one node. */
static bool map_merge_around(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  bool merged = false;
  if (slot > 0u && map_can_merge(m, p, slot - 1u)) {
    map_merge_children(m, p, slot - 1u);
    merged = true;
  } else if (slot + 1u < pool_count(m, p) && map_can_merge(m, p, slot)) {
    map_merge_children(m, p, slot);
    merged = true;
  } else {
    /* Nothing fits: leave all as it is. */
  }
  return merged;
}

void map_compact(struct mem_alloc *m, const struct map_way *way)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 1;
  bool merged = true;
  while (merged && level <= top) {
    merged = map_merge_around(m, map_way_node(way, level), map_way_slot(way, level));
    level++;
  }
  if (merged) {
    map_shrink_root(m);
  }
}

/* Move the last entry of child slot of p to the front of child slot + 1. */
static void map_borrow_left(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  const uint32_t end = pool_count(m, x) - 1u;
  const uint64_t key = pool_key(m, x, end);
  uint32_t below = 0;
  if (pool_level(m, x) > 0) {
    below = pool_child(m, x, end);
  }
  pool_insert(m, z, 0, key, pool_tag(m, x, end), pool_bin(m, x, end), below);
  pool_erase(m, x, end);
  pool_set_key(m, p, slot + 1u, key);
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/* Move the first entry of child slot + 1 of p to the end of child slot. */
static void map_borrow_right(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  uint32_t below = 0;
  if (pool_level(m, z) > 0) {
    below = pool_child(m, z, 0);
  }
  pool_insert(m, x, pool_count(m, x), pool_key(m, z, 0), pool_tag(m, z, 0), pool_bin(m, z, 0), below);
  pool_erase(m, z, 0);
  pool_set_key(m, p, slot + 1u, pool_key(m, z, 0));
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/* Give child slot of p, which has one entry, more: from a neighbour, or by merging. */
static void map_thicken_child(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  if (!map_merge_around(m, p, slot)) {
    if (slot > 0u) {
      map_borrow_left(m, p, slot - 1u);
    } else if (pool_count(m, p) > 1u) {
      map_borrow_right(m, p, slot);
    } else {
      /* An only child: there is nothing to take from. */
    }
  }
}

void map_thicken(struct mem_alloc *m, uint64_t address)
{
  uint32_t x = pool_root(m);
  while (pool_level(m, x) > 0) {
    uint32_t slot = pool_rank(m, x, address) - 1u;
    if (pool_count(m, pool_child(m, x, slot)) == 1u) {
      map_thicken_child(m, x, slot);
      slot = pool_rank(m, x, address) - 1u;
    }
    x = pool_child(m, x, slot);
  }
  map_shrink_root(m);
}
