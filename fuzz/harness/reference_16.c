/* SPDX-License-Identifier: BSD-3-Clause */

/* The reference of mem_alloc_is_valid with fan-out 16, for the differential target. */

#undef MEM_ALLOC_FAN_OUT
#define MEM_ALLOC_FAN_OUT 16
#define RENAMED(name) fan_out_16_##name

#include "fuzz/harness/reference_names.h"

#include "tests/model/validity.c"
