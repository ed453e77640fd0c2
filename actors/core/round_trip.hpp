/// How long a message of a connection and its answer take, smoothed as in RFC 6298 (S-SESSION-4).
#pragma once

#include "../../messages/time.hpp"

#include <algorithm>
#include <optional>

namespace tandem::core {

class round_trip {
public:
  /// A round trip that was measured took `x`.
  void measured(duration x) {
    if (!smoothed_) {
      smoothed_ = x;
      deviation_ = x / 2;
      return;
    }
    const auto error = x > *smoothed_ ? x - *smoothed_ : *smoothed_ - x;
    deviation_ += (error - deviation_) / 4;
    *smoothed_ += (x - *smoothed_) / 8;
  }

  /// Nothing before the first measurement.
  std::optional<duration> smoothed() const noexcept {
    return smoothed_;
  }

  /// The mean deviation from smoothed().
  duration deviation() const noexcept {
    return deviation_;
  }

private:
  std::optional<duration> smoothed_;
  duration deviation_{};
};

} // namespace tandem::core
