/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What is checked after a call: by the harness, and by the C programs that
 * replay --c prints, which contain this text (build.sh puts it into the
 * replayer). So a program checks what the harness checks. All ends in FAIL().
 *
 * Who includes it has included the headers and tests/model/validity.h, has
 * struct model_run, and has defined
 *   OF(name)          mem_alloc_NAME of the implementation that is looked at
 *   OF_NODE_SIZE, OF_NODES_FOR(runs), OF_LEVELS_MAX  its numbers
 *   OF_VALIDITY(name) validity_NAME for it
 *   REAL(name)        the malloc and free that are watched
 *   FAIL(...)         as printf, what is wrong; does not return. What is in
 *                     brackets at its end says when, not what.
 */

#define CHECKS static __attribute__((unused))

/* One of the addresses no allocator hands out by chance: shows whether *address was written. */
#define UNWRITTEN UINT64_C(0xa5a5a5a5a5a5a5a5)

enum { GARBAGE = 0xa5 };

/* --- The malloc boundary ------------------------------------------------------- */

enum { MEMORY_BLOCKS_MAX = 64, MEMORY_FILLED_MAX = 1 << 12 };

/* What the allocators did with malloc and free. */
static struct {
  bool watched;       /* a call of an allocator is under way */
  uint32_t fail_from; /* its calls of malloc fail from this one on; 0: none */
  size_t limit;       /* and those of more bytes */
  uint32_t calls;     /* of malloc, in this call */
  uint32_t refused;   /* those that failed */
  uint32_t live;      /* blocks not yet freed, of all calls */
  struct {
    void *start; /* NULL: no block */
    size_t size;
  } blocks[MEMORY_BLOCKS_MAX];
} memory;

/* Where the block that starts there is noted; NULL: an unused place. MEMORY_BLOCKS_MAX if there is none. */
CHECKS uint32_t memory_find(const void *start)
{
  uint32_t i = 0;
  while (i < MEMORY_BLOCKS_MAX && memory.blocks[i].start != start) {
    i += 1;
  }
  return i;
}

/* What malloc does while a call is watched. */
CHECKS void *memory_malloc(size_t size)
{
  memory.calls += 1;
  if ((memory.fail_from != 0 && memory.calls >= memory.fail_from) || size > memory.limit) {
    memory.refused += 1;
    return NULL;
  }
  void *const block = REAL(malloc)(size);
  if (block != NULL) {
    const uint32_t place = memory_find(NULL);
    if (place == MEMORY_BLOCKS_MAX) {
      FAIL("%d blocks of memory are held at a time", MEMORY_BLOCKS_MAX);
    }
    /* Nobody may count on zeros. Filling all of a large block would take most of the time. */
    memset(block, GARBAGE, size < MEMORY_FILLED_MAX ? size : MEMORY_FILLED_MAX);
    memory.blocks[place].start = block;
    memory.blocks[place].size = size;
    memory.live += 1;
  }
  return block;
}

/* What free does while a call is watched. */
CHECKS void memory_free(void *block)
{
  if (block != NULL) {
    const uint32_t place = memory_find(block);
    if (place == MEMORY_BLOCKS_MAX) {
      FAIL("free of what is no block of malloc, or of one for the second time");
    }
    memory.blocks[place].start = NULL;
    memory.live -= 1;
  }
  REAL(free)(block);
}

/* Forget all blocks: the start of an input. */
CHECKS void memory_begin(void)
{
  memset(&memory, 0, sizeof memory);
}

CHECKS void memory_watch(uint32_t fail_from, size_t limit)
{
  memory.fail_from = fail_from;
  memory.limit = limit;
  memory.calls = 0;
  memory.refused = 0;
  memory.watched = true;
}

CHECKS void memory_unwatch(void)
{
  memory.watched = false;
}

/* --- One allocator --------------------------------------------------------------- */

struct watched {
  struct mem_alloc *m;
  uint32_t number;        /* its name is m and this */
  uint32_t storage_count; /* nodes of its static storage; 0: malloc */
  uint64_t reserved;      /* runs for which reserve promised memory */
  bool was_deep;          /* it has had three levels since it was begun */
  uint32_t capacity;      /* before the call: nodes of its storage */
  uint32_t available;     /* before the call: how many of them are not in the tree */
  uint64_t levels;        /* before the call: of the tree */
  struct mem_alloc_node *nodes; /* before the call: where they are */
};

/* Nodes that the storage has room for, whatever the allocator says. */
CHECKS uint32_t expect_capacity(const struct watched *w)
{
  if (w->storage_count > 0) {
    return w->storage_count;
  }
  const uint32_t place = w->m->nodes == NULL ? MEMORY_BLOCKS_MAX : memory_find(w->m->nodes);
  if (w->m->nodes != NULL && place == MEMORY_BLOCKS_MAX) {
    FAIL("m%" PRIu32 " has storage that it did not get from malloc", w->number);
  }
  return place == MEMORY_BLOCKS_MAX ? 0 : (uint32_t)(memory.blocks[place].size / OF_NODE_SIZE);
}

/* To be called before every call of this allocator. */
CHECKS void expect_begin(struct watched *w)
{
  w->capacity = w->m->capacity;
  w->available = w->m->capacity - w->m->live;
  w->levels = OF_VALIDITY(levels)(w->m);
  w->nodes = w->m->nodes;
}

/* --- Outputs: in blocks of their own, so that a sanitizer sees every access beyond them ------ */

static struct {
  struct mem_link *run;
  struct mem_alloc_statistics *statistics;
  uint64_t *address;
} outputs;

CHECKS void outputs_begin(void)
{
  if (outputs.run == NULL) {
    outputs.run = (struct mem_link *)REAL(malloc)(sizeof *outputs.run);
    outputs.statistics = (struct mem_alloc_statistics *)REAL(malloc)(sizeof *outputs.statistics);
    outputs.address = (uint64_t *)REAL(malloc)(sizeof *outputs.address);
    if (outputs.run == NULL || outputs.statistics == NULL || outputs.address == NULL) {
      abort();
    }
  }
}

/* Are all bytes as outputs begin? */
CHECKS bool is_unwritten(const void *output, size_t size)
{
  const unsigned char *const bytes = (const unsigned char *)output;
  bool unwritten = true;
  for (size_t i = 0; i < size; i++) {
    unwritten = unwritten && bytes[i] == GARBAGE;
  }
  return unwritten;
}

/* --- Runs -------------------------------------------------------------------------- */

CHECKS const char *state_text(uint32_t state)
{
  const char *text = "in no state";
  if (state == MEM_ALLOC_FREE) {
    text = "FREE";
  } else if (state == MEM_ALLOC_ALLOCATED) {
    text = "ALLOCATED";
  } else if (state == MEM_ALLOC_ABSENT) {
    text = "ABSENT";
  }
  return text;
}

/* Index of the first of these runs that ends at address or above it; count if none does. */
CHECKS size_t first_to_reach(const struct model_run *runs, size_t count, uint64_t address)
{
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (runs[middle].last < address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The run, ABSENT ones included, that holds the address. */
CHECKS struct model_run run_holding(const struct model_run *runs, size_t count, uint64_t address)
{
  const size_t i = first_to_reach(runs, count, address);
  if (i < count && runs[i].first <= address) {
    return runs[i];
  }
  struct model_run gap = { .first = 0, .last = UINT64_MAX, .state = MEM_ALLOC_ABSENT };
  if (i > 0) {
    gap.first = runs[i - 1].last + 1;
  }
  if (i < count) {
    gap.last = runs[i].first - 1;
  }
  return gap;
}

/* The iteration gave this status and, in outputs.run, what was *before; expected is NULL if there is no run. */
CHECKS void expect_run(const struct watched *w, int status, const struct mem_link *before,
                       const struct model_run *expected, const char *when)
{
  const struct mem_link *const link = outputs.run;
  if (expected == NULL && status == MEM_ALLOC_OK) {
    FAIL("m%" PRIu32 " has the run 0x%" PRIx64 "-0x%" PRIx64 " %s, expected none (%s)", w->number, link->address,
         link->last, state_text(link->state), when);
  }
  if (expected == NULL && status != MEM_ALLOC_NOT_FOUND) {
    FAIL("m%" PRIu32 ": no further run is status %d, not NOT_FOUND (%s)", w->number, status, when);
  }
  if (expected == NULL && memcmp(link, before, sizeof *link) != 0) {
    FAIL("m%" PRIu32 ": no run was found, but *run was written (%s)", w->number, when);
  }
  if (expected != NULL && status != MEM_ALLOC_OK) {
    FAIL("m%" PRIu32 " has no run 0x%" PRIx64 "-0x%" PRIx64 " %s (status %d, %s)", w->number, expected->first,
         expected->last, state_text(expected->state), status, when);
  }
  if (expected != NULL && (link->address != expected->first || link->last != expected->last
                           || link->state != expected->state)) {
    FAIL("m%" PRIu32 " has the run 0x%" PRIx64 "-0x%" PRIx64 " %s, expected 0x%" PRIx64 "-0x%" PRIx64 " %s (%s)",
         w->number, link->address, link->last, state_text(link->state), expected->first, expected->last,
         state_text(expected->state), when);
  }
  if (expected != NULL && link->size != expected->last - expected->first + 1) {
    FAIL("m%" PRIu32 ": size of the run 0x%" PRIx64 "-0x%" PRIx64 " is 0x%" PRIx64 " (%s)", w->number,
         link->address, link->last, link->size, when);
  }
  if (expected != NULL && link->reserved != 0) {
    FAIL("m%" PRIu32 ": reserved of a run is %" PRIu32 ", not 0 (%s)", w->number, link->reserved, when);
  }
}

/* Is the lowest run that starts above last what it has to be? */
CHECKS void expect_next(const struct watched *w, uint64_t last, const struct model_run *runs, size_t count,
                        const char *when)
{
  /* The first that ends above last, or the one behind if that starts at last or below. */
  size_t i = last < UINT64_MAX ? first_to_reach(runs, count, last + 1) : count;
  i += i < count && runs[i].first <= last ? 1 : 0;
  memset(outputs.run, GARBAGE, sizeof *outputs.run);
  outputs.run->last = last;
  const struct mem_link before = *outputs.run;
  const int status = OF(next_run)(w->m, outputs.run);
  expect_run(w, status, &before, i < count ? &runs[i] : NULL, when);
}

CHECKS void expect_first(const struct watched *w, const struct model_run *runs, size_t count, const char *when)
{
  memset(outputs.run, GARBAGE, sizeof *outputs.run);
  const struct mem_link before = *outputs.run;
  const int status = OF(first_run)(w->m, outputs.run);
  expect_run(w, status, &before, count > 0 ? &runs[0] : NULL, when);
}

/*
 * All runs, by an iteration; what it goes on from is by turns the end, the
 * start, and the middle of a run, and the last address before the next one.
 * And from one place that is nowhere in particular.
 */
CHECKS void expect_runs(const struct watched *w, const struct model_run *runs, size_t count, const char *when)
{
  static const uint64_t edges[] = { UINT64_MAX, UINT64_MAX - 1, (UINT64_MAX >> 1) + 1, UINT64_MAX >> 1, 0 };
  expect_first(w, runs, count, when);
  for (size_t i = 0; i < count; i++) {
    const struct model_run *const one = &runs[i];
    const uint64_t before_next = i + 1 < count ? runs[i + 1].first - 1 : UINT64_MAX;
    const uint64_t from[] = { one->last, one->first, one->first + (one->last - one->first) / 2, before_next };
    expect_next(w, from[(i + count) % 4], runs, count, when);
  }
  expect_next(w, edges[count % (sizeof edges / sizeof edges[0])], runs, count, when);
}

/* --- Statistics --------------------------------------------------------------------- */

CHECKS void expect_sum(const struct watched *w, const char *name, uint64_t actual, uint64_t expected,
                       const char *when)
{
  if (actual != expected) {
    FAIL("m%" PRIu32 ": %s of the statistics is %" PRIu64 ", expected %" PRIu64 " (%s)", w->number, name, actual,
         expected, when);
  }
}

/* A sum of addresses; what is too large for it reads 2^64 - 1. */
CHECKS uint64_t add_addresses(uint64_t sum, const struct model_run *one)
{
  const uint64_t span = one->last - one->first;
  return span >= UINT64_MAX - sum ? UINT64_MAX : sum + span + 1;
}

CHECKS struct mem_alloc_statistics statistics_of(const struct model_run *runs, size_t count)
{
  struct mem_alloc_statistics sums;
  uint64_t next = 0; /* first address above the run before */
  bool more = true;  /* there is one */
  memset(&sums, 0, sizeof sums);
  for (size_t i = 0; i < count; i++) {
    const struct model_run *const one = &runs[i];
    const uint64_t addresses = add_addresses(0, one);
    sums.absent_runs += one->first > next ? 1 : 0;
    more = one->last < UINT64_MAX;
    next = one->last + 1;
    if (one->state == MEM_ALLOC_FREE) {
      sums.free_runs += 1;
      sums.free_addresses = add_addresses(sums.free_addresses, one);
      sums.largest_free = addresses > sums.largest_free ? addresses : sums.largest_free;
    } else {
      sums.allocated_runs += 1;
      sums.allocated_addresses = add_addresses(sums.allocated_addresses, one);
    }
  }
  sums.absent_runs += more ? 1 : 0;
  return sums;
}

CHECKS void expect_statistics(const struct watched *w, const struct model_run *runs, size_t count,
                              const struct validity_sizes *survey, const char *when)
{
  const struct mem_alloc_statistics *const is = outputs.statistics;
  const struct mem_alloc_statistics sums = statistics_of(runs, count);
  const uint64_t capacity = expect_capacity(w);
  memset(outputs.statistics, GARBAGE, sizeof *outputs.statistics);
  const int status = OF(get_statistics)(w->m, outputs.statistics);
  if (status != MEM_ALLOC_OK) {
    FAIL("m%" PRIu32 ": no statistics, status %d (%s)", w->number, status, when);
  }
  expect_sum(w, "free_runs", is->free_runs, sums.free_runs, when);
  expect_sum(w, "free_addresses", is->free_addresses, sums.free_addresses, when);
  expect_sum(w, "largest_free", is->largest_free, sums.largest_free, when);
  expect_sum(w, "allocated_runs", is->allocated_runs, sums.allocated_runs, when);
  expect_sum(w, "allocated_addresses", is->allocated_addresses, sums.allocated_addresses, when);
  expect_sum(w, "absent_runs", is->absent_runs, sums.absent_runs, when);
  expect_sum(w, "nodes_used", is->nodes_used, survey->nodes, when);
  expect_sum(w, "nodes_total", is->nodes_total, capacity, when);
  expect_sum(w, "metadata_bytes", is->metadata_bytes, capacity * OF_NODE_SIZE, when);
  expect_sum(w, "levels", is->levels, survey->levels, when);
}

/* --- The structure -------------------------------------------------------------------- */

/*
 * Is the allocator sound, and does mem_alloc_is_valid say so? One thing it is
 * wrong about: where two inner nodes are merged, their outer children become
 * neighbours, which may have fewer entries than it wants. That takes a tree
 * of three levels.
 */
CHECKS void expect_valid(struct watched *w, struct validity_sizes *survey, const char *when)
{
  OF_VALIDITY(survey)(w->m, survey);
  w->was_deep = w->was_deep || survey->levels >= 3;
  if (survey->wrong != VALIDITY_SOUND) {
    FAIL("m%" PRIu32 " is not valid: %s (%s)", w->number, validity_name(survey->wrong), when);
  }
  if (survey->thin > 0 && !w->was_deep) {
    FAIL("m%" PRIu32 " is not valid: %s (%s)", w->number, validity_name(VALIDITY_OCCUPANCY), when);
  }
  const bool said = OF(is_valid)(w->m);
  if (said != (survey->thin == 0)) {
    FAIL("m%" PRIu32 ": mem_alloc_is_valid says %s, but %s (%s)", w->number, said ? "true" : "false",
         validity_name(survey->thin == 0 ? VALIDITY_SOUND : VALIDITY_OCCUPANCY), when);
  }
}

/* Everything that the public functions say. */
CHECKS void expect_all(struct watched *w, const struct model_run *runs, size_t count, const char *when)
{
  struct validity_sizes survey;
  outputs_begin();
  expect_valid(w, &survey, when);
  expect_runs(w, runs, count, when);
  expect_statistics(w, runs, count, &survey, when);
}

/* The run that holds the address, and the way to it. *found is the run expected there. */
CHECKS void expect_at(struct watched *w, const struct model_run *runs, size_t count, uint64_t address,
                      struct model_run *found, const char *when)
{
  struct validity_run is;
  const enum validity validity = OF_VALIDITY(at)(w->m, address, &is);
  if (validity != VALIDITY_SOUND) {
    FAIL("m%" PRIu32 " is not valid: %s (%s)", w->number, validity_name(validity), when);
  }
  *found = run_holding(runs, count, address);
  if (is.first != found->first || is.last != found->last || is.state != found->state) {
    FAIL("m%" PRIu32 " has the run 0x%" PRIx64 "-0x%" PRIx64 " %s, expected 0x%" PRIx64 "-0x%" PRIx64 " %s (%s)",
         w->number, is.first, is.last, state_text(is.state), found->first, found->last, state_text(found->state),
         when);
  }
}

/* All runs of the space, as the tree has them. */
CHECKS void expect_tree(struct watched *w, const struct model_run *runs, size_t count, const char *when)
{
  struct model_run here = { .first = 0, .last = 0, .state = MEM_ALLOC_ABSENT };
  uint64_t address = 0;
  do {
    expect_at(w, runs, count, address, &here, when);
    address = here.last + 1;
  } while (here.last < UINT64_MAX);
}

/* What a call at the address can have changed: the run there, its neighbours, and the ways to them. */
CHECKS void expect_near(struct watched *w, const struct model_run *runs, size_t count, uint64_t address,
                        const char *when)
{
  struct model_run here;
  struct model_run beside;
  expect_at(w, runs, count, address, &here, when);
  if (here.first > 0) {
    expect_at(w, runs, count, here.first - 1, &beside, when);
  }
  if (here.last < UINT64_MAX) {
    expect_at(w, runs, count, here.last + 1, &beside, when);
  }
  w->was_deep = w->was_deep || OF_VALIDITY(levels)(w->m) >= 3;
}

/* --- Answers ---------------------------------------------------------------------------- */

/* What a call may need memory for. */
enum need {
  NEED_NOTHING,
  NEED_NODES,  /* for one way through the tree */
  NEED_CUTS,   /* for one at each of so many places */
  NEED_RESERVE /* for so many runs */
};

struct facts {
  enum need need;
  uint64_t runs; /* the most that the allocator has before, during or after the call; those to reserve memory for */
  uint64_t cuts; /* FREE runs that have to be cut */
};

/* MEM_ALLOC_NODES_FOR(runs), or more than there can be. */
CHECKS uint64_t nodes_for(uint64_t runs)
{
  return runs <= UINT64_MAX / 8 ? (uint64_t)OF_NODES_FOR(runs) : UINT64_MAX;
}

/* malloc must not be called where it is promised that it is not. */
CHECKS void expect_malloc_calls(const struct watched *w, const struct facts *facts)
{
  if (memory.calls == 0) {
    return;
  }
  if (facts->need == NEED_NOTHING) {
    FAIL("malloc was called by a call that needs none");
  }
  if (w->storage_count > 0) {
    FAIL("malloc was called though the storage is static");
  }
  if (facts->need != NEED_RESERVE && facts->runs <= w->reserved) {
    FAIL("malloc was called though memory was reserved");
  }
}

/* Does the header let the operation say NO_MEMORY for want of nodes? Static storage, or malloc failed. */
CHECKS bool is_short_of_nodes(const struct watched *w)
{
  const uint64_t levels = OF_VALIDITY(levels)(w->m);
  const uint64_t first = w->storage_count > 0 ? 1 : 3;
  const uint64_t need = levels > 0 ? levels + 1 : first; /* one for every level, and a new root */
  const uint64_t available = (uint64_t)w->m->capacity - w->m->live;
  const bool no_more = w->storage_count > 0 || memory.refused > 0 || w->m->live + need > UINT32_MAX;
  return levels >= OF_LEVELS_MAX || (available < need && no_more);
}

/* Does cutting at so many places need more nodes than static storage had left? The tree may get higher every time. */
CHECKS bool is_short_for_cuts(const struct watched *w, uint64_t cuts)
{
  uint64_t need = 0;
  uint64_t levels = w->levels;
  for (uint64_t i = 0; i < cuts && need <= w->available; i++) {
    need += levels + 1;
    levels += levels < OF_LEVELS_MAX ? 1 : 0;
  }
  return need > w->available || levels >= OF_LEVELS_MAX;
}

/* The call said NO_MEMORY, and its answer would be a success. May it? */
CHECKS void expect_refusal(const struct watched *w, const struct facts *facts)
{
  if (facts->need == NEED_NOTHING) {
    FAIL("NO_MEMORY from a call that needs none");
  }
  if (w->storage_count == 0 && memory.refused == 0 && facts->need != NEED_RESERVE) {
    FAIL("NO_MEMORY, but no malloc failed");
  }
  if (w->storage_count > 0 && facts->need != NEED_RESERVE && nodes_for(facts->runs) <= w->storage_count) {
    FAIL("NO_MEMORY, but the static storage is enough for %" PRIu64 " runs", facts->runs);
  }
  if (facts->need == NEED_NODES && !is_short_of_nodes(w)) {
    FAIL("NO_MEMORY, but there are as many nodes as this may need: %" PRIu32 " of %" PRIu32 " are left",
         w->m->capacity - w->m->live, w->m->capacity);
  }
  if (facts->need == NEED_CUTS && w->storage_count > 0 && !is_short_for_cuts(w, facts->cuts)) {
    FAIL("NO_MEMORY, but %" PRIu32 " nodes were left for %" PRIu64 " cuts", w->available, facts->cuts);
  }
}

/* What reserve said of so many runs. */
CHECKS void expect_reserve(struct watched *w, uint64_t runs, int status)
{
  const uint64_t need = nodes_for(runs);
  const bool enough = need <= w->capacity;
  const bool possible = w->storage_count == 0 && need <= UINT32_MAX && need <= SIZE_MAX / OF_NODE_SIZE;
  const bool done = enough || (possible && memory.refused == 0);
  if (status != (done ? MEM_ALLOC_OK : MEM_ALLOC_NO_MEMORY)) {
    FAIL("reserve: status %d, expected %s (%" PRIu64 " nodes for %" PRIu64 " runs, there are %" PRIu32 ")", status,
         done ? "OK" : "NO_MEMORY", need, runs, w->capacity);
  }
  if (memory.calls > 0 && (enough || !possible)) {
    FAIL("reserve called malloc for nothing (%" PRIu64 " nodes for %" PRIu64 " runs, there are %" PRIu32 ")", need,
         runs, w->capacity);
  }
  if (status == MEM_ALLOC_OK && expect_capacity(w) < need) {
    FAIL("reserve got memory for too few nodes: %" PRIu32 " of %" PRIu64, expect_capacity(w), need);
  }
  if (status != MEM_ALLOC_OK && (w->m->capacity != w->capacity || w->m->nodes != w->nodes)) {
    FAIL("reserve failed, but the storage is another one");
  }
  if (status == MEM_ALLOC_OK && runs > w->reserved) {
    w->reserved = runs;
  }
}

/* --- Beginning and end --------------------------------------------------------------------- */

/* A failed init_static must not write to *m, whatever is there. */
CHECKS void expect_failed_init_static(const struct watched *w)
{
  struct mem_alloc before;
  uint64_t node = 0; /* stands for storage that is never looked at */
  memcpy(&before, w->m, sizeof before);
  const int none = OF(init_static)(w->m, NULL, 1);
  const int empty = OF(init_static)(w->m, (void *)&node, 0);
  if (none != MEM_ALLOC_INVALID || empty != MEM_ALLOC_INVALID) {
    FAIL("init_static without storage: status %d and %d, expected INVALID", none, empty);
  }
  if (memcmp(&before, w->m, sizeof before) != 0 || node != 0) {
    FAIL("init_static failed, but wrote");
  }
}

/* Make the allocator empty, after its bytes were made what they are to be before that. */
CHECKS void expect_init(struct watched *w, void *storage, uint32_t storage_count, bool by_zeros)
{
  memset((void *)w->m, by_zeros ? 0 : GARBAGE, sizeof *w->m);
  w->storage_count = storage_count;
  w->reserved = 0;
  w->was_deep = false;
  memory_watch(1, 0);
  if (storage_count > 0) {
    memset(storage, GARBAGE, storage_count * OF_NODE_SIZE);
    const int status = OF(init_static)(w->m, storage, storage_count);
    if (status != MEM_ALLOC_OK) {
      FAIL("init_static: status %d, expected OK", status);
    }
  } else if (!by_zeros) {
    OF(init)(w->m);
  }
  memory_unwatch();
  if (memory.calls != 0) {
    FAIL("init called malloc");
  }
}

/* Destroy so often. The allocator is valid and empty then, and has storage from malloc when it is used again. */
CHECKS void expect_destroy(struct watched *w, uint32_t times)
{
  memory_watch(1, 0);
  for (uint32_t i = 0; i < times; i++) {
    OF(destroy)(w->m);
  }
  memory_unwatch();
  w->storage_count = 0;
  w->reserved = 0;
  w->was_deep = false;
  if (memory.calls != 0) {
    FAIL("destroy called malloc");
  }
  if (w->m->nodes != NULL) {
    FAIL("m%" PRIu32 " still has storage after destroy", w->number);
  }
  expect_all(w, NULL, 0, "after destroy");
}

/* An allocator that was destroyed can be used, without init, and destroyed again. */
CHECKS void expect_use_and_destroy(struct watched *w)
{
  static const struct model_run highest = { .first = UINT64_MAX, .last = UINT64_MAX, .state = MEM_ALLOC_FREE };
  memory_watch(0, SIZE_MAX);
  const int status = OF(add_free)(w->m, UINT64_MAX, 1);
  memory_unwatch();
  if (status != MEM_ALLOC_OK) {
    FAIL("m%" PRIu32 " cannot be used after destroy: add_free says status %d", w->number, status);
  }
  expect_near(w, &highest, 1, UINT64_MAX, "after destroy and add_free");
  memory_watch(1, 0);
  OF(destroy)(w->m);
  memory_unwatch();
  if (w->m->nodes != NULL) {
    FAIL("m%" PRIu32 " still has storage after the second destroy", w->number);
  }
}

/* --- NULL ------------------------------------------------------------------------------------- */

CHECKS void expect_invalid(int status, const char *call)
{
  if (status != MEM_ALLOC_INVALID) {
    FAIL("%s: status %d, expected INVALID", call, status);
  }
}

/* Every function that can say INVALID of a NULL must, and must not write then. */
CHECKS void expect_null_arguments(const struct watched *w)
{
  uint64_t node = 0;
  outputs_begin();
  memset(outputs.run, GARBAGE, sizeof *outputs.run);
  memset(outputs.statistics, GARBAGE, sizeof *outputs.statistics);
  *outputs.address = UNWRITTEN;
  OF(init)(NULL);
  OF(destroy)(NULL);
  expect_invalid(OF(add_free)(NULL, 0, 1), "add_free(NULL, 0, 1)");
  expect_invalid(OF(get)(NULL, outputs.address, 1), "get(NULL, &address, 1)");
  expect_invalid(OF(get)(w->m, NULL, 1), "get(m, NULL, 1)");
  expect_invalid(OF(get_aligned)(NULL, outputs.address, 1, 1), "get_aligned(NULL, &address, 1, 1)");
  expect_invalid(OF(get_aligned)(w->m, NULL, 1, 1), "get_aligned(m, NULL, 1, 1)");
  expect_invalid(OF(put)(NULL, 0), "put(NULL, 0)");
  expect_invalid(OF(apply_constraint)(NULL, w->m), "apply_constraint(NULL, m)");
  expect_invalid(OF(apply_constraint)(w->m, NULL), "apply_constraint(m, NULL)");
  expect_invalid(OF(reserve)(NULL, 1), "reserve(NULL, 1)");
  expect_invalid(OF(init_static)(NULL, (void *)&node, 1), "init_static(NULL, storage, 1)");
  expect_invalid(OF(first_run)(NULL, outputs.run), "first_run(NULL, &run)");
  expect_invalid(OF(first_run)(w->m, NULL), "first_run(m, NULL)");
  expect_invalid(OF(next_run)(NULL, outputs.run), "next_run(NULL, &run)");
  expect_invalid(OF(next_run)(w->m, NULL), "next_run(m, NULL)");
  expect_invalid(OF(get_statistics)(NULL, outputs.statistics), "get_statistics(NULL, &statistics)");
  expect_invalid(OF(get_statistics)(w->m, NULL), "get_statistics(m, NULL)");
  if (OF(is_valid)(NULL)) {
    FAIL("is_valid(NULL) is true");
  }
  if (!is_unwritten(outputs.run, sizeof *outputs.run)) {
    FAIL("*run was written though the allocator is NULL");
  }
  if (!is_unwritten(outputs.statistics, sizeof *outputs.statistics)) {
    FAIL("*statistics was written though the allocator is NULL");
  }
  if (*outputs.address != UNWRITTEN) {
    FAIL("*address was written though the allocator is NULL");
  }
  expect_failed_init_static(w);
}
