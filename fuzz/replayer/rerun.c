/* SPDX-License-Identifier: BSD-3-Clause */

#define _DEFAULT_SOURCE

#include "fuzz/replayer/rerun.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- One input in a child -------------------------------------------------- */

static void run_in_child(const uint8_t *input, size_t size, bool quiet, unsigned int seconds)
{
  const int nowhere = quiet ? open("/dev/null", O_WRONLY) : -1;
  if (nowhere >= 0) {
    (void)dup2(nowhere, STDERR_FILENO);
  }
  (void)alarm(seconds);
  harness_run(input, size);
  _exit(0);
}

/* From how the child ended. A finding of the harness is in the record. */
static void describe_end(int status, struct outcome *outcome)
{
  const struct record *const record = harness_record;
  outcome->fine = WIFEXITED(status) && WEXITSTATUS(status) == 0 && record->finished;
  outcome->kind[0] = '\0';
  if (record->kind[0] != '\0') {
    memcpy(outcome->kind, record->kind, sizeof outcome->kind);
    memcpy(outcome->text, record->finding, sizeof outcome->text);
    return;
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
    (void)snprintf(outcome->kind, sizeof outcome->kind, "hang: no end within the time limit");
  } else if (WIFSIGNALED(status)) {
    (void)snprintf(outcome->kind, sizeof outcome->kind, "crash: signal %d (%s)", WTERMSIG(status),
                   strsignal(WTERMSIG(status)));
  } else if (!outcome->fine) {
    (void)snprintf(outcome->kind, sizeof outcome->kind, "crash: exit code %d", WEXITSTATUS(status));
  }
  memcpy(outcome->text, outcome->kind, sizeof outcome->text);
}

void replay_run(const uint8_t *input, size_t size, bool quiet, unsigned int seconds, struct outcome *outcome)
{
  harness_record->kind[0] = '\0';
  harness_record->finished = false;
  harness_record->call_count = 0;
  (void)fflush(NULL);
  const pid_t child = fork();
  if (child < 0) {
    perror("fork");
    exit(REPLAY_BROKEN);
  }
  if (child == 0) {
    run_in_child(input, size, quiet, seconds);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      perror("waitpid");
      exit(REPLAY_BROKEN);
    }
  }
  describe_end(status, outcome);
}

/* --- What had to be answered ------------------------------------------------ */

int expected_answer(struct expectation *expectation, const struct call *call, uint64_t *address)
{
  *address = UNWRITTEN;
  /* What the harness let off: static storage that is too small, a reserve that is too large. */
  if (call->refused && call->final && call->returned) {
    return MEM_ALLOC_NO_MEMORY;
  }
  return call_model(call, &expectation->models[call->target], &expectation->models[call->other], address);
}

void expectation_destroy(struct expectation *expectation)
{
  for (uint32_t i = 0; i < ALLOCATORS_MAX; i++) {
    model_destroy(&expectation->models[i]);
  }
}
