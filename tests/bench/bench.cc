// SPDX-License-Identifier: BSD-3-Clause

// The cost of a get and put pair, for mem_alloc ("tree") and for the list
// baseline, on the same workloads with the same random numbers:
//
//   W1  churn, powers of two from 4 KiB to 2 MiB, every order equally often
//   W2  fill, then drain in random order; sizes as W1
//   W3  churn, 4 KiB only
//   W4  checkerboard: filled with 4 KiB, every other block put; then 8 KiB in and out
//   W5  churn, page multiples that are no powers of two, 3 to 511 pages
//
// Churn is: put a random live block, get a new one. The region is as large
// as makes the expected live bytes 70 % of it (W4: 50 %, by its nature).
//
// A get that fails for fragmentation is repeated with another size until one
// fits. The time of the failed calls counts, and their number is reported,
// as is the occupancy that results.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "opae/mem_alloc.h"
#include "opae/mem_alloc_ext.h"
#include "tests/bench/list.h"

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kRegionStart = 0x100000;
constexpr uint64_t kLargestBlock = 512 * kPage;
constexpr double kOccupancy = 0.7;
constexpr uint64_t kFewestNumbers = 1u << 16;
constexpr uint64_t kMostNumbers = 1u << 20;
constexpr uint64_t kMostChurn = 2000000;
constexpr uint64_t kMostRetries = 100000;
constexpr uint64_t kStepsAhead = 8;

// What is known about an allocator's metadata after a run.
struct Metadata {
  uint64_t live = 0;        // live blocks
  uint64_t live_bytes = 0;  // their addresses
  uint64_t free_runs = 0;
  uint64_t total_bytes = 0; // metadata memory held
  uint64_t used_bytes = 0;  // of it, in use
  uint64_t levels = 0;
  bool valid = false;
};

class Tree {
 public:
  static constexpr const char *kName = "tree";

  Tree(uint64_t start, uint64_t size) {
    mem_alloc_init(&m_);
    if (mem_alloc_add_free(&m_, start, size) != MEM_ALLOC_OK) {
      throw std::runtime_error("add_free failed");
    }
  }
  ~Tree() { mem_alloc_destroy(&m_); }
  Tree(const Tree &) = delete;
  Tree &operator=(const Tree &) = delete;

  bool get(uint64_t *address, uint64_t size) {
    const int status = mem_alloc_get(&m_, address, size);
    if (status != MEM_ALLOC_OK && status != MEM_ALLOC_NO_SPACE) {
      throw std::runtime_error("get failed");
    }
    return status == MEM_ALLOC_OK;
  }

  void put(uint64_t address) {
    if (mem_alloc_put(&m_, address) != MEM_ALLOC_OK) {
      throw std::runtime_error("put failed");
    }
  }

  Metadata metadata() const {
    Metadata result;
    mem_alloc_statistics s;
    result.valid = mem_alloc_get_statistics(&m_, &s) == MEM_ALLOC_OK && mem_alloc_is_valid(&m_);
    if (result.valid) {
      result.live = s.allocated_runs;
      result.live_bytes = s.allocated_addresses;
      result.free_runs = s.free_runs;
      result.total_bytes = s.metadata_bytes;
      result.used_bytes = s.nodes_used * sizeof(mem_alloc_node);
      result.levels = s.levels;
    }
    return result;
  }

 private:
  mem_alloc m_;
};

class List {
 public:
  static constexpr const char *kName = "list";

  List(uint64_t start, uint64_t size) {
    list_init(&list_);
    if (!list_add_free(&list_, start, size)) {
      throw std::runtime_error("add_free failed");
    }
  }
  ~List() { list_destroy(&list_); }
  List(const List &) = delete;
  List &operator=(const List &) = delete;

  bool get(uint64_t *address, uint64_t size) { return list_get(&list_, address, size); }

  void put(uint64_t address) {
    if (!list_put(&list_, address)) {
      throw std::runtime_error("put failed");
    }
  }

  // malloc's own overhead is not counted.
  Metadata metadata() const {
    Metadata result;
    const list_link *const head = &list_.allocated;
    for (const list_link *block = head->next; block != head; block = block->next) {
      result.live++;
      result.live_bytes += block->size;
    }
    result.free_runs = list_.links - result.live;
    result.total_bytes = list_.links * sizeof(list_link);
    result.used_bytes = result.total_bytes;
    result.valid = true;
    return result;
  }

 private:
  list list_;
};

enum class Shape { kChurn, kFillAndDrain, kCheckerboard };
enum class Sizes { kPowersOfTwo, kOnePage, kOtherMultiples };

struct Workload {
  const char *name;
  Shape shape;
  Sizes sizes;
};

constexpr Workload kWorkloads[] = {
    {"W1", Shape::kChurn, Sizes::kPowersOfTwo},
    {"W2", Shape::kFillAndDrain, Sizes::kPowersOfTwo},
    {"W3", Shape::kChurn, Sizes::kOnePage},
    {"W4", Shape::kCheckerboard, Sizes::kOnePage},
    {"W5", Shape::kChurn, Sizes::kOtherMultiples},
};

constexpr uint64_t kCounts[] = {100, 1000, 10000, 100000, 1000000};
constexpr uint64_t kMostForList = 10000;

// Every size a workload draws from, each equally likely, in pages.
std::vector<uint32_t> page_counts(Sizes sizes) {
  std::vector<uint32_t> result;
  for (uint32_t pages = 1; pages <= kLargestBlock / kPage; pages++) {
    const bool power = (pages & (pages - 1)) == 0;
    if (sizes == Sizes::kOnePage ? pages == 1 : power == (sizes == Sizes::kPowersOfTwo)) {
      result.push_back(pages);
    }
  }
  return result;
}

uint64_t region_size(const Workload &workload, uint64_t count) {
  if (workload.shape == Shape::kCheckerboard) {
    return (2 * count + 2) * kPage; // both colours, and one place for 8 KiB above them
  }
  const std::vector<uint32_t> choices = page_counts(workload.sizes);
  uint64_t sum = 0;
  for (uint32_t pages : choices) {
    sum += pages;
  }
  const double mean = static_cast<double>(sum * kPage) / static_cast<double>(choices.size());
  const double wanted = mean * static_cast<double>(count) / kOccupancy;
  return static_cast<uint64_t>(wanted / kPage) * kPage;
}

// One step of churn: which slot is emptied, and what size it gets then.
struct Step {
  uint32_t slot;
  uint32_t pages;
};

// One allocator with `count` live blocks in it, and random numbers prepared for the timed loops.
template <class Allocator>
class Scene {
 public:
  Scene(const Workload &workload, uint64_t count)
      : workload_(workload),
        region_(region_size(workload, count)),
        slots_(count),
        allocator_(kRegionStart, region_) {
    std::mt19937_64 random(count); // its sequence is fixed by the C++ standard
    const std::vector<uint32_t> choices = page_counts(workload.sizes);
    uint64_t numbers = kFewestNumbers;
    while (numbers < count && numbers < kMostNumbers) {
      numbers *= 2;
    }
    mask_ = numbers - 1;
    steps_.resize(numbers);
    for (Step &step : steps_) {
      step.slot = static_cast<uint32_t>(below(&random, count));
      step.pages = choices[below(&random, choices.size())];
    }
    prepare(&random);
  }

  // Both allocators place every block alike, so that equal numbers here mean equal work.
  double addresses_digest() const { return static_cast<double>(digest_ >> 12); }
  uint64_t region() const { return region_; }
  uint64_t retries() const { return retries_; }
  uint64_t pairs_per_call() const { return workload_.shape == Shape::kFillAndDrain ? slots_.size() : 1; }

  // W2 is measured when full, at the end of its preparation; the others as they are now.
  Metadata metadata() const {
    return workload_.shape == Shape::kFillAndDrain ? full_ : allocator_.metadata();
  }

  void churn() {
    // The caller's own cache misses, on this array, are none of the allocator's cost.
    __builtin_prefetch(&slots_[steps_[(next_ + kStepsAhead) & mask_].slot]);
    const Step step = steps_[next_++ & mask_];
    allocator_.put(slots_[step.slot]);
    get(&slots_[step.slot], step.pages);
  }

  void fill_and_drain() {
    next_ = 0;
    next_retry_ = 0;
    fill();
    drain();
  }

  void get_and_put_two_pages() {
    uint64_t address = 0;
    if (!allocator_.get(&address, 2 * kPage)) {
      throw std::runtime_error("no place for 8 KiB");
    }
    allocator_.put(address);
  }

 private:
  static uint64_t below(std::mt19937_64 *random, uint64_t limit) { return (*random)() % limit; }

  void get(uint64_t *address, uint32_t pages) {
    uint64_t tries = 0;
    while (!allocator_.get(address, pages * kPage)) {
      pages = steps_[next_retry_++ & mask_].pages;
      retries_++;
      if (++tries > kMostRetries) {
        throw std::runtime_error("nothing fits any more");
      }
    }
  }

  void fill() {
    for (uint64_t &slot : slots_) {
      get(&slot, steps_[next_++ & mask_].pages);
    }
  }

  void drain() {
    for (uint32_t slot : order_) {
      allocator_.put(slots_[slot]);
    }
  }

  void prepare(std::mt19937_64 *random) {
    switch (workload_.shape) {
      case Shape::kChurn:
        prepare_churn();
        break;
      case Shape::kFillAndDrain:
        prepare_fill_and_drain(random);
        break;
      case Shape::kCheckerboard:
        prepare_checkerboard();
        break;
    }
  }

  // Two turnovers, so that the timed loop meets a worn allocator.
  void prepare_churn() {
    fill();
    const uint64_t pairs = std::min<uint64_t>(2 * slots_.size(), kMostChurn);
    for (uint64_t i = 0; i < pairs; i++) {
      churn();
    }
    digest_slots();
    retries_ = 0;
  }

  void prepare_fill_and_drain(std::mt19937_64 *random) {
    order_.resize(slots_.size());
    for (uint32_t i = 0; i < order_.size(); i++) {
      order_[i] = i;
    }
    for (uint64_t i = order_.size(); i > 1; i--) {
      std::swap(order_[i - 1], order_[below(random, i)]);
    }
    fill();
    digest_slots();
    full_ = allocator_.metadata();
    drain();
    retries_ = 0;
  }

  void prepare_checkerboard() {
    std::vector<uint64_t> other(slots_.size());
    for (uint64_t i = 0; i < slots_.size(); i++) {
      get(&slots_[i], 1);
      get(&other[i], 1);
    }
    for (uint64_t address : other) {
      allocator_.put(address);
    }
    digest_slots();
  }

  void digest_slots() {
    for (uint64_t address : slots_) {
      digest_ = (digest_ ^ address) * 0x9e3779b97f4a7c15u;
      digest_ ^= digest_ >> 29;
    }
  }

  const Workload workload_;
  const uint64_t region_;
  std::vector<uint64_t> slots_; // first addresses of the live blocks
  Allocator allocator_;
  std::vector<Step> steps_;
  std::vector<uint32_t> order_; // of draining
  uint64_t mask_ = 0;
  uint64_t next_ = 0;
  uint64_t next_retry_ = 0;
  uint64_t retries_ = 0;
  uint64_t digest_ = 0;
  Metadata full_;
};

// The library calls a benchmark several times; its scene is prepared once and kept until the next benchmark.
template <class Allocator>
Scene<Allocator> *scene_for(const Workload &workload, uint64_t count) {
  static std::unique_ptr<Scene<Allocator>> scene;
  static std::string scene_name;
  const std::string name = workload.name + std::to_string(count);
  if (name != scene_name) {
    scene.reset();
    scene_name.clear();
    scene = std::make_unique<Scene<Allocator>>(workload, count);
    scene_name = name;
  }
  return scene.get();
}

template <class Allocator>
void timed_loop(benchmark::State &state, Shape shape, Scene<Allocator> *scene) {
  switch (shape) {
    case Shape::kChurn:
      for (auto unused : state) {
        scene->churn();
      }
      break;
    case Shape::kFillAndDrain:
      for (auto unused : state) {
        scene->fill_and_drain();
      }
      break;
    case Shape::kCheckerboard:
      for (auto unused : state) {
        scene->get_and_put_two_pages();
      }
      break;
  }
}

template <class Allocator>
void report(benchmark::State &state, const Scene<Allocator> &scene, uint64_t count, uint64_t retries) {
  const Metadata metadata = scene.metadata();
  if (!metadata.valid || metadata.live != count) {
    state.SkipWithError("the allocator is damaged");
    return;
  }
  const double live = static_cast<double>(count);
  const double calls = static_cast<double>(state.iterations());
  const double pairs = calls * static_cast<double>(scene.pairs_per_call());
  state.counters["pairs_per_call"] = static_cast<double>(scene.pairs_per_call());
  const double live_bytes = static_cast<double>(metadata.live_bytes);
  state.counters["occupancy"] = live_bytes / static_cast<double>(scene.region());
  state.counters["retries_per_pair"] = static_cast<double>(retries) / pairs;
  state.counters["metadata_per_live"] = static_cast<double>(metadata.total_bytes) / live;
  state.counters["used_metadata_per_live"] = static_cast<double>(metadata.used_bytes) / live;
  state.counters["free_runs_per_live"] = static_cast<double>(metadata.free_runs) / live;
  state.counters["levels"] = static_cast<double>(metadata.levels);
  state.counters["addresses_digest"] = scene.addresses_digest();
}

template <class Allocator>
void run(benchmark::State &state, const Workload &workload, uint64_t count) {
  try {
    Scene<Allocator> *const scene = scene_for<Allocator>(workload, count);
    const uint64_t retries_before = scene->retries();
    timed_loop(state, workload.shape, scene);
    report(state, *scene, count, scene->retries() - retries_before);
  } catch (const std::exception &failure) {
    state.SkipWithError(failure.what());
  }
}

template <class Allocator>
void add(const Workload &workload, uint64_t count) {
  const std::string name = std::string(workload.name) + "/" + Allocator::kName + "/" + std::to_string(count);
  benchmark::RegisterBenchmark(name.c_str(), [&workload, count](benchmark::State &state) {
    run<Allocator>(state, workload, count);
  });
}

} // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::AddCustomContext("fan_out", std::to_string(MEM_ALLOC_FAN_OUT));
  benchmark::AddCustomContext("node_bytes", std::to_string(sizeof(mem_alloc_node)));
  for (const Workload &workload : kWorkloads) {
    for (uint64_t count : kCounts) {
      add<Tree>(workload, count);
      if (count <= kMostForList) {
        add<List>(workload, count);
      }
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
