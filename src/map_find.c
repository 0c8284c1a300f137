/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

bool map_exists(const struct mem_alloc *m)
{
  return pool_root(m) != 0u;
}

uint64_t map_slot_last(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  return pool_slot_last(m, x, slot, last);
}

/* Put node x, with slot, at level of a way that has come down to the level above. */
/*@ requires valid: \valid(way);
    requires level: level <= mirror_level[mirror_root] < MAP_LEVELS;
    requires node: node_is(x) && mirror_level[x] == level && slot < mirror_count[x];
    requires top: level == mirror_level[mirror_root] ==> x == mirror_root;
    requires link: level < mirror_level[mirror_root] ==>
      mirror_child[way->node[level + 1]].v[way->slot[level + 1]] == x;
    requires way: way_ok(way, level + 1);
    terminates \true;
    exits \false;
    assigns way->node[level], way->slot[level];
    ensures put: way->node[level] == x && way->slot[level] == slot;
    ensures way_top: way_top(way, level);
    ensures way_nodes: way_nodes(way, level);
    ensures way_slots: way_slots(way, level);
    ensures way_links: way_links(way, level);
*/
static inline void map_way_put(struct map_way *way, uint32_t level, uint32_t x, uint32_t slot)
{
  way->node[level] = x;
  way->slot[level] = slot;
  /*@ assert nodes: \forall integer l; level < l < MAP_LEVELS ==> way->node[l] == \at(way->node[l], Pre); */
  /*@ assert slots: \forall integer l; level < l < MAP_LEVELS ==> way->slot[l] == \at(way->slot[l], Pre); */
}

/* Complete a way that has come to slot of leaf x, which ends at leaf_last. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires leaf: node_is(x) && mirror_level[x] == 0 && slot < mirror_count[x] && leaf_last == node_hi[x];
    requires valid: \valid(way);
    requires way: way_ok(way, 1);
    requires top: mirror_level[mirror_root] == 0 ==> x == mirror_root;
    requires link: mirror_level[mirror_root] > 0 ==> mirror_child[way->node[1]].v[way->slot[1]] == x;
    terminates \true;
    exits \false;
    assigns way->node[0], way->slot[0];
    ensures glue: glue(m);
    ensures place: way->node[0] == x && way->slot[0] == slot;
    ensures run: cursor_run(\result, way);
    ensures way: way_ok(way, 0);
    ensures start: run_code(\result.start) == \result.tag + 1;
    ensures last: run_last(\result.start) == \result.last;
    ensures alone: \forall integer k; \result.start < k <= \result.last ==> run_code(k) == 0;
    ensures order: \result.start <= \result.last;
    ensures found: \result.found;
*/
static inline struct map_cursor map_arrive(const struct mem_alloc *m, uint32_t x, uint32_t slot,
  uint64_t leaf_last,
                                           struct map_way *way)
{
  struct map_cursor cursor;
  map_way_put(way, 0, x, slot);
  cursor.leaf_last = leaf_last;
  cursor.start = pool_key(m, x, slot);
  cursor.last = map_slot_last(m, x, slot, leaf_last);
  cursor.place = 0;
  cursor.tag = pool_tag(m, x, slot);
  cursor.found = true;
  return cursor;
}

struct map_cursor map_find(const struct mem_alloc *m, uint64_t address, struct map_way *way)
{
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = pool_rank(m, x, address) - 1u;
  /*@ loop invariant glue: glue(m);
      loop invariant node: node_is(x) && level == mirror_level[x] <= mirror_level[mirror_root] < MAP_LEVELS;
      loop invariant last: last == node_hi[x];
      loop invariant range: node_lo[x] <= address <= node_hi[x];
      loop invariant slot: slot < mirror_count[x] && mirror_key[x].v[slot] <= address;
      loop invariant next: slot + 1 < mirror_count[x] ==> address < mirror_key[x].v[slot + 1];
      loop invariant top: level == mirror_level[mirror_root] ==> x == mirror_root;
      loop invariant below: level < mirror_level[mirror_root] ==>
        mirror_child[way->node[level + 1]].v[way->slot[level + 1]] == x;
      loop invariant way_top: way_top(way, level + 1);
      loop invariant way_nodes: way_nodes(way, level + 1);
      loop invariant way_slots: way_slots(way, level + 1);
      loop invariant way_links: way_links(way, level + 1);
      loop assigns *way, x, last, slot, level;
      loop variant level;
  */
  while (level > 0u) {
    map_way_put(way, level, x, slot);
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
    slot = pool_rank(m, x, address) - 1u;
    level--;
  }
  return map_arrive(m, x, slot, last, way);
}

/*@
  // what slot j of x stands for is too small
  predicate slot_fails(integer x, integer j, struct fit_request r) =
    mirror_tag[x].v[j] < r.least || mirror_bin[x].v[j] < r.bin;

  // no run that starts in [from, last] passes
  predicate none_passes(integer from, integer last, struct fit_request r) =
    \forall integer k; from <= k <= last ==> !run_passes(k, r);
*/

/* What a failing slot of an inner node stands for holds no run that passes; */
/*@ ghost
/@ requires tree: tree_ok(MAP_LEVELS) && node_is(x) && mirror_level[x] > 0 && j < mirror_count[x];
 @ requires fails: request_ok(request) && slot_fails(x, j, request);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures none: none_passes(mirror_key[x].v[j], slot_last(x, j, node_hi[x]), request); @/
static void lemma_child_fails(uint32_t x, uint32_t j, struct fit_request request)
{
  /@ assert kid: kid(x, j, mirror_child[x].v[j]); @/
  /@ assert tags: tags_below(mirror_child[x].v[j]); @/
  /@ assert spans: spans_below(mirror_child[x].v[j]); @/
  /@ assert tag: node_most[mirror_child[x].v[j]] <= mirror_tag[x].v[j]; @/
  /@ assert bin: node_longest[mirror_child[x].v[j]] <= mirror_bin[x].v[j]; @/
  /@ assert short: mirror_bin[x].v[j] < request.bin ==>
       bin_most(node_longest[mirror_child[x].v[j]]) < request.span + 1; @/
}
*/

/* and what one of a leaf stands for is no such run. */
/*@ ghost
/@ requires tree: tree_ok(MAP_LEVELS) && node_is(x) && mirror_level[x] == 0 && j < mirror_count[x];
 @ requires fails: request_ok(request) && slot_fails(x, j, request);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures none: none_passes(mirror_key[x].v[j], slot_last(x, j, node_hi[x]), request); @/
static void lemma_run_fails(uint32_t x, uint32_t j, struct fit_request request)
{
  /@ assert hits: leaf_hits(x); @/
  /@ assert gaps: leaf_gaps(x); @/
  /@ assert bins: leaf_bins(x); @/
  /@ assert short: mirror_bin[x].v[j] < request.bin ==> bin_most(mirror_bin[x].v[j]) < request.span + 1; @/
}
*/

/* Where all slots from `start` up to `slot` fail, no run passes from the one's beginning to the other's. */
/*@ ghost
/@ requires tree: tree_ok(MAP_LEVELS) && node_is(x) && start < mirror_count[x] &&
     start <= slot <= mirror_count[x];
 @ requires request: request_ok(request);
 @ requires fail: \forall integer j; start <= j < slot ==> slot_fails(x, j, request);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures part: slot < mirror_count[x] ==>
     none_passes(mirror_key[x].v[start], mirror_key[x].v[slot] - 1, request);
 @ ensures all: slot == mirror_count[x] ==> none_passes(mirror_key[x].v[start], node_hi[x], request); @/
static void lemma_slots_fail(uint32_t x, uint32_t start, uint32_t slot, struct fit_request request)
{
  uint32_t j = start;
  /@ loop invariant range: start <= j <= slot;
   @ loop invariant part: j < mirror_count[x] ==>
       none_passes(mirror_key[x].v[start], mirror_key[x].v[j] - 1, request);
   @ loop invariant all: j == mirror_count[x] ==> none_passes(mirror_key[x].v[start], node_hi[x], request);
   @ loop assigns j;
   @ loop variant slot - j; @/
  while (j < slot) {
    if (mirror_level[x] > 0) {
      lemma_child_fails(x, j, request);
    } else {
      lemma_run_fails(x, j, request);
    }
    j++;
  }
}
*/

/* The lowest slot from `from` on of node x that lets the request pass, or the count. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(x) && from < mirror_count[x];
    requires request: request_ok(request);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: from <= \result <= mirror_count[x];
    ensures lowest: \forall integer j; from <= j < \result ==> slot_fails(x, j, request);
    ensures found: \result < mirror_count[x] ==>
      mirror_tag[x].v[\result] >= FIT_FREE || mirror_bin[x].v[\result] > 0;
*/
static inline uint32_t map_next_entry(const struct mem_alloc *m, uint32_t x, uint32_t from,
                                      struct fit_request request)
{
  uint32_t slot;
  if (request.bin > 0) {
    slot = pool_first_bin(m, x, from, request.bin);
  } else {
    slot = pool_first(m, x, from, request.least);
  }
  return slot;
}

/* The slot of node x to start at if runs below from are of no interest. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(x) && from <= node_hi[x];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result < mirror_count[x];
    ensures low: \result > 0 ==> mirror_key[x].v[\result] <= from;
    ensures high: from <= slot_last(x, \result, node_hi[x]);
*/
static uint32_t map_start_slot(const struct mem_alloc *m, uint32_t x, uint64_t from)
{
  uint32_t slot = 0;
  if (from > pool_key(m, x, 0)) {
    slot = pool_rank(m, x, from) - 1u;
  }
  return slot;
}

/* The lowest slot of node x at or after from that the request may be at, or the count. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires node: node_is(x) && from <= node_hi[x];
    requires request: request_ok(request);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= mirror_count[x];
    ensures part: \result < mirror_count[x] ==> \forall integer k;
      node_lo[x] <= k < mirror_key[x].v[\result] && from <= k ==> !run_passes(k, request);
    ensures all: \result == mirror_count[x] ==> \forall integer k;
      node_lo[x] <= k <= node_hi[x] && from <= k ==> !run_passes(k, request);
    ensures reach: \result < mirror_count[x] ==> from <= slot_last(x, \result, node_hi[x]);
    ensures found: \result < mirror_count[x] ==>
      mirror_tag[x].v[\result] >= FIT_FREE || mirror_bin[x].v[\result] > 0;
*/
static uint32_t map_next_slot(const struct mem_alloc *m, uint32_t x, uint64_t from,
                              struct fit_request request)
{
  const uint32_t start = map_start_slot(m, x, from);
  const uint32_t slot = map_next_entry(m, x, start, request);
  /*@ ghost lemma_slots_fail(x, start, slot, request); */
  /*@ assert low: \forall integer k; node_lo[x] <= k && from <= k ==> mirror_key[x].v[start] <= k; */
  return slot;
}

/* The cursor, found only if the request fits in its run; then with its place. */
/*@ requires count: request.align <= 63;
    requires run: cursor.start <= cursor.last;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures found: \result.found ==>
      place_in(\result.place, cursor.start, cursor.last, request.span, request.align);
    ensures least: \result.found ==> \forall integer p;
      place_in(p, cursor.start, cursor.last, request.span, request.align) ==> \result.place <= p;
    ensures none: !\result.found ==> !holds(cursor.start, cursor.last, request.span, request.align);
    ensures same: \result.start == cursor.start && \result.last == cursor.last && \result.tag == cursor.tag &&
      \result.leaf_last == cursor.leaf_last;
*/
static inline struct map_cursor map_fit_in(struct map_cursor cursor, struct fit_request request)
{
  struct map_cursor result = cursor;
  uint64_t place = 0;
  result.found = fit_place(cursor.start, cursor.last, request.span, request.align, &place);
  result.place = place;
  return result;
}

/*
 * One descent to a run at or after from that the summaries promise. If the way ends in a node below which
 * nothing from `from` on is long enough, the cursor is not found, and its last is that node's. Either way no
 * run between from and the cursor's last can hold the request, its own run apart.
 */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires request: request_ok(request);
    requires valid: \valid(way);
    terminates \true;
    exits \false;
    assigns *way;
    ensures glue: glue(m);
    ensures ahead: from <= \result.last;
    ensures skipped: \forall integer k;
      from <= k <= \result.last && !(\result.found && k == \result.start) ==>
      !run_passes(k, request);
    ensures run: \result.found ==> cursor_run(\result, way);
    ensures way: \result.found ==> way_ok(way, 0);
    ensures start: \result.found ==> run_code(\result.start) == \result.tag + 1;
    ensures last: \result.found ==> run_last(\result.start) == \result.last;
    ensures alone: \result.found ==> \forall integer k; \result.start < k <= \result.last ==>
      run_code(k) == 0;
    ensures order: \result.found ==> \result.start <= \result.last;
    ensures free: \result.found ==> \result.tag >= FIT_FREE;
*/
static inline struct map_cursor map_descend_fit(const struct mem_alloc *m, struct fit_request request,
  uint64_t from,
                                         struct map_way *way)
{
  struct map_cursor cursor;
  uint32_t x = pool_root(m);
  uint64_t last = UINT64_MAX;
  uint32_t level = (uint32_t)pool_level(m, x);
  uint32_t slot = map_next_slot(m, x, from, request);
  /*@ loop invariant glue: glue(m);
      loop invariant node: node_is(x) && level == mirror_level[x] <= mirror_level[mirror_root] < MAP_LEVELS;
      loop invariant last: last == node_hi[x] && from <= last;
      loop invariant slot: 0 <= slot <= mirror_count[x];
      loop invariant part: slot < mirror_count[x] ==> \forall integer k;
        from <= k < mirror_key[x].v[slot] ==> !run_passes(k, request);
      loop invariant all: slot == mirror_count[x] ==> \forall integer k;
        from <= k <= node_hi[x] ==> !run_passes(k, request);
      loop invariant reach: slot < mirror_count[x] ==> from <= slot_last(x, slot, node_hi[x]);
      loop invariant found: slot < mirror_count[x] ==>
        mirror_tag[x].v[slot] >= FIT_FREE || mirror_bin[x].v[slot] > 0;
      loop invariant top: level == mirror_level[mirror_root] ==> x == mirror_root;
      loop invariant below: level < mirror_level[mirror_root] ==>
        mirror_child[way->node[level + 1]].v[way->slot[level + 1]] == x;
      loop invariant way_top: way_top(way, level + 1);
      loop invariant way_nodes: way_nodes(way, level + 1);
      loop invariant way_slots: way_slots(way, level + 1);
      loop invariant way_links: way_links(way, level + 1);
      loop assigns *way, x, last, slot, level;
      loop variant level;
  */
  while (level > 0u && slot < pool_count(m, x)) {
    map_way_put(way, level, x, slot);
    last = map_slot_last(m, x, slot, last);
    x = pool_child(m, x, slot);
    slot = map_next_slot(m, x, from, request);
    level--;
  }
  if (slot < pool_count(m, x)) {
    cursor = map_arrive(m, x, slot, last, way);
  } else {
    cursor.start = 0;
    cursor.last = last;
    cursor.leaf_last = last;
    cursor.place = 0;
    cursor.tag = FIT_ABSENT;
    cursor.found = false;
  }
  return cursor;
}

/* What can hold the request, the summaries let pass. */
/*@ ghost
/@ requires exact: tags_exact;
 @ requires request: request_ok(request);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures passes: \forall integer k; run_fits(k, request) ==> run_passes(k, request); @/
static void lemma_fits_passes(struct fit_request request)
{
  /@ assert span: \forall integer k; run_fits(k, request) ==> run_last(k) - k >= request.span; @/
  /@ assert tag: \forall integer k; run_fits(k, request) ==> run_code(k) > request.least; @/
}
*/

/* One descent from `from` on, and whether the request fits where it ends. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires exact: tags_exact;
    requires request: request_ok(request);
    requires valid: \valid(way);
    terminates \true;
    exits \false;
    assigns *way;
    ensures glue: glue(m);
    ensures ahead: from <= \result.last;
    ensures skipped: !\result.found ==> \forall integer k; from <= k <= \result.last ==>
      !run_fits(k, request);
    ensures before: \result.found ==> \forall integer k; from <= k < \result.start ==> !run_fits(k, request);
    ensures free: \result.found ==> run_free(\result.start);
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
static inline struct map_cursor map_try_fit(const struct mem_alloc *m, struct fit_request request,
  uint64_t from,
                                     struct map_way *way)
{
  struct map_cursor cursor = map_descend_fit(m, request, from, way);
  /*@ ghost lemma_fits_passes(request); */
  if (cursor.found) {
    cursor = map_fit_in(cursor, request);
  }
  return cursor;
}

struct map_cursor map_first_fit(const struct mem_alloc *m, struct fit_request request, struct map_way *way)
{
  struct map_cursor cursor = {0};
  uint64_t from = 0;
  bool more = true;
  /*@ loop invariant glue: glue(m);
      loop invariant skipped: more ==> \forall integer k; k < from ==> !run_fits(k, request);
      loop invariant none: !more && !cursor.found ==> \forall integer k; !run_fits(k, request);
      loop invariant before: !more && cursor.found ==>
        \forall integer k; k < cursor.start ==> !run_fits(k, request);
      loop invariant free: !more && cursor.found ==> run_free(cursor.start);
      loop invariant place: !more && cursor.found ==>
        place_in(cursor.place, cursor.start, cursor.last, request.span, request.align);
      loop invariant lowest_place: !more && cursor.found ==> \forall integer p;
        place_in(p, cursor.start, cursor.last, request.span, request.align) ==> cursor.place <= p;
      loop invariant run: !more && cursor.found ==> cursor_run(cursor, way);
      loop invariant way: !more && cursor.found ==> way_ok(way, 0);
      loop invariant start: !more && cursor.found ==> run_code(cursor.start) == cursor.tag + 1;
      loop invariant last: !more && cursor.found ==> run_last(cursor.start) == cursor.last;
      loop invariant alone: !more && cursor.found ==>
        \forall integer k; cursor.start < k <= cursor.last ==> run_code(k) == 0;
      loop assigns cursor, from, more, *way;
      loop variant more ? TREE_TOP + 1 - from : 0;
  */
  while (more) {
    cursor = map_try_fit(m, request, from, way);
    more = !cursor.found && cursor.last < UINT64_MAX;
    if (more) {
      from = cursor.last + 1u;
    }
  }
  return cursor;
}
