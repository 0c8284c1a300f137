/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_BESIDE_H
#define MEM_ALLOC_BESIDE_H

/*
 * Changing one allocator, m, beside another one, w, which stays as it is: the
 * functions of run.h. What is added is for the proof. The nodes of both have
 * the same types, so that it takes a look at the nodes themselves to see that
 * those of w do not change. That is done here, and only here.
 */

#include <stdbool.h>
#include <stdint.h>

#include "opae/mem_alloc.h"
#include "run.h"

/* run_paint, beside w. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires state: state == FIT_FREE || state == FIT_ABSENT;
    requires other: glue_in(w, limits);
    requires beside: beside(m, tree, w, limits);
    terminates \true;
    exits \false;
    assigns EDIT_TREE(m), EDIT_RUNS, m->root, mirror_root;
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures painted: painted_at(tree, \old(tree), address, state);
    ensures other: glue_in(w, limits);
    ensures beside: beside(m, tree, w, limits);
*/
void beside_paint(struct mem_alloc *m, const struct mem_alloc *w, uint64_t address, uint8_t state);

/* run_cut, beside w. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires inside: home(address) < address && state_in(tree, address) == FIT_FREE;
    requires other: glue_in(w, limits);
    requires beside: beside(m, tree, w, limits);
    terminates \true;
    exits \false;
    assigns RUN_CUT(m);
    ensures sound: sound(m);
    ensures exists: mirror_root != 0;
    ensures cut: \result ==> cut_at(tree, \old(tree), address);
    ensures none: !\result ==> same_runs(tree, \old(tree));
    ensures refused: !\result ==> few_nodes(tree);
    ensures other: glue_in(w, limits);
    ensures beside: beside(m, tree, w, limits);
    ensures storage: m->nodes == \old(m->nodes) && mirror_capacity == \old(mirror_capacity);
*/
bool beside_cut(struct mem_alloc *m, const struct mem_alloc *w, uint64_t address);

/* run_reserve, beside w. */
/*@ requires sound: sound(m);
    requires exists: mirror_root != 0;
    requires other: glue_in(w, limits);
    requires beside: beside(m, tree, w, limits);
    requires owner: limits_owner == w;
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
    ensures other: glue_in(w, limits);
    ensures beside: beside(m, tree, w, limits);
*/
bool beside_reserve(struct mem_alloc *m, const struct mem_alloc *w, uint32_t count);

#endif
