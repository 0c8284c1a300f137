#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Does the harness bite? Breaks a copy of the allocator in one place at a
# time (mutants/*.sed), fuzzes each from nothing, and fails if one is not
# found in time. The allocator as it is must pass, or the test proves nothing.
#
# mutants_test.sh [NAME...]: only these mutants (default: all)
#
# What is wrong with constraints is looked for by constraints_fuzz, all else by malloc_failures_fuzz.
#
# From the environment: SECONDS_EACH, the time one mutant has (default 30).
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
limit=${SECONDS_EACH:-30}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What the harness or a sanitizer says of a finding.
finding='^mem_alloc_fuzz: operation |^model: out of memory|(Address|Leak)Sanitizer: |runtime error:|libFuzzer: timeout'
failures=0

# The tree as it is, once: later changes of it must not come between the mutants.
original=$work/original
mkdir -p "$original/tests" "$original/proofs"
cp -rL "$root/include" "$root/src" "$root/fuzz" "$original/"
cp -rL "$root/tests/model" "$original/tests/"
cp -L "$root"/proofs/*.h "$original/proofs/"
chmod -R u+w "$original"

# fresh_copy: a copy of it to break, at $work/tree.
fresh_copy()
{
  rm -rf "$work/tree"
  cp -r "$original" "$work/tree"
}

# break_it SED: one edit of the copy; fails if it does not change exactly one line.
break_it()
{
  local file changed
  file=$(sed -n 's/^# file: //p' "$1")
  sed -i.orig -f "$1" "$work/tree/$file"
  changed=$(diff "$work/tree/$file.orig" "$work/tree/$file" | grep -c '^>' || true)
  rm -f "$work/tree/$file.orig"
  if [ "$changed" != 1 ]; then
    echo "FAIL: $(basename "$1") changes $changed lines of $file, not one" >&2
    return 1
  fi
}

# target_of SED: which target looks for this mutant.
target_of()
{
  case $(sed -n 's/^# file: //p' "$1") in
    src/constraint.c) echo constraints_fuzz ;;
    *) echo malloc_failures_fuzz ;;
  esac
}

# fuzz SECONDS TARGET: fuzzes the copy from nothing. Result: $verdict, $milliseconds, $executions.
fuzz()
{
  local start code=0
  SOURCE_ROOT=$work/tree "$original/fuzz/build.sh" --target "$2" "$work/out" >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    verdict="does not compile"
    return
  }
  mkdir -p "$work/found"
  start=$(date +%s%N)
  "$work/out/$2" -max_total_time="$1" -max_len=100 -timeout=10 -seed=1 -print_final_stats=1 \
    -dict="$original/fuzz/targets/mem_alloc.dict" -artifact_prefix="$work/found/" >"$work/fuzz.log" 2>&1 || code=$?
  milliseconds=$(( ($(date +%s%N) - start) / 1000000 ))
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/fuzz.log")
  if [ "$code" = 0 ]; then
    verdict="no finding"
  elif grep -Eq "$finding" "$work/fuzz.log"; then
    verdict="found"
  else
    tail -20 "$work/fuzz.log" >&2
    verdict="broken fuzzer, exit code $code"
  fi
}

# report NAME EXPECTED
report()
{
  local said
  said=$(grep -Em1 "$finding" "$work/fuzz.log" | cut -c1-90 || true)
  printf '%-32s %-12s %3d.%03d s %9s inputs  %s\n' "$1" "$verdict" $((milliseconds / 1000)) \
    $((milliseconds % 1000)) "${executions:-?}" "$said"
  if [ "$verdict" != "$2" ]; then
    echo "FAIL: $1: $verdict, expected: $2" >&2
    failures=$((failures + 1))
  fi
}

if [ $# -eq 0 ]; then
  mapfile -t names < <(find "$fuzz/mutants/" -name '*.sed' -printf '%f\n' | sed 's/[.]sed$//' | sort)
  if [ ${#names[@]} -lt 5 ]; then
    echo "FAIL: fewer than five mutants" >&2
    exit 1
  fi
else
  names=("$@")
fi

milliseconds=0 executions=0
fresh_copy
fuzz 10 malloc_failures_fuzz
report "(unmodified)" "no finding"
if [ "${executions:-0}" -lt 1000 ]; then
  echo "FAIL: the unmodified allocator was run on ${executions:-no} inputs only" >&2
  failures=$((failures + 1))
fi

for name in "${names[@]}"; do
  fresh_copy
  if break_it "$fuzz/mutants/$name.sed"; then
    milliseconds=0 executions=0
    : >"$work/fuzz.log"
    fuzz "$limit" "$(target_of "$fuzz/mutants/$name.sed")"
    report "$name" "found"
  else
    failures=$((failures + 1))
  fi
done

echo "$failures failures"
[ "$failures" = 0 ]
