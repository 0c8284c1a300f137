#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# fuzz_test.sh ENGINE SANITIZER SECONDS: every target builds for this engine and runs for its share of these
# seconds from the committed corpus. A finding fails, and so does a target that hardly ran or saw no coverage.
set -euo pipefail

fuzz=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$fuzz/../ci/fuzz" --engine "$1" --sanitizer "$2" --seconds "$3" --corpus "$work" --json "$work/figures"

# shellcheck disable=SC2046 # one target a word
/usr/bin/python3 -B - "$work/figures" "$fuzz/corpus" $("$fuzz/build.sh" --list) <<'CHECK'
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
  results = json.load(file)["targets"]
if [result["target"] for result in results] != sys.argv[3:] or not results:
  sys.exit("FAIL: not every target was run")
for result in results:
  # More than the committed inputs, and code of the allocator was seen.
  if result["execs"] <= len(os.listdir(os.path.join(sys.argv[2], result["target"]))) or result["coverage"] < 100:
    sys.exit(f"FAIL: {result['target']} hardly ran: {result}")
CHECK
