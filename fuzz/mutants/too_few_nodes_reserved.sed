# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_shape.c
# A split may take more nodes than were reserved.
s/pool_reserve(m, (uint32_t)top + 2u)/pool_reserve(m, (uint32_t)top)/
