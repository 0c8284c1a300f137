/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Thousands of calls on one allocator, so that the tree gets deep and its
 * storage old. Few calls are followed by a look at everything;
 * after the others the addresses around the call are looked at.
 */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "long_lived_fuzz",
  .allocators_min = 1,
  .allocators_max = 1,
  .storage = FUZZ_EITHER,
  .malloc_failures = true,
  .operations_max = OPERATIONS_MAX,
  .calls_max = CALLS_MAX,
  .full_check_every = 1024,
  .choices = {
    OPERATION_CHURN, OPERATION_CHURN, OPERATION_CHURN, OPERATION_CHURN,
    OPERATION_CHURN, OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE,
    OPERATION_GET_MANY, OPERATION_GET_ALIGNED, OPERATION_PUT_MANY, OPERATION_GET,
    OPERATION_PUT, OPERATION_APPLY_CONSTRAINT, OPERATION_RESERVE, OPERATION_RESTART,
  },
};
