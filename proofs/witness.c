/* SPDX-License-Identifier: BSD-3-Clause */
#include "opae/mem_alloc_ext.h"

#include <stddef.h>

/*
 * Witnesses that the preconditions of the public functions can be met: each function here has none itself, starts
 * from nothing, and reaches the call that it is named after. Proved against the public headers alone; a unit test
 * (tests/witness/witness_test.c) runs them all and expects of each that it returns MEM_ALLOC_OK.
 *
 * The storage is static: of memory from malloc the contracts do not say that it is apart from the caller's own
 * objects, so that with it the second call with an address to write to cannot be proved.
 */

enum { WITNESS_NODES = 128 };

static struct mem_alloc witness_space;
static struct mem_alloc_node witness_nodes[WITNESS_NODES];
static uint64_t witness_address;

/*@
  // the allocator is sound, and keeps everything in its static storage
  predicate witness_ready{L} = mem_alloc_ok_in(&witness_space, tree) && tree.object.fixed != 0 &&
    witness_space.nodes == &witness_nodes[0] && tree.object.capacity == WITNESS_NODES;

  // [0x1000, 0x1fff] is FREE, and so is nothing else
  predicate witness_page(struct tree_state t) = \forall integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP ==>
    state_in(t, k) == (0x1000 <= k <= 0x1fff ? MEM_ALLOC_FREE : MEM_ALLOC_ABSENT);
*/

#define WITNESS_WRITES \
  witness_space, witness_nodes[0 .. WITNESS_NODES - 1], witness_address, tree, storage_got, storage_owner

/* No allocator exists yet: so no memory is held. */
/*@ ghost
/@ terminates \true;
   exits \false;
   assigns tree.held;
   ensures none: tree.held == \null; @/
void witness_nothing(void)
{
  tree.held = (struct mem_alloc_node *)0;
}
*/

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures done: \result == MEM_ALLOC_OK;
    ensures ready: mem_alloc_ok_in(&witness_space, tree);
*/
int witness_init(void)
{
  //@ ghost witness_nothing();
  mem_alloc_init(&witness_space);
  return MEM_ALLOC_OK;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures done: \result == MEM_ALLOC_OK;
    ensures ready: witness_ready;
    ensures absent: unmanaged_in(tree, 0, MEM_ALLOC_MODEL_TOP);
*/
int witness_init_static(void)
{
  //@ ghost witness_nothing();
  return mem_alloc_init_static(&witness_space, witness_nodes, WITNESS_NODES);
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
    ensures ready: witness_ready;
    ensures page: \result == MEM_ALLOC_OK ==> witness_page(tree);
*/
int witness_add_free(void)
{
  (void)witness_init_static();
  //@ assert absent: unmanaged_in(tree, 0x1000, 0x1fff);
  return mem_alloc_add_free(&witness_space, 0x1000, 0x1000);
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
    ensures ready: witness_ready;
*/
int witness_reserve(void)
{
  (void)witness_init_static();
  return mem_alloc_reserve(&witness_space, 10);
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures block: \result == MEM_ALLOC_OK ==> block_in(tree, witness_address, witness_address + 0xfff);
*/
int witness_get(void)
{
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK) {
    status = mem_alloc_get(&witness_space, &witness_address, 0x1000);
  }
  return status;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures block: \result == MEM_ALLOC_OK ==> block_in(tree, witness_address, witness_address + 0xff);
*/
int witness_get_aligned(void)
{
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK) {
    status = mem_alloc_get_aligned(&witness_space, &witness_address, 0x100, 0x800);
  }
  return status;
}

/* The block of one get goes back, so a second one gets it. */
/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures put: \result == MEM_ALLOC_OK ==>
      range_in(tree, witness_address, witness_address + 0xfff, MEM_ALLOC_FREE);
*/
int witness_put(void)
{
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK) {
    status = mem_alloc_get(&witness_space, &witness_address, 0x1000);
  }
  if (status == MEM_ALLOC_OK) {
    //@ ghost struct tree_state given = tree;
    //@ assert block: block_in(given, witness_address, witness_address + 0xfff);
    status = mem_alloc_put(&witness_space, witness_address);
    //@ assert freed: range_in(tree, witness_address, witness_address + 0xfff, MEM_ALLOC_FREE);
  }
  return status;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures done: \result == MEM_ALLOC_OK;
    ensures empty: mem_alloc_ok_in(&witness_space, tree) && unmanaged_in(tree, 0, MEM_ALLOC_MODEL_TOP);
*/
int witness_destroy(void)
{
  (void)witness_add_free();
  mem_alloc_destroy(&witness_space);
  return MEM_ALLOC_OK;
}

/* The allocator is its own constraint: what is FREE stays so. */
/*@ terminates \true;
    exits \false;
    assigns witness_space, witness_nodes[0 .. WITNESS_NODES - 1], tree, storage_got, storage_owner, limits, limits_owner,
      \at(witness_space.nodes, Post)[0 .. \at(tree.object.capacity, Post) - 1];
    ensures ready: mem_alloc_ok_in(&witness_space, tree);
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
*/
int witness_apply_constraint(void)
{
  //@ ghost witness_nothing();
  (void)mem_alloc_init_static(&witness_space, witness_nodes, WITNESS_NODES);
  //@ assert absent: unmanaged_in(tree, 0x1000, 0x1fff);
  int status = mem_alloc_add_free(&witness_space, 0x1000, 0x1000);
  if (status == MEM_ALLOC_OK) {
    //@ assert page: witness_page(tree);
    //@ ghost limits = tree;
    status = mem_alloc_apply_constraint(&witness_space, &witness_space);
  }
  return status;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures first: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY || \result == MEM_ALLOC_NOT_FOUND;
*/
int witness_runs(void)
{
  struct mem_link run = {0, 0, 0, 0, 0};
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK) {
    status = mem_alloc_first_run(&witness_space, &run);
  }
  if (status == MEM_ALLOC_OK) {
    /* There is one run only. */
    status = mem_alloc_next_run(&witness_space, &run) == MEM_ALLOC_NOT_FOUND ? MEM_ALLOC_OK : MEM_ALLOC_NOT_FOUND;
  }
  return status;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
*/
int witness_get_statistics(void)
{
  struct mem_alloc_statistics statistics = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK) {
    status = mem_alloc_get_statistics(&witness_space, &statistics);
  }
  return status;
}

/*@ terminates \true;
    exits \false;
    assigns WITNESS_WRITES;
    ensures ready: witness_ready;
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY || \result == MEM_ALLOC_INVALID;
*/
int witness_is_valid(void)
{
  int status = witness_add_free();
  if (status == MEM_ALLOC_OK && !mem_alloc_is_valid(&witness_space)) {
    status = MEM_ALLOC_INVALID;
  }
  return status;
}
