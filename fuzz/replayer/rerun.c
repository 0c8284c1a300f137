/* SPDX-License-Identifier: BSD-3-Clause */

#define _DEFAULT_SOURCE

#include "fuzz/replayer/rerun.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- What the child prints --------------------------------------------------- */

/* A file of no name that takes it. */
static FILE *printed(void)
{
  static FILE *file;
  if (file == NULL) {
    file = tmpfile();
  }
  if (file == NULL || ftruncate(fileno(file), 0) != 0) {
    perror("temporary file");
    exit(REPLAY_BROKEN);
  }
  rewind(file);
  return file;
}

/* From the sanitizer's first line on, without the lines that only frame it. */
static void read_report(FILE *file, char *report)
{
  char line[512];
  bool inside = false;
  size_t length = 0;
  report[0] = '\0';
  rewind(file);
  while (fgets(line, sizeof line, file) != NULL && length + strlen(line) < REPORT_MAX) {
    inside = inside || strstr(line, "ERROR: ") != NULL || strstr(line, "runtime error: ") != NULL;
    if (strncmp(line, "Shadow bytes", 12) == 0) {
      inside = false; /* its dump of memory; the summary follows */
    }
    if ((inside && line[0] != '=' ) || strstr(line, "ERROR: ") != NULL || strncmp(line, "SUMMARY: ", 9) == 0) {
      memcpy(report + length, line, strlen(line) + 1);
      length += strlen(line);
    }
  }
}

/* --- One input in a child -------------------------------------------------- */

static void run_in_child(const uint8_t *input, size_t size, FILE *messages, unsigned int seconds)
{
  (void)dup2(fileno(messages), STDERR_FILENO);
  (void)alarm(seconds);
  harness_run(input, size);
  _exit(0);
}

/* What a sanitizer found: its kind and the function; false if there is no report. */
static bool describe_report(struct outcome *outcome)
{
  const char *const summary = strstr(outcome->report, "SUMMARY: ");
  const char *const error = strstr(outcome->report, "runtime error: ");
  if (error != NULL) {
    (void)snprintf(outcome->text, sizeof outcome->text, "%.*s", (int)strcspn(error, "\n"), error);
  } else if (summary != NULL) {
    const char *const what = summary + strlen("SUMMARY: ");
    const char *const path = strchr(what, '/');
    const char *const function = strstr(what, " in ");
    const size_t whole = strcspn(what, "\n");
    const bool both = path != NULL && function != NULL && path < function && function < what + whole;
    (void)snprintf(outcome->text, sizeof outcome->text, "%.*s%.*s", (int)(both ? path - what - 1 : (long)whole), what,
                   both ? (int)strcspn(function, "\n") : 0, both ? function : "");
  } else {
    return false;
  }
  memcpy(outcome->kind, outcome->text, sizeof outcome->kind);
  return true;
}

/* From how the child ended. A finding of the harness is in the record. */
static void describe_end(int status, struct outcome *outcome)
{
  const struct record *const record = harness_record;
  outcome->fine = WIFEXITED(status) && WEXITSTATUS(status) == 0 && record->finished;
  outcome->kind[0] = '\0';
  outcome->text[0] = '\0';
  if (record->kind[0] != '\0') {
    memcpy(outcome->kind, record->kind, sizeof outcome->kind);
    memcpy(outcome->text, record->finding, sizeof outcome->text);
    return;
  }
  if (!outcome->fine && describe_report(outcome)) {
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

void replay_run(const uint8_t *input, size_t size, unsigned int seconds, struct outcome *outcome)
{
  FILE *const messages = printed();
  harness_record->kind[0] = '\0';
  harness_record->finished = false;
  harness_record->call_count = 0;
  harness_record->run_count = 0;
  (void)fflush(NULL);
  const pid_t child = fork();
  if (child < 0) {
    perror("fork");
    exit(REPLAY_BROKEN);
  }
  if (child == 0) {
    run_in_child(input, size, messages, seconds);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      perror("waitpid");
      exit(REPLAY_BROKEN);
    }
  }
  read_report(messages, outcome->report);
  describe_end(status, outcome);
}

/* --- What had to be answered ------------------------------------------------ */

int expected_answer(struct expectation *expectation, const struct call *call, uint64_t *address)
{
  *address = UNWRITTEN;
  /* What the harness let off: static storage that is too small, a reserve that is too large. */
  if (call->refused && call->final) {
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
