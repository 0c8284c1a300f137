/* SPDX-License-Identifier: BSD-3-Clause */
#define GLUE_DEFINED
#include "pool.h"

#include <stddef.h>

#include "storage.h"

enum { POOL_FIRST_CAPACITY = 4 };

uint32_t pool_available(const struct mem_alloc *m)
{
  return m->capacity - m->live;
}

/*@
  // what is at place x - 1 of an array is node x
  predicate keys_copied{L}(struct mem_alloc_node *nodes, struct key_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> nodes[x - 1].key[j] == row.v[j];
  predicate tags_copied{L}(struct mem_alloc_node *nodes, struct tag_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> nodes[x - 1].tag[j] == row.v[j];
  predicate bins_copied{L}(struct mem_alloc_node *nodes, struct bin_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> nodes[x - 1].bin[j] == row.v[j];
  predicate children_copied{L}(struct mem_alloc_node *nodes, struct child_row row, integer x) =
    \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> nodes[x - 1].child[j] == row.v[j];
  predicate numbers_copied{L}(struct mem_alloc_node *nodes, integer count, integer level, integer x) =
    nodes[x - 1].count == count && nodes[x - 1].level == level;
  predicate copied{L}(struct mem_alloc_node *nodes, struct tree_state t, integer x) =
    keys_copied(nodes, t.rows.key[x], x) && tags_copied(nodes, t.rows.tag[x], x) &&
    bins_copied(nodes, t.rows.bin[x], x) &&
    children_copied(nodes, t.rows.child[x], x) && numbers_copied(nodes, t.rows.count[x], t.rows.level[x], x);

  // so are all at places first .. last
  predicate all_copied{L}(struct mem_alloc_node *nodes, struct tree_state t, integer first, integer last) =
    \forall integer x; first <= x <= last ==> copied(nodes, t, x);
*/

/* Of the allocator at work: a part of node x. */
#define copied_keys(nodes, x) keys_copied(nodes, mirror_key[x], x)
#define copied_tags(nodes, x) tags_copied(nodes, mirror_tag[x], x)
#define copied_bins(nodes, x) bins_copied(nodes, mirror_bin[x], x)
#define copied_children(nodes, x) children_copied(nodes, mirror_child[x], x)
#define copied_numbers(nodes, x) numbers_copied(nodes, mirror_count[x], mirror_level[x], x)

/* Copy one node, row by row. */
/*@ requires nodes: \valid_read(from) && \valid(to) && \separated(from, to);
    terminates \true;
    exits \false;
    assigns to->count, to->level, to->key[0 .. MEM_ALLOC_FAN_OUT - 1],
      to->tag[0 .. MEM_ALLOC_FAN_OUT - 1], to->bin[0 .. MEM_ALLOC_FAN_OUT - 1],
      to->child[0 .. MEM_ALLOC_FAN_OUT - 1];
    ensures numbers: to->count == from->count && to->level == from->level;
    ensures keys: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> to->key[j] == from->key[j];
    ensures tags: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> to->tag[j] == from->tag[j];
    ensures bins: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> to->bin[j] == from->bin[j];
    ensures children: \forall integer j; 0 <= j < MEM_ALLOC_FAN_OUT ==> to->child[j] == from->child[j];
*/
static void pool_copy_node(const struct mem_alloc_node *from, struct mem_alloc_node *to)
{
  uint32_t i = 0;
  to->count = from->count;
  to->level = from->level;
  /*@ loop invariant range: 0 <= i <= MEM_ALLOC_FAN_OUT;
      loop invariant keys: \forall integer j; 0 <= j < i ==> to->key[j] == from->key[j];
      loop invariant tags: \forall integer j; 0 <= j < i ==> to->tag[j] == from->tag[j];
      loop invariant bins: \forall integer j; 0 <= j < i ==> to->bin[j] == from->bin[j];
      loop invariant children: \forall integer j; 0 <= j < i ==> to->child[j] == from->child[j];
      loop assigns i, to->key[0 .. MEM_ALLOC_FAN_OUT - 1], to->tag[0 .. MEM_ALLOC_FAN_OUT - 1],
        to->bin[0 .. MEM_ALLOC_FAN_OUT - 1], to->child[0 .. MEM_ALLOC_FAN_OUT - 1];
      loop variant MEM_ALLOC_FAN_OUT - i;
  */
  while (i < MEM_ALLOC_FAN_OUT) {
    to->key[i] = from->key[i];
    to->tag[i] = from->tag[i];
    to->bin[i] = from->bin[i];
    to->child[i] = from->child[i];
    i++;
  }
}

/* Copy all nodes that were ever used to a new array. */
/*@ requires glue: glue(m);
    requires fresh: mirror_fresh <= mirror_capacity;
    requires valid: \valid(nodes + (0 .. mirror_fresh - 1));
    requires apart: \separated(nodes + (0 .. mirror_fresh - 1), m);
    requires new: \separated(nodes + (0 .. mirror_fresh - 1), m->nodes + (0 .. m->capacity - 1));
    terminates \true;
    exits \false;
    assigns nodes[0 .. mirror_fresh - 1];
    ensures copied: all_copied(nodes, tree, 1, mirror_fresh);
*/
static void pool_copy_nodes(const struct mem_alloc *m, struct mem_alloc_node *nodes)
{
  const uint32_t count = m->fresh;
  uint32_t i = 0;
  /*@ loop invariant range: 0 <= i <= count;
      loop invariant copied: all_copied(nodes, tree, 1, i);
      loop invariant keys: GLUE_KEPT(glue_keys, m, 0, 0);
      loop invariant tags: GLUE_KEPT(glue_tags, m, 0, 0);
      loop invariant bins: GLUE_KEPT(glue_bins, m, 0, 0);
      loop invariant children: GLUE_KEPT(glue_children, m, 0, 0);
      loop invariant numbers: GLUE_KEPT(glue_numbers, m, 0, 0);
      loop assigns i, nodes[0 .. mirror_fresh - 1];
      loop variant count - i;
  */
  while (i < count) {
    //@ assert from: GLUE_AT(m, i + 1);
    //@ assert before: \forall integer x; 1 <= x <= i ==> copied(nodes, tree, x);
    //@ assert other: \separated(&nodes[i], m->nodes + (0 .. mirror_capacity - 1));
    //@ ghost Before: ;
    pool_copy_node(&m->nodes[i], &nodes[i]);
    /*@ assert step_keys:
          \forall integer y; 1 <= y <= mirror_capacity && \at(glue_keys(m, y), Before) ==>
          glue_keys(m, y); */
    /*@ assert step_tags:
          \forall integer y; 1 <= y <= mirror_capacity && \at(glue_tags(m, y), Before) ==>
          glue_tags(m, y); */
    /*@ assert step_bins:
          \forall integer y; 1 <= y <= mirror_capacity && \at(glue_bins(m, y), Before) ==>
          glue_bins(m, y); */
    /*@ assert step_children:
          \forall integer y; 1 <= y <= mirror_capacity && \at(glue_children(m, y), Before) ==>
          glue_children(m, y); */
    /*@ assert step_numbers:
          \forall integer y; 1 <= y <= mirror_capacity && \at(glue_numbers(m, y), Before) ==>
          glue_numbers(m, y); */
    //@ assert new_keys: copied_keys(nodes, i + 1);
    //@ assert new_tags: copied_tags(nodes, i + 1);
    //@ assert new_bins: copied_bins(nodes, i + 1);
    //@ assert new_children: copied_children(nodes, i + 1);
    //@ assert new_numbers: copied_numbers(nodes, i + 1);
    /*@ assert old_keys: \forall integer x; 1 <= x <= i && \at(copied_keys(nodes, x), Before) ==>
          copied_keys(nodes, x); */
    /*@ assert old_tags: \forall integer x; 1 <= x <= i && \at(copied_tags(nodes, x), Before) ==>
          copied_tags(nodes, x); */
    /*@ assert old_bins: \forall integer x; 1 <= x <= i && \at(copied_bins(nodes, x), Before) ==>
          copied_bins(nodes, x); */
    /*@ assert old_children:
          \forall integer x; 1 <= x <= i && \at(copied_children(nodes, x), Before) ==>
          copied_children(nodes, x); */
    /*@ assert old_numbers: \forall integer x; 1 <= x <= i && \at(copied_numbers(nodes, x), Before) ==>
          copied_numbers(nodes, x); */
    //@ assert new: copied(nodes, tree, i + 1);
    /*@ assert each: \forall integer x; 1 <= x <= i && \at(copied(nodes, tree, x), Before) ==>
          copied(nodes, tree, x); */
    //@ assert old: \forall integer x; 1 <= x <= i ==> copied(nodes, tree, x);
    //@ assert all: all_copied(nodes, tree, 1, i + 1);
    i++;
  }
}

/* The mirror of the nodes that were never used: whatever the new array holds. */
/*@ ghost
/@ requires nodes: \valid_read(m) && \valid_read(m->nodes + (0 .. last - 1)) && used <= last;
 @ requires keys: \forall integer y; 1 <= y <= used ==> glue_keys(m, y);
 @ requires tags: \forall integer y; 1 <= y <= used ==> glue_tags(m, y);
 @ requires bins: \forall integer y; 1 <= y <= used ==> glue_bins(m, y);
 @ requires children: \forall integer y; 1 <= y <= used ==> glue_children(m, y);
 @ requires numbers: \forall integer y; 1 <= y <= used ==> glue_numbers(m, y);
 @ terminates \true; exits \false;
 @ assigns POOL_UNUSED(used + 1);
 @ ensures keys: \forall integer y; 1 <= y <= last ==> glue_keys(m, y);
 @ ensures tags: \forall integer y; 1 <= y <= last ==> glue_tags(m, y);
 @ ensures bins: \forall integer y; 1 <= y <= last ==> glue_bins(m, y);
 @ ensures children: \forall integer y; 1 <= y <= last ==> glue_children(m, y);
 @ ensures numbers: \forall integer y; 1 <= y <= last ==> glue_numbers(m, y); @/
static void pool_note_nodes(const struct mem_alloc *m, uint32_t used, uint32_t last)
{
  uint32_t x = used;
  /@ loop invariant range: used <= x <= last;
   @ loop invariant keys: \forall integer y; 1 <= y <= x ==> glue_keys(m, y);
   @ loop invariant tags: \forall integer y; 1 <= y <= x ==> glue_tags(m, y);
   @ loop invariant bins: \forall integer y; 1 <= y <= x ==> glue_bins(m, y);
   @ loop invariant children: \forall integer y; 1 <= y <= x ==> glue_children(m, y);
   @ loop invariant numbers: \forall integer y; 1 <= y <= x ==> glue_numbers(m, y);
   @ loop assigns x, POOL_UNUSED(used + 1);
   @ loop variant last - x; @/
  while (x < last) {
    x++;
    mirror_level[x] = m->nodes[x - 1].level;
    pool_note_rows(m, x);
    /@ assert same: GLUE_AT(m, x); @/
  }
}
*/

/* Move to a new array of capacity nodes, larger than the old one. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires own: mirror_fixed == 0;
    requires larger: mirror_capacity < capacity;
    terminates \true;
    exits \false;
    assigns POOL_STORAGE(m);
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures moved: \result ==> mirror_capacity == capacity && m->nodes == storage_got && storage_got != \null;
    ensures kept: !\result ==> mirror_capacity == \old(mirror_capacity) && m->nodes == \old(m->nodes) &&
      mirror_nodes == \old(mirror_nodes) && pool_held == \old(pool_held) && storage_got == \null;
    ensures apart: \result && \old(limits_live) ==> limits_apart(m->nodes, mirror_capacity);
*/
static bool pool_move_storage(struct mem_alloc *m, uint32_t capacity)
{
  struct mem_alloc_node *nodes;
  bool done = false;
  //@ ghost storage_owner = m;
  nodes = storage_new(capacity);
  if (nodes != NULL) {
    pool_copy_nodes(m, nodes);
    //@ assert old_keys: \forall integer x; 1 <= x <= mirror_fresh ==> copied_keys(nodes, x);
    //@ assert old_tags: \forall integer x; 1 <= x <= mirror_fresh ==> copied_tags(nodes, x);
    //@ assert old_bins: \forall integer x; 1 <= x <= mirror_fresh ==> copied_bins(nodes, x);
    //@ assert old_children: \forall integer x; 1 <= x <= mirror_fresh ==> copied_children(nodes, x);
    //@ assert old_numbers: \forall integer x; 1 <= x <= mirror_fresh ==> copied_numbers(nodes, x);
    //@ ghost Copied: ;
    storage_free(m->nodes);
    m->nodes = nodes;
    m->capacity = capacity;
    done = true;
    //@ ghost mirror_nodes = nodes;
    //@ assert given: pool_held == \null;
    //@ ghost pool_held = nodes;
    //@ ghost mirror_capacity = capacity;
    /*@ assert keys: \forall integer x; 1 <= x <= mirror_fresh && \at(copied_keys(nodes, x), Copied) ==>
          glue_keys(m, x); */
    /*@ assert tags: \forall integer x; 1 <= x <= mirror_fresh && \at(copied_tags(nodes, x), Copied) ==>
          glue_tags(m, x); */
    /*@ assert bins: \forall integer x; 1 <= x <= mirror_fresh && \at(copied_bins(nodes, x), Copied) ==>
          glue_bins(m, x); */
    /*@ assert children:
          \forall integer x; 1 <= x <= mirror_fresh && \at(copied_children(nodes, x), Copied) ==>
          glue_children(m, x); */
    /*@ assert numbers:
          \forall integer x; 1 <= x <= mirror_fresh && \at(copied_numbers(nodes, x), Copied) ==>
          glue_numbers(m, x); */
    //@ ghost pool_note_nodes(m, mirror_fresh, capacity);
    /*@ assert fields: m->root == mirror_root && m->fresh == mirror_fresh && m->spare == mirror_spare &&
          m->live == mirror_live && m->fixed == mirror_fixed; */
    //@ assert moved: m->capacity == mirror_capacity && m->nodes == mirror_nodes;
    //@ assert each_keys: GLUE_ALL(glue_keys, m);
    //@ assert each_tags: GLUE_ALL(glue_tags, m);
    //@ assert each_bins: GLUE_ALL(glue_bins, m);
    //@ assert each_children: GLUE_ALL(glue_children, m);
    //@ assert each_numbers: GLUE_ALL(glue_numbers, m);
    //@ assert apart: \separated(m, m->nodes + (0 .. m->capacity - 1));
    //@ assert valid: \valid(m) && \valid(m->nodes + (0 .. m->capacity - 1));
    //@ assert guest_valid: tree.guest != \null ==> \valid(tree.guest) && \separated(tree.guest, m);
    /*@ assert guest_apart: tree.guest != \null ==>
          \separated(tree.guest, m->nodes + (0 .. m->capacity - 1)); */
    //@ assert glue: glue(m);
  }
  return done;
}

/* The capacity to grow to: at least count, and by an eighth at least, so that copying is rare. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures enough: \result >= count;
    ensures more: \result > capacity || capacity == UINT32_MAX;
    ensures eighth: \result >= capacity + capacity / 8 || \result == UINT32_MAX;
*/
static uint32_t pool_grown_capacity(uint32_t capacity, uint32_t count)
{
  uint32_t step = capacity / 8u;
  uint32_t grown = UINT32_MAX;
  if (step < POOL_FIRST_CAPACITY) {
    step = POOL_FIRST_CAPACITY;
  }
  if (capacity <= UINT32_MAX - step) {
    grown = capacity + step;
  }
  if (grown < count) {
    grown = count;
  }
  return grown;
}

bool pool_reserve_total(struct mem_alloc *m, uint64_t count)
{
  bool done = true;
  if (count > m->capacity) {
    done = false;
    if (m->fixed == 0u && count <= UINT32_MAX) {
      done = pool_move_storage(m, (uint32_t)count);
    }
  }
  return done;
}

bool pool_reserve(struct mem_alloc *m, uint32_t count)
{
  bool done = true;
  if (pool_available(m) < count) {
    done = false;
    if (m->fixed == 0u && count <= UINT32_MAX - m->live) {
      done = pool_move_storage(m, pool_grown_capacity(m->capacity, m->live + count));
    }
  }
  return done;
}

/* The bookkeeping of the proof: node x, the next one, is taken, */
/*@ ghost
/@ requires pool: pool_ok;
 @ requires next: mirror_live < mirror_capacity && x == pool_next;
 @ terminates \true; exits \false;
 @ assigns mirror_spare, mirror_fresh, mirror_live, mirror_count[x], mirror_level[x],
     pool_taken[x], pool_place[x], pool_used[mirror_live + 1], pool_depth;
 @ ensures pool: pool_ok;
 @ ensures fresh: mirror_fresh == \old(mirror_spare != 0 ? mirror_fresh : mirror_fresh + 1);
 @ ensures spare: mirror_spare == \old(mirror_spare != 0 ? mirror_child[mirror_spare].v[0] : 0);
 @ ensures live: mirror_live == \old(mirror_live) + 1;
 @ ensures node: 1 <= x <= mirror_fresh;
 @ ensures taken: \old(pool_taken[x]) == 0 && pool_taken[x] == 1;
 @ ensures empty: mirror_level[x] == level && mirror_count[x] == 0; @/
static void pool_note_taken(uint32_t x, int8_t level)
{
  if (mirror_spare != 0) {
    mirror_spare = mirror_child[x].v[0];
    pool_depth--;
  } else {
    mirror_fresh++;
  }
  mirror_live++;
  pool_used[mirror_live] = x;
  pool_place[x] = mirror_live;
  pool_taken[x] = 1;
  mirror_count[x] = 0;
  mirror_level[x] = level;
  /@ assert counts: pool_counts_in(tree); @/
  /@ assert listed: pool_listed_in(tree); @/
  /@ assert counted: pool_counted_in(tree); @/
  /@ assert stacked: pool_stacked_in(tree); @/
  /@ assert found: pool_found_in(tree); @/
  /@ assert linked: pool_linked_in(tree); @/
}
*/

/* and given back: the last one taken gets its place in the list of those taken. */
/*@ ghost
/@ requires pool: pool_ok;
 @ requires taken: pool_taken[x] == 1;
 @ terminates \true; exits \false;
 @ assigns mirror_spare, mirror_live, mirror_count[x], mirror_level[x], mirror_child[x].v[0], pool_taken[x],
     pool_used[pool_place[x]], pool_place[x], pool_place[pool_used[mirror_live]], pool_stack[pool_depth + 1],
     pool_depth;
 @ ensures pool: pool_ok;
 @ ensures spare: mirror_spare == x && mirror_child[x].v[0] == \old(mirror_spare);
 @ ensures live: mirror_live == \old(mirror_live) - 1;
 @ ensures given: pool_taken[x] == 0;
 @ ensures empty: mirror_level[x] == -1 && mirror_count[x] == 0; @/
static void pool_note_given(uint32_t x)
{
  uint32_t end = pool_used[mirror_live];
  uint32_t place = pool_place[x];
  pool_used[place] = end;
  pool_place[end] = place;
  mirror_live--;
  pool_depth++;
  pool_stack[pool_depth] = x;
  pool_place[x] = pool_depth;
  pool_taken[x] = 0;
  mirror_level[x] = POOL_SPARE;
  mirror_count[x] = 0;
  mirror_child[x].v[0] = mirror_spare;
  mirror_spare = x;
  /@ assert counts: pool_counts_in(tree); @/
  /@ assert listed: pool_listed_in(tree); @/
  /@ assert counted: pool_counted_in(tree); @/
  /@ assert stacked: pool_stacked_in(tree); @/
  /@ assert found: pool_found_in(tree); @/
  /@ assert linked: pool_linked_in(tree); @/
}
*/

/* At first, and in the end, there is no storage, and no node is taken or spare. */
/*@ ghost
/@ requires given: pool_held == \null;
 @ terminates \true; exits \false;
 @ assigns POOL_STATE, tree.guest;
 @ ensures null: mirror_nodes == \null && pool_held == \null && tree.guest == \null;
 @ ensures zero: mirror_capacity == 0 && mirror_fresh == 0 && mirror_spare == 0 && mirror_live == 0 &&
     mirror_root == 0 && mirror_fixed == 0 && pool_depth == 0;
 @ ensures none: \forall integer x; 0 <= x < TREE_NODES ==> pool_taken[x] == 0; @/
static void pool_note_empty(void)
{
  uint64_t x = 0;
  /@ loop invariant range: 0 <= x <= TREE_NODES;
   @ loop invariant none: \forall integer y; 0 <= y < x ==> pool_taken[y] == 0;
   @ loop assigns x, pool_taken[0 .. TREE_NODES - 1];
   @ loop variant TREE_NODES - x; @/
  while (x < TREE_NODES) {
    pool_taken[x] = 0;
    x++;
  }
  mirror_nodes = (struct mem_alloc_node *)0;
  mirror_capacity = 0;
  mirror_fresh = 0;
  mirror_spare = 0;
  mirror_live = 0;
  mirror_root = 0;
  mirror_fixed = 0;
  pool_depth = 0;
  tree.guest = (uint64_t *)0;
}
*/

uint32_t pool_take(struct mem_alloc *m, int8_t level)
{
  //@ assert next: 1 <= pool_next <= mirror_capacity && GLUE_AT(m, pool_next);
  uint32_t x = m->spare;
  //@ assert link: x != 0 ==> GLUE_AT(m, x) && pool_stack[pool_depth] == x;
  if (x != 0u) {
    m->spare = m->nodes[x - 1u].child[0];
  } else {
    m->fresh++;
    x = m->fresh;
  }
  //@ assert node: x == pool_next && 1 <= x <= mirror_capacity;
  m->live++;
  m->nodes[x - 1u].count = 0;
  m->nodes[x - 1u].level = level;
  //@ assert kept_keys: GLUE_ALL(glue_keys, m);
  //@ assert kept_tags: GLUE_ALL(glue_tags, m);
  //@ assert kept_bins: GLUE_ALL(glue_bins, m);
  //@ assert kept_children: GLUE_ALL(glue_children, m);
  //@ assert kept_numbers: GLUE_KEPT(glue_numbers, m, x, x);
  //@ ghost pool_note_taken(x, level);
  //@ assert same_numbers: GLUE_PART(glue_numbers, m, x);
  //@ assert other_numbers: GLUE_KEPT(glue_numbers, m, x, x);
  //@ assert each_keys: GLUE_ALL(glue_keys, m);
  //@ assert each_tags: GLUE_ALL(glue_tags, m);
  //@ assert each_bins: GLUE_ALL(glue_bins, m);
  //@ assert each_children: GLUE_ALL(glue_children, m);
  //@ assert each_numbers: GLUE_ALL(glue_numbers, m);
  //@ assert fields: GLUE_FIELDS(m);
  return x;
}

void pool_give(struct mem_alloc *m, uint32_t x)
{
  //@ assert node: 1 <= x <= mirror_fresh && 1 <= mirror_live;
  //@ assert row: GLUE_AT(m, x);
  m->nodes[x - 1u].level = POOL_SPARE;
  m->nodes[x - 1u].count = 0;
  m->nodes[x - 1u].child[0] = m->spare;
  m->spare = x;
  m->live--;
  //@ ghost pool_note_given(x);
  //@ assert link: m->nodes[x - 1].child[0] == mirror_child[x].v[0];
  /*@ assert rest: \forall integer j; 1 <= j < MEM_ALLOC_FAN_OUT ==>
        m->nodes[x - 1].child[j] == mirror_child[x].v[j]; */
  //@ assert same_keys: GLUE_PART(glue_keys, m, x);
  //@ assert same_tags: GLUE_PART(glue_tags, m, x);
  //@ assert same_bins: GLUE_PART(glue_bins, m, x);
  //@ assert same_children: GLUE_PART(glue_children, m, x);
  //@ assert same_numbers: GLUE_PART(glue_numbers, m, x);
  //@ assert other_keys: GLUE_KEPT(glue_keys, m, x, x);
  //@ assert other_tags: GLUE_KEPT(glue_tags, m, x, x);
  //@ assert other_bins: GLUE_KEPT(glue_bins, m, x, x);
  //@ assert other_children: GLUE_KEPT(glue_children, m, x, x);
  //@ assert other_numbers: GLUE_KEPT(glue_numbers, m, x, x);
  //@ assert each_keys: GLUE_ALL(glue_keys, m);
  //@ assert each_tags: GLUE_ALL(glue_tags, m);
  //@ assert each_bins: GLUE_ALL(glue_bins, m);
  //@ assert each_children: GLUE_ALL(glue_children, m);
  //@ assert each_numbers: GLUE_ALL(glue_numbers, m);
  //@ assert fields: GLUE_FIELDS(m);
}

void pool_init(struct mem_alloc *m)
{
  m->nodes = NULL;
  m->capacity = 0;
  m->fresh = 0;
  m->spare = 0;
  m->live = 0;
  m->root = 0;
  m->fixed = 0;
  m->reserved[0] = 0;
  m->reserved[1] = 0;
  m->reserved[2] = 0;
  m->reserved[3] = 0;
  //@ ghost pool_note_empty();
}

void pool_init_static(struct mem_alloc *m, struct mem_alloc_node *storage, uint32_t count)
{
  pool_init(m);
  m->nodes = storage;
  m->capacity = count;
  m->fixed = 1;
  //@ ghost mirror_nodes = storage;
  //@ ghost mirror_capacity = count;
  //@ ghost mirror_fixed = 1;
  //@ ghost pool_note_nodes(m, 0, count);
}

void pool_release(struct mem_alloc *m)
{
  if (m->fixed == 0u && m->nodes != NULL) {
    storage_free(m->nodes);
  }
  pool_init(m);
}
