/* SPDX-License-Identifier: BSD-3-Clause */

/* The allocator with fan-out 48, for the differential target. */

#undef MEM_ALLOC_FAN_OUT
#define MEM_ALLOC_FAN_OUT 48
#define RENAMED(name) fan_out_48_##name
#define IMPLEMENTATION fan_out_48_implementation

#include "fuzz/harness/fan_out.h"
