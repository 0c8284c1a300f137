/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * run_inputs FILE...: runs the inputs of a fuzzing target one after the
 * other, in this process, so that it leaves one profile. A finding aborts.
 * (fuzz/replay runs each input in a process of its own.)
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20 };

int main(int argc, char **argv)
{
  static uint8_t data[INPUT_MAX];
  for (int i = 1; i < argc; i++) {
    FILE *const file = fopen(argv[i], "rb");
    if (file == NULL) {
      perror(argv[i]);
      return 1;
    }
    const size_t size = fread(data, 1, sizeof data, file);
    (void)fclose(file);
    if (size == sizeof data) {
      fprintf(stderr, "%s: too large\n", argv[i]);
      return 1;
    }
    /* Not buffered: if the input aborts, its name stands before the finding. */
    fprintf(stderr, "%s\n", argv[i]);
    (void)LLVMFuzzerTestOneInput(data, size);
  }
  return 0;
}
