/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_NODE_H
#define MEM_ALLOC_NODE_H

/*
 * Edits and searches of one node's rows. The slots 0 .. count - 1 are in use;
 * keys ascend strictly. The child row is only kept in inner nodes (level > 0):
 * a leaf never touches it.
 *
 * The searches are inline because every descent runs through them.
 */

#include <stdint.h>

#include "fit.h"
#include "opae/mem_alloc_ext.h"

/* How far node_rank steps before it looks again: one cache line of keys, or what a tiny node holds. */
enum { NODE_STRIDE = MEM_ALLOC_FAN_OUT >= 8 ? 8 : 4 };

/*@ predicate node_sorted(struct mem_alloc_node *b) =
      \forall integer i, j; 0 <= i < j < b->count ==> b->key[i] < b->key[j];

    // last - first of the run at slot j of a leaf whose last run ends at `last`
    logic integer node_run_span(struct mem_alloc_node *b, integer j, integer last) =
      (j + 1 < b->count ? b->key[j + 1] - 1 : last) - b->key[j];
*/

/* How many keys are at most a. Keys ascend. */
/*@ requires node: \valid_read(b) && b->count <= MEM_ALLOC_FAN_OUT;
    requires sorted: node_sorted(b);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: 0 <= \result <= b->count;
    ensures below: \forall integer j; 0 <= j < \result ==> b->key[j] <= a;
    ensures above: \forall integer j; \result <= j < b->count ==> a < b->key[j];
*/
static inline uint32_t node_rank(const struct mem_alloc_node *b, uint64_t a)
{
  const uint32_t count = b->count;
  uint32_t r = 0;

  /*@ loop invariant range: 0 <= r <= count;
      loop invariant below: \forall integer j; 0 <= j < r ==> b->key[j] <= a;
      loop assigns r;
      loop variant count - r;
  */
  while (r + NODE_STRIDE <= count && b->key[r + (NODE_STRIDE - 1)] <= a) {
    r += NODE_STRIDE;
  }
  /*@ loop invariant range: 0 <= r <= count;
      loop invariant below: \forall integer j; 0 <= j < r ==> b->key[j] <= a;
      loop assigns r;
      loop variant count - r;
  */
  while (r < count && b->key[r] <= a) {
    r++;
  }
  return r;
}

/* The lowest slot from `from` on whose tag is at least `least`, or count. from <= count. */
/*@ requires node: \valid_read(b) && b->count <= MEM_ALLOC_FAN_OUT;
    requires from: from <= b->count;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: from <= \result <= b->count;
    ensures lowest: \forall integer j; from <= j < \result ==> b->tag[j] < least;
    ensures found: \result < b->count ==> b->tag[\result] >= least;
*/
static inline uint32_t node_first(const struct mem_alloc_node *b, uint32_t from, uint8_t least)
{
  const uint32_t count = b->count;
  uint32_t r = from;

  /*@ loop invariant range: from <= r <= count;
      loop invariant lowest: \forall integer j; from <= j < r ==> b->tag[j] < least;
      loop assigns r;
      loop variant count - r;
  */
  while (r < count && b->tag[r] < least) {
    r++;
  }
  return r;
}

/* The largest tag. count > 0. */
/*@ requires node: \valid_read(b) && 0 < b->count <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures most: \forall integer j; 0 <= j < b->count ==> b->tag[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < b->count && b->tag[j] == \result;
*/
static inline uint8_t node_top_tag(const struct mem_alloc_node *b)
{
  const uint32_t count = b->count;
  uint8_t top = b->tag[0];
  uint32_t r = 1;
  //@ ghost uint32_t witness = 0;

  /*@ loop invariant range: 1 <= r <= count;
      loop invariant most: \forall integer j; 0 <= j < r ==> b->tag[j] <= top;
      loop invariant attained: witness < r && b->tag[witness] == top;
      loop assigns r, top, witness;
      loop variant count - r;
  */
  while (r < count) {
    if (b->tag[r] > top) {
      top = b->tag[r];
      //@ ghost witness = r;
    }
    r++;
  }
  return top;
}

/* Of a leaf whose last run ends at `last`: the largest (last - first) of its FREE runs, 0 if it has none. */
/*@ requires node: \valid_read(b) && b->count <= MEM_ALLOC_FAN_OUT;
    requires sorted: node_sorted(b);
    requires last: b->count > 0 ==> b->key[b->count - 1] <= last;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures most: \forall integer j; 0 <= j < b->count && b->tag[j] >= FIT_FREE ==>
      node_run_span(b, j, last) <= \result;
    ensures attained: \result > 0 ==>
      \exists integer j; 0 <= j < b->count && b->tag[j] >= FIT_FREE && node_run_span(b, j, last) == \result;
*/
static inline uint64_t node_top_span(const struct mem_alloc_node *b, uint64_t last)
{
  const uint32_t count = b->count;
  uint64_t top = 0;
  uint32_t r = 0;
  //@ ghost uint32_t witness = 0;

  /*@ loop invariant range: 0 <= r <= count;
      loop invariant most: \forall integer j; 0 <= j < r && b->tag[j] >= FIT_FREE ==>
        node_run_span(b, j, last) <= top;
      loop invariant attained: top > 0 ==>
        witness < r && b->tag[witness] >= FIT_FREE && node_run_span(b, witness, last) == top;
      loop assigns r, top, witness;
      loop variant count - r;
  */
  while (r < count) {
    const uint64_t end = r + 1 < count ? b->key[r + 1] - 1 : last;
    const uint64_t span = end - b->key[r];

    if (b->tag[r] >= FIT_FREE && span > top) {
      top = span;
      //@ ghost witness = r;
    }
    r++;
  }
  return top;
}

/* Make room at slot and put (key, tag, child) there. slot <= count < fan-out. */
/*@ requires node: \valid(b);
    requires room: slot <= b->count < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
      b->child[0 .. MEM_ALLOC_FAN_OUT - 1], b->count;
    ensures count: b->count == \old(b->count) + 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> b->key[j] == \old(b->key[j]);
    ensures key_put: b->key[slot] == key;
    ensures key_from: \forall integer j; slot < j < b->count ==> b->key[j] == \old(b->key[j - 1]);
    ensures key_to: \forall integer j; slot <= j < \old(b->count) ==> b->key[j + 1] == \old(b->key[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> b->tag[j] == \old(b->tag[j]);
    ensures tag_put: b->tag[slot] == tag;
    ensures tag_from: \forall integer j; slot < j < b->count ==> b->tag[j] == \old(b->tag[j - 1]);
    ensures tag_to: \forall integer j; slot <= j < \old(b->count) ==> b->tag[j + 1] == \old(b->tag[j]);
    ensures child_kept: b->level > 0 ==>
      \forall integer j; 0 <= j < slot ==> b->child[j] == \old(b->child[j]);
    ensures child_put: b->level > 0 ==> b->child[slot] == child;
    ensures child_from: b->level > 0 ==>
      \forall integer j; slot < j < b->count ==> b->child[j] == \old(b->child[j - 1]);
    ensures child_to: b->level > 0 ==>
      \forall integer j; slot <= j < \old(b->count) ==> b->child[j + 1] == \old(b->child[j]);
    ensures leaf: b->level <= 0 ==>
      \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->child[j] == \old(b->child[j]);
*/
void node_insert(struct mem_alloc_node *b, uint32_t slot, uint64_t key, uint8_t tag, uint32_t child);

/* Remove slot. slot < count. */
/*@ requires node: \valid(b);
    requires used: slot < b->count <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
      b->child[0 .. MEM_ALLOC_FAN_OUT - 1], b->count;
    ensures count: b->count == \old(b->count) - 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> b->key[j] == \old(b->key[j]);
    ensures key_from: \forall integer j; slot <= j < b->count ==> b->key[j] == \old(b->key[j + 1]);
    ensures key_to: \forall integer j; slot < j < \old(b->count) ==> b->key[j - 1] == \old(b->key[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> b->tag[j] == \old(b->tag[j]);
    ensures tag_from: \forall integer j; slot <= j < b->count ==> b->tag[j] == \old(b->tag[j + 1]);
    ensures tag_to: \forall integer j; slot < j < \old(b->count) ==> b->tag[j - 1] == \old(b->tag[j]);
    ensures child_kept: b->level > 0 ==>
      \forall integer j; 0 <= j < slot ==> b->child[j] == \old(b->child[j]);
    ensures child_from: b->level > 0 ==>
      \forall integer j; slot <= j < b->count ==> b->child[j] == \old(b->child[j + 1]);
    ensures child_to: b->level > 0 ==>
      \forall integer j; slot < j < \old(b->count) ==> b->child[j - 1] == \old(b->child[j]);
    ensures leaf: b->level <= 0 ==>
      \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> b->child[j] == \old(b->child[j]);
*/
void node_erase(struct mem_alloc_node *b, uint32_t slot);

/* Move the slots from .. count - 1 of b to the end of d, a node of the same level. They must fit. */
/*@ requires nodes: \valid(b) && \valid(d) && \separated(b, d);
    requires level: b->level == d->level;
    requires from: from <= b->count <= MEM_ALLOC_FAN_OUT;
    requires room: d->count + b->count - from <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns d->key[0 .. MEM_ALLOC_FAN_OUT - 1], d->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
      d->child[0 .. MEM_ALLOC_FAN_OUT - 1], d->count, b->count;
    ensures count: b->count == from && d->count == \old(d->count) + \old(b->count) - from;
    ensures key_kept: \forall integer j; 0 <= j < \old(d->count) ==> d->key[j] == \old(d->key[j]);
    ensures key_from: \forall integer j; \old(d->count) <= j < d->count ==>
      d->key[j] == b->key[j - \old(d->count) + from];
    ensures key_to: \forall integer j; from <= j < \old(b->count) ==>
      d->key[j + \old(d->count) - from] == b->key[j];
    ensures tag_kept: \forall integer j; 0 <= j < \old(d->count) ==> d->tag[j] == \old(d->tag[j]);
    ensures tag_from: \forall integer j; \old(d->count) <= j < d->count ==>
      d->tag[j] == b->tag[j - \old(d->count) + from];
    ensures tag_to: \forall integer j; from <= j < \old(b->count) ==>
      d->tag[j + \old(d->count) - from] == b->tag[j];
    ensures child_kept: d->level > 0 ==>
      \forall integer j; 0 <= j < \old(d->count) ==> d->child[j] == \old(d->child[j]);
    ensures child_from: d->level > 0 ==>
      \forall integer j; \old(d->count) <= j < d->count ==>
        d->child[j] == b->child[j - \old(d->count) + from];
    ensures child_to: d->level > 0 ==>
      \forall integer j; from <= j < \old(b->count) ==>
        d->child[j + \old(d->count) - from] == b->child[j];
    ensures leaf: d->level <= 0 ==>
      \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> d->child[j] == \old(d->child[j]);
*/
void node_move(struct mem_alloc_node *b, uint32_t from, struct mem_alloc_node *d);

#endif
