#!/bin/bash -eu
# SPDX-License-Identifier: BSD-3-Clause
#
# The project's own script builds everything; see there why.
exec "$SRC/mem_alloc/.clusterfuzzlite/build.sh"
