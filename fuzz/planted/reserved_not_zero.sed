# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.h
# target: static_storage_fuzz
# A run of the iteration has something in its reserved field if it is FREE.
s/^  run->reserved = 0;$/  run->reserved = state == 2u;/
