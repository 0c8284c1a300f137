# SPDX-License-Identifier: BSD-3-Clause
# file: src/iterate.c
# target: operations_fuzz
# The statistics count ABSENT runs only if they do not start at 0.
s/^    sums.absent_runs = iterate_add(sums.absent_runs, 0);$/    sums.absent_runs = cursor.start > 0u ? iterate_add(sums.absent_runs, 0) : sums.absent_runs;/
