#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# exports_test.sh LIBRARY: the shared library exports the functions that the
# headers declare, and nothing else.
set -eu

library=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The functions by name, so that neither a header nor the library can lose one unnoticed.
cat >"$work/expected" <<'END'
mem_alloc_add_free
mem_alloc_apply_constraint
mem_alloc_destroy
mem_alloc_first_run
mem_alloc_get
mem_alloc_get_aligned
mem_alloc_get_statistics
mem_alloc_init
mem_alloc_init_static
mem_alloc_is_valid
mem_alloc_next_run
mem_alloc_put
mem_alloc_reserve
END

# exports FILE: the names that a shared library defines for others, sorted.
exports() {
  nm -D --defined-only "$1" | awk '{ sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort -u
}

# exports_all FILE: does it export exactly what is expected?
exports_all() {
  exports "$1" | diff "$work/expected" - >"$work/difference"
}

# A declaration starts a line with its return type and ends with a semicolon.
sed -n 's/^\(void\|int\|bool\) \(mem_alloc_[a-z_]*\)(.*/\2/p' include/opae/*.h | LC_ALL=C sort -u |
  diff "$work/expected" - || {
  echo "the headers declare other functions" >&2
  exit 1
}

exports_all "$library" || {
  cat "$work/difference"
  echo "the shared library exports something else" >&2
  exit 1
}

# This check can fail: a library that lacks one function, and one that has an internal one besides.
sed 's/.*/int &(void); int &(void) { return 0; }/' "$work/expected" >"$work/exact.c"
sed 1d "$work/exact.c" >"$work/less.c"
{ cat "$work/exact.c"; echo 'int map_find(void); int map_find(void) { return 0; }'; } >"$work/more.c"
for kind in exact less more; do
  gcc -fno-builtin -shared -fPIC "$work/$kind.c" -o "$work/$kind.so"
done
exports_all "$work/exact.so"
for kind in less more; do
  if exports_all "$work/$kind.so"; then
    echo "the check accepts a library with $kind functions" >&2
    exit 1
  fi
done
