# SPDX-License-Identifier: BSD-3-Clause
# file: src/iterate.c
# target: operations_fuzz
# next_run writes to *run although there is none.
/^int mem_alloc_next_run/,/^}/s/^    status = MEM_ALLOC_NOT_FOUND;$/    status = MEM_ALLOC_NOT_FOUND; run->size = run->last == UINT64_MAX ? 0u : run->size;/
