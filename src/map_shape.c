/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"
#include "../proofs/borrow.h"
#include "../proofs/grow.h"
#include "../proofs/keep.h"
#include "../proofs/reserve.h"
#include "../proofs/split.h"
#include "../proofs/summary.h"

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
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  //@ assert entry: entry_in(b, p, slot, x);
  pool_set_tag(m, p, slot, pool_top_tag(m, x));
  //@ ghost summary_note_tag(m, b, MAP_LEVELS, p, slot, x);
  //@ ghost struct tree_state between = tree;
  pool_set_bin(m, p, slot, pool_top_bin(m, x));
  //@ ghost summary_note_bin(m, between, MAP_LEVELS, p, slot, x);
}

/*
 * Get memory for the first node; from malloc, also for what the first insertion can need: another and a new
 * root.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures enough: \result ==> mirror_capacity - mirror_live >= 1;
    ensures next: \result ==> mirror_fixed != 0 || mirror_capacity - mirror_live >= 3;
    ensures more: mirror_capacity >= \old(mirror_capacity);
    ensures kept: !\result ==> mirror_capacity == \old(mirror_capacity) && m->nodes == \old(m->nodes) &&
      mirror_nodes == \old(mirror_nodes) && pool_held == \old(pool_held);
    ensures refused: !\result ==> mirror_capacity - mirror_live < (mirror_fixed != 0 ? 1 : 3) &&
      (mirror_fixed != 0 || mirror_live + 3 > UINT32_MAX || storage_got == \null);
    ensures stay: mirror_fixed != 0 ==> m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
static bool map_reserve_first(struct mem_alloc *m)
{
  uint32_t count = 1;
  if (!pool_is_fixed(m)) {
    count = 3;
  }
  return pool_reserve(m, count);
}

bool map_create(struct mem_alloc *m)
{
  //@ ghost struct tree_state before = tree;
  const bool done = map_reserve_first(m);
  //@ assert codes: same_codes(tree, before);
  //@ assert lasts: same_lasts(tree, before);
  //@ assert none: no_tree_in(tree);
  if (done) {
    //@ ghost struct tree_state b = tree;
    const uint32_t x = pool_take(m, 0);
    pool_insert(m, x, 0, 0, FIT_ABSENT, 0, 0);
    //@ ghost struct tree_state pool = tree;
    pool_set_root(m, x);
    //@ ghost struct tree_state rows = tree;
    //@ ghost plant_note(b, MAP_LEVELS, x);
    //@ ghost keep_glue(m, rows);
    //@ ghost keep_pool(pool);
  }
  return done;
}

/* Has node x no room for what an insertion below may bring? */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> !has_room(tree, x);
*/
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
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(x) && node_lo[x] <= address <= node_hi[x];
    requires full: !has_room(tree, x);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures cut: 1 <= \result < mirror_count[x];
    ensures left: mirror_key[x].v[\result] > address ==> \result + MAP_CARVE_ENTRIES <= MEM_ALLOC_FAN_OUT;
    ensures right: mirror_count[x] - \result + MAP_CARVE_ENTRIES <= MEM_ALLOC_FAN_OUT;
    ensures half: last < UINT64_MAX ==> \result == mirror_count[x] / 2;
    ensures more: \result >= mirror_count[x] / 2;
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
    ensures middle: mirror_key[p].v[slot + 1] == \old(mirror_key[mirror_child[p].v[slot]].v[cut]);
    ensures right: mirror_count[mirror_child[p].v[slot + 1]] == \old(mirror_count[mirror_child[p].v[slot]]) - cut;
    ensures end: slot + 2 < mirror_count[p] ==> mirror_key[p].v[slot + 2] == \old(mirror_key[p].v[slot + 1]);
*/
static void map_split_child(struct mem_alloc *m, uint32_t p, uint32_t slot, uint32_t cut)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  //@ assert kid: kid_in(b, p, slot, x);
  //@ assert next: 1 <= pool_next <= mirror_capacity && b.node.in[pool_next] != 1;
  const uint32_t z = pool_take(m, pool_level(m, x));
  //@ ghost lemma_split_facts(b, p, slot, x, z, cut);
  pool_move(m, x, cut, z);
  /*@ assert keys: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
    mirror_key[z].v[j] == b.rows.key[x].v[j + cut]; */
  /*@ assert tags: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
    mirror_tag[z].v[j] == b.rows.tag[x].v[j + cut]; */
  /*@ assert bins: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
    mirror_bin[z].v[j] == b.rows.bin[x].v[j + cut]; */
  /*@ assert children: b.rows.level[x] > 0 ==>
        \forall integer j; 0 <= j < b.rows.count[x] - cut ==> mirror_child[z].v[j] == b.rows.child[x].v[j + cut]; */
  //@ ghost struct tree_state moved = tree;
  pool_insert(m, p, slot + 1u, pool_key(m, z, 0), pool_tag(m, p, slot), pool_bin(m, p, slot), z);
  //@ assert away: z != p && z != x;
  /*@ assert row_z: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
        mirror_tag[z].v[j] == moved.rows.tag[z].v[j] && mirror_bin[z].v[j] == moved.rows.bin[z].v[j] &&
        mirror_child[z].v[j] == moved.rows.child[z].v[j]; */
  /*@ assert tags_z: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
        mirror_tag[z].v[j] == b.rows.tag[x].v[j + cut]; */
  /*@ assert bins_z: \forall integer j; 0 <= j < b.rows.count[x] - cut ==>
        mirror_bin[z].v[j] == b.rows.bin[x].v[j + cut]; */
  /*@ assert children_z: b.rows.level[x] > 0 ==>
        \forall integer j; 0 <= j < b.rows.count[x] - cut ==> mirror_child[z].v[j] == b.rows.child[x].v[j + cut]; */
  //@ ghost struct tree_state rows = tree;
  /*@ assert below: \forall integer j; 0 <= j <= slot ==>
        mirror_key[p].v[j] == b.rows.key[p].v[j] && mirror_child[p].v[j] == b.rows.child[p].v[j]; */
  /*@ assert above: \forall integer j; slot + 1 < j <= b.rows.count[p] ==>
        mirror_key[p].v[j] == b.rows.key[p].v[j - 1] && mirror_child[p].v[j] == b.rows.child[p].v[j - 1]; */
  //@ ghost split_note(b, MAP_LEVELS, p, slot, x, z, cut);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/* Put a new root above the old one. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires available: mirror_live < mirror_capacity;
    requires level: mirror_level[mirror_root] + 1 < MAP_LEVELS;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live == \old(mirror_live) + 1;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures root: mirror_level[mirror_root] == \old(mirror_level[mirror_root]) + 1 &&
      mirror_count[mirror_root] == 1;
*/
static void map_grow_root(struct mem_alloc *m)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_root(m);
  //@ assert next: 1 <= pool_next <= mirror_capacity && b.node.in[pool_next] != 1;
  const uint32_t r = pool_take(m, (int8_t)(pool_level(m, x) + 1));
  pool_insert(m, r, 0, 0, UINT8_MAX, FIT_BINS * 56, x);
  //@ ghost struct tree_state pool = tree;
  pool_set_root(m, r);
  //@ ghost struct tree_state rows = tree;
  //@ ghost grow_note(b, MAP_LEVELS, r, x);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(pool);
  map_refresh_child(m, r, 0);
}

/* No other child covers what the child at slot covers. */
/*@ ghost
/@ requires kids: kids(p) && sorted(p) && mirror_level[p] > 0 && slot < mirror_count[p];
 @ requires here: mirror_key[p].v[slot] <= address;
 @ requires next: slot + 1 < mirror_count[p] ==> address < mirror_key[p].v[slot + 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures here: \forall integer j; 0 <= j < mirror_count[p] && mirror_key[p].v[j] <= address &&
     address <= node_hi[mirror_child[p].v[j]] ==> j == slot; @/
static void lemma_child_here(uint32_t p, uint32_t slot, uint64_t address)
{
  /@ assert below: \forall integer j; 0 <= j < slot ==>
       node_hi[mirror_child[p].v[j]] == mirror_key[p].v[j + 1] - 1; @/
  /@ assert order: \forall integer j; 0 <= j < slot ==> mirror_key[p].v[j + 1] <= mirror_key[p].v[slot]; @/
  /@ assert above: \forall integer j; slot < j < mirror_count[p] ==> address < mirror_key[p].v[j]; @/
}
*/

/* Split child slot of p if it is full; p ends at last. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires available: mirror_live < mirror_capacity;
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p] < MEM_ALLOC_FAN_OUT;
    requires last: last == node_hi[p];
    requires here: mirror_key[p].v[slot] <= address <= slot_last(p, slot, last);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live <= \old(mirror_live) + 1;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p);
    ensures room: \forall integer j; 0 <= j < mirror_count[p] && mirror_key[p].v[j] <= address &&
      address <= node_hi[mirror_child[p].v[j]] ==> has_room(tree, mirror_child[p].v[j]);
*/
static void map_open_child(struct mem_alloc *m, uint32_t p, uint32_t slot, uint64_t last, uint64_t address)
{
  const uint32_t x = pool_child(m, p, slot);
  if (map_is_full(m, x)) {
    const uint64_t child_last = map_slot_last(m, p, slot, last);
    //@ assert child: child_last == node_hi[x];
    map_split_child(m, p, slot, map_cut(m, x, child_last, address));
    //@ ghost lemma_child_here(p, address < mirror_key[p].v[slot + 1] ? slot : slot + 1, address);
  } else {
    //@ ghost lemma_child_here(p, slot, address);
    /* There is room. */
  }
}

/* Split every full node on the way to address. The nodes for it are available. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires available: mirror_live + mirror_level[mirror_root] <= mirror_capacity;
    requires root: has_room(tree, mirror_root);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures room: leaf_room(tree, address);
*/
static void map_open_way(struct mem_alloc *m, uint64_t address)
{
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  /*@ loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant available: mirror_live + mirror_level[x] <= mirror_capacity;
      loop invariant node: node_is(x) && node_lo[x] <= address <= node_hi[x] && last == node_hi[x];
      loop invariant room: has_room(tree, x);
      loop invariant stray: \at(no_stray, Pre) ==> no_stray;
      loop assigns x, last, EDIT_TREE(m);
      loop variant mirror_level[x];
  */
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
    //@ ghost struct tree_state b = tree;
    done = pool_reserve(m, (uint32_t)top + 2u);
    //@ ghost reserve_note(b, MAP_LEVELS);
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
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot + 1 < mirror_count[p];
    requires fit: mirror_count[mirror_child[p].v[slot]] + mirror_count[mirror_child[p].v[slot + 1]] <=
      MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live == \old(mirror_live) - 1;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p) && mirror_count[p] == \old(mirror_count[p]) - 1;
    ensures child: mirror_child[p].v[slot] == \old(mirror_child[p].v[slot]);
    ensures joined: mirror_count[mirror_child[p].v[slot]] ==
      \old(mirror_count[mirror_child[p].v[slot]]) + \old(mirror_count[mirror_child[p].v[slot + 1]]);
    ensures start: mirror_key[p].v[slot] == \old(mirror_key[p].v[slot]);
    ensures end: slot + 1 < mirror_count[p] ==> mirror_key[p].v[slot + 1] == \old(mirror_key[p].v[slot + 2]);
    ensures above: all_above(tree, \old(tree), \old(mirror_level[p]));
*/
static void map_merge_children(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  //@ ghost lemma_pair_facts(b, MAP_LEVELS, p, slot, x, z);
  //@ assert three: p != x && p != z && x != z && b.rows.level[x] == b.rows.level[z];
  map_raise_slot(m, p, slot, pool_tag(m, p, slot + 1u), pool_bin(m, p, slot + 1u));
  //@ assert tops: merge_tops(b, tree, p, slot);
  //@ ghost struct tree_state raised = tree;
  pool_erase(m, p, slot + 1u);
  //@ ghost lemma_merge_rows_parent(b, raised, p, slot);
  //@ ghost struct tree_state erased = tree;
  pool_move(m, z, 0, x);
  //@ ghost lemma_merge_rows(erased, x, z);
  //@ ghost struct tree_state moved = tree;
  pool_give(m, z);
  //@ ghost lemma_merge_rows_stay(b, erased, moved, x, z);
  //@ ghost lemma_merge_parent_stays(b, erased, p, slot);
  //@ ghost struct tree_state rows = tree;
  //@ ghost merge_note(b, MAP_LEVELS, p, slot, x, z);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
}

/* Do children slot and slot + 1 of p fit into one node, once that many of their entries are gone? */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot + 1 < mirror_count[p];
    requires gone: gone <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> pair_fits(tree, p, slot, gone);
*/
static bool map_can_merge(const struct mem_alloc *m, uint32_t p, uint32_t slot, uint32_t gone)
{
  //@ assert left: kid(p, slot, mirror_child[p].v[slot]);
  //@ assert right: kid(p, slot + 1, mirror_child[p].v[slot + 1]);
  return pool_count(m, pool_child(m, p, slot)) + pool_count(m, pool_child(m, p, slot + 1u)) <=
         MEM_ALLOC_FAN_OUT + gone;
}

/* The root has a single child: make that the root. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires single: mirror_level[mirror_root] > 0 && mirror_count[mirror_root] == 1;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live == \old(mirror_live) - 1;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures from: all_from(tree, \old(tree));
    ensures level: mirror_level[mirror_root] == \old(mirror_level[mirror_root]) - 1;
*/
static void map_drop_root(struct mem_alloc *m)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t r = pool_root(m);
  const uint32_t c = pool_child(m, r, 0);
  pool_set_root(m, c);
  pool_give(m, r);
  //@ ghost struct tree_state rows = tree;
  //@ ghost shrink_note(b, MAP_LEVELS, r, c);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
}

/* While the root has a single child, make that the root. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures from: all_from(tree, \old(tree));
    ensures leaf: \old(mirror_level[mirror_root]) == 0 ==> mirror_root == \old(mirror_root);
    ensures root: mirror_level[mirror_root] == 0 || mirror_count[mirror_root] >= 2;
*/
static void map_shrink_root(struct mem_alloc *m)
{
  /*@ loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant live: mirror_live <= \at(mirror_live, Pre);
      loop invariant stray: \at(no_stray, Pre) ==> no_stray;
      loop invariant from: all_from(tree, \at(tree, Pre));
      loop invariant leaf: \at(mirror_level[mirror_root], Pre) == 0 ==> mirror_root == \at(mirror_root, Pre);
      loop assigns EDIT_TREE(m), m->root, mirror_root;
      loop variant mirror_level[mirror_root];
  */
  while (pool_level(m, pool_root(m)) > 0 && pool_count(m, pool_root(m)) == 1u) {
    map_drop_root(m);
  }
}

/* Merge child slot of p with a neighbour if both fit into one node. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p];
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p);
    ensures above: all_above(tree, \old(tree), \old(mirror_level[p]));
    ensures thick: \result ==>
      thick_at(tree, p, slot, \old(mirror_key[p].v[slot]), \old(node_hi[mirror_child[p].v[slot]])) ||
      thick_at(tree, p, slot - 1, \old(mirror_key[p].v[slot]), \old(node_hi[mirror_child[p].v[slot]]));
    ensures none: !\result ==> tree == \old(tree);
    ensures full: !\result ==>
      (slot > 0 ==>
        mirror_count[mirror_child[p].v[slot - 1]] + mirror_count[mirror_child[p].v[slot]] > MEM_ALLOC_FAN_OUT) &&
      (slot + 1 < mirror_count[p] ==>
        mirror_count[mirror_child[p].v[slot]] + mirror_count[mirror_child[p].v[slot + 1]] > MEM_ALLOC_FAN_OUT);
*/
static bool map_merge_around(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  bool merged = false;
  //@ ghost lemma_slot_facts(tree, MAP_LEVELS, p, slot);
  if (slot > 0u && map_can_merge(m, p, slot - 1u, 0)) {
    //@ ghost lemma_slot_facts(tree, MAP_LEVELS, p, slot - 1);
    map_merge_children(m, p, slot - 1u);
    merged = true;
  } else if (slot + 1u < pool_count(m, p) && map_can_merge(m, p, slot, 0)) {
    //@ ghost lemma_slot_facts(tree, MAP_LEVELS, p, slot + 1);
    map_merge_children(m, p, slot);
    merged = true;
  } else {
    /* Nothing fits: leave all as it is. */
  }
  return merged;
}

bool map_may_merge(const struct mem_alloc *m, const struct map_way *way)
{
  bool may = false;
  if (pool_level(m, pool_root(m)) > 0) {
    const uint32_t p = map_way_node(way, 1);
    const uint32_t slot = map_way_slot(way, 1);
    may = (slot > 0u && map_can_merge(m, p, slot - 1u, 2)) ||
          (slot + 1u < pool_count(m, p) && map_can_merge(m, p, slot, 2));
  }
  return may;
}

void map_compact(struct mem_alloc *m, const struct map_way *way)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 1;
  bool merged = true;
  /*@ loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant live: mirror_live <= \at(mirror_live, Pre);
      loop invariant stray: \at(no_stray, Pre) ==> no_stray;
      loop invariant range: 1 <= level <= top + 1;
      loop invariant top: mirror_level[mirror_root] == top;
      loop invariant root: top > 0 ==> way->node[top] == mirror_root;
      loop invariant nodes: \forall integer l; level <= l <= top ==>
        node_is(way->node[l]) && mirror_level[way->node[l]] == l;
      loop invariant slots: \forall integer l; level <= l <= top ==>
        0 <= way->slot[l] < mirror_count[way->node[l]];
      loop assigns level, merged, EDIT_TREE(m);
      loop variant top + 1 - level;
  */
  while (merged && level <= top) {
    merged = map_merge_around(m, map_way_node(way, level), map_way_slot(way, level));
    level++;
  }
  if (merged) {
    map_shrink_root(m);
  }
}

/* Let the entries of children slot and slot + 1 of p say of both what the larger one says. */
/*@ requires glue: glue(m);
    requires node: 1 <= p <= mirror_capacity && slot + 1 < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[p].v[slot], mirror_tag[p].v[slot + 1],
      mirror_bin[p].v[slot], mirror_bin[p].v[slot + 1];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures tops: borrow_tops(\old(tree), tree, p, slot);
*/
static void map_share_tops(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  map_raise_slot(m, p, slot, pool_tag(m, p, slot + 1u), pool_bin(m, p, slot + 1u));
  map_raise_slot(m, p, slot + 1u, pool_tag(m, p, slot), pool_bin(m, p, slot));
}

/* Move the last entry of child slot of p to the front of child slot + 1. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot + 1 < mirror_count[p];
    requires two: mirror_count[mirror_child[p].v[slot]] >= 2;
    requires room: mirror_count[mirror_child[p].v[slot + 1]] < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns EDIT_NODES(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p);
    ensures thick: thick_at(tree, p, slot + 1, \old(mirror_key[p].v[slot + 1]),
      \old(node_hi[mirror_child[p].v[slot + 1]]));
*/
static void map_borrow_left(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  //@ ghost lemma_pair_facts(b, MAP_LEVELS, p, slot, x, z);
  //@ ghost lemma_slot_facts(b, MAP_LEVELS, p, slot);
  //@ ghost lemma_slot_facts(b, MAP_LEVELS, p, slot + 1);
  //@ assert three: p != x && p != z && x != z && b.rows.level[x] == b.rows.level[z];
  const uint32_t end = pool_count(m, x) - 1u;
  const uint64_t key = pool_key(m, x, end);
  uint32_t below = 0;
  if (pool_level(m, x) > 0) {
    below = pool_child(m, x, end);
  }
  map_share_tops(m, p, slot);
  pool_set_key(m, p, slot + 1u, key);
  //@ assert pool: pool_ok;
  //@ ghost struct tree_state raised = tree;
  pool_insert(m, z, 0, key, pool_tag(m, x, end), pool_bin(m, x, end), below);
  //@ assert put: pool_ok;
  pool_erase(m, x, end);
  //@ assert moved: pool_ok;
  //@ ghost struct tree_state rows = tree;
  //@ ghost lemma_borrow_last(raised, x, z);
  //@ ghost lemma_borrow_rows_stay(b, raised, rows, x, z);
  //@ ghost lemma_borrow_rows_parent(b, p, slot, x, z);
  //@ ghost borrow_note(b, MAP_LEVELS, p, slot, x, z);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
  //@ assert noted: same_place(tree, b, p) && (no_stray_in(b) ==> no_stray);
  //@ assert thick: thick_at(tree, p, slot + 1, b.rows.key[p].v[slot + 1], b.node.hi[z]);
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/* Move the first entry of child slot + 1 of p to the end of child slot. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot + 1 < mirror_count[p];
    requires two: mirror_count[mirror_child[p].v[slot + 1]] >= 2;
    requires room: mirror_count[mirror_child[p].v[slot]] < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns EDIT_NODES(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p);
    ensures thick: thick_at(tree, p, slot, \old(mirror_key[p].v[slot]),
      \old(node_hi[mirror_child[p].v[slot]]));
*/
static void map_borrow_right(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  //@ ghost struct tree_state b = tree;
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t z = pool_child(m, p, slot + 1u);
  //@ ghost lemma_pair_facts(b, MAP_LEVELS, p, slot, x, z);
  //@ ghost lemma_slot_facts(b, MAP_LEVELS, p, slot);
  //@ ghost lemma_slot_facts(b, MAP_LEVELS, p, slot + 1);
  //@ assert three: p != x && p != z && x != z && b.rows.level[x] == b.rows.level[z];
  uint32_t below = 0;
  if (pool_level(m, z) > 0) {
    below = pool_child(m, z, 0);
  }
  map_share_tops(m, p, slot);
  pool_set_key(m, p, slot + 1u, pool_key(m, z, 1));
  //@ assert pool: pool_ok;
  //@ ghost struct tree_state raised = tree;
  pool_insert(m, x, pool_count(m, x), pool_key(m, z, 0), pool_tag(m, z, 0), pool_bin(m, z, 0), below);
  //@ assert put: pool_ok;
  pool_erase(m, z, 0);
  //@ assert moved: pool_ok;
  //@ ghost struct tree_state rows = tree;
  //@ ghost lemma_borrow_first(raised, x, z);
  //@ ghost lemma_borrow_rows_stay(b, raised, rows, x, z);
  //@ ghost lemma_borrow_rows_parent(b, p, slot, x, z);
  //@ ghost borrow_note(b, MAP_LEVELS, p, slot, x, z);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
  //@ assert noted: same_place(tree, b, p) && (no_stray_in(b) ==> no_stray);
  //@ assert thick: thick_at(tree, p, slot, b.rows.key[p].v[slot], b.node.hi[x]);
  map_refresh_child(m, p, slot);
  map_refresh_child(m, p, slot + 1u);
}

/*
 * Give child slot of p, which is thin, more entries: by merging, or from a neighbour. It is not an only
 * child.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p];
    requires two: mirror_count[p] >= 2;
    requires thin: thin_at(tree, p, slot);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures parent: same_place(tree, \old(tree), p);
    ensures thick:
      thick_at(tree, p, slot, \old(mirror_key[p].v[slot]), \old(node_hi[mirror_child[p].v[slot]])) ||
      thick_at(tree, p, slot - 1, \old(mirror_key[p].v[slot]), \old(node_hi[mirror_child[p].v[slot]]));
*/
static void map_thicken_child(struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  if (!map_merge_around(m, p, slot)) {
    /* Then it has a single entry, and a neighbour that does not fit beside that is full. */
    if (slot > 0u) {
      map_borrow_left(m, p, slot - 1u);
    } else {
      map_borrow_right(m, p, slot);
    }
  }
}

/*
 * Is child slot of p a node with a single entry, or an inner one that would have too few entries beside a
 * neighbour after losing one? It may lose one when a child of its own is thickened.
 */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(p) && mirror_level[p] > 0 && slot < mirror_count[p];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> thin_at(tree, p, slot);
*/
static bool map_is_thin(const struct mem_alloc *m, uint32_t p, uint32_t slot)
{
  //@ assert here: kid(p, slot, mirror_child[p].v[slot]);
  //@ assert left: slot > 0 ==> kid(p, slot - 1, mirror_child[p].v[slot - 1]);
  //@ assert right: slot + 1 < mirror_count[p] ==> kid(p, slot + 1, mirror_child[p].v[slot + 1]);
  const uint32_t x = pool_child(m, p, slot);
  const uint32_t count = pool_count(m, x);
  bool thin = count == 1u;
  if (pool_level(m, x) > 0 && slot > 0u) {
    thin = thin || pool_count(m, pool_child(m, p, slot - 1u)) + count <= MEM_ALLOC_FAN_OUT / 2u;
  }
  if (pool_level(m, x) > 0 && slot + 1u < pool_count(m, p)) {
    thin = thin || count + pool_count(m, pool_child(m, p, slot + 1u)) <= MEM_ALLOC_FAN_OUT / 2u;
  }
  return thin;
}

void map_thicken(struct mem_alloc *m, uint64_t address)
{
  uint32_t x;
  /* A root that is not a leaf has two children then, so that no node on the way is an only child. */
  map_shrink_root(m);
  x = pool_root(m);
  /*@ loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant live: mirror_live <= \at(mirror_live, Pre);
      loop invariant stray: \at(no_stray, Pre) ==> no_stray;
      loop invariant node: node_is(x) && node_lo[x] <= address <= node_hi[x];
      loop invariant thick: (mirror_level[x] == 0 && x == mirror_root) || mirror_count[x] >= 2;
      loop assigns x, EDIT_TREE(m);
      loop variant mirror_level[x];
  */
  while (pool_level(m, x) > 0) {
    uint32_t slot = pool_rank(m, x, address) - 1u;
    //@ ghost int8_t level = mirror_level[x];
    //@ ghost lemma_slot_facts(tree, MAP_LEVELS, x, slot);
    //@ ghost lemma_child_covers(tree, x, slot, address);
    if (map_is_thin(m, x, slot)) {
      //@ ghost uint32_t at = slot;
      //@ ghost uint64_t low = mirror_key[x].v[slot];
      //@ ghost uint64_t high = node_hi[mirror_child[x].v[slot]];
      map_thicken_child(m, x, slot);
      slot = pool_rank(m, x, address) - 1u;
      //@ ghost lemma_slot_facts(tree, MAP_LEVELS, x, slot);
      //@ ghost lemma_child_covers(tree, x, slot, address);
      //@ ghost lemma_thick_here(tree, x, at, low, high, slot, address);
    }
    //@ assert thick: mirror_count[mirror_child[x].v[slot]] >= 2;
    //@ assert level: mirror_level[mirror_child[x].v[slot]] == level - 1;
    //@ assert next: node_is(mirror_child[x].v[slot]);
    //@ assert next_covers: node_lo[mirror_child[x].v[slot]] <= address <= node_hi[mirror_child[x].v[slot]];
    x = pool_child(m, x, slot);
  }
  //@ ghost struct tree_state b = tree;
  map_shrink_root(m);
  //@ ghost lemma_thick_leaf(b, x, address);
}
