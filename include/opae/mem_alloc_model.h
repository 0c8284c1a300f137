/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef OPAE_MEM_ALLOC_MODEL_H
#define OPAE_MEM_ALLOC_MODEL_H

/*
 * The abstract state that the contracts of the public headers speak of, for
 * Frama-C. Everything here is in comments, but for macros that only comments
 * use: compilers make nothing of it. Not for inclusion by itself:
 * opae/mem_alloc.h does that.
 *
 * The state of an allocator is a ghost structure. What a client needs of it
 * is what each address is (state_in), where live blocks are (block_in), and
 * where a block of some size would fit (place_at). All other fields are the
 * allocator's own; proofs/tree.h says what they mean.
 *
 * The contracts speak of one allocator, the one at work, whose state is the
 * ghost variable `tree`. A client with several keeps the states of the others
 * in ghost variables of its own, and puts the right one into `tree` before
 * each call. mem_alloc_apply_constraint reads a second one: its state is the
 * ghost variable `limits`.
 */

#define MEM_ALLOC_MODEL_NODES 0x100000000
#define MEM_ALLOC_MODEL_TOP 0xffffffffffffffff
#define MEM_ALLOC_MODEL_HALF 0x7fffffffffffffff

/*@ ghost
  struct key_row { uint64_t v[MEM_ALLOC_FAN_OUT]; };
  struct tag_row { uint8_t v[MEM_ALLOC_FAN_OUT]; };
  struct bin_row { int16_t v[MEM_ALLOC_FAN_OUT]; };
  struct child_row { uint32_t v[MEM_ALLOC_FAN_OUT]; };

  // what memory holds: the nodes' rows, and the object's fields
  struct row_state {
    struct key_row key[MEM_ALLOC_MODEL_NODES];
    struct tag_row tag[MEM_ALLOC_MODEL_NODES];
    struct bin_row bin[MEM_ALLOC_MODEL_NODES];
    struct child_row child[MEM_ALLOC_MODEL_NODES];
    uint16_t count[MEM_ALLOC_MODEL_NODES];
    int8_t level[MEM_ALLOC_MODEL_NODES];
  };
  struct object_state {
    uint32_t root;
    uint32_t capacity;
    uint32_t fresh;
    uint32_t spare;
    uint32_t live;
    uint32_t fixed;
    struct mem_alloc_node *nodes;
  };

  // what the nodes mean
  struct node_state {
    uint64_t lo[MEM_ALLOC_MODEL_NODES];
    uint64_t hi[MEM_ALLOC_MODEL_NODES];
    uint8_t in[MEM_ALLOC_MODEL_NODES];
    uint8_t most[MEM_ALLOC_MODEL_NODES];
    int16_t longest[MEM_ALLOC_MODEL_NODES];
  };

  // which node is where: see pool.h
  struct pool_state {
    uint8_t taken[MEM_ALLOC_MODEL_NODES];
    uint32_t used[MEM_ALLOC_MODEL_NODES];
    uint32_t stack[MEM_ALLOC_MODEL_NODES];
    uint32_t place[MEM_ALLOC_MODEL_NODES];
    uint32_t depth;
  };

  // the abstract map, by address; 2^64 entries do not fit into one array: two halves and a tail
  struct code_map {
    uint16_t low[MEM_ALLOC_MODEL_HALF];
    uint16_t high[MEM_ALLOC_MODEL_HALF];
    uint16_t end[2];
  };
  struct address_map {
    uint64_t low[MEM_ALLOC_MODEL_HALF];
    uint64_t high[MEM_ALLOC_MODEL_HALF];
    uint64_t end[2];
  };
  struct run_state {
    struct code_map code;
    struct address_map last;
    struct address_map home;
  };

  // In parts, so that a prover that sees one part change has nothing to think about the others.
  struct tree_state {
    struct row_state rows;
    struct object_state object;
    struct node_state node;
    struct pool_state pool;
    struct run_state runs;
    // the storage that it has from malloc, or null: see storage.h
    struct mem_alloc_node *held;
    // an object of the caller's that a function is going to write to, or null: the storage is apart from it
    uint64_t *guest;
  };

  // the allocator at work
  struct tree_state tree;
  // another one, which a function only reads
  struct tree_state limits;
*/

/*@ ghost
  struct mem_alloc *storage_owner;     // the allocator that asks for memory: what it has is in use
  struct mem_alloc_node *storage_got;  // what it got last
  struct mem_alloc *limits_owner;      // the allocator whose state is `limits`
*/

/*@
  // 0: no run starts at a; else the run's tag plus one
  logic integer run_code_in(struct tree_state t, integer a) =
    a < MEM_ALLOC_MODEL_HALF ? t.runs.code.low[a] :
    a < 2 * MEM_ALLOC_MODEL_HALF ? t.runs.code.high[a - MEM_ALLOC_MODEL_HALF] :
    t.runs.code.end[a - 2 * MEM_ALLOC_MODEL_HALF];

  // the last address of the run that starts at a
  logic integer run_last_in(struct tree_state t, integer a) =
    a < MEM_ALLOC_MODEL_HALF ? t.runs.last.low[a] :
    a < 2 * MEM_ALLOC_MODEL_HALF ? t.runs.last.high[a - MEM_ALLOC_MODEL_HALF] :
    t.runs.last.end[a - 2 * MEM_ALLOC_MODEL_HALF];

  // where the run starts that a is in
  logic integer home_in(struct tree_state t, integer a) =
    a < MEM_ALLOC_MODEL_HALF ? t.runs.home.low[a] :
    a < 2 * MEM_ALLOC_MODEL_HALF ? t.runs.home.high[a - MEM_ALLOC_MODEL_HALF] :
    t.runs.home.end[a - 2 * MEM_ALLOC_MODEL_HALF];

  predicate run_starts_in(struct tree_state t, integer a) = 0 <= a <= MEM_ALLOC_MODEL_TOP && run_code_in(t, a) != 0;

  // what a run of that code is: an enum mem_alloc_state
  logic integer state_of(integer code) = code > MEM_ALLOC_FREE ? MEM_ALLOC_FREE : code - 1;

  // ---- what a client needs ----

  // what the address is
  logic integer state_in(struct tree_state t, integer k) = state_of(run_code_in(t, home_in(t, k)));

  // all of [first, last] is in that state
  predicate range_in(struct tree_state t, integer first, integer last, integer state) =
    \forall integer k; first <= k <= last ==> state_in(t, k) == state;

  // [first, last] is a live block
  predicate block_in(struct tree_state t, integer first, integer last) =
    0 <= first <= MEM_ALLOC_MODEL_TOP && run_code_in(t, first) == MEM_ALLOC_ALLOCATED + 1 &&
    run_last_in(t, first) == last;

  // [first, last] is a run in that state: a live block, or as long as can be
  predicate run_is(struct tree_state t, integer first, integer last, integer state) =
    0 <= first <= last <= MEM_ALLOC_MODEL_TOP && range_in(t, first, last, state) &&
    (state == MEM_ALLOC_ALLOCATED ? block_in(t, first, last) :
     (first > 0 ==> state_in(t, first - 1) != state) &&
     (last < MEM_ALLOC_MODEL_TOP ==> state_in(t, last + 1) != state));

  // of the managed runs, none starts in [from, to]
  predicate none_starts_in(struct tree_state t, integer from, integer to) =
    \forall integer k, l, state; from <= k <= to && run_is(t, k, l, state) ==> state == MEM_ALLOC_ABSENT;

  // a is a multiple of 2^k
  predicate aligned(integer a, integer k) = ((a >> k) << k) == a;

  // a block of size addresses, at a multiple of 2^order, fits at p
  predicate place_at(struct tree_state t, integer p, integer size, integer order) =
    0 <= p && p + size - 1 <= MEM_ALLOC_MODEL_TOP && aligned(p, order) &&
    range_in(t, p, p + size - 1, MEM_ALLOC_FREE);

  // 2^order is the largest power of two that divides size
  predicate natural_order(integer size, integer order) =
    0 <= order <= 63 && aligned(size, order) && \forall integer k; order < k <= 63 ==> !aligned(size, k);

  // nothing but [first, last] differs: neither what addresses are nor where blocks are
  predicate same_but(struct tree_state t, struct tree_state b, integer first, integer last) =
    (\forall integer k; 0 <= k <= MEM_ALLOC_MODEL_TOP && (k < first || last < k) ==>
      state_in(t, k) == state_in(b, k)) &&
    (\forall integer k, l; k < first || last < k ==> (block_in(t, k, l) <==> block_in(b, k, l)));

  // the live blocks of t are those of b and one more, [first, last]
  predicate one_more(struct tree_state t, struct tree_state b, integer first, integer last) =
    (\forall integer k, l; block_in(t, k, l) <==> (block_in(b, k, l) || (k == first && l == last))) &&
    \forall integer l; !block_in(b, first, l);

  // no address of [first, last] is managed
  predicate unmanaged_in(struct tree_state t, integer first, integer last) =
    range_in(t, first, last, MEM_ALLOC_ABSENT);

  // An operation that may need nodes has too few, and there are no more: the storage is the caller's, malloc
  // gave none, the numbers are used up, or the tree would get too high. With no tree yet, the first memory from
  // malloc is for three nodes; later one for every level may be needed, and a new root.
  predicate short_of_nodes(struct tree_state t, struct mem_alloc_node *got) =
    (t.object.root != 0 && t.rows.level[t.object.root] + 1 >= MEM_ALLOC_LEVELS) ||
    \let count = t.object.root != 0 ? t.rows.level[t.object.root] + 2 : t.object.fixed != 0 ? 1 : 3;
    t.object.capacity - t.object.live < count &&
    (t.object.fixed != 0 || got == \null || t.object.live + count > UINT32_MAX);

  // nothing differs
  predicate same_space(struct tree_state t, struct tree_state b) = same_but(t, b, 0, -1);
*/

/*@
  // how many addresses below k are in that state
  logic integer addresses_below(struct tree_state t, integer state, integer k) =
    k <= 0 ? 0 : addresses_below(t, state, k - 1) + (state_in(t, k - 1) == state ? 1 : 0);

  // how many runs in that state start below k (the state of a code that is 0 is none)
  logic integer runs_below(struct tree_state t, integer state, integer k) =
    k <= 0 ? 0 : runs_below(t, state, k - 1) + (state_of(run_code_in(t, k - 1)) == state ? 1 : 0);

  // the length of the longest run in that state that starts below k; 0 if there is none
  logic integer longest_below(struct tree_state t, integer state, integer k) =
    k <= 0 ? 0 :
    state_of(run_code_in(t, k - 1)) != state ? longest_below(t, state, k - 1) :
    \max(longest_below(t, state, k - 1), run_last_in(t, k - 1) - (k - 1) + 1);

  // what 64 bits say of a number
  logic integer saturated(integer n) = n > MEM_ALLOC_MODEL_TOP ? MEM_ALLOC_MODEL_TOP : n;
*/

/*@
  // The object and its storage exist, and where that is. A proof sees a dead local, or one that is not yet there, by
  // this alone: a reads clause names what memory holds, and that outlasts the object.
  predicate mem_alloc_lives{L}(struct mem_alloc *m, struct tree_state t) =
    \valid(m) && m->nodes == t.object.nodes && m->capacity == t.object.capacity &&
    \valid(m->nodes + (0 .. m->capacity - 1));
*/

/* What a function may write to: the allocator, its nodes, and those of new storage. */
#define MEM_ALLOC_MODEL_WRITES(m) *m, m->nodes[0 .. tree.object.capacity - 1], tree
#define MEM_ALLOC_MODEL_GROWS(m) \
  MEM_ALLOC_MODEL_WRITES(m), \at(m->nodes, Post)[0 .. \at(tree.object.capacity, Post) - 1], storage_got, storage_owner

#ifdef MEM_ALLOC_MODEL_DEFINED
#include "../../proofs/model.h" /* the allocator's own proofs see the definition */
#else
/*@
  axiomatic MemAllocModel {
    // memory holds an allocator in that state; see proofs/model.h
    predicate mem_alloc_sound_in{L}(struct mem_alloc *m, struct tree_state t)
      reads *m, m->nodes[0 .. MEM_ALLOC_MODEL_NODES - 1];

    // memory holds what the state says, sound or not
    predicate mem_alloc_held_in{L}(struct mem_alloc *m, struct tree_state t)
      reads *m, m->nodes[0 .. MEM_ALLOC_MODEL_NODES - 1];
  }
*/
#endif

/*@
  // *m is an allocator, in that state
  predicate mem_alloc_ok_in{L}(struct mem_alloc *m, struct tree_state t) =
    mem_alloc_lives(m, t) && mem_alloc_sound_in(m, t);

  // *m and its storage can be read and hold what the state says, sound or not
  predicate mem_alloc_readable_in{L}(struct mem_alloc *m, struct tree_state t) =
    mem_alloc_lives(m, t) && mem_alloc_held_in(m, t);
*/

#endif
