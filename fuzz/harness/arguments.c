/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/harness/arguments.h"

static uint64_t page_size(const struct places *places, uint8_t byte)
{
  const uint64_t pages = byte < 176 ? byte % 20 : ((uint64_t)byte - 175) * 16;
  return pages << places->page_order;
}

/* A number from an argument that is not a page, counted from origin. */
static uint64_t number_from(const struct argument *argument, const struct model *model, uint64_t origin)
{
  const uint8_t b = argument->byte;
  const uint64_t delta = (uint64_t)(int64_t)argument->delta;
  const struct model_run nothing = { .first = 0, .last = 0, .state = MEM_ALLOC_FREE };
  const struct model_run *const place =
    model->count == 0 ? &nothing : &model->runs[operation_pick(b, model->count)];
  uint64_t value = b;
  switch (argument->kind) {
  case ARGUMENT_NUMBER:
    value = argument->number;
    break;
  case ARGUMENT_POWER:
    value = (UINT64_C(1) << (b % 64)) + delta;
    break;
  case ARGUMENT_TOP:
    value = delta - b - origin;
    break;
  case ARGUMENT_RUN_FIRST:
    value = place->first + delta - origin;
    break;
  case ARGUMENT_RUN_END:
    value = place->last + 1 + delta - origin;
    break;
  case ARGUMENT_RUN_SIZE:
    value = place->last - place->first + 1 + delta;
    break;
  case ARGUMENT_SHIFTED:
    value = (uint64_t)b << (8 * (argument->delta + 4));
    break;
  case ARGUMENT_SMALL:
  case ARGUMENT_PLAIN:
    break;
  }
  return value;
}

static uint64_t address_from(const struct places *places, const struct argument *argument, const struct model *model)
{
  if (argument->kind == ARGUMENT_PLAIN) {
    return places->page_zero + ((uint64_t)argument->byte << places->page_order);
  }
  return number_from(argument, model, 0);
}

static uint64_t size_from(const struct places *places, const struct argument *argument, const struct model *model,
                          uint64_t origin)
{
  return argument->kind == ARGUMENT_PLAIN ? page_size(places, argument->byte) : number_from(argument, model, origin);
}

uint64_t value_from(const struct argument *argument, const struct model *model, uint64_t old)
{
  if (argument->kind == ARGUMENT_PLAIN) {
    const uint64_t distance = (uint64_t)argument->byte / 2 + 1;
    return (argument->byte & 1) == 0 ? old + distance : old - distance;
  }
  return number_from(argument, model, 0);
}

/* Every power of two, from 128 on those of a few pages; else any number, mostly none. */
static uint64_t alignment_from(const struct places *places, const struct argument *argument,
                               const struct model *model)
{
  if (argument->kind != ARGUMENT_PLAIN) {
    return number_from(argument, model, 0);
  }
  const uint8_t b = argument->byte;
  return b < 128 ? UINT64_C(1) << (b % 64) : UINT64_C(1) << (places->page_order + b % 8);
}

/* Small numbers, powers of two up to 2^63, numbers near 2^64, and those for which 2^32 nodes are just enough, or not. */
static uint64_t runs_from(uint8_t x, uint8_t y)
{
  uint64_t runs = x;
  if (y >= 192) {
    runs = (UINT64_C(1) << (y % 64)) - 1 + x;
  } else if (y >= 184) {
    runs = UINT64_MAX - x;
  } else if (y >= 180) {
    runs = UINT32_MAX / 2 - 40 - 128 + x;
  }
  return runs;
}

/* Start of the live block that x picks, to *address; false if there is none. */
static bool live_block(const struct model *model, uint8_t x, uint64_t *address)
{
  const size_t live = (size_t)model_count(model, MEM_ALLOC_ALLOCATED);
  if (live == 0) {
    return false;
  }
  size_t left = operation_pick(x, live);
  size_t i = 0;
  while (model->runs[i].state != MEM_ALLOC_ALLOCATED || left > 0) {
    left -= model->runs[i].state == MEM_ALLOC_ALLOCATED ? 1 : 0;
    i += 1;
  }
  *address = model->runs[i].first;
  return true;
}

/* Right above the run that x / 2 picks if x is odd, else right below it; false if there is none. */
static bool beside_run(const struct model *model, uint8_t x, uint64_t size, uint64_t *address)
{
  if (model->count == 0) {
    return false;
  }
  const struct model_run *const place = &model->runs[operation_pick(x / 2, model->count)];
  *address = (x & 1) != 0 ? place->last + 1 : place->first - size;
  return true;
}

bool call_from(const struct places *places, const struct operation *operation, const struct model *model,
               struct call *call)
{
  const struct argument *const arguments = operation->arguments;
  const uint8_t x = arguments[0].byte;
  const uint8_t y = arguments[1].byte;
  bool possible = true;
  switch (operation->kind) {
  case OPERATION_ADD_FREE:
    call->function = ADD_FREE;
    call->first = address_from(places, &arguments[0], model);
    call->second = size_from(places, &arguments[1], model, call->first);
    break;
  case OPERATION_ADD_BESIDE:
    call->function = ADD_FREE;
    call->second = size_from(places, &arguments[1], model, 0);
    possible = beside_run(model, x, call->second, &call->first);
    break;
  case OPERATION_GET:
    call->function = GET;
    call->first = size_from(places, &arguments[0], model, 0);
    break;
  case OPERATION_GET_ALIGNED:
    call->function = GET_ALIGNED;
    call->first = size_from(places, &arguments[0], model, 0);
    call->second = alignment_from(places, &arguments[1], model);
    break;
  case OPERATION_PUT:
    call->function = PUT;
    possible = live_block(model, x, &call->first);
    break;
  case OPERATION_PUT_AT:
    call->function = PUT;
    call->first = address_from(places, &arguments[0], model);
    break;
  case OPERATION_APPLY_CONSTRAINT:
    call->function = APPLY_CONSTRAINT;
    call->other = x % places->allocators;
    break;
  case OPERATION_RESERVE:
    call->function = RESERVE;
    call->first = runs_from(x, y);
    break;
  case OPERATION_RESTART:
    call->function = RESTART;
    call->first = x;
    break;
  case OPERATION_NULL_ARGUMENTS:
    call->function = NULL_ARGUMENTS;
    break;
  case OPERATION_ADD_MANY:
    call->function = ADD_MANY;
    call->first = address_from(places, &arguments[0], model);
    /* Once there are many, the model takes long for more of them. */
    call->second = UINT64_C(1) << (y % (model->count < 4096 ? ADD_MANY_ORDERS : ADD_MANY_ORDERS_MORE));
    break;
  case OPERATION_GET_MANY: /* operation_step() never gives these */
  case OPERATION_PUT_MANY:
  case OPERATION_CHURN:
  case OPERATION_DAMAGE: /* see make_damage() */
  case OPERATION_DAMAGE_MORE:
  case OPERATION_KINDS:
    possible = false;
    break;
  }
  return possible;
}
