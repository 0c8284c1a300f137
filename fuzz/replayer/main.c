/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Runs inputs without a fuzzing engine, each in a process of its own:
 *
 *   TARGET_replay [--story | --list | --c | --minimize OUT] PATH...
 *
 * A path is a file, or a folder whose files are all taken.
 *
 *   --list          run all and count; findings are printed (the default for
 *                   a folder and for several files)
 *   --story         print one input call by call (the default for one file)
 *   --c             print a C program that makes the same calls
 *   --minimize OUT  look for the smallest input that fails in the same way
 *
 * Exit code 0: all fine (--c, --minimize: done); 1: a finding; 2: bad usage,
 * a file that cannot be read, no input at all, or nothing to minimize.
 */

#define _DEFAULT_SOURCE

#include "fuzz/replayer/minimizer.h"
#include "fuzz/replayer/reproducer.h"
#include "fuzz/replayer/rerun.h"
#include "fuzz/replayer/story.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FINE = 0, FOUND = 1, UNUSABLE = 2, INPUT_MAX = 1 << 20, SECONDS_OF_ONE_INPUT = 20, PATH_LENGTH_MAX = 4096 };

static uint8_t data[INPUT_MAX];

/* --- Files ------------------------------------------------------------------- */

struct tally {
  unsigned long inputs;
  unsigned long findings;
  bool unreadable;
};

/* Reads a file to data; its size to *size. */
static bool read_input(const char *path, size_t *size)
{
  FILE *const file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
    return false;
  }
  *size = fread(data, 1, sizeof data, file);
  const bool complete = ferror(file) == 0 && *size < sizeof data;
  (void)fclose(file);
  if (!complete) {
    fprintf(stderr, "replay: %s: not readable, or larger than 1 MiB\n", path);
  }
  return complete;
}

static void list_file(const char *path, struct tally *tally)
{
  size_t size = 0;
  struct outcome outcome;
  if (!read_input(path, &size)) {
    tally->unreadable = true;
    return;
  }
  replay_run(data, size, SECONDS_OF_ONE_INPUT, &outcome);
  tally->inputs += 1;
  if (!outcome.fine) {
    tally->findings += 1;
    printf("%s: %s\n", path, outcome.text);
  }
}

static void list_folder(const char *path, DIR *folder, struct tally *tally)
{
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char name[PATH_LENGTH_MAX];
    const int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    if (entry->d_name[0] == '.') {
      continue;
    }
    if (length > 0 && (size_t)length < sizeof name) {
      list_file(name, tally);
    } else {
      fprintf(stderr, "replay: %s/%s: the name is too long\n", path, entry->d_name);
      tally->unreadable = true;
    }
  }
}

static int list(char **paths, int count)
{
  struct tally tally = { .inputs = 0 };
  for (int i = 0; i < count; i++) {
    DIR *const folder = opendir(paths[i]);
    if (folder == NULL) {
      list_file(paths[i], &tally);
    } else {
      list_folder(paths[i], folder, &tally);
      (void)closedir(folder);
    }
  }
  printf("%s: %lu inputs, %lu findings\n", fuzz_profile.name, tally.inputs, tally.findings);
  if (tally.findings > 0) {
    printf("To look at one: fuzz/replay --target %s FILE\n", fuzz_profile.name);
    return FOUND;
  }
  if (tally.inputs == 0) {
    fprintf(stderr, "replay: no input was run\n");
  }
  return tally.inputs > 0 && !tally.unreadable ? FINE : UNUSABLE;
}

/* --- main --------------------------------------------------------------------- */

enum mode { LIST, STORY, C_PROGRAM, MINIMIZE };

static int usage(void)
{
  fprintf(stderr, "usage: %s_replay [--story | --list | --c | --minimize OUT] FILE|FOLDER...\n"
          "--story, --c and --minimize take exactly one file\n", fuzz_profile.name);
  return UNUSABLE;
}

static int one_input(enum mode mode, const char *path, const char *out)
{
  size_t size = 0;
  struct outcome outcome;
  if (!read_input(path, &size)) {
    return UNUSABLE;
  }
  replay_run(data, size, SECONDS_OF_ONE_INPUT, &outcome);
  switch (mode) {
  case C_PROGRAM:
    reproducer_print(&outcome);
    return FINE;
  case MINIMIZE:
    return minimizer_run(data, size, &outcome, out);
  case STORY:
  case LIST:
    break;
  }
  story_print(data, size, &outcome);
  return outcome.fine ? FINE : FOUND;
}

static bool is_folder(const char *path)
{
  DIR *const folder = opendir(path);
  if (folder != NULL) {
    (void)closedir(folder);
  }
  return folder != NULL;
}

/* The record where the child's writes are seen by its parent. */
static bool share_record(void)
{
  void *const shared = mmap(NULL, sizeof *harness_record, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    perror("mmap");
    return false;
  }
  harness_record = shared;
  return true;
}

int main(int argc, char **argv)
{
  enum mode mode = LIST;
  const char *out = NULL;
  int next = 1;
  bool chosen = true;
  if (next < argc && strcmp(argv[next], "--story") == 0) {
    mode = STORY;
  } else if (next < argc && strcmp(argv[next], "--c") == 0) {
    mode = C_PROGRAM;
  } else if (next + 1 < argc && strcmp(argv[next], "--minimize") == 0) {
    mode = MINIMIZE;
    next += 1;
    out = argv[next];
  } else if (next >= argc || strcmp(argv[next], "--list") != 0) {
    chosen = false;
  }
  next += chosen ? 1 : 0;
  const int count = argc - next;
  if (count < 1 || argv[next][0] == '-' || (mode != LIST && count != 1)) {
    return usage();
  }
  if (!chosen && count == 1 && !is_folder(argv[next])) {
    mode = STORY;
  }
  if (!share_record()) {
    return UNUSABLE;
  }
  return mode == LIST ? list(argv + next, count) : one_input(mode, argv[next], out);
}
