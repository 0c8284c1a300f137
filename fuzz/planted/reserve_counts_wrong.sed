# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# target: differential_fuzz
# reserve gets memory for half of the runs if there are many.
s/^      if (pool_reserve_total(m, MEM_ALLOC_NODES_FOR(runs))) {$/      if (pool_reserve_total(m, MEM_ALLOC_NODES_FOR(runs > 600u ? runs \/ 2u : runs))) {/
