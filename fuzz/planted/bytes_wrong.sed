# SPDX-License-Identifier: BSD-3-Clause
# file: src/iterate.c
# target: operations_fuzz
# The statistics give the bytes of the nodes in use.
s/^    sums.metadata_bytes = (uint64_t)pool_capacity(m)/    sums.metadata_bytes = (uint64_t)pool_live(m)/
