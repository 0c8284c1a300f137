#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# bench_test.sh BENCH REPORT.PY: run each quick workload for a moment and judge all but the times.
set -eu
raw="${TEST_TMPDIR:-/tmp}/bench_test.$$.json"
trap 'rm -f "$raw"' EXIT
"$1" --benchmark_filter='/(100|1000|10000)$' --benchmark_min_time=0.001 \
  --benchmark_out="$raw" --benchmark_out_format=json >/dev/null 2>&1
"$2" --quick --without-speed "$raw"
