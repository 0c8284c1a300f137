/* SPDX-License-Identifier: BSD-3-Clause */
#include "fit.h"

#include "bits.h"

uint8_t fit_order(uint64_t start, uint64_t last)
{
  const uint64_t span = last - start;
  uint64_t first;
  uint8_t order;
  if (span == UINT64_MAX) {
    return 63; /* the whole space: its size is not a uint64_t */
  }
  order = bits_floor_log2(span + 1);
  if (bits_align_up(start, order, &first) && first <= last && last - first >= ((uint64_t)1 << order) - 1) {
    return order;
  }
  /* Two neighbouring half blocks can be cut badly, but one of the two is whole. */
  return (uint8_t)(order - 1);
}

uint8_t fit_least_tag(uint64_t span, uint8_t align)
{
  const uint8_t order = bits_floor_log2(span + 1);
  if (align >= order) {
    return (uint8_t)(FIT_FREE + order);
  }
  return (uint8_t)(FIT_FREE + order - 1);
}

bool fit_place(uint64_t start, uint64_t last, uint64_t span, uint8_t align, uint64_t *place)
{
  uint64_t first;
  if (!bits_align_up(start, align, &first) || first > last || last - first < span) {
    return false;
  }
  *place = first;
  return true;
}
