/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_REPLAYER_RERUN_H
#define FUZZ_REPLAYER_RERUN_H

/*
 * One run of an input, as story.c, reproducer.c and minimizer.c see it: how
 * it ended, and what each call had to answer. What is used goes one way:
 * main.c, then those three, then this, then the harness.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz/harness/harness.h"

enum { REPLAY_BROKEN = 2, /* exit code when no process can be had */ REPORT_MAX = 1 << 13 };

/* How an input ended. */
struct outcome {
  bool fine;
  char kind[FINDING_MAX]; /* what went wrong, without the numbers: two inputs with one kind fail alike */
  char text[FINDING_MAX]; /* the same with the numbers */
  char report[REPORT_MAX]; /* what a sanitizer said, empty if none did */
};

/*
 * Runs an input in a child process, so that crashes and hangs are survived.
 * The record of the run is in *harness_record afterwards. What the child
 * prints is not shown.
 */
void replay_run(const uint8_t *input, size_t size, unsigned int seconds, struct outcome *outcome);

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

#endif
