#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# build.sh [--engine E] [--sanitizer S] [--target T|all] OUTDIR: builds the fuzzing targets.
#
#   --engine libfuzzer  OUTDIR/T for libFuzzer, with clang-19 (the default)
#            afl        OUTDIR/T for AFL++ (persistent mode, input in shared memory), OUTDIR/T.cmplog for its
#                       option -c, OUTDIR/afl_mutator.so; with afl-clang-fast
#            replay     OUTDIR/T_replay: takes files, needs no engine; with gcc
#            system     OUTDIR/T with the compilers, options and engine of a fuzzing service, which are in CC,
#                       CFLAGS, CXX, CXXFLAGS and LIB_FUZZING_ENGINE; no option of ours that could be in its way
#   --sanitizer address    AddressSanitizer and UndefinedBehaviorSanitizer (the default of libfuzzer)
#               undefined  UndefinedBehaviorSanitizer alone
#               memory     MemorySanitizer (libfuzzer and replay with clang only)
#               none       none, for speed (the default of afl and replay)
#   --list      prints the names of the targets, and builds nothing
#
# From the environment:
#   FAN_OUT      entries of a node; default 4, so that small trees are deep
#   SOURCE_ROOT  the tree that is built; default: the one this script is in
#   CLANG, GCC, AFL_CLANG  the compilers; default clang-19, gcc, afl-clang-fast
#   REPLAY_OPTIONS         more options for replay, e.g. -static
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=${SOURCE_ROOT:-$(dirname "$here")}
fan_out=${FAN_OUT:-4}
all_targets=(mem_alloc_fuzz)

usage() {
  sed -n 's/^# \(build.sh .*\): .*/usage: \1/p' "$0" >&2
  [ $# -eq 0 ] || echo "build.sh: $1" >&2
  exit 2
}

# target_source T: its own file.
target_source() {
  echo "$root/fuzz/$1.c"
}

engine=libfuzzer
sanitizer=
target=all
out=
while [ $# -gt 0 ]; do
  case $1 in
    --list)
      printf '%s\n' "${all_targets[@]}"
      exit 0
      ;;
    --engine | --sanitizer | --target)
      [ $# -ge 2 ] || usage "$1 needs a value"
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    -*) usage "unknown option $1" ;;
    *)
      [ -z "$out" ] || usage "more than one OUTDIR"
      out=$1
      ;;
  esac
  shift
done
[ -n "$out" ] || usage "no OUTDIR"

targets=("${all_targets[@]}")
if [ "$target" != all ]; then
  [[ " ${all_targets[*]} " == *" $target "* ]] || usage "no target $target, only: ${all_targets[*]}"
  targets=("$target")
fi

# What all compilers get. The warnings are errors, except where the compiler is not one that we know.
options=(-std=c11 "-I$root/include" "-I$root/src" "-I$root" "-I$root/fuzz")
warnings=(-Wall -Wextra -Wconversion -Werror)
# Every malloc and free is the harness's to watch and to refuse.
wrap=("-Wl,--wrap=malloc" "-Wl,--wrap=free")

case $engine in
  libfuzzer) sanitizer=${sanitizer:-address} ;;
  afl | replay) sanitizer=${sanitizer:-none} ;;
  system) [ -z "$sanitizer" ] || usage "the sanitizer of --engine system is in CFLAGS" ;;
  *) usage "no engine $engine, only: libfuzzer, afl, replay, system" ;;
esac
case $sanitizer in
  address)
    checks=("-fsanitize=address,undefined" -fno-sanitize-recover=all)
    # Costs much, and finds nothing here: no pointer to a variable outlives it unproved.
    [ "$engine" = replay ] || checks+=(-fsanitize-address-use-after-return=never)
    ;;
  undefined) checks=(-fsanitize=undefined -fno-sanitize-recover=all) ;;
  memory) checks=(-fsanitize=memory) ;;
  none | '') checks=() ;;
  *) usage "no sanitizer $sanitizer, only: address, undefined, memory, none" ;;
esac
# Comparisons are not traced: that would take more than half of the time, and the inputs name the numbers
# near which something happens without it.
no_comparisons=-fno-sanitize-coverage=trace-cmp

# explored: how to compile what the fuzzer shall explore. plain: how to compile the rest. linked: how to link.
# shellcheck disable=SC2034,SC2206 # compile names them; the lists of a fuzzing service are split at blanks
case $engine in
  libfuzzer)
    compiler=${CLANG:-clang-19}
    plain=("$compiler" "${options[@]}" "${warnings[@]}" -g -O2 "${checks[@]}")
    explored=("${plain[@]}" -fsanitize=fuzzer-no-link $no_comparisons)
    linked=("$compiler" "${checks[@]}" -fsanitize=fuzzer)
    ;;
  afl)
    compiler=${AFL_CLANG:-afl-clang-fast}
    plain=(clang-14 "${options[@]}" "${warnings[@]}" -g -O2 "${checks[@]}")
    explored=("$compiler" "${plain[@]:1}")
    linked=("$compiler" "${checks[@]}" -fsanitize=fuzzer)
    export AFL_QUIET=1
    ;;
  replay)
    compiler=${GCC:-gcc}
    plain=("$compiler" "${options[@]}" "${warnings[@]}" -g -O2 "${checks[@]}" ${REPLAY_OPTIONS:-})
    explored=("${plain[@]}")
    linked=("$compiler" "${checks[@]}" ${REPLAY_OPTIONS:-})
    ;;
  system)
    plain=("${CC:?}" ${CFLAGS:-} "${options[@]}")
    explored=("${plain[@]}")
    linked=("${CXX:?}" ${CXXFLAGS:-} ${LIB_FUZZING_ENGINE:?})
    ;;
esac

mkdir -p "$out"
objects=$(mktemp -d "$out/objects.XXXXXX")
trap 'rm -rf "$objects"' EXIT

# compile KIND FILE OBJECT [OPTION...]: KIND is one of the lists of options above.
compile() {
  local -n command=$1
  "${command[@]}" "${@:4}" "-DMEM_ALLOC_FAN_OUT=$fan_out" -c -o "$objects/$3" "$2"
}

# build_common: what all targets share, in $objects/common.
build_common() {
  local source
  mkdir -p "$objects/common"
  for source in "$root"/src/*.c; do
    compile explored "$source" "common/$(basename "$source" .c).o"
  done
  # No coverage of the model, where we have the choice: it is not what the fuzzer shall explore.
  compile plain "$root/tests/model/model.c" common/model.o
  if [ "$engine" = replay ]; then
    compile plain "$root/fuzz/replay_main.c" common/replay.o
  fi
}

# link_target T OUTPUT
link_target() {
  compile explored "$(target_source "$1")" "$1.o"
  "${linked[@]}" "${wrap[@]}" -o "$out/$2" "$objects/$1.o" "$objects"/common/*.o
}

# build_all SUFFIX: every target, as OUTDIR/T with this suffix.
build_all() {
  local name
  build_common
  for name in "${targets[@]}"; do
    link_target "$name" "$name$1"
  done
}

case $engine in
  replay) build_all _replay ;;
  afl)
    build_all ''
    export AFL_LLVM_CMPLOG=1
    build_all .cmplog
    ;;
  *) build_all '' ;;
esac
