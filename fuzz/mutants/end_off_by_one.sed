# SPDX-License-Identifier: BSD-3-Clause
# file: src/fit.c
# A place may be one address longer than its run.
s/first > last || last - first < span)/first > last || last - first + 1u < span)/
