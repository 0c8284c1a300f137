# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# target: operations_fuzz
# init_static without nodes makes the allocator empty before it says INVALID.
/^int mem_alloc_init_static/,/^}/s/^  int status = MEM_ALLOC_INVALID;$/  int status = MEM_ALLOC_INVALID; if (m != NULL \&\& count == 0u) { m->spare = 0; m->root = 0; m->live = 0; }/
