/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FUZZ_HARNESS_OPERATIONS_H
#define FUZZ_HARNESS_OPERATIONS_H

/*
 * The encoding: what the bytes of an input mean. Nothing here runs anything,
 * and nothing depends on what the allocators hold, so that an input can be
 * cut into its operations, changed, and put together again.
 *
 * Bytes missing at the end of an input read as 0. An input is two bytes, the
 * header, and then one operation after the other.
 *
 * Byte 0: bits 0-1  number of allocators (above the least, modulo what the
 *                   target allows)
 *         bits 2-3  size of a page: 2^12, 2^0, 2^30 or 2^56
 *         bits 4-5  where page 0 is: at 0; 192 pages below 2^64; 96 pages
 *                   below 2^63; at three pages and one address
 *         bit 6     1: start with the pages 0 to 190 added to every allocator
 *         bit 7     1: allocators start zero-filled instead of by init
 *                   (without static storage)
 * Byte 1: static storage, if the target has it: bits 0-5 its nodes n: n + 1
 *         below 32, else 32 + 8 * (n - 31); bits 6-7, if the target has malloc
 *         as well: static for the allocators 0 and 2; for 1 and 3
 *
 * An operation is a byte and its arguments, none to two:
 *         bits 0-3  which operation: an index of fuzz_profile.choices
 *         bits 4-5  which allocator (modulo their number)
 *         bits 6-7  k > 0: every malloc during the operation fails from the
 *                   k-th on, if the target lets malloc fail
 *
 * An argument is one plain byte, or an address, or a size. Addresses and
 * sizes are one byte below 192 (pages), or a selector and what follows:
 *         below 192 an address: that page; a size: below 176 that modulo 20
 *                   pages, from there on 16, 32 ... 256 pages
 *         selector  bits 6-7 set, bits 0-2 kind, bits 3-5 delta + 4; then
 *                   eight bytes, the lowest first, for kind 1, and for the
 *                   others one byte b (see enum argument_kind)
 * So are alignments, which as one byte b say 2^(b % 64) below 128, from there
 * on 2^(b % 8) pages; and values of damaged fields, which as one byte b below 192 say what is
 * added to the old value: 1, -1, 2, -2 ...
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fuzz_profile; /* profile.h */

/* What the arguments of an operation are is in operations.c. */
enum operation_kind {
  OPERATION_ADD_FREE,         /* add_free(address, size) */
  OPERATION_ADD_BESIDE,       /* add_free(right above run x / 2 if x is odd, else right below it, size) */
  OPERATION_GET,              /* get(size) */
  OPERATION_GET_MANY,         /* 2 + y % 8 times get(size) */
  OPERATION_GET_ALIGNED,      /* get_aligned(size, alignment) */
  OPERATION_PUT,              /* put(live block x) */
  OPERATION_PUT_MANY,         /* 2 + y % 8 times put: of live block x, x + 1 ... as they are by then */
  OPERATION_PUT_AT,           /* put(address) */
  OPERATION_APPLY_CONSTRAINT, /* apply_constraint(allocator x) */
  OPERATION_RESERVE,          /* reserve(y below 180: x; below 184 x + what makes nearly 2^32 nodes; below 192
                                 2^64 - 1 - x; else 2^(y % 64) - 1 + x) */
  OPERATION_ADD_MANY,         /* 2^(y % 18) times add_free(address, 1), address + 2 ... */
  OPERATION_RESTART,          /* destroy, and what the bits of x say: enum restart */
  OPERATION_NULL_ARGUMENTS,   /* each function with NULL */
  OPERATION_CHURN,            /* 8 + x gets and puts, made up from y: see operation_step() */
  OPERATION_DAMAGE,           /* in a copy of the allocator: field x = value; then is_valid of the copy */
  OPERATION_DAMAGE_MORE,      /* the same in the copy of the damage before, if that was the last operation */
  OPERATION_KINDS
};

enum argument_kind {
  ARGUMENT_SMALL,     /* b */
  ARGUMENT_NUMBER,    /* any 64-bit number */
  ARGUMENT_POWER,     /* 2^(b % 64) + delta */
  ARGUMENT_TOP,       /* 2^64 - b + delta; as a size of add_free: the distance to that place */
  ARGUMENT_RUN_FIRST, /* first address of run b, + delta; as a size of add_free: the distance */
  ARGUMENT_RUN_END,   /* last address of run b + 1, + delta; as a size of add_free: the distance */
  ARGUMENT_RUN_SIZE,  /* size of run b + delta */
  ARGUMENT_SHIFTED,   /* b * 2^(8 * (delta + 4)) */
  ARGUMENT_PLAIN      /* b: a page, or a plain byte */
};

/* What a place among the arguments holds. */
enum argument_field { FIELD_NONE, FIELD_BYTE, FIELD_ADDRESS, FIELD_SIZE, FIELD_ALIGNMENT, FIELD_VALUE };

struct argument {
  enum argument_kind kind;
  int8_t delta; /* -4 to 3; ARGUMENT_NUMBER keeps it, too, so that every selector has a reading */
  uint8_t byte;
  uint64_t number; /* of ARGUMENT_NUMBER only */
};

struct operation {
  enum operation_kind kind;
  uint8_t allocator; /* 0 to 3 */
  uint8_t fail_from; /* 0 to 3 */
  struct argument arguments[2];
};

enum {
  HEADER_BYTES = 2,
  OPERATION_BYTES_MAX = 1 + 2 * 9,
  ARGUMENT_PAGES = 192, /* plain bytes below this are pages */
  OPERATION_CHOICES = 16
};

/* One operation of an input. */
struct operation_piece {
  size_t offset;
  size_t length;
};

enum argument_field operation_field(enum operation_kind kind, uint32_t index);

const char *operation_name(enum operation_kind kind);

/* Can the operation be written in an input of this target? */
bool operation_allowed(const struct fuzz_profile *profile, enum operation_kind kind);

/* The operation at the start of size > 0 bytes, to *operation; returns how many bytes it takes, at most size. */
size_t operation_decode(const struct fuzz_profile *profile, const uint8_t *data, size_t size,
                        struct operation *operation);

/*
 * Its bytes; returns how many there are, or 0 if the target does not allow
 * it. Plain addresses and sizes from ARGUMENT_PAGES on are not expressible.
 */
size_t operation_encode(const struct fuzz_profile *profile, const struct operation *operation,
                        uint8_t bytes[OPERATION_BYTES_MAX]);

bool operation_equal(const struct operation *left, const struct operation *right);

/*
 * Cuts an input into at most `most` pieces, and no more than the target's
 * operations_max; returns how many there are. What follows the last one is
 * never run.
 */
size_t operations_cut(const struct fuzz_profile *profile, const uint8_t *data, size_t size,
                      struct operation_piece *pieces, size_t most);

/*
 * Operations that stand for several others (GET_MANY, PUT_MANY, CHURN): how
 * many, and the one with this number. Others have one step, themselves.
 */
uint32_t operation_steps(const struct operation *operation);
struct operation operation_step(const struct operation *operation, uint32_t index);

/* How byte b picks one of count > 0 things: the first 128 one by one, then spread over all of them. */
size_t operation_pick(uint8_t b, size_t count);

#ifdef __cplusplus
}
#endif

#endif
