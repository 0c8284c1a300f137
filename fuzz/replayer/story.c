/* SPDX-License-Identifier: BSD-3-Clause */

/* Tells a run call by call. */

#include "fuzz/replayer/story.h"

#include <inttypes.h>
#include <stdio.h>

#include "tests/model/validity.h"

enum { MAP_HEAD = 4, MAP_TAIL = 3 }; /* runs shown of a long map */

static void print_run(const struct model_run *one)
{
  printf(" [0x%" PRIx64 "-0x%" PRIx64 " %s]", one->first, one->last,
         one->state == MEM_ALLOC_FREE ? "free" : "live");
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
  printf("%s", status_name(status));
  if (status == MEM_ALLOC_OK && (call->function == GET || call->function == GET_ALIGNED)) {
    printf(" 0x%" PRIx64, address);
  }
}

/* What mem_alloc_is_valid said of a damaged copy, and what is wrong with it. */
static void tell_damage(const struct call *call)
{
  char text[160];
  call_to_text(call, text, sizeof text);
  printf("    %s -> ", text);
  if (call->returned) {
    printf("%s", call->status == MEM_ALLOC_OK ? "accepted" : "rejected");
  } else {
    printf("(no answer)");
  }
  printf(", expected %s: %s\n", call->address == VALIDITY_SOUND ? "accepted" : "rejected",
         validity_name((enum validity)call->address));
}

/* One call, and the map after it; the map before it is the one printed last. */
static void tell_call(struct expectation *expectation, const struct call *call)
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
  printf("\n");
  if (!model_equal(&before, model)) {
    print_map(call->target, model);
  }
}

/* The operations of the input with their bytes, and the calls of each. */
static void tell_operations(const uint8_t *data, size_t size, struct expectation *expectation)
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
      for (size_t i = 0; i < piece.length; i++) {
        printf(" %02x", data[piece.offset + i]);
      }
      const bool none = next == record->call_count || record->calls[next].operation != number;
      printf("%s\n", none ? ": no call" : "");
    }
    while (next < record->call_count && record->calls[next].operation == number) {
      if (record->calls[next].function == DAMAGE) {
        tell_damage(&record->calls[next]);
      } else {
        tell_call(expectation, &record->calls[next]);
      }
      next += 1;
    }
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
  tell_operations(data, size, &expectation);
  expectation_destroy(&expectation);
  if (outcome->fine) {
    printf("All as expected.\n");
  } else {
    printf("FINDING: %s\n", outcome->text);
    printf("Next: --minimize OUT for a smaller input, --c for a C program that shows it.\n");
  }
}
