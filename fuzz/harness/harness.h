/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_HARNESS_H
#define FUZZ_HARNESS_HARNESS_H

/*
 * The fuzzing harness of mem_alloc. One input (see operations.h) is one
 * sequence of operations on up to four allocators. Every call is made by the
 * allocator and by the shadow model (tests/model), and what can be seen of
 * the two is compared: status, address, all runs, mem_alloc_is_valid(). The
 * first difference is printed together with all calls, then the program
 * aborts. Of a damaged copy, mem_alloc_is_valid() must say what the reference
 * (tests/model/validity.h) says.
 *
 * A target is this harness with a profile (profile.h). Which files make up a
 * target is listed in sources.txt. All need -Wl,--wrap=malloc -Wl,--wrap=free.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz/harness/profile.h"
#include "tests/model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FINDING_MAX = 512 };

/* --- What happened: for replay -------------------------------------------- */

enum function { ADD_FREE, GET, GET_ALIGNED, PUT, APPLY_CONSTRAINT, RESERVE, RESTART, NULL_ARGUMENTS, DAMAGE };

struct call {
  enum function function;
  uint32_t target;    /* which allocator */
  uint32_t other;     /* which one is the constraint; of DAMAGE: 1 if there is damage already */
  uint32_t fail_from; /* which malloc fails first, 0: none */
  uint32_t operation; /* number of the operation it belongs to, from 1 on; 0: the start of the input */
  uint64_t first;     /* address, or the only argument; the place that is damaged */
  uint64_t second;    /* size, alignment; what is put there */
  bool refused;       /* it said NO_MEMORY and may; with malloc it was then made again */
  bool returned;      /* the allocator answered: status and address are its answer */
  int status;       /* of DAMAGE: OK if the copy is said to be valid, else INVALID */
  uint64_t address; /* where the block is; of DAMAGE: what is wrong, an enum validity */
};

struct record {
  uint32_t allocators;
  bool zero_filled;                  /* the allocators began so */
  uint32_t nodes[ALLOCATORS_MAX];    /* of their static storage; 0: malloc */
  uint32_t fan_out;                  /* of the implementation that answered, or differs */
  uint32_t operations;               /* begun */
  uint32_t call_count;
  bool finished;                     /* the input was run to its end */
  char kind[FINDING_MAX];            /* what went wrong, without the numbers; empty: nothing did */
  char finding[FINDING_MAX];         /* the same with the numbers */
  struct call calls[CALLS_MAX];
};

/* Where the run is recorded. Replay points it to memory that outlives the process. */
extern struct record *harness_record;

/* One of the addresses no allocator hands out by chance: shows whether *address was written. */
#define UNWRITTEN UINT64_C(0xa5a5a5a5a5a5a5a5)

/* Runs one input; aborts with a finding. */
void harness_run(const uint8_t *data, size_t size);

/* What malloc refuses to give at once, whatever the input says. */
size_t harness_malloc_limit(void);

/*
 * The call, by the model of its allocator: what it must say. constraint is
 * the model of call->other. Says OK to a reserve, as the model has no
 * storage.
 */
int call_model(const struct call *call, struct model *model, const struct model *constraint, uint64_t *address);

const char *status_name(int status);

/* "get(m0, 0x1000)" and so on, to text. */
void call_to_text(const struct call *call, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
