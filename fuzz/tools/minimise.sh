#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# minimise.sh [CAMPAIGN]: makes fuzz/corpus and the dictionary anew from the hand-made inputs of make_seeds.py,
# from what is in fuzz/corpus, and from what a campaign found (CAMPAIGN/TARGET/corpus, as ci/fuzz leaves it).
# Kept are the hand-made inputs, and for every target at most PER_TARGET (22) others of at most LENGTH (32) bytes
# that cover the most. Nothing is removed before the new corpora of all targets are complete.
# Exit code 0: done; 1: it did not work, and all is as it was; 2: bad usage; 3: the campaign uses its folder.
set -euo pipefail

if [ $# -gt 1 ] || { [ $# -eq 1 ] && [ ! -d "$1" ]; }; then
  echo "usage: minimise.sh [CAMPAIGN], a folder with TARGET/corpus in it" >&2
  exit 2
fi
fuzz=$(cd "$(dirname "$0")/.." && pwd)
# The same lock as ci/fuzz takes: a corpus shall not change while it is read.
if [ $# -eq 1 ]; then
  exec 9<>"$1/lock"
  if ! flock --nonblock 9; then
    echo "minimise.sh: $1 is in use by $(cat "$1/lock")" >&2
    exit 3
  fi
  echo "process $$ since $(date '+%F %T%:z') (minimise.sh)" >"$1/lock"
fi
# A run that was killed between its two moves.
if [ ! -d "$fuzz/corpus" ] && [ -d "$fuzz/corpus.old" ]; then
  mv "$fuzz/corpus.old" "$fuzz/corpus"
fi

work=$(mktemp -d)
new=$fuzz/corpus.new
rm -rf "$new" "$fuzz/corpus.old"
trap 'rm -rf "$work" "$new"' EXIT

# failed WHAT: says so and ends; nothing has been changed.
failed() {
  echo "minimise.sh: $1; fuzz/corpus is as it was" >&2
  exit 1
}

"$fuzz/tools/make_seeds.py" "$work/seeds" "$work/dictionary" || failed "make_seeds.py did not work"
"$fuzz/build.sh" --sanitizer none "$work/programs" 9>&- || failed "the targets were not built"
for target in $("$fuzz/build.sh" --list); do
  inputs=("$work/seeds/$target")
  for folder in "$fuzz/corpus/$target" "$fuzz/fixed/$target" ${1:+"$1/$target/corpus"}; do
    [ ! -d "$folder" ] || inputs+=("$folder")
  done
  mkdir -p "$work/chosen/$target" "$new/$target"
  "$work/programs/$target" -set_cover_merge=1 -max_len="${LENGTH:-32}" -timeout=20 "$work/chosen/$target" \
    "${inputs[@]}" >"$work/log" 2>&1 9>&- || {
    tail -n 20 "$work/log" >&2
    failed "$target did not work"
  }
  # libFuzzer writes first what covers most.
  mapfile -t chosen < <(find "$work/chosen/$target" -type f -printf '%T@ %f\n' | sort -n \
    | head -n "${PER_TARGET:-22}" | cut -d ' ' -f 2)
  [ ${#chosen[@]} -gt 0 ] || failed "no input of $target covers anything"
  for name in "${chosen[@]}"; do
    cp "$work/chosen/$target/$name" "$new/$target/${name:0:12}" || failed "$target was not written"
  done
  cp "$work/seeds/$target"/* "$new/$target/" || failed "$target was not written"
done
cp "$work/dictionary" "$fuzz/targets/.dictionary.new" || failed "the dictionary was not written"

mv "$fuzz/corpus" "$fuzz/corpus.old"
mv "$new" "$fuzz/corpus"
mv "$fuzz/targets/.dictionary.new" "$fuzz/targets/mem_alloc.dict"
rm -rf "$fuzz/corpus.old"
for folder in "$fuzz/corpus"/*/; do
  echo "fuzz/corpus/$(basename "$folder"): $(find "$folder" -type f | wc -l) inputs"
done
