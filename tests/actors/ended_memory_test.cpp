#include "../support/property.hpp"

#include "../../actors/ends/ended_memory.hpp"

#include <algorithm>
#include <deque>
#include <set>

using namespace tandem;
using namespace tandem_test;

namespace {

operation_id id(uint64_t number) {
  return {0xf407, number << 8}; // as the ids of one front are
}

/// A simple model that an ended_memory is compared with.
class model {
public:
  explicit model(size_t capacity) : capacity_(capacity) {
  }

  void add(const operation_id& x) {
    if (capacity_ == 0 || known_.contains(x))
      return;
    if (order_.size() == capacity_) {
      known_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(x);
    known_.insert(x);
  }

  bool contains(const operation_id& x) const {
    return known_.contains(x);
  }

private:
  size_t capacity_;
  std::deque<operation_id> order_;
  std::set<operation_id> known_;
};

} // namespace

TEST_CASE("S-RECV-6: an operation that has ended is remembered") {
  ended_memory memory{10};
  CHECK_FALSE(memory.contains(id(1)));
  memory.add(id(1));
  CHECK(memory.contains(id(1)));
  CHECK_FALSE(memory.contains(id(2)));
}

TEST_CASE("S-RECV-6: memory is bounded: the oldest is forgotten") {
  ended_memory memory{3};
  for (uint64_t i = 0; i < 5; ++i)
    memory.add(id(i));
  CHECK_FALSE(memory.contains(id(0)));
  CHECK_FALSE(memory.contains(id(1)));
  for (uint64_t i = 2; i < 5; ++i)
    CHECK(memory.contains(id(i)));
}

TEST_CASE("ended memory: what is added twice takes one place, and gets no younger") {
  ended_memory memory{2};
  memory.add(id(1));
  memory.add(id(2));
  memory.add(id(1));
  memory.add(id(3));
  CHECK_FALSE(memory.contains(id(1)));
  CHECK(memory.contains(id(2)));
  CHECK(memory.contains(id(3)));
}

TEST_CASE("ended memory: without capacity nothing is remembered") {
  ended_memory memory{0};
  memory.add(id(1));
  CHECK_FALSE(memory.contains(id(1)));
}

TEST_CASE("ended memory: one place") {
  ended_memory memory{1};
  for (uint64_t i = 0; i < 1000; ++i) {
    memory.add(id(i));
    CHECK(memory.contains(id(i)));
    CHECK_FALSE(memory.contains(id(i - 1)));
  }
}

TEST_CASE("ended memory: many, all of them found, and after so many more none") {
  constexpr uint64_t many = 10000;
  ended_memory memory{many};
  for (uint64_t i = 0; i < many; ++i)
    memory.add(id(i));
  uint64_t found = 0;
  for (uint64_t i = 0; i < many; ++i)
    found += memory.contains(id(i)) ? 1 : 0;
  CHECK(found == many);
  for (uint64_t i = 0; i < many; ++i)
    memory.add(id(many + i));
  found = 0;
  for (uint64_t i = 0; i < many; ++i)
    found += memory.contains(id(i)) ? 1 : 0;
  CHECK(found == 0);
}

TEST_CASE("ended memory: does what a deque and a set do") {
  check_property("ended memory", 300, 400, [] {
    const auto capacity = any_below(40);
    // Few ids, so that they come again; with any bits, so that they meet in the index.
    const auto ids = *rc::gen::container<std::vector<uint64_t>>(60, rc::gen::arbitrary<uint64_t>());
    ended_memory memory{capacity};
    model expected{capacity};
    for (auto i : *rc::gen::container<std::vector<size_t>>(numbers_between<size_t>(0, ids.size()))) {
      memory.add({ids[i], i});
      expected.add({ids[i], i});
      for (size_t j = 0; j < ids.size(); ++j)
        RC_ASSERT(memory.contains({ids[j], j}) == expected.contains({ids[j], j}));
    }
  });
}
