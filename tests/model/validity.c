/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/validity.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  ABSENT_TAG = 0,
  ALLOCATED_TAG = 1,
  FREE_TAG = 2, /* and k: the largest block that fits has 2^k addresses */
  BINS = 512,   /* of the sizes from one power of two to the next; smaller sizes are their own bins */
  LAST_BIN = BINS * 56, /* that of the whole space */
  SPARE_LEVEL = -1,
  FEWEST_OF_TWO = MEM_ALLOC_FAN_OUT / 2 /* entries of two neighbours */
};

/* What has been seen of an allocator. */
struct survey {
  const struct mem_alloc *m;
  bool *met; /* by node number less one */
  uint32_t tree_nodes;
  uint64_t runs;
  uint64_t thin; /* pairs of neighbouring children with too few entries */
  uint64_t levels;
  uint8_t state_before; /* of the run met last; ALLOCATED, which goes with all, if there is none */
};

static const struct mem_alloc_node *node(const struct survey *survey, uint32_t x)
{
  return &survey->m->nodes[x - 1];
}

/* --- Runs -------------------------------------------------------------------- */

/* Does a block of 2^k addresses that starts at a multiple of 2^k lie in [start, last]? */
static bool block_fits(uint64_t start, uint64_t last, uint32_t k)
{
  const uint64_t size = UINT64_C(1) << k;
  const uint64_t beyond = start & (size - 1); /* the multiple below start */
  const uint64_t gap = beyond == 0 ? 0 : size - beyond;
  const uint64_t span = last - start;
  return gap <= span && span - gap >= size - 1;
}

/* A block of a single address always fits, one that is longer than the run never. */
static uint8_t tag_of_free(uint64_t start, uint64_t last)
{
  uint32_t k = 63;
  while (k > 0 && (UINT64_C(1) << k) - 1 > last - start) {
    k -= 1;
  }
  while (!block_fits(start, last, k)) {
    k -= 1;
  }
  return (uint8_t)(FREE_TAG + k);
}

/* Is a size of span + 1 at least the least size of this bin? That of the last bin is 2^64: one less fits. */
static bool size_reaches(uint64_t span, int32_t bin)
{
  if (bin < BINS) {
    return bin <= 0 || span >= (uint64_t)bin - 1;
  }
  const uint64_t least = (uint64_t)(BINS + bin % BINS) << (bin / BINS - 1);
  return bin <= LAST_BIN && span >= least - 1;
}

static bool is_bin_of_free(uint64_t start, uint64_t last, int32_t bin)
{
  return bin >= 0 && size_reaches(last - start, bin) && !size_reaches(last - start, bin + 1);
}

static uint8_t state_of(uint8_t tag)
{
  return tag < FREE_TAG ? tag : FREE_TAG;
}

/* What the entry of a run says of it. */
static enum validity check_mark(uint64_t start, uint64_t last, uint8_t tag, int16_t bin)
{
  if (state_of(tag) == FREE_TAG && tag != tag_of_free(start, last)) {
    return VALIDITY_TAG;
  }
  const bool right = state_of(tag) == FREE_TAG ? is_bin_of_free(start, last, bin) : bin == 0;
  return right ? VALIDITY_SOUND : VALIDITY_BIN;
}

static enum validity check_run(struct survey *survey, uint64_t start, uint64_t last, uint8_t tag, int16_t bin)
{
  const uint8_t state = state_of(tag);
  const uint8_t before = survey->state_before;
  const enum validity validity = check_mark(start, last, tag, bin);
  survey->state_before = state;
  survey->runs += 1;
  if (validity != VALIDITY_SOUND) {
    return validity;
  }
  return state == before && state != ALLOCATED_TAG ? VALIDITY_NEIGHBOURS : VALIDITY_SOUND;
}

/* --- The tree ---------------------------------------------------------------- */

static enum validity check_keys(const struct mem_alloc_node *b, uint64_t first, uint64_t last)
{
  if (b->key[0] != first) {
    return VALIDITY_FIRST_KEY;
  }
  for (uint32_t i = 1; i < b->count; i++) {
    if (b->key[i] <= b->key[i - 1]) {
      return VALIDITY_KEY_ORDER;
    }
  }
  return b->key[b->count - 1] <= last ? VALIDITY_SOUND : VALIDITY_LAST_KEY;
}

/* A node by itself, if it has to be one of that level for [first, last]. */
static enum validity check_alone(const struct mem_alloc_node *b, int32_t level, uint64_t first, uint64_t last)
{
  if (b->level != level) {
    return VALIDITY_LEVEL;
  }
  if (b->count < 1 || b->count > MEM_ALLOC_FAN_OUT) {
    return VALIDITY_ENTRIES;
  }
  return check_keys(b, first, last);
}

/* The same of node x; counts it. */
static enum validity check_node(struct survey *survey, uint32_t x, int32_t level, uint64_t first,
                                uint64_t last)
{
  if (x < 1 || x > survey->m->fresh) {
    return VALIDITY_NUMBER;
  }
  if (survey->met[x - 1]) {
    return VALIDITY_TWICE;
  }
  survey->met[x - 1] = true;
  survey->tree_nodes += 1;
  return check_alone(node(survey, x), level, first, last);
}

/* Entry i of the inner node, once the child is known to be sound by itself. */
static enum validity check_summary(const struct mem_alloc_node *parent, uint32_t i, const struct mem_alloc_node *child)
{
  uint8_t tag = child->tag[0];
  int16_t bin = child->bin[0];
  for (uint32_t j = 1; j < child->count; j++) {
    tag = child->tag[j] > tag ? child->tag[j] : tag;
    bin = child->bin[j] > bin ? child->bin[j] : bin;
  }
  if (parent->tag[i] != tag) {
    return VALIDITY_SUMMARY_TAG;
  }
  return parent->bin[i] == bin ? VALIDITY_SOUND : VALIDITY_SUMMARY_BIN;
}

/* The same, and whether it and the child before it have too few entries, which is counted. */
static enum validity check_entry(struct survey *survey, const struct mem_alloc_node *parent, uint32_t i)
{
  const struct mem_alloc_node *const child = node(survey, parent->child[i]);
  if (i > 0 && node(survey, parent->child[i - 1])->count + child->count < FEWEST_OF_TWO) {
    survey->thin += 1;
  }
  return check_summary(parent, i, child);
}

/* Node x and all below it. The level gets less with every step down, so that this ends. */
static enum validity check_below(struct survey *survey, uint32_t x, int32_t level, uint64_t first,
                                 uint64_t last)
{
  enum validity validity = check_node(survey, x, level, first, last);
  if (validity != VALIDITY_SOUND) {
    return validity;
  }
  const struct mem_alloc_node *const b = node(survey, x);
  for (uint32_t i = 0; i < b->count && validity == VALIDITY_SOUND; i++) {
    const uint64_t end = i + 1u < b->count ? b->key[i + 1] - 1 : last;
    if (level == 0) {
      validity = check_run(survey, b->key[i], end, b->tag[i], b->bin[i]);
      continue;
    }
    validity = check_below(survey, b->child[i], level - 1, b->key[i], end);
    if (validity == VALIDITY_SOUND) {
      validity = check_entry(survey, b, i);
    }
  }
  return validity;
}

/* How many runs two neighbouring nodes of that level have at least: so many pairs of children for certain. */
static uint64_t fewest_runs_of_two(int32_t level)
{
  const uint64_t pairs = MEM_ALLOC_FAN_OUT / 4 - 1;
  return level == 0 || pairs <= 1 ? FEWEST_OF_TWO : pairs * fewest_runs_of_two(level - 1);
}

static enum validity check_tree(struct survey *survey)
{
  const uint32_t root = survey->m->root;
  if (root > survey->m->fresh) {
    return VALIDITY_NUMBER;
  }
  const int32_t level = node(survey, root)->level;
  if (level < 0 || level >= MEM_ALLOC_LEVELS) {
    return VALIDITY_LEVEL;
  }
  const enum validity validity = check_below(survey, root, level, 0, UINT64_MAX);
  if (validity != VALIDITY_SOUND) {
    return validity;
  }
  survey->levels = (uint64_t)level + 1;
  if (level > 0 && node(survey, root)->count == 1) {
    return VALIDITY_ONLY_CHILD;
  }
  const bool too_high = survey->thin == 0 && level > 0 && survey->runs < fewest_runs_of_two(level - 1);
  return too_high ? VALIDITY_HEIGHT : VALIDITY_SOUND;
}

/* --- All ---------------------------------------------------------------------- */

static enum validity check_fields(const struct mem_alloc *m)
{
  if ((m->nodes == NULL) != (m->capacity == 0)) {
    return VALIDITY_STORAGE;
  }
  if (m->live > m->fresh || m->fresh > m->capacity) {
    return VALIDITY_COUNTS;
  }
  if (m->fixed > 1) {
    return VALIDITY_FIXED;
  }
  for (size_t i = 0; i < sizeof m->reserved / sizeof m->reserved[0]; i++) {
    if (m->reserved[i] != 0) {
      return VALIDITY_RESERVED;
    }
  }
  return VALIDITY_SOUND;
}

/* The list of spare nodes, which ends with 0. */
static enum validity check_spare(struct survey *survey)
{
  uint32_t x = survey->m->spare;
  while (x != 0) {
    if (x > survey->m->fresh || node(survey, x)->level != SPARE_LEVEL) {
      return VALIDITY_SPARE;
    }
    if (survey->met[x - 1]) {
      return VALIDITY_TWICE;
    }
    survey->met[x - 1] = true;
    x = node(survey, x)->child[0];
  }
  return VALIDITY_SOUND;
}

/* Every node up to the last used one was met, and `live` of them in the tree? */
static enum validity check_all_met(const struct survey *survey)
{
  bool all = survey->tree_nodes == survey->m->live;
  for (uint32_t x = 1; x <= survey->m->fresh; x++) {
    all = all && survey->met[x - 1];
  }
  return all ? VALIDITY_SOUND : VALIDITY_LOST;
}

static enum validity check_nodes(struct survey *survey)
{
  enum validity validity = check_spare(survey);
  if (validity == VALIDITY_SOUND && survey->m->root != 0) {
    validity = check_tree(survey);
  }
  return validity == VALIDITY_SOUND ? check_all_met(survey) : validity;
}

void validity_survey(const struct mem_alloc *m, struct validity_sizes *result)
{
  *result = (struct validity_sizes){ .wrong = m == NULL ? VALIDITY_NULL : check_fields(m) };
  if (result->wrong == VALIDITY_SOUND) {
    struct survey survey = { .m = m, .state_before = ALLOCATED_TAG };
    survey.met = calloc((size_t)m->fresh + 1, sizeof *survey.met);
    if (survey.met == NULL) {
      fprintf(stderr, "validity: out of memory\n");
      abort();
    }
    result->wrong = check_nodes(&survey);
    result->thin = survey.thin;
    result->nodes = survey.tree_nodes;
    result->levels = survey.levels;
    free(survey.met);
  }
}

enum validity validity_find(const struct mem_alloc *m)
{
  struct validity_sizes survey;
  validity_survey(m, &survey);
  return survey.wrong == VALIDITY_SOUND && survey.thin > 0 ? VALIDITY_OCCUPANCY : survey.wrong;
}

uint64_t validity_levels(const struct mem_alloc *m)
{
  return m->root == 0 ? 0 : (uint64_t)(m->nodes[m->root - 1].level + 1);
}

/* --- One run, and the way to it -------------------------------------------------- */

/* The entry of a sound node whose range holds the address. */
static uint32_t entry_at(const struct mem_alloc_node *b, uint64_t address)
{
  uint32_t i = 0;
  while (i + 1u < b->count && b->key[i + 1] <= address) {
    i += 1;
  }
  return i;
}

/* The run at entry i of a sound leaf that ends at leaf_last. */
static enum validity take_run(const struct mem_alloc_node *leaf, uint32_t i, uint64_t leaf_last,
                              struct validity_run *run)
{
  run->first = leaf->key[i];
  run->last = i + 1u < leaf->count ? leaf->key[i + 1] - 1 : leaf_last;
  run->state = state_of(leaf->tag[i]);
  return check_mark(run->first, run->last, leaf->tag[i], leaf->bin[i]);
}

/* Goes down one level from sound node b: to its child, and to the range of that. */
static enum validity step_down(const struct mem_alloc *m, uint64_t address, const struct mem_alloc_node **b,
                               uint64_t *first, uint64_t *last)
{
  const struct mem_alloc_node *const parent = *b;
  const uint32_t i = entry_at(parent, address);
  const uint32_t x = parent->child[i];
  if (x < 1 || x > m->fresh) {
    return VALIDITY_NUMBER;
  }
  *b = &m->nodes[x - 1];
  *first = parent->key[i];
  *last = i + 1u < parent->count ? parent->key[i + 1] - 1 : *last;
  const enum validity validity = check_alone(*b, parent->level - 1, *first, *last);
  return validity == VALIDITY_SOUND ? check_summary(parent, i, *b) : validity;
}

enum validity validity_at(const struct mem_alloc *m, uint64_t address, struct validity_run *run)
{
  enum validity validity = check_fields(m);
  uint64_t first = 0;
  uint64_t last = UINT64_MAX;
  if (validity != VALIDITY_SOUND || m->root == 0) {
    *run = (struct validity_run){ .first = 0, .last = UINT64_MAX, .state = MEM_ALLOC_ABSENT };
    return validity;
  }
  if (m->root > m->fresh) {
    return VALIDITY_NUMBER;
  }
  const struct mem_alloc_node *b = &m->nodes[m->root - 1];
  if (b->level < 0 || b->level >= MEM_ALLOC_LEVELS) {
    return VALIDITY_LEVEL;
  }
  validity = check_alone(b, b->level, first, last);
  while (validity == VALIDITY_SOUND && b->level > 0) {
    validity = step_down(m, address, &b, &first, &last);
  }
  return validity == VALIDITY_SOUND ? take_run(b, entry_at(b, address), last, run) : validity;
}

bool validity_of(const struct mem_alloc *m)
{
  return validity_find(m) == VALIDITY_SOUND;
}

const char *validity_name(enum validity validity)
{
  static const char *const names[VALIDITY_ANSWERS] = {
    [VALIDITY_SOUND] = "nothing is wrong",
    [VALIDITY_NULL] = "there is no allocator",
    [VALIDITY_STORAGE] = "nodes without storage, or storage without nodes",
    [VALIDITY_COUNTS] = "not live <= fresh <= capacity",
    [VALIDITY_FIXED] = "fixed is neither 0 nor 1",
    [VALIDITY_RESERVED] = "a reserved field is not 0",
    [VALIDITY_SPARE] = "a spare node is none, or not marked as spare",
    [VALIDITY_NUMBER] = "the root or a child is no node",
    [VALIDITY_TWICE] = "a node is met twice",
    [VALIDITY_LEVEL] = "a node has a wrong level",
    [VALIDITY_ENTRIES] = "a node has no entries, or too many",
    [VALIDITY_FIRST_KEY] = "a node does not start where its range does",
    [VALIDITY_KEY_ORDER] = "keys do not ascend",
    [VALIDITY_LAST_KEY] = "a key is above its node's range",
    [VALIDITY_TAG] = "the tag of a free run is wrong",
    [VALIDITY_BIN] = "the bin of a run is wrong",
    [VALIDITY_NEIGHBOURS] = "two neighbouring runs should be one",
    [VALIDITY_SUMMARY_TAG] = "the tag of a child is not its largest",
    [VALIDITY_SUMMARY_BIN] = "the bin of a child is not its largest",
    [VALIDITY_OCCUPANCY] = "two neighbouring children have too few entries",
    [VALIDITY_ONLY_CHILD] = "the root has a single child",
    [VALIDITY_LOST] = "a node is neither in the tree nor spare",
    [VALIDITY_HEIGHT] = "too many levels for so few runs",
  };
  return names[validity];
}
