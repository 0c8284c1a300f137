#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Builds the fuzzer and runs it from the committed corpus. A finding fails,
# and so does a fuzzer that hardly ran.
#
# From the environment: SECONDS_TOTAL, how long (default 10).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/new"

REPLAY=0 "$here/build.sh" "$work"
"$work/mem_alloc_fuzz" -max_total_time="${SECONDS_TOTAL:-10}" -max_len=100 -timeout=10 -print_final_stats=1 \
  -dict="$here/mem_alloc.dict" -artifact_prefix="$work/" "$work/new" "$here/corpus" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
grep '^stat::' "$work/log"
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
if [ "$executions" -lt 10000 ]; then
  echo "FAIL: $executions inputs only" >&2
  exit 1
fi
