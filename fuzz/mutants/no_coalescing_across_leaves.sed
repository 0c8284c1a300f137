# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_edit.c
# FREE neighbours in two leaves are not joined.
s/if (!joins_left && slot == 0u && start > 0u) {/if (joins_left \&\& slot == 0u \&\& start > 0u) {/
