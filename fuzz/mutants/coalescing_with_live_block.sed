# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_edit.c
# A run that becomes FREE joins whatever is above it in its leaf, a live block included.
s/const bool joins_right = map_is_like(m, x, slot + 1u, state);/const bool joins_right = slot + 1u < pool_count(m, x);/
