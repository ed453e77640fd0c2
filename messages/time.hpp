/// Time: lengths, points, and the checks of lengths that users give.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace tandem {

/// Lengths of time, nanoseconds; a timeout is measured from the beginning of its operation (S-TIME-1).
using duration = std::chrono::nanoseconds;

/// Points in time, on a clock that only goes forward (S-TIME-4).
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

/// A timeout above this is taken for this: about 146 years, so that no sum with a time point overflows.
inline constexpr duration longest_timeout{INT64_MAX / 2};

/// Throws std::invalid_argument that names `what` if it is negative, or so long that adding it to a time may overflow.
inline void check_duration(const char* what, duration x) {
  if (x < duration::zero())
    throw std::invalid_argument{std::string{what} + " must not be negative"};
  if (x > longest_timeout)
    throw std::invalid_argument{std::string{what} + " must be at most 146 years"};
}

/// The same for what must not be zero either.
inline void check_positive_duration(const char* what, duration x) {
  if (x <= duration::zero())
    throw std::invalid_argument{std::string{what} + " must be more than zero"};
  check_duration(what, x);
}

} // namespace tandem
