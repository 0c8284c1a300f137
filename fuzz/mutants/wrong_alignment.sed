# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# Natural alignment is taken from the highest bit of the size, not from the lowest.
s/^    order = bits_low_order(size);$/    order = bits_floor_log2(size);/
