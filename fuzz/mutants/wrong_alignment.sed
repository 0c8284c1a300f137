# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# Natural alignment is taken from the highest bit of the size, not from the lowest.
s/\(mem_alloc_get_order(m, address, size, \)bits_low_order(size)/\1bits_floor_log2(size)/
