#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# layout_test.sh: size and alignment of struct mem_alloc, beside two list heads as OPAE's has them (two pointers and
# two 64-bit numbers each), where pointers have 64 bits and where they have 32. Nothing is run, so no libraries of
# the other processors are needed.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/layout.c" <<'END_OF_C'
#include "opae/mem_alloc.h"
struct head { uint64_t address; uint64_t size; struct head *previous; struct head *next; };
struct heads { struct head free; struct head allocated; };
_Static_assert(sizeof(struct heads) == THEIRS, "two list heads");
_Static_assert(sizeof(struct mem_alloc) == OURS, "an allocator");
_Static_assert(_Alignof(struct mem_alloc) == _Alignof(struct heads), "the same alignment");
_Static_assert(_Alignof(struct mem_alloc) == ALIGNMENT, "an allocator's alignment");
_Static_assert(sizeof(struct mem_alloc_node) % _Alignof(struct mem_alloc_node) == 0, "nodes in an array");
END_OF_C

# check COMPILER OPTION THEIRS OURS ALIGNMENT. Freestanding: stdint.h is the compiler's own then.
check() {
  "$1" "$2" -std=c11 -ffreestanding -fsyntax-only -Wall -Werror -Iinclude \
    "-DTHEIRS=$3" "-DOURS=$4" "-DALIGNMENT=$5" "$work/layout.c"
}

check gcc -m64 64 64 8
check clang -m64 64 64 8
check gcc -m32 48 60 4
check clang -m32 48 60 4
check arm-linux-gnueabihf-gcc -O0 48 64 8
check s390x-linux-gnu-gcc -O0 64 64 8

# This test can fail.
if check gcc -m32 48 64 4 2>/dev/null; then
  echo "a wrong size was accepted" >&2
  exit 1
fi
echo "6 layouts are as the header says"
