/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_REPLAYER_STORY_H
#define FUZZ_REPLAYER_STORY_H

#include "fuzz/replayer/rerun.h"

/* Prints the run in *harness_record as a story. */
void story_print(const uint8_t *data, size_t size, const struct outcome *outcome);

#endif
