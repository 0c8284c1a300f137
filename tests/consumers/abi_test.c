/* SPDX-License-Identifier: BSD-3-Clause */

/* What code that was written for OPAE's mem_alloc relies on when it is compiled and linked. */

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"

_Static_assert(sizeof(struct mem_alloc) == 64, "the size of OPAE's");
_Static_assert(alignof(struct mem_alloc) == 8, "the alignment of OPAE's");
_Static_assert(MEM_ALLOC_OK == 0, "zero is success");
_Static_assert(MEM_ALLOC_NODES_FOR(1000) > 0, "a constant expression");

/* Enough storage can be set aside at compile time. */
static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(100)];

/* As a driver's handle embeds an allocator: by value, between other fields. */
struct handle {
  char before;
  struct mem_alloc allocator;
  char after;
};

_Static_assert(offsetof(struct handle, allocator) == 8, "no other alignment needed");
_Static_assert(sizeof(struct handle) == 80, "nothing hidden beside it");

/* The signatures, as OPAE has them. A different one would not compile. */
static void (*const init)(struct mem_alloc *) = mem_alloc_init;
static void (*const destroy)(struct mem_alloc *) = mem_alloc_destroy;
static int (*const add_free)(struct mem_alloc *, uint64_t, uint64_t) = mem_alloc_add_free;
static int (*const get)(struct mem_alloc *, uint64_t *, uint64_t) = mem_alloc_get;
static int (*const put)(struct mem_alloc *, uint64_t) = mem_alloc_put;
static int (*const apply_constraint)(struct mem_alloc *, struct mem_alloc *) = mem_alloc_apply_constraint;

static void test_embedded_by_value(void **state)
{
  (void)state;
  struct handle handle;
  struct handle constraint;
  uint64_t address = 0;
  memset(&handle, 0x5a, sizeof handle);
  memset(&constraint, 0x5a, sizeof constraint);
  init(&handle.allocator);
  init(&constraint.allocator);
  assert_int_equal(add_free(&handle.allocator, 0x10000, 0x10000), 0);
  assert_int_equal(add_free(&constraint.allocator, 0x18000, 0x100000), 0);
  assert_int_equal(apply_constraint(&handle.allocator, &constraint.allocator), 0);
  assert_int_equal(get(&handle.allocator, &address, 0x1000), 0);
  assert_true(address == 0x18000);
  assert_int_equal(put(&handle.allocator, address), 0);
  destroy(&constraint.allocator);
  destroy(&handle.allocator);
  assert_int_equal(handle.before, 0x5a);
  assert_int_equal(handle.after, 0x5a);
}

static void test_zero_filled_object(void **state)
{
  (void)state;
  struct mem_alloc allocator = { 0 };
  uint64_t address = 0;
  assert_true(mem_alloc_is_valid(&allocator));
  assert_int_equal(add_free(&allocator, 0x1000, 0x1000), 0);
  assert_int_equal(get(&allocator, &address, 0x1000), 0);
  assert_true(address == 0x1000);
  destroy(&allocator);
}

/* Nothing in the object points to the object: it may be moved, as a grown array of handles moves it. */
static void test_moved_object(void **state)
{
  (void)state;
  struct mem_alloc allocator = { 0 };
  struct mem_alloc moved;
  uint64_t address = 0;
  assert_int_equal(add_free(&allocator, 0x1000, 0x100), 0);
  for (int i = 0; i < 200; i++) {
    assert_int_equal(get(&allocator, &address, 1), 0);
  }
  memcpy(&moved, &allocator, sizeof moved);
  memset(&allocator, 0xff, sizeof allocator);
  assert_true(mem_alloc_is_valid(&moved));
  for (uint64_t i = 0; i < 200; i++) {
    assert_int_equal(put(&moved, 0x1000 + i), 0);
  }
  assert_true(mem_alloc_is_valid(&moved));
  destroy(&moved);
}

static void test_storage_at_compile_time(void **state)
{
  (void)state;
  struct mem_alloc allocator;
  assert_int_equal(mem_alloc_init_static(&allocator, storage, sizeof storage / sizeof storage[0]), 0);
  assert_int_equal(add_free(&allocator, 0x1000, 0x1000), 0);
  destroy(&allocator);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_embedded_by_value),
    cmocka_unit_test(test_zero_filled_object),
    cmocka_unit_test(test_moved_object),
    cmocka_unit_test(test_storage_at_compile_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
