/* SPDX-License-Identifier: BSD-3-Clause */

/* The allocator with fan-out 32, for the differential target. */

#undef MEM_ALLOC_FAN_OUT
#define MEM_ALLOC_FAN_OUT 32
#define RENAMED(name) fan_out_32_##name
#define IMPLEMENTATION fan_out_32_implementation

#include "fuzz/harness/fan_out.h"
