/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_UNIT_WRAP_MALLOC_H
#define TESTS_UNIT_WRAP_MALLOC_H

/*
 * Takes the place of malloc in what is linked statically with it, by the
 * linker option --wrap=malloc: counts the calls and lets chosen ones fail.
 */

#include <stdbool.h>
#include <stdint.h>

#define WRAP_MALLOC_NEVER UINT64_MAX

struct wrap_malloc {
  uint64_t calls;  /* calls so far; the first one has number 0 */
  uint64_t fail;   /* the call of this number fails */
  bool for_good;   /* and so do all after it */
  uint64_t failed; /* how many calls failed */
  uint64_t size;   /* bytes that the last call asked for */
};

extern struct wrap_malloc wrap_malloc;

/* Start counting anew. */
void wrap_malloc_plan(uint64_t fail, bool for_good);

#endif
