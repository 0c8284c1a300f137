/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fit.h"
#include "node.h"
#include "tests/unit/random.h"

enum { F = MEM_ALLOC_FAN_OUT, ROUNDS = 400 };

/* Often small ones: then some are equal. */
static int16_t random_bin(struct random *random)
{
  return (int16_t)random_below(random, random_below(random, 2) == 0 ? 8 : FIT_BINS * 56 + 1);
}

/* A node of this many entries; the unused slots hold rubbish that nothing may depend on. */
static struct mem_alloc_node random_node(struct random *random, uint16_t count, int8_t level)
{
  struct mem_alloc_node node;
  memset(&node, 0, sizeof node);
  uint64_t key = random_below(random, 2) == 0 ? 0 : random_below(random, 1000);
  for (uint32_t i = 0; i < F; i++) {
    node.key[i] = i < count ? key : random_next(random);
    node.tag[i] = i < count ? (uint8_t)random_below(random, 66) : UINT8_MAX;
    node.bin[i] = i < count ? random_bin(random) : INT16_MAX;
    node.child[i] = (uint32_t)random_next(random);
    key += 1 + (random_any(random) >> 6);
  }
  node.count = count;
  node.level = level;
  if (count > 0 && random_below(random, 4) == 0) {
    node.key[count - 1] = UINT64_MAX;
  }
  return node;
}

static uint32_t naive_rank(const struct mem_alloc_node *node, uint64_t a)
{
  uint32_t rank = 0;
  for (uint32_t i = 0; i < node->count; i++) {
    rank += node->key[i] <= a ? 1 : 0;
  }
  return rank;
}

static void check_rank(const struct mem_alloc_node *node, uint64_t a)
{
  assert_int_equal(node_rank(node, a), naive_rank(node, a));
}

static void test_rank(void **state)
{
  (void)state;
  struct random random = { 4 };
  for (int round = 0; round < ROUNDS; round++) {
    for (uint16_t count = 0; count <= F; count++) {
      const struct mem_alloc_node node = random_node(&random, count, (int8_t)random_below(&random, 3));
      check_rank(&node, 0);
      check_rank(&node, UINT64_MAX);
      check_rank(&node, random_any(&random));
      for (uint32_t i = 0; i < count; i++) {
        check_rank(&node, node.key[i]);
        check_rank(&node, node.key[i] - 1);
        check_rank(&node, node.key[i] + 1);
      }
    }
  }
}

static void test_first(void **state)
{
  (void)state;
  struct random random = { 5 };
  for (int round = 0; round < ROUNDS; round++) {
    for (uint16_t count = 0; count <= F; count++) {
      const struct mem_alloc_node node = random_node(&random, count, 0);
      const uint8_t least = (uint8_t)random_below(&random, 68);
      for (uint32_t from = 0; from <= count; from++) {
        uint32_t expected = from;
        while (expected < count && node.tag[expected] < least) {
          expected += 1;
        }
        assert_int_equal(node_first(&node, from, least), expected);
      }
    }
  }
}

static void test_first_bin(void **state)
{
  (void)state;
  struct random random = { 12 };
  for (int round = 0; round < ROUNDS; round++) {
    for (uint16_t count = 0; count <= F; count++) {
      const struct mem_alloc_node node = random_node(&random, count, 0);
      const int16_t least = random_bin(&random);
      for (uint32_t from = 0; from <= count; from++) {
        uint32_t expected = from;
        while (expected < count && node.bin[expected] < least) {
          expected += 1;
        }
        assert_int_equal(node_first_bin(&node, from, least), expected);
      }
    }
  }
}

static void test_top_tag(void **state)
{
  (void)state;
  struct random random = { 6 };
  for (int round = 0; round < ROUNDS; round++) {
    for (uint16_t count = 1; count <= F; count++) {
      const struct mem_alloc_node node = random_node(&random, count, (int8_t)random_below(&random, 2));
      uint8_t expected = 0;
      for (uint32_t i = 0; i < count; i++) {
        expected = node.tag[i] > expected ? node.tag[i] : expected;
      }
      assert_int_equal(node_top_tag(&node), expected);
    }
  }
}

static void test_top_bin(void **state)
{
  (void)state;
  struct random random = { 7 };
  for (int round = 0; round < ROUNDS; round++) {
    for (uint16_t count = 1; count <= F; count++) {
      struct mem_alloc_node node = random_node(&random, count, (int8_t)random_below(&random, 2));
      if (random_below(&random, 4) == 0) {
        memset(node.bin, 0, count * sizeof node.bin[0]);
        node.bin[random_below(&random, count)] = (int16_t)random_below(&random, 2);
      }
      int16_t expected = 0;
      for (uint32_t i = 0; i < count; i++) {
        expected = node.bin[i] > expected ? node.bin[i] : expected;
      }
      assert_int_equal(node_top_bin(&node), expected);
    }
  }
}

/* Are slot i of one node and slot j of the other the same entry? */
static void assert_same_entry(const struct mem_alloc_node *a, uint32_t i, const struct mem_alloc_node *b,
                              uint32_t j)
{
  assert_true(a->key[i] == b->key[j]);
  assert_int_equal(a->tag[i], b->tag[j]);
  assert_int_equal(a->bin[i], b->bin[j]);
  if (a->level > 0) {
    assert_int_equal(a->child[i], b->child[j]);
  }
}

/* A leaf's child row is not kept, and must not be written either: that would touch more cache lines. */
static void assert_rest_untouched(const struct mem_alloc_node *before, const struct mem_alloc_node *after)
{
  assert_int_equal(before->level, after->level);
  if (before->level == 0) {
    assert_memory_equal(before->child, after->child, sizeof before->child);
  }
}

static void test_insert(void **state)
{
  (void)state;
  struct random random = { 8 };
  for (int round = 0; round < ROUNDS / 4; round++) {
    for (uint16_t count = 0; count < F; count++) {
      for (uint32_t slot = 0; slot <= count; slot++) {
        const struct mem_alloc_node before = random_node(&random, count, (int8_t)random_below(&random, 2));
        struct mem_alloc_node after = before;
        const uint64_t key = random_next(&random);
        node_insert(&after, slot, key, 17, 12345, 4711);
        assert_int_equal(after.count, count + 1);
        assert_rest_untouched(&before, &after);
        for (uint32_t i = 0; i < slot; i++) {
          assert_same_entry(&before, i, &after, i);
        }
        assert_true(after.key[slot] == key);
        assert_int_equal(after.tag[slot], 17);
        assert_int_equal(after.bin[slot], 12345);
        if (after.level > 0) {
          assert_int_equal(after.child[slot], 4711);
        }
        for (uint32_t i = slot; i < count; i++) {
          assert_same_entry(&before, i, &after, i + 1);
        }
      }
    }
  }
}

static void test_erase(void **state)
{
  (void)state;
  struct random random = { 9 };
  for (int round = 0; round < ROUNDS / 4; round++) {
    for (uint16_t count = 1; count <= F; count++) {
      for (uint32_t slot = 0; slot < count; slot++) {
        const struct mem_alloc_node before = random_node(&random, count, (int8_t)random_below(&random, 2));
        struct mem_alloc_node after = before;
        node_erase(&after, slot);
        assert_int_equal(after.count, count - 1);
        assert_rest_untouched(&before, &after);
        for (uint32_t i = 0; i < slot; i++) {
          assert_same_entry(&before, i, &after, i);
        }
        for (uint32_t i = slot + 1; i < count; i++) {
          assert_same_entry(&before, i, &after, i - 1);
        }
      }
    }
  }
}

static void check_move(struct random *random, uint16_t count, uint16_t from, uint16_t there)
{
  const int8_t level = (int8_t)random_below(random, 2);
  const struct mem_alloc_node left = random_node(random, count, level);
  const struct mem_alloc_node right = random_node(random, there, level);
  struct mem_alloc_node b = left;
  struct mem_alloc_node d = right;
  node_move(&b, from, &d);
  assert_int_equal(b.count, from);
  assert_int_equal(d.count, there + (count - from));
  assert_rest_untouched(&left, &b);
  assert_rest_untouched(&right, &d);
  for (uint32_t i = 0; i < from; i++) {
    assert_same_entry(&left, i, &b, i);
  }
  for (uint32_t i = 0; i < there; i++) {
    assert_same_entry(&right, i, &d, i);
  }
  for (uint32_t i = from; i < count; i++) {
    assert_same_entry(&left, i, &d, there + (i - from));
  }
}

static void test_move(void **state)
{
  (void)state;
  struct random random = { 10 };
  for (int round = 0; round < 20; round++) {
    for (uint16_t count = 0; count <= F; count++) {
      for (uint16_t from = 0; from <= count; from++) {
        check_move(&random, count, from, 0);
        check_move(&random, count, from, (uint16_t)(F - (count - from)));
        check_move(&random, count, from, (uint16_t)random_below(&random, (uint64_t)(F + 1 - (count - from))));
      }
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rank),    cmocka_unit_test(test_first),   cmocka_unit_test(test_first_bin),
    cmocka_unit_test(test_top_tag), cmocka_unit_test(test_top_bin), cmocka_unit_test(test_insert),
    cmocka_unit_test(test_erase),   cmocka_unit_test(test_move),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
