# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_edit.c
# FREE neighbours in two leaves are not joined.
s/^  if (slot == 0u) {$/  if (slot == 0u \&\& joins_left) {/
