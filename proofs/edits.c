/* SPDX-License-Identifier: BSD-3-Clause */
/* Proved, never linked: the ghost functions on states before and after an edit of the tree. */
#include "../src/map.h"
#include "borrow.h"
#include "constrain.h"
#include "edit.h"
#include "grow.h"
#include "merge.h"
#include "reserve.h"
#include "runs.h"
#include "shift.h"
#include "space.h"
#include "split.h"
#include "summary.h"
