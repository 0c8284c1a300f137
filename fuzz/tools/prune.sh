#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# prune.sh CAMPAIGN: takes out of the corpus of every target in this folder (fuzz-campaign) what adds no coverage
# to the rest. Long campaigns with AFL++ collect much of that. Nothing is removed before the smaller corpus is
# complete, and nothing while a campaign uses the folder.
# Exit code 0: done; 1: a corpus could not be pruned, and is as it was; 2: bad usage; 3: the folder is in use.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: prune.sh CAMPAIGN, the folder of a campaign of ci/fuzz" >&2
  exit 2
fi
tools=$(cd "$(dirname "$0")" && pwd)
fuzz=$(dirname "$tools")
campaign=$1
# The same lock as ci/fuzz takes.
exec 9<>"$campaign/lock"
if ! flock --nonblock 9; then
  echo "prune.sh: $campaign is in use by $(cat "$campaign/lock")" >&2
  exit 3
fi
echo "process $$ since $(date '+%F %T%:z') (prune.sh)" >"$campaign/lock"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$fuzz/build.sh" --sanitizer none "$work" 9>&-
for target in $("$fuzz/build.sh" --list); do
  corpus=$campaign/$target/corpus
  # What a pruning left that was killed between its two moves.
  if [ ! -d "$corpus" ] && [ -d "$corpus.old" ]; then
    mv "$corpus.old" "$corpus"
  fi
  [ -d "$corpus" ] || continue
  before=$(find "$corpus" -type f | wc -l)
  rm -rf "$corpus.new" "$corpus.old"
  mkdir "$corpus.new"
  if ! "$work/$target" -merge=1 "$corpus.new" "$corpus" >"$work/log" 2>&1 9>&-; then
    tail -n 20 "$work/log" >&2
    rm -rf "$corpus.new"
    echo "prune.sh: $corpus is as it was" >&2
    exit 1
  fi
  after=$(find "$corpus.new" -type f | wc -l)
  if [ "$before" -gt 0 ] && [ "$after" -eq 0 ]; then
    rm -rf "$corpus.new"
    echo "prune.sh: nothing would be left of $corpus, which cannot be; it is as it was" >&2
    exit 1
  fi
  mv "$corpus" "$corpus.old"
  mv "$corpus.new" "$corpus"
  rm -rf "$corpus.old"
  echo "$target: $before inputs, $after kept"
done
