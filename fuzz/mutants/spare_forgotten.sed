# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.c
# Only the node given back last is remembered.
s/child\[0\] = m->spare;/child[0] = 0;/
