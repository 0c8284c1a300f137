/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Runs the harness on files, without libFuzzer: mem_alloc_replay PATH...
 * A path is a file, or a folder whose files are all taken. Exit code 0 if
 * every input was accepted, 2 if a path cannot be read or there was no input
 * at all; a finding aborts. MEM_ALLOC_FUZZ_TRACE in the environment prints
 * every call before it is made.
 */

#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20, PATH_LENGTH_MAX = 4096 };

static unsigned long replayed;

static bool replay_file(const char *path)
{
  static uint8_t data[INPUT_MAX];
  FILE *const file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    return false;
  }
  const size_t size = fread(data, 1, sizeof data, file);
  const bool complete = ferror(file) == 0 && size < sizeof data;
  (void)fclose(file);
  if (!complete) {
    fprintf(stderr, "%s: not readable, or too large\n", path);
    return false;
  }
  /* Standard error is not buffered: if the input aborts, its name is the last line before the report. */
  fprintf(stderr, "%s\n", path);
  (void)LLVMFuzzerTestOneInput(data, size);
  replayed += 1;
  return true;
}

static bool replay_folder(const char *path, DIR *folder)
{
  bool good = true;
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char name[PATH_LENGTH_MAX];
    const int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    if (entry->d_name[0] != '.') {
      good = length > 0 && (size_t)length < sizeof name && replay_file(name) && good;
    }
  }
  return good;
}

static bool replay(const char *path)
{
  DIR *const folder = opendir(path);
  if (folder == NULL) {
    return replay_file(path);
  }
  const bool good = replay_folder(path, folder);
  (void)closedir(folder);
  return good;
}

int main(int argc, char **argv)
{
  bool good = true;
  (void)LLVMFuzzerInitialize(&argc, &argv);
  for (int i = 1; i < argc; i++) {
    good = replay(argv[i]) && good;
  }
  printf("replayed %lu inputs\n", replayed);
  return good && replayed > 0 ? 0 : 2;
}
