/* SPDX-License-Identifier: BSD-3-Clause */

/* Two to four allocators that constrain each other, with either storage. */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "constraints_fuzz",
  .allocators_min = 2,
  .allocators_max = 4,
  .storage = FUZZ_EITHER,
  .malloc_failures = true,
  .operations_max = 192,
  .calls_max = 256,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE,
    OPERATION_GET, OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_ALIGNED,
    OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_PUT_AT, OPERATION_APPLY_CONSTRAINT,
    OPERATION_APPLY_CONSTRAINT, OPERATION_APPLY_CONSTRAINT, OPERATION_APPLY_CONSTRAINT, OPERATION_RESTART,
  },
};
