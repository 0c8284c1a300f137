/* SPDX-License-Identifier: BSD-3-Clause */
#include "node.h"

void node_insert(struct mem_alloc_node *b, uint32_t slot, uint64_t key, uint8_t tag, int16_t bin,
                 uint32_t child)
{
  const uint32_t count = b->count;
  uint32_t i = count;

  /*@ loop invariant range: slot <= i <= count;
      loop invariant key_kept: \forall integer j; 0 <= j <= i && j < count ==>
        b->key[j] == \at(b->key[j], Pre);
      loop invariant key_from: \forall integer j; i < j <= count ==> b->key[j] == \at(b->key[j - 1], Pre);
      loop invariant tag_kept: \forall integer j; 0 <= j <= i && j < count ==>
        b->tag[j] == \at(b->tag[j], Pre);
      loop invariant tag_from: \forall integer j; i < j <= count ==> b->tag[j] == \at(b->tag[j - 1], Pre);
      loop invariant bin_kept: \forall integer j; 0 <= j <= i && j < count ==>
        b->bin[j] == \at(b->bin[j], Pre);
      loop invariant bin_from: \forall integer j; i < j <= count ==> b->bin[j] == \at(b->bin[j - 1], Pre);
      loop assigns i, b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
        b->bin[0 .. MEM_ALLOC_FAN_OUT - 1];
      loop variant i - slot;
  */
  while (i > slot) {
    b->key[i] = b->key[i - 1];
    b->tag[i] = b->tag[i - 1];
    b->bin[i] = b->bin[i - 1];
    i--;
  }
  b->key[slot] = key;
  b->tag[slot] = tag;
  b->bin[slot] = bin;
  if (b->level > 0) {
    i = count;
    /*@ loop invariant range: slot <= i <= count;
        loop invariant child_kept: \forall integer j; 0 <= j <= i && j < count ==>
          b->child[j] == \at(b->child[j], Pre);
        loop invariant child_from: \forall integer j; i < j <= count ==>
          b->child[j] == \at(b->child[j - 1], Pre);
        loop assigns i, b->child[0 .. MEM_ALLOC_FAN_OUT - 1];
        loop variant i - slot;
    */
    while (i > slot) {
      b->child[i] = b->child[i - 1];
      i--;
    }
    b->child[slot] = child;
  }
  b->count = (uint16_t)(count + 1);
}

void node_erase(struct mem_alloc_node *b, uint32_t slot)
{
  const uint32_t rest = b->count - 1u;
  uint32_t i = slot;

  /*@ loop invariant range: slot <= i <= rest;
      loop invariant key_kept: \forall integer j; 0 <= j < slot || i <= j <= rest ==>
        b->key[j] == \at(b->key[j], Pre);
      loop invariant key_from: \forall integer j; slot <= j < i ==> b->key[j] == \at(b->key[j + 1], Pre);
      loop invariant tag_kept: \forall integer j; 0 <= j < slot || i <= j <= rest ==>
        b->tag[j] == \at(b->tag[j], Pre);
      loop invariant tag_from: \forall integer j; slot <= j < i ==> b->tag[j] == \at(b->tag[j + 1], Pre);
      loop invariant bin_kept: \forall integer j; 0 <= j < slot || i <= j <= rest ==>
        b->bin[j] == \at(b->bin[j], Pre);
      loop invariant bin_from: \forall integer j; slot <= j < i ==> b->bin[j] == \at(b->bin[j + 1], Pre);
      loop assigns i, b->key[0 .. MEM_ALLOC_FAN_OUT - 1], b->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
        b->bin[0 .. MEM_ALLOC_FAN_OUT - 1];
      loop variant rest - i;
  */
  while (i < rest) {
    b->key[i] = b->key[i + 1];
    b->tag[i] = b->tag[i + 1];
    b->bin[i] = b->bin[i + 1];
    i++;
  }
  if (b->level > 0) {
    i = slot;
    /*@ loop invariant range: slot <= i <= rest;
        loop invariant child_kept: \forall integer j; 0 <= j < slot || i <= j <= rest ==>
          b->child[j] == \at(b->child[j], Pre);
        loop invariant child_from: \forall integer j; slot <= j < i ==>
          b->child[j] == \at(b->child[j + 1], Pre);
        loop assigns i, b->child[0 .. MEM_ALLOC_FAN_OUT - 1];
        loop variant rest - i;
    */
    while (i < rest) {
      b->child[i] = b->child[i + 1];
      i++;
    }
  }
  b->count = (uint16_t)rest;
}

void node_move(struct mem_alloc_node *b, uint32_t from, struct mem_alloc_node *d)
{
  const uint32_t moved = b->count - from;
  const uint32_t kept = d->count;
  uint32_t i = 0;

  /*@ loop invariant range: 0 <= i <= moved;
      loop invariant key_kept: \forall integer j; 0 <= j < kept ==> d->key[j] == \at(d->key[j], Pre);
      loop invariant key_from: \forall integer j; kept <= j < kept + i ==>
        d->key[j] == b->key[j - kept + from];
      loop invariant tag_kept: \forall integer j; 0 <= j < kept ==> d->tag[j] == \at(d->tag[j], Pre);
      loop invariant tag_from: \forall integer j; kept <= j < kept + i ==>
        d->tag[j] == b->tag[j - kept + from];
      loop invariant bin_kept: \forall integer j; 0 <= j < kept ==> d->bin[j] == \at(d->bin[j], Pre);
      loop invariant bin_from: \forall integer j; kept <= j < kept + i ==>
        d->bin[j] == b->bin[j - kept + from];
      loop assigns i, d->key[0 .. MEM_ALLOC_FAN_OUT - 1], d->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
        d->bin[0 .. MEM_ALLOC_FAN_OUT - 1];
      loop variant moved - i;
  */
  while (i < moved) {
    d->key[kept + i] = b->key[from + i];
    d->tag[kept + i] = b->tag[from + i];
    d->bin[kept + i] = b->bin[from + i];
    i++;
  }
  if (d->level > 0) {
    i = 0;
    /*@ loop invariant range: 0 <= i <= moved;
        loop invariant child_kept: \forall integer j; 0 <= j < kept ==>
          d->child[j] == \at(d->child[j], Pre);
        loop invariant child_from: \forall integer j; kept <= j < kept + i ==>
          d->child[j] == b->child[j - kept + from];
        loop assigns i, d->child[0 .. MEM_ALLOC_FAN_OUT - 1];
        loop variant moved - i;
    */
    while (i < moved) {
      d->child[kept + i] = b->child[from + i];
      i++;
    }
  }
  d->count = (uint16_t)(kept + moved);
  b->count = (uint16_t)from;
}
