/* SPDX-License-Identifier: BSD-3-Clause */

/* The reference of one fan-out under other names: see fan_out.h, which defines RENAMED(name). */

#define validity_at RENAMED(validity_at)
#define validity_find RENAMED(validity_find)
#define validity_levels RENAMED(validity_levels)
#define validity_name RENAMED(validity_name)
#define validity_of RENAMED(validity_of)
#define validity_survey RENAMED(validity_survey)
