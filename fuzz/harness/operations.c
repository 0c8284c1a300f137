/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/harness/operations.h"

#include <string.h>

#include "fuzz/harness/profile.h"

static const struct {
  const char *name;
  uint8_t fields[2]; /* enum argument_field */
} kinds[OPERATION_KINDS] = {
  [OPERATION_ADD_FREE] = { "add_free", { FIELD_ADDRESS, FIELD_SIZE } },
  [OPERATION_ADD_BESIDE] = { "add_beside", { FIELD_BYTE, FIELD_SIZE } },
  [OPERATION_GET] = { "get", { FIELD_SIZE, FIELD_NONE } },
  [OPERATION_GET_MANY] = { "get_many", { FIELD_SIZE, FIELD_BYTE } },
  [OPERATION_GET_ALIGNED] = { "get_aligned", { FIELD_SIZE, FIELD_ALIGNMENT } },
  [OPERATION_PUT] = { "put", { FIELD_BYTE, FIELD_NONE } },
  [OPERATION_PUT_MANY] = { "put_many", { FIELD_BYTE, FIELD_BYTE } },
  [OPERATION_PUT_AT] = { "put_at", { FIELD_ADDRESS, FIELD_NONE } },
  [OPERATION_APPLY_CONSTRAINT] = { "apply_constraint", { FIELD_BYTE, FIELD_NONE } },
  [OPERATION_RESERVE] = { "reserve", { FIELD_BYTE, FIELD_BYTE } },
  [OPERATION_ADD_MANY] = { "add_many", { FIELD_ADDRESS, FIELD_BYTE } },
  [OPERATION_RESTART] = { "restart", { FIELD_BYTE, FIELD_NONE } },
  [OPERATION_NULL_ARGUMENTS] = { "null_arguments", { FIELD_NONE, FIELD_NONE } },
  [OPERATION_CHURN] = { "churn", { FIELD_BYTE, FIELD_BYTE } },
  [OPERATION_DAMAGE] = { "damage", { FIELD_BYTE, FIELD_VALUE } },
  [OPERATION_DAMAGE_MORE] = { "damage_more", { FIELD_BYTE, FIELD_VALUE } },
};

enum argument_field operation_field(enum operation_kind kind, uint32_t index)
{
  return (enum argument_field)kinds[kind].fields[index];
}

const char *operation_name(enum operation_kind kind)
{
  return kinds[kind].name;
}

/* The lowest value of bits 0-3 that means this; OPERATION_CHOICES if none does. */
static uint8_t choice_of(const struct fuzz_profile *profile, enum operation_kind kind)
{
  uint8_t choice = 0;
  while (choice < OPERATION_CHOICES && profile->choices[choice] != kind) {
    choice += 1;
  }
  return choice;
}

bool operation_allowed(const struct fuzz_profile *profile, enum operation_kind kind)
{
  return choice_of(profile, kind) < OPERATION_CHOICES;
}

/* --- From bytes ------------------------------------------------------------ */

struct reader {
  const uint8_t *data;
  size_t size;
  size_t at;
};

static uint8_t take(struct reader *reader)
{
  uint8_t byte = 0;
  if (reader->at < reader->size) {
    byte = reader->data[reader->at];
    reader->at += 1;
  }
  return byte;
}

static struct argument take_argument(struct reader *reader, enum argument_field field)
{
  struct argument argument = { .kind = ARGUMENT_PLAIN };
  if (field == FIELD_NONE) {
    return argument;
  }
  const uint8_t byte = take(reader);
  argument.byte = byte;
  if (field != FIELD_BYTE && byte >= ARGUMENT_PAGES) {
    argument.kind = (enum argument_kind)(byte & 7);
    argument.delta = (int8_t)(((byte >> 3) & 7) - 4);
    argument.byte = 0;
    if (argument.kind == ARGUMENT_NUMBER) {
      for (uint32_t i = 0; i < 8; i++) {
        argument.number |= (uint64_t)take(reader) << (8 * i);
      }
    } else {
      argument.byte = take(reader);
    }
  }
  return argument;
}

size_t operation_decode(const struct fuzz_profile *profile, const uint8_t *data, size_t size,
                        struct operation *operation)
{
  struct reader reader = { .data = data, .size = size, .at = 0 };
  const uint8_t what = take(&reader);
  operation->kind = (enum operation_kind)profile->choices[what & 15];
  operation->allocator = (what >> 4) & 3;
  operation->fail_from = what >> 6;
  for (uint32_t i = 0; i < 2; i++) {
    operation->arguments[i] = take_argument(&reader, operation_field(operation->kind, i));
  }
  return reader.at;
}

size_t operations_cut(const struct fuzz_profile *profile, const uint8_t *data, size_t size,
                      struct operation_piece *pieces, size_t most)
{
  const size_t limit = most < profile->operations_max ? most : profile->operations_max;
  size_t at = HEADER_BYTES;
  size_t count = 0;
  while (at < size && count < limit) {
    struct operation operation;
    pieces[count].offset = at;
    pieces[count].length = operation_decode(profile, data + at, size - at, &operation);
    at += pieces[count].length;
    count += 1;
  }
  return count;
}

/* --- To bytes --------------------------------------------------------------- */

static size_t put_argument(const struct argument *argument, uint8_t *bytes)
{
  if (argument->kind == ARGUMENT_PLAIN) {
    bytes[0] = argument->byte;
    return 1;
  }
  const uint8_t delta = (uint8_t)((argument->delta + 4) & 7);
  bytes[0] = (uint8_t)(0xc0 | delta << 3 | (int)argument->kind);
  if (argument->kind != ARGUMENT_NUMBER) {
    bytes[1] = argument->byte;
    return 2;
  }
  for (uint32_t i = 0; i < 8; i++) {
    bytes[1 + i] = (uint8_t)(argument->number >> (8 * i));
  }
  return 9;
}

size_t operation_encode(const struct fuzz_profile *profile, const struct operation *operation,
                        uint8_t bytes[OPERATION_BYTES_MAX])
{
  if (!operation_allowed(profile, operation->kind)) {
    return 0;
  }
  size_t length = 1;
  bytes[0] = (uint8_t)(choice_of(profile, operation->kind) | (operation->allocator & 3) << 4
                       | (operation->fail_from & 3) << 6);
  for (uint32_t i = 0; i < 2; i++) {
    if (operation_field(operation->kind, i) != FIELD_NONE) {
      length += put_argument(&operation->arguments[i], bytes + length);
    }
  }
  return length;
}

static bool argument_equal(const struct argument *left, const struct argument *right)
{
  return left->kind == right->kind && left->delta == right->delta && left->byte == right->byte
         && left->number == right->number;
}

bool operation_equal(const struct operation *left, const struct operation *right)
{
  return left->kind == right->kind && left->allocator == right->allocator
         && left->fail_from == right->fail_from
         && argument_equal(&left->arguments[0], &right->arguments[0])
         && argument_equal(&left->arguments[1], &right->arguments[1]);
}

/* --- Operations that stand for several -------------------------------------- */

uint32_t operation_steps(const struct operation *operation)
{
  uint32_t steps = 1;
  if (operation->kind == OPERATION_GET_MANY || operation->kind == OPERATION_PUT_MANY) {
    steps = 2 + operation->arguments[1].byte % 8;
  } else if (operation->kind == OPERATION_CHURN) {
    steps = 8 + (uint32_t)operation->arguments[0].byte;
  }
  return steps;
}

/* A number that looks random, from another one. */
static uint32_t scramble(uint32_t number)
{
  number = (number ^ (number >> 16)) * UINT32_C(0x7feb352d);
  number = (number ^ (number >> 15)) * UINT32_C(0x846ca68b);
  return number ^ (number >> 16);
}

/*
 * Step index of a churn with seed y. Bits 0-1 of y say how many eighths of
 * the steps are gets (7, 5, 4 or 2, the others are puts), bit 2 whether sizes
 * are pages or single addresses, the others make the sequence.
 */
static struct operation churn_step(const struct operation *churn, uint32_t index)
{
  static const uint8_t gets_of_eight[] = { 7, 5, 4, 2 };
  const uint8_t seed = churn->arguments[1].byte;
  const uint32_t random = scramble((uint32_t)seed << 16 | index);
  struct operation step = { .allocator = churn->allocator, .fail_from = churn->fail_from };
  step.arguments[0].kind = ARGUMENT_PLAIN;
  step.arguments[1].kind = ARGUMENT_PLAIN;
  if (random % 8 >= gets_of_eight[seed & 3]) {
    step.kind = OPERATION_PUT;
    step.arguments[0].byte = (uint8_t)(random >> 8);
  } else {
    step.kind = OPERATION_GET;
    step.arguments[0].kind = (seed & 4) != 0 ? ARGUMENT_PLAIN : ARGUMENT_SMALL;
    step.arguments[0].byte = (uint8_t)(1 + (random >> 8) % ((seed & 4) != 0 ? 8 : 48));
  }
  return step;
}

struct operation operation_step(const struct operation *operation, uint32_t index)
{
  struct operation step = *operation;
  if (operation->kind == OPERATION_CHURN) {
    step = churn_step(operation, index);
  } else if (operation->kind == OPERATION_GET_MANY) {
    step.kind = OPERATION_GET;
    step.arguments[1] = (struct argument){ .kind = ARGUMENT_PLAIN };
  } else if (operation->kind == OPERATION_PUT_MANY) {
    step.kind = OPERATION_PUT;
    step.arguments[0].byte = (uint8_t)(operation->arguments[0].byte + index);
    step.arguments[1] = (struct argument){ .kind = ARGUMENT_PLAIN };
  }
  return step;
}

size_t operation_pick(uint8_t b, size_t count)
{
  return b < 128 ? b % count : (size_t)((uint64_t)(b - 128) * count / 128);
}
