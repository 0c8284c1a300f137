# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# Natural alignment is taken from the highest bit of the size, not from the lowest.
s/^      align = bits_low_order(size);$/      align = order;/
