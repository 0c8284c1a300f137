#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# build.sh OUTDIR: builds OUTDIR/mem_alloc_fuzz (libFuzzer, AddressSanitizer,
# UndefinedBehaviorSanitizer) and OUTDIR/mem_alloc_replay (no libFuzzer).
#
# From the environment:
#   FAN_OUT      entries of a node; default 4, so that small trees are deep
#   SOURCE_ROOT  the tree that is built; default: the one this script is in
#   CLANG, GCC   the compilers; default clang-19 and gcc. With CLANG=afl-clang-fast
#                mem_alloc_fuzz is a target for AFL++ (persistent mode)
#   REPLAY       0: do not build mem_alloc_replay
set -eu

if [ $# -ne 1 ]; then
  echo "usage: build.sh OUTDIR" >&2
  exit 2
fi
out=$1
here=$(cd "$(dirname "$0")" && pwd)
root=${SOURCE_ROOT:-$(dirname "$here")}
clang=${CLANG:-clang-19}
mkdir -p "$out"

harness=$root/fuzz/mem_alloc_fuzz.c
model=$root/tests/model/model.c
options="-std=c11 -g -O2 -DMEM_ALLOC_FAN_OUT=${FAN_OUT:-4} -I$root/include -I$root/src -I$root"
warnings="-Wall -Wextra -Wconversion -Werror"
sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize-address-use-after-return=never"
# Comparisons are not traced: that would take more than half of the time, and the inputs name the numbers
# near which something happens without it.
coverage="-fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp"
wrap="-Wl,--wrap=malloc -Wl,--wrap=free"

# Word splitting of the option lists is meant throughout.
# shellcheck disable=SC2086
{
  objects=
  for source in "$root"/src/*.c "$harness"; do
    object=$out/$(basename "$source" .c).o
    "$clang" $options $warnings $sanitizers $coverage -c -o "$object" "$source"
    objects="$objects $object"
  done
  # No coverage of the model: it is not what the fuzzer shall explore.
  "$clang" $options $warnings $sanitizers -c -o "$out/model.o" "$model"
  "$clang" $sanitizers -fsanitize=fuzzer $wrap -o "$out/mem_alloc_fuzz" $objects "$out/model.o"
  rm -f $objects "$out/model.o"
  if [ "${REPLAY:-1}" != 0 ]; then
    "${GCC:-gcc}" $options $warnings $wrap -o "$out/mem_alloc_replay" \
      "$root/fuzz/replay_main.c" "$harness" "$model" "$root"/src/*.c
  fi
}
