/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MEM_ALLOC_LEVELS_H
#define MEM_ALLOC_LEVELS_H

#include "opae/mem_alloc.h"

#define MAP_LEVELS MEM_ALLOC_LEVELS

#endif
