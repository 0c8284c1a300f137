#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# services_test.sh: builds for the fuzzing services as they do, with the variables that they set, and runs what
# comes out: every target must run from its seed corpus with its dictionary. Checks the services' files, too.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
ln -s "$root" "$work/src/mem_alloc"

fail() {
  echo "FAIL: $1" >&2
  [ ! -f "$work/log" ] || tail -n 30 "$work/log" >&2
  exit 1
}

# service ENGINE SANITIZER LIB_FUZZING_ENGINE CC CXX OPTIONS: what OSS-Fuzz sets; result in $work/out.
service() {
  rm -rf "$work/out"
  mkdir "$work/out"
  local options="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION $6"
  env SRC="$work/src" OUT="$work/out" FUZZING_ENGINE="$1" SANITIZER="$2" LIB_FUZZING_ENGINE="$3" CC="$4" \
    CXX="$5" CFLAGS="$options" CXXFLAGS="$options" AFL_QUIET=1 "$root/oss-fuzz/build.sh" >"$work/log" 2>&1 \
    || fail "$1, $2: oss-fuzz/build.sh"
  left=$(find "$work/out" -mindepth 1 -type d -o -name '*.o')
  [ -z "$left" ] || fail "$1, $2: $left is left in OUT"
}

# seeds T: unpacks its seed corpus to $work/seeds; $least is how many runs show that more than these were run.
seeds() {
  rm -rf "$work/seeds"
  /usr/bin/python3 -m zipfile -e "$work/out/$1_seed_corpus.zip" "$work/seeds" || fail "$1: no seed corpus"
  least=$(($(find "$work/seeds" -type f | wc -l) + 1))
  [ "$least" -gt 3 ] || fail "$1: hardly any seeds"
}

run_libfuzzer() {
  local runs
  seeds "$1"
  mkdir "$work/new"
  "$work/out/$1" -max_total_time=1 -max_len=512 -print_final_stats=1 -artifact_prefix="$work/" -dict="$work/out/$1.dict" \
    "$work/new" "$work/seeds" >"$work/log" 2>&1 || fail "$1 does not run"
  rm -rf "$work/new"
  grep -q "Dictionary: [1-9]" "$work/log" || fail "$1: no dictionary"
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
  [ "${runs:-0}" -ge "$least" ] || fail "$1: ${runs:-no} runs"
}

run_afl() {
  local runs
  seeds "$1"
  AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1 \
    ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0 afl-fuzz -i "$work/seeds" -o "$work/afl" -m none \
    -V 2 -t 2000 -x "$work/out/$1.dict" -- "$work/out/$1" >"$work/log" 2>&1 || fail "$1 does not run"
  runs=$(sed -n 's/^execs_done *: //p' "$work/afl/default/fuzzer_stats")
  rm -rf "$work/afl"
  [ "${runs:-0}" -ge "$least" ] || fail "$1: ${runs:-no} runs"
}

run_all() {
  local target count=0
  for target in $("$fuzz/build.sh" --list); do
    "$1" "$target"
    [ -s "$work/out/$target.options" ] || fail "$target: no options"
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || fail "no targets"
  echo "$2: $count targets"
}

"$fuzz/services/check.py" --self-test "$root"

service libfuzzer address -fsanitize=fuzzer clang-19 clang++-19 \
  "-fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link"
grep -q __asan_report "$work/out/operations_fuzz" || fail "CFLAGS were not respected"
run_all run_libfuzzer "libfuzzer, address"

service libfuzzer undefined -fsanitize=fuzzer clang-19 clang++-19 \
  "-fsanitize=undefined -fno-sanitize-recover=undefined -fsanitize=fuzzer-no-link"
! grep -q __asan_report "$work/out/operations_fuzz" || fail "a sanitizer that was not asked for"
run_all run_libfuzzer "libfuzzer, undefined"

service afl address /usr/lib/afl/libAFLDriver.a afl-clang-fast afl-clang-fast++ -fsanitize=address
run_all run_afl "afl, address"
