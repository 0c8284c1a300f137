/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The whole library once more under other names, and its table. Included by
 * fan_out_16.c and those beside it, which define RENAMED(name), the fan-out and
 * IMPLEMENTATION. A function with external linkage that is missing below is
 * defined twice, and the linker says so.
 */

#define beside_cut RENAMED(beside_cut)
#define beside_paint RENAMED(beside_paint)
#define beside_reserve RENAMED(beside_reserve)
#define fit_free_mark RENAMED(fit_free_mark)
#define fit_needs RENAMED(fit_needs)
#define fit_place RENAMED(fit_place)
#define map_carve RENAMED(map_carve)
#define map_carve_out RENAMED(map_carve_out)
#define map_compact RENAMED(map_compact)
#define map_create RENAMED(map_create)
#define map_exists RENAMED(map_exists)
#define map_find RENAMED(map_find)
#define map_find_room RENAMED(map_find_room)
#define map_first_fit RENAMED(map_first_fit)
#define map_lower RENAMED(map_lower)
#define map_make_room RENAMED(map_make_room)
#define map_may_merge RENAMED(map_may_merge)
#define map_paint RENAMED(map_paint)
#define map_raise RENAMED(map_raise)
#define map_raise_slot RENAMED(map_raise_slot)
#define map_slot_last RENAMED(map_slot_last)
#define map_thicken RENAMED(map_thicken)
#define mem_alloc_add_free RENAMED(mem_alloc_add_free)
#define mem_alloc_apply_constraint RENAMED(mem_alloc_apply_constraint)
#define mem_alloc_destroy RENAMED(mem_alloc_destroy)
#define mem_alloc_first_run RENAMED(mem_alloc_first_run)
#define mem_alloc_get RENAMED(mem_alloc_get)
#define mem_alloc_get_aligned RENAMED(mem_alloc_get_aligned)
#define mem_alloc_get_statistics RENAMED(mem_alloc_get_statistics)
#define mem_alloc_init RENAMED(mem_alloc_init)
#define mem_alloc_init_static RENAMED(mem_alloc_init_static)
#define mem_alloc_is_valid RENAMED(mem_alloc_is_valid)
#define mem_alloc_next_run RENAMED(mem_alloc_next_run)
#define mem_alloc_put RENAMED(mem_alloc_put)
#define mem_alloc_reserve RENAMED(mem_alloc_reserve)
#define node_erase RENAMED(node_erase)
#define node_insert RENAMED(node_insert)
#define node_move RENAMED(node_move)
#define pool_available RENAMED(pool_available)
#define pool_give RENAMED(pool_give)
#define pool_init RENAMED(pool_init)
#define pool_init_static RENAMED(pool_init_static)
#define pool_release RENAMED(pool_release)
#define pool_reserve RENAMED(pool_reserve)
#define pool_reserve_total RENAMED(pool_reserve_total)
#define pool_take RENAMED(pool_take)
#define run_at RENAMED(run_at)
#define run_cut RENAMED(run_cut)
#define run_paint RENAMED(run_paint)
#define run_reserve RENAMED(run_reserve)
#define storage_free RENAMED(storage_free)
#define storage_new RENAMED(storage_new)

#include "fuzz/harness/reference_names.h"

#include "src/beside.c"
#include "src/constraint.c"
#include "src/fit.c"
#include "src/iterate.c"
#include "src/map_edit.c"
#include "src/map_find.c"
#include "src/map_shape.c"
#include "src/map_summary.c"
#include "src/mem_alloc.c"
#include "src/node.c"
#include "src/pool.c"
#include "src/run.c"
#include "src/storage.c"
#include "src/valid.c"

#include "fuzz/harness/implementation.c"
