#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# planted_test.sh [NAME...]: bugs that each change one thing that somebody can see (planted/NAME.sed; default: all).
# The input beside it must show it: to the harness, and to the C program that replay --c makes of it, compiled by
# gcc and by clang. With the allocator as it is, both must find nothing. One in four, and those that are named, are
# tried with AddressSanitizer, too.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAIL: $*" >&2
  failures=$((failures + 1))
}

# build_library TREE NAME COMPILER OPTION...: the allocator's object files, in $work/NAME.
build_library() {
  mkdir "$work/$2"
  (cd "$work/$2" && "$3" -DMEM_ALLOC_FAN_OUT=4 "${@:4}" -I"$1/include" -c "$1"/src/*.c)
}

# try_program NAME WHAT COMPILER OPTION...: the program must fail with the broken allocator and pass with the good one.
try_program() {
  local code=0
  [ -d "$work/good-$2" ] || build_library "$root" "good-$2" "${@:3}"
  build_library "$work/tree" "$1-$2" "${@:3}"
  if ! "$3" -Wall -Wextra -Werror -DMEM_ALLOC_FAN_OUT=4 "${@:4}" -I"$root/include" "$work/program.c" "$work/$1-$2"/*.o \
    -o "$work/broken" || ! "$3" -DMEM_ALLOC_FAN_OUT=4 "${@:4}" -I"$root/include" "$work/program.c" \
    "$work/good-$2"/*.o -o "$work/good"; then
    fail "$1: the program does not compile with $2"
    return
  fi
  "$work/broken" >"$work/said" 2>&1 || code=$?
  [ "$code" != 0 ] || fail "$1, $2: the program passes with the broken allocator"
  "$work/good" >"$work/said-good" 2>&1 || fail "$1, $2: the program fails with the good allocator: $(tail -n 3 "$work/said-good")"
}

if [ $# -gt 0 ]; then
  names=("$@")
else
  mapfile -t names < <(find "$fuzz/planted/" -name '*.sed' -printf '%f\n' | sed 's/[.]sed$//' | sort)
fi
[ ${#names[@]} -gt 0 ] || fail "no planted bugs"
mkdir -p "$work/copy/tests" "$work/copy/proofs"
cp -rL "$root/include" "$root/src" "$root/fuzz" "$work/copy/"
cp -rL "$root/tests/model" "$work/copy/tests/"
cp -L "$root"/proofs/*.h "$work/copy/proofs/"
chmod -R u+w "$work/copy"
"$fuzz/build.sh" --engine replay "$work/replays"

number=0
for name in "${names[@]}"; do
  script=$fuzz/planted/$name.sed
  input=$fuzz/planted/$name.input
  file=$(sed -n 's/^# file: //p' "$script")
  target=$(sed -n 's/^# target: //p' "$script")
  rm -rf "$work/tree"
  cp -r "$work/copy" "$work/tree"
  sed -i -f "$script" "$work/tree/$file"
  ! cmp -s "$root/$file" "$work/tree/$file" || fail "$name changes nothing"
  SOURCE_ROOT=$work/tree "$fuzz/build.sh" --engine replay --target "$target" "$work/out"
  if "$work/out/${target}_replay" --list "$input" >"$work/found" 2>&1; then
    fail "$name is not found"
    continue
  fi
  "$work/replays/${target}_replay" --list "$input" >"$work/sound" 2>&1 || fail "$name: a finding without the bug"
  "$work/out/${target}_replay" --c "$input" >"$work/program.c"
  try_program "$name" gcc "${GCC:-gcc}"
  try_program "$name" clang "${CLANG:-clang-19}"
  if [ $((number % 4)) = 0 ] || [ $# -gt 0 ]; then
    try_program "$name" gcc-asan "${GCC:-gcc}" -fsanitize=address,undefined
    try_program "$name" clang-asan "${CLANG:-clang-19}" -fsanitize=address,undefined
  fi
  echo "$name ($target): $(head -n 1 "$work/found" | sed 's/.*[.]input: //'); the program: $(head -n 1 "$work/said")"
  number=$((number + 1))
done
echo "$number planted bugs, $failures failures"
[ "$failures" = 0 ]
