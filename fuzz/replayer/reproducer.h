/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_REPLAYER_REPRODUCER_H
#define FUZZ_REPLAYER_REPRODUCER_H

#include "fuzz/replayer/rerun.h"

/* Prints the run in *harness_record as a C program that does the same calls. */
void reproducer_print(const struct outcome *outcome);

#endif
