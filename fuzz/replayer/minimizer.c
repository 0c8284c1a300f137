/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Makes a failing input smaller: first with fewer operations, then with
 * operations that stand for several replaced by the steps that are needed,
 * then with simpler arguments. There are never more operations than at first. Every candidate is run in a process of its own, and is
 * kept if it fails in the same way.
 */

#include "fuzz/replayer/minimizer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SECONDS_OF_ONE_CANDIDATE = 3 };

struct input {
  uint8_t header[HEADER_BYTES];
  size_t count;
  struct operation operations[OPERATIONS_MAX];
};

static struct input best;      /* the smallest so far that fails */
static struct input candidate; /* what is tried */
static const char *wanted;     /* kind of the failure */
static unsigned long tried;
static time_t shown;

static size_t write_bytes(const struct input *input, uint8_t *bytes)
{
  size_t size = HEADER_BYTES;
  memcpy(bytes, input->header, HEADER_BYTES);
  for (size_t i = 0; i < input->count; i++) {
    size += operation_encode(&fuzz_profile, &input->operations[i], bytes + size);
  }
  return size;
}

static void show_progress(bool now)
{
  if (now || time(NULL) != shown) {
    shown = time(NULL);
    fprintf(stderr, "minimize: %zu operations left, %lu candidates tried\n", best.count, tried);
  }
}

/* Does the candidate fail in the same way? Then it is the best. */
static bool attempt(void)
{
  static uint8_t bytes[HEADER_BYTES + OPERATIONS_MAX * OPERATION_BYTES_MAX];
  struct outcome outcome;
  const size_t size = write_bytes(&candidate, bytes);
  replay_run(bytes, size, SECONDS_OF_ONE_CANDIDATE, &outcome);
  tried += 1;
  const bool same = !outcome.fine && strcmp(outcome.kind, wanted) == 0;
  if (same) {
    best = candidate;
  }
  show_progress(false);
  return same;
}

/* Replace `removed` operations from index on by these. */
static void exchange(struct input *input, size_t index, size_t removed, const struct operation *steps, size_t count)
{
  struct operation *const place = &input->operations[index];
  memmove(place + count, place + removed, (input->count - index - removed) * sizeof *place);
  if (count > 0) {
    memcpy(place, steps, count * sizeof *place);
  }
  input->count = input->count - removed + count;
}

/* Leave out ranges of operations: half of them at a time, then a quarter ... then single ones until all are needed. */
static void remove_operations(void)
{
  size_t chunk = best.count > 1 ? best.count / 2 : 1;
  bool again = true;
  while (again) {
    bool removed = false;
    for (size_t end = best.count; end > 0; end = end > chunk ? end - chunk : 0) {
      const size_t from = end > chunk ? end - chunk : 0;
      candidate = best;
      exchange(&candidate, from, end - from, NULL, 0);
      removed = attempt() || removed;
    }
    again = chunk > 1 || removed;
    chunk = chunk > 1 ? chunk / 2 : 1;
  }
}

/* The operation's steps in its place, if the input has room for them and still fails. */
static bool expand_operation(size_t index)
{
  static struct operation steps[OPERATIONS_MAX];
  const struct operation whole = best.operations[index];
  const uint32_t count = operation_steps(&whole);
  if (count == 1 || best.count + count > fuzz_profile.operations_max) {
    return false;
  }
  for (uint32_t k = 0; k < count; k++) {
    steps[k] = operation_step(&whole, k);
    if (!operation_allowed(&fuzz_profile, steps[k].kind)) {
      return false;
    }
  }
  candidate = best;
  exchange(&candidate, index, 1, steps, count);
  return attempt();
}

/*
 * Replace operations that stand for several by those of their steps that are
 * needed, as long as there are no more operations than at first.
 */
static void expand_operations(size_t most)
{
  static struct input whole;
  for (size_t i = best.count; i > 0; i--) {
    whole = best;
    if (expand_operation(i - 1)) {
      remove_operations();
      if (best.count > most) {
        best = whole;
      } else {
        i = i < best.count ? i : best.count + 1;
      }
    }
  }
}

/* Try this in the place of one operation; false if that is what it is already. */
static bool try_operation(size_t index, const struct operation *operation)
{
  if (operation_equal(operation, &best.operations[index]) || !operation_allowed(&fuzz_profile, operation->kind)) {
    return false;
  }
  candidate = best;
  candidate.operations[index] = *operation;
  return attempt();
}

/* Simpler arguments, the simplest first. True if one of them will do. */
static bool simplify_argument(size_t index, uint32_t which)
{
  const struct operation old = best.operations[index];
  const struct argument *const now = &old.arguments[which];
  const uint8_t bytes[] = { 0, 1, now->byte / 2, (uint8_t)(now->byte - 1) };
  for (size_t i = 0; i < sizeof bytes && (now->kind != ARGUMENT_PLAIN || bytes[i] < now->byte); i++) {
    struct operation simpler = old;
    simpler.arguments[which] = (struct argument){ .kind = ARGUMENT_PLAIN, .byte = bytes[i] };
    if (bytes[i] < ARGUMENT_PAGES && try_operation(index, &simpler)) {
      return true;
    }
  }
  for (size_t i = 0; now->kind != ARGUMENT_PLAIN && now->kind != ARGUMENT_NUMBER && i < sizeof bytes; i++) {
    struct operation simpler = old;
    simpler.arguments[which].byte = bytes[i];
    if (bytes[i] < now->byte && try_operation(index, &simpler)) {
      return true;
    }
  }
  struct operation simpler = old;
  simpler.arguments[which].delta = 0;
  return now->kind != ARGUMENT_SHIFTED && now->kind != ARGUMENT_NUMBER && try_operation(index, &simpler);
}

static bool simplify_operation(size_t index)
{
  struct operation simpler = best.operations[index];
  bool better = false;
  if (simpler.kind == OPERATION_GET_ALIGNED) {
    simpler.kind = OPERATION_GET;
    simpler.arguments[1] = (struct argument){ .kind = ARGUMENT_PLAIN };
    better = try_operation(index, &simpler) || better;
  }
  simpler = best.operations[index];
  simpler.fail_from = 0;
  better = try_operation(index, &simpler) || better;
  simpler = best.operations[index];
  simpler.allocator = 0;
  better = try_operation(index, &simpler) || better;
  for (uint32_t which = 0; which < 2; which++) {
    if (operation_field(best.operations[index].kind, which) != FIELD_NONE) {
      better = simplify_argument(index, which) || better;
    }
  }
  return better;
}

/* Bits of the header that need not be set. */
static bool simplify_header(void)
{
  bool better = false;
  for (uint32_t bit = 0; bit < 8 * HEADER_BYTES; bit++) {
    candidate = best;
    candidate.header[bit / 8] = (uint8_t)(best.header[bit / 8] & ~(1U << bit % 8));
    better = (candidate.header[bit / 8] != best.header[bit / 8] && attempt()) || better;
  }
  return better;
}

/* Every round makes a byte smaller, so that this ends. */
static void simplify(void)
{
  bool better = true;
  while (better) {
    better = simplify_header();
    for (size_t i = 0; i < best.count; i++) {
      better = simplify_operation(i) || better;
    }
    if (better) {
      remove_operations();
    }
  }
}

static void read_operations(const uint8_t *data, size_t size)
{
  static struct operation_piece pieces[OPERATIONS_MAX];
  memset(&candidate, 0, sizeof candidate);
  memcpy(candidate.header, data, size < HEADER_BYTES ? size : HEADER_BYTES);
  candidate.count = operations_cut(&fuzz_profile, data, size, pieces, OPERATIONS_MAX);
  for (size_t i = 0; i < candidate.count; i++) {
    (void)operation_decode(&fuzz_profile, data + pieces[i].offset, pieces[i].length, &candidate.operations[i]);
  }
}

static bool write_file(const char *path)
{
  static uint8_t bytes[HEADER_BYTES + OPERATIONS_MAX * OPERATION_BYTES_MAX];
  const size_t size = write_bytes(&best, bytes);
  FILE *const file = fopen(path, "wb");
  bool good = file != NULL && fwrite(bytes, 1, size, file) == size;
  if (file != NULL) {
    good = fclose(file) == 0 && good;
  }
  if (!good) {
    fprintf(stderr, "minimize: %s: %s\n", path, strerror(errno));
  }
  return good;
}

int minimizer_run(const uint8_t *data, size_t size, const struct outcome *outcome, const char *out)
{
  if (outcome->fine) {
    fprintf(stderr, "minimize: the input does not fail, nothing to minimize\n");
    return 2;
  }
  wanted = outcome->kind;
  read_operations(data, size);
  const size_t before = candidate.count;
  if (!attempt()) {
    fprintf(stderr, "minimize: a second run of the input did not fail in the same way (%s)\n", wanted);
    return 2;
  }
  remove_operations();
  expand_operations(before);
  simplify();
  show_progress(true);
  if (!write_file(out)) {
    return 2;
  }
  printf("%s: %zu operations of %zu; it still fails: %s\n", out, best.count, before, wanted);
  printf("To look at it: fuzz/replay --target %s %s\n", fuzz_profile.name, out);
  return 0;
}
