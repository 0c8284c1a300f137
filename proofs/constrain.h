/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_CONSTRAIN_H
#define PROOFS_CONSTRAIN_H

/*
 * Applying a constraint, said of the abstract map: FREE runs are cut where a
 * run of the constraint starts, so that no FREE run is part FREE and part not
 * in the constraint; then each is kept or becomes ABSENT as a whole. The
 * state of the constraint is `limits` in the code, l here. Annotations only.
 */

#include "space.h"

/*@
  // where the run ends that a is in
  logic integer end_in(struct tree_state t, integer a) = run_last_in(t, home_in(t, a));

  // no run differs
  predicate same_runs(struct tree_state t, struct tree_state b) =
    same_codes(t, b) && same_lasts(t, b) && same_homes(t, b);

  // the run of b that holds a has got that state, and is joined with its like neighbours
  predicate painted_at(struct tree_state t, struct tree_state b, integer a, integer state) =
    painted(t, b, paint_first(b, home_in(b, a), state), paint_last(b, end_in(b, a), state), state);

  // the tree has too few nodes left for one of every level and a new root, or may get too high
  predicate few_nodes(struct tree_state t) =
    t.rows.level[t.object.root] + 1 >= MEM_ALLOC_LEVELS ||
    t.object.capacity - t.object.live < t.rows.level[t.object.root] + 2;

  // the run of b that holds a was cut in two; the second part, which starts at a, is FREE
  predicate cut_at(struct tree_state t, struct tree_state b, integer a) =
    carved(t, b, home_in(b, a), end_in(b, a), a, end_in(b, a), FIT_FREE);
*/

/*@
  // two neighbours at k that could be one run
  predicate joint_in(struct tree_state t, integer k) =
    0 < k <= TREE_TOP && run_starts_in(t, k) && state_in(t, k - 1) == state_of(run_code_in(t, k)) &&
    run_code_in(t, k) != FIT_ALLOCATED + 1;

  // every address is what it was, or every block
  predicate same_states(struct tree_state t, struct tree_state b) =
    \forall integer k; 0 <= k <= TREE_TOP ==> state_in(t, k) == state_in(b, k);
  predicate same_blocks(struct tree_state t, struct tree_state b) =
    \forall integer k, l; block_in(t, k, l) <==> block_in(b, k, l);

  // of the addresses in [from, to], those that are FREE and where a run of l starts are starts of runs
  predicate cut_between(struct tree_state t, struct tree_state l, integer from, integer to) =
    \forall integer k; from <= k <= to && state_in(t, k) == FIT_FREE && home_in(l, k) == k ==>
      home_in(t, k) == k;

  // two neighbours that could be one run are FREE, start where a run of l starts, and are not below `from`
  predicate joints_in(struct tree_state t, struct tree_state l, integer from) =
    \forall integer k; joint_in(t, k) ==> from <= k && run_free_in(t, k) && home_in(l, k) == k;
*/

/*@
  // a FREE run of t has to be cut at k: a run of l starts there, and it does not
  predicate cut_needed(struct tree_state t, struct tree_state l, integer k) =
    state_in(t, k) == FIT_FREE && home_in(t, k) < k && home_in(l, k) == k;

  // how many cuts are needed below k, and how many runs start there
  logic integer cuts_below(struct tree_state t, struct tree_state l, integer k) =
    k <= 0 ? 0 : cuts_below(t, l, k - 1) +
      (state_in(t, k - 1) == FIT_FREE && home_in(t, k - 1) < k - 1 && home_in(l, k - 1) == k - 1 ? 1 : 0);
  logic integer starts_below(struct tree_state t, integer k) =
    k <= 0 ? 0 : starts_below(t, k - 1) + (run_code_in(t, k - 1) != 0 ? 1 : 0);
*/

/* Inside a run of l no cut is needed; */
/*@ ghost
/@ requires homes: homes_in(l);
 @ requires run: run_starts_in(l, start) && run_last_in(l, start) == last;
 @ requires here: here != 0 <==> state_in(t, start) == FIT_FREE && home_in(t, start) < start;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures cuts: cuts_below(t, l, last + 1) == cuts_below(t, l, start) + (here != 0 ? 1 : 0); @/
static void count_cut(struct tree_state t, struct tree_state l, uint64_t start, uint64_t last, int here)
{
  uint64_t k = start;
  /@ assert home: \forall integer j; start <= j <= last ==> home_in(l, j) == start; @/
  /@ assert first: cut_needed(t, l, start) <==> here != 0; @/
  /@ assert rest: \forall integer j; start < j <= last ==> !cut_needed(t, l, j); @/
  /@ loop invariant range: start <= k <= last;
   @ loop invariant cuts: cuts_below(t, l, k + 1) == cuts_below(t, l, start) + (here != 0 ? 1 : 0);
   @ loop assigns k;
   @ loop variant last - k; @/
  while (k < last) {
    k++;
  }
}
*/

/* and no other run starts. */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_starts_in(t, start) && run_last_in(t, start) == last;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures starts: starts_below(t, last + 1) == starts_below(t, start) + 1; @/
static void count_start(struct tree_state t, uint64_t start, uint64_t last)
{
  uint64_t k = start;
  /@ assert home: \forall integer j; start <= j <= last ==> home_in(t, j) == start; @/
  /@ assert own: \forall integer j; run_starts_in(t, j) ==> home_in(t, j) == j; @/
  /@ assert rest: \forall integer j; start < j <= last ==> !run_starts_in(t, j); @/
  /@ loop invariant range: start <= k <= last;
   @ loop invariant starts: starts_below(t, k + 1) == starts_below(t, start) + 1;
   @ loop assigns k;
   @ loop variant last - k; @/
  while (k < last) {
    k++;
  }
}
*/

/* No two neighbours could be one run. */
/*@ ghost
/@ terminates \true; exits \false; assigns \nothing;
 @ ensures joined: joined_in(t) <==> \forall integer k; !joint_in(t, k); @/
static void lemma_joints(struct tree_state t)
{
}
*/

/* A FREE run is cut in two at a. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires address: state_in(b, a) == FIT_FREE && s == home_in(b, a) && e == end_in(b, a) && s < a;
 @ requires cut: cut_at(t, b, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: same_states(t, b);
 @ ensures blocks: same_blocks(t, b);
 @ ensures starts: \forall integer k; 0 <= k <= TREE_TOP && home_in(b, k) == k ==> home_in(t, k) == k;
 @ ensures start: home_in(t, a) == a;
 @ ensures joints: \forall integer k; joint_in(t, k) ==> k == a || joint_in(b, k);
 @ ensures free: \forall integer k; joint_in(t, k) && (k == a || run_free_in(b, k)) ==> run_free_in(t, k); @/
static void lemma_cut(struct tree_state t, struct tree_state b, uint64_t s, uint64_t a, uint64_t e)
{
  /@ assert run: run_starts_in(b, s) && s <= a <= e <= TREE_TOP && run_code_in(b, s) > FIT_FREE; @/
  lemma_space_carved(t, b, s, e, a, e, FIT_FREE);
  /@ assert here: \forall integer k; s <= k <= e ==> home_in(b, k) == s; @/
  /@ assert starts_b: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert none_b: \forall integer k; s < k <= e ==> run_code_in(b, k) == 0; @/
  /@ assert inside_b: \forall integer k, l; s <= k <= e ==> !block_in(b, k, l); @/
  /@ assert inside_t: \forall integer k, l; s <= k <= e ==> !block_in(t, k, l); @/
  /@ assert outside: \forall integer k, l; k < s || e < k ==> (block_in(t, k, l) <==> block_in(b, k, l)); @/
}
*/

/* A run is painted: two others that could be one run were so before, and are not next to it. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires address: s == home_in(b, a) && e == end_in(b, a);
 @ requires state: state == FIT_ABSENT || state == FIT_FREE;
 @ requires like: state_in(b, a) != FIT_ALLOCATED;
 @ requires painted: painted_at(tree, b, a, state);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
     state_in(tree, k) == (s <= k <= e ? state : state_in(b, k));
 @ ensures blocks: same_blocks(tree, b);
 @ ensures joints: \forall integer k; joint_in(tree, k) ==>
     joint_in(b, k) && (k < s || e + 1 < k);
 @ ensures free: \forall integer k; joint_in(tree, k) && run_free_in(b, k) ==> run_free(k);
 @ ensures homes: \forall integer k; 0 <= k <= TREE_TOP && state_in(b, k) != state && (k < s || e < k) ==>
     home(k) == home_in(b, k); @/
static void lemma_paint(struct tree_state b, uint64_t s, uint64_t a, uint64_t e, uint8_t state)
{
  uint64_t first = runs_get_home(s);
  uint64_t last = runs_get_last(first);
  /@ assert run: run_starts_in(b, s) && s <= a <= e <= TREE_TOP; @/
  lemma_space_range(b, s, e, state);
  lemma_space_paint(b, s, e, state);
  /@ assert first: first == paint_first(b, s, state); @/
  /@ assert last: last == paint_last(b, e, state); @/
  /@ assert starts_b: \forall integer k; run_starts_in(b, k) ==> home_in(b, k) == k; @/
  /@ assert here: \forall integer k; s <= k <= e ==> home_in(b, k) == s; @/
  /@ assert block: \forall integer k, l; s <= k <= e ==> !block_in(b, k, l); @/
  /@ assert below: first < s ==> home_in(b, s - 1) == first && state_of(run_code_in(b, first)) == state; @/
  /@ assert at_first: joint_in(tree, first) ==> first < s && joint_in(b, first); @/
  /@ assert inside: \forall integer k; first < k <= last ==> !joint_in(tree, k); @/
  /@ assert above: e < last ==> state_in(b, last) == state; @/
  /@ assert next: e < TREE_TOP ==> home_in(b, e + 1) == e + 1; @/
  /@ assert at_next: joint_in(tree, last + 1) ==> e < last && joint_in(b, last + 1); @/
  /@ assert others: \forall integer k; joint_in(tree, k) && (k < first || last + 1 < k) ==> joint_in(b, k); @/
  /@ assert outside: \forall integer k; joint_in(tree, k) ==> k <= first || last < k; @/
  /@ assert beyond: \forall integer k; joint_in(tree, k) ==> k < s || e + 1 < k; @/
  /@ assert codes: \forall integer k; joint_in(tree, k) ==> run_code(k) == run_code_in(b, k) || k == first; @/
}
*/

/* Where no run of l starts inside, all is in one run of l. */
/*@ ghost
/@ requires homes: homes_in(l);
 @ requires range: 0 <= from <= to <= TREE_TOP;
 @ requires none: \forall integer k; from < k <= to ==> home_in(l, k) != k;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures one: \forall integer k; from <= k <= to ==> home_in(l, k) == home_in(l, from); @/
static void lemma_one_run(struct tree_state l, uint64_t from, uint64_t to)
{
  /@ assert start: \forall integer k; from <= k <= to ==> home_in(l, home_in(l, k)) == home_in(l, k); @/
  /@ assert below: \forall integer k; from <= k <= to ==> home_in(l, k) <= from; @/
}
*/

/* What is known inside a run, and after it. */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_starts_in(t, s) && run_last_in(t, s) == e;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures range: s <= e <= TREE_TOP;
 @ ensures here: \forall integer k; s <= k <= e ==> home_in(t, k) == s;
 @ ensures states: \forall integer k; s <= k <= e ==> state_in(t, k) == state_of(run_code_in(t, s));
 @ ensures next: e < TREE_TOP ==> home_in(t, e + 1) == e + 1; @/
static void lemma_run(struct tree_state t, uint64_t s, uint64_t e)
{
}
*/

/* No run differs. */
/*@ ghost
/@ requires same: same_runs(t, b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: same_states(t, b);
 @ ensures blocks: same_blocks(t, b);
 @ ensures joints: \forall integer k; joint_in(t, k) <==> joint_in(b, k);
 @ ensures free: \forall integer k; run_free_in(t, k) <==> run_free_in(b, k);
 @ ensures homes: \forall integer k; home_in(t, k) == home_in(b, k); @/
static void lemma_same_runs(struct tree_state t, struct tree_state b)
{
  /@ assert states: \forall integer k; state_in(t, k) == state_in(b, k); @/
}
*/

/* A FREE run [a, e] that is cut wherever a run of l starts is in one run of l. */
/*@ ghost
/@ requires homes: homes_in(l);
 @ requires range: 0 <= a <= e <= TREE_TOP;
 @ requires run: \forall integer k; a <= k <= e ==> home_in(t, k) == a && state_in(t, k) == FIT_FREE;
 @ requires cut: cut_between(t, l, a, TREE_TOP);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures whole: \forall integer k; a <= k <= e ==> state_in(l, k) == state_in(l, a); @/
static void lemma_whole(struct tree_state t, struct tree_state l, uint64_t a, uint64_t e)
{
  /@ assert none: \forall integer k; a < k <= e ==> home_in(l, k) != k; @/
  lemma_one_run(l, a, e);
}
*/

/* The run [s, e] stays what it is: it can not be one with what is below it. */
/*@ ghost
/@ requires homes: homes_in(t) && homes_in(l);
 @ requires joined: joined_in(l);
 @ requires run: run_starts_in(t, s) && run_last_in(t, s) == e && s <= a <= e;
 @ requires joints: joints_in(t, l, a);
 @ requires free: state_in(t, a) == FIT_FREE ==> state_in(l, a) == FIT_FREE;
 @ requires below: \forall integer k; 0 <= k < a && state_in(t, k) == FIT_FREE ==> state_in(l, k) == FIT_FREE;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joints: joints_in(t, l, e + 1); @/
static void lemma_stay(struct tree_state t, struct tree_state l, uint64_t s, uint64_t a, uint64_t e)
{
  lemma_run(t, s, e);
  /@ assert starts: \forall integer k; run_starts_in(t, k) ==> home_in(t, k) == k; @/
  /@ assert only: \forall integer k; joint_in(t, k) && k <= e ==> k == a && s == a; @/
  /@ assert here: joint_in(t, a) ==> state_in(t, a - 1) == FIT_FREE && state_in(t, a) == FIT_FREE; @/
  /@ assert start: home_in(l, a) == a ==> run_starts_in(l, a); @/
  /@ assert none: !joint_in(t, a); @/
}
*/

/* A run that is not FREE is no joint's. */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_starts_in(t, s) && run_last_in(t, s) == e && s <= a <= e;
 @ requires joints: joints_in(t, l, a);
 @ requires other: state_in(t, a) != FIT_FREE;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures joints: joints_in(t, l, e + 1); @/
static void lemma_pass(struct tree_state t, struct tree_state l, uint64_t s, uint64_t a, uint64_t e)
{
  lemma_run(t, s, e);
  /@ assert starts: \forall integer k; run_starts_in(t, k) ==> home_in(t, k) == k; @/
  /@ assert only: \forall integer k; joint_in(t, k) && k <= e ==> k == a && s == a; @/
}
*/

/* The run [s, e] was painted: what is left of joints, and of cuts above it. */
/*@ ghost
/@ requires homes: homes_in(b);
 @ requires address: s == home_in(b, a) && e == end_in(b, a) && 0 <= a <= TREE_TOP;
 @ requires state: state == FIT_ABSENT || state == FIT_FREE;
 @ requires free: state_in(b, a) == FIT_FREE;
 @ requires painted: painted_at(tree, b, a, state);
 @ requires joints: joints_in(b, l, a);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
     state_in(tree, k) == (s <= k <= e ? state : state_in(b, k));
 @ ensures blocks: same_blocks(tree, b);
 @ ensures joints: joints_in(tree, l, e + 1);
 @ ensures edge: state == FIT_ABSENT && e < TREE_TOP && state_in(tree, e + 1) == FIT_FREE ==>
     home(e + 1) == e + 1;
 @ ensures cut: state == FIT_ABSENT && cut_between(b, l, a, TREE_TOP) ==>
     cut_between(tree, l, e + 1, TREE_TOP); @/
static void lemma_repaint(struct tree_state b, struct tree_state l, uint64_t s, uint64_t a, uint64_t e,
                          uint8_t state)
{
  lemma_paint(b, s, a, e, state);
  lemma_run(b, s, e);
}
*/

/* Two steps: from b to c, then to d. */
/*@ ghost
/@ requires states: same_states(c, b);
 @ requires blocks: same_blocks(c, b) && same_blocks(d, c);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures states: same_states(d, c) ==> same_states(d, b);
 @ ensures blocks: same_blocks(d, b); @/
static void lemma_then(struct tree_state b, struct tree_state c, struct tree_state d)
{
}
*/

#endif
