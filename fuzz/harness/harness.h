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

#include "fuzz/harness/call.h"
#include "fuzz/harness/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FINDING_MAX = 512, RUNS_MAX = 4096 };

/* --- What happened: for replay -------------------------------------------- */

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
  uint32_t run_count;                /* what the allocator of the last call held when something was found */
  bool runs_complete;
  struct model_run runs[RUNS_MAX];
};

/* Where the run is recorded. Replay points it to memory that outlives the process. */
extern struct record *harness_record;

/* Runs one input; aborts with a finding. */
void harness_run(const uint8_t *data, size_t size);

/* What malloc refuses to give at once, whatever the input says. */
size_t harness_malloc_limit(void);

#ifdef __cplusplus
}
#endif

#endif
