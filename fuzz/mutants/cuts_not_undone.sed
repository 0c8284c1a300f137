# SPDX-License-Identifier: BSD-3-Clause
# file: src/constraint.c
# After NO_MEMORY inside apply_constraint FREE runs stay cut.
s/^    constraint_uncut_all(m, w);$/    (void)constraint_uncut_all;/
