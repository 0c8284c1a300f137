# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# target: operations_fuzz
# An alignment that is one more than a power of two is taken for that power.
/^int mem_alloc_get_aligned/,/^}/s/^    if (alignment == (uint64_t)1 << align) {$/    if ((alignment | 1u) == ((uint64_t)1 << align | 1u)) {/
