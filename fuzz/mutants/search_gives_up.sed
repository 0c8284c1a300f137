# SPDX-License-Identifier: BSD-3-Clause
# file: src/map_find.c
# The search ends at the first run of a size class that is high enough, even if the block does not fit there.
s/more = !cursor.found && cursor.last < UINT64_MAX;/more = !cursor.found \&\& cursor.last < UINT64_MAX \&\& request.bin == 0;/
