/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"
#include "../proofs/keep.h"
#include "../proofs/runs.h"

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
    ensures exact: \old(tags_exact) &&
      tag_right(mark.tag, mirror_key[x].v[slot], run_last(mirror_key[x].v[slot])) ==> tags_exact;
    ensures stray: \old(no_stray) ==> no_stray;
    ensures entry: mirror_tag[x].v[slot] == mark.tag && mirror_bin[x].v[slot] == mark.bin;
    ensures code: run_code(mirror_key[x].v[slot]) == mark.tag + 1;
    ensures codes: codes_but(tree, \old(tree), mirror_key[x].v[slot], mirror_key[x].v[slot]);
    ensures lasts: same_lasts(tree, \old(tree));
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
  //@ assert rows: cut_rows(tree, b, x, slot, address);
  /*@ assert below: \forall integer j; 0 <= j < slot ==>
        mirror_tag[x].v[j] == b.tag[x].v[j] && mirror_bin[x].v[j] == b.bin[x].v[j]; */
  /*@ assert above_tags: \forall integer j; slot + 1 < j <= b.count[x] ==>
        mirror_tag[x].v[j] == b.tag[x].v[j - 1]; */
  /*@ assert above_bins: \forall integer j; slot + 1 < j <= b.count[x] ==>
        mirror_bin[x].v[j] == b.bin[x].v[j - 1]; */
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

/*@ // the way leads through that tree
    predicate way_in{L}(struct tree_state t, struct map_way *way) =
      way->node[t.level[t.root]] == t.root &&
      (\forall integer l; 0 <= l <= t.level[t.root] ==>
        node_is_in(t, way->node[l]) && t.level[way->node[l]] == l &&
        0 <= way->slot[l] < t.count[way->node[l]]) &&
      (\forall integer l; 0 < l <= t.level[t.root] ==>
        t.child[way->node[l]].v[way->slot[l]] == way->node[l - 1]);

    // t has the nodes of b, none with fewer entries, and the same children
    predicate way_same(struct tree_state t, struct tree_state b) =
      runs_places(t, b) && (\forall integer y; b.count[y] <= t.count[y]) &&
      \forall integer y, j; 0 <= y < TREE_NODES && b.level[y] > 0 ==> t.child[y].v[j] == b.child[y].v[j];
*/

/* A way stays one if leaves only get entries. */
/*@ ghost
/@ requires root: root_ok_in(b) && 0 <= b.level[b.root];
 @ requires way: way_in(b, way);
 @ requires same: way_same(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures way: way_ok(way, 0); @/
static void lemma_way_kept(struct tree_state b, const struct map_way *way)
{
  /@ assert root: same_place(tree, b, b.root) && mirror_root == b.root; @/
  /@ assert places: \forall integer l; 0 <= l <= b.level[b.root] ==> same_place(tree, b, way->node[l]); @/
  /@ assert top: way_top(way, 0); @/
  /@ assert nodes: way_nodes(way, 0); @/
  /@ assert slots: way_slots(way, 0); @/
  /@ assert inner: \forall integer l; 0 < l <= b.level[b.root] ==>
       mirror_child[way->node[l]].v[way->slot[l]] == b.child[way->node[l]].v[way->slot[l]]; @/
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
 @ ensures nest: nest_in(tree, way->node[0]); @/
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

/*
 * Let a run of that mark start at first, in the run at slot of leaf x, and reach to its end; what is before it
 * stays like that tag. Returns its slot.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
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

void map_carve(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t first, uint64_t last,
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
  //@ assert numbers: mirror_capacity == b.capacity && mirror_root == b.root;
  //@ assert place: \forall integer y; same_place(tree, b, y);
  //@ assert places: runs_places(tree, b);
  //@ assert counts: \forall integer y; b.count[y] <= mirror_count[y];
  //@ assert inner: \forall integer y; 0 <= y < TREE_NODES && b.level[y] > 0 ==> y != x;
  /*@ assert children: \forall integer y, j; 0 <= y < TREE_NODES && b.level[y] > 0 ==>
        mirror_child[y].v[j] == b.child[y].v[j]; */
  //@ assert same: way_same(tree, b);
  //@ ghost lemma_way_kept(b, way);
  //@ ghost struct tree_state back = tree;
  if (old.tag >= FIT_FREE) {
    map_lower(m, way, old);
    //@ assert codes: same_codes(tree, back);
    //@ assert lasts: same_lasts(tree, back);
    //@ ghost lemma_runs_kept(back);
  }
}

/* Let the runs at slot and slot + 1 of leaf x be one, of that mark. */
static void map_join_run(struct mem_alloc *m, uint32_t x, uint32_t slot, struct fit_mark mark)
{
  pool_erase(m, x, slot + 1u);
  pool_set_tag(m, x, slot, mark.tag);
  pool_set_bin(m, x, slot, mark.bin);
}

/* Let start be the key of every entry on the way above level that leads to a node's first entry. */
static void map_shift_keys(struct mem_alloc *m, const struct map_way *way, uint64_t start)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  while (level < top && map_way_slot(way, level) == 0u) {
    level++;
    pool_set_key(m, map_way_node(way, level), map_way_slot(way, level), start);
  }
}

/*
 * Let the last run of the left way's leaf and the first of the right way's, which is the next leaf and has more,
 * be one, of that mark, in the left leaf. The boundary between the two leaves, and of all nodes above them that
 * meet there, moves to the end of the run.
 */
static void map_join_leaves(struct mem_alloc *m, const struct map_way *left, const struct map_way *right,
                            struct fit_mark mark)
{
  const uint32_t x = map_way_node(left, 0);
  const uint32_t z = map_way_node(right, 0);
  pool_set_tag(m, x, map_way_slot(left, 0), mark.tag);
  pool_set_bin(m, x, map_way_slot(left, 0), mark.bin);
  pool_erase(m, z, 0);
  map_shift_keys(m, right, pool_key(m, z, 0));
}

/* Join the run that starts at boundary > 0 with the one below, if both are in that state. */
static void map_join_across(struct mem_alloc *m, uint64_t boundary, uint8_t state)
{
  struct map_way left_way;
  struct map_way right_way;
  struct map_cursor left;
  struct map_cursor right;
  /* The leaf may lose its first entry: it needs a second one. */
  map_thicken(m, boundary);
  left = map_find(m, boundary - 1u, &left_way);
  right = map_find(m, boundary, &right_way);
  if (map_state(left.tag) == state && map_state(right.tag) == state) {
    const struct fit_mark mark = map_mark(state, left.start, right.last);
    const struct fit_mark old = map_mark_at(m, map_way_node(&right_way, 0), map_way_slot(&right_way, 0));
    if (state == FIT_FREE) {
      map_raise(m, &left_way, mark);
    }
    /* Making the leaf thicker may have brought the two into one. */
    if (map_way_node(&left_way, 0) == map_way_node(&right_way, 0)) {
      map_join_run(m, map_way_node(&left_way, 0), map_way_slot(&left_way, 0), mark);
    } else {
      map_join_leaves(m, &left_way, &right_way, mark);
    }
    if (state == FIT_FREE) {
      map_lower(m, &right_way, old);
    }
    map_compact(m, &right_way);
  }
}

/* Is there an entry at slot of leaf x, in that state? */
static bool map_is_like(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint8_t state)
{
  return slot < pool_count(m, x) && map_state(pool_tag(m, x, slot)) == state;
}

/* Let the run at slot of leaf x be of that mark, which is also that of the like neighbours it is joined with. */
static void map_join_near(struct mem_alloc *m, uint32_t x, uint32_t slot, bool joins_left, bool joins_right,
                          struct fit_mark mark)
{
  if (joins_right) {
    map_join_run(m, x, slot, mark);
  }
  if (joins_left) {
    map_join_run(m, x, slot - 1u, mark);
  }
  if (!joins_left && !joins_right) {
    map_set_mark(m, x, slot, mark);
  }
}

void map_paint(struct mem_alloc *m, const struct map_way *way, uint64_t run_last, uint64_t leaf_last, uint8_t state)
{
  const uint32_t x = map_way_node(way, 0);
  const uint32_t slot = map_way_slot(way, 0);
  const bool joins_left = slot > 0u && map_is_like(m, x, slot - 1u, state);
  const bool joins_right = map_is_like(m, x, slot + 1u, state);
  uint64_t start = pool_key(m, x, slot);
  uint64_t last = run_last;
  const struct fit_mark old = map_mark_at(m, x, slot);
  struct fit_mark mark;
  if (joins_left) {
    start = pool_key(m, x, slot - 1u);
  }
  if (joins_right) {
    last = map_slot_last(m, x, slot + 1u, leaf_last);
  }
  mark = map_mark(state, start, last);
  if (state == FIT_FREE) {
    map_raise(m, way, mark);
  }
  map_join_near(m, x, slot, joins_left, joins_right, mark);
  if (old.tag >= FIT_FREE) {
    map_lower(m, way, old);
  }
  if (joins_left || joins_right) {
    map_compact(m, way);
  }
  if (!joins_right && last == leaf_last && last < UINT64_MAX) {
    map_join_across(m, last + 1u, state);
  }
  if (!joins_left && slot == 0u && start > 0u) {
    map_join_across(m, start, state);
  }
}

bool map_carve_out(struct mem_alloc *m, struct map_way *way, uint64_t run_last, uint64_t first, uint64_t last,
                   uint8_t tag)
{
  bool room = map_has_room(m, way, run_last, first, last);
  if (!room) {
    room = map_find_room(m, first, way).found;
  }
  if (room) {
    map_carve(m, way, run_last, first, last, tag);
  }
  return room;
}
