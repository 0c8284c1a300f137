/* SPDX-License-Identifier: BSD-3-Clause */

/* The same operations by the allocator with fan-out 4, 16, 32 and 48, and by the model: one answer from all. */

#include "fuzz/harness/profile.h"

static const struct implementation *const implementations[] = {
  &linked_implementation,
  &fan_out_16_implementation,
  &fan_out_32_implementation,
  &fan_out_48_implementation,
  NULL,
};

const struct fuzz_profile fuzz_profile = {
  .name = "differential_fuzz",
  .allocators_min = 1,
  .allocators_max = 2,
  .storage = FUZZ_MALLOC,
  .malloc_failures = true,
  .operations_max = 512,
  .calls_max = 512,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_ALIGNED, OPERATION_GET_ALIGNED,
    OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_PUT_AT, OPERATION_CHURN,
    OPERATION_APPLY_CONSTRAINT, OPERATION_CHURN, OPERATION_RESTART, OPERATION_RESERVE,
  },
  .implementations = implementations,
};
