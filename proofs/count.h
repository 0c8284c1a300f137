/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PROOFS_COUNT_H
#define PROOFS_COUNT_H

/*
 * Sums over addresses, run by run: what the statistics count. Annotations
 * only.
 */

#include "space.h"

/* Over a run, the sums grow by its addresses, by one run, and to its length. */
/*@ ghost
/@ requires homes: homes_in(t);
 @ requires run: run_starts_in(t, start) && run_last_in(t, start) == last;
 @ requires state: 0 <= state <= FIT_FREE;
 @ requires here: here != 0 <==> state_of(run_code_in(t, start)) == state;
 @ terminates \true; exits \false; assigns \nothing;
 @ ensures addresses: addresses_below(t, state, last + 1) ==
     addresses_below(t, state, start) + (here != 0 ? last - start + 1 : 0);
 @ ensures runs: runs_below(t, state, last + 1) == runs_below(t, state, start) + (here != 0 ? 1 : 0);
 @ ensures longest: longest_below(t, state, last + 1) ==
     (here != 0 ? \max(longest_below(t, state, start), last - start + 1) : longest_below(t, state, start)); @/
static void count_run(struct tree_state t, uint8_t state, uint64_t start, uint64_t last, int here)
{
  uint64_t k = start;
  /@ assert home: \forall integer j; start <= j <= last ==> home_in(t, j) == start; @/
  /@ assert state: \forall integer j; start <= j <= last ==> (state_in(t, j) == state <==> here != 0); @/
  /@ assert first: state_of(run_code_in(t, start)) == state <==> here != 0; @/
  /@ assert own: \forall integer j; run_starts_in(t, j) ==> home_in(t, j) == j; @/
  /@ assert rest: \forall integer j; start < j <= last ==> run_code_in(t, j) == 0; @/
  /@ loop invariant range: start <= k <= last;
   @ loop invariant addresses: addresses_below(t, state, k + 1) ==
       addresses_below(t, state, start) + (here != 0 ? k - start + 1 : 0);
   @ loop invariant runs: runs_below(t, state, k + 1) == runs_below(t, state, start) + (here != 0 ? 1 : 0);
   @ loop invariant longest: longest_below(t, state, k + 1) ==
       (here != 0 ? \max(longest_below(t, state, start), last - start + 1) : longest_below(t, state, start));
   @ loop assigns k;
   @ loop variant last - k; @/
  while (k < last) {
    k++;
  }
}
*/

#endif
