#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# bisect_test.sh: fuzz/replay --bisect in a small repository with a bug in the middle of its history, next to commits
# that change nothing, one that does not build, and one with another harness; and what it must refuse.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
root=$(dirname "$fuzz")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
export REPLAY_CACHE=$work/cache TMPDIR=$work GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org

fail() {
  cat "$work/out" >&2
  echo "FAIL: $1" >&2
  exit 1
}

commit() {
  git -C "$tree" add -A
  git -C "$tree" commit --quiet -m "$1"
  git -C "$tree" rev-parse HEAD
}

# bisect CODE ARGUMENTS...
bisect() {
  local code=0
  "$tree/fuzz/replay" --bisect "${@:2}" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$1" ] || fail "--bisect ${*:2}: exit code $code, not $1"
}

mkdir -p "$tree/tests" "$tree/proofs"
cp -rL "$root/include" "$root/src" "$root/fuzz" "$tree/"
cp -rL "$root/tests/model" "$tree/tests/"
cp -L "$root"/proofs/*.h "$tree/proofs/"
chmod -R u+w "$tree"
input=$fuzz/testdata/malloc_failures_fuzz/storage_leak
git init --quiet "$tree"
good=$(commit "sound")
echo "/* a */" >>"$tree/src/fit.c"
before=$(commit "harmless")
sed -i -f "$fuzz/mutants/storage_leak.sed" "$tree/src/pool.c"
culprit=$(commit "the bug")
# At that time the harness could not have told.
cp "$tree/fuzz/targets/malloc_failures_fuzz.c" "$work/target.c"
echo "#error broken" >>"$tree/fuzz/targets/malloc_failures_fuzz.c"
commit "another harness" >/dev/null
cp "$work/target.c" "$tree/fuzz/targets/malloc_failures_fuzz.c"
echo "/* b */" >>"$tree/src/fit.c"
bad=$(commit "harmless again")
# What is not committed, and where the work goes on, stays as it is.
echo "/* my work */" >>"$tree/src/fit.c"
git -C "$tree" checkout --quiet -b mine
git -C "$tree" status --porcelain --branch >"$work/before"

bisect 0 "$good" "$bad" "$input"
grep -q "^$culprit" "$work/out" || fail "not the commit with the bug"
grep -q "the bug" "$work/out" || fail "does not say the commit's subject"
bisect 0 "$before" "$bad" "$input"
grep -q "^$culprit" "$work/out" || fail "not the commit with the bug, from the commit before it"
git -C "$tree" status --porcelain --branch | cmp -s - "$work/before" || fail "the working tree was changed"
[ "$(git -C "$tree" worktree list | wc -l)" = 1 ] || fail "a worktree is left"
[ ! -e "$tree/.git/BISECT_START" ] || fail "a bisection is left"
left=$(find "$work" -mindepth 1 -maxdepth 1 -name 'tmp.*')
[ -z "$left" ] || fail "$left is left"

bisect 2 "$good" "$before" "$input"
grep -q 'does not fail at the bad commit' "$work/out" || fail "not said that the bad commit is good"
bisect 2 "$culprit" "$bad" "$input"
grep -q 'fails at the good commit' "$work/out" || fail "not said that the good commit is bad"
bisect 2 "$bad" "$good" "$input"
bisect 2 no_such_commit "$bad" "$input"
bisect 2 "$good" "$bad" "$work/no_such_file"
# A commit that does not build: if the bug may have come with it, both are named, and none is blamed.
git -C "$tree" checkout --quiet --force "$before"
echo "#error does not build" >>"$tree/src/pool.c"
unbuilt=$(commit "does not build")
git -C "$tree" checkout --quiet "$culprit" -- src/pool.c
late=$(commit "builds again, with the bug")
cp -r "$fuzz/targets/." "$tree/fuzz/targets/"
bisect 2 "$good" "$late" "$input"
grep -q "$unbuilt" "$work/out" && grep -q "$late" "$work/out" || fail "the commits that it may be are not named"
echo "fuzz/replay --bisect: PASS"
