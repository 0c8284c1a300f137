# SPDX-License-Identifier: BSD-3-Clause
# file: src/iterate.c
# target: static_storage_fuzz
# An iteration that goes on from inside of a run gives that run again.
/^static int iterate_from/,/^}/s/^  if (cursor.found \&\& cursor.tag != FIT_ABSENT) {$/  if (cursor.tag != FIT_ABSENT) {/
