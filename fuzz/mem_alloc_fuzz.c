/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The fuzzing harness of mem_alloc. One input is one sequence of operations
 * on up to four allocators. Every operation is done by the allocator and by
 * the shadow model (tests/model), and everything that can be seen of the two
 * is compared after every operation: status, address, all runs, and
 * mem_alloc_is_valid(). The first difference is printed together with the
 * whole sequence, then the program aborts.
 *
 * How an input is read (bytes missing at its end read as 0):
 *
 * Byte 0: bits 0-1  number of allocators less one
 *         bit 2     0: arguments are pages; 1: arguments are 64-bit numbers
 *         bits 3-4  size of a page: 2^0, 2^12, 2^30 or 2^56
 *         bits 5-6  where page 0 is: at 0; 256 pages below 2^64; 128 pages
 *                   below 2^63; at three pages and one address
 *         bit 7     1: start with the pages 0 to 254 added to every allocator
 * Byte 1: two bits for every allocator, its storage: 0 or 1: malloc;
 *         2: static, 1 + byte 2 % 8 nodes; 3: static, 1 + byte 2 nodes
 * Byte 2: see byte 1
 *
 * Then one operation after the other, at most OPERATIONS_MAX. Its first byte:
 *         bits 0-3  what to do: see enum choice
 *         bits 4-5  which allocator (modulo their number)
 *         bits 6-7  k > 0: every malloc during the operation fails from the
 *                   k-th on
 *
 * Two bytes x and y follow. If arguments are pages, they are x and y:
 *         address   page x
 *         size      x or y below 240: that modulo 20 pages; from 240 on:
 *                   16, 32 ... 256 pages
 * If arguments are 64-bit numbers, an operation that needs some reads them
 * after x and y: for each one a selector (bits 0-2 kind, bits 3-5 delta + 4)
 * and a byte b. The kinds 3, 4 and 5 name a place; a size of add_free is
 * then the distance from its address to that place.
 *         kind 0    b
 *         kind 1    eight bytes follow, the lowest first
 *         kind 2    2^(b % 64) + delta
 *         kind 3    2^64 - b + delta
 *         kind 4    first address of run b (modulo their number) + delta
 *         kind 5    last address of run b + 1 + delta
 *         kind 6    size of run b + delta
 *         kind 7    b * 2^(8 * (delta + 4))
 *
 * When malloc fails and the operation says MEM_ALLOC_NO_MEMORY, nothing may
 * have changed, and the same operation is then done without failures.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/model/model.h"

enum {
  ALLOCATORS_MAX = 4,
  OPERATIONS_MAX = 64, /* operations of one input */
  CALLS_MAX = 100,     /* calls they make: some operations repeat a call */
  GARBAGE = 0xa5
};

/* More than any input needs, except for a reserve that asks for it. */
#define MALLOC_LIMIT ((size_t)256 * 1024)

/* An address no allocator hands out by chance: shows whether *address was written. */
#define UNWRITTEN UINT64_C(0xa5a5a5a5a5a5a5a5)

/* --- The malloc boundary ------------------------------------------------- */

/* What the allocator did with malloc and free since memory_watch(). */
static struct {
  bool watched;       /* a call of the allocator is under way */
  uint32_t fail_from; /* calls of malloc fail from this one on; 0: none */
  uint32_t calls;
  uint32_t refused;   /* calls that failed */
  uint32_t live;      /* blocks not yet freed, since the input began */
} memory;

/* The linker sends every malloc and free here (-Wl,--wrap). */
void *__real_malloc(size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void __wrap_free(void *block);

void *__wrap_malloc(size_t size)
{
  if (!memory.watched) {
    return __real_malloc(size);
  }
  memory.calls += 1;
  if ((memory.fail_from != 0 && memory.calls >= memory.fail_from) || size > MALLOC_LIMIT) {
    memory.refused += 1;
    return NULL;
  }
  void *const block = __real_malloc(size);
  if (block != NULL) {
    memset(block, GARBAGE, size); /* nobody may count on zeros */
    memory.live += 1;
  }
  return block;
}

void __wrap_free(void *block)
{
  if (memory.watched && block != NULL) {
    memory.live -= 1;
  }
  __real_free(block);
}

static void memory_watch(uint32_t fail_from)
{
  memory.fail_from = fail_from;
  memory.calls = 0;
  memory.refused = 0;
  memory.watched = true;
}

static void memory_unwatch(void)
{
  memory.watched = false;
}

/* --- Calls, and the protocol printed when one goes wrong ----------------- */

enum function { ADD_FREE, GET, GET_ALIGNED, PUT, APPLY_CONSTRAINT, RESERVE, RESTART, NULL_ARGUMENTS };

static const char *const function_names[] = {
  "add_free", "get", "get_aligned", "put", "apply_constraint", "reserve", "restart", "null_arguments"
};

static const char *const status_names[] = {
  "OK", "INVALID", "OVERLAP", "NO_SPACE", "NOT_FOUND", "CONFLICT", "NO_MEMORY"
};

struct call {
  enum function function;
  uint32_t target;    /* which allocator */
  uint32_t other;     /* which one is the constraint */
  uint32_t fail_from; /* which malloc fails first, 0: none */
  uint32_t operation; /* number of the operation it belongs to */
  uint64_t first;     /* address, or the only argument */
  uint64_t second;    /* size, alignment */
  bool finished;
  int status;
  uint64_t address; /* where the block is */
};

struct subject {
  struct mem_alloc real;
  struct model model;
  struct mem_alloc_node *storage; /* NULL: malloc */
  uint32_t storage_count;
  uint64_t reserved; /* runs for which mem_alloc_reserve() promised memory */
};

static struct {
  const uint8_t *data;
  size_t size;
  size_t at; /* the next byte to read */
  bool full; /* arguments are 64-bit numbers */
  uint8_t page_order;
  uint64_t page_zero;
  struct subject subjects[ALLOCATORS_MAX];
  uint32_t count; /* of subjects */
  uint32_t operation;
  struct call calls[CALLS_MAX];
  uint32_t call_count;
} run;

static bool trace; /* print every call before it is made: for crashes inside one */

static void print_call(const struct call *call)
{
  fprintf(stderr, "  operation %" PRIu32 ": %s(m%" PRIu32, call->operation, function_names[call->function],
          call->target);
  if (call->function == APPLY_CONSTRAINT) {
    fprintf(stderr, ", m%" PRIu32, call->other);
  } else if (call->function != RESTART && call->function != NULL_ARGUMENTS) {
    fprintf(stderr, ", 0x%" PRIx64, call->first);
  }
  if (call->function == ADD_FREE || call->function == GET_ALIGNED) {
    fprintf(stderr, ", 0x%" PRIx64, call->second);
  }
  fprintf(stderr, ")");
  if (call->fail_from != 0) {
    fprintf(stderr, " [malloc %" PRIu32 " fails]", call->fail_from);
  }
  if (call->finished) {
    fprintf(stderr, " -> %s", status_names[call->status]);
    if (call->status == MEM_ALLOC_OK && (call->function == GET || call->function == GET_ALIGNED)) {
      fprintf(stderr, " 0x%" PRIx64, call->address);
    }
  }
  fprintf(stderr, "\n");
}

static void print_subject(uint32_t index)
{
  const struct subject *const subject = &run.subjects[index];
  fprintf(stderr, "  m%" PRIu32 ": ", index);
  if (subject->storage == NULL) {
    fprintf(stderr, "malloc\n");
  } else {
    fprintf(stderr, "static storage of %" PRIu32 " nodes\n", subject->storage_count);
  }
}

/* Print what is wrong with the call made last, and all calls up to it. */
__attribute__((format(printf, 1, 2), noreturn)) static void wrong(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "mem_alloc_fuzz: operation %" PRIu32 ": ", run.operation);
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\nThe calls so far (fan-out %d); the last one is wrong:\n", (int)MEM_ALLOC_FAN_OUT);
  va_end(arguments);
  for (uint32_t i = 0; i < run.count; i++) {
    print_subject(i);
  }
  for (uint32_t i = 0; i < run.call_count; i++) {
    print_call(&run.calls[i]);
  }
  abort();
}

static const char *status_name(int status)
{
  return status >= MEM_ALLOC_OK && status <= MEM_ALLOC_NO_MEMORY ? status_names[status] : "no such status";
}

/* --- One call, by both --------------------------------------------------- */

static void subject_init(struct subject *subject, bool zero_filled)
{
  memset(&subject->real, zero_filled ? 0 : GARBAGE, sizeof subject->real);
  subject->reserved = 0;
  memory_watch(1);
  if (subject->storage != NULL) {
    memset(subject->storage, GARBAGE, subject->storage_count * sizeof subject->storage[0]);
    if (mem_alloc_init_static(&subject->real, subject->storage, subject->storage_count) != MEM_ALLOC_OK) {
      wrong("mem_alloc_init_static failed");
    }
  } else if (!zero_filled) {
    mem_alloc_init(&subject->real);
  }
  memory_unwatch();
  if (memory.calls != 0) {
    wrong("init called malloc");
  }
}

/* Does the allocator hold what the model holds, and is it sound? */
static void check_state(const struct subject *subject, const char *when)
{
  if (!mem_alloc_is_valid(&subject->real)) {
    wrong("m%d is not valid %s", (int)(subject - run.subjects), when);
  }
  if (!model_is_canonical(&subject->model)) {
    wrong("m%d: the model is not canonical %s", (int)(subject - run.subjects), when);
  }
  if (!model_matches(&subject->model, &subject->real)) {
    wrong("m%d differs from the model %s", (int)(subject - run.subjects), when);
  }
}

/* Destroy an allocator: it must be empty then, and usable. */
static void subject_destroy(struct subject *subject, uint32_t times)
{
  memory_watch(1);
  for (uint32_t i = 0; i < times; i++) {
    mem_alloc_destroy(&subject->real);
  }
  memory_unwatch();
  if (memory.calls != 0) {
    wrong("destroy called malloc");
  }
  subject->model.count = 0;
  check_state(subject, "after destroy");
}

static int restart(struct subject *subject, const struct call *call)
{
  subject_destroy(subject, 1 + (uint32_t)(call->first & 1));
  subject_init(subject, (call->second & 1) != 0);
  return MEM_ALLOC_OK;
}

/* Every function that can say MEM_ALLOC_INVALID of a NULL or of a bad alignment must. */
static int null_arguments(struct mem_alloc *m)
{
  struct mem_link link = { .last = 0 };
  struct mem_alloc_statistics statistics;
  struct mem_alloc_node node;
  uint64_t address = UNWRITTEN;
  mem_alloc_init(NULL);
  mem_alloc_destroy(NULL);
  const bool refused =
    mem_alloc_add_free(NULL, 0, 1) == MEM_ALLOC_INVALID
    && mem_alloc_get(NULL, &address, 1) == MEM_ALLOC_INVALID
    && mem_alloc_get(m, NULL, 1) == MEM_ALLOC_INVALID
    && mem_alloc_get_aligned(NULL, &address, 1, 1) == MEM_ALLOC_INVALID
    && mem_alloc_get_aligned(m, NULL, 1, 1) == MEM_ALLOC_INVALID
    && mem_alloc_put(NULL, 0) == MEM_ALLOC_INVALID
    && mem_alloc_apply_constraint(NULL, m) == MEM_ALLOC_INVALID
    && mem_alloc_apply_constraint(m, NULL) == MEM_ALLOC_INVALID
    && mem_alloc_reserve(NULL, 1) == MEM_ALLOC_INVALID
    && mem_alloc_init_static(NULL, &node, 1) == MEM_ALLOC_INVALID
    && mem_alloc_init_static(m, NULL, 1) == MEM_ALLOC_INVALID
    && mem_alloc_init_static(m, &node, 0) == MEM_ALLOC_INVALID
    && mem_alloc_first_run(NULL, &link) == MEM_ALLOC_INVALID
    && mem_alloc_first_run(m, NULL) == MEM_ALLOC_INVALID
    && mem_alloc_next_run(NULL, &link) == MEM_ALLOC_INVALID
    && mem_alloc_next_run(m, NULL) == MEM_ALLOC_INVALID
    && mem_alloc_get_statistics(NULL, &statistics) == MEM_ALLOC_INVALID
    && mem_alloc_get_statistics(m, NULL) == MEM_ALLOC_INVALID
    && !mem_alloc_is_valid(NULL) && address == UNWRITTEN;
  return refused ? MEM_ALLOC_OK : MEM_ALLOC_INVALID;
}

/* The call, by the allocator. */
static int call_real(const struct call *call, uint64_t *address)
{
  struct subject *const subject = &run.subjects[call->target];
  int status = MEM_ALLOC_OK;
  switch (call->function) {
  case ADD_FREE:
    status = mem_alloc_add_free(&subject->real, call->first, call->second);
    break;
  case GET:
    status = mem_alloc_get(&subject->real, address, call->first);
    break;
  case GET_ALIGNED:
    status = mem_alloc_get_aligned(&subject->real, address, call->first, call->second);
    break;
  case PUT:
    status = mem_alloc_put(&subject->real, call->first);
    break;
  case APPLY_CONSTRAINT:
    status = mem_alloc_apply_constraint(&subject->real, &run.subjects[call->other].real);
    break;
  case RESERVE:
    status = mem_alloc_reserve(&subject->real, call->first);
    break;
  case RESTART:
    status = restart(subject, call);
    break;
  case NULL_ARGUMENTS:
    status = null_arguments(&subject->real);
    break;
  }
  return status;
}

/* Are MEM_ALLOC_NODES_FOR(runs) nodes at most `nodes`? */
static bool nodes_suffice(uint64_t runs, uint64_t nodes)
{
  return runs <= UINT64_MAX / 8 && MEM_ALLOC_NODES_FOR(runs) <= nodes;
}

static int expected_of_reserve(const struct subject *subject, uint64_t runs)
{
  const uint64_t most = subject->storage == NULL ? UINT32_MAX : subject->storage_count;
  return nodes_suffice(runs, most) ? MEM_ALLOC_OK : MEM_ALLOC_NO_MEMORY;
}

/* The call, by this model of the target: what it must say. */
static int call_model(const struct call *call, struct model *model, uint64_t *address)
{
  int status = MEM_ALLOC_OK;
  switch (call->function) {
  case ADD_FREE:
    status = model_add_free(model, call->first, call->second);
    break;
  case GET:
    status = model_get(model, address, call->first);
    break;
  case GET_ALIGNED:
    status = model_get_aligned(model, address, call->first, call->second);
    break;
  case PUT:
    status = model_put(model, call->first);
    break;
  case APPLY_CONSTRAINT:
    status = model_apply_constraint(model, &run.subjects[call->other].model);
    break;
  case RESERVE:
    status = expected_of_reserve(&run.subjects[call->target], call->first);
    break;
  case RESTART:
  case NULL_ARGUMENTS:
    break;
  }
  return status;
}

/* How many runs a call has to find room for, given its numbers of runs before and after. */
static uint64_t runs_needed(const struct call *call, uint64_t before, uint64_t after)
{
  const uint64_t most = before > after ? before : after;
  return call->function == APPLY_CONSTRAINT ? most + model_all_runs(&run.subjects[call->other].model) : most;
}

/*
 * The call said MEM_ALLOC_NO_MEMORY: may it? Only if the model's answer
 * would be a success, and the storage that was promised does not cover it.
 */
static void check_no_memory(const struct call *call)
{
  struct subject *const subject = &run.subjects[call->target];
  if (call->function == RESERVE) {
    if (memory.refused == 0 && expected_of_reserve(subject, call->first) == MEM_ALLOC_OK) {
      wrong("NO_MEMORY, but nothing was refused");
    }
    return;
  }
  struct model would_be;
  uint64_t address = UNWRITTEN;
  model_init(&would_be);
  model_copy(&would_be, &subject->model);
  const int expected = call_model(call, &would_be, &address);
  const uint64_t needed = runs_needed(call, model_all_runs(&subject->model), model_all_runs(&would_be));
  model_destroy(&would_be);
  if (expected != MEM_ALLOC_OK || call->function == PUT) {
    wrong("NO_MEMORY, expected %s", status_name(expected));
  }
  if (subject->storage == NULL && memory.refused == 0) {
    wrong("NO_MEMORY, but no malloc failed");
  }
  if (subject->storage != NULL && nodes_suffice(needed, subject->storage_count)) {
    wrong("NO_MEMORY, but the static storage is enough for %" PRIu64 " runs", needed);
  }
}

/* malloc must not be called where it is promised that it is not. */
static void check_malloc_calls(const struct call *call, uint64_t before, uint64_t after)
{
  const struct subject *const subject = &run.subjects[call->target];
  const bool never = subject->storage != NULL || call->function == PUT || call->function >= RESTART;
  const bool covered = call->function != RESERVE && runs_needed(call, before, after) <= subject->reserved;
  if (memory.calls != 0 && (never || covered)) {
    wrong("malloc was called %s", never ? "by a call that needs none" : "though memory was reserved");
  }
}

/* The call by the allocator, with this malloc failing; its status. */
static int watched_call(const struct call *call, uint32_t fail_from, uint64_t *address)
{
  memory_watch(fail_from);
  const int status = call_real(call, address);
  memory_unwatch();
  return status;
}

/* After the allocator said NO_MEMORY: all as before? Then again, with no malloc failing. */
static int again_with_memory(const struct call *call, uint64_t *address)
{
  struct subject *const subject = &run.subjects[call->target];
  check_no_memory(call);
  check_state(subject, "after NO_MEMORY");
  if (*address != UNWRITTEN) {
    wrong("NO_MEMORY, but *address was written");
  }
  return subject->storage == NULL ? watched_call(call, 0, address) : MEM_ALLOC_NO_MEMORY;
}

/* May the second try still fail? Static storage stays too small; a huge reserve stays above MALLOC_LIMIT. */
static bool no_memory_is_final(const struct call *call)
{
  const bool too_large = call->function == RESERVE && memory.refused != 0;
  return run.subjects[call->target].storage != NULL || too_large;
}

/* Do a call with both and compare everything. */
static void make_call(struct call call)
{
  if (run.call_count == CALLS_MAX) {
    return;
  }
  struct subject *const subject = &run.subjects[call.target];
  struct call *const record = &run.calls[run.call_count];
  call.operation = run.operation;
  *record = call;
  run.call_count += 1;
  if (trace) {
    print_call(record);
  }
  uint64_t address = UNWRITTEN;
  int status = watched_call(&call, call.fail_from, &address);
  if (status == MEM_ALLOC_NO_MEMORY) {
    status = again_with_memory(&call, &address);
  }
  if (status == MEM_ALLOC_NO_MEMORY && no_memory_is_final(&call)) {
    record->finished = true;
    record->status = status;
    return;
  }
  const uint64_t before = model_all_runs(&subject->model);
  uint64_t expected_address = UNWRITTEN;
  const int expected = call_model(&call, &subject->model, &expected_address);
  if (status != expected) {
    wrong("status %s, expected %s", status_name(status), status_name(expected));
  }
  record->finished = true;
  record->status = status;
  record->address = address;
  if (address != expected_address) {
    wrong("address 0x%" PRIx64 ", expected 0x%" PRIx64, address, expected_address);
  }
  check_malloc_calls(&call, before, model_all_runs(&subject->model));
  if (call.function == RESERVE && status == MEM_ALLOC_OK && call.first > subject->reserved) {
    subject->reserved = call.first;
  }
  check_state(subject, "after the call");
  if (call.function == APPLY_CONSTRAINT && call.other != call.target) {
    check_state(&run.subjects[call.other], "after it was the constraint");
  }
}

/* --- From bytes to calls -------------------------------------------------- */

static uint8_t take(void)
{
  uint8_t byte = 0;
  if (run.at < run.size) {
    byte = run.data[run.at];
    run.at += 1;
  }
  return byte;
}

/* A 64-bit argument, counted from origin: see the top of this file. */
static uint64_t take_number(const struct model *model, uint64_t origin)
{
  const uint8_t selector = take();
  const uint8_t b = take();
  const uint64_t delta = (uint64_t)((selector >> 3) & 7) - 4;
  const struct model_run nothing = { .first = 0, .last = 0, .state = MEM_ALLOC_FREE };
  const struct model_run *const place = model->count == 0 ? &nothing : &model->runs[b % model->count];
  uint64_t value = 0;
  switch (selector & 7) {
  case 0:
    value = b;
    break;
  case 1:
    for (uint32_t i = 0; i < 8; i++) {
      value |= (uint64_t)take() << (8 * i);
    }
    break;
  case 2:
    value = (UINT64_C(1) << (b % 64)) + delta;
    break;
  case 3:
    value = delta - b - origin;
    break;
  case 4:
    value = place->first + delta - origin;
    break;
  case 5:
    value = place->last + 1 + delta - origin;
    break;
  case 6:
    value = place->last - place->first + 1 + delta;
    break;
  default:
    value = (uint64_t)b << (8 * (delta + 4));
    break;
  }
  return value;
}

static uint64_t page_address(uint8_t x)
{
  return run.page_zero + ((uint64_t)x << run.page_order);
}

static uint64_t page_size(uint8_t x)
{
  const uint64_t pages = x < 240 ? x % 20 : (uint64_t)(x - 239) * 16;
  return pages << run.page_order;
}

static uint64_t decode_address(const struct model *model, uint8_t x)
{
  return run.full ? take_number(model, 0) : page_address(x);
}

static uint64_t decode_size(const struct model *model, uint8_t x, uint64_t origin)
{
  return run.full ? take_number(model, origin) : page_size(x);
}

/* Mostly powers of two, often those of a few pages. */
static uint64_t decode_alignment(uint8_t y)
{
  uint64_t alignment = UINT64_C(1) << (y % 64);
  if (y >= 250) {
    alignment = (uint64_t)(y - 250) * 3 << run.page_order;
  } else if (y >= 128) {
    alignment = UINT64_C(1) << (run.page_order + y % 8);
  }
  return alignment;
}

/* Once if y is below 192, else up to nine times. */
static uint32_t decode_times(uint8_t y)
{
  return y < 192 ? 1 : 2 + y % 8;
}

/* The live block with this number (modulo how many there are), to *address; false if there is none. */
static bool live_block(const struct model *model, uint32_t number, uint64_t *address)
{
  const uint64_t live = model_count(model, MEM_ALLOC_ALLOCATED);
  if (live == 0) {
    return false;
  }
  uint64_t left = number % live;
  size_t i = 0;
  while (model->runs[i].state != MEM_ALLOC_ALLOCATED || left > 0) {
    left -= model->runs[i].state == MEM_ALLOC_ALLOCATED ? 1 : 0;
    i += 1;
  }
  *address = model->runs[i].first;
  return true;
}

/* Put live blocks, every second one from number x on. */
static void operate_put_live(struct call call, uint8_t x, uint8_t y)
{
  const struct model *const model = &run.subjects[call.target].model;
  call.function = PUT;
  for (uint32_t i = 0; i < decode_times(y); i++) {
    if (live_block(model, x + i, &call.first)) {
      make_call(call);
    }
  }
}

/* Add y (as a size) right below or right above the run with number x. */
static void operate_add_beside(struct call call, uint8_t x, uint8_t y)
{
  const struct model *const model = &run.subjects[call.target].model;
  call.function = ADD_FREE;
  call.second = decode_size(model, y, 0);
  if (model->count > 0) {
    const struct model_run *const place = &model->runs[(x / 2) % model->count];
    call.first = (x & 1) != 0 ? place->last + 1 : place->first - call.second;
    make_call(call);
  }
}

static void operate_get(struct call call, uint8_t x, uint8_t y)
{
  call.function = GET;
  call.first = decode_size(&run.subjects[call.target].model, x, 0);
  for (uint32_t i = 0; i < decode_times(y); i++) {
    make_call(call);
  }
}

/* Small numbers, and powers of two up to 2^63. */
static uint64_t decode_runs(uint8_t x, uint8_t y)
{
  return y < 192 ? x : (UINT64_C(1) << (y % 64)) - 1 + x;
}

/* What bits 0-3 of an operation choose. */
enum choice {
  CHOOSE_ADD_0, CHOOSE_ADD_1,                             /* add_free(page x, size y) */
  CHOOSE_ADD_BESIDE,                                      /* see operate_add_beside() */
  CHOOSE_GET_0, CHOOSE_GET_1, CHOOSE_GET_2, CHOOSE_GET_3, /* get(size x), several times if y >= 192 */
  CHOOSE_GET_ALIGNED,                                     /* get_aligned(size x, see decode_alignment()) */
  CHOOSE_PUT_0, CHOOSE_PUT_1, CHOOSE_PUT_2,               /* put(live block x), several if y >= 192 */
  CHOOSE_PUT_ADDRESS,                                     /* put(page x) */
  CHOOSE_APPLY_CONSTRAINT,                                /* apply_constraint(allocator x) */
  CHOOSE_RESERVE,                                         /* reserve(see decode_runs()) */
  CHOOSE_RESTART, /* destroy (twice if x is odd), init (by zeros if y is odd, in malloc mode) */
  CHOOSE_NULL     /* each function with NULL */
};

static void operate(void)
{
  const uint8_t what = take();
  const uint8_t x = take();
  const uint8_t y = take();
  struct call call = { .function = NULL_ARGUMENTS };
  call.target = ((what >> 4) & 3U) % run.count;
  call.fail_from = what >> 6;
  const struct model *const model = &run.subjects[call.target].model;
  switch ((enum choice)(what & 15)) {
  case CHOOSE_ADD_0:
  case CHOOSE_ADD_1:
    call.function = ADD_FREE;
    call.first = decode_address(model, x);
    call.second = decode_size(model, y, call.first);
    make_call(call);
    break;
  case CHOOSE_ADD_BESIDE:
    operate_add_beside(call, x, y);
    break;
  case CHOOSE_GET_0:
  case CHOOSE_GET_1:
  case CHOOSE_GET_2:
  case CHOOSE_GET_3:
    operate_get(call, x, y);
    break;
  case CHOOSE_GET_ALIGNED:
    call.function = GET_ALIGNED;
    call.first = decode_size(model, x, 0);
    call.second = decode_alignment(y);
    make_call(call);
    break;
  case CHOOSE_PUT_0:
  case CHOOSE_PUT_1:
  case CHOOSE_PUT_2:
    operate_put_live(call, x, y);
    break;
  case CHOOSE_PUT_ADDRESS:
    call.function = PUT;
    call.first = decode_address(model, x);
    make_call(call);
    break;
  case CHOOSE_APPLY_CONSTRAINT:
    call.function = APPLY_CONSTRAINT;
    call.other = x % run.count;
    make_call(call);
    break;
  case CHOOSE_RESERVE:
    call.function = RESERVE;
    call.first = decode_runs(x, y);
    make_call(call);
    break;
  case CHOOSE_RESTART:
    call.function = RESTART;
    call.first = x;
    call.second = y;
    make_call(call);
    break;
  case CHOOSE_NULL:
    make_call(call);
    break;
  }
}

/* --- One input ------------------------------------------------------------ */

/* Static storage of the exact size, so that the sanitizer sees every access beyond it. */
static void choose_storage(struct subject *subject, uint32_t kind, uint8_t nodes)
{
  subject->storage = NULL;
  subject->storage_count = 0;
  if (kind >= 2) {
    subject->storage_count = 1 + (kind == 2 ? nodes % 8 : nodes);
    subject->storage = __real_malloc(subject->storage_count * sizeof subject->storage[0]);
    if (subject->storage == NULL) {
      fprintf(stderr, "mem_alloc_fuzz: out of memory\n");
      abort();
    }
  }
}

static void begin(const uint8_t *data, size_t size)
{
  static const uint8_t page_orders[] = { 0, 12, 30, 56 };
  run.data = data;
  run.size = size;
  run.at = 0;
  run.operation = 0;
  run.call_count = 0;
  memory.live = 0;
  const uint8_t shape = take();
  const uint8_t storage = take();
  const uint8_t nodes = take();
  run.count = 1 + (shape & 3U);
  run.full = ((shape >> 2) & 1) != 0;
  run.page_order = page_orders[(shape >> 3) & 3];
  const uint64_t page = UINT64_C(1) << run.page_order;
  const uint64_t page_zeros[] = { 0, 0 - 256 * page, (UINT64_C(1) << 63) - 128 * page, 3 * page + 1 };
  run.page_zero = page_zeros[(shape >> 5) & 3];
  for (uint32_t i = 0; i < run.count; i++) {
    choose_storage(&run.subjects[i], (storage >> (2 * i)) & 3, nodes);
    subject_init(&run.subjects[i], false);
    if (shape >= 128) {
      struct call all = { .function = ADD_FREE, .target = i };
      all.first = run.page_zero;
      all.second = 255 * page;
      make_call(all);
    }
  }
}

/* Does mem_alloc_next_run() find the lowest run that starts above last, wherever that is? */
static void check_next_run(const struct subject *subject, uint64_t last)
{
  const struct model *const model = &subject->model;
  size_t i = 0;
  while (i < model->count && model->runs[i].first <= last) {
    i += 1;
  }
  const int expected = i < model->count ? MEM_ALLOC_OK : MEM_ALLOC_NOT_FOUND;
  const uint64_t address = i < model->count ? model->runs[i].first : UNWRITTEN;
  struct mem_link link = { .address = UNWRITTEN, .last = last };
  const int status = mem_alloc_next_run(&subject->real, &link);
  if (status != expected || link.address != address) {
    wrong("next_run after 0x%" PRIx64 ": status %s, address 0x%" PRIx64 ", expected %s, 0x%" PRIx64, last,
          status_name(status), link.address, status_name(expected), address);
  }
}

static void check_iteration(const struct subject *subject)
{
  check_next_run(subject, 0);
  check_next_run(subject, UINT64_MAX);
  for (size_t i = 0; i < subject->model.count; i++) {
    check_next_run(subject, subject->model.runs[i].first - 1);
    check_next_run(subject, subject->model.runs[i].first);
  }
}

/* Nothing may be left but what the model says, and nothing at all after destroy. */
static void finish(void)
{
  for (uint32_t i = 0; i < run.count; i++) {
    struct subject *const subject = &run.subjects[i];
    check_state(subject, "at the end");
    check_iteration(subject);
    if (!model_matches_statistics(&subject->model, &subject->real)) {
      wrong("the statistics of m%" PRIu32 " differ from the model", i);
    }
  }
  for (uint32_t i = 0; i < run.count; i++) {
    subject_destroy(&run.subjects[i], 1);
    model_destroy(&run.subjects[i].model);
    __real_free(run.subjects[i].storage);
  }
  if (memory.live != 0) {
    wrong("%" PRIu32 " blocks of memory were never freed", memory.live);
  }
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  trace = getenv("MEM_ALLOC_FUZZ_TRACE") != NULL;
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  begin(data, size);
  while (run.at < run.size && run.operation < OPERATIONS_MAX) {
    run.operation += 1;
    operate();
  }
  finish();
  return 0;
}
