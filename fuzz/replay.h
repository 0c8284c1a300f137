/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_REPLAY_H
#define FUZZ_REPLAY_H

/* What replay.c, story.c, reproducer.c and minimizer.c share. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz/harness.h"

enum { REPLAY_INPUT_MAX = 1 << 20, SECONDS_OF_ONE_INPUT = 20, SECONDS_OF_ONE_CANDIDATE = 3 };

/* How an input ended. */
struct outcome {
  bool fine;
  char kind[FINDING_MAX]; /* what went wrong, without the numbers: two inputs with one kind fail alike */
  char text[FINDING_MAX]; /* the same with the numbers */
};

/*
 * Runs an input in a child process, so that crashes and hangs are survived.
 * The record of the run is in *harness_record afterwards. quiet: the child
 * prints nothing.
 */
void replay_run(const uint8_t *data, size_t size, bool quiet, unsigned int seconds, struct outcome *outcome);

/* What each call had to answer, found with models of its own: see expected_answer(). */
struct expectation {
  struct model models[ALLOCATORS_MAX];
};

/*
 * What this call of the record had to answer; the models are those before
 * it, and after it when this returns.
 */
int expected_answer(struct expectation *expectation, const struct call *call, uint64_t *address);

void expectation_destroy(struct expectation *expectation);

/* Prints the run in *harness_record as a story. */
void story_print(const uint8_t *data, size_t size, const struct outcome *outcome);

/* Prints it as a C program that does the same calls. */
void reproducer_print(const struct outcome *outcome);

/* Makes the input, which fails like this, smaller; writes it to this file. Exit code for main(). */
int minimizer_run(const uint8_t *data, size_t size, const struct outcome *outcome, const char *out);

#endif
