# SPDX-License-Identifier: BSD-3-Clause
# file: src/iterate.c
# target: operations_fuzz
# The statistics count one level too few in a tree of three.
s/^      sums.levels = (uint64_t)pool_level(m, pool_root(m)) + 1u;$/      sums.levels = pool_level(m, pool_root(m)) < 2 ? (uint64_t)pool_level(m, pool_root(m)) + 1u : 2u;/
