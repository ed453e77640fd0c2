/// The calls of customer code that wait for the one under way to return (S-RECV-7), in order. The first has a place of
/// its own, since there is seldom more than one.
#pragma once

#include "effects.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tandem::core {

class waiting_calls {
public:
  bool empty() const noexcept {
    return !first_;
  }

  size_t size() const noexcept {
    return (first_ ? 1 : 0) + rest_.size() - taken_;
  }

  void add(deliver&& x) {
    if (first_)
      rest_.push_back(std::move(x));
    else
      first_ = std::move(x);
  }

  /// The call whose turn it is. There has to be one.
  deliver take() {
    assert(!empty());
    deliver result = std::move(*first_);
    if (taken_ == rest_.size())
      first_.reset();
    else
      refill();
    return result;
  }

private:
  void refill() {
    first_ = std::move(rest_[taken_++]);
    // Given up by halves, so that a stream whose customer code never catches up keeps no more than twice what waits.
    if (size_t{taken_} * 2 < rest_.size())
      return;
    rest_.erase(rest_.begin(), rest_.begin() + taken_);
    taken_ = 0;
  }

  std::optional<deliver> first_; // nothing: there is nothing in rest_ either
  std::vector<deliver> rest_;    // from taken_ on
  uint32_t taken_ = 0;
};

} // namespace tandem::core
