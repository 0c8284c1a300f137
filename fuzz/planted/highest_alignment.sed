# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# target: operations_fuzz
# An alignment of 2^63 is refused.
/^int mem_alloc_get_aligned/,/^}/s/^    if (alignment == (uint64_t)1 << align) {$/    if (align < 63u \&\& alignment == (uint64_t)1 << align) {/
