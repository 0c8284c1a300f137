/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/bench/list.h"

#include <stdlib.h>

static void insert_before(struct list_link *link, struct list_link *position)
{
  link->previous = position->previous;
  link->next = position;
  position->previous->next = link;
  position->previous = link;
}

static void unlink_only(struct list_link *link)
{
  link->previous->next = link->next;
  link->next->previous = link->previous;
}

static struct list_link *new_link(struct list *list, uint64_t address, uint64_t size)
{
  struct list_link *link = malloc(sizeof *link);
  if (link != NULL) {
    link->address = address;
    link->size = size;
    list->links++;
  }
  return link;
}

static void delete_link(struct list *list, struct list_link *link)
{
  unlink_only(link);
  free(link);
  list->links--;
}

static void init_head(struct list_link *head)
{
  head->address = 0;
  head->size = 0;
  head->previous = head;
  head->next = head;
}

void list_init(struct list *list)
{
  init_head(&list->free);
  init_head(&list->allocated);
  list->links = 0;
}

void list_destroy(struct list *list)
{
  while (list->free.next != &list->free) {
    delete_link(list, list->free.next);
  }
  while (list->allocated.next != &list->allocated) {
    delete_link(list, list->allocated.next);
  }
}

/* Put a link that is in no list among the free ranges and join it with those it touches. */
static void make_free(struct list *list, struct list_link *link)
{
  struct list_link *const head = &list->free;
  struct list_link *above = head->next;
  while (above != head && above->address < link->address) {
    above = above->next;
  }
  insert_before(link, above);
  if (above != head && link->address + link->size == above->address) {
    link->size += above->size;
    delete_link(list, above);
  }
  struct list_link *const below = link->previous;
  if (below != head && below->address + below->size == link->address) {
    below->size += link->size;
    delete_link(list, link);
  }
}

bool list_add_free(struct list *list, uint64_t address, uint64_t size)
{
  struct list_link *const link = new_link(list, address, size);
  if (link == NULL) {
    return false;
  }
  make_free(list, link);
  return true;
}

/* Cut a block out of a free range that has `skip` addresses below it; at least one address must remain. */
static struct list_link *cut(struct list *list, struct list_link *range, uint64_t skip, uint64_t size)
{
  const uint64_t place = range->address + skip;
  const uint64_t rest = range->size - skip - size;
  struct list_link *const block = new_link(list, place, size);
  if (block == NULL) {
    return NULL;
  }
  if (skip == 0) {
    range->address = place + size;
    range->size = rest;
    return block;
  }
  if (rest != 0) {
    struct list_link *const tail = new_link(list, place + size, rest);
    if (tail == NULL) {
      free(block);
      list->links--;
      return NULL;
    }
    insert_before(tail, range->next);
  }
  range->size = skip;
  return block;
}

bool list_get(struct list *list, uint64_t *address, uint64_t size)
{
  const uint64_t mask = (size & (~size + 1)) - 1;
  struct list_link *const head = &list->free;
  for (struct list_link *range = head->next; range != head; range = range->next) {
    const uint64_t skip = ((range->address + mask) & ~mask) - range->address;
    if (range->size < size || range->size - size < skip) {
      continue;
    }
    struct list_link *block = range;
    if (range->size == size) {
      unlink_only(range);
    } else {
      block = cut(list, range, skip, size);
      if (block == NULL) {
        return false;
      }
    }
    insert_before(block, &list->allocated);
    *address = block->address;
    return true;
  }
  return false;
}

/* As in OPAE, the range goes back with a link of its own: that of the block is freed, and another one is got. */
bool list_put(struct list *list, uint64_t address)
{
  struct list_link *const head = &list->allocated;
  for (struct list_link *block = head->next; block != head; block = block->next) {
    if (block->address == address) {
      const uint64_t size = block->size;
      delete_link(list, block);
      return list_add_free(list, address, size);
    }
  }
  return false;
}
