/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * mem_alloc_is_valid of damaged copies of an allocator: the same answer as
 * the reference, and no access outside of the storage.
 */

#include "fuzz/harness/profile.h"

const struct fuzz_profile fuzz_profile = {
  .name = "damaged_storage_fuzz",
  .allocators_min = 1,
  .allocators_max = 1,
  .storage = FUZZ_EITHER,
  .malloc_failures = false,
  .operations_max = 96,
  .calls_max = 192,
  .full_check_every = 64,
  .choices = {
    OPERATION_ADD_FREE, OPERATION_ADD_FREE, OPERATION_ADD_BESIDE, OPERATION_GET,
    OPERATION_GET_MANY, OPERATION_GET_ALIGNED, OPERATION_PUT_MANY, OPERATION_RESTART,
    OPERATION_DAMAGE, OPERATION_DAMAGE, OPERATION_DAMAGE, OPERATION_DAMAGE,
    OPERATION_DAMAGE_MORE, OPERATION_DAMAGE_MORE, OPERATION_DAMAGE_MORE, OPERATION_NULL_ARGUMENTS,
  },
};
