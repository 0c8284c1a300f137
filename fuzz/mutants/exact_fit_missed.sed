# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_find.c
# A run whose size class is just high enough is passed over.
s/slot = pool_first_bin(m, x, from, request.bin);/slot = pool_first_bin(m, x, from, (int16_t)(request.bin + 1));/
