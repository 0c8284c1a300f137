/* SPDX-License-Identifier: BSD-3-Clause */
#include "../src/map.h"
#include "shelf.h"

/*
 * Several allocators at once, as a client of map.h: proved, never linked. It
 * shows that what is known of one allocator outlasts work on another.
 */

/*@
  // the cursor is at the run of t that holds address
  predicate holds_address(struct tree_state t, struct map_cursor c, integer address) =
    c.start <= address <= c.last && run_code_in(t, c.start) == c.tag + 1 &&
      run_last_in(t, c.start) == c.last &&
    \forall integer k; c.start < k <= c.last ==> run_code_in(t, k) == 0;
*/

struct several_pair {
  struct map_cursor first;
  struct map_cursor second;
};

/* The runs that hold address in two allocators; they may be one and the same. */
/*@ requires first: shelved(m, g, MAP_LEVELS);
    requires second: shelved(w, h, MAP_LEVELS);
    terminates \true;
    exits \false;
    assigns tree;
    ensures first: holds_address(shelf[g], \result.first, address);
    ensures second: holds_address(shelf[h], \result.second, address);
    ensures kept: shelved(m, g, MAP_LEVELS) && shelved(w, h, MAP_LEVELS);
*/
struct several_pair several_find(const struct mem_alloc *m, const struct mem_alloc *w,
                                 uint64_t address) /*@ ghost (uint32_t g, uint32_t h) */
{
  struct several_pair pair;
  struct map_way way;
  /*@ ghost tree = shelf[g]; */
  pair.first = map_find(m, address, &way);
  /*@ ghost tree = shelf[h]; */
  pair.second = map_find(w, address, &way);
  return pair;
}

/* The lowest place of m that fits the request, and what w has there; found only if m has one. */
/*@ requires first: shelved(m, g, MAP_LEVELS);
    requires second: shelved(w, h, MAP_LEVELS);
    requires exact: tags_exact_in(shelf[g]);
    requires request: request_ok(request);
    terminates \true;
    exits \false;
    assigns tree;
    ensures none: !\result.first.found ==> \forall integer k; !run_fits_in(shelf[g], k, request);
    ensures lowest: \result.first.found ==>
      \forall integer k; k < \result.first.start ==> !run_fits_in(shelf[g], k, request);
    ensures place: \result.first.found ==>
      place_in(\result.first.place, \result.first.start, \result.first.last, request.span, request.align);
    ensures second: holds_address(shelf[h], \result.second, \result.first.place);
    ensures kept: shelved(m, g, MAP_LEVELS) && shelved(w, h, MAP_LEVELS);
*/
struct several_pair several_first_fit(const struct mem_alloc *m, const struct mem_alloc *w,
                                      struct fit_request request) /*@ ghost (uint32_t g, uint32_t h) */
{
  struct several_pair pair;
  struct map_way way;
  /*@ ghost tree = shelf[g]; */
  pair.first = map_first_fit(m, request, &way);
  /*@ ghost tree = shelf[h]; */
  pair.second = map_find(w, pair.first.place, &way);
  return pair;
}
