/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_MAP_H
#define MEM_ALLOC_MAP_H

/*
 * The runs as an augmented B+-tree. Every run is one leaf entry: key = first
 * address, tag = what it is (fit.h). The runs tile the whole space, so that a
 * run ends where the next one starts; the bin of a FREE run is its size class.
 * Inner entries have the first address, the node number, the largest tag and
 * the largest bin of a child.
 *
 * Each node covers a range of addresses that starts at its first key. Nodes
 * other than an inner root may have a single entry. Splits, merges of leaves
 * and borrowing leave two neighbouring children of one parent with at least
 * MEM_ALLOC_FAN_OUT / 2 entries together; where two inner nodes merge, their
 * outer children become neighbours and can have fewer. So the height is
 * bounded by MAP_LEVELS alone.
 *
 * Tags and bins of inner entries may be larger than what is below only
 * between the steps of one operation: never smaller, at any time. So raising
 * a summary comes before, and lowering it after, the edit it belongs to.
 */

#include <stdbool.h>
#include <stdint.h>

#include "fit.h"
#include "levels.h"
#include "opae/mem_alloc.h"
#include "pool.h"
#include "../proofs/edit.h"
#include "../proofs/glue.h"
#include "../proofs/grow.h"
#include "../proofs/summary.h"
#include "../proofs/runs.h"
#include "../proofs/space.h"

/* Entries that map_carve adds to a leaf at most. */
enum { MAP_CARVE_ENTRIES = 2 };

/* A run, as the functions below report it. A value: passed and returned as such. */
struct map_cursor {
  uint64_t start;     /* first address of the run */
  uint64_t last;      /* its last address */
  uint64_t leaf_last; /* last address of the leaf's range */
  uint64_t place;     /* map_first_fit: where the request fits */
  uint8_t tag;        /* what the run is */
  bool found;         /* map_first_fit: is there such a run? */
};

/*
 * The way to a run: node[l] and slot[l] for every level l up to the root's. It
 * is large, so it is passed by address. The elements have a type that nothing
 * else in memory has: in the proofs' memory model a type is a memory of its
 * own, so that writing a way cannot touch a node.
 */
struct map_way {
  int64_t node[MAP_LEVELS];
  int64_t slot[MAP_LEVELS];
};

/*@
  // the cursor is at the run at slot slot[0] of leaf node[0]
  predicate cursor_run{L}(struct map_cursor c, struct map_way *way) =
    node_is(way->node[0]) && mirror_level[way->node[0]] == 0 &&
      0 <= way->slot[0] < mirror_count[way->node[0]] &&
    c.leaf_last == node_hi[way->node[0]] && c.start == mirror_key[way->node[0]].v[way->slot[0]] &&
    c.last == slot_last(way->node[0], way->slot[0], c.leaf_last) &&
    c.tag == mirror_tag[way->node[0]].v[way->slot[0]];

  // a way from the root down to level `from`: it starts at the root,
  predicate way_top{L}(struct map_way *way, integer from) =
    from <= mirror_level[mirror_root] ==> way->node[mirror_level[mirror_root]] == mirror_root;
  // has a node of every level,
  predicate way_nodes{L}(struct map_way *way, integer from) =
    \forall integer l; from <= l <= mirror_level[mirror_root] ==>
      node_is(way->node[l]) && mirror_level[way->node[l]] == l;
  // a slot in it,
  predicate way_slots{L}(struct map_way *way, integer from) =
    \forall integer l; from <= l <= mirror_level[mirror_root] ==>
      0 <= way->slot[l] < mirror_count[way->node[l]];
  // and the child at that slot is the next node
  predicate way_links{L}(struct map_way *way, integer from) =
    \forall integer l; from < l <= mirror_level[mirror_root] ==>
      mirror_child[way->node[l]].v[way->slot[l]] == way->node[l - 1];
  predicate way_ok{L}(struct map_way *way, integer from) =
    way_top(way, from) && way_nodes(way, from) && way_slots(way, from) && way_links(way, from);

  // the request is one that can be asked for, and no run of a lower tag or bin can hold it
  predicate request_ok(struct fit_request r) =
    r.span < TREE_TOP && r.align <= 63 && FIT_FREE <= r.least &&
    (\forall integer b; b < r.bin ==> bin_most(b) < r.span + 1) &&
    \forall integer start, last, k; 0 <= start && largest_order(start, last, k) &&
      holds(start, last, r.span, r.align) ==> r.least <= FIT_FREE + k;
*/

/*@ requires way: \valid_read(way) && level < MAP_LEVELS && 0 <= way->node[level] <= UINT32_MAX;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == way->node[level];
*/
static inline uint32_t map_way_node(const struct map_way *way, uint32_t level)
{
  return (uint32_t)way->node[level];
}

/*@ requires way: \valid_read(way) && level < MAP_LEVELS && 0 <= way->slot[level] <= UINT32_MAX;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == way->slot[level];
*/
static inline uint32_t map_way_slot(const struct map_way *way, uint32_t level)
{
  return (uint32_t)way->slot[level];
}

/* ---- map_find.c: looking ---- */

/* Is there a tree? Without one, all is ABSENT. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> mirror_root != 0;
*/
bool map_exists(const struct mem_alloc *m);

/* The last address of the part of node x that starts at slot, if x ends at last. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(x) && slot < mirror_count[x];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == slot_last(x, slot, last);
*/
uint64_t map_slot_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last);

/* The run that holds address, and the way to it. There must be a tree. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires way: \valid(way);
    terminates \true;
    exits \false;
    assigns *way;
    ensures glue: glue(m);
    ensures run: cursor_run(\result, way);
    ensures way: way_ok(way, 0);
    ensures here: \result.start <= address <= \result.last;
    ensures start: run_code(\result.start) == \result.tag + 1;
    ensures last: run_last(\result.start) == \result.last;
    ensures alone: \forall integer k; \result.start < k <= \result.last ==> run_code(k) == 0;
    ensures found: \result.found;
*/
struct map_cursor map_find(const struct mem_alloc *m, uint64_t address, struct map_way *way);

/*
 * The lowest FREE run that can hold the request, and the lowest place in it; not found if there is none.
 * There must be a tree.
 */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires way: \valid(way);
    requires exact: tags_exact;
    requires request: request_ok(request);
    terminates \true;
    exits \false;
    assigns *way;
    ensures glue: glue(m);
    ensures none: !\result.found ==> \forall integer k; !run_fits(k, request);
    ensures free: \result.found ==> run_free(\result.start);
    ensures lowest_run: \result.found ==> \forall integer k; k < \result.start ==> !run_fits(k, request);
    ensures place: \result.found ==>
      place_in(\result.place, \result.start, \result.last, request.span, request.align);
    ensures lowest_place: \result.found ==> \forall integer p;
      place_in(p, \result.start, \result.last, request.span, request.align) ==> \result.place <= p;
    ensures run: \result.found ==> cursor_run(\result, way);
    ensures way: \result.found ==> way_ok(way, 0);
    ensures start: \result.found ==> run_code(\result.start) == \result.tag + 1;
    ensures last: \result.found ==> run_last(\result.start) == \result.last;
    ensures alone: \result.found ==> \forall integer k; \result.start < k <= \result.last ==>
      run_code(k) == 0;
*/
struct map_cursor map_first_fit(const struct mem_alloc *m, struct fit_request request, struct map_way *way);

/* ---- map_summary.c: tags and bins of inner entries ---- */

/* Let the entry at slot of p say at least that tag and that bin. */
/*@ requires glue: glue(m);
    requires node: 1 <= p <= mirror_capacity && slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[p].v[slot], mirror_bin[p].v[slot];
    ensures glue: glue(m);
    ensures pool: \old(pool_ok) ==> pool_ok;
    ensures tag: mirror_tag[p].v[slot] == (\old(mirror_tag[p].v[slot]) < tag ? tag :
      \old(mirror_tag[p].v[slot]));
    ensures bin: mirror_bin[p].v[slot] == (\old(mirror_bin[p].v[slot]) < bin ? bin :
      \old(mirror_bin[p].v[slot]));
*/
void map_raise_slot(struct mem_alloc *m, uint32_t p, uint32_t slot, uint8_t tag, int16_t bin);

/* Before a run of that mark appears in the way's leaf: raise what is above it. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    requires mark: 0 <= mark.bin <= FIT_BINS * 56;
    terminates \true;
    exits \false;
    assigns EDIT_SUMMARY(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures way: way_ok(way, 0);
    ensures leaves: same_leaves(tree, \old(tree));
    ensures raised: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
      mark.tag <= node_most[way->node[l]] && mark.bin <= node_longest[way->node[l]];
    ensures entries: entries_grown(tree, \old(tree));
    ensures bounds: bounds_grown(tree, \old(tree));
*/
void map_raise(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark);

/*@ // the way leads to a leaf, whatever the slot there
    predicate way_leaf{L}(struct map_way *way) =
      way_top(way, 0) && way_nodes(way, 0) && way_slots(way, 1) && way_links(way, 0);

    // what the entry above the way's node at level l says of it
    logic integer way_tag{L}(struct map_way *way, integer l) = mirror_tag[way->node[l + 1]].v[way->slot[l + 1]];
    logic integer way_bin{L}(struct map_way *way, integer l) = mirror_bin[way->node[l + 1]].v[way->slot[l + 1]];
    // is what the node has,
    predicate way_exact{L}(struct map_way *way, integer l) =
      top_tag_in(tree, way->node[l], way_tag(way, l)) && top_bin_in(tree, way->node[l], way_bin(way, l));
    // or more than the mark
    predicate way_above{L}(struct map_way *way, integer l, struct fit_mark mark) =
      mark.tag < way_tag(way, l) && mark.bin < way_bin(way, l);
    // was not lowered since L
    predicate way_kept_up{L, M}(struct map_way *way, integer l) =
      \at(way_tag(way, l), L) <= \at(way_tag(way, l), M) && \at(way_bin(way, l), L) <= \at(way_bin(way, l), M);
*/

/* After a run of that mark went from the way's leaf: make what is above it exact. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns EDIT_SUMMARY(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures way: way_leaf(way);
    ensures leaves: same_leaves(tree, \old(tree));
    // from the leaf up, as long as the entry below became smaller
    ensures lowered: \forall integer l; 0 <= l < mirror_level[mirror_root] ==>
      way_exact(way, l) || way_above(way, l, mark) || (0 < l && way_kept_up{Pre, Here}(way, l - 1));
*/
void map_lower(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark);

/* ---- map_shape.c: reshaping the tree; no run changes ---- */

/*@ // an insertion needs no other storage: it has enough, or cannot get any
    predicate map_stays(struct tree_state t) =
      t.object.fixed != 0 || t.object.capacity - t.object.live >= t.rows.level[t.object.root] + 2;
*/

/* Make a tree: the whole space is one ABSENT run. False, and nothing changed, if there is no memory. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires none: no_tree_in(tree) && no_stray;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m), EDIT_TREE(m), EDIT_NEW(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: \result ==> tree_ok(MAP_LEVELS);
    ensures stray: no_stray;
    ensures none: !\result ==> no_tree_in(tree);
    ensures refused: !\result ==> short_of_nodes(tree, storage_got);
    ensures next: \result ==> mirror_level[mirror_root] == 0 &&
      (mirror_fixed != 0 || mirror_capacity - mirror_live >= 2);
    ensures stay: mirror_fixed != 0 ==> m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool map_create(struct mem_alloc *m);

/*@ // a leaf has room for what an insertion may bring, an inner node for one entry
    predicate has_room(struct tree_state t, integer x) =
      t.rows.count[x] + (t.rows.level[x] == 0 ? MAP_CARVE_ENTRIES : 1) <= MEM_ALLOC_FAN_OUT;

    // the leaf that covers address has room
    predicate leaf_room(struct tree_state t, integer address) =
      \forall integer x; node_is_in(t, x) && t.rows.level[x] == 0 && t.node.lo[x] <= address <= t.node.hi[x] ==>
        has_room(t, x);
*/

/*
 * Make sure that the leaf that covers address has room for MAP_CARVE_ENTRIES more. False if there is no
 * memory or the tree cannot get higher; no run changes either way.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m), EDIT_TREE(m), EDIT_NEW(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures room: \result ==> leaf_room(tree, address);
    ensures refused: !\result ==> short_of_nodes(tree, storage_got);
    ensures stay: \old(map_stays(tree)) ==>
      m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool map_make_room(struct mem_alloc *m, uint64_t address);

/*@
  // Do children slot and slot + 1 of p fit into one node, once that many of their entries are gone?
  predicate pair_fits(struct tree_state t, integer p, integer slot, integer gone) =
    t.rows.count[t.rows.child[p].v[slot]] + t.rows.count[t.rows.child[p].v[slot + 1]] <= MEM_ALLOC_FAN_OUT + gone;
*/

/*
 * Could the way's leaf be merged with a neighbour once two of its entries are gone? Asked before they go: the
 * neighbours are seldom at hand, and so they are fetched while the leaf itself still is.
 */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires way: \valid_read(way) && way_ok(way, 0);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> mirror_level[mirror_root] > 0 &&
      ((way->slot[1] > 0 && pair_fits(tree, way->node[1], way->slot[1] - 1, 2)) ||
       (way->slot[1] + 1 < mirror_count[way->node[1]] && pair_fits(tree, way->node[1], way->slot[1], 2)));
*/
bool map_may_merge(const struct mem_alloc *m, const struct map_way *way);

/* After entries were erased from the way's leaf: merge neighbours that fit into one node. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires way: \valid_read(way) && way_ok(way, 1);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
*/
void map_compact(struct mem_alloc *m, const struct map_way *way);

/*
 * Make sure that the leaf that covers address has two entries, if the address is above the first run of all:
 * then the leaf can lose its first one. Thin nodes on the way are merged, or take an entry from a neighbour.
 */
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
    ensures thick: \forall integer x;
      node_is(x) && mirror_level[x] == 0 && node_lo[x] <= address <= node_hi[x] ==>
      mirror_count[x] >= 2 || x == mirror_root;
*/
void map_thicken(struct mem_alloc *m, uint64_t address);

/* ---- map_edit.c: changing runs ---- */

/* Where the way's run starts. */
#define WAY_START(way) mirror_key[way->node[0]].v[way->slot[0]]

/* Has the way's leaf room for map_carve of [first, last] out of its run, which ends at run_last? */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures room: \result <==>
      mirror_count[way->node[0]] + (WAY_START(way) < first ? 1 : 0) + (last < run_last ? 1 : 0) <=
      MEM_ALLOC_FAN_OUT;
*/
static inline bool map_has_room(const struct mem_alloc *m, const struct map_way *way, uint64_t run_last,
                                uint64_t first, uint64_t last)
{
  uint32_t need = 0;
  if (pool_key(m, map_way_node(way, 0), map_way_slot(way, 0)) < first) {
    need++;
  }
  if (last < run_last) {
    need++;
  }
  return pool_count(m, map_way_node(way, 0)) + need <= MEM_ALLOC_FAN_OUT;
}

/* The run that holds address, in a leaf with room for map_carve; not found if there is no memory. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid(way);
    terminates \true;
    exits \false;
    assigns *way, POOL_STORAGE(m), EDIT_TREE(m), EDIT_NEW(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures codes: same_codes(tree, \old(tree));
    ensures lasts: same_lasts(tree, \old(tree));
    ensures homes: same_homes(tree, \old(tree));
    ensures run: cursor_run(\result, way);
    ensures way: way_ok(way, 0);
    ensures here: \result.start <= address <= \result.last;
    ensures start: run_code(\result.start) == \result.tag + 1;
    ensures last: run_last(\result.start) == \result.last;
    ensures alone: \forall integer k; \result.start < k <= \result.last ==> run_code(k) == 0;
    ensures room: \result.found ==> has_room(tree, way->node[0]);
    ensures refused: !\result.found ==> short_of_nodes(tree, storage_got);
    ensures stay: \old(map_stays(tree)) ==>
      m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
struct map_cursor map_find_room(struct mem_alloc *m, uint64_t address, struct map_way *way);

/*
 * Make [first, last], part of the way's run, which ends at run_last, a run of its own with that tag (any FREE
 * one for FREE); what is left of the old run on either side stays what it was. The leaf must have room. The
 * tag is not larger than the old run's; a FREE part ends where the run does.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    requires end: run_last == slot_last(way->node[0], way->slot[0], node_hi[way->node[0]]);
    requires part: WAY_START(way) <= first <= last <= run_last;
    requires room: mirror_count[way->node[0]] + (WAY_START(way) < first ? 1 : 0) + (last < run_last ? 1 :
      0) <=
      MEM_ALLOC_FAN_OUT;
    requires tag: tag <= FIT_FREE && tag <= mirror_tag[way->node[0]].v[way->slot[0]];
    requires free: tag == FIT_FREE ==> last == run_last;
    terminates \true;
    exits \false;
    assigns EDIT_NODES(m), EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures way: way_leaf(way);
    ensures codes: \forall integer k; k < \old(WAY_START(way)) || run_last < k ==>
      run_code(k) == run_code_in(\old(tree), k);
    ensures lasts: \forall integer k; k < \old(WAY_START(way)) || run_last < k ==>
      run_last(k) == run_last_in(\old(tree), k);
    ensures part: code_like(run_code(first), tag) && run_last(first) == last;
    ensures left: \old(WAY_START(way)) < first ==>
      code_like(run_code(\old(WAY_START(way))), \old(mirror_tag[way->node[0]].v[way->slot[0]])) &&
      run_last(\old(WAY_START(way))) == first - 1;
    ensures right: last < run_last ==>
      code_like(run_code(last + 1), \old(mirror_tag[way->node[0]].v[way->slot[0]])) &&
      run_last(last + 1) == run_last;
    ensures alone: \forall integer k; \old(WAY_START(way)) < k <= run_last && k != first && k != last + 1 ==>
      run_code(k) == 0;
    ensures where: \forall integer k;
      home(k) == (first <= k <= last ? first : last < k <= run_last ? last + 1 :
      home_in(\old(tree), k));
*/
void map_carve(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t first,
               uint64_t last, uint8_t tag);

/*
 * The same, after making room; false, and no run changed, if there is no memory. The way leads nowhere then.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid(way);
    requires way: way_ok(way, 0);
    requires end: run_last == slot_last(way->node[0], way->slot[0], node_hi[way->node[0]]);
    requires run: run_last == run_last(WAY_START(way));
    requires part: WAY_START(way) <= first <= last <= run_last;
    requires tag: tag <= FIT_FREE && tag <= mirror_tag[way->node[0]].v[way->slot[0]];
    requires free: tag == FIT_FREE ==> last == run_last;
    terminates \true;
    exits \false;
    assigns *way, POOL_STORAGE(m), EDIT_TREE(m), EDIT_NEW(m), EDIT_RUNS, m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures carved: \result ==>
      carved(tree, \old(tree), \old(WAY_START(way)), run_last, first, last, tag);
    ensures codes: !\result ==> same_codes(tree, \old(tree));
    ensures lasts: !\result ==> same_lasts(tree, \old(tree));
    ensures where: !\result ==> same_homes(tree, \old(tree));
    ensures refused: !\result ==> short_of_nodes(tree, storage_got);
    ensures stay: \old(map_stays(tree)) ==>
      m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool map_carve_out(struct mem_alloc *m, struct map_way *way, uint64_t run_last, uint64_t first, uint64_t last,
                   uint8_t tag);

/*
 * Make the way's run FREE or ABSENT (state is FIT_FREE or FIT_ABSENT) and join it with like neighbours. It
 * ends at run_last, its leaf at leaf_last.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    requires end: run_last == slot_last(way->node[0], way->slot[0], node_hi[way->node[0]]);
    requires leaf: leaf_last == node_hi[way->node[0]];
    requires state: state == FIT_FREE || state == FIT_ABSENT;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures painted: painted(tree, \old(tree), paint_first(\old(tree), \old(WAY_START(way)), state),
      paint_last(\old(tree), run_last, state), state);
*/
void map_paint(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t leaf_last,
  uint8_t state);

#endif
