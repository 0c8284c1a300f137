# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.c
# target: many_nodes_fuzz
# The list of spare nodes loses what is above 65 535.
/^void pool_give/,/^}/s/^  m->spare = x;$/  m->spare = x > 65535u ? (uint16_t)x : x;/
