#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# minimise.sh [CAMPAIGN...]: makes fuzz/corpus anew from what is in it, the hand-made inputs of make_seeds.py,
# and what campaigns found (folders of ci/fuzz such as fuzz-campaign). Of every target the hand-made inputs are
# kept, and of the others short ones that cover the most: at most 300 over all targets together.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
limit=300
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for campaign in "$@"; do
  [ -d "$campaign" ] || {
    echo "minimise.sh: $campaign is no folder" >&2
    exit 2
  }
done

mapfile -t targets < <("$here/build.sh" --list)
"$here/build.sh" --sanitizer none "$work/bin"
"$here/make_seeds.py" "$work/corpus" "$here/mem_alloc.dict"
[ "$(find "$work/corpus" -type f | wc -l)" -le $limit ] || {
  echo "minimise.sh: more than $limit hand-made inputs" >&2
  exit 1
}

# chosen_of TARGET CAMPAIGN...: names in $work/chosen, what covers most first.
chosen_of() {
  local sources=() campaign
  [ ! -d "$here/corpus/$1" ] || sources+=("$here/corpus/$1")
  for campaign in "${@:2}"; do
    [ ! -d "$campaign/$1/corpus" ] || sources+=("$campaign/$1/corpus")
  done
  rm -rf "$work/chosen"
  mkdir "$work/chosen"
  # The hand-made ones come first: what they cover need not be covered again.
  cp "$work/corpus/$1/"* "$work/chosen/"
  "$work/bin/$1" -set_cover_merge=1 -max_len=128 "$work/chosen" "${sources[@]}" >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    echo "minimise.sh: $1: fuzz/replay looks at an input that fails" >&2
    exit 1
  }
  # libFuzzer writes first what covers most.
  find "$work/chosen" -type f -printf '%T@ %f\n' | sort -n | cut -d ' ' -f 2
}

left=$((limit - $(find "$work/corpus" -type f | wc -l)))
count=${#targets[@]}
for target in "${targets[@]}"; do
  taken=0
  # What one target leaves over is for the next ones.
  share=$((left / count))
  while read -r name; do
    if [ "$taken" -lt "$share" ] && [ ! -f "$work/corpus/$target/${name:0:12}" ]; then
      cp "$work/chosen/$name" "$work/corpus/$target/${name:0:12}"
      taken=$((taken + 1))
    fi
  done < <(chosen_of "$target" "$@")
  left=$((left - taken))
  count=$((count - 1))
  echo "$target: $(find "$work/corpus/$target" -type f | wc -l) inputs, $taken of them not hand-made"
done
rm -rf "$here/corpus"
mv "$work/corpus" "$here/corpus"
