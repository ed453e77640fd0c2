/// The calls of customer code that wait for the one under way to return (S-RECV-7), in order. The first has a place of
/// its own, since there is seldom more than one.
#pragma once

#include "effects.hpp"
#include "rare.hpp"

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
    return (first_ ? 1 : 0) + (rest_ ? rest_->all.size() - rest_->taken : 0);
  }

  void add(deliver&& x) {
    if (first_)
      rest_.get().all.push_back(std::move(x));
    else
      first_ = std::move(x);
  }

  /// The call whose turn it is. There has to be one.
  deliver take() {
    assert(!empty());
    deliver result = std::move(*first_);
    if (!rest_ || rest_->taken == rest_->all.size())
      first_.reset();
    else
      refill(*rest_);
    return result;
  }

private:
  struct rest {
    std::vector<deliver> all; ///< from `taken` on
    uint32_t taken = 0;
  };

  void refill(rest& x) {
    first_ = std::move(x.all[x.taken++]);
    // Given up by halves, so that a stream whose customer code never catches up keeps no more than twice what waits.
    if (size_t{x.taken} * 2 < x.all.size())
      return;
    x.all.erase(x.all.begin(), x.all.begin() + x.taken);
    x.taken = 0;
  }

  std::optional<deliver> first_; // nothing: there is nothing in rest_ either
  rare<rest> rest_;
};

} // namespace tandem::core
