#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Users of the library compile with the compilers and language standards of
# the reference platform, without a warning, and run. The library itself is
# compiled by each C compiler, too. Needs gcc, g++, clang and clang++.
set -eu

here=tests/consumers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Werror -Wconversion'
count=0

# library COMPILER: the library's objects in $work/COMPILER.
library() {
  mkdir "$work/$1"
  for source in src/*.c; do
    "$1" -std=c11 $warnings -Iinclude -c "$source" -o "$work/$1/$(basename "$source" .c).o"
  done
}

# consumer COMPILER STANDARD SOURCE LIBRARY [OPTION]: compile, link, run.
consumer() {
  compiler=$1 standard=$2 source=$3 objects=$4
  shift 4
  "$compiler" "-std=$standard" $warnings "$@" -Iinclude "$source" "$work/$objects/"*.o -o "$work/consumer"
  "$work/consumer"
  count=$((count + 1))
}

for pair in gcc:g++ clang:clang++; do
  c=${pair%:*}
  cxx=${pair#*:}
  library "$c"
  for standard in gnu89 c99 gnu99 c11 c17; do
    consumer "$c" "$standard" "$here/consumer.c" "$c"
  done
  consumer "$c" c99 "$here/consumer.c" "$c" -pedantic-errors
  for standard in c++11 c++17 c++20; do
    consumer "$cxx" "$standard" "$here/consumer.cc" "$c" -pedantic-errors
  done
done
# What one compiler makes of the library works with the other's programs.
consumer gcc c11 "$here/consumer.c" clang
consumer clang++ c++17 "$here/consumer.cc" gcc

# This test can fail: a program that misuses the interface does not compile.
sed 's/mem_alloc_put(&device.addresses, page)/mem_alloc_put(page)/' "$here/consumer.c" >"$work/wrong.c"
if gcc -std=c99 -Iinclude -c "$work/wrong.c" -o "$work/wrong.o" 2>/dev/null; then
  echo "a wrong call was compiled" >&2
  exit 1
fi

# And one that gets something unexpected does not exit with 0.
sed 's/page == 0x200000/page == 0x201000/' "$here/consumer.c" >"$work/wrong.c"
gcc -std=c99 -Iinclude "$work/wrong.c" "$work/gcc/"*.o -o "$work/wrong"
if "$work/wrong" 2>/dev/null; then
  echo "a wrong result was accepted" >&2
  exit 1
fi
echo "$count programs compiled and run"
