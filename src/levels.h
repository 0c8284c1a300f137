/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_LEVELS_H
#define MEM_ALLOC_LEVELS_H

#include "opae/mem_alloc.h"

/*
 * Levels a tree can have. An operation that needs more is refused like one
 * that lacks memory; at the default fan-out 2^32 nodes never get that high.
 */
#if MEM_ALLOC_FAN_OUT >= 32
#define MAP_LEVELS 13
#else
#define MAP_LEVELS 32
#endif

#endif
