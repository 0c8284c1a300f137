/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef OPAE_MEM_ALLOC_EXT_H
#define OPAE_MEM_ALLOC_EXT_H

/*
 * What OPAE's mem_alloc lacks: static storage, reserve, explicit alignment,
 * iteration, statistics, an executable invariant check. All of it is ours.
 */

#include <stdbool.h>
#include <stdint.h>

#include "opae/mem_alloc.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An estimate of how many nodes an allocator with this many runs needs, and
 * not a bound: no number of nodes is promised to be enough. Random and
 * hostile histories in tests/unit/reserve_test.c needed fewer. ABSENT runs
 * count, too: with one region, b live blocks make at most 2 * b + 3 runs. A
 * constant expression if its argument is one.
 */
#if MEM_ALLOC_FAN_OUT >= 32
#define MEM_ALLOC_NODES_FOR(runs) ((runs) / 5u + 40u)
#else
#define MEM_ALLOC_NODES_FOR(runs) ((runs) * 2u + 80u)
#endif

/*
 * mem_alloc_init_static: make *m an empty allocator that keeps all metadata
 * in storage[0 .. count - 1] and never calls malloc.
 *
 * When the storage is used up, operations that need more fail with
 * MEM_ALLOC_NO_MEMORY; put never does. The storage is an array of that many
 * struct mem_alloc_node, or memory that is aligned for one, without declared
 * type; its content may be indeterminate. It is apart from *m, exists until
 * mem_alloc_destroy(), and until then nobody else writes to it. *m must hold
 * no memory from malloc, as for mem_alloc_init(). Example: static struct
 * mem_alloc_node storage[MEM_ALLOC_NODES_FOR(1000)];
 * fails iff:
 * - MEM_ALLOC_INVALID: m or storage is NULL, or count is 0.
 * After failure: *m is not written. Cost: O(1). Source: ours.
 */
/*@ requires valid: m == \null || \valid(m);
    requires storage: storage == \null || \valid(storage + (0 .. count - 1));
    requires apart: m == \null || storage == \null || \separated(m, storage + (0 .. count - 1));
    requires unused: m == \null || tree.held == \null;
    terminates \true;
    exits \false;
    assigns *m, tree;
    behavior invalid:
      assumes m == \null || storage == \null || count == 0;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unwritten: tree == \old(tree) && (m != \null ==> *m == \old(*m));
    behavior static:
      assumes m != \null && storage != \null && count > 0;
      ensures status: \result == MEM_ALLOC_OK;
      ensures ready: mem_alloc_ok_in(m, tree);
      ensures absent: unmanaged_in(tree, 0, MEM_ALLOC_MODEL_TOP);
      ensures memory: tree.object.fixed == 1 && tree.held == \null && m->nodes == storage && tree.object.capacity == count;
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_init_static(struct mem_alloc *m, struct mem_alloc_node *storage, uint32_t count);

/*
 * mem_alloc_reserve: get memory now for MEM_ALLOC_NODES_FOR(runs) nodes in
 * all.
 *
 * That is an estimate, ABSENT runs included. While there are so many runs or
 * fewer, a later operation can still call malloc, and fail.
 * fails iff:
 * - MEM_ALLOC_INVALID: m is NULL;
 * - MEM_ALLOC_NO_MEMORY: there are fewer nodes than that, and malloc failed,
 *   the static storage is too small, or they would be more than 2^32 - 1.
 * After failure: unchanged. After success, too: no run changes. Cost: O(n) if
 * the storage grows, else O(1). Source: ours.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m);
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures stays: m != \null && \old(tree.object.fixed) != 0 ==> tree.object.fixed != 0 &&
      m->nodes == \old(m->nodes) && tree.object.capacity == \old(tree.object.capacity);
    ensures unchanged: same_space(tree, \old(tree));
    behavior invalid:
      assumes m == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
    behavior valid:
      assumes m != \null;
      ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
      ensures enough: \result == MEM_ALLOC_OK ==> tree.object.capacity >= MEM_ALLOC_NODES_FOR(runs);
      ensures refused: \result != MEM_ALLOC_OK ==> tree.object.capacity < MEM_ALLOC_NODES_FOR(runs) &&
        (tree.object.fixed != 0 || MEM_ALLOC_NODES_FOR(runs) > UINT32_MAX || storage_got == \null);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_reserve(struct mem_alloc *m, uint64_t runs);

/*
 * mem_alloc_get_aligned: as mem_alloc_get(), but the block starts at the
 * lowest multiple of alignment where it fits, whatever its size.
 *
 * alignment must be a power of two; 1 means any address. *address must be
 * apart from *m and from its nodes.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or address is NULL, size is 0, or alignment is not
 *   a power of two;
 * - MEM_ALLOC_NO_SPACE: no FREE run holds such a place;
 * - MEM_ALLOC_NO_MEMORY: as for mem_alloc_get().
 * After failure: unchanged, and *address is not written. Cost: as
 * mem_alloc_get() of a size that is not a power of two. Source: ours.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    requires address: address == \null || \valid(address);
    requires apart: m == \null || address == \null ||
      (\separated(address, m) && \separated(address, m->nodes + (0 .. m->capacity - 1)));
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m), *address;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures apart: m != \null && address != \null ==> \separated(address, m->nodes + (0 .. m->capacity - 1));
    ensures stays: m != \null && \old(tree.object.fixed) != 0 ==> tree.object.fixed != 0 &&
      m->nodes == \old(m->nodes) && tree.object.capacity == \old(tree.object.capacity);
    behavior invalid:
      assumes m == \null || address == \null || size == 0 ||
        \forall integer k; 0 <= k <= 63 ==> alignment != (1 << k);
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unchanged: same_space(tree, \old(tree));
      ensures unwritten: address != \null ==> *address == \old(*address);
    behavior no_space:
      assumes m != \null && address != \null && size > 0;
      assumes \exists integer k; 0 <= k <= 63 && alignment == (1 << k);
      assumes \forall integer p, k; 0 <= k <= 63 && alignment == (1 << k) ==> !place_at(tree, p, size, k);
      ensures status: \result == MEM_ALLOC_NO_SPACE;
      ensures unchanged: same_space(tree, \old(tree));
      ensures unwritten: *address == \old(*address);
    behavior space:
      assumes m != \null && address != \null && size > 0;
      assumes \exists integer p, k; 0 <= k <= 63 && alignment == (1 << k) && place_at(tree, p, size, k);
      ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
      ensures place: \result == MEM_ALLOC_OK ==>
        \forall integer k; 0 <= k <= 63 && alignment == (1 << k) ==> place_at(\old(tree), *address, size, k);
      ensures lowest: \result == MEM_ALLOC_OK ==> \forall integer p, k;
        0 <= k <= 63 && alignment == (1 << k) && place_at(\old(tree), p, size, k) ==> *address <= p;
      ensures was_free: \result == MEM_ALLOC_OK ==>
        *address + size - 1 <= MEM_ALLOC_MODEL_TOP &&
        range_in(\old(tree), *address, *address + size - 1, MEM_ALLOC_FREE);
      ensures block: \result == MEM_ALLOC_OK ==> block_in(tree, *address, *address + size - 1);
      ensures given: \result == MEM_ALLOC_OK ==>
        range_in(tree, *address, *address + size - 1, MEM_ALLOC_ALLOCATED);
      ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), *address, *address + size - 1);
      ensures blocks: \result == MEM_ALLOC_OK ==>
        one_more(tree, \old(tree), *address, *address + size - 1);
      ensures memory: \result == MEM_ALLOC_NO_MEMORY ==> short_of_nodes(tree, storage_got);
      ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
      ensures unwritten: \result != MEM_ALLOC_OK ==> *address == \old(*address);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_get_aligned(struct mem_alloc *m, uint64_t *address, uint64_t size, uint64_t alignment);

/*
 * mem_alloc_first_run: the lowest managed run (FREE or ALLOCATED) to *run.
 *
 * *run must be apart from *m and from its nodes.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or run is NULL;
 * - MEM_ALLOC_NOT_FOUND: nothing is managed.
 * After failure: *run is not written. Cost: O(L). Source: ours.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    requires run: run == \null || \valid(run);
    requires apart: m == \null || run == \null ||
      (\separated(run, m) && \separated(run, m->nodes + (0 .. m->capacity - 1)));
    terminates \true;
    exits \false;
    assigns *run;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    behavior invalid:
      assumes m == \null || run == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
    behavior none:
      assumes m != \null && run != \null && none_starts_in(tree, 0, MEM_ALLOC_MODEL_TOP);
      ensures status: \result == MEM_ALLOC_NOT_FOUND;
      ensures unwritten: *run == \old(*run);
    behavior more:
      assumes m != \null && run != \null && !none_starts_in(tree, 0, MEM_ALLOC_MODEL_TOP);
      ensures status: \result == MEM_ALLOC_OK;
      ensures run: run_is(tree, run->address, run->last, run->state) && run->state != MEM_ALLOC_ABSENT;
      ensures size: run->size == (run->last - run->address == UINT64_MAX ? 0 : run->last - run->address + 1);
      ensures next: 0 <= run->address && none_starts_in(tree, 0, run->address - 1);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_first_run(const struct mem_alloc *m, struct mem_link *run);

/*
 * mem_alloc_next_run: the lowest managed run that starts above run->last,
 * to *run.
 *
 * Only run->last is read, so that the allocator may change between calls: a
 * run is then met as it is at the time of the call. *run must be apart from
 * *m and from its nodes.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or run is NULL;
 * - MEM_ALLOC_NOT_FOUND: there is none.
 * After failure: *run is not written. Cost: O(L). Source: ours.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    requires run: run == \null || \valid(run);
    requires apart: m == \null || run == \null ||
      (\separated(run, m) && \separated(run, m->nodes + (0 .. m->capacity - 1)));
    terminates \true;
    exits \false;
    assigns *run;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    behavior invalid:
      assumes m == \null || run == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
    behavior none:
      assumes m != \null && run != \null && none_starts_in(tree, run->last + 1, MEM_ALLOC_MODEL_TOP);
      ensures status: \result == MEM_ALLOC_NOT_FOUND;
      ensures unwritten: *run == \old(*run);
    behavior more:
      assumes m != \null && run != \null && !none_starts_in(tree, run->last + 1, MEM_ALLOC_MODEL_TOP);
      ensures status: \result == MEM_ALLOC_OK;
      ensures run: run_is(tree, run->address, run->last, run->state) && run->state != MEM_ALLOC_ABSENT;
      ensures size: run->size == (run->last - run->address == UINT64_MAX ? 0 : run->last - run->address + 1);
      ensures next: \old(run->last) + 1 <= run->address &&
        none_starts_in(tree, \old(run->last) + 1, run->address - 1);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_next_run(const struct mem_alloc *m, struct mem_link *run);

/* Sums over all runs. A number that is 2^64 reads 2^64 - 1. */
struct mem_alloc_statistics {
  uint64_t free_runs;           /* number of FREE runs */
  uint64_t free_addresses;      /* their addresses */
  uint64_t largest_free;        /* addresses of the longest of them */
  uint64_t allocated_runs;      /* number of live blocks */
  uint64_t allocated_addresses; /* their addresses */
  uint64_t absent_runs;         /* number of ABSENT runs */
  uint64_t nodes_used;          /* nodes of the tree */
  uint64_t nodes_total;         /* nodes the storage holds */
  uint64_t metadata_bytes;      /* bytes the storage takes */
  uint64_t levels;              /* levels of the tree, 0: no tree */
};

/*@ // the sums over all runs that start below k
    predicate sums_below(struct tree_state t, struct mem_alloc_statistics s, integer k) =
      s.free_runs == saturated(runs_below(t, MEM_ALLOC_FREE, k)) &&
      s.free_addresses == saturated(addresses_below(t, MEM_ALLOC_FREE, k)) &&
      s.largest_free == saturated(longest_below(t, MEM_ALLOC_FREE, k)) &&
      s.allocated_runs == saturated(runs_below(t, MEM_ALLOC_ALLOCATED, k)) &&
      s.allocated_addresses == saturated(addresses_below(t, MEM_ALLOC_ALLOCATED, k)) &&
      s.absent_runs == saturated(runs_below(t, MEM_ALLOC_ABSENT, k));
*/

/*
 * mem_alloc_get_statistics: fill *statistics.
 *
 * *statistics must be apart from *m and from its nodes.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or statistics is NULL.
 * After failure: *statistics is not written. Cost: O(n L), all runs are
 * looked up one by one. Source: ours.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    requires statistics: statistics == \null || \valid(statistics);
    requires apart: m == \null || statistics == \null ||
      (\separated(statistics, m) && \separated(statistics, m->nodes + (0 .. m->capacity - 1)));
    terminates \true;
    exits \false;
    assigns *statistics;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    behavior invalid:
      assumes m == \null || statistics == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unwritten: statistics != \null ==> *statistics == \old(*statistics);
    behavior valid:
      assumes m != \null && statistics != \null;
      ensures status: \result == MEM_ALLOC_OK;
      ensures sums: sums_below(tree, *statistics, MEM_ALLOC_MODEL_TOP + 1);
      ensures nodes: statistics->nodes_used == tree.object.live && statistics->nodes_total == tree.object.capacity;
      ensures bytes: statistics->metadata_bytes == tree.object.capacity * sizeof(struct mem_alloc_node);
      ensures levels: statistics->levels == (tree.object.root == 0 ? 0 : tree.rows.level[tree.object.root] + 1);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_get_statistics(const struct mem_alloc *m, struct mem_alloc_statistics *statistics);

/*
 * mem_alloc_is_valid: is the structure as it is expected to be?
 *
 * If it says true, the tree has ascending keys in the right ranges, exact
 * tags, size classes and summaries, half a node's entries in every pair of
 * neighbouring children and enough runs for its height; neighbouring FREE and
 * ABSENT runs are joined, and there are as many nodes in the tree, and as
 * many spare ones, as the object says. If it says false, the allocator may
 * nevertheless be sound: operations can leave a pair of neighbours with fewer
 * entries, which harms nothing but this check and the estimate of nodes.
 * Never true of NULL.
 *
 * For tests and fuzzing. Safe to call on a damaged allocator as long as its
 * storage (the nodes that the object says it has) can be read. Cost, of a
 * sound allocator: O(n), and a step for each spare node. Source: ours.
 */
/*@ requires storage: m == \null || mem_alloc_ok_in(m, tree) || mem_alloc_readable_in(m, tree);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures null: m == \null ==> !\result;
    ensures counts: \result ==> tree.object.live <= tree.object.fresh <= tree.object.capacity && tree.object.fixed <= 1;
    ensures none: \result && tree.object.root == 0 ==> tree.object.live == 0;
    ensures root: \result && tree.object.root != 0 ==>
      1 <= tree.object.root <= tree.object.fresh && 0 <= tree.rows.level[tree.object.root] &&
      tree.rows.key[tree.object.root].v[0] == 0;
*/
bool mem_alloc_is_valid(const struct mem_alloc *m);

#ifdef __cplusplus
}
#endif

#endif
