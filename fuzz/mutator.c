/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz/mutator.h"

#include <string.h>

#include "fuzz/harness.h"
