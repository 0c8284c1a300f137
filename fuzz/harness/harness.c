/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/harness/harness.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/model/damage.h"
#include "tests/model/model.h"
#include "tests/model/validity.h"

enum { GARBAGE = 0xa5 };

/* --- The malloc boundary ------------------------------------------------- */

/* What the allocator did with malloc and free since memory_watch(). */
static struct {
  bool watched;       /* a call of the allocator is under way */
  uint32_t fail_from; /* calls of malloc fail from this one on; 0: none */
  uint32_t calls;
  uint32_t refused;   /* calls that failed */
  uint32_t live;      /* blocks not yet freed, since the input began */
} memory;

/* More than any input needs, except for a reserve that asks for it. */
size_t harness_malloc_limit(void)
{
  return (size_t)1024 * (32 + fuzz_profile.calls_max);
}

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
  if ((memory.fail_from != 0 && memory.calls >= memory.fail_from) || size > harness_malloc_limit()) {
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

/* --- The state of a run, and what is said when it goes wrong --------------- */

/* One allocator: every implementation's, and the model of them. */
struct subject {
  struct mem_alloc real[IMPLEMENTATIONS_MAX];
  uint64_t reserved[IMPLEMENTATIONS_MAX]; /* runs for which mem_alloc_reserve() promised memory */
  struct model model;
  void *storage; /* NULL: malloc. A target with static storage has one implementation only. */
  uint32_t storage_count;
};

static struct {
  uint8_t page_order;
  uint64_t page_zero;
  bool zero_filled; /* allocators start so */
  struct subject subjects[ALLOCATORS_MAX];
  uint32_t count; /* of subjects */
  const struct implementation *implementations[IMPLEMENTATIONS_MAX];
  uint32_t implementation_count;
  uint32_t implementation; /* the one that is looked at */
  struct model would_be;   /* see check_no_memory() */
  struct mem_alloc damaged; /* a copy of an allocator with storage of its own, damaged */
  bool is_damaged;          /* is there one? */
  uint32_t damaged_of;      /* which allocator it is a copy of */
} run;

static struct record record_of_this_process;
struct record *harness_record = &record_of_this_process;

static const char *const function_names[] = {
  "add_free", "get", "get_aligned", "put", "apply_constraint", "reserve", "restart", "null_arguments",
  "damage"
};

static const char *const status_names[] = {
  "OK", "INVALID", "OVERLAP", "NO_SPACE", "NOT_FOUND", "CONFLICT", "NO_MEMORY"
};

const char *status_name(int status)
{
  return status >= MEM_ALLOC_OK && status <= MEM_ALLOC_NO_MEMORY ? status_names[status] : "no such status";
}

void call_to_text(const struct call *call, char *text, size_t size)
{
  char arguments[80] = "";
  if (call->function == APPLY_CONSTRAINT) {
    (void)snprintf(arguments, sizeof arguments, ", m%" PRIu32, call->other);
  } else if (call->function == ADD_FREE || call->function == GET_ALIGNED) {
    (void)snprintf(arguments, sizeof arguments, ", 0x%" PRIx64 ", 0x%" PRIx64, call->first, call->second);
  } else if (call->function == DAMAGE) {
    char name[DAMAGE_NAME_MAX];
    damage_name((size_t)call->first, name);
    (void)snprintf(arguments, sizeof arguments, "%s, %s = 0x%" PRIx64, call->other != 0 ? ", more" : "", name,
                   call->second);
  } else if (call->function != RESTART && call->function != NULL_ARGUMENTS) {
    (void)snprintf(arguments, sizeof arguments, ", 0x%" PRIx64, call->first);
  }
  char failure[40] = "";
  if (call->fail_from != 0) {
    (void)snprintf(failure, sizeof failure, " [malloc %" PRIu32 " fails]", call->fail_from);
  }
  (void)snprintf(text, size, "%s(m%" PRIu32 "%s)%s", function_names[call->function], call->target, arguments,
                 failure);
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

/* Record and print what is wrong with the call made last, and all calls up to it. */
__attribute__((format(printf, 1, 2), noreturn)) static void wrong(const char *format, ...)
{
  struct record *const record = harness_record;
  va_list arguments;
  va_start(arguments, format);
  (void)snprintf(record->kind, sizeof record->kind, "%s", format);
  (void)vsnprintf(record->finding, sizeof record->finding, format, arguments);
  va_end(arguments);
  record->fan_out = run.implementations[run.implementation]->fan_out;
  fprintf(stderr, "mem_alloc_fuzz: operation %" PRIu32 ": %s\n", record->operations, record->finding);
  fprintf(stderr, "The calls so far (target %s, fan-out %" PRIu32 "); the last one is wrong:\n",
          fuzz_profile.name, record->fan_out);
  print_calls();
  fprintf(stderr, "To look at it: fuzz/replay --target %s FILE\n", fuzz_profile.name);
  abort();
}

/* The table of the implementation that is looked at, and its allocator. */
static const struct implementation *table(void)
{
  return run.implementations[run.implementation];
}

static struct mem_alloc *real_of(struct subject *subject)
{
  return &subject->real[run.implementation];
}

static uint32_t number_of(const struct subject *subject)
{
  return (uint32_t)(subject - run.subjects);
}

/* --- Comparing --------------------------------------------------------------- */

static const char *state_name(uint32_t state)
{
  return state == MEM_ALLOC_FREE ? "FREE" : "ALLOCATED";
}

static bool run_matches(const struct model_run *expected, const struct mem_link *link)
{
  return link->address == expected->first && link->last == expected->last && link->state == expected->state
         && link->size == expected->last - expected->first + 1 && link->reserved == 0;
}

/* The iteration gave this status and run; the model has this run there, or NULL: no more. */
static void check_run(const struct subject *subject, int status, const struct mem_link *link,
                      const struct model_run *expected, const char *when)
{
  if (expected == NULL && status != MEM_ALLOC_NOT_FOUND) {
    wrong("m%" PRIu32 " %s: has the run 0x%" PRIx64 "-0x%" PRIx64 " %s, expected none (status %d)",
          number_of(subject), when, link->address, link->last, state_name(link->state), status);
  }
  if (expected != NULL && status != MEM_ALLOC_OK) {
    wrong("m%" PRIu32 " %s: has no run 0x%" PRIx64 "-0x%" PRIx64 " %s (status %d)", number_of(subject), when,
          expected->first, expected->last, state_name(expected->state), status);
  }
  if (expected != NULL && !run_matches(expected, link)) {
    wrong("m%" PRIu32 " %s: has the run 0x%" PRIx64 "-0x%" PRIx64 " %s (size 0x%" PRIx64 "), expected 0x%" PRIx64
          "-0x%" PRIx64 " %s", number_of(subject), when, link->address, link->last, state_name(link->state),
          link->size, expected->first, expected->last, state_name(expected->state));
  }
}

static void check_valid(struct subject *subject, const char *when)
{
  if (!table()->is_valid(real_of(subject))) {
    wrong("m%" PRIu32 " is not valid %s", number_of(subject), when);
  }
}

/* Does the allocator hold what the model holds, and is it sound? One walk over all runs. */
static void check_state(struct subject *subject, const char *when)
{
  const struct implementation *const functions = table();
  const struct model *const model = &subject->model;
  struct mem_alloc *const real = real_of(subject);
  struct mem_link link = { .last = 0 };
  check_valid(subject, when);
  int status = functions->first_run(real, &link);
  for (size_t i = 0; i < model->count; i++) {
    check_run(subject, status, &link, &model->runs[i], when);
    status = functions->next_run(real, &link);
  }
  check_run(subject, status, &link, NULL, when);
}

/* How many runs start below this address. */
static size_t runs_below(const struct model *model, uint64_t address)
{
  size_t low = 0;
  size_t high = model->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (model->runs[middle].first < address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* Is the lowest run that starts above last what the model says? It is the run with this index, if there is one. */
static void check_next_run(struct subject *subject, uint64_t last, size_t index, const char *when)
{
  const struct model *const model = &subject->model;
  struct mem_link link = { .address = UNWRITTEN, .last = last };
  const int status = table()->next_run(real_of(subject), &link);
  check_run(subject, status, &link, index < model->count ? &model->runs[index] : NULL, when);
  if (index >= model->count && (link.address != UNWRITTEN || link.last != last)) {
    wrong("m%" PRIu32 ": next_run found nothing, but wrote to *run", number_of(subject));
  }
}

/* The run below an address and the one from it on: cheap, whatever the number of runs. */
static void check_around(struct subject *subject, uint64_t address, const char *when)
{
  const struct model *const model = &subject->model;
  const size_t below = runs_below(model, address);
  if (below > 0 && model->runs[below - 1].first > 0) {
    check_next_run(subject, model->runs[below - 1].first - 1, below - 1, when);
  }
  if (address > 0) {
    check_next_run(subject, address - 1, below, when);
  }
}

/*
 * All runs, by an iteration from everywhere it can start: below and in every
 * run, and at both ends of the space.
 */
static void check_iteration(struct subject *subject)
{
  static const char when[] = "in an iteration from any address";
  const struct model *const model = &subject->model;
  struct mem_link link = { .last = 0 };
  const int status = table()->first_run(real_of(subject), &link);
  check_run(subject, status, &link, model->count > 0 ? &model->runs[0] : NULL, when);
  check_next_run(subject, UINT64_MAX, model->count, when);
  for (size_t i = 0; i < model->count; i++) {
    if (model->runs[i].first > 0) {
      check_next_run(subject, model->runs[i].first - 1, i, when);
    }
    check_next_run(subject, model->runs[i].first, i + 1, when);
  }
}

static void check_sum(const struct subject *subject, const char *name, uint64_t actual, uint64_t expected)
{
  if (actual != expected) {
    wrong("m%" PRIu32 ": statistics: %s is %" PRIu64 ", expected %" PRIu64, number_of(subject), name, actual,
          expected);
  }
}

/* A sum of addresses; what is too large for it reads 2^64 - 1. */
static uint64_t add_run(uint64_t sum, const struct model_run *one)
{
  const uint64_t span = one->last - one->first;
  return span >= UINT64_MAX - sum ? UINT64_MAX : sum + span + 1;
}

static void check_statistics(struct subject *subject)
{
  const struct model *const model = &subject->model;
  struct mem_alloc_statistics expected = { .free_runs = 0 };
  struct mem_alloc_statistics actual;
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const one = &model->runs[i];
    if (one->state == MEM_ALLOC_FREE) {
      const uint64_t addresses = add_run(0, one);
      expected.free_runs += 1;
      expected.free_addresses = add_run(expected.free_addresses, one);
      expected.largest_free = addresses > expected.largest_free ? addresses : expected.largest_free;
    } else {
      expected.allocated_runs += 1;
      expected.allocated_addresses = add_run(expected.allocated_addresses, one);
    }
  }
  memset(&actual, GARBAGE, sizeof actual);
  if (table()->get_statistics(real_of(subject), &actual) != MEM_ALLOC_OK) {
    wrong("m%" PRIu32 ": no statistics", number_of(subject));
  }
  check_sum(subject, "free_runs", actual.free_runs, expected.free_runs);
  check_sum(subject, "free_addresses", actual.free_addresses, expected.free_addresses);
  check_sum(subject, "largest_free", actual.largest_free, expected.largest_free);
  check_sum(subject, "allocated_runs", actual.allocated_runs, expected.allocated_runs);
  check_sum(subject, "allocated_addresses", actual.allocated_addresses, expected.allocated_addresses);
  check_sum(subject, "absent_runs", actual.absent_runs, model_count(model, MEM_ALLOC_ABSENT));
}

/* --- Beginning and end of an allocator ---------------------------------------- */

static void subject_init(struct subject *subject, bool zero_filled)
{
  struct mem_alloc *const real = real_of(subject);
  const size_t node_size = table()->node_size;
  const bool by_zeros = zero_filled && subject->storage == NULL;
  memset(real, by_zeros ? 0 : GARBAGE, sizeof *real);
  subject->reserved[run.implementation] = 0;
  memory_watch(1);
  if (subject->storage != NULL) {
    memset(subject->storage, GARBAGE, subject->storage_count * node_size);
    if (table()->init_static(real, subject->storage, subject->storage_count) != MEM_ALLOC_OK) {
      wrong("mem_alloc_init_static failed");
    }
  } else if (!by_zeros) {
    table()->init(real);
  }
  memory_unwatch();
  if (memory.calls != 0) {
    wrong("init called malloc");
  }
}

/* Destroy an allocator: it must be empty then, and usable. */
static void subject_destroy(struct subject *subject, uint32_t times)
{
  memory_watch(1);
  for (uint32_t i = 0; i < times; i++) {
    table()->destroy(real_of(subject));
  }
  memory_unwatch();
  if (memory.calls != 0) {
    wrong("destroy called malloc");
  }
  struct mem_link link;
  if (!table()->is_valid(real_of(subject))
      || table()->first_run(real_of(subject), &link) != MEM_ALLOC_NOT_FOUND) {
    wrong("m%" PRIu32 " is not empty and valid after destroy", number_of(subject));
  }
}

/* No damage outlives the next call of another kind. */
static void forget_damage(void)
{
  if (run.is_damaged) {
    free(run.damaged.nodes);
    run.is_damaged = false;
  }
}

static int restart(struct subject *subject, const struct call *call)
{
  subject_destroy(subject, 1 + (uint32_t)(call->first & 1));
  subject_init(subject, (call->first & 2) != 0);
  return MEM_ALLOC_OK;
}

/* Every function that can say MEM_ALLOC_INVALID of a NULL must. */
static int null_arguments(struct mem_alloc *m)
{
  const struct implementation *const f = table();
  struct mem_link link = { .last = 0 };
  struct mem_alloc_statistics statistics;
  uint64_t node = 0; /* stands for storage that is never looked at */
  uint64_t address = UNWRITTEN;
  f->init(NULL);
  f->destroy(NULL);
  const bool refused =
    f->add_free(NULL, 0, 1) == MEM_ALLOC_INVALID && f->get(NULL, &address, 1) == MEM_ALLOC_INVALID
    && f->get(m, NULL, 1) == MEM_ALLOC_INVALID && f->get_aligned(NULL, &address, 1, 1) == MEM_ALLOC_INVALID
    && f->get_aligned(m, NULL, 1, 1) == MEM_ALLOC_INVALID && f->put(NULL, 0) == MEM_ALLOC_INVALID
    && f->apply_constraint(NULL, m) == MEM_ALLOC_INVALID && f->apply_constraint(m, NULL) == MEM_ALLOC_INVALID
    && f->reserve(NULL, 1) == MEM_ALLOC_INVALID && f->init_static(NULL, &node, 1) == MEM_ALLOC_INVALID
    && f->init_static(m, NULL, 1) == MEM_ALLOC_INVALID && f->init_static(m, &node, 0) == MEM_ALLOC_INVALID
    && f->first_run(NULL, &link) == MEM_ALLOC_INVALID && f->first_run(m, NULL) == MEM_ALLOC_INVALID
    && f->next_run(NULL, &link) == MEM_ALLOC_INVALID && f->next_run(m, NULL) == MEM_ALLOC_INVALID
    && f->get_statistics(NULL, &statistics) == MEM_ALLOC_INVALID
    && f->get_statistics(m, NULL) == MEM_ALLOC_INVALID && !f->is_valid(NULL) && address == UNWRITTEN;
  return refused ? MEM_ALLOC_OK : MEM_ALLOC_INVALID;
}

/* --- One call, by all ---------------------------------------------------------- */

/* The call, by the implementation that is looked at. */
static int call_real(const struct call *call, uint64_t *address)
{
  struct subject *const subject = &run.subjects[call->target];
  struct mem_alloc *const real = real_of(subject);
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
    status = table()->apply_constraint(real, real_of(&run.subjects[call->other]));
    break;
  case RESERVE:
    status = table()->reserve(real, call->first);
    break;
  case RESTART:
    status = restart(subject, call);
    break;
  case NULL_ARGUMENTS:
    status = null_arguments(real);
    break;
  case DAMAGE: /* see make_damage() */
    break;
  }
  return status;
}

/* Are MEM_ALLOC_NODES_FOR(runs) nodes at most `nodes`? */
static bool nodes_suffice(uint64_t runs, uint64_t nodes)
{
  return runs <= UINT64_MAX / 8 && table()->nodes_for(runs) <= nodes;
}

static int expected_of_reserve(const struct subject *subject, uint64_t runs)
{
  /* Where addresses have 32 bits, no malloc can give 2^32 nodes, and the allocator does not ask for them. */
  const uint64_t addressed = (uint64_t)SIZE_MAX / table()->node_size;
  const uint64_t largest = addressed < UINT32_MAX ? addressed : UINT32_MAX;
  const uint64_t most = subject->storage == NULL ? largest : subject->storage_count;
  return nodes_suffice(runs, most) ? MEM_ALLOC_OK : MEM_ALLOC_NO_MEMORY;
}

int call_model(const struct call *call, struct model *model, const struct model *constraint, uint64_t *address)
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
    status = model_apply_constraint(model, constraint);
    break;
  case RESTART:
    model->count = 0;
    break;
  case RESERVE: /* the model has no storage: see expected_of_reserve() */
  case NULL_ARGUMENTS:
  case DAMAGE:
    break;
  }
  return status;
}

/* The most runs the call has to find room for; *status is what it must say. */
static uint64_t runs_needed(const struct call *call, int *status)
{
  const struct model *const model = &run.subjects[call->target].model;
  uint64_t address = UNWRITTEN;
  model_copy(&run.would_be, model);
  *status = call_model(call, &run.would_be, &run.subjects[call->other].model, &address);
  const uint64_t before = model_all_runs(model);
  const uint64_t after = model_all_runs(&run.would_be);
  const uint64_t most = before > after ? before : after;
  return call->function == APPLY_CONSTRAINT ? most + model_all_runs(&run.subjects[call->other].model) : most;
}

/*
 * The call said MEM_ALLOC_NO_MEMORY: may it? Only if the model's answer
 * would be a success, and the storage that was promised does not cover it.
 */
static void check_no_memory(const struct call *call)
{
  const struct subject *const subject = &run.subjects[call->target];
  if (call->function == RESERVE) {
    if (memory.refused == 0 && expected_of_reserve(subject, call->first) == MEM_ALLOC_OK) {
      wrong("NO_MEMORY, but nothing was refused");
    }
    return;
  }
  int expected = MEM_ALLOC_OK;
  const uint64_t needed = runs_needed(call, &expected);
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
static void check_malloc_calls(const struct call *call)
{
  const struct subject *const subject = &run.subjects[call->target];
  if (memory.calls == 0) {
    return;
  }
  if (subject->storage != NULL || call->function == PUT || call->function >= RESTART) {
    wrong("malloc was called by a call that needs none");
  }
  int status = MEM_ALLOC_OK;
  if (call->function != RESERVE && runs_needed(call, &status) <= subject->reserved[run.implementation]) {
    wrong("malloc was called though memory was reserved");
  }
}

/* The call by the implementation, with this malloc failing; its status. */
static int watched_call(const struct call *call, uint32_t fail_from, uint64_t *address)
{
  memory_watch(fail_from);
  const int status = call_real(call, address);
  memory_unwatch();
  check_malloc_calls(call);
  return status;
}

/* After NO_MEMORY: all as before? Then again, with no malloc failing. */
static int again_with_memory(struct call *call, uint64_t *address)
{
  struct subject *const subject = &run.subjects[call->target];
  struct record *const record = harness_record;
  check_no_memory(call);
  call->refused = true;
  record->calls[record->call_count - 1].refused = true;
  check_state(subject, "after NO_MEMORY");
  if (*address != UNWRITTEN) {
    wrong("NO_MEMORY, but *address was written");
  }
  return subject->storage == NULL ? watched_call(call, 0, address) : MEM_ALLOC_NO_MEMORY;
}

/* May the second try still fail? Static storage stays too small; a huge reserve stays above the limit. */
static bool no_memory_is_final(const struct call *call)
{
  const bool too_large = call->function == RESERVE && memory.refused != 0;
  return run.subjects[call->target].storage != NULL || too_large;
}

/* One implementation's answer, to *call. */
static void answer(struct call *call)
{
  struct subject *const subject = &run.subjects[call->target];
  call->address = UNWRITTEN;
  call->status = watched_call(call, call->fail_from, &call->address);
  if (call->status == MEM_ALLOC_NO_MEMORY) {
    call->status = again_with_memory(call, &call->address);
  }
  if (call->function != RESERVE) {
    return;
  }
  const int expected = expected_of_reserve(subject, call->first);
  if (call->status != expected && !(call->status == MEM_ALLOC_NO_MEMORY && no_memory_is_final(call))) {
    wrong("reserve: status %s, expected %s", status_name(call->status), status_name(expected));
  }
  if (call->status == MEM_ALLOC_OK && call->first > subject->reserved[run.implementation]) {
    subject->reserved[run.implementation] = call->first;
  }
}

/* After a call: everything now and then, else what is around it if it did something. */
static void check_after(const struct call *call)
{
  struct subject *const subject = &run.subjects[call->target];
  const bool due = harness_record->call_count % fuzz_profile.full_check_every == 0;
  if (due || call->function == APPLY_CONSTRAINT) {
    check_state(subject, "after the call");
  } else if (call->status == MEM_ALLOC_OK) {
    check_around(subject, call->address != UNWRITTEN ? call->address : call->first, "after the call");
  }
  if (call->function == APPLY_CONSTRAINT && call->other != call->target) {
    check_state(&run.subjects[call->other], "after it was the constraint");
  }
}

/* The answers of all implementations against the one expected. */
static void check_answers(const struct call *answers, int expected, uint64_t address)
{
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    const struct call *const one = &answers[run.implementation];
    if (one->function != RESERVE && one->status != expected) {
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
  uint64_t address = UNWRITTEN;
  int expected = MEM_ALLOC_NO_MEMORY;
  /* Static storage that is too small: the model, which has no storage, is left as it is. */
  if (subject->storage == NULL || answers[0].status != MEM_ALLOC_NO_MEMORY) {
    expected = call_model(&call, &subject->model, &run.subjects[call.other].model, &address);
  }
  check_answers(answers, expected, address);
}

/* --- From operations to calls ---------------------------------------------- */

static uint64_t page_size(uint8_t byte)
{
  const uint64_t pages = byte < 176 ? byte % 20 : ((uint64_t)byte - 175) * 16;
  return pages << run.page_order;
}

/* A number from an argument that is not a page, counted from origin. */
static uint64_t number_from(const struct argument *argument, const struct model *model, uint64_t origin)
{
  const uint8_t b = argument->byte;
  const uint64_t delta = (uint64_t)(int64_t)argument->delta;
  const struct model_run nothing = { .first = 0, .last = 0, .state = MEM_ALLOC_FREE };
  const struct model_run *const place =
    model->count == 0 ? &nothing : &model->runs[operation_pick(b, model->count)];
  uint64_t value = b;
  switch (argument->kind) {
  case ARGUMENT_NUMBER:
    value = argument->number;
    break;
  case ARGUMENT_POWER:
    value = (UINT64_C(1) << (b % 64)) + delta;
    break;
  case ARGUMENT_TOP:
    value = delta - b - origin;
    break;
  case ARGUMENT_RUN_FIRST:
    value = place->first + delta - origin;
    break;
  case ARGUMENT_RUN_END:
    value = place->last + 1 + delta - origin;
    break;
  case ARGUMENT_RUN_SIZE:
    value = place->last - place->first + 1 + delta;
    break;
  case ARGUMENT_SHIFTED:
    value = (uint64_t)b << (8 * (argument->delta + 4));
    break;
  case ARGUMENT_SMALL:
  case ARGUMENT_PLAIN:
    break;
  }
  return value;
}

static uint64_t address_from(const struct argument *argument, const struct model *model)
{
  if (argument->kind == ARGUMENT_PLAIN) {
    return run.page_zero + ((uint64_t)argument->byte << run.page_order);
  }
  return number_from(argument, model, 0);
}

static uint64_t size_from(const struct argument *argument, const struct model *model, uint64_t origin)
{
  return argument->kind == ARGUMENT_PLAIN ? page_size(argument->byte) : number_from(argument, model, origin);
}

/* What a field with this content gets: near it (1, -1, 2, -2 ... added), or any number. */
static uint64_t value_from(const struct argument *argument, const struct model *model, uint64_t old)
{
  if (argument->kind == ARGUMENT_PLAIN) {
    const uint64_t distance = (uint64_t)argument->byte / 2 + 1;
    return (argument->byte & 1) == 0 ? old + distance : old - distance;
  }
  return number_from(argument, model, 0);
}

/* Mostly powers of two, from 128 on those of a few pages, from 250 on none. */
static uint64_t alignment_from(uint8_t y)
{
  uint64_t alignment = UINT64_C(1) << (y % 64);
  if (y >= 250) {
    alignment = (uint64_t)(y - 250) * 3 << run.page_order;
  } else if (y >= 128) {
    alignment = UINT64_C(1) << (run.page_order + y % 8);
  }
  return alignment;
}

/* Small numbers, and powers of two up to 2^63. */
static uint64_t runs_from(uint8_t x, uint8_t y)
{
  return y < 192 ? x : (UINT64_C(1) << (y % 64)) - 1 + x;
}

/* Start of the live block that x picks, to *address; false if there is none. */
static bool live_block(const struct model *model, uint8_t x, uint64_t *address)
{
  const size_t live = (size_t)model_count(model, MEM_ALLOC_ALLOCATED);
  if (live == 0) {
    return false;
  }
  size_t left = operation_pick(x, live);
  size_t i = 0;
  while (model->runs[i].state != MEM_ALLOC_ALLOCATED || left > 0) {
    left -= model->runs[i].state == MEM_ALLOC_ALLOCATED ? 1 : 0;
    i += 1;
  }
  *address = model->runs[i].first;
  return true;
}

/* Right above the run that x / 2 picks if x is odd, else right below it; false if there is none. */
static bool beside_run(const struct model *model, uint8_t x, uint64_t size, uint64_t *address)
{
  if (model->count == 0) {
    return false;
  }
  const struct model_run *const place = &model->runs[operation_pick(x / 2, model->count)];
  *address = (x & 1) != 0 ? place->last + 1 : place->first - size;
  return true;
}

/* The call that an operation stands for, to *call; false if there is none in this state. */
static bool call_from(const struct operation *operation, const struct model *model, struct call *call)
{
  const struct argument *const arguments = operation->arguments;
  const uint8_t x = arguments[0].byte;
  const uint8_t y = arguments[1].byte;
  bool possible = true;
  switch (operation->kind) {
  case OPERATION_ADD_FREE:
    call->function = ADD_FREE;
    call->first = address_from(&arguments[0], model);
    call->second = size_from(&arguments[1], model, call->first);
    break;
  case OPERATION_ADD_BESIDE:
    call->function = ADD_FREE;
    call->second = size_from(&arguments[1], model, 0);
    possible = beside_run(model, x, call->second, &call->first);
    break;
  case OPERATION_GET:
    call->function = GET;
    call->first = size_from(&arguments[0], model, 0);
    break;
  case OPERATION_GET_ALIGNED:
    call->function = GET_ALIGNED;
    call->first = size_from(&arguments[0], model, 0);
    call->second = alignment_from(y);
    break;
  case OPERATION_PUT:
    call->function = PUT;
    possible = live_block(model, x, &call->first);
    break;
  case OPERATION_PUT_AT:
    call->function = PUT;
    call->first = address_from(&arguments[0], model);
    break;
  case OPERATION_APPLY_CONSTRAINT:
    call->function = APPLY_CONSTRAINT;
    call->other = x % run.count;
    break;
  case OPERATION_RESERVE:
    call->function = RESERVE;
    call->first = runs_from(x, y);
    break;
  case OPERATION_RESTART:
    call->function = RESTART;
    call->first = x;
    break;
  case OPERATION_NULL_ARGUMENTS:
    call->function = NULL_ARGUMENTS;
    break;
  case OPERATION_GET_MANY: /* operation_step() never gives these */
  case OPERATION_PUT_MANY:
  case OPERATION_CHURN:
  case OPERATION_DAMAGE: /* see make_damage() */
  case OPERATION_DAMAGE_MORE:
  case OPERATION_KINDS:
    possible = false;
    break;
  }
  return possible;
}

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
  const struct mem_alloc *const real = &subject->real[0];
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
  check_damaged(call);
}

static void operate(const struct operation *operation)
{
  const uint32_t steps = operation_steps(operation);
  for (uint32_t i = 0; i < steps; i++) {
    const struct operation step = operation_step(operation, i);
    struct call call = { .target = step.allocator % run.count };
    call.fail_from = fuzz_profile.malloc_failures ? step.fail_from : 0;
    const bool more = step.kind == OPERATION_DAMAGE_MORE;
    if (more || step.kind == OPERATION_DAMAGE) {
      make_damage(call.target, more, step.arguments[0].byte, &step.arguments[1]);
    } else if (call_from(&step, &run.subjects[call.target].model, &call)) {
      make_call(call);
    }
  }
}

/* --- One input ---------------------------------------------------------------- */

static uint32_t static_nodes(uint32_t allocator, uint8_t storage)
{
  const uint32_t n = storage & 63;
  const uint32_t nodes = n < 32 ? n + 1 : 32 + 8 * (n - 31);
  const bool chosen = fuzz_profile.storage == FUZZ_STATIC || ((storage >> (6 + allocator % 2)) & 1) != 0;
  return fuzz_profile.storage != FUZZ_MALLOC && chosen ? nodes : 0;
}

/* Static storage of the exact size, so that the sanitizer sees every access beyond it. */
static void choose_storage(struct subject *subject, uint32_t nodes)
{
  subject->storage = NULL;
  subject->storage_count = nodes;
  if (nodes > 0) {
    subject->storage = __real_malloc(nodes * table()->node_size);
    if (subject->storage == NULL) {
      fprintf(stderr, "mem_alloc_fuzz: out of memory\n");
      abort();
    }
  }
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

static void begin_allocators(uint8_t storage, bool pages_added)
{
  struct record *const record = harness_record;
  for (uint32_t i = 0; i < run.count; i++) {
    struct subject *const subject = &run.subjects[i];
    record->nodes[i] = static_nodes(i, storage);
    choose_storage(subject, record->nodes[i]);
    subject->model.count = 0;
    for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
      subject_init(subject, record->zero_filled);
    }
    run.implementation = 0;
  }
  for (uint32_t i = 0; pages_added && i < run.count; i++) {
    const uint64_t size = (uint64_t)(ARGUMENT_PAGES - 1) << run.page_order;
    const struct call all = { .function = ADD_FREE, .target = i, .first = run.page_zero, .second = size };
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
  memory.live = 0;
  run.count = fuzz_profile.allocators_min + (shape & 3) % choices;
  run.page_order = page_orders[(shape >> 2) & 3];
  const uint64_t page = UINT64_C(1) << run.page_order;
  const uint64_t page_zeros[] = {
    0, 0 - ARGUMENT_PAGES * page, (UINT64_C(1) << 63) - ARGUMENT_PAGES / 2 * page, 3 * page + 1
  };
  run.page_zero = page_zeros[(shape >> 4) & 3];
  record->allocators = run.count;
  record->zero_filled = (shape & 128) != 0;
  record->fan_out = table()->fan_out;
  record->operations = 0;
  record->call_count = 0;
  record->finished = false;
  record->kind[0] = '\0';
  record->finding[0] = '\0';
  begin_allocators(storage, (shape & 64) != 0);
}

static void finish_allocator(struct subject *subject)
{
  if (!model_is_canonical(&subject->model)) {
    wrong("m%" PRIu32 ": the model is not canonical", number_of(subject));
  }
  for (run.implementation = 0; run.implementation < run.implementation_count; run.implementation++) {
    check_valid(subject, "at the end");
    check_iteration(subject);
    check_statistics(subject);
    subject_destroy(subject, 1);
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
}

static unsigned long repetitions = 1;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * MEM_ALLOC_FUZZ_REPEAT=N in the environment runs every input N times: to
 * measure the harness and not how fast an engine reads files.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  const char *const repeat = getenv("MEM_ALLOC_FUZZ_REPEAT");
  if (repeat != NULL) {
    repetitions = strtoul(repeat, NULL, 10);
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  for (unsigned long i = 0; i < repetitions; i++) {
    harness_run(data, size);
  }
  return 0;
}
