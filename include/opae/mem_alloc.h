/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef OPAE_MEM_ALLOC_H
#define OPAE_MEM_ALLOC_H

/*
 * mem_alloc hands out ranges of a logical 64-bit address space: I/O virtual
 * addresses for DMA buffers, device memory, any integers. Nothing is ever
 * read or written at those addresses.
 *
 * The whole space [0, 2^64) is tiled by runs. A run is ABSENT (not managed),
 * FREE, or ALLOCATED (one live block). Neighbouring ABSENT runs are always
 * one run, and so are neighbouring FREE runs. Initially all is ABSENT.
 * From mem_alloc_init() to mem_alloc_destroy(), only mem_alloc_add_free() and
 * mem_alloc_apply_constraint() change which addresses are managed.
 *
 * Units: every address and size counts addresses (bytes, for DMA). Natural
 * alignment of a size is the largest power of two that divides it.
 *
 * Errors: after a call that fails, every address is what it was before, and
 * so are the live blocks ("unchanged" below). The metadata may have changed:
 * the storage may have grown, and after a mem_alloc_apply_constraint() that
 * failed the same runs can be spread over the nodes in another way. On static
 * storage a later call can then fail with MEM_ALLOC_NO_MEMORY that would have
 * succeeded.
 *
 * Costs: n is the number of runs, L the number of levels of the tree. L is
 * at most MEM_ALLOC_LEVELS; no other bound is promised. One step is the work
 * in one node, whatever its fan-out. Costs are tested, not proved. Whenever
 * the storage grows, all nodes are copied: O(n) on top of what is said below.
 *
 * What callers see to, in every call:
 * - A pointer to an allocator is NULL, or the allocator was made by
 *   mem_alloc_init() or mem_alloc_init_static(), or its object was filled
 *   with zeros, and nobody else has written to the object or to its nodes.
 * - An object that a call writes to for the caller (an address, a run,
 *   statistics) is writable, and apart from the allocator and from its nodes.
 * - Two allocators share no memory: neither objects nor nodes.
 * - An allocator is not copied by value: the two objects would share nodes.
 *   It may be moved, if the old object is not used any more.
 * - No two calls for one allocator run at the same time, and none is made
 *   from a signal handler that may interrupt another one: put one lock around
 *   each allocator. A constraint counts as used by the call that reads it.
 *
 * The formal contracts (ACSL, in comments) are what is proved; the plain text
 * above each says it in words. Their terms: mem_alloc_model.h.
 *
 * The six functions and their signatures are OPAE's. What differs from
 * OPAE's behaviour is marked "ours".
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a function returns. Zero is success, as in OPAE; the names are ours. */
enum mem_alloc_status {
  MEM_ALLOC_OK = 0,        /* done */
  MEM_ALLOC_INVALID = 1,   /* an argument can never be right: see the function */
  MEM_ALLOC_OVERLAP = 2,   /* an address of the region is managed already */
  MEM_ALLOC_NO_SPACE = 3,  /* no FREE run can hold the block */
  MEM_ALLOC_NOT_FOUND = 4, /* no live block starts there; or no further run */
  MEM_ALLOC_CONFLICT = 5,  /* a live block lies outside the constraint */
  MEM_ALLOC_NO_MEMORY = 6  /* too few nodes for the metadata, or the tree is at its highest */
};

/* What the addresses of a run are. */
enum mem_alloc_state {
  MEM_ALLOC_ABSENT = 0,    /* not managed */
  MEM_ALLOC_ALLOCATED = 1, /* one live block */
  MEM_ALLOC_FREE = 2       /* managed, and part of no live block */
};

/* One run, as the iteration of mem_alloc_ext.h reports it. */
struct mem_link {
  uint64_t address;  /* first address */
  uint64_t size;     /* number of addresses; 0 stands for 2^64 */
  uint64_t last;     /* last address (inclusive) */
  uint32_t state;    /* an enum mem_alloc_state */
  uint32_t reserved; /* 0 */
};

/*
 * Entries in one node of the tree. Part of the binary interface: library and
 * callers must be compiled with the same value. Tested: 4, 16, 32, 48.
 * A value below 16 is for tests only.
 */
#ifndef MEM_ALLOC_FAN_OUT
#define MEM_ALLOC_FAN_OUT 48
#endif

/*
 * Levels a tree can have. A call that might need more is refused with
 * MEM_ALLOC_NO_MEMORY. How many runs it takes to get that high is not
 * promised.
 */
#if MEM_ALLOC_FAN_OUT >= 32
#define MEM_ALLOC_LEVELS 13
#else
#define MEM_ALLOC_LEVELS 32
#endif

/*
 * One node: the unit of metadata memory. The content is private; the type is
 * public so that callers can set storage aside for it.
 */
struct mem_alloc_node {
  uint16_t count; /* entries in use */
  int8_t level;   /* 0: leaf */
  uint64_t key[MEM_ALLOC_FAN_OUT];   /* first address of run or child */
  uint8_t tag[MEM_ALLOC_FAN_OUT];    /* what the run is; largest tag below the child */
  int16_t bin[MEM_ALLOC_FAN_OUT];    /* size class if FREE; largest one below the child */
  uint32_t child[MEM_ALLOC_FAN_OUT]; /* node numbers; unused in a leaf */
};

/*
 * An allocator. All fields are private. A zero-filled object is an empty
 * allocator. On LP64 (pointers of 64 bits, as on amd64) it has the size and
 * alignment of OPAE's, 64 and 8 bytes, so that it can be embedded by value in
 * the same places. Elsewhere it need not: with pointers of 32 bits OPAE's has
 * 48 bytes, and this one 64 where uint64_t is 8-aligned (as on armhf), 60
 * where it is 4-aligned (as on i386).
 */
struct mem_alloc {
  struct mem_alloc_node *nodes; /* node x is nodes[x - 1]; NULL: no storage */
  uint32_t capacity;            /* how many nodes the storage holds */
  uint32_t fresh;               /* nodes above this number were never used */
  uint32_t spare;               /* first node given back, 0: none */
  uint32_t live;                /* how many nodes the tree has */
  uint32_t root;                /* top node of the tree, 0: no tree */
  uint32_t fixed;               /* 1: the storage is the caller's */
  uint64_t reserved[4];         /* 0 */
};

#include "opae/mem_alloc_model.h" /* what the contracts below speak of; comments only */

/*
 * mem_alloc_init: make *m an empty allocator (everything ABSENT).
 *
 * Never fails; does nothing if m is NULL (ours). Does not look at the old
 * content of *m, which may be indeterminate. *m must hold no memory from
 * malloc: a used allocator must be destroyed first, or its memory is lost.
 * Calls no malloc. Cost: O(1). Source: OPAE.
 */
/*@ requires valid: m == \null || \valid(m);
    requires unused: m == \null || tree.held == \null;
    terminates \true;
    exits \false;
    assigns *m, tree;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures absent: m != \null ==> unmanaged_in(tree, 0, MEM_ALLOC_MODEL_TOP);
    ensures memory: m != \null ==> tree.held == \null && m->nodes == \null && tree.object.capacity == 0;
*/
void mem_alloc_init(struct mem_alloc *m);

/*
 * mem_alloc_destroy: give back all memory of *m and make it empty again.
 *
 * Never fails; does nothing if m is NULL (ours). Afterwards *m is an empty
 * allocator that takes its memory from malloc, so that destroying twice is
 * harmless (ours). Storage that the caller supplied is no longer referenced
 * and is the caller's again. Cost: O(1), and at most one call of free.
 * Source: OPAE.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_WRITES(m);
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures absent: m != \null ==> unmanaged_in(tree, 0, MEM_ALLOC_MODEL_TOP);
    ensures memory: m != \null ==> tree.held == \null && m->nodes == \null;
*/
void mem_alloc_destroy(struct mem_alloc *m);

/*
 * mem_alloc_add_free: turn the ABSENT addresses [address, address + size)
 * into FREE ones.
 *
 * A region may end at 2^64 (ours). It joins FREE neighbours.
 * fails iff:
 * - MEM_ALLOC_INVALID: m is NULL, size is 0, or address + size > 2^64 (ours);
 * - MEM_ALLOC_OVERLAP: an address of the region is managed already, FREE or
 *   ALLOCATED (ours: OPAE accepts some overlaps);
 * - MEM_ALLOC_NO_MEMORY: there is no tree yet, or the node that changes has
 *   no room for two entries more; and fewer nodes are left than that may need
 *   (one for every level of the tree, and a new root; with no tree yet, one
 *   on static storage, else three), and more are refused, or the tree would
 *   have to get higher than it may. More are refused on static storage, where
 *   they would be more than 2^32 - 1, and if malloc fails: it is asked once,
 *   for storage that is larger by an eighth, by four nodes, or by what is
 *   needed, whichever is most, and not for less.
 * After failure: unchanged. Cost: O(L). Source: OPAE.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m);
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures stays: m != \null && \old(tree.object.fixed) != 0 ==> tree.object.fixed != 0 &&
      m->nodes == \old(m->nodes) && tree.object.capacity == \old(tree.object.capacity);
    behavior invalid:
      assumes m == \null || size == 0 || address + size - 1 > MEM_ALLOC_MODEL_TOP;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unchanged: same_space(tree, \old(tree));
    behavior overlap:
      assumes m != \null && size > 0 && address + size - 1 <= MEM_ALLOC_MODEL_TOP;
      assumes !unmanaged_in(tree, address, address + size - 1);
      ensures status: \result == MEM_ALLOC_OVERLAP;
      ensures unchanged: same_space(tree, \old(tree));
    behavior new:
      assumes m != \null && size > 0 && address + size - 1 <= MEM_ALLOC_MODEL_TOP;
      assumes unmanaged_in(tree, address, address + size - 1);
      ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
      ensures added: \result == MEM_ALLOC_OK ==> range_in(tree, address, address + size - 1, MEM_ALLOC_FREE);
      ensures others: \result == MEM_ALLOC_OK ==> same_but(tree, \old(tree), address, address + size - 1);
      ensures memory: \result == MEM_ALLOC_NO_MEMORY ==> short_of_nodes(tree, storage_got);
      ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_add_free(struct mem_alloc *m, uint64_t address, uint64_t size);

/*
 * mem_alloc_get: allocate a block of size addresses; its first address goes
 * to *address.
 *
 * The block lies at the lowest naturally aligned place inside a FREE run:
 * the lowest multiple of the largest power of two that divides size. For
 * powers of two that is the address OPAE gives; other sizes OPAE refuses in
 * many cases where they fit (ours: given).
 * *address must be apart from *m and from its nodes.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or address is NULL, or size is 0 (ours);
 * - MEM_ALLOC_NO_SPACE: no FREE run holds such a place;
 * - MEM_ALLOC_NO_MEMORY: there is such a place, and the rest is as for
 *   mem_alloc_add_free().
 * After failure: unchanged, and *address is not written. Cost: O(L) if size
 * is a power of two. For other sizes O(L) again for every FREE run below the
 * place found, or below the end if there is none, that seems to hold the
 * block and does not: one that is long enough, but not where aligned, or less
 * than 1/512 too short. That can be every FREE run: O(n L). Source: OPAE.
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
      assumes m == \null || address == \null || size == 0;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unchanged: same_space(tree, \old(tree));
      ensures unwritten: address != \null ==> *address == \old(*address);
    behavior no_space:
      assumes m != \null && address != \null && size > 0;
      assumes \forall integer p, k; natural_order(size, k) ==> !place_at(tree, p, size, k);
      ensures status: \result == MEM_ALLOC_NO_SPACE;
      ensures unchanged: same_space(tree, \old(tree));
      ensures unwritten: *address == \old(*address);
    behavior space:
      assumes m != \null && address != \null && size > 0;
      assumes \exists integer p, k; natural_order(size, k) && place_at(tree, p, size, k);
      ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
      ensures place: \result == MEM_ALLOC_OK ==>
        \forall integer k; natural_order(size, k) ==> place_at(\old(tree), *address, size, k);
      ensures lowest: \result == MEM_ALLOC_OK ==>
        \forall integer p, k; natural_order(size, k) && place_at(\old(tree), p, size, k) ==> *address <= p;
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
int mem_alloc_get(struct mem_alloc *m, uint64_t *address, uint64_t size);

/*
 * mem_alloc_put: give back the live block that starts at address.
 *
 * Its addresses become FREE and join FREE neighbours. Needs no node and calls
 * no malloc, so it cannot fail for lack of memory (ours: OPAE loses the block
 * then).
 * fails iff:
 * - MEM_ALLOC_INVALID: m is NULL (ours);
 * - MEM_ALLOC_NOT_FOUND: no live block starts at address.
 * After failure: unchanged. Cost: O(L). Source: OPAE.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_WRITES(m);
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures storage: m != \null ==> m->nodes == \old(m->nodes) && tree.object.capacity == \old(tree.object.capacity) &&
      tree.object.fixed == \old(tree.object.fixed);
    behavior invalid:
      assumes m == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unchanged: same_space(tree, \old(tree));
    behavior not_found:
      assumes m != \null && \forall integer last; !block_in(tree, address, last);
      ensures status: \result == MEM_ALLOC_NOT_FOUND;
      ensures unchanged: same_space(tree, \old(tree));
    behavior live:
      assumes m != \null && \exists integer last; block_in(tree, address, last);
      ensures status: \result == MEM_ALLOC_OK;
      ensures freed: \forall integer last; block_in(\old(tree), address, last) ==>
        range_in(tree, address, last, MEM_ALLOC_FREE);
      ensures others: \forall integer last; block_in(\old(tree), address, last) ==>
        same_but(tree, \old(tree), address, last);
      ensures blocks: \forall integer last; block_in(\old(tree), address, last) ==>
        one_more(\old(tree), tree, address, last);
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_put(struct mem_alloc *m, uint64_t address);

/*
 * mem_alloc_apply_constraint: every FREE address of *m that is not FREE in
 * *m_constr becomes ABSENT.
 *
 * An empty constraint leaves nothing free (ours). *m_constr is only read. Both
 * must be allocators; they are the same object, or else objects and nodes of
 * the two are apart from each other.
 * fails iff:
 * - MEM_ALLOC_INVALID: m or m_constr is NULL (ours);
 * - MEM_ALLOC_CONFLICT: a live block of *m lies, even partly, outside the
 *   FREE addresses of *m_constr (ours: OPAE hands it out again after put);
 * - MEM_ALLOC_NO_MEMORY: there is no conflict, and before the first cut, or
 *   at a later one, fewer nodes are left than it may need and more are refused,
 *   as for mem_alloc_add_free(). While it works it can need nodes for as many
 *   runs again as *m_constr has.
 * After failure: unchanged (ours); but the cuts made until then, and taken
 * back, change nodes: see Errors above. Cost: O((n + k) (L + K)), k being the
 * runs and K the levels of *m_constr. Source: OPAE.
 */
/*@ requires ready: m == \null || mem_alloc_ok_in(m, tree);
    requires constraint: m_constr == \null || mem_alloc_ok_in(m_constr, limits);
    requires itself: m != \null && m_constr == m ==> limits == tree;
    requires apart: m == \null || m_constr == \null || m_constr == m ||
      (\separated(m, m_constr) && \separated(m, m_constr->nodes + (0 .. m_constr->capacity - 1)) &&
       \separated(m_constr, m->nodes + (0 .. m->capacity - 1)) &&
       \separated(m->nodes + (0 .. m->capacity - 1), m_constr->nodes + (0 .. m_constr->capacity - 1)));
    terminates \true;
    exits \false;
    assigns MEM_ALLOC_MODEL_GROWS(m), limits_owner;
    ensures ready: m != \null ==> mem_alloc_ok_in(m, tree);
    ensures constraint: m_constr != \null ==> mem_alloc_ok_in(m_constr, limits);
    behavior invalid:
      assumes m == \null || m_constr == \null;
      ensures status: \result == MEM_ALLOC_INVALID;
      ensures unchanged: same_space(tree, \old(tree));
    behavior conflict:
      assumes m != \null && m_constr != \null;
      assumes \exists integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP && state_in(tree, k) == MEM_ALLOC_ALLOCATED &&
        state_in(limits, k) != MEM_ALLOC_FREE;
      ensures status: \result == MEM_ALLOC_CONFLICT;
      ensures unchanged: same_space(tree, \old(tree));
    behavior agrees:
      assumes m != \null && m_constr != \null;
      assumes \forall integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP && state_in(tree, k) == MEM_ALLOC_ALLOCATED ==>
        state_in(limits, k) == MEM_ALLOC_FREE;
      ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NO_MEMORY;
      ensures states: \result == MEM_ALLOC_OK ==> \forall integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP ==>
        state_in(tree, k) ==
          (state_in(\old(tree), k) == MEM_ALLOC_FREE && state_in(limits, k) != MEM_ALLOC_FREE ? MEM_ALLOC_ABSENT :
           state_in(\old(tree), k));
      ensures blocks: \result == MEM_ALLOC_OK ==>
        \forall integer first, last; block_in(tree, first, last) <==> block_in(\old(tree), first, last);
      ensures unchanged: \result != MEM_ALLOC_OK ==> same_space(tree, \old(tree));
    complete behaviors;
    disjoint behaviors;
*/
int mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr);

#ifdef __cplusplus
}
#endif

#endif
