# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.c
# target: static_storage_fuzz
# After destroy the allocator still believes that it has storage of the caller.
/^void pool_release/,/^}/s/^  pool_init(m);$/  { const uint32_t fixed = m->fixed; pool_init(m); m->fixed = fixed; }/
