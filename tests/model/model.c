/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for count runs. */
static void make_room(struct model *model, size_t count)
{
  if (count > model->capacity) {
    const size_t capacity = count * 2;
    struct model_run *const runs = realloc(model->runs, capacity * sizeof runs[0]);
    if (runs == NULL) {
      fprintf(stderr, "model: out of memory\n");
      abort();
    }
    model->runs = runs;
    model->capacity = capacity;
  }
}

/* Put one run at this index; the runs from there on move up. */
static void insert_run(struct model *model, size_t index, uint64_t first, uint64_t last, uint32_t state)
{
  make_room(model, model->count + 1);
  memmove(&model->runs[index + 1], &model->runs[index], (model->count - index) * sizeof model->runs[0]);
  model->runs[index].first = first;
  model->runs[index].last = last;
  model->runs[index].state = state;
  model->count += 1;
}

static void remove_run(struct model *model, size_t index)
{
  memmove(&model->runs[index], &model->runs[index + 1],
          (model->count - index - 1) * sizeof model->runs[0]);
  model->count -= 1;
}

/* Does the left run end right below the start of the right one? The left one is below the right one. */
static bool touch(const struct model_run *left, const struct model_run *right)
{
  return right->first - left->last == 1;
}

/* Join the FREE run at this index with the FREE runs it touches. */
static void join_neighbours(struct model *model, size_t index)
{
  struct model_run *const runs = model->runs;
  if (index + 1 < model->count && runs[index + 1].state == MEM_ALLOC_FREE
      && touch(&runs[index], &runs[index + 1])) {
    runs[index].last = runs[index + 1].last;
    remove_run(model, index + 1);
  }
  if (index > 0 && runs[index - 1].state == MEM_ALLOC_FREE && touch(&runs[index - 1], &runs[index])) {
    runs[index - 1].last = runs[index].last;
    remove_run(model, index);
  }
}

void model_init(struct model *model)
{
  model->runs = NULL;
  model->count = 0;
  model->capacity = 0;
}

void model_destroy(struct model *model)
{
  free(model->runs);
  model_init(model);
}

void model_copy(struct model *to, const struct model *from)
{
  make_room(to, from->count);
  to->count = from->count;
  if (from->count > 0) {
    memcpy(to->runs, from->runs, from->count * sizeof to->runs[0]);
  }
}

/* Index of the first run that ends at address or above it; the number of runs if none does. */
static size_t first_to_end_from(const struct model *model, uint64_t address)
{
  size_t low = 0;
  size_t high = model->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (model->runs[middle].last < address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

int model_add_free(struct model *model, uint64_t address, uint64_t size)
{
  if (model == NULL || size == 0 || size - 1 > UINT64_MAX - address) {
    return MEM_ALLOC_INVALID;
  }
  const uint64_t last = address + (size - 1);
  const size_t index = first_to_end_from(model, address);
  if (index < model->count && model->runs[index].first <= last) {
    return MEM_ALLOC_OVERLAP;
  }
  insert_run(model, index, address, last, MEM_ALLOC_FREE);
  join_neighbours(model, index);
  return MEM_ALLOC_OK;
}

uint64_t model_natural_alignment(uint64_t size)
{
  uint64_t alignment = 1;
  while (size % 2 == 0) {
    size = size / 2;
    alignment = alignment * 2;
  }
  return alignment;
}

/* The lowest multiple of alignment in this run with size addresses of the run from it on; false if none. */
static bool find_place(const struct model_run *run, uint64_t size, uint64_t alignment, uint64_t *place)
{
  const uint64_t excess = run->first & (alignment - 1); /* above the multiple below: alignment is a power of two */
  const uint64_t skip = excess == 0 ? 0 : alignment - excess;
  if (skip > run->last - run->first) {
    return false;
  }
  if (size - 1 > run->last - run->first - skip) {
    return false;
  }
  *place = run->first + skip;
  return true;
}

/* Turn [first, last], part of the FREE run at this index, ALLOCATED. */
static void allocate(struct model *model, size_t index, uint64_t first, uint64_t last)
{
  const struct model_run old = model->runs[index];
  if (last < old.last) {
    insert_run(model, index + 1, last + 1, old.last, MEM_ALLOC_FREE);
  }
  if (old.first < first) {
    insert_run(model, index, old.first, first - 1, MEM_ALLOC_FREE);
    index += 1;
  }
  model->runs[index] = (struct model_run){ .first = first, .last = last, .state = MEM_ALLOC_ALLOCATED };
}

int model_get_aligned(struct model *model, uint64_t *address, uint64_t size, uint64_t alignment)
{
  if (model == NULL || address == NULL || size == 0 || alignment == 0
      || model_natural_alignment(alignment) != alignment) {
    return MEM_ALLOC_INVALID;
  }
  for (size_t i = 0; i < model->count; i++) {
    uint64_t place = 0;
    if (model->runs[i].state == MEM_ALLOC_FREE && find_place(&model->runs[i], size, alignment, &place)) {
      allocate(model, i, place, place + (size - 1));
      *address = place;
      return MEM_ALLOC_OK;
    }
  }
  return MEM_ALLOC_NO_SPACE;
}

int model_get(struct model *model, uint64_t *address, uint64_t size)
{
  if (size == 0) {
    return MEM_ALLOC_INVALID;
  }
  return model_get_aligned(model, address, size, model_natural_alignment(size));
}

int model_put(struct model *model, uint64_t address)
{
  if (model == NULL) {
    return MEM_ALLOC_INVALID;
  }
  const size_t i = first_to_end_from(model, address);
  if (i < model->count && model->runs[i].first == address && model->runs[i].state == MEM_ALLOC_ALLOCATED) {
    model->runs[i].state = MEM_ALLOC_FREE;
    join_neighbours(model, i);
    return MEM_ALLOC_OK;
  }
  return MEM_ALLOC_NOT_FOUND;
}

/* Neighbouring FREE runs are one, so a block of FREE addresses lies within a single FREE run. */
static bool lies_in_free(const struct model *constraint, const struct model_run *block)
{
  for (size_t i = 0; i < constraint->count; i++) {
    const struct model_run *const run = &constraint->runs[i];
    if (run->state == MEM_ALLOC_FREE && run->first <= block->first && block->last <= run->last) {
      return true;
    }
  }
  return false;
}

/* Append to *result what the run has in common with the FREE runs of the constraint. */
static void append_common(struct model *result, const struct model *constraint, const struct model_run *run)
{
  for (size_t i = 0; i < constraint->count; i++) {
    const struct model_run *const other = &constraint->runs[i];
    const uint64_t first = run->first > other->first ? run->first : other->first;
    const uint64_t last = run->last < other->last ? run->last : other->last;
    if (other->state == MEM_ALLOC_FREE && first <= last) {
      insert_run(result, result->count, first, last, MEM_ALLOC_FREE);
    }
  }
}

int model_apply_constraint(struct model *model, const struct model *constraint)
{
  if (model == NULL || constraint == NULL) {
    return MEM_ALLOC_INVALID;
  }
  for (size_t i = 0; i < model->count; i++) {
    if (model->runs[i].state == MEM_ALLOC_ALLOCATED && !lies_in_free(constraint, &model->runs[i])) {
      return MEM_ALLOC_CONFLICT;
    }
  }
  struct model result;
  model_init(&result);
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const run = &model->runs[i];
    if (run->state == MEM_ALLOC_ALLOCATED) {
      insert_run(&result, result.count, run->first, run->last, MEM_ALLOC_ALLOCATED);
    } else {
      append_common(&result, constraint, run);
    }
  }
  model_destroy(model);
  *model = result;
  return MEM_ALLOC_OK;
}

static uint64_t count_gaps(const struct model *model)
{
  if (model->count == 0) {
    return 1;
  }
  uint64_t gaps = model->runs[0].first > 0 ? 1 : 0;
  for (size_t i = 1; i < model->count; i++) {
    if (!touch(&model->runs[i - 1], &model->runs[i])) {
      gaps += 1;
    }
  }
  return gaps + (model->runs[model->count - 1].last < UINT64_MAX ? 1 : 0);
}

uint64_t model_count(const struct model *model, uint32_t state)
{
  if (state == MEM_ALLOC_ABSENT) {
    return count_gaps(model);
  }
  uint64_t found = 0;
  for (size_t i = 0; i < model->count; i++) {
    found += model->runs[i].state == state ? 1 : 0;
  }
  return found;
}

uint64_t model_all_runs(const struct model *model)
{
  return model->count + count_gaps(model);
}

bool model_is_canonical(const struct model *model)
{
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const run = &model->runs[i];
    if (run->first > run->last) {
      return false;
    }
    if (run->state != MEM_ALLOC_FREE && run->state != MEM_ALLOC_ALLOCATED) {
      return false;
    }
    if (i > 0) {
      const struct model_run *const below = &model->runs[i - 1];
      if (below->last >= run->first) {
        return false;
      }
      if (below->state == MEM_ALLOC_FREE && run->state == MEM_ALLOC_FREE && touch(below, run)) {
        return false;
      }
    }
  }
  return true;
}

static bool same_run(const struct model_run *left, const struct model_run *right)
{
  return left->first == right->first && left->last == right->last && left->state == right->state;
}

bool model_equal(const struct model *left, const struct model *right)
{
  if (left->count != right->count) {
    return false;
  }
  for (size_t i = 0; i < left->count; i++) {
    if (!same_run(&left->runs[i], &right->runs[i])) {
      return false;
    }
  }
  return true;
}

/* Does the reported run say in all its fields what the model's run says? */
static bool run_matches(const struct model_run *expected, const struct mem_link *run)
{
  return run->address == expected->first && run->last == expected->last && run->state == expected->state
         && run->size == expected->last - expected->first + 1 && run->reserved == 0;
}

bool model_matches(const struct model *model, const struct mem_alloc *m)
{
  struct mem_link run;
  memset(&run, 0xa5, sizeof run);
  int status = mem_alloc_first_run(m, &run);
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const expected = &model->runs[i];
    if (status != MEM_ALLOC_OK) {
      fprintf(stderr, "model: run %zu is missing (status %d): [%" PRIx64 ", %" PRIx64 "] state %" PRIu32 "\n",
              i, status, expected->first, expected->last, expected->state);
      return false;
    }
    if (!run_matches(expected, &run)) {
      fprintf(stderr,
              "model: run %zu should be [%" PRIx64 ", %" PRIx64 "] state %" PRIu32
              ", is [%" PRIx64 ", %" PRIx64 "] state %" PRIu32 " size %" PRIx64 " reserved %" PRIx32 "\n",
              i, expected->first, expected->last, expected->state, run.address, run.last, run.state, run.size,
              run.reserved);
      return false;
    }
    status = mem_alloc_next_run(m, &run);
  }
  if (status != MEM_ALLOC_NOT_FOUND) {
    fprintf(stderr, "model: status %d instead of the end after %zu runs\n", status, model->count);
    return false;
  }
  return true;
}

/* A sum of addresses; 2^64, which is too large for it, reads 2^64 - 1. */
static uint64_t add_addresses(uint64_t sum, const struct model_run *run)
{
  const uint64_t span = run->last - run->first;
  return span >= UINT64_MAX - sum ? UINT64_MAX : sum + span + 1;
}

static bool same_number(const char *name, uint64_t expected, uint64_t actual)
{
  if (expected != actual) {
    fprintf(stderr, "model: %s should be %" PRIu64 ", is %" PRIu64 "\n", name, expected, actual);
  }
  return expected == actual;
}

bool model_matches_statistics(const struct model *model, const struct mem_alloc *m)
{
  struct mem_alloc_statistics statistics;
  memset(&statistics, 0xa5, sizeof statistics);
  if (mem_alloc_get_statistics(m, &statistics) != MEM_ALLOC_OK) {
    fprintf(stderr, "model: no statistics\n");
    return false;
  }
  uint64_t free_addresses = 0;
  uint64_t largest_free = 0;
  uint64_t allocated_addresses = 0;
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const run = &model->runs[i];
    if (run->state == MEM_ALLOC_FREE) {
      const uint64_t addresses = add_addresses(0, run);
      free_addresses = add_addresses(free_addresses, run);
      largest_free = addresses > largest_free ? addresses : largest_free;
    } else {
      allocated_addresses = add_addresses(allocated_addresses, run);
    }
  }
  return same_number("free_runs", model_count(model, MEM_ALLOC_FREE), statistics.free_runs)
         && same_number("free_addresses", free_addresses, statistics.free_addresses)
         && same_number("largest_free", largest_free, statistics.largest_free)
         && same_number("allocated_runs", model_count(model, MEM_ALLOC_ALLOCATED), statistics.allocated_runs)
         && same_number("allocated_addresses", allocated_addresses, statistics.allocated_addresses)
         && same_number("absent_runs", model_count(model, MEM_ALLOC_ABSENT), statistics.absent_runs);
}
