/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The witnesses of proofs/ are proved to meet the precondition of every public function. Here they are run: each must
 * get as far as its call, and the call must succeed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "opae/mem_alloc.h"

typedef int witness(void);
extern witness witness_init, witness_init_static, witness_add_free, witness_reserve, witness_get, witness_get_aligned;
extern witness witness_put, witness_destroy, witness_apply_constraint, witness_runs, witness_get_statistics;
extern witness witness_is_valid, client_start;

static void reaches(void **state)
{
  assert_int_equal((*(witness **)*state)(), MEM_ALLOC_OK);
}

#define REACHES(function) {#function, reaches, NULL, NULL, &(witness *[]){function}[0]}

int main(void)
{
  const struct CMUnitTest tests[] = {
    REACHES(witness_init),
    REACHES(witness_init_static),
    REACHES(witness_add_free),
    REACHES(witness_reserve),
    REACHES(witness_get),
    REACHES(witness_get_aligned),
    REACHES(witness_put),
    REACHES(witness_destroy),
    REACHES(witness_apply_constraint),
    REACHES(witness_runs),
    REACHES(witness_get_statistics),
    REACHES(witness_is_valid),
    REACHES(client_start),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
