/// Time: durations, points in time, and the checks of durations that users give.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace tandem {

/// Lengths of time, in nanoseconds; a timeout is measured from the beginning of its operation (S-TIME-1).
using duration = std::chrono::nanoseconds;

/// Points in time, on a clock that only goes forward (S-TIME-4).
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

/// The time now.
inline time_point steady_now() {
  return std::chrono::steady_clock::now();
}

/// The longest timeout, about 146 years: longer ones are refused, so that no sum with a time point overflows.
inline constexpr duration longest_timeout{INT64_MAX / 2};

/// Throws std::invalid_argument that names `what` if it is negative, or so long that adding it to a time may overflow.
inline void check_duration(const char* what, duration x) {
  if (x < duration::zero())
    throw std::invalid_argument{std::string{what} + " must not be negative"};
  if (x > longest_timeout)
    throw std::invalid_argument{std::string{what} + " must be at most 146 years"};
}

/// The same for a duration that must not be zero either.
inline void check_positive_duration(const char* what, duration x) {
  if (x <= duration::zero())
    throw std::invalid_argument{std::string{what} + " must be more than zero"};
  check_duration(what, x);
}

} // namespace tandem
