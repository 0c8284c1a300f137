/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_SPACE_H
#define PROOFS_SPACE_H

/*
 * From runs to addresses: what the public contracts promise of every address
 * follows from what the functions of map.h do to runs. The lemmas here speak
 * of the abstract map alone (codes, lasts, homes), not of nodes. Annotations
 * only.
 */

#include "edit.h"
#include "model.h"
#include "runs.h"

/* The map is exactly the same: so is all that is said of it. */
/*@ ghost
/@ requires codes: same_codes(tree, b);
 @ requires lasts: same_lasts(tree, b);
 @ requires homes: same_homes(tree, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures homes_ok: homes_in(b) ==> all_homes;
 @ ensures joined: joined_in(b) ==> all_joined;
 @ ensures exact: tags_exact_in(b) ==> tags_exact;
 @ ensures same: same_space(tree, b); @/
static void lemma_space_kept(struct tree_state b)
{
  /@ assert states: \forall integer k; state_in(tree, k) == state_in(b, k); @/
  /@ assert end: runs_end_in(b) ==> runs_end_in(tree); @/
  /@ assert hold: homes_hold_in(b) ==> homes_hold_in(tree); @/
  /@ assert only: homes_only_in(b) ==> homes_only_in(tree); @/
}
*/

/* Addresses that are all FREE are in one run. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures one: \forall integer p, last; 0 <= p <= last <= TREE_TOP && range_in(b, p, last, FIT_FREE) ==>
     last <= run_last_in(b, home_in(b, p)); @/
static void lemma_space_one_run(struct tree_state b)
{
  /@ assert next: \forall integer s; run_starts_in(b, s) && run_last_in(b, s) < TREE_TOP ==>
       home_in(b, run_last_in(b, s)) == s; @/
  /@ assert start: \forall integer s; run_starts_in(b, s) && run_last_in(b, s) < TREE_TOP ==>
       home_in(b, run_last_in(b, s) + 1) == run_last_in(b, s) + 1; @/
  /@ assert differ: \forall integer s; run_starts_in(b, s) && run_last_in(b, s) < TREE_TOP &&
       state_in(b, run_last_in(b, s)) == FIT_FREE ==> state_in(b, run_last_in(b, s) + 1) != FIT_FREE; @/
}
*/

/*@
  // [first, last], part of the run [start, end] of b, has become a run in that state; the rest of that run is
  // what it was (map_carve)
  predicate carved(struct tree_state t, struct tree_state b, integer start, integer end, integer first,
    integer last,
                   integer state) =
    code_like(run_code_in(t, first), state) && run_last_in(t, first) == last &&
    (start < first ==>
      state_of(run_code_in(t, start)) == state_of(run_code_in(b, start)) && run_code_in(t, start) != 0 &&
      run_last_in(t, start) == first - 1) &&
    (last < end ==>
      state_of(run_code_in(t, last + 1)) == state_of(run_code_in(b, start)) &&
        run_code_in(t, last + 1) != 0 &&
      run_last_in(t, last + 1) == end) &&
    (\forall integer k; start < k <= end && k != first && k != last + 1 ==> run_code_in(t, k) == 0) &&
    (\forall integer k; k < start || end < k ==> run_code_in(t, k) == run_code_in(b, k)) &&
    (\forall integer k; k < start || end < k ==> run_last_in(t, k) == run_last_in(b, k)) &&
    (\forall integer k;
      home_in(t, k) == (first <= k <= last ? first : last < k <= end ? last + 1 : home_in(b, k)));
*/

/*@
  // neighbours are joined, except perhaps at the ends of [first, last]
  predicate joined_but_in(struct tree_state t, integer first, integer last) =
    \forall integer k; 0 < k && k != first && k != last + 1 && run_starts_in(t, k) &&
      state_in(t, k - 1) == state_of(run_code_in(t, k)) ==> run_code_in(t, k) == FIT_ALLOCATED + 1;
*/

/* What that says of addresses. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == end && end <= TREE_TOP;
 @ requires part: start <= first <= last <= end;
 @ requires state: 0 <= state <= FIT_FREE;
 @ requires carved: carved(t, b, start, end, first, last, state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
     state_in(t, k) == (first <= k <= last ? state : state_in(b, k));
 @ ensures joined: joined_in(b) && state == FIT_ALLOCATED ==> joined_in(t);
 @ ensures rest: joined_in(b) ==> joined_but_in(t, first, last);
 @ ensures blocks: state_of(run_code_in(b, start)) != FIT_ALLOCATED ==>
     \forall integer k, l; k < first || last < k ==> (block_in(t, k, l) <==> block_in(b, k, l)); @/
static void lemma_space_carved(struct tree_state t, struct tree_state b, uint64_t start, uint64_t end,
                               uint64_t first, uint64_t last, uint8_t state)
{
  /@ assert here: \forall integer k; start <= k <= end ==> home_in(b, k) == start; @/
  /@ assert none_b: \forall integer k; start < k <= end ==> run_code_in(b, k) == 0; @/
  /@ assert reach: \forall integer k; 0 <= k <= TREE_TOP && home_in(b, k) == start ==> start <= k <= end; @/
  /@ assert there: \forall integer k; 0 <= k <= TREE_TOP && (k < start || end < k) ==>
       home_in(b, k) < start || end < home_in(b, k); @/
  /@ assert inside: \forall integer k; first <= k <= last ==> state_in(t, k) == state; @/
  /@ assert below: \forall integer k; start <= k < first ==> state_in(t, k) == state_in(b, k); @/
  /@ assert above: \forall integer k; last < k <= end ==> state_in(t, k) == state_in(b, k); @/
  /@ assert outside: \forall integer k; 0 <= k <= TREE_TOP && (k < start || end < k) ==>
       state_in(t, k) == state_in(b, k); @/
  /@ assert blocks_outside: \forall integer k, l; k < start || end < k ==>
       (block_in(t, k, l) <==> block_in(b, k, l)); @/
  /@ assert no_blocks_b: state_of(run_code_in(b, start)) != FIT_ALLOCATED ==>
       \forall integer k, l; start <= k <= end ==> !block_in(b, k, l); @/
  /@ assert no_blocks_t: state_of(run_code_in(b, start)) != FIT_ALLOCATED ==>
       \forall integer k, l; start <= k <= end && (k < first || last < k) ==> !block_in(t, k, l); @/
}
*/

/* What painting says of addresses: [s, e] is one run in that state, all of its old runs were inside. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires range: 0 <= s <= e <= TREE_TOP;
 @ requires start: home_in(b, s) == s;
 @ requires end: run_last_in(b, home_in(b, e)) == e;
 @ requires state: state == FIT_ABSENT || state == FIT_FREE;
 @ requires painted: painted(tree, b, s, e, state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
     state_in(tree, k) == (s <= k <= e ? state : state_in(b, k));
 @ ensures blocks: \forall integer k, l; block_in(tree, k, l) <==> ((k < s || e < k) && block_in(b, k, l)); @/
static void lemma_space_painted(struct tree_state b, uint64_t s, uint64_t e, uint8_t state)
{
  /@ assert below: \forall integer k; 0 <= k < s ==> home_in(b, k) < s; @/
  /@ assert above: \forall integer k; e < k <= TREE_TOP ==> e < home_in(b, k); @/
  /@ assert inside: \forall integer k; s <= k <= e ==> state_in(tree, k) == state; @/
  /@ assert outside: \forall integer k; 0 <= k <= TREE_TOP && (k < s || e < k) ==>
       state_in(tree, k) == state_in(b, k); @/
}
*/

/* No run starts anywhere. */
/*@ ghost
/@ terminates \true; exits \false; assigns EDIT_CODES;
 @ ensures none: \forall integer k; 0 <= k <= TREE_TOP ==> run_code(k) == 0; @/
static void space_clear(void)
{
  uint64_t k = 0;
  /@ loop invariant none: \forall integer j; 0 <= j < k ==> run_code(j) == 0;
   @ loop assigns k, EDIT_CODES;
   @ loop variant TREE_TOP - k; @/
  while (k < UINT64_MAX) {
    runs_set_code(k, 0);
    k++;
  }
  runs_set_code(k, 0);
}
*/

/* No node is part of the tree. */
/*@ ghost
/@ terminates \true; exits \false; assigns node_in[0 .. TREE_NODES - 1];
 @ ensures none: \forall integer x; 0 <= x < TREE_NODES ==> node_in[x] == 0; @/
static void space_uproot(void)
{
  uint64_t x = 0;
  /@ loop invariant range: 0 <= x <= TREE_NODES;
   @ loop invariant none: \forall integer y; 0 <= y < x ==> node_in[y] == 0;
   @ loop assigns x, node_in[0 .. TREE_NODES - 1];
   @ loop variant TREE_NODES - x; @/
  while (x < TREE_NODES) {
    node_in[x] = 0;
    x++;
  }
}
*/

/* An allocator that has no tree: the whole space is one ABSENT run. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires pool: pool_ok;
 @ requires zero: mirror_root == 0;
 @ requires none: \forall integer x; 0 <= x < TREE_NODES ==> pool_taken[x] == 0;
 @ terminates \true; exits \false; assigns node_in[0 .. TREE_NODES - 1], EDIT_RUNS;
 @ ensures glue: glue(m);
 @ ensures pool: pool_ok;
 @ ensures none: no_tree_in(tree);
 @ ensures stray: no_stray;
 @ ensures map: space_ok;
 @ ensures absent: unmanaged_in(tree, 0, TREE_TOP); @/
static void space_empty(const struct mem_alloc *m)
{
  struct tree_state rows = tree;
  space_uproot();
  space_clear();
  runs_set_code(0, FIT_ABSENT + 1);
  runs_set_last(0, UINT64_MAX);
  runs_set_home(0, UINT64_MAX, 0);
  /@ assert only: \forall integer k; run_starts(k) ==> k == 0; @/
  /@ assert home: \forall integer k; 0 <= k <= TREE_TOP ==> home(k) == 0; @/
  /@ assert homes: all_homes; @/
  /@ assert joined: all_joined; @/
  /@ assert exact: tags_exact; @/
  keep_glue(m, rows);
  keep_pool(rows);
}
*/

/* The caller's object that is going to be written to changes nothing of an allocator. */
/*@ ghost
/@ requires glue: glue(m);
 @ requires body: body_ok(levels);
 @ requires apart: address != \null ==> \valid(address) && \separated(address, m) &&
     \separated(address, m->nodes + (0 .. m->capacity - 1));
 @ terminates \true; exits \false; assigns tree.guest;
 @ ensures glue: glue(m);
 @ ensures guest: tree.guest == address;
 @ ensures pool: pool_ok;
 @ ensures stray: no_stray;
 @ ensures none: mirror_root == 0 ==> no_tree_in(tree);
 @ ensures tree: mirror_root != 0 ==> tree_ok(levels);
 @ ensures map: space_ok;
 @ ensures codes: same_codes(tree, \old(tree));
 @ ensures lasts: same_lasts(tree, \old(tree));
 @ ensures homes: same_homes(tree, \old(tree)); @/
static void space_guest(const struct mem_alloc *m, uint32_t levels, uint64_t *address)
{
  struct tree_state b = tree;
  keep_guest(m, address);
  /@ assert shape: b.object.root != 0 ==> all_shape(levels) && all_sorted && all_bounds && all_kids; @/
  /@ assert codes: same_codes(tree, b); @/
  /@ assert lasts: same_lasts(tree, b); @/
  /@ assert hits: all_hits_in(b) ==> all_hits; @/
  /@ assert gaps: all_gaps_in(b) ==> all_gaps; @/
  /@ assert bins: all_bins_in(b) ==> all_bins; @/
  /@ assert tags: all_tags_in(b) ==> all_tags; @/
  /@ assert free: \forall integer k; run_free(k) ==> run_free_in(b, k); @/
  /@ assert spans: all_spans_in(b) ==> all_spans; @/
  /@ assert covers: all_covers_in(b) ==> all_covers; @/
  /@ assert nodes: b.object.root != 0 ==> root_ok && all_apart && all_under && all_taken; @/
  /@ assert same: same_homes(tree, b); @/
  /@ assert end: runs_end_in(tree); @/
  /@ assert hold: homes_hold_in(tree); @/
  /@ assert only: homes_only_in(tree); @/
  /@ assert homes: all_homes; @/
  /@ assert joined: all_joined; @/
  /@ assert exact: tags_exact; @/
}
*/

/* Where a painted run begins and ends. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == last;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: 0 <= paint_first(b, start, state) <= start <= last <= paint_last(b, last,
     state) <= TREE_TOP;
 @ ensures first: home_in(b, paint_first(b, start, state)) == paint_first(b, start, state);
 @ ensures last: run_last_in(b, home_in(b, paint_last(b, last, state))) == paint_last(b, last, state);
 @ ensures below: paint_first(b, start, state) < start ==>
     run_last_in(b, paint_first(b, start, state)) == start - 1;
 @ ensures next: last < TREE_TOP ==> home_in(b, last + 1) == last + 1; @/
static void lemma_space_range(struct tree_state b, uint64_t start, uint64_t last, uint8_t state)
{
  /@ assert here: home_in(b, last) == start && home_in(b, start) == start; @/
  /@ assert next: last < TREE_TOP ==> home_in(b, last + 1) == last + 1; @/
  /@ assert above: last < TREE_TOP ==> run_starts_in(b, last + 1); @/
  /@ assert below: start > 0 ==> run_last_in(b, home_in(b, start - 1)) == start - 1; @/
  /@ assert up: last < TREE_TOP ==> home_in(b, run_last_in(b, last + 1)) == last + 1; @/
}
*/

/* Painting joins neighbours at the ends of its run. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == last;
 @ requires s: s == paint_first(b, start, state);
 @ requires e: e == paint_last(b, last, state);
 @ requires state: state == FIT_ABSENT || state == FIT_FREE;
 @ requires painted: painted(tree, b, s, e, state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: joined_but_in(b, start, last) ==> all_joined; @/
static void lemma_space_joined(struct tree_state b, uint64_t start, uint64_t last, uint64_t s, uint64_t e,
                               uint8_t state)
{
  lemma_space_range(b, start, last, state);
  lemma_space_painted(b, s, e, state);
  /@ assert first: joined_but_in(b, start, last) && 0 < s ==> state_in(b, s - 1) != state; @/
  /@ assert end: \forall integer r; run_starts_in(b, r) && run_last_in(b, r) < TREE_TOP ==>
       home_in(b, run_last_in(b, r)) == r; @/
  /@ assert starts: \forall integer r; run_starts_in(b, r) && run_last_in(b, r) < TREE_TOP ==>
       home_in(b, run_last_in(b, r) + 1) == run_last_in(b, r) + 1; @/
  /@ assert after: e < TREE_TOP ==> home_in(b, e + 1) == e + 1; @/
  /@ assert above: last < e ==> home_in(b, e) == last + 1 && state_in(b, e) == state; @/
  /@ assert next_start: e < TREE_TOP ==> run_starts_in(b, e + 1); @/
  /@ assert next: joined_but_in(b, start, last) && e < TREE_TOP ==>
       state_of(run_code_in(b, e + 1)) != state; @/
  /@ assert at_first: joined_but_in(b, start, last) && 0 < s ==>
       state_in(tree, s - 1) != state_of(run_code(s)); @/
  /@ assert at_next: joined_but_in(b, start, last) && e < TREE_TOP ==>
       state_in(tree, e) != state_of(run_code(e + 1)); @/
  /@ assert others: \forall integer k; 0 < k <= TREE_TOP && (k < s || e + 1 < k) ==>
       state_in(tree, k - 1) == state_in(b, k - 1) && run_code(k) == run_code_in(b, k); @/
  /@ assert none: \forall integer k; s < k <= e ==> !run_starts(k); @/
  /@ assert rest: joined_but_in(b, start, last) ==>
       \forall integer k; 0 < k <= TREE_TOP && (k < s || e + 1 < k) && run_starts(k) &&
       state_in(tree, k - 1) == state_of(run_code(k)) ==> run_code(k) == FIT_ALLOCATED + 1; @/
}
*/

/* The run [start, last] was painted (map_paint): what that says of addresses. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == last;
 @ requires state: state == FIT_ABSENT || state == FIT_FREE;
 @ requires painted: painted(tree, b, paint_first(b, start, state), paint_last(b, last, state), state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: joined_but_in(b, start, last) ==> all_joined;
 @ ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
     state_in(tree, k) == (start <= k <= last ? state : state_in(b, k));
 @ ensures blocks: \forall integer k, l; block_in(tree, k, l) <==>
     ((k < start || last < k) && block_in(b, k, l)); @/
static void lemma_space_paint(struct tree_state b, uint64_t start, uint64_t last, uint8_t state)
{
  uint64_t s = runs_get_home(start);
  uint64_t e = runs_get_last(s);
  lemma_space_range(b, start, last, state);
  /@ assert s: s == paint_first(b, start, state); @/
  /@ assert e: e == paint_last(b, last, state); @/
  lemma_space_painted(b, s, e, state);
  /@ assert here: home_in(b, start) == start && home_in(b, last) == start; @/
  /@ assert below: \forall integer k; s <= k < start ==> home_in(b, k) == s && state_in(b, k) == state; @/
  /@ assert above: \forall integer k; last < k <= e ==>
       home_in(b, k) == last + 1 && state_in(b, k) == state; @/
  /@ assert starts: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert blocks_below: \forall integer k, l; s <= k < start ==> !block_in(b, k, l); @/
  /@ assert blocks_above: \forall integer k, l; last < k <= e ==> !block_in(b, k, l); @/
  /@ assert blocks: \forall integer k, l; s <= k <= e && (k < start || last < k) ==> !block_in(b, k, l); @/
  lemma_space_joined(b, start, last, s, e, state);
}
*/

/* What is next to a run. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == last;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: start <= last <= TREE_TOP;
 @ ensures run: \forall integer k; start <= k <= last ==> home_in(b, k) == start;
 @ ensures states: \forall integer k; start <= k <= last ==>
     state_in(b, k) == state_of(run_code_in(b, start));
 @ ensures next: last < TREE_TOP && run_code_in(b, start) != FIT_ALLOCATED + 1 ==>
     state_in(b, last + 1) != state_of(run_code_in(b, start)); @/
static void lemma_space_next(struct tree_state b, uint64_t start, uint64_t last)
{
  /@ assert home: home_in(b, last) == start; @/
  /@ assert above: last < TREE_TOP ==> home_in(b, last + 1) == last + 1; @/
}
*/

/* [first, last], part of an ABSENT run, was carved out of it (from b to c), and painted FREE. */
/*@ ghost
/@ requires homes: homes_in(b) && homes_in(c);
 @ requires joined: joined_in(b);
 @ requires run: run_code_in(b, start) == FIT_ABSENT + 1 && run_last_in(b, start) == end &&
     0 <= start <= end <= TREE_TOP;
 @ requires part: start <= first <= last <= end;
 @ requires carved: carved(c, b, start, end, first, last, FIT_ABSENT);
 @ requires painted: painted(tree, c, paint_first(c, first, FIT_FREE), paint_last(c, last, FIT_FREE),
     FIT_FREE);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: all_joined;
 @ ensures added: range_in(tree, first, last, FIT_FREE);
 @ ensures others: same_but(tree, b, first, last); @/
static void space_added(struct tree_state b, struct tree_state c, uint64_t start, uint64_t end,
  uint64_t first,
                        uint64_t last)
{
  lemma_space_carved(c, b, start, end, first, last, FIT_ABSENT);
  lemma_space_paint(c, first, last, FIT_FREE);
}
*/

/* The live block [first, last] was painted FREE. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires run: block_in(b, first, last);
 @ requires painted: painted(tree, b, paint_first(b, first, FIT_FREE), paint_last(b, last, FIT_FREE),
     FIT_FREE);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: all_joined;
 @ ensures freed: range_in(tree, first, last, FIT_FREE);
 @ ensures others: same_but(tree, b, first, last);
 @ ensures blocks: one_more(b, tree, first, last); @/
static void space_freed(struct tree_state b, uint64_t first, uint64_t last)
{
  lemma_space_paint(b, first, last, FIT_FREE);
  /@ assert starts: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert inside: \forall integer k, l; first < k <= last ==> !block_in(b, k, l); @/
}
*/

/* The block [first, last], part of a FREE run, was carved out of it. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires run: run_code_in(b, start) > FIT_FREE && run_last_in(b, start) == end &&
     0 <= start <= end <= TREE_TOP;
 @ requires part: start <= first <= last <= end;
 @ requires carved: carved(tree, b, start, end, first, last, FIT_ALLOCATED);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: all_joined;
 @ ensures block: block_in(tree, first, last);
 @ ensures given: range_in(tree, first, last, FIT_ALLOCATED);
 @ ensures others: same_but(tree, b, first, last);
 @ ensures blocks: one_more(tree, b, first, last); @/
static void space_given(struct tree_state b, uint64_t start, uint64_t end, uint64_t first, uint64_t last)
{
  lemma_space_carved(tree, b, start, end, first, last, FIT_ALLOCATED);
  /@ assert starts: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert here: \forall integer k; start <= k <= end ==> home_in(b, k) == start; @/
  /@ assert before: \forall integer k, l; first <= k <= last ==> !block_in(b, k, l); @/
  /@ assert after: \forall integer k, l; first < k <= last ==> !block_in(tree, k, l); @/
}
*/

/* Where a block fits, its request fits the run there. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires size: request.span == size - 1;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures fits: \forall integer p; place_at(b, p, size, request.align) ==>
     home_in(b, p) <= p && run_fits_in(b, home_in(b, p), request) &&
     place_in(p, home_in(b, p), run_last_in(b, home_in(b, p)), request.span, request.align); @/
static void space_place(struct tree_state b, struct fit_request request, uint64_t size)
{
  lemma_space_one_run(b);
  /@ assert inside: \forall integer p; place_at(b, p, size, request.align) ==>
       place_in(p, home_in(b, p), run_last_in(b, home_in(b, p)), request.span, request.align); @/
  /@ assert here: \forall integer p; place_at(b, p, size, request.align) ==> state_in(b, p) == FIT_FREE; @/
  /@ assert free: \forall integer p; place_at(b, p, size, request.align) ==> run_free_in(b, home_in(b, p)); @/
}
*/

/* The lowest place in the lowest run that can hold the request is the lowest of all. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires size: request.span == size - 1;
 @ requires run: run_free_in(b, start) && run_last_in(b, start) == end;
 @ requires lowest_run: \forall integer k; k < start ==> !run_fits_in(b, k, request);
 @ requires place: place_in(place, start, end, request.span, request.align);
 @ requires lowest_place: \forall integer p; place_in(p, start, end, request.span, request.align) ==>
     place <= p;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures place: place_at(b, place, size, request.align);
 @ ensures lowest: \forall integer p; place_at(b, p, size, request.align) ==> place <= p; @/
static void space_lowest(struct tree_state b, struct fit_request request, uint64_t size, uint64_t start,
                         uint64_t end, uint64_t place)
{
  space_place(b, request, size);
  /@ assert here: \forall integer k; start <= k <= end ==> home_in(b, k) == start; @/
  /@ assert free: range_in(b, start, end, FIT_FREE); @/
  /@ assert above: \forall integer p; place_at(b, p, size, request.align) ==> start <= home_in(b, p); @/
  /@ assert other: \forall integer p; place_at(b, p, size, request.align) && p < place ==> p <= end; @/
}
*/

/* What a step leaves as it was, then a second one. */
/*@ ghost
/@ requires first: same_space(c, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures both: same_but(tree, c, first, last) ==> same_but(tree, b, first, last);
 @ ensures none: same_space(tree, c) ==> same_space(tree, b);
 @ ensures absent: unmanaged_in(c, first, last) <==> unmanaged_in(b, first, last); @/
static void space_then(struct tree_state b, struct tree_state c, uint64_t first, uint64_t last)
{
}
*/

/* The natural order of a size is unique. */
/*@ ghost
/@ requires order: order <= 63 && aligned(size, order);
 @ requires most: \forall integer k; order < k <= 63 ==> !aligned(size, k);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures natural: natural_order(size, order);
 @ ensures only: \forall integer k; natural_order(size, k) ==> k == order; @/
static void space_natural(uint64_t size, uint8_t order)
{
}
*/

/* Steps before and after another that leave the map as it is do not show. */
/*@ ghost
/@ requires before: same_space(c, b);
 @ requires after: same_space(tree, d);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures others: \forall integer first, last; same_but(d, c, first, last) ==>
     same_but(tree, b, first, last);
 @ ensures places: \forall integer p, size, k; place_at(c, p, size, k) <==> place_at(b, p, size, k);
 @ ensures blocks: \forall integer first, last; block_in(d, first, last) ==> block_in(tree, first, last);
 @ ensures more: \forall integer first, last; one_more(d, c, first, last) ==> one_more(tree, b, first, last);
 @ ensures ranges: \forall integer first, last, state; 0 <= first && last <= TREE_TOP &&
     range_in(d, first, last, state) ==> range_in(tree, first, last, state); @/
static void space_through(struct tree_state b, struct tree_state c, struct tree_state d)
{
  /@ assert ranges_before: \forall integer first, last, state; 0 <= first && last <= TREE_TOP ==>
       (range_in(c, first, last, state) <==> range_in(b, first, last, state)); @/
}
*/

/* Without a tree, nothing is managed. */
/*@ ghost
/@ requires none: no_tree_in(b);
 @ requires homes: homes_in(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures absent: unmanaged_in(b, 0, TREE_TOP);
 @ ensures places: \forall integer p, size, k; size > 0 ==> !place_at(b, p, size, k);
 @ ensures blocks: \forall integer first, last; !block_in(b, first, last);
 @ ensures runs: \forall integer from; 0 <= from ==> none_starts_in(b, from, TREE_TOP); @/
static void space_none(struct tree_state b)
{
  /@ assert only: \forall integer k; run_starts_in(b, k) ==> k == 0; @/
  /@ assert home: \forall integer k; 0 <= k <= TREE_TOP ==> home_in(b, k) == 0; @/
  /@ assert state: \forall integer k, l, state; run_is(b, k, l, state) ==>
       state_in(b, k) == state && 0 <= k <= TREE_TOP; @/
  /@ assert here: \forall integer p, size, k; size > 0 && place_at(b, p, size, k) ==>
       state_in(b, p) == FIT_FREE; @/
}
*/

/* What map_carve says, as one. Between b and c no run has changed. */
/*@ ghost
/@ requires codes: same_codes(c, b);
 @ requires lasts: same_lasts(c, b);
 @ requires homes: same_homes(c, b);
 @ requires tag: tag <= FIT_FREE && run_code_in(c, start) == like + 1;
 @ requires other_codes: \forall integer k; k < start || end < k ==> run_code(k) == run_code_in(c, k);
 @ requires other_lasts: \forall integer k; k < start || end < k ==> run_last(k) == run_last_in(c, k);
 @ requires part: code_like(run_code(first), tag) && run_last(first) == last;
 @ requires left: start < first ==> code_like(run_code(start), like) && run_last(start) == first - 1;
 @ requires right: last < end ==> code_like(run_code(last + 1), like) && run_last(last + 1) == end;
 @ requires alone: \forall integer k; start < k <= end && k != first && k != last + 1 ==> run_code(k) == 0;
 @ requires where: \forall integer k; home(k) ==
     (first <= k <= last ? first : last < k <= end ? last + 1 : home_in(c, k));
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures carved: carved(tree, b, start, end, first, last, tag); @/
static void space_carved(struct tree_state b, struct tree_state c, uint64_t start, uint64_t end,
  uint64_t first,
                         uint64_t last, uint8_t tag, uint8_t like)
{
  /@ assert states: state_of(run_code_in(b, start)) == (like >= FIT_FREE ? FIT_FREE : like); @/
}
*/

/* Runs in the public sense are runs of the map. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures run: \forall integer k; run_starts_in(b, k) ==>
     run_is(b, k, run_last_in(b, k), state_of(run_code_in(b, k)));
 @ ensures only: \forall integer k, l, state; run_is(b, k, l, state) ==>
     run_starts_in(b, k) && state_of(run_code_in(b, k)) == state; @/
static void space_runs(struct tree_state b)
{
  /@ assert here: \forall integer s, k; run_starts_in(b, s) && s <= k <= run_last_in(b, s) ==>
       home_in(b, k) == s; @/
  /@ assert ends: \forall integer s; run_starts_in(b, s) ==> s <= run_last_in(b, s) <= TREE_TOP; @/
  /@ assert below: \forall integer s;
       run_starts_in(b, s) && s > 0 && run_code_in(b, s) != FIT_ALLOCATED + 1 ==>
       state_in(b, s - 1) != state_of(run_code_in(b, s)); @/
  /@ assert start: \forall integer s; run_starts_in(b, s) && run_last_in(b, s) < TREE_TOP ==>
       home_in(b, run_last_in(b, s) + 1) == run_last_in(b, s) + 1; @/
  /@ assert above: \forall integer s; run_starts_in(b, s) && run_last_in(b, s) < TREE_TOP &&
       run_code_in(b, s) != FIT_ALLOCATED + 1 ==>
       state_in(b, run_last_in(b, s) + 1) != state_of(run_code_in(b, s)); @/
  /@ assert first: \forall integer k; 0 < k <= TREE_TOP && home_in(b, k) < k ==>
       home_in(b, k - 1) == home_in(b, k); @/
  /@ assert state: \forall integer k, l, state; run_is(b, k, l, state) ==> state_in(b, k) == state; @/
  /@ assert starts: \forall integer k, l, state; run_is(b, k, l, state) ==> home_in(b, k) == k; @/
}
*/

/* Between the start of a run and its end no other one starts. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires joined: joined_in(b);
 @ requires run: run_starts_in(b, start) && run_last_in(b, start) == last;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures inside: none_starts_in(b, start + 1, last);
 @ ensures absent: run_code_in(b, start) == FIT_ABSENT + 1 ==> none_starts_in(b, start, last); @/
static void space_inside(struct tree_state b, uint64_t start, uint64_t last)
{
  space_runs(b);
  /@ assert home: \forall integer k; start <= k <= last ==> home_in(b, k) == start; @/
  /@ assert starts: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
}
*/

#endif
