/* SPDX-License-Identifier: BSD-3-Clause */
#define MEM_ALLOC_MODEL_DEFINED
#include "opae/mem_alloc_ext.h"

#include <stddef.h>

#include "map.h"
#include "pool.h"
#include "../proofs/valid.h"

/*
 * mem_alloc_is_valid: the invariants, executed, and two expectations that sound trees can fail: how full two
 * neighbours are, and how high the tree is for its runs. One walk over the tree from left to right with its path
 * on the stack; a node is checked against its parent's entry before anything below it is looked at, so that the
 * walk cannot leave the storage.
 *
 * All of it is for storage with any content, so that nothing may be taken for granted; the contracts ask for
 * no more than that the storage can be read. What is carried along is passed and returned as a value: a write
 * through a pointer would hide from the proofs that no node changed.
 */

/* The runs that were met. */
struct valid_runs {
  uint64_t count;
  uint8_t state; /* what the last one was */
  bool valid;    /* nothing was wrong so far */
};

/* The walk. Node, slot and last by level; what has been met so far. */
struct valid_walk {
  uint32_t node[MAP_LEVELS];
  uint32_t slot[MAP_LEVELS]; /* the next slot to look at */
  uint64_t last[MAP_LEVELS]; /* the last address of the node's range */
  uint32_t level;            /* where the walk is; above top: it is over */
  uint32_t top;              /* the root's level */
  uint32_t nodes;            /* nodes met */
  struct valid_runs runs;
  bool valid;                /* nothing was wrong so far */
};

/* Are the keys of node x ascending, from first to at most last? */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && 1 <= mirror_count[x] <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures keys: \result <==>
      mirror_key[x].v[0] == first && mirror_key[x].v[mirror_count[x] - 1] <= last && sorted(x);
*/
static bool valid_keys(const struct mem_alloc *m, uint32_t x, uint64_t first, uint64_t last)
{
  const uint32_t count = pool_count(m, x);
  bool valid = pool_key(m, x, 0) == first && pool_key(m, x, count - 1u) <= last;
  uint32_t i = 1;
  /*@ loop invariant range: 1 <= i <= count;
      loop invariant keys: valid <==>
        mirror_key[x].v[0] == first && mirror_key[x].v[count - 1] <= last &&
        \forall integer j, k; 0 <= j < k < i ==> mirror_key[x].v[j] < mirror_key[x].v[k];
      loop assigns i, valid;
      loop variant count - i;
  */
  while (i < count) {
    valid = valid && pool_key(m, x, i - 1u) < pool_key(m, x, i);
    i++;
  }
  return valid;
}

/* Is x the number of a node of that level, with as many entries as a node has, for [first, last]? */
/*@ requires glue: glue(m);
    requires counts: mirror_fresh <= mirror_capacity;
    requires level: level < MAP_LEVELS;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures node: \result <==> valid_node_in(tree, x, level, first, last);
*/
static bool valid_node(const struct mem_alloc *m, uint32_t x, uint32_t level, uint64_t first, uint64_t last)
{
  return x >= 1u && x <= pool_fresh(m) && pool_level(m, x) == (int8_t)level && pool_count(m, x) >= 1u &&
         pool_count(m, x) <= MEM_ALLOC_FAN_OUT && valid_keys(m, x, first, last);
}

/* Does the entry at slot of leaf x, which ends at last, say what its run is? */
/*@ requires glue: glue(m);
    requires counts: mirror_fresh <= mirror_capacity;
    requires node: valid_node_in(tree, x, 0, mirror_key[x].v[0], last);
    requires slot: slot < mirror_count[x];
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures mark: \result <==> valid_run_in(tree, x, slot, last);
*/
static bool valid_run(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  const uint64_t start = pool_key(m, x, slot);
  const uint64_t end = pool_slot_last(m, x, slot, last);
  const uint8_t tag = pool_tag(m, x, slot);
  const int16_t bin = pool_bin(m, x, slot);
  bool valid = bin == 0;
  if (tag >= FIT_FREE) {
    const struct fit_mark mark = fit_free_mark(start, end);
    //@ ghost lemma_bins();
    valid = tag == mark.tag && bin == mark.bin;
  }
  return valid;
}

/* Meet a run with that tag: is it apart from a like neighbour before it? */
/*@ requires count: runs.count < UINT64_MAX;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures count: \result.count == runs.count + 1;
    ensures state: \result.state == state_of(tag + 1);
    ensures valid: \result.valid <==>
      runs.valid && (runs.count > 0 ==> valid_beside(runs.state, state_of(tag + 1)));
*/
static struct valid_runs valid_meet(struct valid_runs runs, uint8_t tag)
{
  const uint8_t state = tag > FIT_FREE ? FIT_FREE : tag;
  if (runs.count > 0u && state != FIT_ALLOCATED && state == runs.state) {
    runs.valid = false;
  }
  runs.state = state;
  runs.count++;
  return runs;
}

/* Check all runs of leaf x, which ends at last; the runs before it are known. */
/*@ requires glue: glue(m);
    requires counts: mirror_fresh <= mirror_capacity;
    requires node: valid_node_in(tree, x, 0, mirror_key[x].v[0], last);
    requires count: runs.count <= UINT64_MAX - MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures count: \result.count == runs.count + mirror_count[x];
    ensures state: \result.state == state_of(mirror_tag[x].v[mirror_count[x] - 1] + 1);
    ensures leaf: \result.valid <==> runs.valid && valid_leaf_in(tree, x, last) &&
      (runs.count > 0 ==> valid_beside(runs.state, state_of(mirror_tag[x].v[0] + 1)));
*/
static struct valid_runs valid_leaf(const struct mem_alloc *m, uint32_t x, uint64_t last,
                                    struct valid_runs runs)
{
  const uint32_t count = pool_count(m, x);
  bool marks = true;
  uint32_t i = 0;
  /*@ loop invariant range: 0 <= i <= count;
      loop invariant count: runs.count == \at(runs.count, Pre) + i;
      loop invariant state: i == 0 ? runs.state == \at(runs.state, Pre) :
        runs.state == state_of(mirror_tag[x].v[i - 1] + 1);
      loop invariant marks: marks <==> \forall integer j; 0 <= j < i ==> valid_run_in(tree, x, j, last);
      loop invariant valid: runs.valid <==> \at(runs.valid, Pre) &&
        (i > 0 && \at(runs.count, Pre) > 0 ==>
          valid_beside(\at(runs.state, Pre), state_of(mirror_tag[x].v[0] + 1))) &&
        \forall integer j; 0 < j < i ==>
          valid_beside(state_of(mirror_tag[x].v[j - 1] + 1), state_of(mirror_tag[x].v[j] + 1));
      loop assigns i, runs, marks;
      loop variant count - i;
  */
  while (i < count) {
    marks = valid_run(m, x, i, last) && marks;
    runs = valid_meet(runs, pool_tag(m, x, i));
    i++;
  }
  runs.valid = runs.valid && marks;
  return runs;
}

/* Do child slot of x and the child before it together have half a node's entries? Most do: see map.h. */
/*@ requires glue: glue(m);
    requires node: 1 <= x <= mirror_capacity && slot < MEM_ALLOC_FAN_OUT;
    requires child: 1 <= mirror_child[x].v[slot] <= mirror_capacity;
    requires before: slot > 0 ==> 1 <= mirror_child[x].v[slot - 1] <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures pair: \result <==> valid_pair_in(tree, x, slot);
*/
static bool valid_pair(const struct mem_alloc *m, uint32_t x, uint32_t slot)
{
  return slot == 0u || pool_count(m, pool_child(m, x, slot - 1u)) + pool_count(m, pool_child(m, x, slot)) >=
                           MEM_ALLOC_FAN_OUT / 2u;
}

/* Is the child at slot of inner node x, which ends at last, what the entry says? */
/*@ requires glue: glue(m);
    requires counts: mirror_fresh <= mirror_capacity;
    requires level: 0 < mirror_level[x] < MAP_LEVELS;
    requires node: valid_node_in(tree, x, mirror_level[x], mirror_key[x].v[0], last);
    requires slot: slot < mirror_count[x];
    requires before: slot > 0 ==> 1 <= mirror_child[x].v[slot - 1] <= mirror_fresh;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures entry: \result <==> valid_entry_in(tree, x, slot, mirror_child[x].v[slot], last);
*/
static bool valid_entry(const struct mem_alloc *m, uint32_t x, uint32_t slot, uint64_t last)
{
  const uint32_t child = pool_child(m, x, slot);
  const uint32_t level = (uint32_t)pool_level(m, x) - 1u;
  return valid_node(m, child, level, pool_key(m, x, slot), pool_slot_last(m, x, slot, last)) &&
         pool_tag(m, x, slot) == pool_top_tag(m, child) && pool_bin(m, x, slot) == pool_top_bin(m, child) &&
         valid_pair(m, x, slot);
}

/*@
  // what the walk carries along is within its bounds: levels,
  predicate walk_levels(struct valid_walk w) =
    w.level <= w.top + 1 && w.top == mirror_level[mirror_root] < MAP_LEVELS;
  // nodes, runs of those nodes
  predicate walk_counts(struct valid_walk w) =
    1 <= w.nodes && (w.nodes <= mirror_live || w.nodes == 1) &&
    w.runs.count <= (w.level == 0 ? w.nodes - 1 : w.nodes) * MEM_ALLOC_FAN_OUT;

  // the way from the root to where the walk is: it starts at the root,
  predicate walk_root(struct valid_walk w) =
    w.node[w.top] == mirror_root && w.last[w.top] == TREE_TOP;
  // has sound nodes
  predicate walk_nodes(struct valid_walk w) =
    \forall integer l; w.level <= l <= w.top ==>
      valid_node_in(tree, w.node[l], l, mirror_key[w.node[l]].v[0], w.last[l]);
  predicate walk_slots(struct valid_walk w) =
    \forall integer l; w.level <= l <= w.top ==> w.slot[l] <= mirror_count[w.node[l]];
  // each the child at the slot before the next one,
  predicate walk_links(struct valid_walk w) =
    \forall integer l; w.level < l <= w.top ==>
      w.slot[l] >= 1 && mirror_child[w.node[l]].v[w.slot[l] - 1] == w.node[l - 1];
  predicate walk_ends(struct valid_walk w) =
    \forall integer l; w.level < l <= w.top ==>
      w.last[l - 1] == slot_last(w.node[l], w.slot[l] - 1, w.last[l]);
  // what is left of it is sound,
  predicate walk_entries(struct valid_walk w) =
    \forall integer l, j; w.level <= l <= w.top && 0 < l && 0 <= j < w.slot[l] ==>
      valid_entry_in(tree, w.node[l], j, mirror_child[w.node[l]].v[j], w.last[l]);
  predicate walk_done(struct valid_walk w) =
    \forall integer l, j; w.level < l <= w.top && 0 <= j < w.slot[l] - 1 ==>
      valid_below_in(tree, mirror_child[w.node[l]].v[j], slot_last(w.node[l], j, w.last[l]), l);
  predicate walk_here(struct valid_walk w) =
    0 < w.level <= w.top ==> \forall integer j; 0 <= j < w.slot[w.level] ==>
      valid_below_in(tree, mirror_child[w.node[w.level]].v[j], slot_last(w.node[w.level], j, w.last[w.level]),
        w.level);
  // what was met last is the last run of the child before the next slot,
  predicate walk_final(struct valid_walk w) =
    0 < w.level <= w.top && 0 < w.slot[w.level] ==> w.runs.count > 0 &&
      w.runs.state == valid_final_in(tree, mirror_child[w.node[w.level]].v[w.slot[w.level] - 1], w.level - 1);
  // or of the child before the one at level l that was entered, but nothing below it met yet
  predicate walk_new(struct valid_walk w, integer l) =
    w.level < l <= w.top && 2 <= w.slot[l] && (\forall integer i; w.level < i < l ==> w.slot[i] == 1) &&
    (w.level == 0 || w.slot[w.level] == 0);
  predicate walk_before(struct valid_walk w) =
    \forall integer l; walk_new(w, l) ==> w.runs.count > 0 &&
      w.runs.state == valid_final_in(tree, mirror_child[w.node[l]].v[w.slot[l] - 2], l - 1);
  // where children meet, other than at that one, are no like neighbours
  predicate walk_joints(struct valid_walk w) =
    \forall integer l, j; w.level <= l <= w.top && 0 < j < w.slot[l] && 0 < l &&
      !(walk_new(w, l) && j == w.slot[l] - 1) ==> valid_joint_in(tree, w.node[l], j, l);
  // and at the end all of it
  predicate walk_over(struct valid_walk w) =
    w.level > w.top ==> valid_below_in(tree, mirror_root, TREE_TOP, w.top + 1);

  // how many nodes had been met when the one was that is n levels below the top
  logic integer walk_met(struct tree_state t, struct valid_walk w, integer n) =
    n <= 0 ? 1 :
    walk_met(t, w, n - 1) + valid_nodes_in(t, w.node[w.top - n + 1], w.top - n + 1, w.slot[w.top - n + 1] - 1) + 1;
  // each node was met once
  predicate walk_tally(struct valid_walk w) = w.nodes ==
    (w.level > w.top ? 1 + valid_nodes_in(tree, mirror_root, w.top, mirror_count[mirror_root]) :
      walk_met(tree, w, w.top - w.level) + valid_nodes_in(tree, w.node[w.level], w.level, w.slot[w.level]));
  // how many runs had been met then
  logic integer walk_runs_met(struct tree_state t, struct valid_walk w, integer n) =
    n <= 0 ? 0 :
    walk_runs_met(t, w, n - 1) + valid_runs_in(t, w.node[w.top - n + 1], w.top - n + 1, w.slot[w.top - n + 1] - 1);
  // and so was each run, but not yet those of the leaf where the walk is
  predicate walk_sum(struct valid_walk w) = w.runs.count ==
    (w.level > w.top ? valid_all_runs_in(tree) :
      walk_runs_met(tree, w, w.top - w.level) + valid_runs_in(tree, w.node[w.level], w.level, w.slot[w.level]));
*/

/* What had been met above level is the same in b and w. */
/*@ ghost
/@ requires top: w.top == b.top < MAP_LEVELS && level <= w.top;
 @ requires slots: \forall integer l; level < l < MAP_LEVELS ==> w.slot[l] == b.slot[l];
 @ requires nodes: \forall integer l; level < l < MAP_LEVELS ==> w.node[l] == b.node[l];
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures met: walk_met(tree, w, w.top - level) == walk_met(tree, b, b.top - level);
 @ ensures runs: walk_runs_met(tree, w, w.top - level) == walk_runs_met(tree, b, b.top - level); @/
static void walk_same(struct valid_walk b, struct valid_walk w, uint32_t level)
{
  uint32_t n = 0;
  /@ loop invariant range: 0 <= n <= w.top - level;
   @ loop invariant met: walk_met(tree, w, n) == walk_met(tree, b, n);
   @ loop invariant runs: walk_runs_met(tree, w, n) == walk_runs_met(tree, b, n);
   @ loop assigns n;
   @ loop variant w.top - n; @/
  while (n < w.top - level) {
    n++;
  }
}
*/

/* The walk at the root. */
/*@ requires glue: glue(m);
    requires counts: mirror_fresh <= mirror_capacity;
    requires root: 1 <= mirror_root <= mirror_fresh && 0 <= mirror_level[mirror_root] < MAP_LEVELS;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures start: \result.level == \result.top;
    ensures root: \result.valid ==> mirror_key[mirror_root].v[0] == 0 &&
      (mirror_level[mirror_root] > 0 ==> mirror_count[mirror_root] > 1);
    ensures walk_levels: walk_levels(\result);
    ensures walk_counts: walk_counts(\result);
    ensures walk_root: walk_root(\result);
    ensures walk_nodes: \result.valid ==> walk_nodes(\result);
    ensures walk_slots: walk_slots(\result);
    ensures walk_links: walk_links(\result);
    ensures walk_ends: walk_ends(\result);
    ensures walk_entries: walk_entries(\result);
    ensures walk_done: walk_done(\result);
    ensures walk_here: walk_here(\result);
    ensures walk_final: walk_final(\result);
    ensures walk_before: walk_before(\result);
    ensures walk_joints: walk_joints(\result);
    ensures walk_over: walk_over(\result);
    ensures walk_tally: walk_tally(\result);
    ensures walk_sum: walk_sum(\result);
*/
static struct valid_walk valid_start(const struct mem_alloc *m)
{
  struct valid_walk walk = { { 0 }, { 0 }, { 0 }, 0, 0, 1, { 0, FIT_ABSENT, true }, true };
  const uint32_t root = pool_root(m);
  walk.top = (uint32_t)pool_level(m, root);
  walk.level = walk.top;
  walk.node[walk.top] = root;
  walk.slot[walk.top] = 0;
  walk.last[walk.top] = UINT64_MAX;
  walk.valid = valid_node(m, root, walk.top, 0, UINT64_MAX) && (walk.top == 0u || pool_count(m, root) > 1u);
  return walk;
}

/* The way when the walk goes down, from b to w. */
/*@ ghost
/@ requires level: 0 < b.level <= b.top < MAP_LEVELS;
 @ requires step: w.level == b.level - 1 && w.top == b.top;
 @ requires slot: w.slot[b.level] == b.slot[b.level] + 1;
 @ requires slots: \forall integer l; b.level < l < MAP_LEVELS ==> w.slot[l] == b.slot[l];
 @ requires nodes: \forall integer l; b.level <= l < MAP_LEVELS ==> w.node[l] == b.node[l];
 @ requires lasts: \forall integer l; b.level <= l < MAP_LEVELS ==> w.last[l] == b.last[l];
 @ requires link: mirror_child[b.node[b.level]].v[b.slot[b.level]] == w.node[w.level];
 @ requires last: w.last[w.level] == slot_last(b.node[b.level], b.slot[b.level], b.last[b.level]);
 @ requires walk_links: walk_links(b);
 @ requires walk_ends: walk_ends(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures walk_links: walk_links(w);
 @ ensures walk_ends: walk_ends(w); @/
static void walk_way(struct valid_walk b, struct valid_walk w)
{
  /@ assert slots: \forall integer l; w.level < l <= w.top ==> w.slot[l] >= 1; @/
  /@ assert link: \forall integer l; l == b.level ==> mirror_child[w.node[l]].v[w.slot[l] - 1] == w.node[l - 1]; @/
  /@ assert above: \forall integer l; b.level < l <= w.top ==>
       mirror_child[w.node[l]].v[w.slot[l] - 1] == w.node[l - 1]; @/
  /@ assert links: \forall integer l; w.level < l <= w.top ==>
       mirror_child[w.node[l]].v[w.slot[l] - 1] == w.node[l - 1]; @/
  /@ assert end: \forall integer l; l == b.level ==>
       w.last[l - 1] == slot_last(w.node[l], w.slot[l] - 1, w.last[l]); @/
  /@ assert ends: \forall integer l; b.level < l <= w.top ==>
       w.last[l - 1] == slot_last(w.node[l], w.slot[l] - 1, w.last[l]); @/
}
*/

/* What is new of the joints and of what was met last when the walk goes down, from b to w. */
/*@ ghost
/@ requires level: 0 < b.level <= b.top < MAP_LEVELS;
 @ requires step: w.level == b.level - 1 && w.top == b.top;
 @ requires runs: w.runs.count == b.runs.count && w.runs.state == b.runs.state;
 @ requires slot: w.slot[b.level] == b.slot[b.level] + 1 && w.slot[w.level] == 0;
 @ requires slots: \forall integer l; b.level < l < MAP_LEVELS ==> w.slot[l] == b.slot[l];
 @ requires nodes: \forall integer l; b.level <= l < MAP_LEVELS ==> w.node[l] == b.node[l];
 @ requires walk_final: walk_final(b);
 @ requires walk_before: walk_before(b);
 @ requires walk_joints: walk_joints(b);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures walk_before: walk_before(w);
 @ ensures walk_joints: walk_joints(w); @/
static void walk_down(struct valid_walk b, struct valid_walk w)
{
  /@ assert above: \forall integer l; b.level < l && walk_new(w, l) ==> walk_new(b, l); @/
  /@ assert others: \forall integer l; b.level < l && walk_new(b, l) ==> walk_new(w, l); @/
  /@ assert here: walk_new(w, b.level) <==> 0 < b.slot[b.level]; @/
  /@ assert none: !walk_new(w, w.level); @/
}
*/

/* Go down to the child at the next slot, which ends at last. */
/*@ requires level: 0 < walk.level <= walk.top;
    requires slot: walk.slot[walk.level] < mirror_count[walk.node[walk.level]] <= MEM_ALLOC_FAN_OUT;
    requires nodes: walk.nodes < mirror_live;
    requires entry:
      valid_entry_in(tree, walk.node[walk.level], walk.slot[walk.level], child, walk.last[walk.level]);
    requires last: last == slot_last(walk.node[walk.level], walk.slot[walk.level], walk.last[walk.level]);
    requires walk_levels: walk_levels(walk);
    requires walk_counts: walk_counts(walk);
    requires walk_root: walk_root(walk);
    requires walk_nodes: walk_nodes(walk);
    requires walk_slots: walk_slots(walk);
    requires walk_links: walk_links(walk);
    requires walk_ends: walk_ends(walk);
    requires walk_entries: walk_entries(walk);
    requires walk_done: walk_done(walk);
    requires walk_here: walk_here(walk);
    requires walk_final: walk_final(walk);
    requires walk_before: walk_before(walk);
    requires walk_joints: walk_joints(walk);
    requires walk_tally: walk_tally(walk);
    requires walk_sum: walk_sum(walk);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures step: \result.level == walk.level - 1 && \result.nodes == walk.nodes + 1;
    ensures same: \result.top == walk.top && \result.valid == walk.valid;
    ensures walk_levels: walk_levels(\result);
    ensures walk_counts: walk_counts(\result);
    ensures walk_root: walk_root(\result);
    ensures walk_nodes: walk_nodes(\result);
    ensures walk_slots: walk_slots(\result);
    ensures walk_links: walk_links(\result);
    ensures walk_ends: walk_ends(\result);
    ensures walk_entries: walk_entries(\result);
    ensures walk_done: walk_done(\result);
    ensures walk_here: walk_here(\result);
    ensures walk_final: walk_final(\result);
    ensures walk_before: walk_before(\result);
    ensures walk_joints: walk_joints(\result);
    ensures walk_tally: walk_tally(\result);
    ensures walk_sum: walk_sum(\result);
*/
static struct valid_walk valid_down(struct valid_walk walk, uint32_t child, uint64_t last)
{
  //@ ghost struct valid_walk before = walk;
  //@ assert level: mirror_level[walk.node[walk.level]] == walk.level;
  //@ assert child: valid_node_in(tree, child, walk.level - 1, mirror_key[child].v[0], last);
  walk.slot[walk.level]++;
  walk.level--;
  walk.node[walk.level] = child;
  walk.slot[walk.level] = 0;
  walk.last[walk.level] = last;
  walk.nodes++;
  //@ ghost walk_way(before, walk);
  //@ ghost walk_down(before, walk);
  //@ ghost walk_same(before, walk, before.level);
  return walk;
}

/* Go from the inner node where the walk is to its next child, if that is sound. */
/*@ requires glue: glue(m);
    requires counts: mirror_live <= mirror_fresh <= mirror_capacity;
    requires level: 0 < walk.level <= walk.top;
    requires slot: walk.slot[walk.level] < mirror_count[walk.node[walk.level]];
    requires valid: walk.valid;
    requires walk_levels: walk_levels(walk);
    requires walk_counts: walk_counts(walk);
    requires walk_root: walk_root(walk);
    requires walk_nodes: walk_nodes(walk);
    requires walk_slots: walk_slots(walk);
    requires walk_links: walk_links(walk);
    requires walk_ends: walk_ends(walk);
    requires walk_entries: walk_entries(walk);
    requires walk_done: walk_done(walk);
    requires walk_here: walk_here(walk);
    requires walk_final: walk_final(walk);
    requires walk_before: walk_before(walk);
    requires walk_joints: walk_joints(walk);
    requires walk_tally: walk_tally(walk);
    requires walk_sum: walk_sum(walk);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures step: \result.valid ==> \result.level == walk.level - 1 && \result.nodes == walk.nodes + 1;
    ensures met: \result.valid ==> walk.nodes < mirror_live;
    ensures top: \result.top == walk.top;
    ensures walk_levels: walk_levels(\result);
    ensures walk_counts: walk_counts(\result);
    ensures walk_root: walk_root(\result);
    ensures walk_nodes: \result.valid ==> walk_nodes(\result);
    ensures walk_slots: \result.valid ==> walk_slots(\result);
    ensures walk_links: \result.valid ==> walk_links(\result);
    ensures walk_ends: \result.valid ==> walk_ends(\result);
    ensures walk_entries: \result.valid ==> walk_entries(\result);
    ensures walk_done: \result.valid ==> walk_done(\result);
    ensures walk_here: \result.valid ==> walk_here(\result);
    ensures walk_final: \result.valid ==> walk_final(\result);
    ensures walk_before: \result.valid ==> walk_before(\result);
    ensures walk_joints: \result.valid ==> walk_joints(\result);
    ensures walk_tally: \result.valid ==> walk_tally(\result);
    ensures walk_sum: \result.valid ==> walk_sum(\result);
*/
static struct valid_walk valid_enter(const struct mem_alloc *m, struct valid_walk walk)
{
  const uint32_t x = walk.node[walk.level];
  const uint32_t slot = walk.slot[walk.level];
  const uint64_t last = walk.last[walk.level];
  //@ ghost struct valid_walk before = walk;
  //@ assert before: slot > 0 ==> valid_entry_in(tree, x, slot - 1, mirror_child[x].v[slot - 1], last);
  walk.valid = walk.nodes < pool_live(m) && valid_entry(m, x, slot, last);
  if (walk.valid) {
    //@ ghost walk_same(before, walk, walk.level);
    walk = valid_down(walk, pool_child(m, x, slot), pool_slot_last(m, x, slot, last));
  }
  return walk;
}

/* Below a child that was entered, but nothing met yet, the first run is the leaf's first. */
/*@ ghost
/@ requires level: walk.level == 0;
 @ requires walk_levels: walk_levels(walk);
 @ requires walk_links: walk_links(walk);
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures first: \forall integer l; walk_new(walk, l) ==>
     valid_first_in(tree, walk.node[l - 1], l - 1) == state_of(mirror_tag[walk.node[0]].v[0] + 1); @/
static void walk_first(struct valid_walk walk)
{
  uint32_t k = 0;
  /@ loop invariant range: 0 <= k <= walk.top;
   @ loop invariant first: \forall integer l;
       0 <= l <= k && (\forall integer i; 0 < i <= l ==> walk.slot[i] == 1) ==>
       valid_first_in(tree, walk.node[l], l) == state_of(mirror_tag[walk.node[0]].v[0] + 1);
   @ loop assigns k;
   @ loop variant walk.top - k; @/
  while (k < walk.top) {
    k++;
  }
}
*/

/* Go back up from a node all of which was looked at. */
/*@ requires counts: mirror_live <= mirror_fresh;
    requires level: walk.level <= walk.top;
    requires node: valid_below_in(tree, walk.node[walk.level], walk.last[walk.level], walk.level + 1);
    requires runs: walk.runs.count <= walk.nodes * MEM_ALLOC_FAN_OUT;
    requires walk_levels: walk_levels(walk);
    requires walk_counts: 1 <= walk.nodes && (walk.nodes <= mirror_live || walk.nodes == 1);
    requires walk_root: walk_root(walk);
    requires walk_nodes: walk_nodes(walk);
    requires walk_slots: walk_slots(walk);
    requires walk_links: walk_links(walk);
    requires walk_ends: walk_ends(walk);
    requires walk_entries: walk_entries(walk);
    requires walk_done: walk_done(walk);
    requires walk_here: walk_here(walk);
    requires final: walk.runs.count > 0 &&
      walk.runs.state == valid_final_in(tree, walk.node[walk.level], walk.level);
    requires joints: \forall integer l, j; walk.level <= l <= walk.top && 0 < l && 0 < j < walk.slot[l] ==>
      valid_joint_in(tree, walk.node[l], j, l);
    requires walk_tally: walk_tally(walk);
    requires sum: walk.runs.count == walk_runs_met(tree, walk, walk.top - walk.level) +
      (walk.level == 0 ? mirror_count[walk.node[0]] :
       valid_runs_in(tree, walk.node[walk.level], walk.level, walk.slot[walk.level]));
    requires all: walk.slot[walk.level] == mirror_count[walk.node[walk.level]] || walk.level == 0;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures step: \result.level == walk.level + 1 && \result.nodes == walk.nodes;
    ensures same: \result.valid == walk.valid && \result.top == walk.top;
    ensures walk_levels: walk_levels(\result);
    ensures walk_counts: walk_counts(\result);
    ensures walk_root: walk_root(\result);
    ensures walk_nodes: walk_nodes(\result);
    ensures walk_slots: walk_slots(\result);
    ensures walk_links: walk_links(\result);
    ensures walk_ends: walk_ends(\result);
    ensures walk_entries: walk_entries(\result);
    ensures walk_done: walk_done(\result);
    ensures walk_here: walk_here(\result);
    ensures walk_final: walk_final(\result);
    ensures walk_before: walk_before(\result);
    ensures walk_joints: walk_joints(\result);
    ensures walk_over: walk_over(\result);
    ensures walk_tally: walk_tally(\result);
    ensures walk_sum: walk_sum(\result);
*/
static struct valid_walk valid_leave(struct valid_walk walk)
{
  //@ ghost struct valid_walk before = walk;
  /*@ assert child: walk.level < walk.top ==>
        mirror_child[walk.node[walk.level + 1]].v[walk.slot[walk.level + 1] - 1] == walk.node[walk.level]; */
  /*@ assert below: walk.level < walk.top ==> valid_below_in(tree, walk.node[walk.level],
        slot_last(walk.node[walk.level + 1], walk.slot[walk.level + 1] - 1, walk.last[walk.level + 1]),
        walk.level + 1); */
  walk.level++;
  /*@ assert last: 0 < walk.level <= walk.top ==> \forall integer j; j == walk.slot[walk.level] - 1 ==>
        valid_below_in(tree, mirror_child[walk.node[walk.level]].v[j],
          slot_last(walk.node[walk.level], j, walk.last[walk.level]), walk.level); */
  /*@ ghost
    if (walk.level <= walk.top) {
      walk_same(before, walk, walk.level);
    }
  */
  return walk;
}

/* One step: a leaf, or a child of an inner node, or back up. */
/*@ requires glue: glue(m);
    requires counts: mirror_live <= mirror_fresh <= mirror_capacity;
    requires level: walk.level <= walk.top;
    requires valid: walk.valid;
    requires walk_levels: walk_levels(walk);
    requires walk_counts: walk_counts(walk);
    requires walk_root: walk_root(walk);
    requires walk_nodes: walk_nodes(walk);
    requires walk_slots: walk_slots(walk);
    requires walk_links: walk_links(walk);
    requires walk_ends: walk_ends(walk);
    requires walk_entries: walk_entries(walk);
    requires walk_done: walk_done(walk);
    requires walk_here: walk_here(walk);
    requires walk_final: walk_final(walk);
    requires walk_before: walk_before(walk);
    requires walk_joints: walk_joints(walk);
    requires walk_tally: walk_tally(walk);
    requires walk_sum: walk_sum(walk);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures step: \result.valid ==>
      (\result.level == walk.level + 1 && \result.nodes == walk.nodes) ||
      (\result.level == walk.level - 1 && \result.nodes == walk.nodes + 1 && walk.nodes < mirror_live);
    ensures top: \result.top == walk.top;
    ensures walk_levels: walk_levels(\result);
    ensures walk_counts: \result.valid ==> walk_counts(\result);
    ensures walk_root: walk_root(\result);
    ensures walk_nodes: \result.valid ==> walk_nodes(\result);
    ensures walk_slots: \result.valid ==> walk_slots(\result);
    ensures walk_links: \result.valid ==> walk_links(\result);
    ensures walk_ends: \result.valid ==> walk_ends(\result);
    ensures walk_entries: \result.valid ==> walk_entries(\result);
    ensures walk_done: \result.valid ==> walk_done(\result);
    ensures walk_here: \result.valid ==> walk_here(\result);
    ensures walk_final: \result.valid ==> walk_final(\result);
    ensures walk_before: \result.valid ==> walk_before(\result);
    ensures walk_joints: \result.valid ==> walk_joints(\result);
    ensures walk_over: \result.valid ==> walk_over(\result);
    ensures walk_tally: \result.valid ==> walk_tally(\result);
    ensures walk_sum: \result.valid ==> walk_sum(\result);
*/
static struct valid_walk valid_step(const struct mem_alloc *m, struct valid_walk walk)
{
  //@ ghost struct valid_walk before = walk;
  if (walk.level == 0u) {
    //@ ghost walk_first(walk);
    walk.runs = valid_leaf(m, walk.node[0], walk.last[0], walk.runs);
    walk.valid = walk.runs.valid;
    if (walk.valid) {
      /*@ assert met: \forall integer l; walk_new(before, l) ==>
            valid_joint_in(tree, walk.node[l], walk.slot[l] - 1, l); */
      /*@ assert joints: \forall integer l, j; walk.level <= l <= walk.top && 0 < l && 0 < j < walk.slot[l] ==>
            valid_joint_in(tree, walk.node[l], j, l); */
      //@ ghost walk_same(before, walk, 0);
      walk = valid_leave(walk);
    }
  } else if (walk.slot[walk.level] < pool_count(m, walk.node[walk.level])) {
    walk = valid_enter(m, walk);
  } else {
    /* All of its children were looked at. */
    walk = valid_leave(walk);
  }
  return walk;
}

/* Would a tree of so many levels have so few runs, if all pairs of neighbours were half full? */
/*@ requires top: top < MAP_LEVELS;
    requires runs: runs <= UINT64_MAX / MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures height: \result <==> valid_least(top) <= runs;
*/
static bool valid_height(uint32_t top, uint64_t runs)
{
  /* Two half full neighbours have FAN_OUT / 2 entries; of inner ones, at least FAN_OUT / 4 - 1 pairs below. */
  const uint64_t ratio = MEM_ALLOC_FAN_OUT / 4u - 1u;
  uint64_t least = 1;
  uint32_t level = 1;
  if (top > 0u) {
    least = MEM_ALLOC_FAN_OUT / 2u;
  }
  /*@ loop invariant range: 1 <= level && (level <= top || level == 1);
      loop invariant least: top > 0 ==> least == valid_least(level);
      loop invariant zero: top == 0 ==> least == 1;
      loop assigns level, least;
      loop variant top - level;
  */
  while (level < top && ratio > 1u && least <= runs) {
    least = least * ratio;
    level++;
  }
  //@ ghost uint32_t above = level;
  /*@ ghost
    /@ loop invariant range: level <= above && (above <= top || above == 1);
     @ loop invariant more: top > 0 && level < top ==> valid_least(above) > runs;
     @ loop invariant same: top > 0 && level == top ==> above == level;
     @ loop assigns above;
     @ loop variant top - above; @/
    while (above < top) {
      above++;
    }
  */
  return runs >= least;
}

/* Is the tree sound? There is one. */
/*@ requires glue: glue(m);
    requires counts: mirror_live <= mirror_fresh <= mirror_capacity;
    requires root: mirror_root != 0;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures root: \result ==> 1 <= mirror_root <= mirror_fresh && 0 <= mirror_level[mirror_root];
    ensures tree: \result ==> valid_tree_in(tree);
    ensures count: \result ==> valid_count_in(tree);
    ensures height: \result ==> valid_height_in(tree);
*/
static bool valid_tree(const struct mem_alloc *m)
{
  const uint32_t root = pool_root(m);
  bool valid = root <= pool_fresh(m) && pool_level(m, root) >= 0 && pool_level(m, root) < MAP_LEVELS;
  if (valid) {
    struct valid_walk walk = valid_start(m);
    /*@ loop invariant root: walk.valid ==> mirror_key[mirror_root].v[0] == 0 &&
          (mirror_level[mirror_root] > 0 ==> mirror_count[mirror_root] > 1);
        loop invariant walk_levels: walk_levels(walk);
        loop invariant walk_counts: walk.valid ==> walk_counts(walk);
        loop invariant walk_root: walk_root(walk);
        loop invariant walk_nodes: walk.valid ==> walk_nodes(walk);
        loop invariant walk_slots: walk.valid ==> walk_slots(walk);
        loop invariant walk_links: walk.valid ==> walk_links(walk);
        loop invariant walk_ends: walk.valid ==> walk_ends(walk);
        loop invariant walk_entries: walk.valid ==> walk_entries(walk);
        loop invariant walk_done: walk.valid ==> walk_done(walk);
        loop invariant walk_here: walk.valid ==> walk_here(walk);
        loop invariant walk_final: walk.valid ==> walk_final(walk);
        loop invariant walk_before: walk.valid ==> walk_before(walk);
        loop invariant walk_joints: walk.valid ==> walk_joints(walk);
        loop invariant walk_over: walk.valid ==> walk_over(walk);
        loop invariant walk_tally: walk.valid ==> walk_tally(walk);
        loop invariant walk_sum: walk.valid ==> walk_sum(walk);
        loop assigns walk;
        loop variant walk.valid ?
          (mirror_live + 1 - walk.nodes) * (MAP_LEVELS + 1) + walk.top + 1 - walk.level : -1;
    */
    while (walk.valid && walk.level <= walk.top) {
      walk = valid_step(m, walk);
    }
    valid = walk.valid && walk.nodes == pool_live(m) && valid_height(walk.top, walk.runs.count);
  }
  return valid;
}

/* Is every node up to the last used one that is not in the tree spare, and none else? */
/*@ requires glue: glue(m);
    requires counts: mirror_live <= mirror_fresh <= mirror_capacity;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures spare: \result <==> valid_spare_in(tree, mirror_spare, mirror_fresh - mirror_live);
*/
static bool valid_spare(const struct mem_alloc *m)
{
  uint32_t left = pool_fresh(m) - pool_live(m);
  uint32_t x = pool_spare(m);
  bool valid = true;
  /*@ loop invariant rest: valid_spare_in(tree, mirror_spare, mirror_fresh - mirror_live) <==>
        valid && valid_spare_in(tree, x, left);
      loop assigns left, x, valid;
      loop variant left;
  */
  while (valid && left > 0u) {
    valid = x >= 1u && x <= pool_fresh(m) && pool_level(m, x) == POOL_SPARE;
    if (valid) {
      x = pool_child(m, x, 0);
    }
    left--;
  }
  return valid && x == 0u;
}

/* mem_alloc_is_valid, of nodes with any content. */
/*@ requires glue: glue(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures object: \result ==> pool_object_in(m, tree);
    ensures spare: \result ==> valid_spare_in(tree, mirror_spare, mirror_fresh - mirror_live);
    ensures none: \result && mirror_root == 0 ==> mirror_live == 0;
    ensures root: \result && mirror_root != 0 ==>
      1 <= mirror_root <= mirror_fresh && 0 <= mirror_level[mirror_root];
    ensures tree: \result && mirror_root != 0 ==> valid_tree_in(tree);
    ensures count: \result && mirror_root != 0 ==> valid_count_in(tree);
    ensures height: \result && mirror_root != 0 ==> valid_height_in(tree);
*/
static bool valid_all(const struct mem_alloc *m)
{
  bool valid = pool_is_object(m);
  if (valid) {
    valid = valid_spare(m);
  }
  if (valid) {
    if (map_exists(m)) {
      valid = valid_tree(m);
    } else {
      valid = pool_live(m) == 0u;
    }
  }
  return valid;
}

bool mem_alloc_is_valid(const struct mem_alloc *m)
{
  return m != NULL && valid_all(m);
}
