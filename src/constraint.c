/* SPDX-License-Identifier: BSD-3-Clause */
#define MEM_ALLOC_MODEL_DEFINED
#include "opae/mem_alloc_ext.h"

#include <stddef.h>

#include "beside.h"
#include "map.h"
#include "pool.h"
#include "run.h"

/*
 * mem_alloc_apply_constraint. First look for a conflict. Then cut the FREE runs where a run of the constraint
 * starts: no address changes its state, and if there are too few nodes the cuts are undone. Now each FREE
 * run is FREE in the constraint as a whole, or not at all; those that are not become ABSENT, which only joins runs
 * and so needs no memory. All memory is got before the first cut.
 */

/*@
  // the constraint is w, which only its own function (constraint_limit) looks into
  predicate limit_ok{L}(struct mem_alloc *w) = glue_in(w, limits) && body_ok_in(limits, MAP_LEVELS);

  // below `to`, live blocks of t lie where l is FREE
  predicate agrees_below(struct tree_state t, struct tree_state l, integer to) =
    \forall integer k; 0 <= k < to && state_in(t, k) == FIT_ALLOCATED ==> state_in(l, k) == FIT_FREE;

  // a live block does not
  predicate disagrees(struct tree_state t, struct tree_state l) =
    \exists integer k; 0 <= k <= TREE_TOP && state_in(t, k) == FIT_ALLOCATED && state_in(l, k) != FIT_FREE;

  // how many nodes must be available for so many cuts: what they take, but no more than makes up what is enough
  // for the runs; nor than there can be, which is also the answer if the runs are too many to be counted so
  logic integer need_of(integer cuts, integer runs, integer live, integer levels) =
    cuts > UINT32_MAX || runs > UINT32_MAX * MEM_ALLOC_FAN_OUT ? UINT32_MAX :
    \let total = MEM_ALLOC_NODES_FOR(runs + cuts + 1);
    \let steps = cuts * (levels + 2);
    \min(UINT32_MAX, total >= live ? \min(steps, total - live) : steps);

  // the nodes that all cuts need that t needs
  logic integer room_in(struct tree_state t, struct tree_state l) =
    need_of(cuts_below(t, l, TREE_TOP + 1), starts_below(t, TREE_TOP + 1) - 1, t.object.live,
            t.rows.level[t.object.root] + 1);

  // below `to`, what was FREE in b and is not in l is ABSENT; all else is as it was
  predicate settled_below(struct tree_state t, struct tree_state b, struct tree_state l, integer to) =
    \forall integer k; 0 <= k <= TREE_TOP ==>
      state_in(t, k) == (k < to && state_in(b, k) == FIT_FREE && state_in(l, k) != FIT_FREE ? FIT_ABSENT :
                         state_in(b, k));
*/

/* How far a walk through the space has come. */
#define CONSTRAINT_DONE(more, address) ((more) ? (address) : TREE_TOP + 1)
#define CONSTRAINT_LEFT(more, address) (TREE_TOP + 1 - CONSTRAINT_DONE(more, address))

/* What a walk may write to, all of whose steps leave the nodes where they are. */
#define CONSTRAINT_STEPS(m) \
  m->fresh, m->spare, m->live, m->root, \at(m->nodes, Pre)[0 .. \at(mirror_capacity, Pre) - 1], tree

/* The run of the constraint that holds address. */
/*@ requires constraint: limit_ok(w);
    terminates \true;
    exits \false;
    assigns tree;
    ensures same: tree == \old(tree);
    ensures run: run_of(limits, \result, address);
*/
static struct map_cursor constraint_limit(const struct mem_alloc *w, uint64_t address)
{
  //@ ghost struct tree_state work = tree;
  //@ ghost tree = limits;
  const struct map_cursor limit = run_at(w, address);
  //@ ghost tree = work;
  return limit;
}

/* Is the run, if it is a live block, inside the FREE addresses of the constraint? */
/*@ requires constraint: limit_ok(w);
    requires range: run.start <= run.last;
    terminates \true;
    exits \false;
    assigns tree;
    ensures same: tree == \old(tree);
    ensures allows: \result && run.tag == FIT_ALLOCATED ==> range_in(limits, run.start, run.last, FIT_FREE);
    ensures refuses: !\result ==> run.tag == FIT_ALLOCATED &&
      \exists integer k; run.start <= k <= run.last && state_in(limits, k) != FIT_FREE;
*/
static bool constraint_allows(const struct mem_alloc *w, struct map_cursor run)
{
  bool allows = true;
  if (run.tag == FIT_ALLOCATED) {
    const struct map_cursor limit = constraint_limit(w, run.start);
    //@ ghost lemma_space_next(limits, limit.start, limit.last);
    //@ assert tag: limit.tag < FIT_FREE ==> state_in(limits, run.start) != FIT_FREE;
    /*@ assert next: limit.tag >= FIT_FREE && limit.last < run.last ==>
          state_in(limits, limit.last + 1) != FIT_FREE; */
    allows = limit.tag >= FIT_FREE && run.last <= limit.last;
  }
  return allows;
}

/* Is every live block of m inside the FREE addresses of the constraint? */
/*@ requires sound: sound(m);
    requires constraint: limit_ok(w);
    terminates \true;
    exits \false;
    assigns tree;
    ensures same: tree == \old(tree);
    ensures agrees: \result ==> agrees_below(tree, limits, TREE_TOP + 1);
    ensures disagrees: !\result ==> disagrees(tree, limits);
*/
static bool constraint_agrees(const struct mem_alloc *m, const struct mem_alloc *w)
{
  bool agrees = true;
  bool more = true;
  uint64_t address = 0;
  /*@ loop invariant same: tree == \at(tree, Pre);
      loop invariant agrees: agrees ==> agrees_below(tree, limits, CONSTRAINT_DONE(more, address));
      loop invariant disagrees: !agrees ==> !more && disagrees(tree, limits);
      loop assigns agrees, more, address, tree;
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor run = run_at(m, address);
    //@ ghost lemma_run(tree, run.start, run.last);
    agrees = constraint_allows(w, run);
    more = agrees && run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
    }
  }
  return agrees;
}

/* Is address inside a FREE run of m, but not where it starts? */
/*@ requires sound: sound(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result <==> state_in(tree, address) == FIT_FREE && home(address) < address;
*/
static bool constraint_is_inside(const struct mem_alloc *m, uint64_t address)
{
  const struct map_cursor run = run_at(m, address);
  return run.tag >= FIT_FREE && run.start < address;
}

/* How many cuts are needed. */
/*@ requires sound: sound(m);
    requires constraint: limit_ok(w);
    terminates \true;
    exits \false;
    assigns tree;
    ensures same: tree == \old(tree);
    ensures count: \result == cuts_below(tree, limits, TREE_TOP + 1);
*/
static uint64_t constraint_count_cuts(const struct mem_alloc *m, const struct mem_alloc *w)
{
  bool more = true;
  uint64_t address = 0;
  uint64_t cuts = 0;
  /*@ loop invariant same: tree == \at(tree, Pre);
      loop invariant start: more ==> home_in(limits, address) == address;
      loop invariant range: cuts == 0 || cuts < CONSTRAINT_DONE(more, address);
      loop invariant cuts: cuts == cuts_below(tree, limits, CONSTRAINT_DONE(more, address));
      loop assigns more, address, cuts, tree;
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor limit = constraint_limit(w, address);
    //@ ghost int here = 0;
    //@ ghost lemma_run(limits, limit.start, limit.last);
    if (constraint_is_inside(m, address)) {
      cuts++;
      //@ ghost here = 1;
    }
    //@ ghost count_cut(tree, limits, address, limit.last, here);
    more = limit.last < UINT64_MAX;
    if (more) {
      address = limit.last + 1u;
    }
  }
  return cuts;
}

/* How many runs m has besides the first one. */
/*@ requires sound: sound(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures count: \result == starts_below(tree, TREE_TOP + 1) - 1;
*/
static uint64_t constraint_count_runs(const struct mem_alloc *m)
{
  bool more = true;
  uint64_t address = 0;
  uint64_t runs = 0;
  //@ assert zero: home(0) == 0;
  /*@ loop invariant start: more ==> home(address) == address;
      loop invariant range: runs <= address;
      loop invariant runs: runs == starts_below(tree, CONSTRAINT_DONE(more, address)) - (more ? 0 : 1);
      loop assigns more, address, runs;
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor run = run_at(m, address);
    //@ ghost lemma_run(tree, run.start, run.last);
    //@ ghost count_start(tree, address, run.last);
    more = run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
      runs++;
    }
  }
  return runs;
}

/*
 * How many nodes to have available before so many cuts. Each takes at most one of every level and a new root,
 * and looks for one more, in case the tree has become higher; so many are enough. If the estimate for the runs
 * that there are going to be is lower, then that: it may turn out too low, and each cut looks again.
 */
/*@ requires levels: levels <= MAP_LEVELS;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == need_of(cuts, runs, live, levels);
    ensures enough: \result == UINT32_MAX || \result >= cuts * (levels + 2) ||
      live + \result >= MEM_ALLOC_NODES_FOR(runs + cuts + 1);
*/
static uint32_t constraint_need(uint64_t cuts, uint64_t runs, uint32_t live, uint32_t levels)
{
  uint64_t need = UINT32_MAX;
  /* There are never more nodes than that. */
  if (cuts <= UINT32_MAX && runs <= (uint64_t)UINT32_MAX * MEM_ALLOC_FAN_OUT) {
    const uint64_t total = MEM_ALLOC_NODES_FOR(runs + cuts + 1u);
    need = cuts * (levels + 2u);
    if (total >= live && total - live < need) {
      need = total - live;
    }
    if (need > UINT32_MAX) {
      need = UINT32_MAX;
    }
  }
  return (uint32_t)need;
}

/* Get the memory for all cuts. False if there is none. Storage of the caller's is left as it is. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires owner: limits_owner == w;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m), tree;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures same: same_runs(tree, \old(tree));
    ensures enough: \result ==> mirror_fixed != 0 || cuts_below(\old(tree), limits, TREE_TOP + 1) == 0 ||
      mirror_capacity - mirror_live >= room_in(\old(tree), limits);
    ensures refused: !\result ==> mirror_fixed == 0 && cuts_below(\old(tree), limits, TREE_TOP + 1) > 0 &&
      mirror_capacity - mirror_live < room_in(\old(tree), limits) &&
      (storage_got == \null || mirror_live + room_in(\old(tree), limits) > UINT32_MAX);
*/
static bool constraint_make_room(struct mem_alloc *m, const struct mem_alloc *w)
{
  bool done = true;
  const uint64_t cuts = constraint_count_cuts(m, w);
  if (cuts > 0u && !pool_is_fixed(m)) {
    const uint32_t levels = (uint32_t)pool_level(m, pool_root(m)) + 1u;
    done = beside_reserve(m, w, constraint_need(cuts, constraint_count_runs(m), pool_live(m), levels));
  }
  return done;
}

/* Cut the FREE run of m that holds address there: a run of the constraint starts. False: too few nodes. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires start: home_in(limits, address) == address;
    requires joints: joints_in(tree, limits, 0);
    terminates \true;
    exits \false;
    assigns RUN_CUT(m);
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joints: joints_in(tree, limits, 0);
    ensures states: same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
    ensures kept: \forall integer k; 0 <= k <= TREE_TOP && home_in(\old(tree), k) == k ==> home(k) == k;
    ensures cut: \result && state_in(tree, address) == FIT_FREE ==> home(address) == address;
    ensures refused: !\result ==> few_nodes(tree) && cut_needed(tree, limits, address);
*/
static bool constraint_cut(struct mem_alloc *m, const struct mem_alloc *w, uint64_t address)
{
  bool done = true;
  //@ ghost struct tree_state b = tree;
  //@ ghost uint64_t s = runs_get_home(address);
  //@ ghost uint64_t e = runs_get_last(s);
  //@ assert homes: homes_in(b);
  //@ assert home: s <= address;
  if (constraint_is_inside(m, address)) {
    done = beside_cut(m, w, address);
    //@ ghost if (done) lemma_cut(tree, b, s, address, e);
    //@ ghost if (!done) lemma_same_runs(tree, b);
  }
  return done;
}

/* Cut the FREE runs of m wherever a run of the constraint starts. False if there are too few nodes. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires joints: joints_in(tree, limits, 0);
    terminates \true;
    exits \false;
    assigns RUN_CUT(m), tree;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joints: joints_in(tree, limits, 0);
    ensures states: same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
    ensures cut: \result ==> cut_between(tree, limits, 0, TREE_TOP);
    ensures refused: !\result ==> few_nodes(tree) && \exists integer k; cut_needed(tree, limits, k);
*/
static bool constraint_cut_all(struct mem_alloc *m, const struct mem_alloc *w)
{
  bool done = true;
  bool more = true;
  uint64_t address = 0;
  /*@ loop invariant sound: sound(m);
      loop invariant exists: mirror_root != 0;
      loop invariant constraint: limit_ok(w);
      loop invariant beside: beside(m, tree, w, limits);
      loop invariant storage: m->nodes == \at(m->nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
      loop invariant joints: joints_in(tree, limits, 0);
      loop invariant states: same_states(tree, \at(tree, Pre));
      loop invariant blocks: same_blocks(tree, \at(tree, Pre));
      loop invariant start: more ==> home_in(limits, address) == address;
      loop invariant cut: done ==> cut_between(tree, limits, 0, CONSTRAINT_DONE(more, address) - 1);
      loop invariant stop: !done ==> !more;
      loop invariant refused: !done ==> few_nodes(tree) && \exists integer k; cut_needed(tree, limits, k);
      loop assigns done, more, address, m->nodes, m->capacity, storage_got, storage_owner,
        CONSTRAINT_STEPS(m);
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor limit = constraint_limit(w, address);
    //@ ghost lemma_run(limits, limit.start, limit.last);
    done = constraint_cut(m, w, address);
    more = done && limit.last < UINT64_MAX;
    if (more) {
      address = limit.last + 1u;
    }
  }
  return done;
}

/* Join the run, if it is FREE, with its FREE neighbours. The walk is at address, all below is joined. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires run: run_of(tree, run, address);
    requires joints: joints_in(tree, limits, address);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures joints: joints_in(tree, limits, run.last + 1);
    ensures states: same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
*/
static void constraint_uncut(struct mem_alloc *m, const struct mem_alloc *w, struct map_cursor run,
                             uint64_t address)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost lemma_run(b, run.start, run.last);
  if (run.tag >= FIT_FREE) {
    beside_paint(m, w, address, FIT_FREE);
    //@ ghost lemma_repaint(b, limits, run.start, address, run.last, FIT_FREE);
  } else {
    //@ ghost lemma_pass(b, limits, run.start, address, run.last);
    /* Nothing was cut here. */
  }
}

/* Join every FREE run of m with its FREE neighbours. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires joints: joints_in(tree, limits, 0);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joined: all_joined;
    ensures states: same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
*/
static void constraint_uncut_all(struct mem_alloc *m, const struct mem_alloc *w)
{
  bool more = true;
  uint64_t address = 0;
  /*@ loop invariant sound: sound(m);
      loop invariant exists: mirror_root != 0;
      loop invariant constraint: limit_ok(w);
      loop invariant beside: beside(m, tree, w, limits);
      loop invariant joints: joints_in(tree, limits, CONSTRAINT_DONE(more, address));
      loop invariant states: same_states(tree, \at(tree, Pre));
      loop invariant blocks: same_blocks(tree, \at(tree, Pre));
      loop assigns more, address, EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor run = run_at(m, address);
    constraint_uncut(m, w, run, address);
    more = run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
    }
  }
  //@ ghost lemma_joints(tree);
}

/* Turn the run, if FREE but not so in the constraint, ABSENT: all or nothing. The walk is at address. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires run: run_of(tree, run, address);
    requires joints: joints_in(tree, limits, address);
    requires edge: state_in(tree, address) == FIT_FREE ==> home(address) == address;
    requires cut: cut_between(tree, limits, address, TREE_TOP);
    requires below: \forall integer k; 0 <= k < address && state_in(tree, k) == FIT_FREE ==>
      state_in(limits, k) == FIT_FREE;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, tree;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joints: joints_in(tree, limits, run.last + 1);
    ensures edge: run.last < TREE_TOP && state_in(tree, run.last + 1) == FIT_FREE ==>
      home(run.last + 1) == run.last + 1;
    ensures cut: cut_between(tree, limits, run.last + 1, TREE_TOP);
    ensures states: \forall integer k; 0 <= k <= TREE_TOP ==>
      state_in(tree, k) ==
        (address <= k <= run.last && state_in(\old(tree), k) == FIT_FREE && state_in(limits, k) != FIT_FREE ?
         FIT_ABSENT : state_in(\old(tree), k));
    ensures blocks: same_blocks(tree, \old(tree));
*/
static void constraint_settle(struct mem_alloc *m, const struct mem_alloc *w, struct map_cursor run)
    /*@ ghost (uint64_t address) */
{
  //@ ghost struct tree_state b = tree;
  //@ ghost lemma_run(b, run.start, run.last);
  if (run.tag >= FIT_FREE) {
    const struct map_cursor limit = constraint_limit(w, run.start);
    //@ ghost lemma_whole(b, limits, address, run.last);
    //@ assert limit: state_in(limits, address) == state_of(limit.tag + 1);
    if (limit.tag < FIT_FREE) {
      beside_paint(m, w, run.start, FIT_ABSENT);
      //@ ghost lemma_repaint(b, limits, run.start, address, run.last, FIT_ABSENT);
    } else {
      //@ ghost lemma_stay(b, limits, run.start, address, run.last);
      /* It stays FREE. */
    }
  } else {
    //@ ghost lemma_pass(b, limits, run.start, address, run.last);
    /* It stays what it is. */
  }
}

/* Turn every FREE run of m that is not FREE in the constraint ABSENT. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires joints: joints_in(tree, limits, 0);
    requires cut: cut_between(tree, limits, 0, TREE_TOP);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, tree;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joined: all_joined;
    ensures settled: settled_below(tree, \old(tree), limits, TREE_TOP + 1);
    ensures blocks: same_blocks(tree, \old(tree));
*/
static void constraint_commit(struct mem_alloc *m, const struct mem_alloc *w)
{
  bool more = true;
  uint64_t address = 0;
  //@ assert zero: home(0) == 0;
  /*@ loop invariant sound: sound(m);
      loop invariant exists: mirror_root != 0;
      loop invariant constraint: limit_ok(w);
      loop invariant beside: beside(m, tree, w, limits);
      loop invariant storage: m->nodes == \at(m->nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
      loop invariant joints: joints_in(tree, limits, CONSTRAINT_DONE(more, address));
      loop invariant edge: more && state_in(tree, address) == FIT_FREE ==> home(address) == address;
      loop invariant cut: cut_between(tree, limits, CONSTRAINT_DONE(more, address), TREE_TOP);
      loop invariant settled: settled_below(tree, \at(tree, Pre), limits, CONSTRAINT_DONE(more, address));
      loop invariant blocks: same_blocks(tree, \at(tree, Pre));
      loop assigns more, address, CONSTRAINT_STEPS(m);
      loop variant CONSTRAINT_LEFT(more, address);
  */
  while (more) {
    const struct map_cursor run = run_at(m, address);
    constraint_settle(m, w, run) /*@ ghost (address) */;
    more = run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
    }
  }
  //@ ghost lemma_joints(tree);
}

/* Cut, then make ABSENT what is not FREE in the constraint; or undo the cuts, if there are too few nodes. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires joined: all_joined;
    terminates \true;
    exits \false;
    assigns RUN_CUT(m), tree;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
    ensures joined: all_joined;
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
    ensures settled: \result == MEM_ALLOC_OK ==> settled_below(tree, \old(tree), limits, TREE_TOP + 1);
    ensures states: \result != MEM_ALLOC_OK ==> same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
*/
static int constraint_change(struct mem_alloc *m, const struct mem_alloc *w)
{
  int status = MEM_ALLOC_NO_MEMORY;
  //@ ghost struct tree_state b = tree;
  //@ ghost lemma_joints(b);
  const bool done = constraint_cut_all(m, w);
  //@ ghost struct tree_state cut = tree;
  //@ assert storage: m->nodes == \at(m->nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
  if (done) {
    constraint_commit(m, w);
    //@ assert settled: settled_below(tree, cut, limits, TREE_TOP + 1);
    //@ assert stays_settled: m->nodes == \at(m->nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
    status = MEM_ALLOC_OK;
  } else {
    constraint_uncut_all(m, w);
    //@ assert states: same_states(tree, cut);
    //@ assert stays_uncut: m->nodes == \at(m->nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
  }
  //@ ghost lemma_then(b, cut, tree);
  return status;
}

/* Apply a constraint that every live block agrees with. There is a tree. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires constraint: limit_ok(w);
    requires beside: beside(m, tree, w, limits);
    requires owner: limits_owner == w;
    requires joined: all_joined;
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m);
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures constraint: limit_ok(w);
    ensures beside: beside(m, tree, w, limits);
    ensures joined: all_joined;
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
    ensures settled: \result == MEM_ALLOC_OK ==> settled_below(tree, \old(tree), limits, TREE_TOP + 1);
    ensures states: \result != MEM_ALLOC_OK ==> same_states(tree, \old(tree));
    ensures blocks: same_blocks(tree, \old(tree));
*/
static int constraint_apply(struct mem_alloc *m, const struct mem_alloc *w)
{
  int status = MEM_ALLOC_NO_MEMORY;
  //@ ghost struct tree_state b = tree;
  const bool room = constraint_make_room(m, w);
  //@ ghost struct tree_state c = tree;
  //@ ghost lemma_same_runs(c, b);
  //@ ghost lemma_joints(b);
  //@ ghost lemma_joints(c);
  if (room) {
    status = constraint_change(m, w);
    //@ ghost lemma_then(b, c, tree);
  }
  return status;
}

int mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && m_constr != NULL) {
    //@ ghost struct tree_state b = tree;
    status = MEM_ALLOC_CONFLICT;
    if (constraint_agrees(m, m_constr)) {
      //@ assert agrees: agrees_below(b, limits, TREE_TOP + 1);
      status = MEM_ALLOC_OK;
      if (map_exists(m) && m != m_constr) {
        //@ ghost limits_owner = m_constr;
        //@ ghost keep_beside(m, m_constr);
        status = constraint_apply(m, m_constr);
        //@ assert body: body_ok(MAP_LEVELS);
      } else {
        //@ ghost if (b.object.root == 0) space_none(b);
        /*@ assert kept: \forall integer k; 0 <= k <= TREE_TOP && state_in(b, k) == FIT_FREE ==>
              state_in(limits, k) == FIT_FREE; */
        /* Nothing is FREE, or all that is FREE is so in the constraint. */
      }
    } else {
      //@ assert conflict: disagrees(b, limits);
      /* Nothing has changed. */
    }
    //@ ghost keep_lives(m, tree);
    //@ ghost keep_lives(m_constr, limits);
  }
  return status;
}
