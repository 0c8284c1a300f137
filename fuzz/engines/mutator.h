/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_ENGINES_MUTATOR_H
#define FUZZ_ENGINES_MUTATOR_H

/*
 * The mutator: changes inputs operation by operation instead of byte by
 * byte. libFuzzer calls it through LLVMFuzzerCustomMutator and
 * LLVMFuzzerCustomCrossOver (in mutator.c), AFL++ through afl_mutator.c; both
 * call mutator_change().
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What changes bytes as bytes: LLVMFuzzerMutate, or the like. Returns the new size, at most max_size. */
typedef size_t mutate_bytes(uint8_t *data, size_t size, size_t max_size);

/*
 * Changes the input in place and returns its new size, at most max_size > 0;
 * the input is another one then. other, if not NULL, is a second input whose
 * operations may be taken over. bytes, if not NULL, is now and then let at
 * the bytes of one operation.
 */
size_t mutator_change(uint8_t *data, size_t size, size_t max_size, uint32_t seed, const uint8_t *other,
                      size_t other_size, mutate_bytes *bytes);

#ifdef __cplusplus
}
#endif

#endif
