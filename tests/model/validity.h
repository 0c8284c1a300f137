/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_VALIDITY_H
#define TESTS_MODEL_VALIDITY_H

/*
 * What mem_alloc_is_valid must answer, worked out from what the headers
 * promise: by plain recursion over the tree, and with tags and size classes
 * found from their definitions. It shares no code with the allocator.
 *
 * Whatever the nodes hold, only m->nodes[0 .. m->capacity - 1] is read, of
 * that only nodes up to m->fresh, and of a node in the tree only the entries
 * it says to have.
 */

#include <stdbool.h>

#include "opae/mem_alloc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is wrong. */
enum validity {
  VALIDITY_SOUND,
  VALIDITY_NULL,        /* no allocator */
  VALIDITY_STORAGE,     /* nodes without storage, or storage of none */
  VALIDITY_COUNTS,      /* not live <= fresh <= capacity */
  VALIDITY_FIXED,       /* neither 0 nor 1 */
  VALIDITY_RESERVED,    /* not 0 */
  VALIDITY_SPARE,       /* a spare node is none, or is not marked as spare */
  VALIDITY_NUMBER,      /* a child or the root is no node that was ever used */
  VALIDITY_TWICE,       /* a node is met twice */
  VALIDITY_LEVEL,       /* a node's level is not one below its parent's, or the root's is impossible */
  VALIDITY_ENTRIES,     /* a node has no entries, or too many */
  VALIDITY_FIRST_KEY,   /* a node does not start where its range does */
  VALIDITY_KEY_ORDER,   /* keys do not ascend */
  VALIDITY_LAST_KEY,    /* a node's last entry starts above its range */
  VALIDITY_TAG,         /* the tag of a FREE run is not that of its largest block */
  VALIDITY_BIN,         /* the bin of a run is not its size class, or 0 if it is not FREE */
  VALIDITY_NEIGHBOURS,  /* two neighbouring runs are both FREE or both ABSENT */
  VALIDITY_SUMMARY_TAG, /* an inner entry's tag is not the largest of its child */
  VALIDITY_SUMMARY_BIN, /* nor is its bin */
  VALIDITY_OCCUPANCY,   /* two neighbouring children have too few entries */
  VALIDITY_ONLY_CHILD,  /* an inner root has a single child */
  VALIDITY_LOST,        /* a node is neither in the tree nor spare, or `live` is not how many the tree has */
  VALIDITY_HEIGHT,      /* more levels than so few runs may need; follows from the occupancy, so never met */
  VALIDITY_ANSWERS
};

/* The first thing that is wrong. */
enum validity validity_find(const struct mem_alloc *m);

/* Is nothing wrong? What mem_alloc_is_valid must answer. */
bool validity_of(const struct mem_alloc *m);

/* What the tree has, counted on a walk through it. */
struct validity_sizes {
  enum validity wrong; /* the first thing that is wrong, occupancy apart */
  uint64_t thin;       /* pairs of neighbouring children that have too few entries */
  uint64_t nodes;
  uint64_t levels; /* 0: no tree */
};

void validity_survey(const struct mem_alloc *m, struct validity_sizes *result);

/* How many levels the root says that the tree has; 0: no tree. */
uint64_t validity_levels(const struct mem_alloc *m);

/* A run, with what it is: an enum mem_alloc_state. */
struct validity_run {
  uint64_t first;
  uint64_t last;
  uint32_t state;
};

/*
 * The run that holds this address, and what is wrong on the way to it: with
 * the nodes on the way, with what their parents say of them, and with the run
 * itself. *run is set if nothing is. Cheap, whatever the size of the tree.
 */
enum validity validity_at(const struct mem_alloc *m, uint64_t address, struct validity_run *run);

/* "a node is met twice" and so on. */
const char *validity_name(enum validity validity);

#ifdef __cplusplus
}
#endif

#endif
