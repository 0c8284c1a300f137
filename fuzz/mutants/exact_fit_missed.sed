# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_find.c
# A child whose longest FREE run is just long enough is passed over.
s/pool_span(m, pool_child(m, x, slot)) < request/pool_span(m, pool_child(m, x, slot)) <= request/
