/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/wrap_malloc.h"

#include <stddef.h>

struct wrap_malloc wrap_malloc = { 0, WRAP_MALLOC_NEVER, false, 0, 0 };

/* The linker makes these names. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
  const uint64_t call = wrap_malloc.calls;
  wrap_malloc.calls += 1;
  wrap_malloc.size = size;
  if (call == wrap_malloc.fail || (wrap_malloc.for_good && call > wrap_malloc.fail)) {
    wrap_malloc.failed += 1;
    return NULL;
  }
  return __real_malloc(size);
}

void wrap_malloc_plan(uint64_t fail, bool for_good)
{
  wrap_malloc.calls = 0;
  wrap_malloc.fail = fail;
  wrap_malloc.for_good = for_good;
  wrap_malloc.failed = 0;
  wrap_malloc.size = 0;
}
