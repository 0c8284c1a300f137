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

/* How many keys node_rank compares without a branch: one cache line of them. */
enum { NODE_WINDOW = 8 };

/*
 * How many slots of a row of tags or bins are looked at as one, without a branch: what fits a vector register
 * of most machines. Three such windows cover a node: the first one, one that follows or ends the node, and
 * one that ends it; they may overlap, and no slot from count on is ever read. One loop over the places in a
 * window looks at all three, so that compilers make it a few vector instructions.
 */
enum {
  NODE_SPAN = MEM_ALLOC_FAN_OUT < 16 ? (MEM_ALLOC_FAN_OUT + 2) / 3 : 16 * ((MEM_ALLOC_FAN_OUT + 47) / 48)
};

#if MEM_ALLOC_FAN_OUT >= 255
#error "a slot must fit a byte, beside one value that is none"
#endif

/*@ predicate node_sorted(struct mem_alloc_node *b) =
      \forall integer i, j; 0 <= i < j < b->count ==> b->key[i] < b->key[j];

    // Of the ascending keys from .. end - 1, those below rank are at most a and the others are not.
    predicate node_split(struct mem_alloc_node *b, integer from, integer rank, integer end, integer a) =
      from <= rank <= end && (from < rank ==> b->key[rank - 1] <= a) && (rank < end ==> a < b->key[rank]);

    // Windows at 0, middle and last cover the slots in use.
    predicate node_windows(struct mem_alloc_node *b, integer middle, integer last) =
      0 <= middle <= last && middle <= NODE_SPAN && last <= middle + NODE_SPAN &&
      last + NODE_SPAN == b->count <= MEM_ALLOC_FAN_OUT;

    // The slot a probe reads: the last one instead of one beyond it.
    logic integer node_probe(struct mem_alloc_node *b, integer j) = j < b->count ? j : b->count - 1;
*/

/* node_rank among the NODE_WINDOW keys from start on, if all keys before them are at most a. */
/*@ requires node: \valid_read(b) && start + NODE_WINDOW <= b->count <= MEM_ALLOC_FAN_OUT;
    requires sorted: node_sorted(b);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures split: node_split(b, start, \result, start + NODE_WINDOW, a);
*/
static inline uint32_t node_rank_window(const struct mem_alloc_node *b, uint32_t start, uint64_t a)
{
  const uint64_t *key = &b->key[start];
  uint32_t rank = start;

  rank += (uint32_t)(key[0] <= a);
  /*@ assert part_1: node_split(b, start, rank, start + 1, a); */
  rank += (uint32_t)(key[1] <= a);
  /*@ assert part_2: node_split(b, start, rank, start + 2, a); */
  rank += (uint32_t)(key[2] <= a);
  /*@ assert part_3: node_split(b, start, rank, start + 3, a); */
  rank += (uint32_t)(key[3] <= a);
  /*@ assert part_4: node_split(b, start, rank, start + 4, a); */
  rank += (uint32_t)(key[4] <= a);
  /*@ assert part_5: node_split(b, start, rank, start + 5, a); */
  rank += (uint32_t)(key[5] <= a);
  /*@ assert part_6: node_split(b, start, rank, start + 6, a); */
  rank += (uint32_t)(key[6] <= a);
  /*@ assert part_7: node_split(b, start, rank, start + 7, a); */
  rank += (uint32_t)(key[7] <= a);
  /*@ assert part_8: node_split(b, start, rank, start + 8, a); */
  return rank;
}

/*
 * How many keys are at most a. Keys ascend.
 *
 * No branch depends on a: it would be guessed wrong too often. Probes at the
 * ends of the windows tell in which window the answer lies, and that one is
 * counted through. Slots from count on are never read: a probe beyond them
 * reads the last key, and a window beyond them is moved down to end there.
 */
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
  uint32_t start = 0;
  uint32_t r = 0;

  if (MEM_ALLOC_FAN_OUT < NODE_WINDOW || count < NODE_WINDOW) {
    /*@ loop invariant range: 0 <= r <= count;
        loop invariant split: node_split(b, 0, start, r, a);
        loop assigns r, start;
        loop variant count - r;
    */
    while (r < count) {
      start += (uint32_t)(b->key[r] <= a);
      r++;
    }
    return start;
  }
  r = NODE_WINDOW - 1;
  /*@ loop invariant range: start + NODE_WINDOW <= r + 1 && r < MEM_ALLOC_FAN_OUT + NODE_WINDOW;
      loop invariant below: start > 0 ==> b->key[node_probe(b, start - 1)] <= a;
      loop invariant above: start + NODE_WINDOW <= r ==> a < b->key[node_probe(b, start + NODE_WINDOW - 1)];
      loop assigns r, start;
      loop variant MEM_ALLOC_FAN_OUT - r;
  */
  while (r + 1 < MEM_ALLOC_FAN_OUT) {
    start += (uint32_t)(b->key[r < count ? r : count - 1u] <= a) * NODE_WINDOW;
    r += NODE_WINDOW;
  }
  start = start < count - NODE_WINDOW ? start : count - NODE_WINDOW;
  /*@ assert before: start > 0 && a < b->key[start] ==> b->key[start - 1] <= a; */
  /*@ assert after: start + NODE_WINDOW < count && b->key[start + NODE_WINDOW - 1] <= a
        ==> a < b->key[start + NODE_WINDOW]; */
  return node_rank_window(b, start, a);
}

/* Where the middle one of three windows starts; the last one starts at last. */
/*@ requires last: last <= 2 * NODE_SPAN;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures value: \result == (last < NODE_SPAN ? last : NODE_SPAN);
*/
static inline uint32_t node_middle(uint32_t last)
{
  return last < (uint32_t)NODE_SPAN ? last : (uint32_t)NODE_SPAN;
}

/* The lowest slot in three windows whose tag is at least `least`, or something from count on. */
/*@ requires node: \valid_read(b) && node_windows(b, middle, last);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures lowest: \forall integer j; 0 <= j < b->count && j < \result ==> b->tag[j] < least;
    ensures found: \result < b->count ==> b->tag[\result] >= least;
*/
static inline uint32_t node_first_windows(const struct mem_alloc_node *b, uint32_t middle, uint32_t last,
                                          uint8_t least)
{
  uint8_t lowest = UINT8_MAX;
  uint32_t r = 0;

  /*@ loop invariant range: 0 <= r <= NODE_SPAN;
      loop invariant first: \forall integer j; 0 <= j < r ==> b->tag[j] >= least ==> lowest <= j;
      loop invariant middle: \forall integer j; middle <= j < middle + r ==> b->tag[j] >= least ==>
        lowest <= j;
      loop invariant last: \forall integer j; last <= j < last + r ==> b->tag[j] >= least ==> lowest <= j;
      loop invariant found: lowest == UINT8_MAX || (lowest < b->count && b->tag[lowest] >= least);
      loop assigns r, lowest;
      loop variant NODE_SPAN - r;
  */
  while (r < NODE_SPAN) {
    const uint8_t x = b->tag[r] >= least ? (uint8_t)r : UINT8_MAX;
    const uint8_t y = b->tag[middle + r] >= least ? (uint8_t)(middle + r) : UINT8_MAX;
    const uint8_t z = b->tag[last + r] >= least ? (uint8_t)(last + r) : UINT8_MAX;
    const uint8_t xy = x < y ? x : y;
    const uint8_t xyz = xy < z ? xy : z;

    lowest = xyz < lowest ? xyz : lowest;
    r++;
  }
  return lowest;
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

  /* Most searches start at the first slot. */
  if (from == 0u && count >= NODE_SPAN) {
    const uint32_t last = count - NODE_SPAN;

    r = node_first_windows(b, node_middle(last), last, least);
    return r < count ? r : count;
  }
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

/* The lowest slot in three windows whose bin is at least `least`, or something from count on. */
/*@ requires node: \valid_read(b) && node_windows(b, middle, last);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures lowest: \forall integer j; 0 <= j < b->count && j < \result ==> b->bin[j] < least;
    ensures found: \result < b->count ==> b->bin[\result] >= least;
*/
static inline uint32_t node_first_bin_windows(const struct mem_alloc_node *b, uint32_t middle, uint32_t last,
                                              int16_t least)
{
  int16_t lowest = INT16_MAX;
  uint32_t r = 0;

  /*@ loop invariant range: 0 <= r <= NODE_SPAN;
      loop invariant first: \forall integer j; 0 <= j < r ==> b->bin[j] >= least ==> lowest <= j;
      loop invariant middle: \forall integer j; middle <= j < middle + r ==> b->bin[j] >= least ==>
        lowest <= j;
      loop invariant last: \forall integer j; last <= j < last + r ==> b->bin[j] >= least ==> lowest <= j;
      loop invariant least: 0 <= lowest;
      loop invariant found: lowest == INT16_MAX || (lowest < b->count && b->bin[lowest] >= least);
      loop assigns r, lowest;
      loop variant NODE_SPAN - r;
  */
  while (r < NODE_SPAN) {
    const int16_t x = b->bin[r] >= least ? (int16_t)r : INT16_MAX;
    const int16_t y = b->bin[middle + r] >= least ? (int16_t)(middle + r) : INT16_MAX;
    const int16_t z = b->bin[last + r] >= least ? (int16_t)(last + r) : INT16_MAX;
    const int16_t xy = x < y ? x : y;
    const int16_t xyz = xy < z ? xy : z;

    lowest = xyz < lowest ? xyz : lowest;
    r++;
  }
  return (uint32_t)lowest;
}

/* The lowest slot from `from` on whose bin is at least `least`, or count. from <= count. */
/*@ requires node: \valid_read(b) && b->count <= MEM_ALLOC_FAN_OUT;
    requires from: from <= b->count;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures range: from <= \result <= b->count;
    ensures lowest: \forall integer j; from <= j < \result ==> b->bin[j] < least;
    ensures found: \result < b->count ==> b->bin[\result] >= least;
*/
static inline uint32_t node_first_bin(const struct mem_alloc_node *b, uint32_t from, int16_t least)
{
  const uint32_t count = b->count;
  uint32_t r = from;

  /* Most searches start at the first slot. */
  if (from == 0u && count >= NODE_SPAN) {
    const uint32_t last = count - NODE_SPAN;

    r = node_first_bin_windows(b, node_middle(last), last, least);
    return r < count ? r : count;
  }
  /*@ loop invariant range: from <= r <= count;
      loop invariant lowest: \forall integer j; from <= j < r ==> b->bin[j] < least;
      loop assigns r;
      loop variant count - r;
  */
  while (r < count && b->bin[r] < least) {
    r++;
  }
  return r;
}

/* The largest tag in three windows. */
/*@ requires node: \valid_read(b) && node_windows(b, middle, last);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures first: \forall integer j; 0 <= j < NODE_SPAN ==> b->tag[j] <= \result;
    ensures middle: \forall integer j; middle <= j < middle + NODE_SPAN ==> b->tag[j] <= \result;
    ensures last: \forall integer j; last <= j < last + NODE_SPAN ==> b->tag[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < b->count && b->tag[j] == \result;
*/
static inline uint8_t node_top_tag_windows(const struct mem_alloc_node *b, uint32_t middle, uint32_t last)
{
  uint8_t top = b->tag[0];
  uint32_t r = 0;

  /*@ loop invariant range: 0 <= r <= NODE_SPAN;
      loop invariant first: \forall integer j; 0 <= j < r ==> b->tag[j] <= top;
      loop invariant middle: \forall integer j; middle <= j < middle + r ==> b->tag[j] <= top;
      loop invariant last: \forall integer j; last <= j < last + r ==> b->tag[j] <= top;
      loop invariant attained: \exists integer j; 0 <= j < b->count && b->tag[j] == top;
      loop assigns r, top;
      loop variant NODE_SPAN - r;
  */
  while (r < NODE_SPAN) {
    const uint8_t x = b->tag[r];
    const uint8_t y = b->tag[middle + r];
    const uint8_t z = b->tag[last + r];
    const uint8_t xy = x > y ? x : y;
    const uint8_t xyz = xy > z ? xy : z;

    top = xyz > top ? xyz : top;
    r++;
  }
  return top;
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

  if (count >= NODE_SPAN) {
    const uint32_t last = count - NODE_SPAN;

    return node_top_tag_windows(b, node_middle(last), last);
  }
  /*@ loop invariant range: 1 <= r <= count;
      loop invariant most: \forall integer j; 0 <= j < r ==> b->tag[j] <= top;
      loop invariant attained: witness < r && b->tag[witness] == top;
      loop assigns r, top, witness;
      loop variant count - r;
  */
  while (r < count) {
    const uint8_t tag = b->tag[r];

    //@ ghost witness = tag > top ? r : witness;
    top = tag > top ? tag : top;
    r++;
  }
  return top;
}

/* The largest bin in three windows. */
/*@ requires node: \valid_read(b) && node_windows(b, middle, last);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures first: \forall integer j; 0 <= j < NODE_SPAN ==> b->bin[j] <= \result;
    ensures middle: \forall integer j; middle <= j < middle + NODE_SPAN ==> b->bin[j] <= \result;
    ensures last: \forall integer j; last <= j < last + NODE_SPAN ==> b->bin[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < b->count && b->bin[j] == \result;
*/
static inline int16_t node_top_bin_windows(const struct mem_alloc_node *b, uint32_t middle, uint32_t last)
{
  int16_t top = b->bin[0];
  uint32_t r = 0;

  /*@ loop invariant range: 0 <= r <= NODE_SPAN;
      loop invariant first: \forall integer j; 0 <= j < r ==> b->bin[j] <= top;
      loop invariant middle: \forall integer j; middle <= j < middle + r ==> b->bin[j] <= top;
      loop invariant last: \forall integer j; last <= j < last + r ==> b->bin[j] <= top;
      loop invariant attained: \exists integer j; 0 <= j < b->count && b->bin[j] == top;
      loop assigns r, top;
      loop variant NODE_SPAN - r;
  */
  while (r < NODE_SPAN) {
    const int16_t x = b->bin[r];
    const int16_t y = b->bin[middle + r];
    const int16_t z = b->bin[last + r];
    const int16_t xy = x > y ? x : y;
    const int16_t xyz = xy > z ? xy : z;

    top = xyz > top ? xyz : top;
    r++;
  }
  return top;
}

/* The largest bin. count > 0. */
/*@ requires node: \valid_read(b) && 0 < b->count <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures most: \forall integer j; 0 <= j < b->count ==> b->bin[j] <= \result;
    ensures attained: \exists integer j; 0 <= j < b->count && b->bin[j] == \result;
*/
static inline int16_t node_top_bin(const struct mem_alloc_node *b)
{
  const uint32_t count = b->count;
  int16_t top = b->bin[0];
  uint32_t r = 1;
  //@ ghost uint32_t witness = 0;

  if (count >= NODE_SPAN) {
    const uint32_t last = count - NODE_SPAN;

    return node_top_bin_windows(b, node_middle(last), last);
  }
  /*@ loop invariant range: 1 <= r <= count;
      loop invariant most: \forall integer j; 0 <= j < r ==> b->bin[j] <= top;
      loop invariant attained: witness < r && b->bin[witness] == top;
      loop assigns r, top, witness;
      loop variant count - r;
  */
  while (r < count) {
    const int16_t bin = b->bin[r];

    //@ ghost witness = bin > top ? r : witness;
    top = bin > top ? bin : top;
    r++;
  }
  return top;
}

/* Make room at slot and put (key, tag, bin, child) there. slot <= count < fan-out. */
/*@ requires node: \valid(b);
    requires room: slot <= b->count < MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
      b->bin[0 .. MEM_ALLOC_FAN_OUT - 1], b->child[0 .. MEM_ALLOC_FAN_OUT - 1], b->count;
    ensures count: b->count == \old(b->count) + 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> b->key[j] == \old(b->key[j]);
    ensures key_put: b->key[slot] == key;
    ensures key_from: \forall integer j; slot < j < b->count ==> b->key[j] == \old(b->key[j - 1]);
    ensures key_to: \forall integer j; slot <= j < \old(b->count) ==> b->key[j + 1] == \old(b->key[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> b->tag[j] == \old(b->tag[j]);
    ensures tag_put: b->tag[slot] == tag;
    ensures tag_from: \forall integer j; slot < j < b->count ==> b->tag[j] == \old(b->tag[j - 1]);
    ensures tag_to: \forall integer j; slot <= j < \old(b->count) ==> b->tag[j + 1] == \old(b->tag[j]);
    ensures bin_kept: \forall integer j; 0 <= j < slot ==> b->bin[j] == \old(b->bin[j]);
    ensures bin_put: b->bin[slot] == bin;
    ensures bin_from: \forall integer j; slot < j < b->count ==> b->bin[j] == \old(b->bin[j - 1]);
    ensures bin_to: \forall integer j; slot <= j < \old(b->count) ==> b->bin[j + 1] == \old(b->bin[j]);
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
void node_insert(struct mem_alloc_node *b, uint32_t slot, uint64_t key, uint8_t tag, int16_t bin,
                 uint32_t child);

/* Remove slot. slot < count. */
/*@ requires node: \valid(b);
    requires used: slot < b->count <= MEM_ALLOC_FAN_OUT;
    terminates \true;
    exits \false;
    assigns b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
      b->bin[0 .. MEM_ALLOC_FAN_OUT - 1], b->child[0 .. MEM_ALLOC_FAN_OUT - 1], b->count;
    ensures count: b->count == \old(b->count) - 1;
    ensures key_kept: \forall integer j; 0 <= j < slot ==> b->key[j] == \old(b->key[j]);
    ensures key_from: \forall integer j; slot <= j < b->count ==> b->key[j] == \old(b->key[j + 1]);
    ensures key_to: \forall integer j; slot < j < \old(b->count) ==> b->key[j - 1] == \old(b->key[j]);
    ensures tag_kept: \forall integer j; 0 <= j < slot ==> b->tag[j] == \old(b->tag[j]);
    ensures tag_from: \forall integer j; slot <= j < b->count ==> b->tag[j] == \old(b->tag[j + 1]);
    ensures tag_to: \forall integer j; slot < j < \old(b->count) ==> b->tag[j - 1] == \old(b->tag[j]);
    ensures bin_kept: \forall integer j; 0 <= j < slot ==> b->bin[j] == \old(b->bin[j]);
    ensures bin_from: \forall integer j; slot <= j < b->count ==> b->bin[j] == \old(b->bin[j + 1]);
    ensures bin_to: \forall integer j; slot < j < \old(b->count) ==> b->bin[j - 1] == \old(b->bin[j]);
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
      d->bin[0 .. MEM_ALLOC_FAN_OUT - 1], d->child[0 .. MEM_ALLOC_FAN_OUT - 1], d->count, b->count;
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
    ensures bin_kept: \forall integer j; 0 <= j < \old(d->count) ==> d->bin[j] == \old(d->bin[j]);
    ensures bin_from: \forall integer j; \old(d->count) <= j < d->count ==>
      d->bin[j] == b->bin[j - \old(d->count) + from];
    ensures bin_to: \forall integer j; from <= j < \old(b->count) ==>
      d->bin[j + \old(d->count) - from] == b->bin[j];
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
