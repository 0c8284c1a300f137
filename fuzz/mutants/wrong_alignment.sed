# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# Natural alignment is taken from the highest bit of the size, not from the lowest.
s/status = mem_alloc_get_order(m, address, size, mem_alloc_natural_order(size));/status = mem_alloc_get_order(m, address, size, bits_floor_log2(size));/
