#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# build.sh [--engine E] [--sanitizer S] [--target T|all] OUTDIR: builds the fuzzing targets.
#
#   --engine libfuzzer  OUTDIR/T for libFuzzer, with clang-19 (the default)
#            afl        OUTDIR/T for AFL++ (persistent mode, input in shared memory), OUTDIR/T.cmplog for its
#                       option -c, OUTDIR/T.mutator.so, its custom mutator; with afl-clang-fast
#            replay     OUTDIR/T_replay: takes files, needs no engine; with gcc
#            system     OUTDIR/T with the compilers, options and engine of a fuzzing service, which are in CC,
#                       CFLAGS, CXX, CXXFLAGS and LIB_FUZZING_ENGINE; no option of ours that could be in its way
#   --sanitizer address    AddressSanitizer and UndefinedBehaviorSanitizer (the default of libfuzzer)
#               undefined  UndefinedBehaviorSanitizer alone
#               memory     MemorySanitizer (libfuzzer and replay with clang only)
#               none       none, for speed (the default of afl and replay)
#   --list      prints the names of the targets, and builds nothing
#
# sources.txt says which files make up a target.
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

# files_of NAME: the files of a line of sources.txt.
files_of() {
  # shellcheck disable=SC2046 # one file a word; src/*.c is a pattern
  (cd "$root" && printf '%s\n' $(sed -n "s/^$1: *//p" fuzz/sources.txt))
}

mapfile -t all_targets < <(sed -n 's/^\([a-z0-9_]*_fuzz\):.*/\1/p' "$root/fuzz/sources.txt")

usage() {
  sed -n 's/^# \(build.sh .*\): .*/usage: \1/p' "$0" >&2
  [ $# -eq 0 ] || echo "build.sh: $1" >&2
  exit 2
}

engine=libfuzzer
sanitizer=
target=all
out=
while [ $# -gt 0 ]; do
  case $1 in
    --help)
      sed -n '/^# build.sh /,/^set -/{s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
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
options=(-std=c11 "-I$root/include" "-I$root/src" "-I$root")
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

# What is not explored needs no sanitizer either: its errors are not the allocator's, and it would take most of the
# time. MemorySanitizer must see all, and the replayer is the program that shows errors of the harness.
unchecked=("${checks[@]}")
[ "$engine" = replay ] || [ "$sanitizer" = memory ] || unchecked=()

# without_instrumentation OPTION...: the options of a service without those for coverage, and for sanitizers other
# than MemorySanitizer.
without_instrumentation() {
  local option
  for option in "$@"; do
    case $option in
      -fsanitize=*memory*) echo "${option/,fuzzer-no-link/}" ;;
      -fsanitize-memory-*) echo "$option" ;;
      -fsanitize=* | -fsanitize-*) ;;
      *) echo "$option" ;;
    esac
  done
}

# explored: how to compile what the fuzzer shall explore. plain: how to compile the rest. linked: how to link.
# shellcheck disable=SC2034,SC2206 # compile names them; the lists of a fuzzing service are split at blanks
case $engine in
  libfuzzer)
    compiler=${CLANG:-clang-19}
    plain=("$compiler" "${options[@]}" "${warnings[@]}" -g -O2 "${unchecked[@]}")
    explored=("$compiler" "${options[@]}" "${warnings[@]}" -g -O2 "${checks[@]}" -fsanitize=fuzzer-no-link
      $no_comparisons)
    linked=("$compiler" "${checks[@]}" -fsanitize=fuzzer)
    ;;
  afl)
    compiler=${AFL_CLANG:-afl-clang-fast}
    clang14=clang-14 # the one that AFL++ of Debian 12 is made for
    plain=("$clang14" "${options[@]}" "${warnings[@]}" -g -O2 "${unchecked[@]}")
    explored=("$compiler" "${options[@]}" "${warnings[@]}" -g -O2 "${checks[@]}")
    library=("$clang14" "${options[@]}" "${warnings[@]}" -g -O2 -fPIC)
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
    explored=("${CC:?}" ${CFLAGS:-} "${options[@]}")
    plain=("$CC" $(without_instrumentation ${CFLAGS:-}) "${options[@]}")
    linked=("${CXX:?}" ${CXXFLAGS:-} ${LIB_FUZZING_ENGINE:?})
    ;;
esac

# With MemorySanitizer, also in a fuzzing service's options: see engines/msan_mutate.c.
memory_sanitizer=no
if [[ "${checks[*]} ${CFLAGS:-}" == *-fsanitize=memory* ]] && [ "$engine" != replay ]; then
  memory_sanitizer=yes
  wrap+=("-Wl,--wrap=LLVMFuzzerMutate")
fi

# Nothing is in OUTDIR before all is built, and what is built gets there at once.
objects=$(mktemp -d)
built=$objects/out
mkdir "$built"
unfinished=
# Compilers that still run would write into what is removed.
clean_up() {
  jobs -rp | xargs -r kill 2>/dev/null || true
  wait
  rm -rf "$objects" ${unfinished:+"$unfinished"}
}
trap clean_up EXIT

# in_background COMMAND...: as many at a time as there are processors; settle waits for all, and fails if one did.
processors=$(nproc)
running=()
in_background() {
  while [ "$(jobs -rp | wc -l)" -ge "$processors" ]; do
    wait -n || exit 1
  done
  "$@" &
  running+=($!)
}
settle() {
  local process
  for process in "${running[@]}"; do
    wait "$process" || exit 1
  done
  running=()
}

# compile_files KIND FOLDER FILE...: KIND is one of the lists of options above; objects go to $objects/FOLDER.
compile_files() {
  local -n command=$1
  local file
  mkdir -p "$objects/$2"
  for file in "${@:3}"; do
    in_background "${command[@]}" "-DMEM_ALLOC_FAN_OUT=$fan_out" -c -o "$objects/$2/$(basename "$file" .c).o" "$root/$file"
  done
}

# compile_each FOLDER FILE...: as what the fuzzer shall explore, or as the rest, which is neither that nor in danger.
compile_each() {
  local file
  for file in "${@:2}"; do
    case $file in
      src/* | fuzz/harness/implementation.c | fuzz/harness/fan_out_*) compile_files explored "$1" "$file" ;;
      *) compile_files plain "$1" "$file" ;;
    esac
  done
}

# embed NAME FILE: the text of a file as a string of C, without includes of other files of ours.
embed() {
  printf 'extern const char %s[];\nconst char %s[] =\n' "$1" "$1"
  sed '/^#include "\(tests\|fuzz\)\//d; s/\\/\\\\/g; s/"/\\"/g; s/^/  "/; s/$/\\n"/' "$root/$2"
  printf '  ;\n'
}

# compile_every: what all targets share, in $objects/every.
compile_every() {
  # shellcheck disable=SC2046 # one file a word
  compile_each every $(files_of every)
  if [ $memory_sanitizer = yes ]; then
    compile_files plain every fuzz/engines/msan_mutate.c
  fi
  if [ "$engine" = replay ]; then
    # shellcheck disable=SC2046 # one file a word
    compile_files plain every $(files_of replay)
    {
      embed validity_header tests/model/validity.h
      embed validity_text tests/model/validity.c
      embed checks_text fuzz/harness/checks.h
    } >"$objects/texts.c"
    in_background "${plain[@]}" -c -o "$objects/every/texts.o" "$objects/texts.c"
  fi
}

# build_all SUFFIX: every target, as OUTDIR/T with this suffix.
build_all() {
  local name
  compile_every
  for name in "${targets[@]}"; do
    # shellcheck disable=SC2046 # one file a word
    compile_each "$name" $(files_of "$name")
  done
  settle
  for name in "${targets[@]}"; do
    in_background "${linked[@]}" "${wrap[@]}" -o "$built/$name$1" "$objects/$name"/*.o "$objects"/every/*.o
  done
  settle
}

# build_mutators: for every target, its custom mutator as a library that AFL++ loads.
build_mutators() {
  local name
  # shellcheck disable=SC2046 # one file a word
  compile_files library mutator $(files_of afl_mutator)
  for name in "${targets[@]}"; do
    compile_files library "mutator-$name" "fuzz/targets/$name.c"
  done
  settle
  for name in "${targets[@]}"; do
    # The mutator reads the numbers of the profile; the allocators that it names stay behind.
    objcopy --weaken "$objects/mutator-$name"/*.o
    "${library[@]}" -shared -o "$built/$name.mutator.so" "$objects"/mutator/*.o "$objects/mutator-$name"/*.o
  done
}

case $engine in
  replay) build_all _replay ;;
  afl)
    build_all ''
    AFL_LLVM_CMPLOG=1 build_all .cmplog
    build_mutators
    ;;
  *) build_all '' ;;
esac

mkdir -p "$out"
for program in "$built"/*; do
  name=$(basename "$program")
  unfinished=$out/.$name.new
  cp "$program" "$unfinished"
  mv -f "$unfinished" "$out/$name"
done
