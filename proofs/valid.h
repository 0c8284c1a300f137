/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_VALID_H
#define PROOFS_VALID_H

/*
 * What mem_alloc_is_valid finds out, of nodes with any content: nothing here
 * takes for granted that a node is part of the tree. Annotations only.
 */

#include "../src/levels.h"
#include "pool.h"

/* Entries of two neighbouring children, where it says true. */
#define VALID_PAIR (MEM_ALLOC_FAN_OUT / 2)
/* How many times as many runs one level more needs at least. */
#define VALID_RATIO (MEM_ALLOC_FAN_OUT / 4 - 1)

/*@
  // x can be a node of that level for [first, last]: used, with a number of ascending keys in the range
  predicate valid_node_in(struct tree_state t, integer x, integer level, integer first, integer last) =
    1 <= x <= t.object.fresh && t.rows.level[x] == level && 1 <= t.rows.count[x] <= MEM_ALLOC_FAN_OUT &&
    t.rows.key[x].v[0] == first && t.rows.key[x].v[t.rows.count[x] - 1] <= last && sorted_in(t, x);

  // ---- a leaf, which ends at last ----

  // the entry says of the run [start, end] what it is
  predicate valid_mark(integer start, integer end, integer tag, integer bin) =
    tag < FIT_FREE ? bin == 0 :
    largest_order(start, end, tag - FIT_FREE) && 0 <= bin <= FIT_BINS * 56 &&
    bin_least(bin) <= end - start + 1 <= bin_most(bin);
  predicate valid_run_in(struct tree_state t, integer x, integer j, integer last) =
    valid_mark(t.rows.key[x].v[j], slot_last_in(t, x, j, last), t.rows.tag[x].v[j], t.rows.bin[x].v[j]);
  // runs in these states can be neighbours
  predicate valid_beside(integer before, integer after) = before != after || before == FIT_ALLOCATED;
  predicate valid_leaf_in(struct tree_state t, integer x, integer last) =
    (\forall integer j; 0 <= j < t.rows.count[x] ==> valid_run_in(t, x, j, last)) &&
    \forall integer j; 0 < j < t.rows.count[x] ==>
      valid_beside(state_of(t.rows.tag[x].v[j - 1] + 1), state_of(t.rows.tag[x].v[j] + 1));

  // ---- an inner node, which ends at last ----

  // children j - 1 and j together have half a node's entries
  predicate valid_pair_in(struct tree_state t, integer x, integer j) =
    j == 0 || t.rows.count[t.rows.child[x].v[j - 1]] + t.rows.count[t.rows.child[x].v[j]] >= VALID_PAIR;
  // c is what entry j says
  predicate valid_entry_in(struct tree_state t, integer x, integer j, integer c, integer last) =
    c == t.rows.child[x].v[j] &&
    valid_node_in(t, c, t.rows.level[x] - 1, t.rows.key[x].v[j], slot_last_in(t, x, j, last)) &&
    top_tag_in(t, c, t.rows.tag[x].v[j]) && top_bin_in(t, c, t.rows.bin[x].v[j]) && valid_pair_in(t, x, j);

  // ---- all ----

  // what the first and the last run below x are, x being at that level
  logic integer valid_first_in(struct tree_state t, integer x, integer level) =
    level <= 0 ? state_of(t.rows.tag[x].v[0] + 1) : valid_first_in(t, t.rows.child[x].v[0], level - 1);
  logic integer valid_final_in(struct tree_state t, integer x, integer level) =
    level <= 0 ? state_of(t.rows.tag[x].v[t.rows.count[x] - 1] + 1) :
    valid_final_in(t, t.rows.child[x].v[t.rows.count[x] - 1], level - 1);
  // where children j - 1 and j of x meet, x being at that level, are no like neighbours
  predicate valid_joint_in(struct tree_state t, integer x, integer j, integer level) =
    valid_beside(valid_final_in(t, t.rows.child[x].v[j - 1], level - 1),
      valid_first_in(t, t.rows.child[x].v[j], level - 1));

  // x, of that many levels, and all that is below it
  predicate valid_below_in(struct tree_state t, integer x, integer last, integer levels) =
    levels <= 0 ? \false :
    valid_node_in(t, x, levels - 1, t.rows.key[x].v[0], last) && (levels == 1 ==> valid_leaf_in(t, x, last)) &&
    (levels > 1 ==> \forall integer j; 0 < j < t.rows.count[x] ==> valid_joint_in(t, x, j, levels - 1)) &&
    (levels > 1 ==> \forall integer j; 0 <= j < t.rows.count[x] ==>
      valid_entry_in(t, x, j, t.rows.child[x].v[j], last) &&
      valid_below_in(t, t.rows.child[x].v[j], slot_last_in(t, x, j, last), levels - 1));

  // how many nodes the first n children of x are, x being at that level, with all that is below them
  logic integer valid_nodes_in(struct tree_state t, integer x, integer level, integer n) =
    level <= 0 || n <= 0 ? 0 :
    valid_nodes_in(t, x, level, n - 1) + 1 +
      valid_nodes_in(t, t.rows.child[x].v[n - 1], level - 1, t.rows.count[t.rows.child[x].v[n - 1]]);

  // how many runs are in them
  logic integer valid_runs_in(struct tree_state t, integer x, integer level, integer n) =
    level <= 0 || n <= 0 ? 0 :
    valid_runs_in(t, x, level, n - 1) +
      (level == 1 ? t.rows.count[t.rows.child[x].v[n - 1]] :
       valid_runs_in(t, t.rows.child[x].v[n - 1], level - 1, t.rows.count[t.rows.child[x].v[n - 1]]));

  // how many runs a tree with the root at that level has at least
  logic integer valid_least(integer top) =
    top <= 0 ? 1 : top == 1 || VALID_RATIO <= 1 ? VALID_PAIR : valid_least(top - 1) * VALID_RATIO;

  // the tree
  predicate valid_tree_in(struct tree_state t) =
    t.rows.level[t.object.root] < MAP_LEVELS && t.rows.key[t.object.root].v[0] == 0 &&
    (t.rows.level[t.object.root] > 0 ==> t.rows.count[t.object.root] > 1) &&
    valid_below_in(t, t.object.root, TREE_TOP, t.rows.level[t.object.root] + 1);
  // and its nodes are all that are live
  predicate valid_count_in(struct tree_state t) = t.object.live ==
    1 + valid_nodes_in(t, t.object.root, t.rows.level[t.object.root], t.rows.count[t.object.root]);
  // and it has enough runs for its height: at least valid_least of the root's level
  logic integer valid_all_runs_in(struct tree_state t) =
    t.rows.level[t.object.root] == 0 ? t.rows.count[t.object.root] :
    valid_runs_in(t, t.object.root, t.rows.level[t.object.root], t.rows.count[t.object.root]);
  predicate valid_height_in(struct tree_state t) =
    valid_least(t.rows.level[t.object.root]) <= valid_all_runs_in(t);

  // x is the first of so many spare nodes, and no more
  predicate valid_spare_in(struct tree_state t, integer x, integer left) =
    left <= 0 ? x == 0 :
    1 <= x <= t.object.fresh && t.rows.level[x] == -1 && valid_spare_in(t, t.rows.child[x].v[0], left - 1);
*/

#endif
