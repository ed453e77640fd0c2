/// The calls of customer code that wait for the one under way to return (S-RECV-7), in order. The first has a place of
/// its own, since there is seldom more than one.
#pragma once

#include "effects.hpp"
#include "rare.hpp"

#include <cassert>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace tandem::core {

class waiting_calls {
public:
  bool empty() const noexcept {
    return !first_;
  }

  size_t size() const noexcept {
    return (first_ ? 1 : 0) + (rest_ ? rest_->size() : 0);
  }

  void add(deliver&& x) {
    if (first_)
      rest_.get().push_back(std::move(x));
    else
      first_ = std::move(x);
  }

  /// The call whose turn it is. There has to be one.
  deliver take() {
    assert(!empty());
    deliver result = std::move(*first_);
    if (!rest_) {
      first_.reset();
      return result;
    }
    first_ = std::move(rest_->front());
    rest_->pop_front();
    if (rest_->empty())
      rest_.reset();
    return result;
  }

private:
  std::optional<deliver> first_;   // nothing: there is nothing in rest_ either
  rare<std::deque<deliver>> rest_; // nothing rather than empty
};

} // namespace tandem::core
