/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/harness/call.h"

#include <inttypes.h>
#include <stdio.h>

#include "opae/mem_alloc.h"
#include "tests/model/damage.h"

static const char *const function_names[] = {
  "add_free", "get", "get_aligned", "put", "apply_constraint", "reserve", "add_many", "restart", "null_arguments",
  "damage"
};

static const char *const status_names[] = {
  "OK", "INVALID", "OVERLAP", "NO_SPACE", "NOT_FOUND", "CONFLICT", "NO_MEMORY"
};

const char *status_name(int status)
{
  return status >= MEM_ALLOC_OK && status <= MEM_ALLOC_NO_MEMORY ? status_names[status] : "no such status";
}

const char *number_to_text(uint64_t number, char text[NUMBER_TEXT_MAX])
{
  const uint64_t half = UINT64_C(1) << 63;
  const uint64_t near = UINT64_C(1) << 40;
  if (number >= 0 - near) {
    (void)snprintf(text, NUMBER_TEXT_MAX, "2^64-0x%" PRIx64, 0 - number);
  } else if (number >= half && number - half < near) {
    (void)snprintf(text, NUMBER_TEXT_MAX, number == half ? "2^63" : "2^63+0x%" PRIx64, number - half);
  } else if (number < half && half - number < near) {
    (void)snprintf(text, NUMBER_TEXT_MAX, "2^63-0x%" PRIx64, half - number);
  } else {
    (void)snprintf(text, NUMBER_TEXT_MAX, "0x%" PRIx64, number);
  }
  return text;
}

static void restart_to_text(uint64_t how, char *text, size_t size)
{
  const char *const begun = (how & RESTART_ZEROS) != 0 ? ", begun by zeros with malloc" : ", init";
  (void)snprintf(text, size, "%s%s%s", (how & RESTART_TWICE) != 0 ? ", destroyed twice" : "",
                 (how & RESTART_FAILED) != 0 ? ", a failed init_static" : "",
                 (how & RESTART_AS_IT_IS) != 0 ? ", no init" : begun);
}

void call_to_text(const struct call *call, char *text, size_t size)
{
  char arguments[120] = "";
  char first[NUMBER_TEXT_MAX];
  char second[NUMBER_TEXT_MAX];
  (void)number_to_text(call->first, first);
  (void)number_to_text(call->second, second);
  if (call->function == APPLY_CONSTRAINT) {
    (void)snprintf(arguments, sizeof arguments, ", m%" PRIu32, call->other);
  } else if (call->function == ADD_FREE || call->function == GET_ALIGNED) {
    (void)snprintf(arguments, sizeof arguments, ", %s, %s", first, second);
  } else if (call->function == ADD_MANY) {
    (void)snprintf(arguments, sizeof arguments, ", %s, %" PRIu64 " regions", first, call->second);
  } else if (call->function == RESTART) {
    restart_to_text(call->first, arguments, sizeof arguments);
  } else if (call->function == DAMAGE) {
    char name[DAMAGE_NAME_MAX];
    damage_name((size_t)call->first, name);
    (void)snprintf(arguments, sizeof arguments, "%s, %s = %s", call->other != 0 ? ", more" : "", name, second);
  } else if (call->function != NULL_ARGUMENTS) {
    (void)snprintf(arguments, sizeof arguments, ", %s", first);
  }
  char failure[40] = "";
  if (call->fail_from != 0) {
    (void)snprintf(failure, sizeof failure, " [malloc %" PRIu32 " fails]", call->fail_from);
  }
  (void)snprintf(text, size, "%s(m%" PRIu32 "%s)%s", function_names[call->function], call->target, arguments,
                 failure);
}

/* Regions of one address, with one between them, as long as they can be added; how many, to *added. */
static int add_many(struct model *model, uint64_t first, uint64_t count, uint64_t *added)
{
  int status = MEM_ALLOC_OK;
  uint64_t i = 0;
  while (i < count && status == MEM_ALLOC_OK) {
    status = model_add_free(model, first + 2 * i, 1);
    i += status == MEM_ALLOC_OK ? 1 : 0;
  }
  *added = i;
  return status;
}

int call_model(const struct call *call, struct model *model, const struct model *constraint, uint64_t *address)
{
  int status = MEM_ALLOC_OK;
  switch (call->function) {
  case ADD_FREE:
    status = model_add_free(model, call->first, call->second);
    break;
  case GET:
    status = model_get(model, address, call->first);
    break;
  case GET_ALIGNED:
    status = model_get_aligned(model, address, call->first, call->second);
    break;
  case PUT:
    status = model_put(model, call->first);
    break;
  case APPLY_CONSTRAINT:
    status = model_apply_constraint(model, constraint);
    break;
  case ADD_MANY:
    status = add_many(model, call->first, call->second, address);
    break;
  case RESTART:
    model->count = 0;
    break;
  case RESERVE: /* the model has no storage: see expect_reserve() in checks.h */
  case NULL_ARGUMENTS:
  case DAMAGE:
    break;
  }
  return status;
}

/* Does a run of the model that is FREE go on there? */
static bool is_cut_at(const struct model *model, uint64_t address)
{
  bool cut = false;
  for (size_t i = 0; i < model->count && !cut; i++) {
    const struct model_run *const one = &model->runs[i];
    cut = one->state == MEM_ALLOC_FREE && one->first < address && address <= one->last;
  }
  return cut;
}

/* At how many places where a run of the constraint starts, ABSENT ones included. */
static uint64_t count_cuts(const struct model *model, const struct model *constraint)
{
  uint64_t cuts = 0;
  for (size_t i = 0; i < constraint->count; i++) {
    const struct model_run *const one = &constraint->runs[i];
    const bool next_touches = i + 1 < constraint->count && constraint->runs[i + 1].first - one->last == 1;
    cuts += is_cut_at(model, one->first) ? 1 : 0;
    cuts += !next_touches && one->last < UINT64_MAX && is_cut_at(model, one->last + 1) ? 1 : 0;
  }
  return cuts;
}

struct needs call_needs(const struct call *call, const struct model *model, const struct model *constraint)
{
  static struct model after;
  struct needs needs = { .status = MEM_ALLOC_OK, .runs = model_all_runs(model), .cuts = 0 };
  uint64_t address = UINT64_MAX;
  if (call->function == ADD_MANY) {
    needs.runs += 2 * call->second;
    return needs;
  }
  model_copy(&after, model);
  needs.status = call_model(call, &after, constraint, &address);
  const uint64_t then = model_all_runs(&after);
  needs.runs = then > needs.runs ? then : needs.runs;
  if (call->function == APPLY_CONSTRAINT) {
    needs.runs += model_all_runs(constraint);
    needs.cuts = count_cuts(model, constraint);
  }
  if (call->function == RESERVE) {
    needs.runs = call->first;
  }
  return needs;
}
