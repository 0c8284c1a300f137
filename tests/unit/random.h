/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

/* Reproducible random numbers: the same seed gives the same test. */

#include <stdint.h>

struct random {
  uint64_t state;
};

/* A counter stepped by an odd number, stirred by multiplications and shifts. */
static inline uint64_t random_next(struct random *random)
{
  random->state += UINT64_C(0xd1342543de82ef95);
  uint64_t x = random->state;
  x = (x ^ (x >> 32)) * UINT64_C(0xaef17502108ef2d9);
  x = (x ^ (x >> 29)) * UINT64_C(0xd1342543de82ef95);
  return x ^ (x >> 32);
}

/* A number below bound (0 if bound is 0). */
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
  return bound == 0 ? 0 : random_next(random) % bound;
}

/* A number of any length: each number of bits is as likely as any other. */
static inline uint64_t random_any(struct random *random)
{
  const uint64_t bits = random_below(random, 65);
  return bits == 0 ? 0 : random_next(random) >> (64 - bits);
}

#endif
