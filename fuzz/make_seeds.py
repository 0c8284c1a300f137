#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the hand-made inputs and the dictionary of the fuzzer.

    make_seeds.py CORPUS DICTIONARY

Every input is a sequence of operations, spelled here by name and encoded as
the top of mem_alloc_fuzz.c says. A file is named after the start of the
SHA-1 of its content.
"""

import hashlib
import pathlib
import struct
import sys

# The choices of bits 0-3 of an operation: enum choice of the harness.
ADD, BESIDE, GET, ALIGNED, PUT, PUT_AT, CONSTRAIN, RESERVE, RESTART, NULL = 0, 2, 3, 7, 8, 11, 12, 13, 14, 15

PAGE_4K = 1 << 3
PAGE_2_56 = 3 << 3
AT_END, AT_MIDDLE, ODD = 1 << 5, 2 << 5, 3 << 5
ADDED = 1 << 7  # start with the pages 0 to 254 added
STATIC_SMALL, STATIC = 2, 3  # storage of allocator 0


NAME_LENGTH = 12


def header(allocators=1, shape=0, storage=0, nodes=0):
    return bytes([(allocators - 1) | shape, storage, nodes])


def op(choice, x=0, y=0, m=0, fail=0):
    return bytes([choice | m << 4 | fail << 6, x, y])


def number(value):
    """A 64-bit argument: selector 1, an unused byte, eight bytes."""
    return bytes([1, 0]) + struct.pack("<Q", value % 2**64)


def full(*operations, allocators=1):
    """64-bit mode. An operation is (choice, allocator, numbers...)."""
    data = header(allocators, 1 << 2)
    for choice, target, *numbers in operations:
        data += op(choice, m=target) + b"".join(number(n) for n in numbers)
    return data


def opae_defects():
    """What OPAE gets wrong, in the order of the regressions; fail=1 makes malloc fail."""
    top = 2**64
    add, get, put = (ADD, 0), (GET, 0), (PUT_AT, 0)
    yield full((*add, 0x4000, 0x1000), (*get, 0), (*get, 0x1000))
    yield full((*add, 0x4000, 0x1000), (*get, 2**63))
    yield full((*add, 0xFFFFFFFF00000000, 0x1000), (*get, 2**33))
    yield full((*add, 0xFFFFFFFFFFFFF000, 0x800), (*get, 0x1000))
    yield full((*add, 0xFEF00000, top - 0xFEF00000), (*get, 0x1000))
    yield full((*add, 0x4000, 0x2000), (*add, 0x5000, 0x2000))
    yield full((*add, 0x4000, 0x1000), (*get, 0x1000), (*add, 0x4000, 0x1000), (*put, 0x4000))
    yield full((*add, 0x1000, 0x1000), (*add, 0x4000, 0x1000), (*add, 0x4000, 0x1000))
    yield full((*add, 0x4000, 0), (*add, 0x4000, 0x1000))
    yield full((*add, 0x2000, 0x3000), (*get, 0x3000), (*put, 0x2000))
    yield full((*add, 0x1000, 0x6000), (*get, 0x6000))
    yield full((*add, 0xFFFFFFFFFFFFF000, 0x2000), (*add, 0xFFFFFFFFFFFFF000, 0x1000), (*get, 0x1000))
    pages = header(2, PAGE_4K)
    yield pages + op(ADD, 4, 8) + op(GET, 1) + op(PUT, 0, fail=1) + op(GET, 8)
    yield pages + op(ADD, 4, 8) + op(CONSTRAIN, 1) + op(GET, 1)
    yield header(2, PAGE_4K | AT_END) + op(ADD, 240, 16) + op(ADD, 0, 4, m=1) + op(CONSTRAIN, 1) + op(GET, 1)
    yield pages + op(ADD, 4, 8) + op(GET, 4) + op(ADD, 6, 8, m=1) + op(CONSTRAIN, 1) + op(PUT)
    yield pages + op(ADD, 4, 8) + op(ADD, 0, 6, m=1) + op(CONSTRAIN, 1, fail=1) + op(GET, 1)


def deep(shape, storage=0, nodes=0):
    """Many small blocks, every second one put, all put, one large block."""
    data = header(1, shape | ADDED, storage, nodes)
    data += op(GET, 1, 255) * 4 + op(PUT, 0, 255) * 2 + op(ALIGNED, 3, 129) + op(GET, 2, 197)
    return data + op(PUT, 0, 255) * 4 + op(GET, 250) + op(PUT)


def fragments():
    """Many regions, then what is left of them under a constraint with other borders."""
    data = header(2, PAGE_4K)
    data += b"".join(op(ADD, 8 * i, 4) for i in range(20))
    data += b"".join(op(ADD, 8 * i + 2, 5, m=1) for i in range(20))
    return data + op(CONSTRAIN, 1, fail=1) + op(CONSTRAIN, 0, m=1) + op(GET, 2, 255) + op(PUT, 0, 255)


def others():
    yield header()
    for shape in (0, PAGE_4K, PAGE_4K | AT_END, PAGE_2_56, PAGE_4K | AT_MIDDLE, PAGE_4K | ODD):
        yield deep(shape)
    yield deep(PAGE_4K, STATIC_SMALL, 3)
    yield deep(PAGE_4K, STATIC, 200)
    yield fragments()
    # The whole space, in two blocks.
    yield full((ADD, 0, 0, 2**63), (ADD, 0, 2**63, 2**63), (GET, 0, 2**63), (GET, 0, 2**63), (PUT_AT, 0, 0))
    # Two runs of one size class, of which the lower is too short.
    yield full((ADD, 0, 0x100001, 0x100003), (ADD, 0, 0x400000, 0x100005), (GET, 0, 0x100005),
               (GET, 0, 0x100005), (GET, 0, 0x100003), (PUT_AT, 0, 0x400000), (GET, 0, 0x100001))
    pages = header(1, PAGE_4K)
    yield pages + op(RESERVE, 50) + op(ADD, 0, 250) + op(GET, 1, 255, fail=1) + op(RESTART, 1, 1)
    yield pages + op(RESERVE, 0, 255) + op(RESERVE, 0, 223) + op(RESERVE, 9, fail=1) + op(NULL)
    yield pages + op(ADD, 9, 3) + op(BESIDE, 0, 3) + op(BESIDE, 1, 3) + op(BESIDE, 3, 0) + op(PUT_AT, 9)


def dictionary():
    """The operations: as they are, with the first malloc failing, of the second allocator."""
    operations = {
        "add": op(ADD, 0, 16), "beside": op(BESIDE, 1, 2), "get": op(GET, 1), "get_many": op(GET, 1, 255),
        "aligned": op(ALIGNED, 3, 130), "put": op(PUT), "put_many": op(PUT, 0, 255), "put_at": op(PUT_AT, 1),
        "constrain": op(CONSTRAIN, 1), "reserve": op(RESERVE, 20), "restart": op(RESTART), "null": op(NULL),
    }
    for name, entry in operations.items():
        yield name, entry
        yield name + "_no_memory", bytes([entry[0] | 1 << 6]) + entry[1:]
        yield name + "_of_m1", bytes([entry[0] | 1 << 4]) + entry[1:]
    for name, value in (("top", 2**64 - 1), ("half", 2**63), ("below_top", 2**64 - 0x1000)):
        yield "number_" + name, number(value)
    yield "to_the_top", bytes([3 | 4 << 3, 0])
    yield "run_first", bytes([4 | 4 << 3])
    yield "run_end", bytes([5 | 4 << 3])
    yield "run_end_plus", bytes([5 | 5 << 3])
    yield "run_size", bytes([6 | 4 << 3])


def main():
    corpus, words = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    corpus.mkdir(parents=True, exist_ok=True)
    for data in [*opae_defects(), *others()]:
        (corpus / hashlib.sha1(data).hexdigest()[:NAME_LENGTH]).write_bytes(data)
    lines = ["# SPDX-License-Identifier: BSD-3-Clause", "# Written by make_seeds.py."]
    for name, entry in dictionary():
        lines.append(name + '="' + "".join(f"\\x{byte:02x}" for byte in entry) + '"')
    words.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
