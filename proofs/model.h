/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_MODEL_H
#define PROOFS_MODEL_H

/*
 * What makes an allocator sound: the definition of what the public header
 * only declares (mem_alloc_sound_in). Annotations only.
 */

#include "../src/levels.h"
#include "grow.h"
#include "pool.h"

/*@
  // the map is right: runs tile the space, neighbours are joined, FREE runs' tags are exact
  predicate space_ok_in(struct tree_state t) = homes_in(t) && joined_in(t) && tags_exact_in(t);

  // nodes and map of an allocator
  predicate body_ok_in(struct tree_state t, integer levels) =
    pool_ok_in(t) && no_stray_in(t) && (t.object.root == 0 ? no_tree_in(t) : tree_ok_in(t, levels)) &&
      space_ok_in(t);
*/

#ifdef MEM_ALLOC_MODEL_DEFINED
/*@
  // what the public header only declares
  predicate mem_alloc_sound_in{L}(struct mem_alloc *m, struct tree_state t) =
    glue_in(m, t) && body_ok_in(t, MAP_LEVELS);
  predicate mem_alloc_held_in{L}(struct mem_alloc *m, struct tree_state t) = glue_in(m, t);
*/
#endif

#define space_ok space_ok_in(tree)
#define body_ok(levels) body_ok_in(tree, levels)

#endif
