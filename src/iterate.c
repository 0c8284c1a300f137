/* SPDX-License-Identifier: BSD-3-Clause */
#define MEM_ALLOC_MODEL_DEFINED
#include "opae/mem_alloc_ext.h"

#include <stddef.h>

#include "map.h"
#include "pool.h"
#include "../proofs/count.h"

/* Iteration over runs, and sums over them. */

#define ITERATE_APART(m, run) \
  \valid(run) && \separated(run, m) && \separated(run, m->nodes + (0 .. m->capacity - 1))

/* Tell the cursor's run. */
/*@ requires glue: glue(m);
    requires run: ITERATE_APART(m, run);
    requires cursor: cursor.start <= cursor.last;
    terminates \true;
    exits \false;
    assigns *run;
    ensures glue: glue(m);
    ensures range: run->address == cursor.start && run->last == cursor.last;
    ensures size: cursor.last - cursor.start < UINT64_MAX ==> run->size == cursor.last - cursor.start + 1;
    ensures whole: cursor.last - cursor.start == UINT64_MAX ==> run->size == 0;
    ensures state: run->state == (cursor.tag >= FIT_FREE ? FIT_FREE : cursor.tag);
*/
static void iterate_report(const struct mem_alloc *m, struct map_cursor cursor, struct mem_link *run)
{
  /* The whole space has 2^64 addresses, which reads 0. */
  uint64_t size = 0;
  uint32_t state = cursor.tag;
  if (cursor.last - cursor.start < UINT64_MAX) {
    size = cursor.last - cursor.start + 1u;
  }
  if (cursor.tag > FIT_FREE) {
    state = MEM_ALLOC_FREE;
  }
  pool_report_run(m, run, cursor.start, cursor.last, size, state);
}

/* The run that holds address, or the next one if that one starts below address; found if it starts above. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires homes: all_homes;
    requires joined: all_joined;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures glue: glue(m);
    ensures run: run_code(\result.start) == \result.tag + 1 && run_last(\result.start) == \result.last;
    ensures range: \result.start <= \result.last;
    ensures found: \result.found <==> address <= \result.start;
    ensures here: home(address) == address ==> \result.start == address;
    ensures next: \result.found && address < \result.start ==> none_starts_in(tree, address, \result.start - 1);
    ensures none: !\result.found ==> none_starts_in(tree, address, TREE_TOP);
*/
static struct map_cursor iterate_at(const struct mem_alloc *m, uint64_t address)
{
  struct map_way way;
  struct map_cursor cursor = map_find(m, address, &way);
  //@ ghost space_inside(tree, cursor.start, cursor.last);
  if (cursor.start < address && cursor.last < UINT64_MAX) {
    //@ ghost lemma_space_next(tree, cursor.start, cursor.last);
    //@ ghost lemma_space_range(tree, cursor.start, cursor.last, 0);
    cursor = map_find(m, cursor.last + 1u, &way);
  }
  cursor.found = cursor.start >= address;
  return cursor;
}

/* The lowest managed run that starts at address or above it. There is a tree. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires homes: all_homes;
    requires joined: all_joined;
    requires run: ITERATE_APART(m, run);
    terminates \true;
    exits \false;
    assigns *run;
    ensures glue: glue(m);
    ensures status: \result == MEM_ALLOC_OK || \result == MEM_ALLOC_NOT_FOUND;
    ensures none: \result == MEM_ALLOC_NOT_FOUND ==> none_starts_in(tree, address, TREE_TOP);
    ensures run: \result == MEM_ALLOC_OK ==> run_is(tree, run->address, run->last, run->state);
    ensures managed: \result == MEM_ALLOC_OK ==> run->state != FIT_ABSENT;
    ensures size: \result == MEM_ALLOC_OK ==>
      run->size == (run->last - run->address == UINT64_MAX ? 0 : run->last - run->address + 1);
    ensures next: \result == MEM_ALLOC_OK ==>
      address <= run->address && none_starts_in(tree, address, run->address - 1);
    ensures unwritten: \result == MEM_ALLOC_NOT_FOUND ==> *run == \old(*run);
*/
static int iterate_from(const struct mem_alloc *m, uint64_t address, struct mem_link *run)
{
  int status = MEM_ALLOC_NOT_FOUND;
  struct map_cursor cursor = iterate_at(m, address);
  //@ ghost space_inside(tree, cursor.start, cursor.last);
  //@ ghost lemma_space_next(tree, cursor.start, cursor.last);
  //@ ghost lemma_space_range(tree, cursor.start, cursor.last, 0);
  /*@ assert absent: cursor.found && cursor.tag == FIT_ABSENT ==>
        none_starts_in(tree, address, cursor.last); */
  /* What follows an ABSENT run is managed. */
  if (cursor.found && cursor.tag == FIT_ABSENT && cursor.last < UINT64_MAX) {
    cursor = iterate_at(m, cursor.last + 1u);
    //@ assert managed: cursor.found && cursor.tag != FIT_ABSENT;
  }
  if (cursor.found && cursor.tag != FIT_ABSENT) {
    //@ ghost space_runs(tree);
    iterate_report(m, cursor, run);
    status = MEM_ALLOC_OK;
  } else {
    //@ assert none: none_starts_in(tree, address, TREE_TOP);
    /* There is none. */
  }
  return status;
}

int mem_alloc_first_run(const struct mem_alloc *m, struct mem_link *run)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && run != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m)) {
      status = iterate_from(m, 0, run);
    } else {
      //@ ghost space_none(tree);
      /* Nothing is managed. */
    }
  }
  return status;
}

int mem_alloc_next_run(const struct mem_alloc *m, struct mem_link *run)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && run != NULL) {
    status = MEM_ALLOC_NOT_FOUND;
    if (map_exists(m) && run->last < UINT64_MAX) {
      status = iterate_from(m, run->last + 1u, run);
    } else {
      //@ ghost if (mirror_root == 0) space_none(tree);
      /* Nothing is managed, or the space ends there. */
    }
  }
  return status;
}

/* a + (span + 1), at most 2^64 - 1. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures sum: \result == saturated(a + span + 1);
*/
static uint64_t iterate_add(uint64_t a, uint64_t span)
{
  uint64_t sum = UINT64_MAX;
  if (span < UINT64_MAX && a < UINT64_MAX - span) {
    sum = a + span + 1u;
  }
  return sum;
}

/* The sums and the cursor's run, which is FREE. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures runs: \result.free_runs == saturated(sums.free_runs + 1);
    ensures addresses: \result.free_addresses == saturated(sums.free_addresses + span + 1);
    ensures largest: \result.largest_free == \max(sums.largest_free, saturated(span + 1));
    ensures allocated: \result.allocated_runs == sums.allocated_runs &&
      \result.allocated_addresses == sums.allocated_addresses;
    ensures absent: \result.absent_runs == sums.absent_runs;
*/
static struct mem_alloc_statistics iterate_count_free(uint64_t span, struct mem_alloc_statistics sums)
{
  const uint64_t length = iterate_add(0, span);
  sums.free_runs = iterate_add(sums.free_runs, 0);
  sums.free_addresses = iterate_add(sums.free_addresses, span);
  if (length > sums.largest_free) {
    sums.largest_free = length;
  }
  return sums;
}

/* The sums over all runs below the cursor's, and that one. */
/*@ requires homes: all_homes;
    requires run: run_code(cursor.start) == cursor.tag + 1 && run_last(cursor.start) == cursor.last;
    requires sums: sums_below(tree, sums, cursor.start);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures sums: sums_below(tree, \result, cursor.last + 1);
*/
static struct mem_alloc_statistics iterate_count(struct map_cursor cursor, struct mem_alloc_statistics sums)
{
  const uint64_t span = cursor.last - cursor.start;
  //@ ghost count_run(tree, FIT_FREE, cursor.start, cursor.last, cursor.tag >= FIT_FREE);
  //@ ghost count_run(tree, FIT_ALLOCATED, cursor.start, cursor.last, cursor.tag == FIT_ALLOCATED);
  //@ ghost count_run(tree, FIT_ABSENT, cursor.start, cursor.last, cursor.tag == FIT_ABSENT);
  if (cursor.tag >= FIT_FREE) {
    sums = iterate_count_free(span, sums);
  } else if (cursor.tag == FIT_ALLOCATED) {
    sums.allocated_runs = iterate_add(sums.allocated_runs, 0);
    sums.allocated_addresses = iterate_add(sums.allocated_addresses, span);
  } else {
    sums.absent_runs = iterate_add(sums.absent_runs, 0);
  }
  return sums;
}

/* The sums over no runs. */
/*@ terminates \true;
    exits \false;
    assigns \nothing;
    ensures sums: sums_below(tree, \result, 0);
*/
static struct mem_alloc_statistics iterate_none(void)
{
  const struct mem_alloc_statistics none = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  return none;
}

/* The sums over all runs of the tree. */
/*@ requires glue: glue(m);
    requires tree: tree_ok(MAP_LEVELS);
    requires homes: all_homes;
    requires joined: all_joined;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures glue: glue(m);
    ensures sums: sums_below(tree, \result, TREE_TOP + 1);
*/
static struct mem_alloc_statistics iterate_count_all(const struct mem_alloc *m)
{
  struct map_way way;
  struct map_cursor cursor = map_find(m, 0, &way);
  struct mem_alloc_statistics sums = iterate_count(cursor, iterate_none());
  /*@ loop invariant glue: glue(m);
      loop invariant run: run_code(cursor.start) == cursor.tag + 1 && run_last(cursor.start) == cursor.last;
      loop invariant sums: sums_below(tree, sums, cursor.last + 1);
      loop assigns way, cursor, sums;
      loop variant UINT64_MAX - cursor.last;
  */
  while (cursor.last < UINT64_MAX) {
    //@ ghost lemma_space_range(tree, cursor.start, cursor.last, 0);
    cursor = map_find(m, cursor.last + 1u, &way);
    sums = iterate_count(cursor, sums);
  }
  return sums;
}

int mem_alloc_get_statistics(const struct mem_alloc *m, struct mem_alloc_statistics *statistics)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && statistics != NULL) {
    /* Without a tree, all is one ABSENT run. */
    const struct map_cursor absent = { 0, UINT64_MAX, UINT64_MAX, 0, FIT_ABSENT, true };
    struct mem_alloc_statistics sums;
    if (map_exists(m)) {
      sums = iterate_count_all(m);
      sums.levels = (uint64_t)pool_level(m, pool_root(m)) + 1u;
    } else {
      sums = iterate_count(absent, iterate_none());
      sums.levels = 0;
    }
    sums.nodes_used = pool_live(m);
    sums.nodes_total = pool_capacity(m);
    sums.metadata_bytes = (uint64_t)pool_capacity(m) * sizeof(struct mem_alloc_node);
    pool_report_statistics(m, statistics, sums);
    status = MEM_ALLOC_OK;
  }
  return status;
}
