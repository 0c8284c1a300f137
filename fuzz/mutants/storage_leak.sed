# SPDX-License-Identifier: BSD-3-Clause
# file: src/pool.c
# The old nodes are not freed when the storage grows.
/^static bool pool_move_storage/,/^}/s/^    storage_free(m->nodes);$/    (void)storage_free;/
