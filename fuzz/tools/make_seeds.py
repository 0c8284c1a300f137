#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the hand-made inputs of every target, and the dictionary.

    make_seeds.py CORPORA DICTIONARY

CORPORA gets a folder for every target. Every input is a sequence of
operations, spelled here by name and encoded as operations.h says. A file is
named after the start of the SHA-1 of its content.
"""

import hashlib
import pathlib
import re
import struct
import sys

TARGETS = pathlib.Path(__file__).parent.parent / "targets"
NAME_LENGTH = 12

# Bits of the first header byte.
PAGE_4K, PAGE_1, PAGE_2_30, PAGE_2_56 = 0, 1 << 2, 2 << 2, 3 << 2
AT_0, AT_END, AT_MIDDLE, ODD = 0, 1 << 4, 2 << 4, 3 << 4
ADDED = 1 << 6  # start with the pages 0 to 190 added
ZEROS = 1 << 7

# Bits of the second one, for targets with malloc and static storage.
STATIC_0, STATIC_1 = 1 << 6, 1 << 7

# Kinds of arguments: enum argument_kind.
SMALL, NUMBER, POWER, TOP, RUN_FIRST, RUN_END, RUN_SIZE, SHIFTED = range(8)

TOP_OF_ALL = 2**64


def selector(kind, delta=0):
  return 0xC0 | kind | (delta + 4) << 3


def number(value):
  """A 64-bit argument: its selector and eight bytes."""
  return bytes([selector(NUMBER)]) + struct.pack("<Q", value % TOP_OF_ALL)


def near(kind, b=0, delta=0):
  return bytes([selector(kind, delta), b])


def choices_of(target):
  """The operations in the order of their codes, from the profile."""
  text = (TARGETS / f"{target}.c").read_text(encoding="ascii")
  block = re.search(r"\.choices = \{(.*?)\}", text, re.S)
  names = re.findall(r"OPERATION_(\w+)", block.group(1))
  if len(names) != 16:
    sys.exit(f"make_seeds.py: {target} has {len(names)} choices, not 16")
  return [name.lower() for name in names]


class Target:
  """Spells inputs of one target."""

  def __init__(self, name):
    self.name = name
    self.codes = choices_of(name)

  def has(self, operation):
    return operation in self.codes

  def op(self, name, *arguments, m=0, fail=0):
    """One operation; arguments are plain bytes, or encoded already."""
    data = bytes([self.codes.index(name) | m << 4 | fail << 6])
    for argument in arguments:
      data += bytes([argument]) if isinstance(argument, int) else argument
    return data

  def input(self, *operations, shape=0, storage=0):
    """Operations as (name, argument...), or as bytes."""
    data = bytes([shape, storage])
    for operation in operations:
      data += operation if isinstance(operation, bytes) else self.op(*operation)
    return data


def full(target, *operations):
  """Operations whose arguments are all 64-bit numbers."""
  return target.input(*[(name, *[number(n) for n in numbers]) for name, *numbers in operations])


def defects_of_one(t):
  """What OPAE gets wrong with one allocator, in the order of the regressions."""
  add, get, put = "add_free", "get", "put_at"
  yield full(t, (add, 0x4000, 0x1000), (get, 0), (get, 0x1000))
  yield full(t, (add, 0x4000, 0x1000), (get, 2**63))
  yield full(t, (add, 0xFFFFFFFF00000000, 0x1000), (get, 2**33))
  yield full(t, (add, 0xFFFFFFFFFFFFF000, 0x800), (get, 0x1000))
  yield full(t, (add, 0xFEF00000, TOP_OF_ALL - 0xFEF00000), (get, 0x1000))
  yield full(t, (add, 0x4000, 0x2000), (add, 0x5000, 0x2000))
  yield full(t, (add, 0x4000, 0x1000), (get, 0x1000), (add, 0x4000, 0x1000), (put, 0x4000))
  yield full(t, (add, 0x1000, 0x1000), (add, 0x4000, 0x1000), (add, 0x4000, 0x1000))
  yield full(t, (add, 0x4000, 0), (add, 0x4000, 0x1000))
  yield full(t, (add, 0x2000, 0x3000), (get, 0x3000), (put, 0x2000))
  yield full(t, (add, 0x1000, 0x6000), (get, 0x6000))
  yield full(t, (add, 0xFFFFFFFFFFFFF000, 0x2000), (add, 0xFFFFFFFFFFFFF000, 0x1000), (get, 0x1000))
  # The whole space, in two blocks.
  yield full(t, (add, 0, 2**63), (add, 2**63, 2**63), (get, 2**63), (get, 2**63), (put, 0))
  # Two runs of one size class, of which the lower is too short.
  yield full(t, (add, 0x100001, 0x100003), (add, 0x400000, 0x100005), (get, 0x100005), (get, 0x100005),
             (get, 0x100003), (put, 0x400000), (get, 0x100001))


def defects_of_two(t):
  """What OPAE gets wrong about constraints."""
  def op(*arguments, **more):
    return t.op(*arguments, **more)

  constrain = op("apply_constraint", 1)
  yield t.input(op("add_free", 4, 8), constrain, op("get", 1))
  yield t.input(op("add_free", 180, 16), op("add_free", 0, 4, m=1), constrain, op("get", 1), shape=AT_END)
  yield t.input(op("add_free", 4, 8), op("get", 4), op("add_free", 6, 8, m=1), constrain, op("put", 0))
  yield t.input(op("add_free", 4, 8), op("add_free", 0, 6, m=1), op("apply_constraint", 1, fail=1), op("get", 1))


def deep(t, shape, storage=0):
  """Many small blocks, every second one put, all put, one large block."""
  many, few = t.op("get_many", 1, 15), t.op("put_many", 0, 15)
  aligned = t.op("get_aligned", 3, 129)
  return t.input(many * 2, few, aligned, t.op("get_many", 2, 5), few * 2, t.op("get", 186), t.op("put", 0),
                 shape=shape | ADDED, storage=storage)


def fragments(t, shape, storage=0):
  """Many regions, then what is left of them under a constraint with other borders."""
  regions = b"".join(t.op("add_free", 9 * i, 4) for i in range(10))
  borders = b"".join(t.op("add_free", 9 * i + 2, 5, m=1) for i in range(10))
  return t.input(regions, borders, t.op("apply_constraint", 1, fail=1), t.op("apply_constraint", 0, m=1),
                 t.op("get_many", 2, 15), t.op("put_many", 0, 15), shape=shape, storage=storage)


def borders(t):
  """Regions and blocks that end where others begin, or one address before or after."""
  first, end, size = near(RUN_FIRST), near(RUN_END), near(RUN_SIZE)
  for delta in (-1, 0, 1):
    yield t.input(("add_free", 9, 3), ("add_beside", 1, 2), ("add_free", near(RUN_END, 0, delta), 1),
                  ("get", near(RUN_SIZE, 0, delta)), ("put", 0))
    yield t.input(("add_free", 20, 8), ("add_free", 40, 8), ("add_free", end, near(RUN_FIRST, 1, delta)),
                  ("get", size), ("get_aligned", near(RUN_SIZE, 0, delta), 0))
  yield t.input(("add_free", 20, near(TOP, 0)), ("add_free", near(SMALL, 0), first), ("get", near(POWER, 63)),
                ("get", near(POWER, 62)), ("put", 1))


def thin_inner_nodes(t, last):
  """Two neighbours of few leaves at fan-out 16: the last but one node above the leaves, and the last.

  The space is full of blocks of two addresses, 15 in a leaf. Of the 17 leaves, 9, 11 and 13 become a single
  block between leaves of 16 runs. Then 10 and 12 are split, and so is the node above them. As 10 and 12 are
  not full any more, each of the three single blocks moves to a neighbour when the block before it is put.
  The last put has a look at the node above.
  """
  def put(block):
    return t.op("put_at", number(2 * block))

  def halve(block):
    return put(block) + t.op("get", 1) * 2

  full_leaves = b"".join(halve(15 * leaf + 7) for leaf in (8, 10, 12, 14))
  single = b"".join(b"".join(put(15 * leaf + i) for i in range(15)) + t.op("get_aligned", number(30), 0)
                    for leaf in (9, 11, 13))
  split = b"".join(halve(15 * leaf + 3) for leaf in (10, 12))
  moved = b"".join(put(15 * leaf + 14) for leaf in (8, 10, 12))
  space = t.op("add_free", number(0), number(2**63)) + t.op("add_free", number(2**63), number(2**63))
  return t.input(space, t.op("get_many", 2, 7) * 27, full_leaves, single, split, moved, put(15 * last),
                 shape=PAGE_1)


def reserve_is_just_enough(t):
  """Blocks that take all the nodes that were reserved for them: any split that comes too early takes one more.

  The first block and the third are pages; one address after the other is free behind the second. The sizes were found
  by fuzzing.
  """
  def get(*sizes):
    return b"".join(t.op("get", near(SMALL, size)) for size in sizes)

  page = t.op("get", 1)
  first = get(1, 36, 29, 18, 10, 4, 41, 18, 17, 6, 3)
  second = get(1, 1, 1, 1, 1, 2, 2, 2, 2, 20, 10, 4, 11, 18, 37, 10, 9, 14, 5, 10, 3, 10, 11, 10, 20, 13, 10, 3, 14,
               12, 17, 4, 5, 6, 4)
  return t.input(t.op("reserve", 72, 0), t.op("add_free", 0, 4), page, get(1), page, first, t.op("put", 0), second)


def alignments(t):
  """All powers of two, numbers next to them, and 0; in the whole space."""
  space = t.op("add_free", number(0), number(2**63)) + t.op("add_free", number(2**63), number(2**63))
  yield t.input(space, *[("get_aligned", near(SMALL, 1), k) for k in range(64)])
  for delta in (-1, 1):
    yield t.input(space, *[("get_aligned", near(SMALL, 1), near(POWER, k, delta)) for k in range(64)])
  yield t.input(space, ("get_aligned", 1, near(SMALL, 0)), ("get_aligned", 1, near(TOP, 1)),
                ("get_aligned", near(POWER, 63), near(POWER, 63)), ("get_aligned", near(POWER, 63), near(POWER, 63)))


def restarts(t, storage=0):
  """Every way to begin again, each used; bits: twice, by zeros, without init, after a failed init_static."""
  for first in (0, 8):
    yield t.input(*[operation for how in range(first, first + 8) for operation in
                    (("add_free", 4, 8), ("get_many", 1, 7), ("restart", how), ("add_free", 1, 2), ("get", 1))],
                  storage=storage)


def many_nodes_seeds(t):
  """2^17 regions of one address: more than 65 535 nodes; what is between the highest is added, and so nodes go."""
  yield t.input(("add_many", 0, 17), ("add_many", number(0x38001), 11), ("get_many", 1, 7), ("put_many", 0, 7),
                shape=PAGE_1)
  yield t.input(("add_many", 0, 8), ("churn", 60, 0), ("churn", 90, 3), ("add_many", 1, 7), shape=PAGE_1)
  yield t.input(("add_many", number(2**63 - 200), 7), ("add_beside", 3, 9), ("get_aligned", 2, 3), ("put", 0))
  yield t.input(("add_many", number(TOP_OF_ALL - 21), 10), ("reserve", 200, 0), ("restart", 1), ("add_many", 0, 3))


def operations_seeds(t):
  yield t.input()
  yield from defects_of_one(t)
  yield from borders(t)
  for shape in (PAGE_1, PAGE_4K, PAGE_4K | AT_END, PAGE_2_56, PAGE_2_30 | AT_MIDDLE, PAGE_4K | ODD):
    yield deep(t, shape)
  yield t.input(("reserve", 50, 0), ("add_free", 0, 185), ("get_many", 1, 15), ("restart", 3), ("null_arguments",))
  yield t.input(("reserve", 0, 255), ("reserve", 0, 223), ("reserve", 9, 0), ("apply_constraint", 0))
  yield t.input(("add_beside", 0, 3), ("add_free", 9, 3), ("add_beside", 0, 3), ("add_beside", 1, 3),
                ("add_beside", 3, 0), ("put_at", 9), shape=ZEROS)
  # All addresses are live: a number of addresses that no 64-bit number holds.
  yield full(t, ("add_free", 0, 2**63), ("add_free", 2**63, 2**63), ("get", 2**63), ("get", 2**63))
  yield from alignments(t)
  yield from restarts(t)
  # The last of the blocks, all at multiples of 64, is the first run of a leaf; the search comes from the leaf before.
  aligned = ("get_aligned", 1, 128 + 6)
  yield t.input(("add_free", number(0x200), 2), ("get", 1), ("add_free", number(0x100), 1), aligned, aligned, aligned,
                shape=PAGE_1 | ADDED)


def constraints_seeds(t):
  yield from defects_of_two(t)
  for shape, storage in ((0, 0), (AT_END, 0), (ODD, STATIC_0 | 8), (PAGE_2_56, STATIC_1 | 40), (1, 255)):
    yield fragments(t, shape, storage)
  yield t.input(t.op("get", 4), t.op("get", 4, m=1), t.op("apply_constraint", 1), t.op("put", 0, m=1),
                t.op("apply_constraint", 1), t.op("apply_constraint", 0), shape=ADDED)
  # The constraint's region starts where a live block does, and ends inside it.
  yield t.input(t.op("add_free", 4, 8), t.op("get", 4), t.op("add_free", 4, 2, m=1), t.op("apply_constraint", 1))


def static_storage_seeds(t):
  for nodes in (0, 1, 3, 6, 15, 63):
    yield deep(t, PAGE_4K, nodes)
  yield t.input(("churn", 60, 0), ("put_many", 0, 15), ("churn", 60, 2), ("restart", 1), ("get", 1),
                shape=ADDED, storage=12)
  yield from restarts(t, 20)
  yield t.input(("reserve", 8, 0), ("reserve", 60, 0), ("churn", 20, 4), shape=ADDED, storage=50)
  yield fragments(t, 1, 20)


def malloc_failures_seeds(t):
  for fail in (1, 2, 3):
    yield t.input(t.op("get_many", 1, 15, fail=fail), t.op("put_many", 0, 15, fail=fail),
                  t.op("get_aligned", 2, 130, fail=fail), shape=ADDED)
    yield t.input(t.op("add_free", 1, 1, fail=fail), t.op("reserve", 20, 0, fail=fail),
                  t.op("churn", 90, 4, fail=fail), shape=0)
  yield t.input(t.op("add_free", 4, 8), t.op("get", 1), t.op("put", 0, fail=1), t.op("get", 8))
  yield t.input(t.op("reserve", 60, 0), t.op("churn", 20, 5, fail=1), t.op("reserve", 255, 205, fail=1), shape=ADDED)
  yield fragments(t, 1)
  yield from defects_of_two(t)


def differential_seeds(t):
  yield from defects_of_one(t)
  for shape in (PAGE_4K, PAGE_2_30 | AT_MIDDLE, PAGE_4K | ODD):
    yield deep(t, shape)
  yield t.input(("churn", 200, 0), ("churn", 100, 2), ("apply_constraint", 0), ("churn", 100, 7), shape=ADDED)
  yield fragments(t, 1)
  yield from borders(t)
  for last in (14, 16):
    yield thin_inner_nodes(t, last)
  yield reserve_is_just_enough(t)


def long_lived_seeds(t):
  for seed in (0, 1, 5):
    yield t.input(*[("churn", 255, seed + 8 * i) for i in range(12)], ("put_many", 200, 15), ("churn", 255, 3),
                  ("get_aligned", near(SMALL, 9), 3), ("churn", 255, 2), ("churn", 255, 1), shape=ADDED)
  yield t.input(*[("churn", 255, 8 * i) for i in range(3)], *[("churn", 255, 3 + 8 * i) for i in range(6)],
                ("restart", 0), ("reserve", 200, 0), ("churn", 255, 0), shape=ADDED | AT_END)
  yield t.input(*[("add_free", 2 * i, 1) for i in range(95)], ("churn", 255, 0), ("apply_constraint", 0),
                ("churn", 255, 3))
  yield t.input(*[("churn", 255, 8 * i) for i in range(4)], ("churn", 255, 3), shape=ADDED, storage=STATIC_0 | 63)


def damaged_storage_seeds(t):
  """Fields one by one, of an empty allocator, of a leaf, of trees with two and three levels and a spare node."""
  holes = b"".join(t.op("add_free", 4 * i, 2) for i in range(6))
  leaf = t.op("add_free", 4, 2) + t.op("get", 1)
  two_levels = holes + t.op("get_many", 1, 2)
  three_levels = t.op("get_many", 1, 15) * 2 + t.op("put_many", 0, 5)
  everywhere = 90
  for build, shape, places in ((b"", 0, 9), (leaf, 0, 27), (two_levels, 0, everywhere),
                               (three_levels, ADDED, everywhere)):
    for change in (0, 1):
      yield t.input(build, *[("damage", place, change) for place in range(places)], shape=shape)
  for build, shape in ((two_levels, 0), (three_levels, ADDED)):
    for value in (near(SMALL, 0), near(SMALL, 2), near(RUN_FIRST, 1)):
      yield t.input(build, *[("damage", place, value) for place in range(9, everywhere)], shape=shape)
  # Two fields at a time, such as tag and bin of a run.
  yield t.input(leaf, *[t.op("damage", place, near(SMALL, 0)) + t.op("damage_more", place + 1, near(SMALL, 0))
                        for place in range(9, 27)])
  # At fan-out 16: some leaves of live blocks, of which the first is cut down and the next one has few entries.
  leaves = t.op("add_free", 0, 186) + t.op("get_many", 1, 7) * 4 + t.op("get", 1) * 4 + t.op("put_many", 14, 0) * 6
  yield t.input(leaves, *[("damage", 9, near(SMALL, count)) for count in range(1, 7)])
  # The root with a single child, and the other one, the highest node, as if it had never been used.
  yield t.input(t.op("add_free", 0, 4) + t.op("get", 1) * 4, ("damage", 27, near(SMALL, 1)),
                ("damage_more", 2, 1), ("damage_more", 0, 1))
  # A ring of spare nodes, and a number of them that wraps: a walk that does not count well takes very long.
  yield t.input(t.op("add_free", 0, 4) + t.op("get", 1) * 4, ("put_many", 0, 15), ("damage", 32, near(SMALL, 2)),
                ("damage_more", 50, near(SMALL, 3)), ("damage_more", 2, near(SMALL, 9)))
  # A root that is too high; a spare node beyond those ever used, and one that is none.
  yield t.input(leaf, ("damage", 10, near(SMALL, 40)), ("damage", 2, near(SMALL, 0)),
                ("damage_more", 1, near(SMALL, 99)), ("damage", 2, near(SMALL, 0)), ("damage_more", 1, near(SMALL, 1)))
  # Roots as high as a tree can be at fan-out 4, one level higher, and lower.
  yield t.input(leaf, *[("damage", 10, near(SMALL, level)) for level in (31, 32, 33)])
  # Static storage that is nearly used up: nodes that were never used are looked at.
  yield t.input(leaf, *[("damage", place, near(SMALL, 3)) for place in range(27)], storage=STATIC_0 | 2)


SEEDS = {
  "operations_fuzz": operations_seeds,
  "constraints_fuzz": constraints_seeds,
  "static_storage_fuzz": static_storage_seeds,
  "many_nodes_fuzz": many_nodes_seeds,
  "malloc_failures_fuzz": malloc_failures_seeds,
  "differential_fuzz": differential_seeds,
  "long_lived_fuzz": long_lived_seeds,
  "damaged_storage_fuzz": damaged_storage_seeds,
}


def dictionary():
  """Arguments: the codes of operations differ from target to target, and the mutator knows them."""
  for name, value in (("top", TOP_OF_ALL - 1), ("half", 2**63), ("below_top", TOP_OF_ALL - 0x1000), ("one", 1)):
    yield "number_" + name, number(value)
  yield "to_the_top", near(TOP)
  for delta, name in ((-1, "_minus"), (0, ""), (1, "_plus")):
    yield "run_first" + name, bytes([selector(RUN_FIRST, delta)])
    yield "run_end" + name, bytes([selector(RUN_END, delta)])
    yield "run_size" + name, bytes([selector(RUN_SIZE, delta)])
    yield "power" + name, bytes([selector(POWER, delta)])


def main():
  if len(sys.argv) != 3:
    sys.exit("usage: make_seeds.py CORPORA DICTIONARY")
  corpora, words = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
  for name, seeds in SEEDS.items():
    folder = corpora / name
    folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(Target(name)):
      (folder / hashlib.sha1(data).hexdigest()[:NAME_LENGTH]).write_bytes(data)
  lines = ["# SPDX-License-Identifier: BSD-3-Clause", "# Written by make_seeds.py."]
  for name, entry in dictionary():
    lines.append(name + '="' + "".join(f"\\x{byte:02x}" for byte in entry) + '"')
  words.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
  main()
