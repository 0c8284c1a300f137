/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * libFuzzer itself is compiled without MemorySanitizer, which therefore does
 * not see that LLVMFuzzerMutate() writes bytes, and would complain when the
 * mutator reads them. build.sh links this around it, with MemorySanitizer only.
 */

#include <sanitizer/msan_interface.h>
#include <stddef.h>
#include <stdint.h>

/* Absent where LIB_FUZZING_ENGINE is another engine. */
__attribute__((weak)) size_t __real_LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t __wrap_LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t __wrap_LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
  if (__real_LLVMFuzzerMutate == NULL) {
    return size;
  }
  const size_t mutated = __real_LLVMFuzzerMutate(data, size, max_size);
  __msan_unpoison(data, mutated);
  return mutated;
}
