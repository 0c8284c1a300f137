# SPDX-License-Identifier: BSD-3-Clause
# file: src/constraint.c
# A live block may lie where the constraint has a live block.
s/allows = limit.tag >= FIT_FREE \&\& run.last/allows = limit.tag >= FIT_ALLOCATED \&\& run.last/
