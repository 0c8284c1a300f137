/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"
#include "../proofs/keep.h"
#include "../proofs/runs.h"
#include "../proofs/shift.h"

/* What a run of that tag is: FIT_ABSENT, FIT_ALLOCATED or FIT_FREE. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == (tag > FIT_FREE ? FIT_FREE : tag);
*/
static uint8_t map_state(uint8_t tag)
{
  uint8_t state = tag;
  if (tag > FIT_FREE) {
    state = FIT_FREE;
  }
  return state;
}

/* What the entry of the run [start, last] says if it is in the state of a run of that tag. */
/*@ requires run: start <= last;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures other: like < FIT_FREE ==> \result.tag == like;
    ensures free: like >= FIT_FREE ==> FIT_FREE <= \result.tag <= FIT_FREE + 63;
    ensures bin: bin_right(\result.tag, \result.bin, start, last);
    ensures exact: tag_right(\result.tag, start, last);
*/
static struct fit_mark map_mark(uint8_t like, uint64_t start, uint64_t last)
{
  struct fit_mark mark;
  mark.tag = like;
  mark.bin = 0;
  if (like >= FIT_FREE) {
    mark = fit_free_mark(start, last);
  }
  return mark;
}

/* What the entry at slot of leaf x says. */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity;
    requires slot: slot < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures tag: \result.tag == mirror_tag[x].v[slot];
    ensures bin: \result.bin == mirror_bin[x].v[slot];
*/
static struct fit_mark map_mark_at(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  struct fit_mark mark;
  mark.tag = pool_tag(m, x, slot);
  mark.bin = pool_bin(m, x, slot);
  return mark;
}

/* Let the entry at slot of leaf x, and with it the run, be of that mark. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
    requires nest: nest_in(tree, x);
    requires bin: bin_right(mark.tag, mark.bin, mirror_key[x].v[slot], run_last(mirror_key[x].v[slot]));
    requires below: code_below_in(tree, x, mark.tag + 1);
    requires size: mark.tag >= FIT_FREE ==>
      size_below_in(tree, x, run_last(mirror_key[x].v[slot]) - mirror_key[x].v[slot] + 1);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[x].v[slot], mirror_bin[x].v[slot], EDIT_CODES;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: \old(tags_exact_but(tree, mirror_key[x].v[slot], mirror_key[x].v[slot])) &&
      tag_right(mark.tag, mirror_key[x].v[slot], run_last(mirror_key[x].v[slot])) ==> tags_exact;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures entry: mirror_tag[x].v[slot] == mark.tag && mirror_bin[x].v[slot] == mark.bin;
    ensures code: run_code(mirror_key[x].v[slot]) == mark.tag + 1;
    ensures codes: codes_but(tree, \old(tree), mirror_key[x].v[slot], mirror_key[x].v[slot]);
    ensures lasts: same_lasts(tree, \old(tree));
    ensures where: same_homes(tree, \old(tree));
    ensures homes: \old(all_homes) ==> all_homes;
    ensures painted: \old(all_homes) ==> painted(tree, \old(tree), mirror_key[x].v[slot],
      run_last_in(\old(tree), mirror_key[x].v[slot]), mark.tag);
*/
static void map_set_mark(struct mem_alloc *m, uint32_t x, uint32_t slot, struct fit_mark mark)
{
  //@ ghost struct tree_state b = tree;
  pool_set_tag(m, x, slot, mark.tag);
  pool_set_bin(m, x, slot, mark.bin);
  //@ ghost struct tree_state rows = tree;
  //@ ghost mark_note(b, MAP_LEVELS, x, slot, mirror_key[x].v[slot]);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
}

/* Split the run at slot of leaf x, which has room, at address; the parts are of those marks. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x] < MEM_ALLOC_FAN_OUT;
    requires nest: nest_in(tree, x);
    requires inside: mirror_key[x].v[slot] < address <= run_last(mirror_key[x].v[slot]);
    requires left: bin_right(left.tag, left.bin, mirror_key[x].v[slot], address - 1);
    requires right: bin_right(right.tag, right.bin, address, run_last(mirror_key[x].v[slot]));
    requires below: code_below_in(tree, x, left.tag + 1) && code_below_in(tree, x, right.tag + 1);
    requires size_left: left.tag >= FIT_FREE ==> size_below_in(tree, x, address - mirror_key[x].v[slot]);
    requires size_right: right.tag >= FIT_FREE ==>
      size_below_in(tree, x, run_last(mirror_key[x].v[slot]) - address + 1);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x],
      mirror_count[x], EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: \old(tags_exact) && tag_right(left.tag, mirror_key[x].v[slot], address - 1) &&
      tag_right(right.tag, address, run_last(address)) ==> tags_exact;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures count: mirror_count[x] == \old(mirror_count[x]) + 1;
    ensures keys: mirror_key[x].v[slot] == \old(mirror_key[x].v[slot]) &&
      mirror_key[x].v[slot + 1] == address;
    ensures codes: run_code(mirror_key[x].v[slot]) == left.tag + 1 && run_code(address) == right.tag + 1;
    ensures runs: cut_runs(tree, \old(tree), mirror_key[x].v[slot], address,
                           run_last_in(\old(tree), mirror_key[x].v[slot]));
    ensures where: homes_but(tree, \old(tree), address, run_last(address), address);
    ensures homes: \old(all_homes) ==> all_homes;
*/
static void map_split_run(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t address,
                          struct fit_mark left, struct fit_mark right)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = mirror_key[x].v[slot];
  //@ ghost uint64_t e = runs_get_last(s);
  pool_insert(m, x, slot + 1u, address, right.tag, right.bin, 0);
  pool_set_tag(m, x, slot, left.tag);
  pool_set_bin(m, x, slot, left.bin);
  //@ ghost struct tree_state rows = tree;
  //@ assert lower: \forall integer j; 0 <= j <= slot ==> mirror_key[x].v[j] == b.rows.key[x].v[j];
  /*@ assert upper: \forall integer j; slot + 1 < j <= b.rows.count[x] ==>
        mirror_key[x].v[j] == b.rows.key[x].v[j - 1]; */
  //@ assert rows: cut_rows(tree, b, x, slot, address);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ assert homes: same_homes(tree, b);
  /*@ assert below: \forall integer j; 0 <= j < slot ==>
        mirror_tag[x].v[j] == b.rows.tag[x].v[j] && mirror_bin[x].v[j] == b.rows.bin[x].v[j]; */
  /*@ assert above_tags: \forall integer j; slot + 1 < j <= b.rows.count[x] ==>
        mirror_tag[x].v[j] == b.rows.tag[x].v[j - 1]; */
  /*@ assert above_bins: \forall integer j; slot + 1 < j <= b.rows.count[x] ==>
        mirror_bin[x].v[j] == b.rows.bin[x].v[j - 1]; */
  //@ assert marks: cut_marks(tree, b, x, slot);
  //@ ghost cut_note(b, MAP_LEVELS, x, slot, s, address, e);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
}

struct map_cursor map_find_room(struct mem_alloc *m, uint64_t address, struct map_way *way)
{
  struct map_cursor cursor;
  //@ ghost struct tree_state b = tree;
  const bool done = map_make_room(m, address);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  cursor = map_find(m, address, way);
  //@ assert leaf: node_lo[way->node[0]] <= address <= node_hi[way->node[0]];
  cursor.found = done;
  return cursor;
}

/*@ // the way leads to a leaf of that tree, whatever the slot there
    predicate way_in{L}(struct tree_state t, struct map_way *way) =
      way->node[t.rows.level[t.object.root]] == t.object.root &&
      (\forall integer l; 0 <= l <= t.rows.level[t.object.root] ==>
        node_is_in(t, way->node[l]) && t.rows.level[way->node[l]] == l) &&
      (\forall integer l; 0 < l <= t.rows.level[t.object.root] ==>
        0 <= way->slot[l] < t.rows.count[way->node[l]] &&
        t.rows.child[way->node[l]].v[way->slot[l]] == way->node[l - 1]);

    // all nodes above the way's leaf are on the way
    predicate way_all{L}(struct map_way *way) =
      \forall integer y; node_is(y) && node_lo[y] <= node_lo[way->node[0]] <= node_hi[y] ==>
        0 <= mirror_level[y] <= mirror_level[mirror_root] && y == way->node[mirror_level[y]];
*/

/* A way to a leaf stays one if only leaf x changes. */
/*@ ghost
/@ requires root: root_ok_in(b) && 0 <= b.rows.level[b.object.root];
 @ requires way: way_in(b, way);
 @ requires leaf: b.rows.level[x] == 0;
 @ requires places: runs_places(tree, b);
 @ requires counts: same_counts(tree, b, x, x, x);
 @ requires children: same_children(tree, b, x, x, x);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_leaf(way); @/
static void lemma_way_kept(struct tree_state b, uint32_t x, const struct map_way *way)
{
  /@ assert root: same_place(tree, b, b.object.root) && mirror_root == b.object.root; @/
  /@ assert places: \forall integer l; 0 <= l <= b.rows.level[b.object.root] ==> same_place(tree, b, way->node[l]); @/
  /@ assert top: way_top(way, 0); @/
  /@ assert nodes: way_nodes(way, 0); @/
  /@ assert other: \forall integer l; 0 < l <= b.rows.level[b.object.root] ==> other(way->node[l], x, x, x); @/
  /@ assert inner: \forall integer l; 0 < l <= b.rows.level[b.object.root] ==>
       mirror_child[way->node[l]].v[way->slot[l]] == b.rows.child[way->node[l]].v[way->slot[l]]; @/
  /@ assert slots: way_slots(way, 1); @/
  /@ assert links: way_links(way, 0); @/
}
*/

/* Each node of the way covers those below it, so that no node overlaps the way's leaf in part. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires bounds: all_bounds;
 @ requires kids: all_kids;
 @ requires apart: all_apart;
 @ requires under: all_under;
 @ requires root: root_ok;
 @ requires valid: \valid_read(way);
 @ requires way: way_ok(way, 0);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_in(tree, way);
 @ ensures nest: nest_in(tree, way->node[0]);
 @ ensures all: way_all(way); @/
static void lemma_way_nest(const struct map_way *way)
{
  uint8_t l = 0;
  /@ assert top: 0 <= mirror_level[mirror_root] < MAP_LEVELS; @/
  /@ loop invariant range: 0 <= l <= mirror_level[mirror_root];
   @ loop invariant covers: \forall integer i; 0 <= i <= l ==>
       node_lo[way->node[i]] <= node_lo[way->node[0]] && node_hi[way->node[0]] <= node_hi[way->node[i]];
   @ loop assigns l;
   @ loop variant mirror_level[mirror_root] - l; @/
  while (l < mirror_level[mirror_root]) {
    /@ assert kid: kid(way->node[l + 1], way->slot[l + 1], way->node[l]); @/
    /@ assert low: node_lo[way->node[l + 1]] <= node_lo[way->node[l]]; @/
    /@ assert next: way->slot[l + 1] + 1 < mirror_count[way->node[l + 1]] ==>
         mirror_key[way->node[l + 1]].v[way->slot[l + 1] + 1] <= node_hi[way->node[l + 1]]; @/
    /@ assert high: node_hi[way->node[l]] <= node_hi[way->node[l + 1]]; @/
    l++;
  }
  /@ assert level: \forall integer y; node_is(y) ==> 0 <= mirror_level[y] <= mirror_level[mirror_root]; @/
  /@ assert mine: \forall integer y; node_is(y) ==>
       node_is(way->node[mirror_level[y]]) && mirror_level[way->node[mirror_level[y]]] == mirror_level[y]; @/
  /@ assert same: \forall integer y; node_is(y) && y != way->node[mirror_level[y]] ==>
       apart_in(tree, y, way->node[mirror_level[y]]); @/
}
*/

/* The run of the entry at slot of leaf x. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires sorted: all_sorted;
 @ requires bounds: all_bounds;
 @ requires hits: all_hits;
 @ requires homes: all_homes;
 @ requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures code: run_code(mirror_key[x].v[slot]) == mirror_tag[x].v[slot] + 1;
 @ ensures run: mirror_key[x].v[slot] <= run_last(mirror_key[x].v[slot]) <= node_hi[x];
 @ ensures last: run_last(mirror_key[x].v[slot]) == slot_last(x, slot, node_hi[x]);
 @ ensures home: home(run_last(mirror_key[x].v[slot])) == mirror_key[x].v[slot]; @/
static void lemma_entry_run(uint32_t x, uint32_t slot)
{
  /@ assert own: sorted(x) && bounds(x) && leaf_hits(x); @/
  /@ assert end: ends_in(tree, x, slot, run_last(mirror_key[x].v[slot]), node_hi[x]); @/
  /@ assert next: slot + 1 < mirror_count[x] ==>
       mirror_key[x].v[slot] < mirror_key[x].v[slot + 1] <= node_hi[x]; @/
}
*/

/* Summaries raised along the way allow a run of that mark in its leaf. */
/*@ ghost
/@ requires spans: all_spans;
 @ requires valid: \valid_read(way);
 @ requires all: way_all(way);
 @ requires raised: tag >= FIT_FREE ==> \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
     tag <= node_most[way->node[l]] && bin <= node_longest[way->node[l]];
 @ requires tag: tag >= FIT_FREE || tag == 0;
 @ requires bin: 0 <= bin;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures code: code_below_in(tree, way->node[0], tag + 1);
 @ ensures size: tag >= FIT_FREE ==> \forall integer size; size <= bin_most(bin) ==>
     size_below_in(tree, way->node[0], size); @/
static void lemma_way_raised(const struct map_way *way, uint8_t tag, int16_t bin)
{
  lemma_bins();
  /@ assert longest: \forall integer y; node_is(y) ==> 0 <= node_longest[y] <= FIT_BINS * 56; @/
  /@ assert more: tag >= FIT_FREE ==> \forall integer y;
       node_is(y) && node_lo[y] <= node_lo[way->node[0]] <= node_hi[y] ==>
         bin_most(bin) <= bin_most(node_longest[y]); @/
}
*/

/* After runs in the way's leaf changed, one of which was of that mark: lower what is above. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns EDIT_SUMMARY(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures way: way_leaf(way);
    ensures map: same_map(tree, \old(tree));
*/
static void map_lower_for(struct mem_alloc *m, const struct map_way *way, struct fit_mark old)
{
  //@ ghost struct tree_state b = tree;
  if (old.tag >= FIT_FREE) {
    map_lower(m, way, old);
  }
  //@ assert map: same_map(tree, b);
  //@ ghost lemma_runs_kept(b);
}

/*
 * Let a run of that mark start at first, in the run at slot of leaf x, and reach to its end; what is before
 * it stays like that tag. Returns its slot.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
    requires nest: nest_in(tree, x);
    requires start: mirror_key[x].v[slot] <= first <= run_last(mirror_key[x].v[slot]);
    requires room: mirror_key[x].v[slot] < first ==> mirror_count[x] < MEM_ALLOC_FAN_OUT;
    requires like: like == mirror_tag[x].v[slot];
    requires tag: mark.tag <= like && tag_right(mark.tag, first, run_last(mirror_key[x].v[slot]));
    requires bin: bin_right(mark.tag, mark.bin, first, run_last(mirror_key[x].v[slot]));
    requires above: mirror_key[x].v[slot] < first ==> tag_above(like, mirror_key[x].v[slot], first - 1);
    requires below: code_below_in(tree, x, like + 1);
    requires size: like >= FIT_FREE ==>
      size_below_in(tree, x, run_last(mirror_key[x].v[slot]) - mirror_key[x].v[slot] + 1);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x],
      mirror_count[x], EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures count: mirror_count[x] == \old(mirror_count[x]) + (\old(mirror_key[x].v[slot]) < first ? 1 : 0);
    ensures slot: \result < mirror_count[x] && mirror_key[x].v[\result] == first;
    ensures code: run_code(first) == mark.tag + 1;
    ensures last: run_last(first) == \old(run_last(mirror_key[x].v[slot]));
    ensures left: \old(mirror_key[x].v[slot]) < first ==>
      code_like(run_code(\old(mirror_key[x].v[slot])), like) &&
      run_last(\old(mirror_key[x].v[slot])) == first - 1;
    ensures codes: codes_but(tree, \old(tree), \old(mirror_key[x].v[slot]), first);
    ensures lasts: lasts_but(tree, \old(tree), \old(mirror_key[x].v[slot]), first);
    ensures where: homes_but(tree, \old(tree), first, \old(run_last(mirror_key[x].v[slot])), first);
*/
static uint32_t map_cut_front(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t first, uint8_t like,
                              struct fit_mark mark)
{
  const uint64_t start = pool_key(m, x, slot);
  uint32_t middle = slot;
  if (start < first) {
    const struct fit_mark left = map_mark(like, start, first - 1u);
    //@ assert lower: left.tag <= like;
    map_split_run(m, x, slot, first, left, mark);
    middle++;
  } else {
    map_set_mark(m, x, slot, mark);
  }
  return middle;
}

/*
 * Let the run at slot of leaf x, which ends at run_last and has that mark, end at last; the
 * rest is like that tag.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
    requires nest: nest_in(tree, x);
    requires last: mirror_key[x].v[slot] <= last <= run_last == run_last(mirror_key[x].v[slot]);
    requires room: last < run_last ==> mirror_count[x] < MEM_ALLOC_FAN_OUT;
    requires code: run_code(mirror_key[x].v[slot]) == mark.tag + 1;
    requires tag: mark.tag <= like && (last < run_last ==> mark.tag < FIT_FREE);
    requires bin: bin_right(mark.tag, mark.bin, mirror_key[x].v[slot], last);
    requires above: last < run_last ==> tag_above(like, last + 1, run_last);
    requires below: code_below_in(tree, x, like + 1);
    requires size: like >= FIT_FREE ==> size_below_in(tree, x, run_last - last);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x],
      mirror_count[x], EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures count: mirror_count[x] >= \old(mirror_count[x]);
    ensures code: run_code(\old(mirror_key[x].v[slot])) == mark.tag + 1;
    ensures last: run_last(\old(mirror_key[x].v[slot])) == last;
    ensures right: last < run_last ==> code_like(run_code(last + 1), like) && run_last(last + 1) == run_last;
    ensures codes: \forall integer k;
      k != \old(mirror_key[x].v[slot]) && (k != last + 1 || last == run_last) ==>
        run_code(k) == run_code_in(\old(tree), k);
    ensures lasts: \forall integer k;
      k != \old(mirror_key[x].v[slot]) && (k != last + 1 || last == run_last) ==>
        run_last(k) == run_last_in(\old(tree), k);
    ensures where: homes_but(tree, \old(tree), last + 1, run_last, last + 1);
*/
static void map_cut_back(struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last, uint64_t run_last,
                         uint8_t like, struct fit_mark mark)
{
  if (last < run_last) {
    const struct fit_mark rest = map_mark(like, last + 1u, run_last);
    //@ assert lower: rest.tag <= like;
    map_split_run(m, x, slot, last + 1u, mark, rest);
  }
}

void map_carve(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t first,
  uint64_t last,
               uint8_t tag)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  const struct fit_mark old = map_mark_at(m, x, slot);
  const struct fit_mark mark = map_mark(tag, first, last);
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t start = mirror_key[x].v[slot];
  //@ ghost lemma_way_nest(way);
  //@ assert leaf: node_is(x) && mirror_level[x] == 0 && 0 <= slot < mirror_count[x];
  //@ assert own: leaf_hits(x) && leaf_gaps(x) && bounds(x);
  //@ assert end: run_last(start) == run_last && run_code(start) == old.tag + 1;
  //@ assert alone: \forall integer k; start < k <= run_last ==> run_code_in(b, k) == 0;
  //@ assert at: runs_at(tree, x, start, start);
  //@ ghost lemma_part_below(x, start);
  //@ assert right: tag_right(old.tag, start, run_last);
  //@ ghost lemma_part_tag(old.tag, start, run_last, first, last);
  //@ assert lower: mark.tag <= old.tag;
  //@ assert whole: tag_right(mark.tag, first, run_last) && bin_right(mark.tag, mark.bin, first, run_last);
  //@ ghost if (start < first) lemma_part_tag(old.tag, start, run_last, start, first - 1);
  //@ ghost if (last < run_last) lemma_part_tag(old.tag, start, run_last, last + 1, run_last);
  const uint32_t middle = map_cut_front(m, x, slot, first, old.tag, mark);
  //@ ghost struct tree_state front = tree;
  //@ assert below: code_below_in(tree, x, old.tag + 1);
  //@ assert size: old.tag >= FIT_FREE ==> size_below_in(tree, x, run_last - last);
  //@ assert nest: nest_in(tree, x);
  map_cut_back(m, x, middle, last, run_last, old.tag, mark);
  //@ assert places: runs_places(tree, b);
  //@ assert counts: same_counts(tree, b, x, x, x);
  //@ assert children: same_children(tree, b, x, x, x);
  //@ ghost lemma_way_kept(b, x, way);
  /*@ assert codes: \forall integer k; k != start && k != first && k != last + 1 ==>
        run_code(k) == run_code_in(b, k); */
  /*@ assert none: \forall integer k; start < k <= run_last && k != first && k != last + 1 ==>
        run_code(k) == 0; */
  /*@ assert where: \forall integer k; home(k) ==
        (first <= k <= last ? first : last < k <= run_last ? last + 1 : home_in(b, k)); */
  map_lower_for(m, way, old);
}

/* Let the runs at slot and slot + 1 of leaf x be one, of that mark. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot + 1 < mirror_count[x];
    requires nest: nest_in(tree, x);
    requires bin: bin_right(mark.tag, mark.bin, mirror_key[x].v[slot], run_last(mirror_key[x].v[slot + 1]));
    requires below: code_below_in(tree, x, mark.tag + 1);
    requires size: mark.tag >= FIT_FREE ==>
      size_below_in(tree, x, run_last(mirror_key[x].v[slot + 1]) - mirror_key[x].v[slot] + 1);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x],
      mirror_count[x], EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures but: \old(tags_exact_but(tree, mirror_key[x].v[slot], mirror_key[x].v[slot + 1])) ==>
      tags_exact_but(tree, mirror_key[x].v[slot], mirror_key[x].v[slot]);
    ensures exact: \old(tags_exact_but(tree, mirror_key[x].v[slot], mirror_key[x].v[slot + 1])) &&
      tag_right(mark.tag, \old(mirror_key[x].v[slot]), \old(run_last(mirror_key[x].v[slot + 1]))) ==>
        tags_exact;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures rows: join_rows(tree, \old(tree), x, slot);
    ensures code: run_code(mirror_key[x].v[slot]) == mark.tag + 1;
    ensures runs: join_runs(tree, \old(tree), mirror_key[x].v[slot], \old(mirror_key[x].v[slot + 1]),
                            \old(run_last(mirror_key[x].v[slot + 1])));
    ensures where: homes_but(tree, \old(tree), \old(mirror_key[x].v[slot + 1]),
                             \old(run_last(mirror_key[x].v[slot + 1])), mirror_key[x].v[slot]);
    ensures homes: \old(all_homes) ==> all_homes;
    ensures painted: \old(all_homes) ==> painted(tree, \old(tree), mirror_key[x].v[slot],
      \old(run_last(mirror_key[x].v[slot + 1])), mark.tag);
*/
static void map_join_run(struct mem_alloc *m, uint32_t x, uint32_t slot, struct fit_mark mark)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = mirror_key[x].v[slot];
  //@ ghost uint64_t a = mirror_key[x].v[slot + 1];
  //@ ghost uint64_t e = runs_get_last(a);
  pool_erase(m, x, slot + 1u);
  pool_set_tag(m, x, slot, mark.tag);
  pool_set_bin(m, x, slot, mark.bin);
  //@ ghost struct tree_state rows = tree;
  //@ assert rows: join_rows(tree, b, x, slot);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ assert homes: same_homes(tree, b);
  /*@ assert below: \forall integer j; 0 <= j < slot ==>
        mirror_tag[x].v[j] == b.rows.tag[x].v[j] && mirror_bin[x].v[j] == b.rows.bin[x].v[j]; */
  /*@ assert above_tags: \forall integer j; slot < j < mirror_count[x] ==>
        mirror_tag[x].v[j] == b.rows.tag[x].v[j + 1]; */
  /*@ assert above_bins: \forall integer j; slot < j < mirror_count[x] ==>
        mirror_bin[x].v[j] == b.rows.bin[x].v[j + 1]; */
  //@ assert marks: join_marks(tree, b, x, slot);
  //@ ghost join_note(b, MAP_LEVELS, x, slot, s, a, e);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
}

/* Let start be the key of every entry on the way above its leaf that is where the leaf starts. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires root: 1 <= mirror_root <= mirror_capacity && 0 <= mirror_level[mirror_root] < MAP_LEVELS;
    requires valid: \valid_read(way);
    requires nodes: way_nodes(way, 0);
    requires slots: way_slots(way, 0);
    requires counts: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
      mirror_count[way->node[l]] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[0 .. TREE_NODES - 1];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures put: \forall integer y, j; shift_at(\old(tree), way, y, j) ==> mirror_key[y].v[j] == start;
    ensures others: \forall integer y, j; !shift_at(\old(tree), way, y, j) ==>
      mirror_key[y].v[j] == \old(tree).rows.key[y].v[j];
*/
static void map_shift_keys(struct mem_alloc *m, const struct map_way *way, uint64_t start)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  //@ ghost struct tree_state b = tree;
  /*@ loop invariant range: 0 <= level <= top;
      loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant first: \forall integer i; 0 <= i < level ==> way->slot[i] == 0;
      loop invariant put: \forall integer y, j; shift_at(b, way, y, j) && b.rows.level[y] <= level ==>
        mirror_key[y].v[j] == start;
      loop invariant others: \forall integer y, j; !(shift_at(b, way, y, j) && b.rows.level[y] <= level) ==>
        mirror_key[y].v[j] == b.rows.key[y].v[j];
      loop assigns level, m->nodes[0 .. mirror_capacity - 1], mirror_key[0 .. TREE_NODES - 1];
      loop variant top - level;
  */
  while (level < top && map_way_slot(way, level) == 0u) {
    //@ ghost struct tree_state step = tree;
    level++;
    pool_set_key(m, map_way_node(way, level), map_way_slot(way, level), start);
    //@ assert at_level: b.rows.level[way->node[level]] == level;
    //@ assert here: shift_at(b, way, way->node[level], way->slot[level]);
    /*@ assert only: \forall integer y, j; shift_at(b, way, y, j) && b.rows.level[y] == level ==>
          y == way->node[level] && j == way->slot[level]; */
    /*@ assert rest: \forall integer y, j; y != way->node[level] || j != way->slot[level] ==>
          mirror_key[y].v[j] == step.rows.key[y].v[j]; */
  }
}

/*
 * The entries, when the last run of leaf x, at slot, and the first of the way's leaf z become one: x has it,
 * with that mark, z loses it, and what leads to z starts where z's second run does.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires root: 1 <= mirror_root <= mirror_capacity && 0 <= mirror_level[mirror_root] < MAP_LEVELS;
    requires valid: \valid_read(way);
    requires nodes: way_nodes(way, 0);
    requires slots: way_slots(way, 0);
    requires counts: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
      mirror_count[way->node[l]] <= MEM_ALLOC_FAN_OUT;
    requires left: 1 <= x <= mirror_capacity && mirror_level[x] == 0 && slot < MEM_ALLOC_FAN_OUT;
    requires right: z == way->node[0] && x != z && way->slot[0] == 0 && mirror_count[z] >= 2;
    requires taken: pool_taken[z] == 1;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[0 .. TREE_NODES - 1], mirror_tag[x], mirror_bin[x],
      mirror_tag[z], mirror_bin[z], mirror_child[z], mirror_count[z];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures count: mirror_count[z] == \old(mirror_count[z]) - 1;
    ensures mark: mirror_tag[x].v[slot] == mark.tag && mirror_bin[x].v[slot] == mark.bin;
    ensures marks: shift_marks(tree, \old(tree), x, slot, z);
    ensures rows: shift_rows(tree, \old(tree), z);
    ensures still: \forall integer y, j; \old(tree).rows.level[y] == 0 && y != z ==>
      mirror_key[y].v[j] == \old(tree).rows.key[y].v[j];
    ensures put: \forall integer y, j; shift_at(\old(tree), way, y, j) ==>
      mirror_key[y].v[j] == \old(mirror_key[z].v[1]);
    ensures others: \forall integer y, j; \old(tree).rows.level[y] > 0 && !shift_at(\old(tree), way, y, j) ==>
      mirror_key[y].v[j] == \old(tree).rows.key[y].v[j];
*/
static void map_join_rows(struct mem_alloc *m, uint32_t x, uint32_t slot, const struct map_way *way,
                          uint32_t z, struct fit_mark mark)
{
  //@ ghost struct tree_state b = tree;
  pool_set_tag(m, x, slot, mark.tag);
  pool_set_bin(m, x, slot, mark.bin);
  pool_erase(m, z, 0);
  //@ ghost struct tree_state cut = tree;
  //@ assert second: mirror_key[z].v[0] == b.rows.key[z].v[1];
  map_shift_keys(m, way, pool_key(m, z, 0));
  //@ assert at: \forall integer y, j; shift_at(cut, way, y, j) <==> shift_at(b, way, y, j);
  //@ assert leaf: \forall integer y, j; b.rows.level[y] == 0 ==> mirror_key[y].v[j] == cut.rows.key[y].v[j];
  /*@ assert left: \forall integer j; 0 <= j < slot ==>
        mirror_tag[x].v[j] == b.rows.tag[x].v[j] && mirror_bin[x].v[j] == b.rows.bin[x].v[j]; */
  /*@ assert right_tags: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==>
        mirror_tag[z].v[j] == b.rows.tag[z].v[j + 1]; */
  /*@ assert right_bins: \forall integer j; 0 <= j < b.rows.count[z] - 1 ==>
        mirror_bin[z].v[j] == b.rows.bin[z].v[j + 1]; */
  //@ assert other_tags: same_tags(tree, b, x, z, z);
  //@ assert other_bins: same_bins(tree, b, x, z, z);
  //@ ghost lemma_shift_marks(b, x, slot, z);
}

/*
 * Let the last run of the left way's leaf and the first of the right way's, which is the next leaf and has
 * more, be one, of that mark, in the left leaf. The boundary between the two leaves, and of all nodes above
 * them that meet there, moves to the end of the run.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(left) && \valid_read(right);
    requires left: way_ok(left, 0);
    requires right: way_ok(right, 0);
    requires ends: left->slot[0] == mirror_count[left->node[0]] - 1 && right->slot[0] == 0;
    requires leaves: left->node[0] != right->node[0] && mirror_count[right->node[0]] >= 2;
    requires meet: node_hi[left->node[0]] + 1 == node_lo[right->node[0]];
    requires bin: bin_right(mark.tag, mark.bin, WAY_START(left), run_last(node_lo[right->node[0]]));
    requires below: code_below_in(tree, left->node[0], mark.tag + 1);
    requires size: mark.tag >= FIT_FREE ==>
      size_below_in(tree, left->node[0], run_last(node_lo[right->node[0]]) - WAY_START(left) + 1);
    terminates \true;
    exits \false;
    assigns EDIT_NODES(m), EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures way: way_leaf(right);
    ensures codes: codes_but(tree, \old(tree), \old(WAY_START(left)), \old(node_lo[right->node[0]]));
    ensures code: run_code(\old(WAY_START(left))) == mark.tag + 1;
    ensures none: run_code(\old(node_lo[right->node[0]])) == 0;
    ensures last: run_last(\old(WAY_START(left))) == \old(run_last(node_lo[right->node[0]]));
    ensures lasts: lasts_but(tree, \old(tree), \old(WAY_START(left)), \old(WAY_START(left)));
    ensures where: homes_but(tree, \old(tree), \old(node_lo[right->node[0]]),
      \old(run_last(node_lo[right->node[0]])), \old(WAY_START(left)));
    ensures homes: \old(all_homes) ==> all_homes;
    ensures exact: \old(tags_exact_but(tree, WAY_START(left), node_lo[right->node[0]])) &&
      tag_right(mark.tag, \old(WAY_START(left)), \old(run_last(node_lo[right->node[0]]))) ==> tags_exact;
*/
static void map_join_leaves(struct mem_alloc *m, const struct map_way *left, const struct map_way *right,
                            struct fit_mark mark)
{
  const uint32_t x = map_way_node(left, 0);
  const uint32_t z = map_way_node(right, 0);
  const uint32_t slot = map_way_slot(left, 0);
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = mirror_key[x].v[slot];
  //@ ghost uint64_t a = node_lo[z];
  //@ ghost uint64_t e = runs_get_last(a);
  //@ ghost lemma_way_nest(left);
  //@ ghost lemma_way_nest(right);
  //@ ghost lemma_shift_starts(right, a);
  //@ ghost lemma_shift_entries(right, a);
  //@ assert from: shift_from(b, x, slot, z, s, a, e);
  //@ ghost lemma_shift_runs(b, x, slot, z, s, a, e);
  map_join_rows(m, x, slot, right, z, mark);
  //@ ghost struct tree_state rows = tree;
  //@ assert numbers: mirror_capacity == b.object.capacity && mirror_root == b.object.root;
  //@ assert place: \forall integer y; same_place(tree, b, y);
  //@ assert places: runs_places(tree, b);
  //@ assert bounds: runs_bounds(tree, b);
  //@ assert taken: \forall integer y; pool_taken[y] == b.pool.taken[y];
  //@ assert counts: shift_counts(tree, b, z);
  //@ assert keys: shift_keys(tree, b, a, e + 1);
  //@ assert still: shift_still(tree, b, z);
  //@ assert children: same_children(tree, b, z, z, z);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ assert homes: same_homes(tree, b);
  //@ ghost shift_note(b, MAP_LEVELS, x, slot, z, s, a, e);
  //@ ghost keep_glue(m, rows);
  //@ ghost keep_pool(rows);
  //@ assert fewer: shift_counts(tree, b, z);
  //@ assert below: same_children(tree, b, z, z, z);
  //@ ghost lemma_shift_way(b, right, z, a, e + 1);
}

/* What each way's run ends at, and how two ways to neighbouring runs lie to each other. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires sorted: all_sorted;
 @ requires bounds: all_bounds;
 @ requires hits: all_hits;
 @ requires apart: all_apart;
 @ requires left: node_is(x) && mirror_level[x] == 0 && i < mirror_count[x];
 @ requires right: node_is(z) && mirror_level[z] == 0 && j < mirror_count[z];
 @ requires meet: run_last(mirror_key[x].v[i]) + 1 == mirror_key[z].v[j];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures one: x == z ==> j == i + 1;
 @ ensures end: x != z ==> i + 1 == mirror_count[x] && j == 0;
 @ ensures meet: x != z ==> node_hi[x] + 1 == node_lo[z]; @/
static void lemma_ways_meet(uint32_t x, uint32_t i, uint32_t z, uint32_t j)
{
  /@ assert own: sorted(x) && bounds(x) && leaf_hits(x) && sorted(z) && bounds(z); @/
  /@ assert end: ends_in(tree, x, i, run_last(mirror_key[x].v[i]), node_hi[x]); @/
  /@ assert next: i + 1 < mirror_count[x] ==> mirror_key[x].v[i + 1] == mirror_key[z].v[j]; @/
  /@ assert last: i + 1 >= mirror_count[x] ==> mirror_key[z].v[j] == node_hi[x] + 1; @/
  /@ assert differ: x != z ==> apart_in(tree, x, z); @/
  /@ assert inside: node_lo[z] <= mirror_key[z].v[j] <= node_hi[z]; @/
  /@ assert not: x != z ==> i + 1 == mirror_count[x]; @/
  /@ assert below: 0 < j ==> node_lo[z] <= mirror_key[z].v[j - 1] < mirror_key[z].v[j]; @/
  /@ assert same: x == z ==> i < j; @/
  /@ assert after: x == z && i + 1 < j ==> mirror_key[x].v[i + 1] < mirror_key[x].v[j]; @/
}
*/

/*@ // of the runs at the ends of the ways, which are neighbours, one is made
    predicate ways_meet{L}(struct map_way *left, struct map_way *right) =
      run_last(WAY_START(left)) + 1 == WAY_START(right);
*/

/* Let the runs at the ends of the ways, which are neighbours, be one, of that mark. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(left) && \valid_read(right);
    requires left: way_ok(left, 0);
    requires right: way_ok(right, 0);
    requires meet: ways_meet(left, right);
    requires more: left->node[0] != right->node[0] ==> mirror_count[right->node[0]] >= 2;
    requires exact: tags_exact;
    requires homes: all_homes;
    requires bin: bin_right(mark.tag, mark.bin, WAY_START(left), run_last(WAY_START(right)));
    requires tag: tag_right(mark.tag, WAY_START(left), run_last(WAY_START(right)));
    requires below: code_below_in(tree, left->node[0], mark.tag + 1);
    requires size: mark.tag >= FIT_FREE ==>
      size_below_in(tree, left->node[0], run_last(WAY_START(right)) - WAY_START(left) + 1);
    terminates \true;
    exits \false;
    assigns EDIT_NODES(m), EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures way: way_leaf(right);
    ensures painted: painted(tree, \old(tree), \old(WAY_START(left)), \old(run_last(WAY_START(right))),
      mark.tag);
*/
static void map_join_pair(struct mem_alloc *m, const struct map_way *left, const struct map_way *right,
                          struct fit_mark mark)
{
  //@ assert left_leaf: node_is(left->node[0]) && mirror_level[left->node[0]] == 0;
  //@ assert right_leaf: node_is(right->node[0]) && mirror_level[right->node[0]] == 0;
  //@ assert left_slot: 0 <= left->slot[0] < mirror_count[left->node[0]] <= MEM_ALLOC_FAN_OUT;
  //@ assert right_slot: 0 <= right->slot[0] < mirror_count[right->node[0]] <= MEM_ALLOC_FAN_OUT;
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = mirror_key[left->node[0]].v[left->slot[0]];
  //@ ghost uint64_t a = mirror_key[right->node[0]].v[right->slot[0]];
  //@ ghost uint64_t e = runs_get_last(a);
  const uint32_t x = map_way_node(left, 0);
  /*@ ghost lemma_ways_meet(x, (uint32_t)left->slot[0], (uint32_t)right->node[0], (uint32_t)right->slot[0]);
    */
  //@ ghost lemma_way_nest(right);
  //@ ghost lemma_way_nest(left);
  //@ ghost lemma_entry_run(x, (uint32_t)left->slot[0]);
  //@ ghost lemma_entry_run((uint32_t)right->node[0], (uint32_t)right->slot[0]);
  //@ assert but: tags_exact_but(tree, s, a);
  /* Making the leaf thicker may have brought the two into one. */
  if (x == map_way_node(right, 0)) {
    map_join_run(m, x, map_way_slot(left, 0), mark);
    //@ assert places: runs_places(tree, b);
    //@ assert counts: same_counts(tree, b, x, x, x);
    //@ assert children: same_children(tree, b, x, x, x);
    //@ ghost lemma_way_kept(b, x, right);
  } else {
    map_join_leaves(m, left, right, mark);
    //@ ghost lemma_join_homes(b, s, a, e);
  }
}

/*
 * What the entry of the run [start, last] in that state will say; the summaries above the way's leaf allow
 * it.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    requires run: start <= last;
    requires state: state == FIT_FREE || state == FIT_ABSENT;
    terminates \true;
    exits \false;
    assigns EDIT_SUMMARY(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures way: way_ok(way, 0);
    ensures like: \result.tag == state || (\result.tag >= FIT_FREE && state >= FIT_FREE);
    ensures bin: bin_right(\result.tag, \result.bin, start, last);
    ensures tag: tag_right(\result.tag, start, last);
    ensures in: way_in(tree, way);
    ensures nest: nest_in(tree, way->node[0]);
    ensures below: code_below_in(tree, way->node[0], \result.tag + 1);
    ensures size: \result.tag >= FIT_FREE ==> size_below_in(tree, way->node[0], last - start + 1);
*/
static struct fit_mark map_raise_for(struct mem_alloc *m, const struct map_way *way, uint64_t start,
  uint64_t last,
                                     uint8_t state)
{
  //@ ghost struct tree_state b = tree;
  const struct fit_mark mark = map_mark(state, start, last);
  if (state == FIT_FREE) {
    map_raise(m, way, mark);
  }
  //@ assert map: same_map(tree, b);
  //@ ghost lemma_runs_kept(b);
  //@ assert way: way_ok(way, 0);
  //@ ghost lemma_way_nest(way);
  //@ ghost lemma_way_raised(way, mark.tag, mark.bin);
  return mark;
}

/* A way to a leaf is one to the node above. */
/*@ ghost
/@ requires way: \valid_read(way) && way_leaf(way);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_ok(way, 1); @/
static void lemma_way_above(const struct map_way *way)
{
}
*/

/* The same, and merge nodes if entries went and some may now fit into one. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), m->root, mirror_root;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures live: mirror_live <= \old(mirror_live);
    ensures stray: \old(no_stray) ==> no_stray;
    ensures map: same_map(tree, \old(tree));
*/
static void map_tidy(struct mem_alloc *m, const struct map_way *way, struct fit_mark old, bool may_merge)
{
  //@ ghost struct tree_state b = tree;
  map_lower_for(m, way, old);
  if (may_merge) {
    //@ ghost lemma_way_above(way);
    map_compact(m, way);
  }
  //@ assert map: same_map(tree, b);
  //@ ghost lemma_runs_kept(b);
}

/*
 * Let the runs at the ends of the ways, which are neighbours, start and last being their first and last
 * address, be one, in that state.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires valid: \valid_read(left) && \valid_read(right);
    requires left: way_ok(left, 0);
    requires right: way_ok(right, 0);
    requires meet: ways_meet(left, right);
    requires more: left->node[0] != right->node[0] ==> mirror_count[right->node[0]] >= 2;
    requires exact: tags_exact;
    requires homes: all_homes;
    requires range: start == WAY_START(left) && last == run_last(WAY_START(right));
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
    ensures painted: painted(tree, \old(tree), start, last, state);
*/
static void map_join_ways(struct mem_alloc *m, const struct map_way *left, const struct map_way *right,
                          uint64_t start, uint64_t last, uint8_t state)
{
  //@ assert left_leaf: node_is(left->node[0]) && mirror_level[left->node[0]] == 0;
  //@ assert right_leaf: node_is(right->node[0]) && mirror_level[right->node[0]] == 0;
  //@ ghost lemma_entry_run((uint32_t)left->node[0], (uint32_t)left->slot[0]);
  //@ ghost lemma_entry_run((uint32_t)right->node[0], (uint32_t)right->slot[0]);
  const struct fit_mark old = map_mark_at(m, map_way_node(right, 0), map_way_slot(right, 0));
  //@ ghost struct tree_state b = tree;
  const struct fit_mark mark = map_raise_for(m, left, start, last, state);
  //@ ghost struct tree_state raised = tree;
  //@ assert same: same_map(raised, b);
  //@ assert right: way_ok(right, 0);
  map_join_pair(m, left, right, mark);
  //@ ghost struct tree_state joined = tree;
  map_tidy(m, right, old, true);
  //@ ghost lemma_paint_kept(b, raised, joined, start, last, mark.tag, state);
}

/*@ // the runs on both sides of boundary are in that state
    predicate both_in(struct tree_state b, integer boundary, integer state) =
      state_in(b, boundary - 1) == state && state_of(run_code_in(b, boundary)) == state;
*/

/* A way is one by what is stored in it. */
/*@ ghost
/@ requires valid: \valid_read(way);
 @ requires top: way_top(way, 0) && way_nodes(way, 0);
 @ requires slots: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
     0 <= way->slot[l] < mirror_count[way->node[l]];
 @ requires links: \forall integer l; 0 < l <= mirror_level[mirror_root] ==>
     mirror_child[way->node[l]].v[way->slot[l]] == way->node[l - 1];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_ok(way, 0); @/
static void lemma_way_ok(const struct map_way *way)
{
}
*/

/* Join the run that starts at boundary > 0 with the one below, if both are in that state. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires boundary: 0 < boundary && run_starts(boundary);
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
    ensures painted: both_in(\old(tree), boundary, state) ==> painted(tree, \old(tree),
      home_in(\old(tree), boundary - 1), run_last_in(\old(tree), boundary), state);
    ensures codes: !both_in(\old(tree), boundary, state) ==> same_codes(tree, \old(tree));
    ensures lasts: !both_in(\old(tree), boundary, state) ==> same_lasts(tree, \old(tree));
    ensures same: !both_in(\old(tree), boundary, state) ==> same_homes(tree, \old(tree));
*/
static void map_join_across(struct mem_alloc *m, uint64_t boundary, uint8_t state)
{
  struct map_way left_way;
  struct map_way right_way;
  struct map_cursor left;
  struct map_cursor right;
  //@ ghost struct tree_state b = tree;
  /* The leaf may lose its first entry: it needs a second one. */
  map_thicken(m, boundary);
  //@ ghost struct tree_state thick = tree;
  //@ assert map: same_map(thick, b);
  //@ ghost lemma_runs_kept(b);
  left = map_find(m, boundary - 1u, &left_way);
  //@ assert left_way: way_ok(&left_way, 0) && cursor_run(left, &left_way);
  /*@ assert left_slots: \forall integer l; 0 <= l <= mirror_level[mirror_root] ==>
        0 <= left_way.slot[l] < mirror_count[left_way.node[l]]; */
  /*@ assert left_links: \forall integer l; 0 < l <= mirror_level[mirror_root] ==>
        mirror_child[left_way.node[l]].v[left_way.slot[l]] == left_way.node[l - 1]; */
  //@ ghost Found: ;
  right = map_find(m, boundary, &right_way);
  /*@ assert nodes: \forall integer l; 0 <= l < MAP_LEVELS ==>
        left_way.node[l] == \at(left_way.node[l], Found); */
  /*@ assert slots: \forall integer l; 0 <= l < MAP_LEVELS ==>
        left_way.slot[l] == \at(left_way.slot[l], Found); */
  //@ assert height: mirror_level[mirror_root] < MAP_LEVELS;
  //@ ghost lemma_way_ok(&left_way);
  //@ assert below: left.last == boundary - 1;
  //@ assert above: right.start == boundary;
  //@ assert home: home(boundary - 1) == left.start;
  if (map_state(left.tag) == state && map_state(right.tag) == state) {
    map_join_ways(m, &left_way, &right_way, left.start, right.last, state);
    //@ ghost lemma_paint_kept(b, thick, tree, left.start, right.last, state, state);
  }
}

/* Is there an entry at slot of leaf x, in that state? */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> slot < mirror_count[x] && state_of(mirror_tag[x].v[slot] + 1) == state;
*/
static bool map_is_like(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot < pool_count(m, x) && map_state(pool_tag(m, x, slot)) == state;
}

/*@ // where the run at slot of leaf x starts and ends once it is joined with its left and right neighbours
    logic integer near_first(struct tree_state t, integer x, integer slot, integer left) =
      left != 0 ? t.rows.key[x].v[slot - 1] : t.rows.key[x].v[slot];
    logic integer near_last(struct tree_state t, integer x, integer slot, integer right) =
      run_last_in(t, right != 0 ? t.rows.key[x].v[slot + 1] : t.rows.key[x].v[slot]);
*/

/*
 * Let the run at slot of leaf x be of that mark, which is also that of the like neighbours it is joined with.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
    requires nest: nest_in(tree, x);
    requires left: joins_left ==> slot > 0;
    requires right: joins_right ==> slot + 1 < mirror_count[x];
    requires bin: bin_right(mark.tag, mark.bin, near_first(tree, x, slot, joins_left),
                            near_last(tree, x, slot, joins_right));
    requires tag: tag_right(mark.tag, near_first(tree, x, slot, joins_left),
      near_last(tree, x, slot, joins_right));
    requires below: code_below_in(tree, x, mark.tag + 1);
    requires size: mark.tag >= FIT_FREE ==> size_below_in(tree, x,
      near_last(tree, x, slot, joins_right) - near_first(tree, x, slot, joins_left) + 1);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_key[x], mirror_tag[x], mirror_bin[x], mirror_child[x],
      mirror_count[x], EDIT_RUNS;
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures exact: tags_exact;
    ensures homes: all_homes;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures painted: painted(tree, \old(tree), near_first(\old(tree), x, slot, joins_left),
      near_last(\old(tree), x, slot, joins_right), mark.tag);
*/
static void map_join_near(struct mem_alloc *m, uint32_t x, uint32_t slot, bool joins_left, bool joins_right,
                          struct fit_mark mark)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t here = mirror_key[x].v[slot];
  //@ ghost lemma_entry_run(x, slot);
  //@ ghost if (joins_left) lemma_entry_run(x, slot - 1);
  //@ ghost if (joins_right) lemma_entry_run(x, slot + 1);
  //@ ghost uint64_t s = joins_left ? mirror_key[x].v[slot - 1] : here;
  //@ ghost uint64_t e = runs_get_last(joins_right ? mirror_key[x].v[slot + 1] : here);
  //@ assert span: s == near_first(b, x, slot, joins_left) && e == near_last(b, x, slot, joins_right);
  //@ assert order: s <= here <= e;
  //@ assert first_but: joins_right ==> tags_exact_but(tree, here, mirror_key[x].v[slot + 1]);
  if (joins_right) {
    map_join_run(m, x, slot, mark);
    //@ assert joined_but: tags_exact_but(tree, here, here);
  }
  //@ ghost struct tree_state a = tree;
  //@ assert kept_but: !joins_right ==> tags_exact_but(tree, here, here);
  //@ assert last: run_last(here) == e;
  //@ assert some: joins_right ==> painted(a, b, here, e, mark.tag);
  //@ assert none: !joins_right ==> same_map(a, b);
  //@ assert homes: all_homes;
  //@ assert stray: no_stray_in(b) ==> no_stray;
  //@ assert nest: nest_in(tree, x);
  //@ assert below: code_below_in(tree, x, mark.tag + 1);
  //@ assert keys: mirror_key[x].v[slot] == here && (joins_left ==> mirror_key[x].v[slot - 1] == s);
  //@ assert size: mark.tag >= FIT_FREE ==> size_below_in(tree, x, e - s + 1);
  //@ assert but: tags_exact_but(tree, here, here);
  //@ assert second_but: tags_exact_but(tree, s, here);
  //@ assert right: !joins_left && joins_right ==> tags_exact;
  if (joins_left) {
    map_join_run(m, x, slot - 1u, mark);
    //@ ghost lemma_paint_over(b, a, here, e, mark.tag, s, e, mark.tag);
  }
  if (!joins_left && !joins_right) {
    map_set_mark(m, x, slot, mark);
    //@ ghost lemma_paint_over(b, a, here, e, mark.tag, s, e, mark.tag);
  }
}

/*
 * Let the run at the end of the way be one in that state with those of its neighbours in the leaf that it
 * joins: [start, last].
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires valid: \valid_read(way);
    requires way: way_ok(way, 0);
    requires left: joins_left ==> way->slot[0] > 0;
    requires right: joins_right ==> way->slot[0] + 1 < mirror_count[way->node[0]];
    requires first: start == near_first(tree, way->node[0], way->slot[0], joins_left);
    requires last: last == near_last(tree, way->node[0], way->slot[0], joins_right);
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
    ensures painted: painted(tree, \old(tree), start, last, state);
*/
static void map_paint_near(struct mem_alloc *m, const struct map_way *way, bool joins_left, bool joins_right,
                           uint64_t start, uint64_t last, uint8_t state)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  //@ assert leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
  //@ ghost lemma_entry_run(x, slot);
  //@ ghost if (joins_left) lemma_entry_run(x, slot - 1);
  //@ ghost if (joins_right) lemma_entry_run(x, slot + 1);
  //@ assert order: start <= last;
  const struct fit_mark old = map_mark_at(m, x, slot);
  const bool may_merge = (joins_left || joins_right) && map_may_merge(m, way);
  //@ ghost struct tree_state b = tree;
  const struct fit_mark mark = map_raise_for(m, way, start, last, state);
  //@ ghost struct tree_state raised = tree;
  //@ assert same: same_map(raised, b);
  //@ assert first: start == near_first(tree, x, slot, joins_left);
  //@ assert last: last == near_last(tree, x, slot, joins_right);
  map_join_near(m, x, slot, joins_left, joins_right, mark);
  //@ ghost struct tree_state near = tree;
  //@ assert places: runs_places(tree, raised);
  //@ assert counts: same_counts(tree, raised, x, x, x);
  //@ assert children: same_children(tree, raised, x, x, x);
  //@ ghost lemma_way_kept(raised, x, way);
  map_tidy(m, way, old, may_merge);
  //@ ghost lemma_paint_kept(b, raised, near, start, last, mark.tag, state);
}

/*
 * What is painted up to last, where a run ended, and joined there, is painted up to the end of a like one
 * above;
 */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_code_in(b, s) != 0 && run_last_in(b, s) == last < TREE_TOP && from <= s <= last;
 @ requires state: state == FIT_FREE || state == FIT_ABSENT;
 @ requires painted: painted(a, b, from, last, state);
 @ requires joined: both_in(a, last + 1, state) ==>
     painted(tree, a, home_in(a, last), run_last_in(a, last + 1), state);
 @ requires same: !both_in(a, last + 1, state) ==> same_map(tree, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, from, paint_last(b, last, state), state); @/
static void lemma_paint_above(struct tree_state b, struct tree_state a, uint64_t s, uint64_t from,
  uint64_t last,
                              uint8_t state)
{
  lemma_home_above(b, s);
  /@ assert below: home_in(a, last) == from && state_in(a, last) == state; @/
  /@ assert above: run_code_in(a, last + 1) == run_code_in(b, last + 1) &&
       run_last_in(a, last + 1) == run_last_in(b, last + 1); @/
  /@ assert end: last + 1 <= run_last_in(b, last + 1); @/
}
*/

/* and what is painted from a run's start on from the start of a like one below. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_code_in(b, from) != 0 && 0 < from <= to;
 @ requires state: state == FIT_FREE || state == FIT_ABSENT;
 @ requires painted: painted(a, b, from, to, state);
 @ requires joined: both_in(a, from, state) ==>
     painted(tree, a, home_in(a, from - 1), run_last_in(a, from), state);
 @ requires same: !both_in(a, from, state) ==> same_map(tree, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, paint_first(b, from, state), to, state); @/
static void lemma_paint_below(struct tree_state b, struct tree_state a, uint64_t from, uint64_t to,
  uint8_t state)
{
  lemma_home_below(b, from);
  /@ assert below: home_in(a, from - 1) == home_in(b, from - 1) &&
       state_in(a, from - 1) == state_in(b, from - 1); @/
  /@ assert above: state_of(run_code_in(a, from)) == state && run_last_in(a, from) == to; @/
  /@ assert start: home_in(b, from - 1) < from; @/
  /@ assert both: both_in(a, from, state) ==> painted(tree, b, home_in(b, from - 1), to, state); @/
  /@ assert none: !both_in(a, from, state) ==> painted(tree, b, from, to, state); @/
  /@ assert lower: both_in(a, from, state) ==> paint_first(b, from, state) == home_in(b, from - 1); @/
  /@ assert here: !both_in(a, from, state) ==> paint_first(b, from, state) == from; @/
  /@ assert joins: both_in(a, from, state) ==> painted(tree, b, paint_first(b, from, state), to, state); @/
  /@ assert stays: !both_in(a, from, state) ==> painted(tree, b, paint_first(b, from, state), to, state); @/
}
*/

/* How far a run that is painted joins its neighbours in the leaf. */
/*@ ghost
/@ requires shape: all_shape(MAP_LEVELS);
 @ requires sorted: all_sorted;
 @ requires bounds: all_bounds;
 @ requires hits: all_hits;
 @ requires homes: all_homes;
 @ requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures code: run_code(mirror_key[x].v[slot]) != 0;
 @ ensures run: run_last(mirror_key[x].v[slot]) == slot_last(x, slot, node_hi[x]);
 @ ensures order: mirror_key[x].v[slot] <= run_last(mirror_key[x].v[slot]) <= node_hi[x];
 @ ensures left: 0 < slot ==> mirror_key[x].v[slot - 1] < mirror_key[x].v[slot] &&
     paint_first(tree, mirror_key[x].v[slot], state) ==
       (state_of(mirror_tag[x].v[slot - 1] + 1) == state ? mirror_key[x].v[slot - 1] : mirror_key[x].v[slot]);
 @ ensures right: slot + 1 < mirror_count[x] ==>
     run_last(mirror_key[x].v[slot]) < run_last(mirror_key[x].v[slot + 1]) &&
     run_last(mirror_key[x].v[slot]) < node_hi[x] &&
     paint_last(tree, run_last(mirror_key[x].v[slot]), state) ==
       (state_of(mirror_tag[x].v[slot + 1] + 1) == state ? run_last(mirror_key[x].v[slot + 1]) :
        run_last(mirror_key[x].v[slot]));
 @ ensures end: slot + 1 >= mirror_count[x] ==> run_last(mirror_key[x].v[slot]) == node_hi[x]; @/
static void lemma_paint_range(uint32_t x, uint32_t slot, uint8_t state)
{
  lemma_entry_run(x, slot);
  if (0 < slot) {
    lemma_entry_run(x, slot - 1);
    /@ assert below: run_last(mirror_key[x].v[slot - 1]) == mirror_key[x].v[slot] - 1; @/
    /@ assert home: home(mirror_key[x].v[slot] - 1) == mirror_key[x].v[slot - 1]; @/
  }
  if (slot + 1 < mirror_count[x]) {
    lemma_entry_run(x, slot + 1);
    /@ assert above: run_last(mirror_key[x].v[slot]) + 1 == mirror_key[x].v[slot + 1]; @/
  }
}
*/

/* Is the left neighbour in the leaf in that state? */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && slot < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> 0 < slot && state_of(mirror_tag[x].v[slot - 1] + 1) == state;
*/
static bool map_joins_left(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot > 0u && map_is_like(m, x, slot - 1u, state);
}

/* Where the run at slot of leaf x starts, with its left neighbour if it joins that; */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && slot < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    requires left: joins_left ==> 0 < slot;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == near_first(tree, x, slot, joins_left);
*/
static uint64_t map_near_first(const struct mem_alloc *m, uint32_t x, uint32_t slot, bool joins_left)
{
  uint64_t start = pool_key(m, x, slot);
  if (joins_left) {
    start = pool_key(m, x, slot - 1u);
  }
  return start;
}

/* and where it ends, with its right one. By itself it ends at run_last, the leaf at leaf_last. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x];
    requires right: joins_right ==> slot + 1 < mirror_count[x];
    requires ends: run_last == run_last(mirror_key[x].v[slot]) && leaf_last == node_hi[x];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == near_last(tree, x, slot, joins_right);
*/
static uint64_t map_near_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, bool joins_right,
                              uint64_t run_last, uint64_t leaf_last)
{
  uint64_t last = run_last;
  if (joins_right) {
    //@ assert own: leaf_hits(x);
    //@ assert end: ends_in(tree, x, slot + 1, run_last(mirror_key[x].v[slot + 1]), node_hi[x]);
    last = map_slot_last(m, x, slot + 1u, leaf_last);
  }
  return last;
}

/* A run as it is. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_starts_in(b, s);
 @ requires state: state == FIT_FREE || state == FIT_ABSENT;
 @ requires like: state_of(run_code_in(b, s)) == state;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: s <= run_last_in(b, s) <= TREE_TOP;
 @ ensures painted: painted(b, b, s, run_last_in(b, s), state); @/
static void lemma_paint_none(struct tree_state b, uint64_t s, uint8_t state)
{
  /@ assert own: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert inside: \forall integer k; s <= k <= run_last_in(b, s) ==> home_in(b, k) == s; @/
  /@ assert alone: \forall integer k; s < k <= run_last_in(b, s) ==> run_code_in(b, k) == 0; @/
}
*/

/* Join the run that ends at last, which is in that state, with a like one above, if there is one; */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires run: run_last(home(last)) == last;
    requires like: state_in(tree, last) == state;
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
    ensures painted: painted(tree, \old(tree), home_in(\old(tree), last), paint_last(\old(tree), last, state),
      state);
*/
static void map_join_above(struct mem_alloc *m, uint64_t last, uint8_t state)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t start = runs_get_home(last);
  //@ ghost lemma_paint_none(b, start, state);
  if (last < UINT64_MAX) {
    //@ ghost lemma_home_above(b, start);
    map_join_across(m, last + 1u, state);
    //@ ghost lemma_paint_above(b, b, start, start, last, state);
  }
}

/* and the one at start with one below. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires homes: all_homes;
    requires run: run_starts(start);
    requires like: state_of(run_code(start)) == state;
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
    ensures painted: painted(tree, \old(tree), paint_first(\old(tree), start, state),
      run_last_in(\old(tree), start),
                             state);
*/
static void map_join_below(struct mem_alloc *m, uint64_t start, uint8_t state)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t last = runs_get_last(start);
  //@ ghost lemma_paint_none(b, start, state);
  if (start > 0u) {
    map_join_across(m, start, state);
    //@ ghost lemma_paint_below(b, b, start, last, state);
  }
}

/* What is painted, and then joined above, is painted farther; */
/*@ ghost
/@ requires homes: homes_in(a);
 @ requires range: from <= last;
 @ requires painted: painted(a, b, from, last, state);
 @ requires joined: painted(tree, a, home_in(a, last), paint_last(a, last, state), state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, from, paint_last(b, last, state), state); @/
static void lemma_paint_farther(struct tree_state b, struct tree_state a, uint64_t from, uint64_t last,
                                uint8_t state)
{
  /@ assert start: home_in(a, last) == from; @/
  /@ assert above: run_code_in(a, last + 1) == run_code_in(b, last + 1) &&
       run_last_in(a, last + 1) == run_last_in(b, last + 1); @/
  /@ assert end: last <= paint_last(a, last, state) == paint_last(b, last, state); @/
}
*/

/* and so below. */
/*@ ghost
/@ requires homes: homes_in(a) && homes_in(b);
 @ requires run: run_starts_in(b, from);
 @ requires range: from <= to;
 @ requires painted: painted(a, b, from, to, state);
 @ requires joined: painted(tree, a, paint_first(a, from, state), run_last_in(a, from), state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures painted: painted(tree, b, paint_first(b, from, state), to, state); @/
static void lemma_paint_lower(struct tree_state b, struct tree_state a, uint64_t from, uint64_t to,
  uint8_t state)
{
  if (0 < from) {
    lemma_home_below(b, from);
    /@ assert below: home_in(a, from - 1) == home_in(b, from - 1) &&
         state_in(a, from - 1) == state_in(b, from - 1); @/
    /@ assert lower: home_in(b, from - 1) < from; @/
    /@ assert first: paint_first(a, from, state) == paint_first(b, from, state) &&
         paint_first(b, from, state) <= from; @/
  } else {
    /@ assert zero: paint_first(a, from, state) == 0 && paint_first(b, from, state) == 0; @/
  }
  /@ assert start: paint_first(a, from, state) == paint_first(b, from, state) <= from; @/
}
*/

void map_paint(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t leaf_last,
  uint8_t state)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  //@ assert leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x] <= MEM_ALLOC_FAN_OUT;
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = mirror_key[x].v[slot];
  //@ ghost lemma_paint_range(x, slot, state);
  const bool joins_left = map_joins_left(m, x, slot, state);
  const bool joins_right = map_is_like(m, x, slot + 1u, state);
  const uint64_t start = map_near_first(m, x, slot, joins_left);
  const uint64_t last = map_near_last(m, x, slot, joins_right, run_last, leaf_last);
  //@ assert left: 0 < slot ==> start == paint_first(b, s, state);
  //@ assert here: slot == 0 ==> start == s;
  //@ assert right: joins_right || run_last < leaf_last ==> last == paint_last(b, run_last, state);
  //@ assert end: !joins_right ==> last == run_last;
  //@ assert range: start <= s <= run_last <= last;
  map_paint_near(m, way, joins_left, joins_right, start, last, state);
  //@ ghost struct tree_state near = tree;
  if (!joins_right && last == leaf_last) {
    map_join_above(m, last, state);
    //@ ghost lemma_paint_farther(b, near, start, last, state);
  }
  //@ assert above: painted(tree, b, start, paint_last(b, run_last, state), state);
  //@ ghost struct tree_state above = tree;
  if (slot == 0u) {
    //@ ghost uint64_t to = runs_get_last(start);
    map_join_below(m, start, state);
    //@ ghost lemma_paint_lower(b, above, start, to, state);
  }
}

bool map_carve_out(struct mem_alloc *m, struct map_way *way, uint64_t run_last, uint64_t first, uint64_t last,
                   uint8_t tag)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t start = mirror_key[way->node[0]].v[way->slot[0]];
  //@ ghost uint8_t like = mirror_tag[way->node[0]].v[way->slot[0]];
  //@ assert hits: leaf_hits(way->node[0]);
  //@ assert code: run_code_in(b, start) == like + 1 && run_last_in(b, start) == run_last;
  //@ assert home: home_in(b, first) == start;
  bool room = map_has_room(m, way, run_last, first, last);
  if (!room) {
    const struct map_cursor cursor = map_find_room(m, first, way);
    room = cursor.found;
    //@ assert codes: same_codes(tree, b);
    //@ assert lasts: same_lasts(tree, b);
    //@ assert homes: same_homes(tree, b);
    //@ ghost lemma_space_kept(b);
    //@ assert again: cursor.start == start;
  }
  //@ ghost struct tree_state c = tree;
  //@ assert start: mirror_key[way->node[0]].v[way->slot[0]] == start;
  //@ assert like: mirror_tag[way->node[0]].v[way->slot[0]] == like;
  if (room) {
    map_carve(m, way, run_last, first, last, tag);
    //@ ghost space_carved(b, c, start, run_last, first, last, tag, like);
  }
  return room;
}
