#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# replay_test.sh: is fuzz/replay to be trusted? On the allocator as it is nothing may be found. On copies of it
# that mutants/*.sed breaks, the inputs in testdata/TARGET/MUTANT must be: told, made smaller, and turned into a
# C program that fails with the broken allocator and passes with the good one.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REPLAY_CACHE=$work/cache
most_operations=8 # that a minimized input may have
checks=0

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# Sanitizers take long to build, and are looked at once, at the end.
replay() { "$fuzz/replay" --sanitizer none "$@"; }

# expect CODE COMMAND...: the command ends with this exit code; its output is in $work/out.
expect() {
  local code=0
  "${@:2}" >"$work/out" 2>&1 || code=$?
  if [ "$code" != "$1" ]; then
    cat "$work/out" >&2
    fail "exit code $code instead of $1: ${*:2}"
  fi
  checks=$((checks + 1))
}

# says PATTERN: the output of the last command has this line.
says() {
  grep -Eq -- "$1" "$work/out" || {
    cat "$work/out" >&2
    fail "the output does not say: $1"
  }
}

# c_program ARGUMENT...: what replay --c prints, to $work/program.c.
c_program() {
  replay --c "$@" >"$work/program.c" 2>"$work/out" || {
    cat "$work/out" >&2
    fail "replay --c $*"
  }
  checks=$((checks + 1))
}

# compile TREE PROGRAM: program.c with the allocator of this tree, as it is told to; the allocator only once.
compile() {
  local library=$1.library define
  define=$(grep -o -m 1 -- '-DMEM_ALLOC_FAN_OUT=[0-9]*' "$work/program.c")
  [ "$1" != "$root" ] || library=$work/good.library
  if [ ! -d "$library" ]; then
    mkdir "$library"
    (cd "$library" && gcc "$define" -I"$1/include" -c "$1"/src/*.c)
  fi
  gcc -Wall -Wextra -Werror "$define" -I"$1/include" "$work/program.c" "$library"/*.o -o "$2"
}

# broken_tree SED: a copy of the tree, broken, at $work/tree.
broken_tree() {
  local file
  rm -rf "$work/tree" "$work/tree.library"
  mkdir -p "$work/tree/tests" "$work/tree/proofs"
  cp -rL "$root/include" "$root/src" "$root/fuzz" "$work/tree/"
  cp -rL "$root/tests/model" "$work/tree/tests/"
  cp -L "$root"/proofs/*.h "$work/tree/proofs/"
  chmod -R u+w "$work/tree"
  file=$(sed -n 's/^# file: //p' "$1")
  sed -i -f "$1" "$work/tree/$file"
  ! cmp -s "$root/$file" "$work/tree/$file" || fail "$1 changes nothing"
}

# usage errors, and things that cannot be read
"$fuzz/tools/make_seeds.py" "$work/corpus" "$work/dictionary"
one=$(find "$work/corpus/operations_fuzz" -type f -size +20c | sort | head -n 1)
: >"$work/empty"
mkdir "$work/nothing"
expect 2 replay
says '^usage: fuzz/replay '
expect 2 replay --target no_such_fuzz "$one"
says 'no target no_such_fuzz'
expect 2 replay "$work/empty"
says 'give --target'
expect 2 replay --target operations_fuzz "$work/missing"
says 'cannot be read'
expect 2 replay --target operations_fuzz "$work/nothing"
says 'no input was run'
expect 2 replay --target operations_fuzz --story "$one" "$one"
expect 2 replay --minimize "$work/min" "$one"
says 'nothing to minimize'
[ ! -e "$work/min" ] || fail "--minimize wrote something although the input is fine"

# the allocator as it is
expect 0 replay "$work/corpus/operations_fuzz"
says "^operations_fuzz: $(find "$work/corpus/operations_fuzz" -type f | wc -l) inputs, 0 findings"
expect 0 replay --target operations_fuzz "$work/empty"
expect 0 replay "$one"
says '^  operation 1: '
says ' -> .*, expected '
says 'All as expected'
# Every hand-made input as a program: with malloc failures, and with static storage.
for target in malloc_failures_fuzz static_storage_fuzz; do
  for input in "$work/corpus/$target"/*; do
    c_program "$input"
    compile "$root" "$work/program"
    expect 0 "$work/program"
    says 'all answers are right'
  done
done

# broken allocators
found=0
for input in "$fuzz"/testdata/*/*; do
  mutant=$(basename "$input")
  target=$(basename "$(dirname "$input")")
  broken_tree "$fuzz/mutants/$mutant.sed"
  export SOURCE_ROOT=$work/tree
  expect 1 replay --list "$input" "$one" --target "$target"
  says "^$target: 2 inputs, [12] findings?"
  says "^$input: "
  expect 1 replay "$input"
  says '^FINDING: '
  cp "$work/out" "$work/story"
  expect 0 replay --minimize "$work/$target-$mutant" "$input"
  says '^minimize: [0-9]+ operations left, [0-9]+ candidates tried'
  says '^To look at it: fuzz/replay --target '
  expect 1 replay --target "$target" --story "$work/$target-$mutant"
  operations=$(grep -c '^  operation ' "$work/out")
  [ "$operations" -le "$most_operations" ] || fail "$mutant: $operations operations are left"
  # The same kind of failure as before: the finding without its numbers.
  kind() { grep '^FINDING: ' "$1" | sed 's/0x[0-9a-f]*//g; s/[0-9]//g; s/FREE\|ALLOCATED//g'; }
  [ "$(kind "$work/out" | cut -c 1-20)" = "$(kind "$work/story" | cut -c 1-20)" ] || fail "$mutant: another failure"
  c_program --target "$target" "$work/$target-$mutant"
  unset SOURCE_ROOT
  compile "$root" "$work/program"
  expect 0 "$work/program"
  compile "$work/tree" "$work/program"
  code=0
  "$work/program" >"$work/out" 2>&1 || code=$?
  [ "$code" != 0 ] || fail "$mutant: the program passes with the broken allocator"
  echo "$target $mutant: $(grep -c '^  operation ' "$work/story") operations, $operations when minimized;" \
    "$(head -n 1 "$work/out")"
  found=$((found + 1))
done
[ "$found" -ge 2 ] || fail "only $found broken allocators were looked at"
echo "$checks checks, $found broken allocators"
