// SPDX-License-Identifier: BSD-3-Clause

// A small user of the library in C++. Exit status 0: all is well.

#include <opae/mem_alloc.h>
#include <opae/mem_alloc_ext.h>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

// Gives the addresses back when it goes out of scope. The allocator is a plain member.
class AddressSpace {
 public:
  AddressSpace(uint64_t address, uint64_t size) : allocator_() {
    if (mem_alloc_add_free(&allocator_, address, size) != MEM_ALLOC_OK) {
      std::fprintf(stderr, "consumer.cc: add_free failed\n");
    }
  }
  AddressSpace(const AddressSpace &) = delete;
  AddressSpace &operator=(const AddressSpace &) = delete;
  ~AddressSpace() { mem_alloc_destroy(&allocator_); }

  bool get(uint64_t size, uint64_t *address) {
    return mem_alloc_get(&allocator_, address, size) == MEM_ALLOC_OK;
  }
  bool put(uint64_t address) { return mem_alloc_put(&allocator_, address) == MEM_ALLOC_OK; }
  bool valid() const { return mem_alloc_is_valid(&allocator_); }

  std::vector<uint32_t> states() const {
    std::vector<uint32_t> result;
    mem_link run;
    for (int status = mem_alloc_first_run(&allocator_, &run); status == MEM_ALLOC_OK;
         status = mem_alloc_next_run(&allocator_, &run)) {
      result.push_back(run.state);
    }
    return result;
  }

 private:
  mem_alloc allocator_;
};

static_assert(sizeof(mem_alloc) == 64, "the size of OPAE's");
static_assert(alignof(mem_alloc) == 8, "the alignment of OPAE's");

bool works() {
  AddressSpace space(0x1000, 0x3000);
  uint64_t first = 0;
  uint64_t second = 0;
  if (!space.get(0x1000, &first) || !space.get(0x1000, &second) || first != 0x1000 || second != 0x2000) {
    return false;
  }
  if (!space.put(first) || space.put(first)) {
    return false;
  }
  const std::vector<uint32_t> expected = {MEM_ALLOC_FREE, MEM_ALLOC_ALLOCATED, MEM_ALLOC_FREE};
  return space.valid() && space.states() == expected;
}

}  // namespace

int main() {
  if (!works()) {
    std::fprintf(stderr, "consumer.cc: failed\n");
    return 1;
  }
  return 0;
}
