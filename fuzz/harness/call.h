/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_CALL_H
#define FUZZ_HARNESS_CALL_H

/* One call of an allocator, as it is made, recorded and told; and what the model says of it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/model/model.h"

/* Where *address is not written; as in checks.h. */
#define UNWRITTEN UINT64_C(0xa5a5a5a5a5a5a5a5)

/* RESTART is destroy, and what `first` says: these bits are set. */
enum restart {
  RESTART_TWICE = 1,   /* destroy it twice */
  RESTART_ZEROS = 2,   /* begin with zeros instead of init, with malloc */
  RESTART_AS_IT_IS = 4, /* begin without init: with malloc, whatever storage it had */
  RESTART_FAILED = 8   /* try init_static without storage first */
};

/* ADD_MANY adds 2^0 to 2^17 regions of one address, with one between them; 2^0 to 2^11 where there are many runs. */
enum { ADD_MANY_ORDERS = 18, ADD_MANY_ORDERS_MORE = 12 };

enum function {
  ADD_FREE, GET, GET_ALIGNED, PUT, APPLY_CONSTRAINT, RESERVE, ADD_MANY, RESTART,
  NULL_ARGUMENTS, DAMAGE
};

struct call {
  enum function function;
  uint32_t target;    /* which allocator */
  uint32_t other;     /* which one is the constraint; of DAMAGE: 1 if there is damage already */
  uint32_t fail_from; /* which malloc fails first, 0: none */
  uint32_t operation; /* number of the operation it belongs to, from 1 on; 0: the start of the input */
  uint64_t first;     /* address, or the only argument; the place that is damaged */
  uint64_t second;    /* size, alignment, number of regions; what is put there */
  bool refused;       /* it said NO_MEMORY and may; with malloc it was then made again */
  bool returned;      /* the allocator answered: status and address are its answer */
  bool final;         /* it was not made again: NO_MEMORY is the right answer */
  int status;         /* of DAMAGE: OK if the copy is said to be valid, else INVALID */
  uint64_t address;   /* where the block is; of ADD_MANY: how many regions were added; of DAMAGE: what is wrong, an
                         enum validity */
};

/* What a model needs memory for: see call_needs(). */
struct needs {
  int status;    /* the answer, if there is memory */
  uint64_t runs; /* the most runs that the allocator has before, during or after the call */
  uint64_t cuts; /* of apply_constraint: FREE runs are cut at so many places */
};

/*
 * The call, by the model of its allocator: what it must say. constraint is
 * the model of call->other. Says OK to a reserve, as the model has no
 * storage. *address is where the block is, or how many regions were added.
 */
int call_model(const struct call *call, struct model *model, const struct model *constraint, uint64_t *address);

const char *status_name(int status);

/* "0x1000"; near 2^63 and 2^64 the distance: "2^64-0x1000". Returns text. */
enum { NUMBER_TEXT_MAX = 32 };
const char *number_to_text(uint64_t number, char text[NUMBER_TEXT_MAX]);

/* "get(m0, 0x1000)" and so on, to text. */
void call_to_text(const struct call *call, char *text, size_t size);

/* What it will need and answer. Changes nothing. */
struct needs call_needs(const struct call *call, const struct model *model, const struct model *constraint);

#endif
