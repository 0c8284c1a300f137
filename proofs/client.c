/* SPDX-License-Identifier: BSD-3-Clause */
#include "opae/mem_alloc_ext.h"

/*
 * An example client, proved against the contracts of the public header alone: the I/O virtual addresses of a
 * device that has a limited number of entries for mappings, in the manner of libopaevfio. It shows that the
 * contracts are enough to work with: error paths that give back what they took leave no trace, and two
 * mappings never overlap. client_start() has no preconditions: so those of the others can be met.
 */

enum { CLIENT_ENTRIES = 512, CLIENT_NODES = 64 };

static struct mem_alloc client_space;
static struct mem_alloc_node client_nodes[CLIENT_NODES];
static uint32_t client_used;

/*@
  predicate client_ready{L} = mem_alloc_ok_in(&client_space, tree);

  // an object that the allocator does not have
  predicate client_object{L}(uint64_t *object) =
    \valid(object) && \separated(object, &client_space) &&
    \separated(object, client_space.nodes + (0 .. client_space.capacity - 1));

  // the storage is what it was, the client's own or not
  predicate client_stays(struct tree_state t, struct tree_state b) =
    t.object.fixed == b.object.fixed && t.object.capacity == b.object.capacity;
*/

#define CLIENT_WRITES \
  client_space, client_space.nodes[0 .. tree.object.capacity - 1], \
  \at(client_space.nodes, Post)[0 .. \at(tree.object.capacity, Post) - 1], tree, storage_got, storage_owner, \
  client_used

/* Map size addresses; the device's entry is the second thing that can be missing. */
/*@ requires ready: client_ready;
    requires iova: client_object(iova);
    requires size: size > 0;
    terminates \true;
    exits \false;
    assigns CLIENT_WRITES, *iova;
    ensures ready: client_ready;
    ensures iova: client_object(iova);
    ensures mapped: \result == MEM_ALLOC_OK ==> one_more(tree, \old(tree), *iova, *iova + size - 1) &&
      client_used == \old(client_used) + 1;
    ensures was_free: \result == MEM_ALLOC_OK ==>
      range_in(\old(tree), *iova, *iova + size - 1, MEM_ALLOC_FREE);
    ensures given: \result == MEM_ALLOC_OK ==> range_in(tree, *iova, *iova + size - 1, MEM_ALLOC_ALLOCATED);
    ensures refused: \result != MEM_ALLOC_OK ==>
      same_space(tree, \old(tree)) && client_used == \old(client_used);
    ensures stays: \old(tree.object.fixed) != 0 ==> tree.object.fixed != 0 &&
      tree.object.capacity == \old(tree.object.capacity) && client_space.nodes == \old(client_space.nodes);
*/
int client_map(uint64_t size, uint64_t *iova)
{
  //@ ghost struct tree_state before = tree;
  int status = mem_alloc_get(&client_space, iova, size);
  if (status == MEM_ALLOC_OK) {
    if (client_used >= CLIENT_ENTRIES) {
      //@ ghost struct tree_state mapped = tree;
      //@ ghost uint64_t first = *iova;
      //@ ghost uint64_t last = (uint64_t)(first + (size - 1));
      //@ assert block: block_in(mapped, first, last);
      (void)mem_alloc_put(&client_space, *iova);
      //@ assert others: same_but(tree, mapped, first, last);
      //@ assert less: one_more(mapped, tree, first, last);
      //@ assert freed: range_in(tree, first, last, MEM_ALLOC_FREE);
      /*@ assert states: \forall integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP ==>
            state_in(tree, k) == state_in(before, k); */
      //@ assert blocks: \forall integer k, l; block_in(tree, k, l) <==> block_in(before, k, l);
      status = MEM_ALLOC_NO_SPACE;
    } else {
      client_used++;
    }
  }
  return status;
}

/* Take a mapping away. */
/*@ requires ready: client_ready;
    requires live: \exists integer last; block_in(tree, iova, last);
    requires used: client_used > 0;
    terminates \true;
    exits \false;
    assigns client_space, client_space.nodes[0 .. tree.object.capacity - 1], tree, client_used;
    ensures ready: client_ready;
    ensures gone: \forall integer last; block_in(\old(tree), iova, last) ==>
      one_more(\old(tree), tree, iova, last) && range_in(tree, iova, last, MEM_ALLOC_FREE);
    ensures used: client_used == \old(client_used) - 1;
    ensures stays: client_stays(tree, \old(tree)) && client_space.nodes == \old(client_space.nodes);
*/
void client_unmap(uint64_t iova)
{
  (void)mem_alloc_put(&client_space, iova);
  client_used--;
}

/* From nothing: an allocator in static storage, and a region. */
/*@ terminates \true;
    exits \false;
    assigns client_space, client_nodes[0 .. CLIENT_NODES - 1], tree, storage_got, storage_owner, client_used;
    ensures ready: client_ready;
    ensures used: client_used == 0;
    ensures done: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
    ensures storage: tree.object.fixed != 0 && client_space.nodes == &client_nodes[0] &&
      tree.object.capacity == CLIENT_NODES;
*/
int client_open(void)
{
  client_used = 0;
  //@ ghost tree.held = (struct mem_alloc_node *)0;
  (void)mem_alloc_init_static(&client_space, client_nodes, CLIENT_NODES);
  //@ assert absent: unmanaged_in(tree, 0x100000, 0x1fffff);
  return mem_alloc_add_free(&client_space, 0x100000, 0x100000);
}

/* One mapping, that is taken away again. MEM_ALLOC_OK if it was there. */
/*@ terminates \true;
    exits \false;
    assigns client_space, client_nodes[0 .. CLIENT_NODES - 1], tree, storage_got, storage_owner, client_used;
    ensures ready: client_ready;
    ensures gone: \result == MEM_ALLOC_OK ==> client_used == 0;
*/
int client_start(void)
{
  uint64_t iova = 0;
  int status = client_open();
  if (status == MEM_ALLOC_OK) {
    status = client_map(0x1000, &iova);
  }
  if (status == MEM_ALLOC_OK) {
    //@ assert block: block_in(tree, iova, iova + 0xfff);
    client_unmap(iova);
  }
  return status;
}
