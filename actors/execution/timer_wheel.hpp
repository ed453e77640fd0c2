/// Timers by the million: a hierarchical wheel with a resolution of one millisecond. To set, change or cancel a timer
/// costs a few nanoseconds, and no memory but the node, which lives in the operation.
///
/// Not thread-safe; each shard has its own. A timer never fires early, and at most a millisecond late on the wheel's
/// account.
#pragma once

#include "../../messages/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace tandem {

/// A timer: a member of the object that it is for. It must be cancelled before it is destroyed.
struct timer_node {
  timer_node* previous = nullptr;
  timer_node* next = nullptr;
  uint64_t due = 0; ///< in milliseconds since the wheel's beginning

  bool armed() const noexcept {
    return previous != nullptr;
  }
};

class timer_wheel {
public:
  explicit timer_wheel(time_point beginning);

  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  /// Arms `node` for `when`, armed or not before; it is due at once if `when` has passed.
  void set(timer_node& node, time_point when);

  void cancel(timer_node& node) noexcept;

  bool empty() const noexcept {
    return armed_ == 0;
  }

  /// The time at which take_due() has something to do next, possibly only housekeeping; nothing if the wheel is empty.
  std::optional<time_point> next_wake() const;

  /// Takes out one timer that is due at `now`, in the order of their times; null if there is none (any more).
  timer_node* take_due(time_point now);

private:
  static constexpr int bits = 6;
  static constexpr int levels = 8; // 2^48 ms: more than any time_point can tell
  static constexpr uint64_t slots = 1 << bits;

  struct level {
    uint64_t occupied = 0;
    std::array<timer_node, slots> heads; // each the sentinel of a ring
  };

  void insert(timer_node& node);
  void unlink(timer_node& node) noexcept;
  std::optional<std::pair<int, uint64_t>> next_slot() const;
  uint64_t slot_time(int level, uint64_t slot) const;

  time_point beginning_;
  uint64_t current_ = 0; // milliseconds
  size_t armed_ = 0;
  std::array<level, levels> levels_;
};

} // namespace tandem
