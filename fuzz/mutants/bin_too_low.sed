# SPDX-License-Identifier: BSD-3-Clause
# file: src/fit.c
# A FREE run is entered with the size class of one address less, so that blocks that fit are not found.
s/mark.bin = fit_bin_of(span + 1u, order);/mark.bin = fit_bin_of(span, order);/
