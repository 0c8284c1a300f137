#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# fixed_test.sh: every input in fuzz/fixed, which failed once, is fine now: as it is, and with AddressSanitizer and
# UndefinedBehaviorSanitizer. Those named planted_MUTANT must fail when the bug of that mutant is put back.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
inputs=0
planted=0

fail() {
  [ ! -f "$work/log" ] || cat "$work/log" >&2
  echo "FAIL: $1" >&2
  exit 1
}

# build TREE TARGET SANITIZER: its replay program, in $work/programs.
build() {
  SOURCE_ROOT=$1 "$fuzz/build.sh" --engine replay --sanitizer "$3" --target "$2" "$work/programs" >"$work/log" 2>&1 \
    || fail "$2 does not build"
}

for folder in "$fuzz/fixed"/*/; do
  target=$(basename "$folder")
  "$fuzz/build.sh" --list | grep -qx "$target" || fail "fuzz/fixed/$target: there is no such target"
  for sanitizer in none address; do
    build "$root" "$target" "$sanitizer"
    "$work/programs/${target}_replay" --list "$folder" >"$work/log" 2>&1 || fail "fuzz/fixed/$target, sanitizer $sanitizer"
  done
  inputs=$((inputs + $(find -L "$folder" -type f | wc -l)))
  for input in "$folder"planted_*; do
    [ -f "$input" ] || continue
    mutant=$fuzz/mutants/$(basename "$input" | sed 's/^planted_//').sed
    rm -rf "$work/tree"
    mkdir -p "$work/tree/tests" "$work/tree/proofs"
    cp -rL "$root/include" "$root/src" "$root/fuzz" "$work/tree/"
    cp -rL "$root/tests/model" "$work/tree/tests/"
    cp -L "$root"/proofs/*.h "$work/tree/proofs/"
    chmod -R u+w "$work/tree"
    sed -i -f "$mutant" "$work/tree/$(sed -n 's/^# file: //p' "$mutant")"
    build "$work/tree" "$target" none
    code=0
    "$work/programs/${target}_replay" --list "$input" >"$work/log" 2>&1 || code=$?
    [ "$code" = 1 ] || fail "$input does not fail with the bug that it is named after"
    planted=$((planted + 1))
  done
done
[ "$inputs" -gt 0 ] && [ "$planted" -gt 0 ] || fail "$inputs inputs, $planted of them for planted bugs"
echo "$inputs inputs that failed once are fine; $planted planted bugs are noticed"
