/// The calls of customer code that wait for the one under way to return (S-RECV-7), in order. The first has a place of
/// its own, since there is seldom more than one.
#pragma once

#include "effects.hpp"
#include "fifo.hpp"
#include "rare.hpp"

#include <cassert>
#include <cstddef>
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
      rest_.get().push(std::move(x));
    else
      first_ = std::move(x);
  }

  /// The call whose turn it is. There has to be one.
  deliver take() {
    assert(!empty());
    deliver result = std::move(*first_);
    if (!rest_ || rest_->empty())
      first_.reset();
    else
      first_ = rest_->take();
    return result;
  }

private:
  std::optional<deliver> first_; // nothing: there is nothing in rest_ either
  rare<fifo<deliver>> rest_;
};

} // namespace tandem::core
