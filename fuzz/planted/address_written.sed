# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# target: malloc_failures_fuzz
# *address is written although nothing fits.
/^static int mem_alloc_get_request/,/^}/s/^    status = MEM_ALLOC_NO_MEMORY;$/    status = MEM_ALLOC_NO_MEMORY; *address = cursor.place;/
