/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Tests the encoding and the mutator, with the profile of the target that is
 * linked. No allocator is needed: the profile of the differential target
 * names some, which are defined here.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/harness/profile.h"
#include "fuzz/engines/mutator.h"

const struct implementation linked_implementation = { .fan_out = 0 };
const struct implementation fan_out_16_implementation = { .fan_out = 0 };
const struct implementation fan_out_32_implementation = { .fan_out = 0 };
const struct implementation fan_out_48_implementation = { .fan_out = 0 };

enum { ROUNDS = 20000, INPUT_MAX = 4096, MANY = 64, GUARD = 0x5c };

static uint32_t random_state = 1;

static uint32_t pick(uint32_t bound)
{
  random_state = random_state * 1664525u + 1013904223u;
  return (random_state >> 8) % bound;
}

static size_t random_bytes(uint8_t *data, uint32_t most)
{
  const uint32_t size = pick(most + 1);
  for (uint32_t i = 0; i < size; i++) {
    data[i] = (uint8_t)pick(256);
  }
  return size;
}

static void test_profile(void **state)
{
  (void)state;
  assert_true(fuzz_profile.allocators_min >= 1 && fuzz_profile.allocators_min <= fuzz_profile.allocators_max);
  assert_true(fuzz_profile.allocators_max <= ALLOCATORS_MAX);
  assert_true(fuzz_profile.operations_max >= 1 && fuzz_profile.operations_max <= OPERATIONS_MAX);
  assert_true(fuzz_profile.calls_max >= 1 && fuzz_profile.calls_max <= CALLS_MAX);
  assert_true(fuzz_profile.full_check_every >= 1);
  for (uint32_t i = 0; i < OPERATION_CHOICES; i++) {
    assert_true(fuzz_profile.choices[i] < OPERATION_KINDS);
    assert_true(operation_allowed(&fuzz_profile, (enum operation_kind)fuzz_profile.choices[i]));
  }
  /* Several implementations have no storage of the caller's: see struct subject. */
  assert_true(fuzz_profile.implementations == NULL || fuzz_profile.storage == FUZZ_MALLOC);
  /* Damage is done to nodes of the fan-out that is linked. */
  assert_true(fuzz_profile.implementations == NULL
              || !(operation_allowed(&fuzz_profile, OPERATION_DAMAGE)
                   || operation_allowed(&fuzz_profile, OPERATION_DAMAGE_MORE)));
}

/* What is decoded from any bytes, encoded and decoded again, is the same. */
static void test_decode_encode(void **state)
{
  (void)state;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    uint8_t data[OPERATION_BYTES_MAX];
    uint8_t bytes[OPERATION_BYTES_MAX];
    struct operation operation;
    struct operation again;
    size_t size = random_bytes(data, OPERATION_BYTES_MAX - 1) + 1;
    data[size - 1] = (uint8_t)pick(256);
    const size_t used = operation_decode(&fuzz_profile, data, size, &operation);
    assert_true(used >= 1 && used <= size);
    const size_t length = operation_encode(&fuzz_profile, &operation, bytes);
    assert_true(length >= used && length <= OPERATION_BYTES_MAX);
    assert_int_equal(operation_decode(&fuzz_profile, bytes, length, &again), length);
    assert_true(operation_equal(&operation, &again));
    /* Complete bytes stay what they are, but for the code, of which there can be several. */
    if (used == length) {
      assert_int_equal(data[0] & 0xf0, bytes[0] & 0xf0);
      assert_memory_equal(data + 1, bytes + 1, length - 1);
    }
  }
}

/* Values read from bytes in a fixed order, whatever the machine. */
static void test_fixed_bytes(void **state)
{
  (void)state;
  struct operation operation = { .kind = OPERATION_ADD_FREE, .allocator = 2, .fail_from = 3 };
  operation.arguments[0] = (struct argument){ .kind = ARGUMENT_NUMBER, .number = UINT64_C(0x0123456789abcdef) };
  operation.arguments[1] = (struct argument){ .kind = ARGUMENT_RUN_END, .delta = -1, .byte = 7 };
  uint8_t bytes[OPERATION_BYTES_MAX];
  const uint8_t expected[] = { 0xe1, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 0xdd, 0x07 };
  assert_int_equal(operation_encode(&fuzz_profile, &operation, bytes), 1 + sizeof expected);
  assert_int_equal(bytes[0] & 0xf0, 0xe0);
  assert_int_equal(fuzz_profile.choices[bytes[0] & 15], OPERATION_ADD_FREE);
  assert_memory_equal(bytes + 1, expected, sizeof expected);
}

static void test_equal_rejects(void **state)
{
  (void)state;
  const struct operation one = { .kind = OPERATION_GET, .arguments = { { .byte = 1 }, { .byte = 2 } } };
  struct operation other = one;
  assert_true(operation_equal(&one, &other));
  other.arguments[1].number = 1;
  assert_false(operation_equal(&one, &other));
  other = one;
  other.fail_from = 1;
  assert_false(operation_equal(&one, &other));
  other = one;
  other.arguments[0].kind = ARGUMENT_TOP;
  assert_false(operation_equal(&one, &other));
}

/* The pieces follow each other without holes, and cover the input up to the limit of operations. */
static void check_pieces(const uint8_t *data, size_t size)
{
  static struct operation_piece pieces[OPERATIONS_MAX];
  const size_t count = operations_cut(&fuzz_profile, data, size, pieces, OPERATIONS_MAX);
  size_t at = HEADER_BYTES;
  assert_true(count <= fuzz_profile.operations_max);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(pieces[i].offset, at);
    assert_true(pieces[i].length >= 1);
    at += pieces[i].length;
  }
  assert_true(at == HEADER_BYTES || at <= size);
  assert_true(count == fuzz_profile.operations_max || at >= size);
}

static void test_cut(void **state)
{
  (void)state;
  static uint8_t data[INPUT_MAX];
  struct operation_piece few[3];
  for (uint32_t round = 0; round < 500; round++) {
    check_pieces(data, random_bytes(data, round % 10 == 0 ? INPUT_MAX : MANY));
  }
  assert_int_equal(operations_cut(&fuzz_profile, data, INPUT_MAX, few, 3), 3);
  assert_int_equal(operations_cut(&fuzz_profile, data, 0, few, 3), 0);
  assert_int_equal(operations_cut(&fuzz_profile, data, HEADER_BYTES, few, 3), 0);
}

/* Steps are single operations, and can be written if the target allows their kind. */
static void test_steps(void **state)
{
  (void)state;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    struct operation operation = { .kind = (enum operation_kind)pick(OPERATION_KINDS), .allocator = 1 };
    for (uint32_t i = 0; i < 2; i++) {
      const bool used = operation_field(operation.kind, i) != FIELD_NONE;
      operation.arguments[i].kind = ARGUMENT_PLAIN;
      operation.arguments[i].byte = (uint8_t)(used ? pick(ARGUMENT_PAGES) : 0);
    }
    const uint32_t steps = operation_steps(&operation);
    const uint32_t index = pick(steps);
    const struct operation step = operation_step(&operation, index);
    assert_int_equal(operation_steps(&step), 1);
    assert_int_equal(step.allocator, 1);
    assert_true(steps > 1 || operation_equal(&step, &operation));
    if (operation_allowed(&fuzz_profile, step.kind)) {
      uint8_t bytes[OPERATION_BYTES_MAX];
      struct operation again;
      const size_t length = operation_encode(&fuzz_profile, &step, bytes);
      assert_int_equal(operation_decode(&fuzz_profile, bytes, length, &again), length);
      assert_true(operation_equal(&step, &again));
    }
  }
}

static void test_pick(void **state)
{
  (void)state;
  for (size_t count = 1; count < 1000; count += 37) {
    for (uint32_t b = 0; b < 256; b++) {
      assert_true(operation_pick((uint8_t)b, count) < count);
    }
    assert_int_equal(operation_pick(0, count), 0);
  }
  assert_int_equal(operation_pick(255, 1000), 992); /* the upper end is reached, too */
}

/* Is every operation of the input complete, with nothing behind the last one that is run? */
static void check_mutated(const uint8_t *data, size_t size, size_t max_size)
{
  static struct operation_piece pieces[OPERATIONS_MAX];
  assert_true(size >= 1 && size <= max_size);
  check_pieces(data, size);
  const size_t count = operations_cut(&fuzz_profile, data, size, pieces, OPERATIONS_MAX);
  if (count > 0) {
    assert_int_equal(pieces[count - 1].offset + pieces[count - 1].length, size);
  }
}

/* LLVMFuzzerMutate's place is taken by something that does its worst: everything it may. */
static size_t any_bytes(uint8_t *data, size_t size, size_t max_size)
{
  (void)size;
  const size_t new_size = 1 + pick((uint32_t)max_size);
  for (size_t i = 0; i < new_size; i++) {
    data[i] = (uint8_t)pick(256);
  }
  return new_size;
}

static void test_mutator(void **state)
{
  (void)state;
  static uint8_t data[INPUT_MAX + 1];
  static uint8_t before[INPUT_MAX];
  static uint8_t other[INPUT_MAX];
  for (uint32_t round = 0; round < ROUNDS; round++) {
    const size_t max_size = 1 + pick(round % 16 == 0 ? INPUT_MAX : MANY);
    const size_t size = random_bytes(data, (uint32_t)max_size);
    const size_t other_size = random_bytes(other, MANY);
    memcpy(before, data, size);
    data[max_size] = GUARD;
    const size_t new_size = mutator_change(data, size, max_size, pick(UINT32_MAX), pick(2) == 0 ? NULL : other,
                                           other_size, pick(2) == 0 ? NULL : any_bytes);
    check_mutated(data, new_size, max_size);
    assert_int_equal(data[max_size], GUARD);
    assert_true(new_size != size || memcmp(data, before, size) != 0);
  }
}

/* Starting from nothing, every operation of the target and every kind of argument comes up. */
static void test_mutator_reaches(void **state)
{
  (void)state;
  static struct operation_piece pieces[OPERATIONS_MAX];
  static uint8_t data[INPUT_MAX];
  uint32_t kinds = 0;
  uint32_t arguments = 0;
  size_t size = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    size = mutator_change(data, size % MANY, MANY, round, NULL, 0, NULL);
    const size_t count = operations_cut(&fuzz_profile, data, size, pieces, OPERATIONS_MAX);
    for (size_t i = 0; i < count; i++) {
      struct operation operation;
      (void)operation_decode(&fuzz_profile, data + pieces[i].offset, pieces[i].length, &operation);
      kinds |= 1U << operation.kind;
      arguments |= 1U << operation.arguments[0].kind;
    }
  }
  for (uint32_t i = 0; i < OPERATION_CHOICES; i++) {
    assert_true((kinds >> fuzz_profile.choices[i] & 1) != 0);
  }
  assert_int_equal(arguments, (1U << (ARGUMENT_PLAIN + 1)) - 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_profile),       cmocka_unit_test(test_decode_encode),
    cmocka_unit_test(test_fixed_bytes),   cmocka_unit_test(test_equal_rejects),
    cmocka_unit_test(test_cut),           cmocka_unit_test(test_steps),
    cmocka_unit_test(test_pick),          cmocka_unit_test(test_mutator),
    cmocka_unit_test(test_mutator_reaches),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
