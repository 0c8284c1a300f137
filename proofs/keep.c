/* SPDX-License-Identifier: BSD-3-Clause */
/* Proved, never linked: keep.h where glue is defined. */
#define GLUE_DEFINED
#include "keep.h"
