#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# prune.sh CAMPAIGN: takes out of the corpus of every target in this folder (fuzz-campaign) what adds no coverage
# to the rest. Long campaigns with AFL++ collect much of that.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: prune.sh CAMPAIGN, the folder of a campaign of ci/fuzz" >&2
  exit 2
fi
fuzz=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$fuzz/build.sh" --sanitizer none "$work"
for target in $("$fuzz/build.sh" --list); do
  corpus=$1/$target/corpus
  if [ -d "$corpus" ]; then
    before=$(find "$corpus" -type f | wc -l)
    rm -rf "$corpus.new"
    mkdir "$corpus.new"
    "$work/$target" -merge=1 "$corpus.new" "$corpus" >"$work/log" 2>&1 || {
      tail -n 20 "$work/log" >&2
      exit 1
    }
    mv "$corpus" "$corpus.old"
    mv "$corpus.new" "$corpus"
    rm -rf "$corpus.old"
    echo "$target: $before inputs, $(find "$corpus" -type f | wc -l) kept"
  fi
done
