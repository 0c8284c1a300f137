#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# minimise.sh [CAMPAIGN]: makes fuzz/corpus and the dictionary anew from the hand-made inputs of make_seeds.py,
# from what is in fuzz/corpus, and from what a campaign found (CAMPAIGN/TARGET/corpus, as ci/fuzz leaves it).
# Kept are the hand-made inputs, and for every target at most PER_TARGET (22) others of at most LENGTH (32) bytes
# that cover the most.
set -euo pipefail

if [ $# -gt 1 ] || { [ $# -eq 1 ] && [ ! -d "$1" ]; }; then
  echo "usage: minimise.sh [CAMPAIGN], a folder with TARGET/corpus in it" >&2
  exit 2
fi
fuzz=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$fuzz/tools/make_seeds.py" "$work/seeds" "$work/dictionary"
"$fuzz/build.sh" --sanitizer none "$work/programs"
for target in $("$fuzz/build.sh" --list); do
  inputs=("$work/seeds/$target")
  for folder in "$fuzz/corpus/$target" ${1:+"$1/$target/corpus"}; do
    [ ! -d "$folder" ] || inputs+=("$folder")
  done
  mkdir -p "$work/chosen/$target"
  "$work/programs/$target" -set_cover_merge=1 -max_len="${LENGTH:-32}" -timeout=20 "$work/chosen/$target" \
    "${inputs[@]}" >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    exit 1
  }
  # libFuzzer writes first what covers most.
  mapfile -t chosen < <(find "$work/chosen/$target" -type f -printf '%T@ %f\n' | sort -n \
    | head -n "${PER_TARGET:-22}" | cut -d ' ' -f 2)
  rm -rf "$fuzz/corpus/$target"
  mkdir -p "$fuzz/corpus/$target"
  for name in "${chosen[@]}"; do
    mv "$work/chosen/$target/$name" "$fuzz/corpus/$target/${name:0:12}"
  done
  mv "$work/seeds/$target"/* "$fuzz/corpus/$target/"
  echo "fuzz/corpus/$target: $(find "$fuzz/corpus/$target" -type f | wc -l) inputs"
done
mv "$work/dictionary" "$fuzz/targets/mem_alloc.dict"
