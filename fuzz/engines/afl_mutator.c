/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The mutator as a custom mutator of AFL++ 4.04: a shared library of this
 * file, mutator.c, operations.c and targets/TARGET.c, named to afl-fuzz by
 * AFL_CUSTOM_MUTATOR_LIBRARY.
 */

#include <stdlib.h>
#include <string.h>

#include "fuzz/engines/mutator.h"

struct afl_mutator {
  uint32_t seed;
  uint8_t *buffer;
  size_t buffer_size;
};

/* What afl-fuzz calls; its own types are opaque here. */
void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned int seed)
{
  (void)afl;
  struct afl_mutator *const mutator = calloc(1, sizeof *mutator);
  if (mutator != NULL) {
    mutator->seed = seed;
  }
  return mutator;
}

static int make_room(struct afl_mutator *mutator, size_t size)
{
  if (size > mutator->buffer_size) {
    uint8_t *const buffer = realloc(mutator->buffer, size);
    if (buffer == NULL) {
      return 0;
    }
    mutator->buffer = buffer;
    mutator->buffer_size = size;
  }
  return 1;
}

/* Returns 0, which makes afl-fuzz give up, only without memory. */
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size)
{
  struct afl_mutator *const mutator = data;
  const size_t size = buf_size < max_size ? buf_size : max_size;
  if (max_size == 0 || !make_room(mutator, max_size)) {
    *out_buf = NULL;
    return 0;
  }
  memcpy(mutator->buffer, buf, size);
  mutator->seed += 1;
  /* Every fourth time with operations of another input of the queue. */
  const uint8_t *const other = mutator->seed % 4 == 0 ? add_buf : NULL;
  *out_buf = mutator->buffer;
  return mutator_change(mutator->buffer, size, max_size, mutator->seed, other, add_buf_size, NULL);
}

void afl_custom_deinit(void *data)
{
  struct afl_mutator *const mutator = data;
  free(mutator->buffer);
  free(mutator);
}
