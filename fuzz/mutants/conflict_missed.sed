# SPDX-License-Identifier: BSD-3-Clause
# file: src/constraint.c
# A live block may lie where the constraint has a live block.
s/run.tag == FIT_ALLOCATED && limit.tag < FIT_FREE/run.tag == FIT_ALLOCATED \&\& limit.tag == FIT_ABSENT/
