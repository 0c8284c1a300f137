# SPDX-License-Identifier: BSD-3-Clause
# file: src/mem_alloc.c
# A region that ends at 2^64 is refused.
s/size > 0u && size - 1u <= UINT64_MAX - address)/size > 0u \&\& size <= UINT64_MAX - address)/
