# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.c
# target: static_storage_fuzz
# An operation is refused although there are just enough nodes.
/^bool pool_reserve(/,/^}/s/^  if (pool_available(m) < count) {$/  if (pool_available(m) < count + (m->fixed != 0u \&\& count > 1u ? 1u : 0u)) {/
