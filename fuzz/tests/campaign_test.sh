#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# campaign_test.sh libfuzzer|afl: is ci/fuzz to be trusted with this engine? It must find a bug that is put
# into a copy of the allocator, keep the input and repeat it; end well when it is killed, and go on from what
# it had; and refuse what it cannot do.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
engine=$1
target=operations_fuzz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAIL: $1" >&2
  [ ! -f "$work/log" ] || tail -n 30 "$work/log" >&2
  exit 1
}

# expect CODE ARGUMENTS...: runs ci/fuzz of the copy; its output is in $work/log.
expect() {
  local code=0
  "$work/tree/ci/fuzz" --engine "$engine" --target "$target" --sanitizer none "${@:2}" >"$work/log" 2>&1 || code=$?
  [ "$code" = "$1" ] || fail "ci/fuzz ${*:2}: exit code $code, not $1"
}

count() {
  find "$1" -type f 2>/dev/null | wc -l
}

mkdir -p "$work/tree/tests" "$work/tree/proofs"
cp -rL "$root/include" "$root/src" "$root/fuzz" "$root/ci" "$work/tree/"
cp -rL "$root/tests/model" "$work/tree/tests/"
cp -L "$root"/proofs/*.h "$work/tree/proofs/"
chmod -R u+w "$work/tree"
committed=$(count "$work/tree/fuzz/corpus")

# Killed in the middle: it ends in good time, with a summary, and keeps what it learnt.
campaign=$work/tree/fuzz-campaign/$target
"$work/tree/ci/fuzz" --engine "$engine" --target "$target" --sanitizer none --seconds 600 >"$work/log" 2>&1 &
killed=$!
for _ in $(seq 240); do
  sleep 1
  # Not before it has learnt something. AFL++ shows its first figures late.
  [ "$(count "$campaign/corpus")" -lt 3 ] || ! grep -q 'exec/s' "$work/log" || break
done
kill -TERM "$killed"
code=0
wait "$killed" || code=$?
[ "$code" = 0 ] || fail "killed: exit code $code, not 0"
grep -q '^fuzz: PASS, .*interrupted$' "$work/log" || fail "killed: no summary"
grep -Eq "^$target +[0-9.]+ +[1-9]" "$work/log" || fail "killed: no table, or nothing was run"
learnt=$(count "$campaign/corpus")
[ "$learnt" -ge 3 ] || fail "killed: the corpus is gone"
if pgrep -f "$work" >/dev/null; then
  fail "killed: processes are left"
fi

# It goes on from there: it loads at least as many inputs as both corpora have that differ in effect.
expect 0 --seconds 4 --json "$work/figures"
grep -q '^fuzz: PASS, ' "$work/log" || fail "no verdict"
grep -q '"execs": [1-9]' "$work/figures" || fail "nothing in the figures"
[ "$(count "$campaign/corpus")" -ge 3 ] || fail "the corpus is gone"
[ "$(count "$work/tree/fuzz/corpus")" = "$committed" ] || fail "the committed corpus was changed"

# Short inputs only, if asked: without that, 6 seconds from nothing bring longer ones.
expect 0 --seconds 6 --max-len 12 --corpus "$work/short"
[ "$(count "$work/short/$target/corpus")" -ge 3 ] || fail "--max-len: nothing was learnt"
long=$(find "$work/short/$target/corpus" -type f -size +12c | wc -l)
[ "$long" = 0 ] || fail "--max-len: $long inputs are longer"

# A bug, and from nothing: no committed input points at it.
mv "$work/tree/fuzz/corpus" "$work/tree/fuzz/corpus.away"
mutant=$fuzz/mutants/storage_leak.sed
file=$work/tree/$(sed -n 's/^# file: //p' "$mutant")
cp "$file" "$work/sound.c"
sed -i -f "$mutant" "$file"
cmp -s "$file" "$work/sound.c" && fail "the mutant changes nothing"
expect 1 --seconds 60 --corpus "$work/found" --json "$work/figures"
grep -q '^fuzz: FAIL, [1-9]' "$work/log" || fail "no verdict on the bug"
input=$(find "$work/found/$target/findings" -type f | head -n 1)
[ -n "$input" ] || fail "the input was not kept"
grep -q "fuzz/replay --target $target $work/found/$target/findings/" "$work/log" || fail "not said how to repeat it"
grep -q "findings/$(basename "$input")" "$work/figures" || fail "the finding is not in the figures"

# The input shows the bug without the engine, and nothing without the bug.
replay() {
  "$work/tree/fuzz/build.sh" --engine replay --target "$target" "$work/$1" >"$work/log" 2>&1 || fail "replay: build"
  "$work/$1/${target}_replay" "$input" >"$work/log" 2>&1
}
! replay broken || fail "the input does not repeat the bug"
cp "$work/sound.c" "$file"
replay sound || fail "the input fails without the bug"

# A committed input that shows the bug is found at once, too. AFL++ by itself would pass over it.
mv "$work/tree/fuzz/corpus.away" "$work/tree/fuzz/corpus"
if [ "$engine" = afl ]; then
  cp "$input" "$work/tree/fuzz/corpus/$target/known"
  sed -i -f "$mutant" "$file"
  expect 1 --seconds 20 --corpus "$work/known"
  cp "$work/sound.c" "$file"
fi

# What cannot be done.
expect 2 --seconds none
expect 2 --sanitizer thread
expect 2 --target no_such_target
echo "#error this does not compile" >>"$file"
expect 3 --seconds 5 --corpus "$work/unbuilt"
grep -q 'this does not compile' "$work/log" || fail "not said why it did not build"
echo "ci/fuzz --engine $engine: PASS"
