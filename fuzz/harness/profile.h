/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_PROFILE_H
#define FUZZ_HARNESS_PROFILE_H

/* What a target is: targets/TARGET.c defines fuzz_profile, all else is the same for all. */

#include <stdbool.h>
#include <stdint.h>

#include "fuzz/harness/implementation.h"
#include "fuzz/harness/operations.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ALLOCATORS_MAX = 4,
  IMPLEMENTATIONS_MAX = 4,
  OPERATIONS_MAX = 2048, /* no profile may have more */
  CALLS_MAX = 8192       /* no profile may have more */
};

enum fuzz_storage { FUZZ_MALLOC, FUZZ_STATIC, FUZZ_EITHER };

/* What a target allows. */
struct fuzz_profile {
  const char *name;
  uint32_t allocators_min;
  uint32_t allocators_max;
  enum fuzz_storage storage;
  bool malloc_failures;      /* do bits 6-7 of an operation mean anything? */
  uint32_t operations_max;   /* operations of one input; the rest is not run */
  uint32_t calls_max;        /* calls they make: some operations stand for many */
  uint32_t full_check_every; /* one operation in so many is followed by a look at everything; and the end */
  uint8_t choices[OPERATION_CHOICES]; /* enum operation_kind; the more often, the likelier */
  const struct implementation *const *implementations; /* up to a NULL; NULL: the one that is linked, which alone
                                                          can be damaged */
};

/* Defined by the target. */
extern const struct fuzz_profile fuzz_profile;

#ifdef __cplusplus
}
#endif

#endif
