/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A small user of the library in plain old C: declarations first, no C99
 * syntax, so that it also compiles as gnu89. Exit status 0: all is well.
 */

#include <opae/mem_alloc.h>
#include <opae/mem_alloc_ext.h>

#include <stdio.h>

struct device {
  int number;
  struct mem_alloc addresses;
};

static struct mem_alloc_node storage[MEM_ALLOC_NODES_FOR(20)];

static int expect(int condition, const char *what)
{
  if (!condition) {
    fprintf(stderr, "consumer.c: failed: %s\n", what);
  }
  return condition ? 0 : 1;
}

int main(void)
{
  struct device device;
  struct mem_alloc fixed;
  struct mem_link run;
  uint64_t buffer = 0;
  uint64_t page = 0;
  int failures = 0;

  device.number = 1;
  mem_alloc_init(&device.addresses);
  failures += expect(mem_alloc_add_free(&device.addresses, 0x200000, 0x400000) == 0, "add_free");
  failures += expect(mem_alloc_get(&device.addresses, &page, 0x1000) == 0 && page == 0x200000, "get a page");
  failures += expect(mem_alloc_get(&device.addresses, &buffer, 0x200000) == 0 && buffer == 0x400000, "huge");
  failures += expect(mem_alloc_put(&device.addresses, page) == 0, "put");
  failures += expect(mem_alloc_put(&device.addresses, page) == MEM_ALLOC_NOT_FOUND, "put twice");
  failures += expect(mem_alloc_first_run(&device.addresses, &run) == 0 && run.address == 0x200000, "first");
  failures += expect(mem_alloc_next_run(&device.addresses, &run) == 0 && run.last == 0x5fffff, "next run");
  failures += expect(mem_alloc_is_valid(&device.addresses), "valid");
  mem_alloc_destroy(&device.addresses);

  failures += expect(mem_alloc_init_static(&fixed, storage, MEM_ALLOC_NODES_FOR(20)) == 0, "static");
  failures += expect(mem_alloc_reserve(&fixed, 20) == 0, "reserve");
  failures += expect(mem_alloc_add_free(&fixed, 0, 0x1000) == 0, "add_free to static");
  mem_alloc_destroy(&fixed);
  return failures == 0 ? 0 : 1;
}
