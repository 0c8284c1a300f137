/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One allocator that has more than 65 535 nodes after one operation, and what
 * is done with it then. Few inputs a second, but each has many calls.
 */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "many_nodes_fuzz",
  .allocators_min = 1,
  .allocators_max = 1,
  .storage = FUZZ_MALLOC,
  .malloc_failures = false,
  .operations_max = 64,
  .calls_max = 512,
  .full_check_every = 1024,
  .choices = {
    OPERATION_ADD_MANY, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET, OPERATION_GET_MANY, OPERATION_GET_ALIGNED, OPERATION_CHURN,
    OPERATION_PUT, OPERATION_PUT_MANY, OPERATION_PUT_AT, OPERATION_GET_MANY,
    OPERATION_CHURN, OPERATION_RESERVE, OPERATION_RESTART, OPERATION_PUT_MANY,
  },
};
