/* SPDX-License-Identifier: BSD-3-Clause */

/* Tells a run call by call. */

#include "fuzz/replayer/story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/validity.h"

enum {
  MAP_HEAD = 4, /* runs shown of a long map: first and last ones */
  MAP_TAIL = 3,
  BYTES_SHOWN = 12,      /* of an operation */
  DIFFERENCES_BEFORE = 2, /* runs shown beside each other, before the first difference and in all */
  DIFFERENCES_SHOWN = 8
};

static const char *run_to_text(const struct model_run *one, char text[96])
{
  char first[NUMBER_TEXT_MAX];
  char last[NUMBER_TEXT_MAX];
  (void)snprintf(text, 96, "%s-%s %s", number_to_text(one->first, first), number_to_text(one->last, last),
                 one->state == MEM_ALLOC_FREE ? "free" : "live");
  return text;
}

static void print_run(const struct model_run *one)
{
  char text[96];
  printf(" [%s]", run_to_text(one, text));
}

/* All runs of an allocator on one line; what is not shown is absent. */
static void print_map(uint32_t allocator, const struct model *model)
{
  printf("      m%" PRIu32 ":", allocator);
  if (model->count == 0) {
    printf(" nothing");
  }
  for (size_t i = 0; i < model->count; i++) {
    if (i == MAP_HEAD && model->count > MAP_HEAD + MAP_TAIL) {
      const size_t skipped = model->count - MAP_HEAD - MAP_TAIL;
      printf(" ... %zu more runs ...", skipped);
      i += skipped;
    }
    print_run(&model->runs[i]);
  }
  printf("\n");
}

static void print_answer(const struct call *call, int status, uint64_t address)
{
  char text[NUMBER_TEXT_MAX];
  printf("%s", status_name(status));
  if (status == MEM_ALLOC_OK && (call->function == GET || call->function == GET_ALIGNED)) {
    printf(" %s", number_to_text(address, text));
  }
}

/* Ends the line of a call; it is the one with which something is wrong if it is the last one, and not for the end. */
static void end_line(const struct call *call, const struct outcome *outcome)
{
  const struct record *const record = harness_record;
  const bool last = call == &record->calls[record->call_count - 1];
  const bool at_end = strstr(outcome->text, "(at the end)") != NULL || strstr(outcome->text, "destroy") != NULL
                      || strstr(outcome->text, "never freed") != NULL;
  printf("%s\n", last && !outcome->fine && (!at_end || !call->returned) ? "   <== HERE" : "");
}

/* What mem_alloc_is_valid said of a damaged copy, and what is wrong with it. */
static void tell_damage(const struct call *call, const struct outcome *outcome)
{
  char text[160];
  call_to_text(call, text, sizeof text);
  printf("    %s -> ", text);
  if (call->returned) {
    printf("%s", call->status == MEM_ALLOC_OK ? "accepted" : "rejected");
  } else {
    printf("(no answer)");
  }
  printf(", expected %s: %s", call->address == VALIDITY_SOUND ? "accepted" : "rejected",
         validity_name((enum validity)call->address));
  end_line(call, outcome);
}

/* One call, and the map after it; the map before it is the one printed last. */
static void tell_call(struct expectation *expectation, const struct call *call, const struct outcome *outcome)
{
  static struct model before;
  const struct model *const model = &expectation->models[call->target];
  char text[160];
  model_copy(&before, model);
  uint64_t address = UNWRITTEN;
  call_to_text(call, text, sizeof text);
  const int expected = expected_answer(expectation, call, &address);
  printf("    %s -> ", text);
  if (call->returned) {
    print_answer(call, call->status, call->address);
  } else {
    printf("(no answer)");
  }
  printf(", expected ");
  print_answer(call, expected, address);
  if (call->refused) {
    printf(call->returned ? " (NO_MEMORY at first, which is right)" : " (it said NO_MEMORY, which is right)");
  }
  end_line(call, outcome);
  if (!model_equal(&before, model)) {
    print_map(call->target, model);
  }
}

/* The operations of the input with their bytes, and the calls of each. */
static void tell_operations(const uint8_t *data, size_t size, struct expectation *expectation,
                            const struct outcome *outcome)
{
  static struct operation_piece pieces[OPERATIONS_MAX];
  const struct record *const record = harness_record;
  const size_t count = operations_cut(&fuzz_profile, data, size, pieces, OPERATIONS_MAX);
  uint32_t next = 0;
  for (uint32_t number = 0; number <= record->operations && number <= count; number++) {
    if (number > 0) {
      const struct operation_piece piece = pieces[number - 1];
      struct operation operation;
      (void)operation_decode(&fuzz_profile, data + piece.offset, piece.length, &operation);
      printf("  operation %" PRIu32 ": %s, bytes", number, operation_name(operation.kind));
      for (size_t i = 0; i < piece.length && i < BYTES_SHOWN; i++) {
        printf(" %02x", data[piece.offset + i]);
      }
      if (piece.length > BYTES_SHOWN) {
        printf(" ... %zu more", piece.length - BYTES_SHOWN);
      }
      const bool none = next == record->call_count || record->calls[next].operation != number;
      printf("%s\n", none ? ": no call" : "");
    }
    while (next < record->call_count && record->calls[next].operation == number) {
      if (record->calls[next].function == DAMAGE) {
        tell_damage(&record->calls[next], outcome);
      } else {
        tell_call(expectation, &record->calls[next], outcome);
      }
      next += 1;
    }
  }
}

/* The allocator's runs beside the model's, around the first that differ; nothing if none do. */
static void tell_difference(const struct expectation *expectation)
{
  const struct record *const record = harness_record;
  if (record->call_count == 0) {
    return;
  }
  const uint32_t target = record->calls[record->call_count - 1].target;
  const struct model *const model = &expectation->models[target];
  size_t i = 0;
  while (i < record->run_count && i < model->count && memcmp(&record->runs[i], &model->runs[i], sizeof model->runs[0]) == 0) {
    i += 1;
  }
  const size_t most = record->run_count > model->count ? record->run_count : model->count;
  if (record->finding[0] == '\0' || i >= most || (i == record->run_count && !record->runs_complete)) {
    return;
  }
  printf("  The runs of m%" PRIu32 " differ from number %zu on:\n    %-40s   %s\n", target, i + 1, "allocator", "model");
  for (size_t k = i > DIFFERENCES_BEFORE ? i - DIFFERENCES_BEFORE : 0; k < most && k < i + DIFFERENCES_SHOWN; k++) {
    char left[96] = "-";
    char right[96] = "-";
    if (k < record->run_count) {
      (void)run_to_text(&record->runs[k], left);
    }
    if (k < model->count) {
      (void)run_to_text(&model->runs[k], right);
    }
    printf("    %-40s %s %s\n", left, strcmp(left, right) == 0 ? " " : "|", right);
  }
}

void story_print(const uint8_t *data, size_t size, const struct outcome *outcome)
{
  const struct record *const record = harness_record;
  struct expectation expectation = { .models = { { .runs = NULL } } };
  printf("target %s, fan-out %" PRIu32 ", %zu bytes; below a call the runs after it, by the model, if they are others\n",
         fuzz_profile.name, record->fan_out, size);
  for (uint32_t i = 0; i < record->allocators; i++) {
    const bool zeros = record->zero_filled && record->nodes[i] == 0;
    if (record->nodes[i] > 0) {
      printf("  m%" PRIu32 " has static storage of %" PRIu32 " nodes\n", i, record->nodes[i]);
    } else {
      printf("  m%" PRIu32 " has malloc%s\n", i, zeros ? ", and starts zero-filled instead of by init" : "");
    }
    print_map(i, &expectation.models[i]);
  }
  tell_operations(data, size, &expectation, outcome);
  tell_difference(&expectation);
  expectation_destroy(&expectation);
  if (outcome->fine) {
    printf("All as expected.\n");
  } else {
    printf("FINDING: %s\n", outcome->text);
    if (outcome->report[0] != '\0') {
      printf("What the sanitizer says:\n%s", outcome->report);
    }
    printf("Next: --minimize OUT for a smaller input, --c for a C program that shows it.\n");
  }
}
