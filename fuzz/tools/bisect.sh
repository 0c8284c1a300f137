#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# bisect.sh GOOD BAD TARGET SANITIZER FILE: finds the commit since which an input fails; fuzz/replay --bisect calls
# it. Each commit's include, src and proofs/*.h are built with the harness and the model of this tree, so that the
# input means the same everywhere; a commit that does not build so is passed over. All that is done in a temporary
# folder: neither the working tree nor another bisection is touched.
# Exit code 0: the commit was found; 2: it was not, and it says why.
set -euo pipefail

good=$1
bad=$2
target=$3
sanitizer=$4
input=$(realpath -- "$5")
root=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
  echo "replay: $1" >&2
  exit 2
}

# What the steps print is for us; git's own language varies.
export LC_ALL=C
# Another repository's variables, in a hook for example.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
command -v git >/dev/null || fail "--bisect needs git"
[ "$(realpath -- "$(git -C "$root" rev-parse --show-toplevel 2>/dev/null)")" = "$(realpath -- "$root")" ] \
  || fail "--bisect: $root is not a repository"
for end in "$good" "$bad"; do
  git -C "$root" rev-parse --quiet --verify "$end^{commit}" >/dev/null || fail "--bisect: no commit $end"
done
good=$(git -C "$root" rev-parse "$good^{commit}")
bad=$(git -C "$root" rev-parse "$bad^{commit}")
git -C "$root" merge-base --is-ancestor "$good" "$bad" || fail "--bisect: the good commit is not before the bad one"
[ "$good" != "$bad" ] || fail "--bisect: the good commit is the bad one"

work=$(mktemp -d)
cleanup() {
  git -C "$root" worktree remove --force "$work/commit" >/dev/null 2>&1 || true
  rm -rf "$work"
  git -C "$root" worktree prune
}
trap cleanup EXIT
trap 'exit 2' INT TERM HUP

# The harness as it is now: the tree may change while this runs.
mkdir -p "$work/now/tests"
cp -r "$root/fuzz" "$work/now/fuzz"
cp -r "$root/tests/model" "$work/now/tests/model"
git -C "$root" worktree add --quiet --detach "$work/commit" "$bad"

# 0: the input is fine at the commit that is checked out; 1: it fails; 125: it cannot be built.
cat >"$work/step" <<'STEP'
#!/bin/bash
work=$1 target=$2 sanitizer=$3 input=$4
rm -rf "$work/tree" "$work/out"
cp -r "$work/now" "$work/tree"
mkdir "$work/tree/proofs"
cp -r "$work/commit/include" "$work/commit/src" "$work/tree/" || exit 125
cp "$work/commit"/proofs/*.h "$work/tree/proofs/" 2>/dev/null
[ "$sanitizer" != memory ] || export GCC=clang-19
"$work/tree/fuzz/build.sh" --engine replay --sanitizer "$sanitizer" --target "$target" "$work/out" \
  >"$work/log" 2>&1 || exit 125
"$work/out/${target}_replay" --list "$input" >"$work/log" 2>&1
case $? in
  0) exit 0 ;;
  1) exit 1 ;;
  *) exit 125 ;;
esac
STEP
chmod +x "$work/step"

# at COMMIT: how the input does there.
at() {
  git -C "$work/commit" checkout --quiet --detach "$1"
  local code=0
  "$work/step" "$work" "$target" "$sanitizer" "$input" || code=$?
  echo "$code"
}

echo "replay: $(git -C "$root" rev-list --count "$good..$bad") commits to look among" >&2
case $(at "$bad") in
  0) fail "--bisect: the input does not fail at the bad commit, ${bad:0:12}" ;;
  125) cat "$work/log" >&2; fail "--bisect: the bad commit, ${bad:0:12}, does not build with this harness" ;;
esac
case $(at "$good") in
  1) fail "--bisect: the input fails at the good commit, ${good:0:12}, too" ;;
  125) cat "$work/log" >&2; fail "--bisect: the good commit, ${good:0:12}, does not build with this harness" ;;
esac

git -C "$work/commit" bisect start "$bad" "$good" >/dev/null 2>&1
git -C "$work/commit" bisect run "$work/step" "$work" "$target" "$sanitizer" "$input" >"$work/said" 2>&1 || true
first=$(sed -n 's/^\([0-9a-f]\{40\}\) is the first bad commit$/\1/p' "$work/said")
if [ -z "$first" ]; then
  grep -E '^[0-9a-f]{40}$' "$work/said" >&2 || tail -n 20 "$work/said" >&2
  fail "--bisect: the commit is one of these, but some do not build with this harness"
fi
git -C "$root" --no-pager show --no-patch --format='%H%n  %an, %ad%n  %s' --date=iso "$first"
git -C "$root" --no-pager diff-tree --no-commit-id --stat -r "$first"
echo "replay: the input fails since this commit; to look at it: git show ${first:0:12}"
