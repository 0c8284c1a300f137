#!/bin/bash -eu
# SPDX-License-Identifier: BSD-3-Clause OR Apache-2.0
# OSS-Fuzz asks for this licence of what is in its projects folder: http://www.apache.org/licenses/LICENSE-2.0
#
# The project's own script builds everything; see there why.
exec "$SRC/mem_alloc/.clusterfuzzlite/build.sh"
