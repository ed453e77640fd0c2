#include "../../actors/ends/operation_table.hpp"
#include "../support/property.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>

using namespace tandem;
using namespace tandem_test;

namespace {

struct entry {
  operation_id id;

  const operation_id& operation() const noexcept {
    return id;
  }
};

using table = operation_table<std::shared_ptr<entry>>;

std::shared_ptr<entry> numbered_entry(uint64_t number) {
  return std::make_shared<entry>(entry{{7, number}});
}

} // namespace

TEST_CASE("operation table: keeps what was added until it is removed") {
  check_property("as a map does", 300, 200, [] {
    table x;
    std::map<uint64_t, std::shared_ptr<entry>> model;
    for (auto steps = any_below(4000); steps > 0; --steps) {
      const auto number = any_below(2000);
      if (any_below(3) > 0) {
        if (!model.contains(number))
          x.add(model.emplace(number, numbered_entry(number)).first->second);
      } else {
        x.remove({7, number});
        model.erase(number);
      }
    }
    RC_ASSERT(x.size() == model.size());
    for (uint64_t number = 0; number < 2000; ++number) {
      const auto expected = model.find(number);
      RC_ASSERT(x.find({7, number}) == (expected == model.end() ? nullptr : expected->second.get()));
    }
  });
}

TEST_CASE("operation table: holds no operation that was removed, and is small again when most of them were") {
  table x;
  std::weak_ptr<entry> first;
  for (uint64_t i = 0; i < 100'000; ++i) {
    auto operation = numbered_entry(i);
    if (i == 0)
      first = operation;
    x.add(std::move(operation));
  }
  const auto large = x.capacity();
  for (uint64_t i = 0; i < 99'990; ++i)
    x.remove({7, i});
  CHECK(first.expired());
  CHECK(x.size() == 10);
  CHECK(large > 100'000);
  CHECK(x.capacity() <= 2048);
  for (uint64_t i = 99'990; i < 100'000; ++i)
    CHECK(x.find({7, i}) != nullptr);
}
