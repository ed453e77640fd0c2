/// A ticket's place among the tickets of its operation in its direction (S-SEND-1).
///
///     const sequence_number first;   // 0
///     const sequence_number second = first.next();
#pragma once

#include <compare>
#include <cstdint>

namespace tandem {

struct sequence_number {
  uint64_t value = 0;

  /// The highest number that a ticket may have. Numbers above it are never valid: a peer's negative number, or 2^64-1,
  /// lands there, and adding one to a valid number never wraps.
  static constexpr uint64_t maximum = UINT64_MAX / 2;

  constexpr bool valid() const noexcept {
    return value <= maximum;
  }

  constexpr sequence_number next() const noexcept {
    return {value + 1};
  }

  friend constexpr auto operator<=>(const sequence_number&, const sequence_number&) = default;
};

} // namespace tandem
