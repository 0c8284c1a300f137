/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/damage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field { FRESH, SPARE, LIVE, ROOT, FIXED, RESERVED, COUNT, LEVEL, KEY, TAG, BIN, CHILD };

/* Place as field, node (its number less one) and slot. */
struct spot {
  enum field field;
  size_t node;
  size_t slot; /* or index */
};

static struct spot spot_of(size_t place)
{
  struct spot spot = { .field = (enum field)place };
  if (place >= DAMAGE_OBJECT_PLACES) {
    const size_t rest = (place - DAMAGE_OBJECT_PLACES) % DAMAGE_NODE_PLACES;
    spot.node = (place - DAMAGE_OBJECT_PLACES) / DAMAGE_NODE_PLACES;
    spot.field = (enum field)(COUNT + rest);
    if (rest >= 2) { /* the rows, one slot of each after the other */
      spot.field = (enum field)(KEY + (rest - 2) % 4);
      spot.slot = (rest - 2) / 4;
    }
  } else if (place >= RESERVED) {
    spot.field = RESERVED;
    spot.slot = place - RESERVED;
  }
  return spot;
}

size_t damage_places(uint32_t nodes)
{
  return DAMAGE_OBJECT_PLACES + (size_t)nodes * DAMAGE_NODE_PLACES;
}

uint64_t damage_read(const struct mem_alloc *m, size_t place)
{
  const struct spot spot = spot_of(place);
  uint64_t value = 0;
  switch (spot.field) {
  case FRESH: value = m->fresh; break;
  case SPARE: value = m->spare; break;
  case LIVE: value = m->live; break;
  case ROOT: value = m->root; break;
  case FIXED: value = m->fixed; break;
  case RESERVED: value = m->reserved[spot.slot]; break;
  case COUNT: value = m->nodes[spot.node].count; break;
  case LEVEL: value = (uint64_t)(int64_t)m->nodes[spot.node].level; break;
  case KEY: value = m->nodes[spot.node].key[spot.slot]; break;
  case TAG: value = m->nodes[spot.node].tag[spot.slot]; break;
  case BIN: value = (uint64_t)(int64_t)m->nodes[spot.node].bin[spot.slot]; break;
  case CHILD: value = m->nodes[spot.node].child[spot.slot]; break;
  }
  return value;
}

void damage_write(struct mem_alloc *m, size_t place, uint64_t value)
{
  const struct spot spot = spot_of(place);
  switch (spot.field) {
  case FRESH: m->fresh = (uint32_t)value; break;
  case SPARE: m->spare = (uint32_t)value; break;
  case LIVE: m->live = (uint32_t)value; break;
  case ROOT: m->root = (uint32_t)value; break;
  case FIXED: m->fixed = (uint32_t)value; break;
  case RESERVED: m->reserved[spot.slot] = value; break;
  case COUNT: m->nodes[spot.node].count = (uint16_t)value; break;
  case LEVEL: m->nodes[spot.node].level = (int8_t)(uint8_t)value; break;
  case KEY: m->nodes[spot.node].key[spot.slot] = value; break;
  case TAG: m->nodes[spot.node].tag[spot.slot] = (uint8_t)value; break;
  case BIN: m->nodes[spot.node].bin[spot.slot] = (int16_t)(uint16_t)value; break;
  case CHILD: m->nodes[spot.node].child[spot.slot] = (uint32_t)value; break;
  }
}

void damage_name(size_t place, char name[DAMAGE_NAME_MAX])
{
  static const char *const names[] = {
    "fresh", "spare", "live", "root", "fixed", "reserved", "count", "level", "key", "tag", "bin", "child"
  };
  const struct spot spot = spot_of(place);
  const char *const field = names[spot.field];
  if (spot.field < RESERVED) {
    (void)snprintf(name, DAMAGE_NAME_MAX, "%s", field);
  } else if (spot.field == RESERVED) {
    (void)snprintf(name, DAMAGE_NAME_MAX, "%s[%u]", field, (unsigned)spot.slot);
  } else if (spot.field < KEY) {
    (void)snprintf(name, DAMAGE_NAME_MAX, "nodes[%" PRIu32 "].%s", (uint32_t)spot.node, field);
  } else {
    (void)snprintf(name, DAMAGE_NAME_MAX, "nodes[%" PRIu32 "].%s[%u]", (uint32_t)spot.node, field,
                   (unsigned)spot.slot);
  }
}

struct mem_alloc damage_copy(const struct mem_alloc *m)
{
  struct mem_alloc copy = *m;
  if (m->nodes != NULL) {
    copy.nodes = malloc((size_t)m->capacity * sizeof *copy.nodes);
    if (copy.nodes == NULL) {
      fprintf(stderr, "damage: out of memory\n");
      abort();
    }
    memcpy(copy.nodes, m->nodes, (size_t)m->capacity * sizeof *copy.nodes);
  }
  return copy;
}
