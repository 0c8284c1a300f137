/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_RUN_H
#define MEM_ALLOC_RUN_H

/*
 * Runs by address: where an operation that walks through the whole space
 * reads and changes them. An allocator without a tree has one run, ABSENT.
 *
 * Between its steps FREE runs may be neighbours. So an allocator is `sound`
 * here: all that makes it ready but that neighbours are joined. Where the
 * nodes themselves are in sight (beside.c), that is only declared.
 */

#include <stdbool.h>
#include <stdint.h>

#include "map.h"
#include "opae/mem_alloc.h"
#include "../proofs/constrain.h"

#ifdef GLUE_DEFINED
/*@
  axiomatic Run {
    predicate sound_in{L}(struct mem_alloc *m, struct tree_state t)
      reads *m, m->nodes[0 .. TREE_NODES - 1];
  }
*/
#else
/*@
  // all that makes an allocator ready, but that neighbours are joined
  predicate sound_in{L}(struct mem_alloc *m, struct tree_state t) =
    glue_in(m, t) && pool_ok_in(t) && no_stray_in(t) &&
    (t.object.root == 0 ? no_tree_in(t) : tree_ok_in(t, MAP_LEVELS)) &&
    homes_in(t) && tags_exact_in(t);
*/
#endif

/* The same of the allocator at work. */
#define sound(m) sound_in(m, tree)

/*@
  // the cursor is the run of t that holds a
  predicate run_of(struct tree_state t, struct map_cursor c, integer a) =
    0 <= c.start <= a <= c.last <= TREE_TOP && run_code_in(t, c.start) == c.tag + 1 &&
    run_last_in(t, c.start) == c.last && home_in(t, a) == c.start;
*/

/* The run that holds address. */
/*@ requires sound: sound(m);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures run: run_of(tree, \result, address);
*/
struct map_cursor run_at(const struct mem_alloc *m, uint64_t address);

/* Make the run that holds address FREE or ABSENT and join it with like neighbours. There is a tree. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires state: state == FIT_FREE || state == FIT_ABSENT;
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures painted: painted_at(tree, \old(tree), address, state);
*/
void run_paint(struct mem_alloc *m, uint64_t address, uint8_t state);

/* What run_cut may write to: no storage but the one in use. */
#define RUN_CUT(m) \
  m->nodes, m->capacity, mirror_nodes, mirror_capacity, POOL_UNUSED(mirror_fresh + 1), pool_held, \
  storage_got, storage_owner, EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root

/*
 * Cut the FREE run that holds address, so that one starts there; false, and no run changed, if there are
 * too few nodes. Gets no memory.
 */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires inside: home(address) < address && state_in(tree, address) == FIT_FREE;
    terminates \true;
    exits \false;
    assigns RUN_CUT(m);
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures cut: \result ==> cut_at(tree, \old(tree), address);
    ensures none: !\result ==> same_runs(tree, \old(tree));
    ensures refused: !\result ==> few_nodes(tree);
    ensures storage: m->nodes == \old(m->nodes) && m->capacity == \old(m->capacity) &&
      mirror_nodes == \old(mirror_nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool run_cut(struct mem_alloc *m, uint64_t address);

/* Make sure that count nodes can be taken (gets memory); false, and no more storage, if not. There is a tree. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m);
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures same: same_runs(tree, \old(tree));
    ensures enough: \result ==> mirror_capacity - mirror_live >= count;
    ensures refused: !\result ==> mirror_capacity - mirror_live < count &&
      (mirror_fixed != 0 || mirror_live + count > UINT32_MAX || storage_got == \null);
    ensures kept: !\result ==> mirror_capacity == \old(mirror_capacity) && m->nodes == \old(m->nodes);
    ensures storage: m->nodes == mirror_nodes && m->capacity == mirror_capacity;
    ensures own: \separated(m, m->nodes + (0 .. mirror_capacity - 1));
    ensures apart: \old(limits_live) &&
      !(m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity)) ==>
      limits_apart(m->nodes, mirror_capacity);
*/
bool run_reserve(struct mem_alloc *m, uint32_t count);

#endif
