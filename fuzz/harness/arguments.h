/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_ARGUMENTS_H
#define FUZZ_HARNESS_ARGUMENTS_H

/* From operations to calls: what the arguments mean for what the allocator holds by the model. */

#include <stdbool.h>
#include <stdint.h>

#include "fuzz/harness/call.h"
#include "fuzz/harness/operations.h"
#include "tests/model/model.h"

/* What the header of an input says. */
struct places {
  uint8_t page_order;  /* a page has 2^page_order addresses */
  uint64_t page_zero;  /* where page 0 starts */
  uint32_t allocators; /* how many there are */
};

/* The call that an operation stands for, to *call; false if there is none in this state. */
bool call_from(const struct places *places, const struct operation *operation, const struct model *model,
               struct call *call);

/* What a field with this content gets: near it (1, -1, 2, -2 ... added), or any number. */
uint64_t value_from(const struct argument *argument, const struct model *model, uint64_t old);

#endif
