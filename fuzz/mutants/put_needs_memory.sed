# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# put wants a spare node first, and so can fail for lack of memory.
s/if (cursor.start == address && cursor.tag == FIT_ALLOCATED) {/if (cursor.start == address \&\& cursor.tag == FIT_ALLOCATED \&\& pool_reserve(m, 1)) {/
