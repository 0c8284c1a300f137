/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"
#include "pool.h"

void map_raise_slot(struct mem_alloc *m, uint32_t p, uint32_t slot, uint8_t tag, int16_t bin)
{
  const uint8_t old_tag = pool_tag(m, p, slot);
  const int16_t old_bin = pool_bin(m, p, slot);
  /* Stored also where nothing changes: a branch on that would often be foreseen wrongly. */
  pool_set_tag(m, p, slot, old_tag < tag ? tag : old_tag);
  pool_set_bin(m, p, slot, old_bin < bin ? bin : old_bin);
}

/* Raise what the entry at slot of inner node x says, so that it allows a run of that mark. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires inside: 1 <= x <= mirror_capacity && slot < MEM_ALLOC_FAN_OUT;
    requires entry: entry_in(tree, x, slot, mirror_child[x].v[slot]);
    requires range: mirror_bin[x].v[slot] <= FIT_BINS * 56;
    requires mark: 0 <= mark.bin <= FIT_BINS * 56;
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[x].v[slot], mirror_bin[x].v[slot],
      node_most[mirror_child[x].v[slot]], node_longest[mirror_child[x].v[slot]];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures leaves: same_leaves(tree, \old(tree));
    ensures entries: entries_grown(tree, \old(tree));
    ensures bounds: bounds_grown(tree, \old(tree));
    ensures raised: mark.tag <= node_most[mirror_child[x].v[slot]] &&
      mark.bin <= node_longest[mirror_child[x].v[slot]];
*/
static void map_raise_one(struct mem_alloc *m, uint32_t x, uint32_t slot, struct fit_mark mark)
{
  //@ ghost struct tree_state b = tree;
  //@ ghost uint32_t child = mirror_child[x].v[slot];
  map_raise_slot(m, x, slot, mark.tag, mark.bin);
  //@ assert nodes: summary_same_nodes(tree, b);
  //@ assert runs: summary_same_runs(tree, b);
  //@ assert rows: summary_rows(tree, b, x, slot);
  //@ assert bounds: same_bounds(tree, b, -1, -1, -1);
  //@ assert mark: mark.tag <= mirror_tag[x].v[slot] && mark.bin <= mirror_bin[x].v[slot] <= FIT_BINS * 56;
  //@ assert entries: entries_grown(tree, b);
  //@ ghost summary_note_raise(m, b, MAP_LEVELS, x, slot, child, mark.tag, mark.bin);
}

void map_raise(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark)
{
  uint32_t level = (uint32_t)pool_level(m, pool_root(m));
  //@ ghost struct tree_state first = tree;
  //@ ghost summary_note_root(m, first, MAP_LEVELS, mark.tag, mark.bin);
  /* From the top, so that no summary is ever below one that it covers. */
  /*@ loop invariant range: 0 <= level <= mirror_level[mirror_root];
      loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant raised: \forall integer l; level <= l <= mirror_level[mirror_root] ==>
        mark.tag <= node_most[way->node[l]] && mark.bin <= node_longest[way->node[l]];
      loop invariant leaves: same_leaves(tree, first);
      loop invariant grown: entries_grown(tree, first);
      loop invariant bounds: bounds_grown(tree, first);
      loop assigns level, EDIT_SUMMARY(m);
      loop variant level;
  */
  while (level > 0u) {
    //@ ghost struct tree_state b = tree;
    const uint32_t x = map_way_node(way, level);
    const uint32_t slot = map_way_slot(way, level);
    //@ assert inside: 1 <= x <= mirror_capacity && slot < MEM_ALLOC_FAN_OUT;
    //@ assert link: mirror_child[x].v[slot] == way->node[level - 1];
    //@ assert entry: entry_in(b, x, slot, mirror_child[x].v[slot]);
    //@ assert range: b.rows.bin[x].v[slot] <= FIT_BINS * 56;
    map_raise_one(m, x, slot, mark);
    //@ ghost lemma_grown(first, b);
    level--;
  }
  //@ assert way_top: way_top(way, 0);
  //@ assert way_nodes: way_nodes(way, 0);
  //@ assert way_slots: way_slots(way, 0);
  //@ assert way_links: way_links(way, 0);
}

/* Make the tag above the way's node at level, which is not the root's, exact. Was it larger? */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires level: 0 <= level < mirror_level[mirror_root];
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[way->node[level + 1]].v[way->slot[level + 1]],
      node_most[way->node[level]];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures way_top: way_top(way, 0);
    ensures way_nodes: way_nodes(way, 0);
    ensures way_slots: way_slots(way, 1);
    ensures way_links: way_links(way, 0);
    ensures exact: top_tag_in(tree, way->node[level], way_tag(way, level));
    ensures lowered: \result <==> way_tag(way, level) < \old(way_tag(way, level));
*/
static bool map_lower_tag(struct mem_alloc *m, const struct map_way *way, uint32_t level)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  const uint8_t exact = pool_top_tag(m, map_way_node(way, level));
  const uint8_t old = pool_tag(m, parent, slot);
  //@ ghost struct tree_state b = tree;
  //@ assert entry: entry_in(b, parent, slot, way->node[level]);
  pool_set_tag(m, parent, slot, exact);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ ghost summary_note_tag(m, b, MAP_LEVELS, parent, slot, (uint32_t)way->node[level]);
  return exact < old;
}

/* The same of the bin. */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires level: 0 <= level < mirror_level[mirror_root];
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_bin[way->node[level + 1]].v[way->slot[level + 1]],
      node_longest[way->node[level]];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures way_top: way_top(way, 0);
    ensures way_nodes: way_nodes(way, 0);
    ensures way_slots: way_slots(way, 1);
    ensures way_links: way_links(way, 0);
    ensures exact: top_bin_in(tree, way->node[level], way_bin(way, level));
    ensures lowered: \result <==> way_bin(way, level) < \old(way_bin(way, level));
*/
static bool map_lower_bin(struct mem_alloc *m, const struct map_way *way, uint32_t level)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  const int16_t exact = pool_top_bin(m, map_way_node(way, level));
  const int16_t old = pool_bin(m, parent, slot);
  //@ ghost struct tree_state b = tree;
  //@ assert entry: entry_in(b, parent, slot, way->node[level]);
  /*@ assert attained: \exists integer j; 0 <= j < b.rows.count[way->node[level]] &&
        b.rows.bin[way->node[level]].v[j] == exact; */
  pool_set_bin(m, parent, slot, exact);
  //@ assert codes: same_codes(tree, b);
  //@ assert lasts: same_lasts(tree, b);
  //@ ghost summary_note_bin(m, b, MAP_LEVELS, parent, slot, (uint32_t)way->node[level]);
  return exact < old;
}

/*
 * Both, where a run of that mark may have been the largest. Without a branch for each: which of the two changes
 * is as good as random, and a wrong guess takes longer than the maximum of a row.
 */
/*@ requires glue: glue(m);
    requires pool: pool_ok;
    requires tree: tree_ok(MAP_LEVELS);
    requires level: 0 <= level < mirror_level[mirror_root];
    requires valid: \valid_read(way);
    requires way: way_leaf(way);
    terminates \true;
    exits \false;
    assigns m->nodes[0 .. mirror_capacity - 1], mirror_tag[way->node[level + 1]].v[way->slot[level + 1]],
      mirror_bin[way->node[level + 1]].v[way->slot[level + 1]], node_most[way->node[level]],
      node_longest[way->node[level]];
    ensures glue: glue(m);
    ensures pool: pool_ok;
    ensures tree: tree_ok(MAP_LEVELS);
    ensures way_top: way_top(way, 0);
    ensures way_nodes: way_nodes(way, 0);
    ensures way_slots: way_slots(way, 1);
    ensures way_links: way_links(way, 0);
    ensures exact: way_exact(way, level) || way_above(way, level, mark);
    ensures kept: !\result ==> way_kept_up{Pre, Here}(way, level);
*/
static bool map_lower_one(struct mem_alloc *m, const struct map_way *way, uint32_t level,
  struct fit_mark mark)
{
  const uint32_t parent = map_way_node(way, level + 1u);
  const uint32_t slot = map_way_slot(way, level + 1u);
  bool lowered = false;
  if (pool_tag(m, parent, slot) <= mark.tag || pool_bin(m, parent, slot) <= mark.bin) {
    const bool tag_lowered = map_lower_tag(m, way, level);
    const bool bin_lowered = map_lower_bin(m, way, level);
    lowered = tag_lowered || bin_lowered;
  }
  return lowered;
}

void map_lower(struct mem_alloc *m, const struct map_way *way, struct fit_mark mark)
{
  const uint32_t top = (uint32_t)pool_level(m, pool_root(m));
  uint32_t level = 0;
  bool lowered = true;
  /*@ loop invariant range: 0 <= level <= top == mirror_level[mirror_root];
      loop invariant glue: glue(m);
      loop invariant pool: pool_ok;
      loop invariant tree: tree_ok(MAP_LEVELS);
      loop invariant way_top: way_top(way, 0);
      loop invariant way_nodes: way_nodes(way, 0);
      loop invariant way_slots: way_slots(way, 1);
      loop invariant way_links: way_links(way, 0);
      loop invariant leaves: same_leaves(tree, \at(tree, Pre));
      loop invariant done: \forall integer l; 0 <= l < level ==>
        way_exact(way, l) || way_above(way, l, mark) || (0 < l && way_kept_up{Pre, Here}(way, l - 1));
      loop invariant first: level == 0 ==> lowered;
      loop invariant kept: !lowered ==> way_kept_up{Pre, Here}(way, level - 1);
      loop invariant rest: \forall integer l; level <= l < top ==>
        way_tag(way, l) == \at(way_tag(way, l), Pre) && way_bin(way, l) == \at(way_bin(way, l), Pre);
      loop assigns level, lowered, EDIT_SUMMARY(m);
      loop variant top - level;
  */
  while (lowered && level < top) {
    //@ ghost Step: ;
    lowered = map_lower_one(m, way, level, mark);
    //@ assert apart: \forall integer l; 0 <= l <= level ==> way->node[l] != way->node[level + 1];
    /*@ assert says: \forall integer l; 0 <= l < level ==>
          way_tag(way, l) == \at(way_tag(way, l), Step) && way_bin(way, l) == \at(way_bin(way, l), Step); */
    /*@ assert tags: \forall integer l; 0 <= l < level ==>
          mirror_tag[way->node[l]] == \at(mirror_tag[way->node[l]], Step); */
    /*@ assert bins: \forall integer l; 0 <= l < level ==>
          mirror_bin[way->node[l]] == \at(mirror_bin[way->node[l]], Step); */
    //@ assert exact: \forall integer l; 0 <= l < level && \at(way_exact(way, l), Step) ==> way_exact(way, l);
    /*@ assert below: \forall integer l; 0 <= l < level && \at(way_kept_up{Pre, Here}(way, l), Step) ==>
          way_kept_up{Pre, Here}(way, l); */
    level++;
  }
}
