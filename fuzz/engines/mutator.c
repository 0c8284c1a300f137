/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/engines/mutator.h"

#include <stdbool.h>
#include <string.h>

#include "fuzz/harness/profile.h"

enum {
  INPUT_MAX = HEADER_BYTES + OPERATIONS_MAX * OPERATION_BYTES_MAX, /* no input says more than this */
  MUTATIONS_MAX = 3, /* of one input at a time */
  TRIES = 16
};

/* The input that is changed, cut into its operations. */
struct input {
  uint8_t *data;
  size_t size;
  size_t max_size;
  struct operation_piece pieces[OPERATIONS_MAX];
  size_t count; /* of pieces */
  const uint8_t *other; /* where operations may be taken from; NULL: nowhere */
  size_t other_size;
  mutate_bytes *bytes;
  uint32_t random;
};

/* --- Random numbers ---------------------------------------------------------- */

static uint32_t random_number(struct input *input)
{
  uint32_t x = input->random; /* xorshift; never 0 */
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  input->random = x;
  return x >> 4;
}

static uint32_t below(struct input *input, size_t bound)
{
  return random_number(input) % (uint32_t)bound;
}

static bool one_in(struct input *input, uint32_t n)
{
  return below(input, n) == 0;
}

/* --- Pieces ------------------------------------------------------------------- */

static void cut(struct input *input)
{
  input->count = operations_cut(&fuzz_profile, input->data, input->size, input->pieces, OPERATIONS_MAX);
}

/* Where the piece with this index starts, or would. */
static size_t start_of(const struct input *input, size_t index)
{
  return index < input->count ? input->pieces[index].offset : input->size;
}

/* Put these bytes in the place of others; false if they do not fit or are the same. bytes is not in the input. */
static bool replace(struct input *input, size_t offset, size_t length, const uint8_t *bytes, size_t new_length)
{
  if (input->size - length + new_length > input->max_size
      || (length == new_length && memcmp(input->data + offset, bytes, length) == 0)) {
    return false;
  }
  uint8_t *const place = input->data + offset;
  memmove(place + new_length, place + length, input->size - offset - length);
  if (new_length > 0) {
    memcpy(place, bytes, new_length);
  }
  input->size = input->size - length + new_length;
  cut(input);
  return true;
}

/* A random range of pieces, mostly short, of 1 to count; count > 0. */
static void choose_range(struct input *input, size_t count, size_t *from, size_t *to)
{
  const size_t most = one_in(input, 4) ? count : 1 + below(input, 3);
  *from = below(input, count);
  *to = *from + 1 + below(input, most);
  *to = *to > count ? count : *to;
}

/* --- Made-up operations ------------------------------------------------------- */

static uint8_t random_byte(struct input *input)
{
  static const uint8_t edges[] = { 0, 1, 2, 3, 127, 128, 191, 192, 255 };
  return one_in(input, 2) ? edges[below(input, sizeof edges)] : (uint8_t)random_number(input);
}

/* A power of two, mostly; or one next to it. */
static struct argument random_alignment(struct input *input)
{
  struct argument argument = { .kind = ARGUMENT_PLAIN, .byte = (uint8_t)below(input, ARGUMENT_PAGES) };
  if (one_in(input, 4)) {
    argument.kind = one_in(input, 4) ? ARGUMENT_TOP : ARGUMENT_POWER;
    argument.delta = (int8_t)((int)below(input, 8) - 4);
    argument.byte = one_in(input, 4) ? 63 : (uint8_t)below(input, 64);
  }
  return argument;
}

/* Near the borders of runs, often; what those are is known when the input runs. */
static struct argument random_argument(struct input *input, enum argument_field field)
{
  struct argument argument = { .kind = ARGUMENT_PLAIN, .byte = random_byte(input) };
  if (field == FIELD_BYTE) {
    return argument;
  }
  if (field == FIELD_ALIGNMENT) {
    return random_alignment(input);
  }
  const uint32_t dice = below(input, 8);
  if (dice < 3) {
    argument.byte = (uint8_t)below(input, one_in(input, 2) ? 20 : ARGUMENT_PAGES);
    return argument;
  }
  static const enum argument_kind near[] = { ARGUMENT_RUN_FIRST, ARGUMENT_RUN_END, ARGUMENT_RUN_SIZE };
  argument.kind = dice < 7 ? near[below(input, 3)] : (enum argument_kind)below(input, ARGUMENT_PLAIN);
  argument.delta = (int8_t)(one_in(input, 4) ? (int)below(input, 8) - 4 : (int)below(input, 3) - 1);
  if (argument.kind == ARGUMENT_POWER && one_in(input, 2)) {
    argument.byte = 63;
  }
  if (argument.kind == ARGUMENT_NUMBER) {
    argument.byte = 0;
    argument.number = (UINT64_C(1) << below(input, 64)) * random_byte(input) + (uint64_t)below(input, 3) - 1;
  }
  return argument;
}

static void random_operation(struct input *input, struct operation *operation)
{
  memset(operation, 0, sizeof *operation);
  operation->kind = (enum operation_kind)fuzz_profile.choices[below(input, OPERATION_CHOICES)];
  operation->allocator = (uint8_t)below(input, fuzz_profile.allocators_max);
  operation->fail_from = (uint8_t)(fuzz_profile.malloc_failures && one_in(input, 4) ? below(input, 4) : 0);
  for (uint32_t i = 0; i < 2; i++) {
    operation->arguments[i] = random_argument(input, operation_field(operation->kind, i));
  }
}

/* --- Mutations: each says whether it changed the input ------------------------ */

static bool mutate_insert(struct input *input)
{
  uint8_t bytes[4 * OPERATION_BYTES_MAX];
  size_t length = 0;
  for (uint32_t i = 1 + below(input, 4) % 4; i > 0; i--) {
    struct operation operation;
    random_operation(input, &operation);
    length += operation_encode(&fuzz_profile, &operation, bytes + length);
  }
  return replace(input, start_of(input, below(input, input->count + 1)), 0, bytes, length);
}

static bool mutate_delete(struct input *input)
{
  if (input->count == 0) {
    return false;
  }
  size_t from = 0;
  size_t to = 0;
  choose_range(input, input->count, &from, &to);
  const size_t offset = start_of(input, from);
  return replace(input, offset, start_of(input, to) - offset, NULL, 0);
}

/* A range of pieces once more, somewhere. */
static bool mutate_duplicate(struct input *input)
{
  static uint8_t copy[INPUT_MAX];
  if (input->count == 0) {
    return false;
  }
  size_t from = 0;
  size_t to = 0;
  choose_range(input, input->count, &from, &to);
  const size_t offset = start_of(input, from);
  const size_t length = start_of(input, to) - offset;
  memcpy(copy, input->data + offset, length);
  return replace(input, start_of(input, below(input, input->count + 1)), 0, copy, length);
}

/* Two neighbouring ranges change places. */
static bool mutate_reorder(struct input *input)
{
  static uint8_t swapped[INPUT_MAX];
  if (input->count < 2) {
    return false;
  }
  size_t from = 0;
  size_t middle = 0;
  choose_range(input, input->count - 1, &from, &middle);
  const size_t to = middle + 1 + below(input, input->count - middle);
  const size_t offset = start_of(input, from);
  const size_t left = start_of(input, middle) - offset;
  const size_t right = start_of(input, to) - start_of(input, middle);
  memcpy(swapped, input->data + offset + left, right);
  memcpy(swapped + right, input->data + offset, left);
  return replace(input, offset, left + right, swapped, left + right);
}

/* One step away, or another one. */
static void tweak_argument(struct input *input, enum argument_field field, struct argument *argument)
{
  const uint8_t most = field != FIELD_BYTE && argument->kind == ARGUMENT_PLAIN ? ARGUMENT_PAGES - 1 : 255;
  switch (below(input, 4)) {
  case 0:
    *argument = random_argument(input, field);
    break;
  case 1:
    argument->byte = argument->byte < most ? (uint8_t)(argument->byte + 1) : 0;
    argument->number += 1;
    break;
  case 2:
    argument->byte = argument->byte > 0 ? (uint8_t)(argument->byte - 1) : most;
    argument->number -= 1;
    break;
  default:
    if (argument->kind != ARGUMENT_PLAIN) {
      argument->delta = (int8_t)((int)below(input, 8) - 4);
    } else {
      argument->byte = (uint8_t)below(input, (size_t)most + 1);
    }
    break;
  }
  if (argument->kind != ARGUMENT_NUMBER) {
    argument->number = 0;
  } else {
    argument->byte = 0;
  }
}

/* One operation with another argument, allocator or failing malloc, or another operation with its arguments. */
static bool mutate_tweak(struct input *input)
{
  if (input->count == 0) {
    return false;
  }
  const struct operation_piece piece = input->pieces[below(input, input->count)];
  struct operation operation;
  (void)operation_decode(&fuzz_profile, input->data + piece.offset, piece.length, &operation);
  const uint32_t which = below(input, 8);
  const uint32_t index = which & 1;
  const enum argument_field field = operation_field(operation.kind, index);
  if (which == 6) {
    operation.allocator = (uint8_t)below(input, fuzz_profile.allocators_max);
  } else if (which == 7) {
    operation.fail_from = (uint8_t)(fuzz_profile.malloc_failures ? below(input, 4) : 0);
  } else if (field == FIELD_NONE) {
    random_operation(input, &operation);
  } else {
    tweak_argument(input, field, &operation.arguments[index]);
  }
  uint8_t bytes[OPERATION_BYTES_MAX];
  const size_t length = operation_encode(&fuzz_profile, &operation, bytes);
  return replace(input, piece.offset, piece.length, bytes, length);
}

static bool mutate_header(struct input *input)
{
  uint8_t byte = (uint8_t)random_number(input);
  if (one_in(input, 2)) {
    byte = (uint8_t)(input->data[0] ^ 1U << below(input, 8));
    return replace(input, 0, 1, &byte, 1);
  }
  return replace(input, below(input, HEADER_BYTES), 1, &byte, 1);
}

/* One bit of one byte: in the place of a fuzzer's own mutations where there are none. */
static size_t flip_bit(struct input *input, uint8_t *data, size_t size)
{
  data[below(input, size)] ^= (uint8_t)(1U << below(input, 8));
  return size;
}

/* The bytes of one operation as bytes. */
static bool mutate_bytes_of_one(struct input *input)
{
  if (input->count == 0) {
    return false;
  }
  const struct operation_piece piece = input->pieces[below(input, input->count)];
  uint8_t bytes[2 * OPERATION_BYTES_MAX];
  memcpy(bytes, input->data + piece.offset, piece.length);
  const size_t length = input->bytes != NULL ? input->bytes(bytes, piece.length, sizeof bytes)
                                             : flip_bit(input, bytes, piece.length);
  return replace(input, piece.offset, piece.length, bytes, length);
}

/* A range of the other input's operations: inserted, or in the place of all from there on. */
static bool mutate_splice(struct input *input)
{
  static struct operation_piece pieces[OPERATIONS_MAX];
  const size_t count =
    input->other == NULL ? 0 : operations_cut(&fuzz_profile, input->other, input->other_size, pieces,
                                              OPERATIONS_MAX);
  if (count == 0) {
    return false;
  }
  size_t from = below(input, count);
  size_t to = count;
  if (one_in(input, 2)) {
    choose_range(input, count, &from, &to);
  }
  const size_t length = pieces[to - 1].offset + pieces[to - 1].length - pieces[from].offset;
  const size_t offset = start_of(input, below(input, input->count + 1));
  const size_t replaced = one_in(input, 2) ? input->size - offset : 0;
  return replace(input, offset, replaced, input->other + pieces[from].offset, length);
}

/* --- All together -------------------------------------------------------------- */

/* Makes the header and the last operation complete; nothing stays behind the last operation that is run. */
static void tidy(struct input *input)
{
  while (input->size < HEADER_BYTES && input->size < input->max_size) {
    input->data[input->size] = 0;
    input->size += 1;
  }
  cut(input);
  if (input->count == 0) {
    return;
  }
  const struct operation_piece last = input->pieces[input->count - 1];
  struct operation operation;
  uint8_t bytes[OPERATION_BYTES_MAX];
  input->size = last.offset + last.length;
  (void)operation_decode(&fuzz_profile, input->data + last.offset, last.length, &operation);
  const size_t length = operation_encode(&fuzz_profile, &operation, bytes);
  if (length > last.length) {
    (void)replace(input, last.offset, last.length, bytes, length);
  }
}

static bool mutate_once(struct input *input)
{
  typedef bool mutation(struct input *);
  static mutation *const mutations[] = {
    mutate_insert, mutate_insert, mutate_insert, mutate_delete, mutate_duplicate, mutate_reorder,
    mutate_tweak, mutate_tweak, mutate_tweak, mutate_tweak, mutate_bytes_of_one, mutate_header, mutate_splice,
  };
  return mutations[below(input, sizeof mutations / sizeof mutations[0])](input);
}

static bool differs(const struct input *input, const uint8_t *before, size_t size)
{
  return input->size != size || memcmp(input->data, before, size) != 0;
}

size_t mutator_change(uint8_t *data, size_t size, size_t max_size, uint32_t seed, const uint8_t *other,
                      size_t other_size, mutate_bytes *bytes)
{
  static struct input input;
  static uint8_t before[INPUT_MAX];
  const size_t kept = size < sizeof before ? size : sizeof before;
  memcpy(before, data, kept);
  input.data = data;
  input.size = size;
  input.max_size = max_size;
  input.other = other;
  input.other_size = other_size;
  input.bytes = bytes;
  input.random = seed * UINT32_C(2654435761) | 1;
  tidy(&input);
  if (max_size > HEADER_BYTES) {
    bool changed = other != NULL && mutate_splice(&input);
    const uint32_t wanted = 1 + below(&input, MUTATIONS_MAX);
    uint32_t done = changed ? 1 : 0;
    for (uint32_t tries = 0; tries < TRIES && done < wanted; tries++) {
      done += mutate_once(&input) ? 1 : 0;
    }
    tidy(&input);
  }
  while (!differs(&input, before, kept)) {
    data[0] = (uint8_t)(data[0] + 1);
  }
  return input.size;
}

/* --- libFuzzer ------------------------------------------------------------------ */

/* libFuzzer's; absent in programs without it. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  return mutator_change(data, size, max_size, seed, NULL, 0, LLVMFuzzerMutate);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size, unsigned int seed)
{
  const size_t kept = size < max_size ? size : max_size;
  memcpy(out, data, kept);
  return mutator_change(out, kept, max_size, seed, other, other_size, LLVMFuzzerMutate);
}
