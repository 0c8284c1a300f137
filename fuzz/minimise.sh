#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# minimise.sh DIR...: makes fuzz/corpus anew from what is in it, the hand-made
# inputs of make_seeds.py, and the inputs in these folders (what campaigns
# found). Kept are the hand-made ones, and of the others at most 170 short
# ones that cover the most.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/seeds" "$work/chosen" "$here/corpus"

REPLAY=0 "$here/build.sh" "$work"
"$here/make_seeds.py" "$work/seeds" "$here/mem_alloc.dict"
"$work/mem_alloc_fuzz" -set_cover_merge=1 -max_len=32 "$work/chosen" "$here/corpus" "$@"

# libFuzzer writes first what covers most.
mapfile -t chosen < <(find "$work/chosen" -type f -printf '%T@ %f\n' | sort -n | head -170 | cut -d ' ' -f 2)
rm -f "$here"/corpus/*
for name in "${chosen[@]}"; do
  mv "$work/chosen/$name" "$here/corpus/${name:0:12}"
done
mv "$work"/seeds/* "$here/corpus/"
echo "fuzz/corpus: $(find "$here/corpus" -type f | wc -l) inputs"
