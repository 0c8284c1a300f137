/* SPDX-License-Identifier: BSD-3-Clause */

/* The allocator with fan-out 16, for the differential target. */

#undef MEM_ALLOC_FAN_OUT
#define MEM_ALLOC_FAN_OUT 16
#define RENAMED(name) fan_out_16_##name
#define IMPLEMENTATION fan_out_16_implementation

#include "fuzz/harness/fan_out.h"
