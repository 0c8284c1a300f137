#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# campaign_test.sh libfuzzer|afl: is ci/fuzz to be trusted with this engine? It must find a bug that is put into a
# copy of the allocator, keep the input and repeat it; fail again while the bug is there, in a shorter campaign,
# too, and say that it is mended when it is; end well when it is killed, and go on from what it had; take no crash
# of an engine for a good end; share its folder with no other; and refuse what it cannot do.
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

# The folder belongs to one campaign at a time. An engine that is killed is no good end.
"$work/tree/ci/fuzz" --engine "$engine" --target "$target" --sanitizer none --seconds 600 --corpus "$work/shared" \
  >"$work/first" 2>&1 &
first=$!
for _ in $(seq 240); do
  sleep 0.5
  ! grep -q 'exec/s' "$work/first" || break
done
expect 3 --seconds 5 --corpus "$work/shared"
grep -q "in use by process $first since" "$work/log" || fail "not said who has the folder"
# Its only children are the engine's processes now.
# shellcheck disable=SC2046 # one process a word
kill -KILL $(pgrep -P "$first")
code=0
wait "$first" || code=$?
cp "$work/first" "$work/log"
[ "$code" = 3 ] || fail "the engine was killed: exit code $code, not 3"
grep -q SIGKILL "$work/log" || fail "not said that the engine was killed"

# A bug, and from nothing: no committed input points at it.
mv "$work/tree/fuzz/corpus" "$work/tree/fuzz/corpus.away"
mv "$work/tree/fuzz/fixed" "$work/tree/fuzz/fixed.away"
expect 3 --seconds 5 --corpus "$work/found"
grep -q 'no committed inputs' "$work/log" || fail "no word of the missing corpus"
mutant=$fuzz/mutants/storage_leak.sed
file=$work/tree/$(sed -n 's/^# file: //p' "$mutant")
cp "$file" "$work/sound.c"
sed -i -f "$mutant" "$file"
cmp -s "$file" "$work/sound.c" && fail "the mutant changes nothing"
expect 1 --from-nothing --seconds 60 --corpus "$work/found" --json "$work/figures"
grep -q '^fuzz: FAIL, 1 kinds of findings, 0 of them known before' "$work/log" || fail "no verdict on the bug"
# One of those of its kind was minimised.
finding=$(dirname "$(find "$work/found/$target/findings" -name minimized | head -n 1)")
[ -d "$finding" ] || fail "the finding was not kept, or not minimised"
for name in input minimized about.json report.log engine.log story.txt program.c; do
  [ -s "$finding/$name" ] || fail "the finding has no $name"
done
grep -q 'never freed' "$finding/report.log" || fail "what was said is not kept"
grep -q "fuzz/replay --target $target $finding/minimized" "$work/log" || fail "not said how to repeat it"
grep -q "findings/$(basename "$finding")" "$work/figures" || fail "the finding is not in the figures"
for name in index.html junit.xml findings.sarif figures.json; do
  grep -q 'never freed' "$work/found/report/$name" || fail "the finding is not in $name"
done

# A second campaign, shorter, in the same folder: the bug is still there, and so the campaign fails.
expect 1 --from-nothing --seconds 1 --corpus "$work/found"
grep -q 'still fails: .*never freed' "$work/log" || fail "the second campaign does not say that it still fails"
grep -q '^fuzz: FAIL, 1 kinds of findings, 1 of them known before' "$work/log" || fail "no verdict on the known bug"

# Taken out again: the third says so, and passes; and so does a fourth, which has nothing to say of it.
cp "$finding/input" "$work/input"
cp "$work/sound.c" "$file"
expect 0 --from-nothing --seconds 4 --corpus "$work/found"
grep -q "$(basename "$finding") is mended" "$work/log" || fail "the third campaign does not say that it is mended"
[ -s "$work/found/$target/mended/$(basename "$finding")/input" ] || fail "the mended finding is not kept"
grep -q 'is mended' <(sed 's/Mended since/is mended/' "$work/found/report/index.html") || fail "the page does not say it"
expect 0 --from-nothing --seconds 4 --corpus "$work/found"
! grep -q 'is mended' "$work/log" || fail "the fourth campaign says again that it is mended"
[ "$(wc -l <"$work/found/history.jsonl")" = 4 ] || fail "the figures of the four campaigns were not kept"

# Back once more: the mended finding is noticed, whatever the engine does in a second.
sed -i -f "$mutant" "$file"
expect 1 --from-nothing --seconds 1 --corpus "$work/found"
grep -q 'was mended and fails again' "$work/log" || fail "not said that the bug is back"
cp "$work/sound.c" "$file"

# The input shows the bug without the engine, and nothing without the bug.
input=$work/input
replay() {
  "$work/tree/fuzz/build.sh" --engine replay --target "$target" "$work/$1" >"$work/log" 2>&1 || fail "replay: build"
  "$work/$1/${target}_replay" --list "$input" >"$work/log" 2>&1
}
sed -i -f "$mutant" "$file"
! replay broken || fail "the input does not repeat the bug"
cp "$work/sound.c" "$file"
replay sound || fail "the input fails without the bug"

# A committed input that shows the bug is found at once, too. AFL++ by itself would pass over it.
mv "$work/tree/fuzz/corpus.away" "$work/tree/fuzz/corpus"
mv "$work/tree/fuzz/fixed.away" "$work/tree/fuzz/fixed"
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
expect 2 --json /proc/figures
grep -q 'json /proc/figures: cannot be written' "$work/log" || fail "not said at the start that it cannot be written"
expect 2 --report "$work/log"
expect 3 --corpus /proc/campaign
! grep -q building "$work/log" || fail "an unusable folder is not said at the start"
echo "#error this does not compile" >>"$file"
expect 3 --seconds 5 --corpus "$work/unbuilt"
grep -q 'this does not compile' "$work/log" || fail "not said why it did not build"
echo "ci/fuzz --engine $engine: PASS"
