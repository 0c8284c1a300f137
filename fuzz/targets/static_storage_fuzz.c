/* SPDX-License-Identifier: BSD-3-Clause */

/* One or two allocators with static storage that is soon used up. */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "static_storage_fuzz",
  .allocators_min = 1,
  .allocators_max = 2,
  .storage = FUZZ_STATIC,
  .malloc_failures = false,
  .operations_max = 192,
  .calls_max = 192,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_MANY, OPERATION_GET_ALIGNED,
    OPERATION_PUT, OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_PUT_AT,
    OPERATION_APPLY_CONSTRAINT, OPERATION_RESERVE, OPERATION_RESTART, OPERATION_CHURN,
  },
};
