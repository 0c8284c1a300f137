/* SPDX-License-Identifier: BSD-3-Clause */
#define GLUE_DEFINED
#include "beside.h"

/* What memory holds of w is what it held before the call: its fields, a row of all nodes, their numbers. */
#define BESIDE_FIELDS(w) \
  (w->root == \at(w->root, Pre) && w->capacity == \at(w->capacity, Pre) && w->fresh == \at(w->fresh, Pre) && \
   w->spare == \at(w->spare, Pre) && w->live == \at(w->live, Pre) && w->fixed == \at(w->fixed, Pre) && \
   w->nodes == \at(w->nodes, Pre))
#define BESIDE_ROWS(w, row) \
  (\forall integer x, j; 1 <= x <= limits.object.capacity && 0 <= j < MEM_ALLOC_FAN_OUT ==> \
   w->nodes[x - 1].row[j] == \at(w->nodes[x - 1].row[j], Pre))
#define BESIDE_NUMBERS(w, number) \
  (\forall integer x; 1 <= x <= limits.object.capacity ==> \
   w->nodes[x - 1].number == \at(w->nodes[x - 1].number, Pre))

void beside_paint(struct mem_alloc *m, const struct mem_alloc *w, uint64_t address, uint8_t state)
{
  (void)w;
  run_paint(m, address, state);
  //@ assert same_fields: BESIDE_FIELDS(w);
  //@ assert same_keys: BESIDE_ROWS(w, key);
  //@ assert same_tags: BESIDE_ROWS(w, tag);
  //@ assert same_bins: BESIDE_ROWS(w, bin);
  //@ assert same_children: BESIDE_ROWS(w, child);
  //@ assert same_counts: BESIDE_NUMBERS(w, count);
  //@ assert same_levels: BESIDE_NUMBERS(w, level);
  //@ assert keys: keys_glued(w, limits.rows.key, limits.object.capacity);
  //@ assert tags: tags_glued(w, limits.rows.tag, limits.object.capacity);
  //@ assert bins: bins_glued(w, limits.rows.bin, limits.object.capacity);
  //@ assert children: children_glued(w, limits.rows.child, limits.object.capacity);
  /*@ assert each_numbers: \forall integer x; 1 <= x <= limits.object.capacity ==>
        numbers_match(w, limits.rows.count[x], limits.rows.level[x], x); */
  //@ assert numbers: numbers_glued(w, limits.rows.count, limits.rows.level, limits.object.capacity);
  //@ assert storage: m->nodes == \at(m->nodes, Pre) && m->capacity == \at(m->capacity, Pre);
  //@ assert state: mirror_nodes == \at(mirror_nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
  //@ assert fields: m->nodes == mirror_nodes && m->capacity == mirror_capacity;
  /*@ assert apart: \separated(m->nodes + (0 .. mirror_capacity - 1),
        limits.object.nodes + (0 .. limits.object.capacity - 1)); */
}

bool beside_cut(struct mem_alloc *m, const struct mem_alloc *w, uint64_t address)
{
  (void)w;
  const bool done = run_cut(m, address);
  //@ assert same_fields: BESIDE_FIELDS(w);
  //@ assert same_keys: BESIDE_ROWS(w, key);
  //@ assert same_tags: BESIDE_ROWS(w, tag);
  //@ assert same_bins: BESIDE_ROWS(w, bin);
  //@ assert same_children: BESIDE_ROWS(w, child);
  //@ assert same_counts: BESIDE_NUMBERS(w, count);
  //@ assert same_levels: BESIDE_NUMBERS(w, level);
  //@ assert keys: keys_glued(w, limits.rows.key, limits.object.capacity);
  //@ assert tags: tags_glued(w, limits.rows.tag, limits.object.capacity);
  //@ assert bins: bins_glued(w, limits.rows.bin, limits.object.capacity);
  //@ assert children: children_glued(w, limits.rows.child, limits.object.capacity);
  /*@ assert each_numbers: \forall integer x; 1 <= x <= limits.object.capacity ==>
        numbers_match(w, limits.rows.count[x], limits.rows.level[x], x); */
  //@ assert numbers: numbers_glued(w, limits.rows.count, limits.rows.level, limits.object.capacity);
  //@ assert storage: m->nodes == \at(m->nodes, Pre) && m->capacity == \at(m->capacity, Pre);
  //@ assert state: mirror_nodes == \at(mirror_nodes, Pre) && mirror_capacity == \at(mirror_capacity, Pre);
  //@ assert fields: m->nodes == mirror_nodes && m->capacity == mirror_capacity;
  /*@ assert apart: \separated(m->nodes + (0 .. mirror_capacity - 1),
        limits.object.nodes + (0 .. limits.object.capacity - 1)); */
  return done;
}

bool beside_reserve(struct mem_alloc *m, const struct mem_alloc *w, uint32_t count)
{
  (void)w;
  const bool done = run_reserve(m, count);
  //@ assert same_fields: BESIDE_FIELDS(w);
  //@ assert same_keys: BESIDE_ROWS(w, key);
  //@ assert same_tags: BESIDE_ROWS(w, tag);
  //@ assert same_bins: BESIDE_ROWS(w, bin);
  //@ assert same_children: BESIDE_ROWS(w, child);
  //@ assert same_counts: BESIDE_NUMBERS(w, count);
  //@ assert same_levels: BESIDE_NUMBERS(w, level);
  //@ assert keys: keys_glued(w, limits.rows.key, limits.object.capacity);
  //@ assert tags: tags_glued(w, limits.rows.tag, limits.object.capacity);
  //@ assert bins: bins_glued(w, limits.rows.bin, limits.object.capacity);
  //@ assert children: children_glued(w, limits.rows.child, limits.object.capacity);
  /*@ assert each_numbers: \forall integer x; 1 <= x <= limits.object.capacity ==>
        numbers_match(w, limits.rows.count[x], limits.rows.level[x], x); */
  //@ assert numbers: numbers_glued(w, limits.rows.count, limits.rows.level, limits.object.capacity);
  //@ assert fields: m->nodes == mirror_nodes && m->capacity == mirror_capacity;
  /*@ assert apart: \separated(m->nodes + (0 .. mirror_capacity - 1),
        limits.object.nodes + (0 .. limits.object.capacity - 1)); */
  return done;
}
