/* SPDX-License-Identifier: BSD-3-Clause */

/* One or two allocators for which malloc may fail in any operation, and reserve. */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "malloc_failures_fuzz",
  .allocators_min = 1,
  .allocators_max = 2,
  .storage = FUZZ_MALLOC,
  .malloc_failures = true,
  .operations_max = 192,
  .calls_max = 192,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_MANY, OPERATION_GET_ALIGNED,
    OPERATION_PUT, OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_CHURN,
    OPERATION_APPLY_CONSTRAINT, OPERATION_RESERVE, OPERATION_RESERVE, OPERATION_RESTART,
  },
};
