/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_REPLAYER_MINIMIZER_H
#define FUZZ_REPLAYER_MINIMIZER_H

#include "fuzz/replayer/rerun.h"

/* Makes the input, which fails like this, smaller; writes it to this file. Exit code for main(). */
int minimizer_run(const uint8_t *data, size_t size, const struct outcome *outcome, const char *out);

#endif
