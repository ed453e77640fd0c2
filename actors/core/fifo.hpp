/// A queue without memory for each few elements: what was taken is given up by halves, so that a queue that is never
/// empty keeps no more than twice what waits.
#pragma once

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace tandem::core {

template <class T>
class fifo {
public:
  bool empty() const noexcept {
    return taken_ == all_.size();
  }

  size_t size() const noexcept {
    return all_.size() - taken_;
  }

  void push(T&& x) {
    all_.push_back(std::move(x));
  }

  /// The oldest. There has to be one.
  const T& front() const noexcept {
    assert(!empty());
    return all_[taken_];
  }

  T take() {
    assert(!empty());
    T result = std::move(all_[taken_++]);
    if (taken_ * 2 >= all_.size()) {
      all_.erase(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(taken_));
      taken_ = 0;
    }
    return result;
  }

private:
  std::vector<T> all_; // from taken_ on
  size_t taken_ = 0;
};

} // namespace tandem::core
