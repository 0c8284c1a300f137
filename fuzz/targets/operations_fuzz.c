/* SPDX-License-Identifier: BSD-3-Clause */

/* All operations on one allocator that has all the memory it wants. */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "operations_fuzz",
  .allocators_min = 1,
  .allocators_max = 1,
  .storage = FUZZ_MALLOC,
  .malloc_failures = false,
  .operations_max = 192,
  .calls_max = 256,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_ALIGNED, OPERATION_GET_ALIGNED,
    OPERATION_PUT, OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_PUT_AT,
    OPERATION_APPLY_CONSTRAINT, OPERATION_RESERVE, OPERATION_RESTART, OPERATION_NULL_ARGUMENTS,
  },
};
