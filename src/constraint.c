/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>

#include "map.h"
#include "opae/mem_alloc.h"

/*
 * mem_alloc_apply_constraint. Three passes over the pieces of the space where both allocators are constant:
 * look for a conflict; cut the FREE runs where the constraint changes (no address changes its state, and if
 * there is no memory the cuts are undone); turn what is not FREE in the constraint ABSENT, which only joins
 * runs and so needs no memory.
 */

/* The run of m that holds address; without a tree, all is ABSENT. */
static struct map_cursor constraint_run(const struct mem_alloc *m, uint64_t address, struct map_way *way)
{
  struct map_cursor cursor;
  if (map_exists(m)) {
    cursor = map_find(m, address, way);
  } else {
    cursor.start = 0;
    cursor.last = UINT64_MAX;
    cursor.leaf_last = UINT64_MAX;
    cursor.place = 0;
    cursor.tag = FIT_ABSENT;
    cursor.found = true;
  }
  return cursor;
}

/* The last address up to which both runs go. */
static uint64_t constraint_piece_last(struct map_cursor run, struct map_cursor limit)
{
  uint64_t last = run.last;
  if (limit.last < last) {
    last = limit.last;
  }
  return last;
}

/* Is every live block of m inside the FREE addresses of the constraint? */
static bool constraint_agrees(const struct mem_alloc *m, const struct mem_alloc *m_constr)
{
  bool agrees = true;
  bool more = true;
  uint64_t address = 0;
  while (more) {
    struct map_way way;
    const struct map_cursor limit = constraint_run(m_constr, address, &way);
    const struct map_cursor run = constraint_run(m, address, &way);
    const uint64_t last = constraint_piece_last(run, limit);
    if (run.tag == FIT_ALLOCATED && limit.tag < FIT_FREE) {
      agrees = false;
    }
    more = agrees && last < UINT64_MAX;
    if (more) {
      address = last + 1u;
    }
  }
  return agrees;
}

/* Cut the FREE runs of m wherever a run of the constraint starts. False if there is no memory. */
static bool constraint_cut_all(struct mem_alloc *m, const struct mem_alloc *m_constr)
{
  bool done = true;
  bool more = true;
  uint64_t address = 0;
  while (more) {
    struct map_way way;
    const struct map_cursor limit = constraint_run(m_constr, address, &way);
    const struct map_cursor run = constraint_run(m, address, &way);
    const uint64_t last = constraint_piece_last(run, limit);
    if (run.tag >= FIT_FREE && run.start < address) {
      done = map_carve_out(m, &way, run.last, address, run.last, FIT_FREE);
    }
    more = done && last < UINT64_MAX;
    if (more) {
      address = last + 1u;
    }
  }
  return done;
}

/* Join every FREE run of m with its FREE neighbours. */
static void constraint_uncut_all(struct mem_alloc *m)
{
  bool more = true;
  uint64_t address = 0;
  while (more) {
    struct map_way way;
    struct map_cursor run = map_find(m, address, &way);
    if (run.tag >= FIT_FREE) {
      map_paint(m, &way, run.last, run.leaf_last, FIT_FREE);
      run = map_find(m, address, &way);
    }
    more = run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
    }
  }
}

/* Turn every FREE run of m that is not FREE in the constraint ABSENT. Each is all or nothing. */
static void constraint_commit(struct mem_alloc *m, const struct mem_alloc *m_constr)
{
  bool more = true;
  uint64_t address = 0;
  while (more) {
    struct map_way way;
    const struct map_cursor limit = constraint_run(m_constr, address, &way);
    const struct map_cursor run = map_find(m, address, &way);
    more = run.last < UINT64_MAX;
    if (more) {
      address = run.last + 1u;
    }
    if (run.tag >= FIT_FREE && limit.tag < FIT_FREE) {
      map_paint(m, &way, run.last, run.leaf_last, FIT_ABSENT);
    }
  }
}

int mem_alloc_apply_constraint(struct mem_alloc *m, struct mem_alloc *m_constr)
{
  int status = MEM_ALLOC_INVALID;
  if (m != NULL && m_constr != NULL) {
    status = MEM_ALLOC_CONFLICT;
    if (constraint_agrees(m, m_constr)) {
      status = MEM_ALLOC_OK;
      if (map_exists(m) && m != m_constr) {
        if (constraint_cut_all(m, m_constr)) {
          constraint_commit(m, m_constr);
        } else {
          constraint_uncut_all(m);
          status = MEM_ALLOC_NO_MEMORY;
        }
      }
    }
  }
  return status;
}
