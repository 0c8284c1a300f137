#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# cross_test.sh [--self-test]: the committed corpora on a big-endian processor (s390x) and on one of 32 bits
# (armhf), in qemu. Every input must replay as it does here, and every target must have some.
# --self-test does the same with a broken allocator and one target, and fails unless that is noticed on both.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$root
mapfile -t targets < <("$root/fuzz/build.sh" --list)
declare -A compilers=([s390x]=s390x-linux-gnu-gcc [arm]=arm-linux-gnueabihf-gcc)

for tool in "${compilers[@]}" qemu-s390x qemu-arm; do
  command -v "$tool" >/dev/null || {
    echo "FAIL: $tool is not there; ci/setup installs it" >&2
    exit 1
  }
done

# broken_tree: a copy of what is built, with one of the mutants.
broken_tree() {
  local mutant=$root/fuzz/mutants/wrong_alignment.sed file
  mkdir -p "$work/tree/tests" "$work/tree/proofs"
  cp -rL "$root/include" "$root/src" "$root/fuzz" "$work/tree/"
  cp -rL "$root/tests/model" "$work/tree/tests/"
  cp -L "$root"/proofs/*.h "$work/tree/proofs/"
  chmod -R u+w "$work/tree"
  file=$(sed -n 's/^# file: //p' "$mutant")
  sed -i -f "$mutant" "$work/tree/$file"
  ! cmp -s "$root/$file" "$work/tree/$file" || {
    echo "FAIL: $mutant changes nothing" >&2
    exit 1
  }
  tree=$work/tree
}

# replay PROCESSOR TARGET: fails for a finding, and if nothing was replayed; one line.
replay() {
  local code=0 inputs replayed start=$SECONDS
  inputs=$(find "$root/fuzz/corpus/$2/" -mindepth 1 | wc -l)
  "qemu-$1" "$work/$1/$2_replay" --list "$root/fuzz/corpus/$2" >"$work/log" 2>&1 || code=$?
  replayed=$(sed -n 's/.*\<\([0-9]\+\) inputs.*/\1/p' "$work/log" | tail -n 1)
  if [ "$code" != 0 ]; then
    tail -n 20 "$work/log" >&2
    echo "FAIL: $1, $2: exit code $code" >&2
    return 1
  fi
  if [ "$inputs" -eq 0 ] || [ "${replayed:-0}" != "$inputs" ]; then
    echo "FAIL: $1, $2: ${replayed:-no} of $inputs inputs replayed" >&2
    return 1
  fi
  echo "$1, $2: $replayed inputs, $((SECONDS - start)) s"
}

# all_of PROCESSOR: builds and replays the targets; prints the failures of all.
all_of() {
  local target only=all failures=0
  [ ${#targets[@]} -ne 1 ] || only=${targets[0]}
  # 64-bit file numbers: the files of this machine may have ones that 32 bits do not hold.
  GCC=${compilers[$1]} REPLAY_OPTIONS="-static -D_FILE_OFFSET_BITS=64" SOURCE_ROOT=$tree \
    "$root/fuzz/build.sh" --engine replay --target "$only" "$work/$1"
  for target in "${targets[@]}"; do
    replay "$1" "$target" || failures=$((failures + 1))
  done
  [ ${#targets[@]} -gt 0 ] && [ "$failures" -eq 0 ]
}

status=0
case ${1:-} in
  '')
    all_of s390x || status=1
    all_of arm || status=1
    ;;
  --self-test)
    broken_tree
    targets=(operations_fuzz)
    for processor in s390x arm; do
      if all_of "$processor" >"$work/all" 2>&1; then
        echo "FAIL: $processor: the broken allocator is not noticed" >&2
        status=1
      fi
      grep -q 'exit code 1$' "$work/all" || {
        cat "$work/all" >&2
        echo "FAIL: $processor: no finding in the broken allocator" >&2
        status=1
      }
    done
    ;;
  *)
    echo "usage: cross_test.sh [--self-test]" >&2
    exit 2
    ;;
esac
[ "$status" -ne 0 ] || echo "cross ${1:-}: PASS"
exit "$status"
