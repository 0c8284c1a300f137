/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L

#include "fuzz/harness/harness.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/harness/arguments.h"
#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/model/damage.h"
#include "tests/model/model.h"
#include "tests/model/validity.h"

/* --- What checks.h works with ------------------------------------------------- */

/* The linker sends every malloc and free to the harness (-Wl,--wrap). */
void *__real_malloc(size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void __wrap_free(void *block);

__attribute__((format(printf, 1, 2), noreturn)) static void wrong(const char *format, ...);
static const struct implementation *table(void);

#define OF(name) table()->name
#define OF_NODE_SIZE table()->node_size
#define OF_NODES_FOR(runs) table()->nodes_for(runs)
#define OF_LEVELS_MAX table()->levels_max
#define OF_VALIDITY(name) table()->validity_##name
#define REAL(name) __real_##name
#define FAIL(...) wrong(__VA_ARGS__)

#include "fuzz/harness/checks.h"

void *__wrap_malloc(size_t size)
{
  return memory.watched ? memory_malloc(size) : __real_malloc(size);
}

void __wrap_free(void *block)
{
  if (memory.watched) {
    memory_free(block);
  } else {
    __real_free(block);
  }
}

/* --- The state of a run, and what is said when it goes wrong --------------- */

/* One allocator: every implementation's, and the model of them. */
struct subject {
  struct mem_alloc *real[IMPLEMENTATIONS_MAX]; /* in blocks of their own */
  struct watched watched[IMPLEMENTATIONS_MAX];
  struct model model;
  void *storage; /* NULL: none. A target with static storage has one implementation only. */
  uint32_t storage_count;
};

static struct {
  struct places places;
  struct subject subjects[ALLOCATORS_MAX];
  uint32_t count; /* of subjects */
  const struct implementation *implementations[IMPLEMENTATIONS_MAX];
  uint32_t implementation_count;
  uint32_t implementation; /* the one that is looked at */
  bool check_all;          /* everything is to be checked after the call */
  uint64_t operations;     /* so many were made: calls, and those that ADD_MANY stands for */
  struct mem_alloc damaged; /* a copy of an allocator with storage of its own, damaged */
  bool is_damaged;          /* is there one? */
  uint32_t damaged_of;      /* which allocator it is a copy of */
} run;

static struct record record_of_this_process;
struct record *harness_record = &record_of_this_process;

static void count_operations(uint64_t count);

/* More than any input needs, except for a reserve that asks for it. */
size_t harness_malloc_limit(void)
{
  return (size_t)1024 * (32 + fuzz_profile.calls_max);
}

static void print_call(const struct call *call)
{
  char text[160];
  call_to_text(call, text, sizeof text);
  fprintf(stderr, "  operation %" PRIu32 ": %s", call->operation, text);
  if (call->returned && call->function == DAMAGE) {
    fprintf(stderr, " -> %s", call->status == MEM_ALLOC_OK ? "accepted" : "rejected");
  } else if (call->returned) {
    fprintf(stderr, " -> %s", status_name(call->status));
    if (call->status == MEM_ALLOC_OK && (call->function == GET || call->function == GET_ALIGNED)) {
      fprintf(stderr, " 0x%" PRIx64, call->address);
    }
  }
  fprintf(stderr, "\n");
}

static void print_calls(void)
{
  enum { SHOWN = 100 };
  const struct record *const record = harness_record;
  const uint32_t skipped = record->call_count > SHOWN ? record->call_count - SHOWN : 0;
  for (uint32_t i = 0; i < record->allocators; i++) {
    fprintf(stderr, "  m%" PRIu32 ": ", i);
    if (record->nodes[i] == 0) {
      fprintf(stderr, "malloc\n");
    } else {
      fprintf(stderr, "static storage of %" PRIu32 " nodes\n", record->nodes[i]);
    }
  }
  if (skipped > 0) {
    fprintf(stderr, "  (%" PRIu32 " calls before these)\n", skipped);
  }
  for (uint32_t i = skipped; i < record->call_count; i++) {
    print_call(&record->calls[i]);
  }
}

/* The finding without its numbers, and without what its last brackets say: the same for two that fail alike. */
static void kind_of(const char *finding, char *kind)
{
  const char *end = finding + strlen(finding);
  const char *const bracket = strrchr(finding, '(');
  if (bracket != NULL && bracket > finding && bracket[-1] == ' ' && end[-1] == ')') {
    end = bracket - 1;
  }
  size_t length = 0;
  for (const char *at = finding; at < end && length + 1 < FINDING_MAX; at++) {
    const bool digit = *at >= '0' && *at <= '9';
    if (at[0] == '0' && at + 1 < end && at[1] == 'x') {
      at += 2 + strspn(at + 2, "0123456789abcdef") - 1;
      kind[length] = 'N';
    } else if (digit && (at == finding || !(at[-1] >= 'a' && at[-1] <= 'z'))) {
      at += strspn(at, "0123456789") - 1;
      kind[length] = 'N';
    } else {
      kind[length] = *at;
    }
    length += 1;
  }
  kind[length] = '\0';
}

/* What the allocator that the last call was for holds, as far as it can be asked. */
static void record_runs(void)
{
  struct record *const record = harness_record;
  if (record->call_count == 0) {
    return;
  }
  const struct mem_alloc *const real = run.subjects[record->calls[record->call_count - 1].target].real[run.implementation];
  struct mem_link link = { .last = 0 };
  int status = table()->first_run(real, &link);
  while (status == MEM_ALLOC_OK && record->run_count < RUNS_MAX) {
    record->runs[record->run_count] = (struct model_run){ link.address, link.last, link.state };
    record->run_count += 1;
    status = table()->next_run(real, &link);
  }
  record->runs_complete = status == MEM_ALLOC_NOT_FOUND;
}

/* Record and print what is wrong with the call made last, and all calls up to it. */
__attribute__((format(printf, 1, 2), noreturn)) static void wrong(const char *format, ...)
{
  struct record *const record = harness_record;
  va_list arguments;
  memory_unwatch();
  va_start(arguments, format);
  (void)vsnprintf(record->finding, sizeof record->finding, format, arguments);
  va_end(arguments);
  kind_of(record->finding, record->kind);
  record->fan_out = table()->fan_out;
  fprintf(stderr, "mem_alloc_fuzz: operation %" PRIu32 ": %s\n", record->operations, record->finding);
  fprintf(stderr, "The calls so far (target %s, fan-out %" PRIu32 "); the last one is wrong:\n",
          fuzz_profile.name, record->fan_out);
  print_calls();
  fprintf(stderr, "To look at it: fuzz/replay --target %s FILE\n", fuzz_profile.name);
  count_operations(run.operations);
  if (record != &record_of_this_process) {
    record_runs();
  }
  abort();
}

/* The table of the implementation that is looked at, and its allocator. */
static const struct implementation *table(void)
{
  return run.implementations[run.implementation];
}

static struct watched *watched_of(struct subject *subject)
{
  return &subject->watched[run.implementation];
}

/* --- One call, by all ---------------------------------------------------------- */

/* No damage outlives the next call of another kind. */
static void forget_damage(void)
{
  if (run.is_damaged) {
    free(run.damaged.nodes);
    run.is_damaged = false;
  }
}

static int restart(struct subject *subject, uint64_t how)
{
  struct watched *const watched = watched_of(subject);
  expect_destroy(watched, (how & RESTART_TWICE) != 0 ? 2 : 1);
  if ((how & RESTART_FAILED) != 0) {
    expect_failed_init_static(watched);
  }
  if ((how & RESTART_AS_IT_IS) == 0) {
    const bool by_zeros = (how & RESTART_ZEROS) != 0;
    expect_init(watched, subject->storage, by_zeros ? 0 : subject->storage_count, by_zeros);
  }
  return MEM_ALLOC_OK;
}

/* As call_model() does; with all the memory it wants. */
static int add_many(struct mem_alloc *m, uint64_t first, uint64_t count, uint64_t *added)
{
  int status = MEM_ALLOC_OK;
  uint64_t i = 0;
  while (i < count && status == MEM_ALLOC_OK) {
    status = table()->add_free(m, first + 2 * i, 1);
    i += status == MEM_ALLOC_OK ? 1 : 0;
  }
  *added = i;
  return status;
}

/* The call, by the implementation that is looked at. */
static int call_real(const struct call *call, uint64_t *address)
{
  struct subject *const subject = &run.subjects[call->target];
  struct mem_alloc *const real = watched_of(subject)->m;
  int status = MEM_ALLOC_OK;
  switch (call->function) {
  case ADD_FREE:
    status = table()->add_free(real, call->first, call->second);
    break;
  case GET:
    status = table()->get(real, address, call->first);
    break;
  case GET_ALIGNED:
    status = table()->get_aligned(real, address, call->first, call->second);
    break;
  case PUT:
    status = table()->put(real, call->first);
    break;
  case APPLY_CONSTRAINT:
    status = table()->apply_constraint(real, watched_of(&run.subjects[call->other])->m);
    break;
  case RESERVE:
    status = table()->reserve(real, call->first);
    break;
  case ADD_MANY:
    status = add_many(real, call->first, call->second, address);
    break;
  case RESTART: /* see answer() */
  case NULL_ARGUMENTS:
  case DAMAGE: /* see make_damage() */
    break;
  }
  return status;
}

static enum need need_of(enum function function)
{
  enum need need = NEED_NOTHING;
  if (function == ADD_FREE || function == GET || function == GET_ALIGNED || function == ADD_MANY) {
    need = NEED_NODES;
  } else if (function == APPLY_CONSTRAINT) {
    need = NEED_CUTS;
  } else if (function == RESERVE) {
    need = NEED_RESERVE;
  }
  return need;
}

/*
 * The call by the implementation, with malloc failing from this one on; its
 * status. Whether it may call malloc, and whether it may say NO_MEMORY, is
 * checked.
 */
static int try_call(const struct call *call, uint32_t fail_from, uint64_t *address)
{
  struct watched *const watched = watched_of(&run.subjects[call->target]);
  const size_t limit = call->function == RESERVE ? harness_malloc_limit() : SIZE_MAX;
  *outputs.address = UNWRITTEN;
  expect_begin(watched);
  memory_watch(fail_from, limit);
  const int status = call_real(call, outputs.address);
  memory_unwatch();
  *address = *outputs.address;
  if (memory.calls > 0 || status == MEM_ALLOC_NO_MEMORY) {
    const struct needs needs =
      call_needs(call, &run.subjects[call->target].model, &run.subjects[call->other].model);
    const struct facts facts = { .need = need_of(call->function), .runs = needs.runs, .cuts = needs.cuts };
    expect_malloc_calls(watched, &facts);
    if (status == MEM_ALLOC_NO_MEMORY && needs.status != MEM_ALLOC_OK) {
      wrong("status NO_MEMORY, expected %s", status_name(needs.status));
    }
    if (status == MEM_ALLOC_NO_MEMORY) {
      expect_refusal(watched, &facts);
    }
  }
  if (call->function == RESERVE) {
    expect_reserve(watched, call->first, status);
  }
  return status;
}

/* Is all as it was before a call that failed for lack of memory? */
static void check_unchanged(const struct call *call, uint64_t address)
{
  struct subject *const subject = &run.subjects[call->target];
  const struct model *const model = &subject->model;
  if (address != UNWRITTEN) {
    wrong("NO_MEMORY, but *address was written");
  }
  if (call->function == APPLY_CONSTRAINT) {
    expect_tree(watched_of(subject), model->runs, model->count, "after NO_MEMORY");
  } else {
    expect_near(watched_of(subject), model->runs, model->count, call->first, "after NO_MEMORY");
  }
}

/* One implementation's answer, to *call. With malloc, what failed for lack of it is done again with it. */
static void answer(struct call *call)
{
  struct subject *const subject = &run.subjects[call->target];
  call->address = UNWRITTEN;
  if (call->function == RESTART) {
    call->status = restart(subject, call->first);
    return;
  }
  if (call->function == NULL_ARGUMENTS) {
    memory_watch(1, 0);
    expect_null_arguments(watched_of(subject));
    memory_unwatch();
    return;
  }
  call->status = try_call(call, call->fail_from, &call->address);
  if (call->status == MEM_ALLOC_NO_MEMORY) {
    call->refused = true;
    call->final = watched_of(subject)->storage_count > 0 || call->fail_from == 0;
    harness_record->calls[harness_record->call_count - 1].refused = true;
    harness_record->calls[harness_record->call_count - 1].final = call->final;
    check_unchanged(call, call->address);
  }
  if (call->status == MEM_ALLOC_NO_MEMORY && !call->final) {
    call->status = try_call(call, 0, &call->address);
    call->final = call->status == MEM_ALLOC_NO_MEMORY; /* a reserve that is too large */
  }
}

/* After a call: what it can have changed, and everything now and then. */
static void check_after(const struct call *call)
{
  struct subject *const subject = &run.subjects[call->target];
  struct watched *const watched = watched_of(subject);
  const struct model *const model = &subject->model;
  const char *const when = "after the call";
  if (run.check_all) {
    expect_all(watched, model->runs, model->count, when);
  } else if (call->function == APPLY_CONSTRAINT) {
    expect_tree(watched, model->runs, model->count, when);
  } else if (call->function == GET || call->function == GET_ALIGNED) {
    expect_near(watched, model->runs, model->count, call->status == MEM_ALLOC_OK ? call->address : call->first, when);
  } else {
    expect_near(watched, model->runs, model->count, call->first, when);
  }
  if (run.check_all && call->function == APPLY_CONSTRAINT && call->other != call->target) {
    struct subject *const other = &run.subjects[call->other];
    expect_all(watched_of(other), other->model.runs, other->model.count, "after it was the constraint");
  }
}

/* The answers of all implementations against the one expected. */
static void check_answers(const struct call *answers, int expected, uint64_t address)
{
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    const struct call *const one = &answers[run.implementation];
    /* A reserve can be too large with one fan-out and not with another: expect_reserve() has looked at each. */
    if (one->function != RESERVE && !(one->final && one->refused) && one->status != expected) {
      wrong("status %s, expected %s", status_name(one->status), status_name(expected));
    }
    if (one->address != address) {
      wrong("address 0x%" PRIx64 ", expected 0x%" PRIx64, one->address, address);
    }
    check_after(one);
  }
  run.implementation = 0;
}

/* Do a call with all implementations and the model, and compare. */
static void make_call(struct call call)
{
  struct record *const record = harness_record;
  if (record->call_count == fuzz_profile.calls_max) {
    return;
  }
  struct call answers[IMPLEMENTATIONS_MAX];
  struct call *const recorded = &record->calls[record->call_count];
  struct subject *const subject = &run.subjects[call.target];
  const struct mem_alloc constraint = *watched_of(&run.subjects[call.other])->m;
  forget_damage();
  call.operation = record->operations;
  *recorded = call; /* before it is made, in case it never returns */
  record->call_count += 1;
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    answers[run.implementation] = call;
    answer(&answers[run.implementation]);
  }
  run.implementation = 0;
  *recorded = answers[0];
  recorded->returned = true;
  run.operations += call.function == ADD_MANY ? recorded->address : 1;
  uint64_t address = UNWRITTEN;
  int expected = MEM_ALLOC_NO_MEMORY;
  /* The model, which has no storage, is left as it is when there is too little. */
  if (!answers[0].final) {
    expected = call_model(&call, &subject->model, &run.subjects[call.other].model, &address);
  }
  check_answers(answers, expected, address);
  if (call.function == APPLY_CONSTRAINT && call.other != call.target
      && memcmp(&constraint, watched_of(&run.subjects[call.other])->m, sizeof constraint) != 0) {
    wrong("apply_constraint wrote to the constraint");
  }
}

/* --- Damage ---------------------------------------------------------------------- */

/* mem_alloc_is_valid of the damaged copy against the reference. The call says what was damaged last. */
static void check_damaged(struct call *call)
{
  const enum validity expected = validity_find(&run.damaged);
  call->address = expected;
  const bool accepted = table()->is_valid(&run.damaged);
  call->status = accepted ? MEM_ALLOC_OK : MEM_ALLOC_INVALID;
  call->returned = true;
  if (accepted && expected != VALIDITY_SOUND) {
    wrong("is_valid accepts damage: %s", validity_name(expected));
  }
  if (!accepted && expected == VALIDITY_SOUND) {
    wrong("is_valid rejects what is sound");
  }
}

/*
 * Damage one field, which the byte picks, of a copy of the allocator: of the damaged one, if there is one and
 * `more`. The copy has storage of the exact size, so that the sanitizer sees every access beyond it.
 */
static void make_damage(uint32_t target, bool more, uint8_t byte, const struct argument *argument)
{
  struct record *const record = harness_record;
  const struct subject *const subject = &run.subjects[target];
  const struct mem_alloc *const real = subject->real[0];
  if (record->call_count == fuzz_profile.calls_max) {
    return;
  }
  const bool again = more && run.is_damaged && run.damaged_of == target;
  if (!again) {
    forget_damage();
    run.damaged = damage_copy(real);
    run.is_damaged = true;
    run.damaged_of = target;
  }
  const size_t place = operation_pick(byte, damage_places(real->fresh));
  damage_write(&run.damaged, place, value_from(argument, &subject->model, damage_read(&run.damaged, place)));
  struct call *const call = &record->calls[record->call_count];
  *call = (struct call){ .function = DAMAGE, .target = target, .other = again ? 1 : 0,
                         .operation = record->operations, .first = place };
  call->second = damage_read(&run.damaged, place);
  record->call_count += 1;
  run.operations += 1;
  check_damaged(call);
}

/* --- One input ---------------------------------------------------------------- */

/*
 * Is everything to be checked after this step, and not only what it can have
 * changed? Its own bytes decide, so that an input that is cut shorter is
 * checked where it was before.
 */
static bool is_due(const struct operation *step)
{
  uint32_t mixed = (uint32_t)step->kind;
  for (uint32_t i = 0; i < 2; i++) {
    const struct argument *const argument = &step->arguments[i];
    mixed = (mixed ^ argument->byte) * UINT32_C(0x01000193);
    mixed = (mixed ^ (uint32_t)argument->kind ^ (uint32_t)argument->number) * UINT32_C(0x01000193);
  }
  return (mixed ^ mixed >> 15) % fuzz_profile.full_check_every == 0;
}

static void operate(const struct operation *operation)
{
  const uint32_t steps = operation_steps(operation);
  for (uint32_t i = 0; i < steps; i++) {
    const struct operation step = operation_step(operation, i);
    struct call call = { .target = step.allocator % run.count };
    call.fail_from = fuzz_profile.malloc_failures ? step.fail_from : 0;
    run.check_all = is_due(&step);
    const bool more = step.kind == OPERATION_DAMAGE_MORE;
    if (more || step.kind == OPERATION_DAMAGE) {
      make_damage(call.target, more, step.arguments[0].byte, &step.arguments[1]);
    } else if (call_from(&run.places, &step, &run.subjects[call.target].model, &call)) {
      make_call(call);
    }
  }
}

static uint32_t static_nodes(uint32_t allocator, uint8_t storage)
{
  const uint32_t n = storage & 63;
  const uint32_t nodes = n < 32 ? n + 1 : 32 + 8 * (n - 31);
  const bool chosen = fuzz_profile.storage == FUZZ_STATIC || ((storage >> (6 + allocator % 2)) & 1) != 0;
  return fuzz_profile.storage != FUZZ_MALLOC && chosen ? nodes : 0;
}

static void *allocate(size_t size)
{
  void *const block = __real_malloc(size);
  if (block == NULL) {
    fprintf(stderr, "mem_alloc_fuzz: out of memory\n");
    abort();
  }
  return block;
}

static void choose_implementations(void)
{
  static const struct implementation *const linked[] = { &linked_implementation, NULL };
  const struct implementation *const *const list =
    fuzz_profile.implementations != NULL ? fuzz_profile.implementations : linked;
  run.implementation_count = 0;
  while (run.implementation_count < IMPLEMENTATIONS_MAX && list[run.implementation_count] != NULL) {
    run.implementations[run.implementation_count] = list[run.implementation_count];
    run.implementation_count += 1;
  }
  run.implementation = 0;
}

/* Objects and static storage in blocks of the exact size, so that the sanitizer sees every access beyond them. */
static void begin_allocator(uint32_t number, uint32_t nodes)
{
  struct subject *const subject = &run.subjects[number];
  subject->storage = nodes > 0 ? allocate(nodes * table()->node_size) : NULL;
  subject->storage_count = nodes;
  subject->model.count = 0;
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    struct mem_alloc **const real = &subject->real[run.implementation];
    if (*real == NULL) {
      *real = allocate(sizeof **real);
    }
    *watched_of(subject) = (struct watched){ .m = *real, .number = number };
    expect_init(watched_of(subject), subject->storage, nodes, harness_record->zero_filled && nodes == 0);
  }
  run.implementation = 0;
}

static void begin_allocators(uint8_t storage, bool pages_added)
{
  struct record *const record = harness_record;
  for (uint32_t i = 0; i < run.count; i++) {
    record->nodes[i] = static_nodes(i, storage);
    begin_allocator(i, record->nodes[i]);
  }
  run.check_all = false;
  for (uint32_t i = 0; pages_added && i < run.count; i++) {
    const uint64_t size = (uint64_t)(ARGUMENT_PAGES - 1) << run.places.page_order;
    const struct call all = { .function = ADD_FREE, .target = i, .first = run.places.page_zero, .second = size };
    make_call(all);
  }
}

static void begin(const uint8_t *data, size_t size)
{
  static const uint8_t page_orders[] = { 12, 0, 30, 56 };
  struct record *const record = harness_record;
  const uint8_t shape = size > 0 ? data[0] : 0;
  const uint8_t storage = size > 1 ? data[1] : 0;
  const uint32_t choices = fuzz_profile.allocators_max - fuzz_profile.allocators_min + 1;
  choose_implementations();
  run.operations = 0;
  memory_begin();
  outputs_begin();
  run.count = fuzz_profile.allocators_min + (shape & 3) % choices;
  run.places.allocators = run.count;
  run.places.page_order = page_orders[(shape >> 2) & 3];
  const uint64_t page = UINT64_C(1) << run.places.page_order;
  const uint64_t page_zeros[] = {
    0, 0 - ARGUMENT_PAGES * page, (UINT64_C(1) << 63) - ARGUMENT_PAGES / 2 * page, 3 * page + 1
  };
  run.places.page_zero = page_zeros[(shape >> 4) & 3];
  record->allocators = run.count;
  record->zero_filled = (shape & 128) != 0;
  record->fan_out = table()->fan_out;
  record->operations = 0;
  record->call_count = 0;
  record->finished = false;
  record->kind[0] = '\0';
  record->finding[0] = '\0';
  record->run_count = 0;
  record->runs_complete = false;
  begin_allocators(storage, (shape & 64) != 0);
}

static void finish_allocator(struct subject *subject)
{
  const struct model *const model = &subject->model;
  if (!model_is_canonical(model)) {
    wrong("m%" PRIu32 ": the model is not canonical", watched_of(subject)->number);
  }
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    expect_all(watched_of(subject), model->runs, model->count, "at the end");
    expect_destroy(watched_of(subject), 1);
    expect_use_and_destroy(watched_of(subject));
  }
  run.implementation = 0;
  __real_free(subject->storage);
  subject->storage = NULL;
}

/* Nothing may be left but what the model says, and nothing at all after destroy. */
static void finish(void)
{
  forget_damage();
  for (uint32_t i = 0; i < run.count; i++) {
    finish_allocator(&run.subjects[i]);
  }
  if (memory.live != 0) {
    wrong("%" PRIu32 " blocks of memory were never freed", memory.live);
  }
  harness_record->finished = true;
}

void harness_run(const uint8_t *data, size_t size)
{
  struct record *const record = harness_record;
  size_t at = HEADER_BYTES;
  begin(data, size);
  while (at < size && record->operations < fuzz_profile.operations_max) {
    struct operation operation;
    at += operation_decode(&fuzz_profile, data + at, size - at, &operation);
    record->operations += 1;
    operate(&operation);
  }
  finish();
  count_operations(run.operations);
}

/* --- For engines --------------------------------------------------------------------- */

static unsigned long repetitions = 1;
static uint64_t operations;         /* of this process */
static uint64_t *operations_of_all; /* of all processes with the same file; NULL: nobody asked */

/* So many more operations on allocators were made. */
static void count_operations(uint64_t count)
{
  operations += count;
  if (operations_of_all != NULL) {
    (void)__atomic_fetch_add(operations_of_all, count, __ATOMIC_RELAXED);
  }
}

static void print_operations(void)
{
  fprintf(stderr, "operations: %" PRIu64 "\n", operations);
}

/* The counter in this file, which is made if need be; NULL, and a message, if it cannot be had. */
static uint64_t *open_counter(const char *path)
{
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  void *counter = MAP_FAILED;
  if (file >= 0 && ftruncate(file, sizeof(uint64_t)) == 0) {
    counter = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  if (counter == MAP_FAILED) {
    perror(path);
  }
  if (file >= 0) {
    (void)close(file);
  }
  return counter == MAP_FAILED ? NULL : counter;
}

const char *__asan_default_options(void);

/*
 * What is freed soon is used again: else every block takes fresh pages, which
 * costs a third of the time. The stacks of malloc say nothing here.
 */
const char *__asan_default_options(void)
{
  return "quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=3";
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * From the environment:
 * MEM_ALLOC_FUZZ_REPEAT=N runs every input N times: to measure the harness
 * and not how fast an engine reads files.
 * MEM_ALLOC_FUZZ_OPERATIONS=FILE adds how many operations on allocators were
 * made to a 64-bit number, the machine's own, that is all of the file; after
 * every input, so that nothing is lost when a process is killed. What this
 * process made is printed at its exit, too: "operations: N".
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  const char *const repeat = getenv("MEM_ALLOC_FUZZ_REPEAT");
  const char *const counter = getenv("MEM_ALLOC_FUZZ_OPERATIONS");
  if (repeat != NULL) {
    repetitions = strtoul(repeat, NULL, 10);
  }
  if (counter != NULL) {
    operations_of_all = open_counter(counter);
  }
  return atexit(print_operations);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  for (unsigned long i = 0; i < repetitions; i++) {
    harness_run(data, size);
  }
  return 0;
}
