/// Sums of times from traces, which may hold anything: they stop at the largest and the smallest number.
#pragma once

#include <cstdint>

namespace tandem::cli {

constexpr int64_t saturated_sum(int64_t x, int64_t y) noexcept {
  int64_t result = 0;
  if (__builtin_add_overflow(x, y, &result))
    return y > 0 ? INT64_MAX : INT64_MIN;
  return result;
}

constexpr int64_t saturated_difference(int64_t x, int64_t y) noexcept {
  int64_t result = 0;
  if (__builtin_sub_overflow(x, y, &result))
    return y < 0 ? INT64_MAX : INT64_MIN;
  return result;
}

} // namespace tandem::cli
