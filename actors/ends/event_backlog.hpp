/// The events of one operation that wait in its shard's inbox, and how far a thread that sends gets ahead of the shard.
/// Internal to the ends.
#pragma once

#include "../core/events.hpp"
#include "congestion.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace tandem {

/// Any thread.
class event_backlog {
public:
  /// A thread that has sent so much more than was done gives way: else a shard whose thread has lost its processor to
  /// it comes back only after a time slice, and the operations of others wait for that.
  static constexpr uint32_t far_ahead = 256;

  /// How many events like this one may be ahead at most, of a thread that may wait: a power of two.
  static uint32_t most_ahead(const core::customer_event& x) {
    const auto* given = std::get_if<core::payload_given>(&x);
    const auto size = given != nullptr ? given->size : 0;
    if (size * most_events <= most_bytes)
      return most_events;
    return static_cast<uint32_t>(std::bit_floor(std::max<size_t>(most_bytes / size, 1)));
  }

  bool empty() const noexcept {
    return count_.load(std::memory_order_acquire) == 0;
  }

  /// Returns how many are ahead of it.
  uint32_t add() noexcept {
    const auto ahead = count_.fetch_add(1, std::memory_order_acq_rel);
    if (ahead == 0)
      is_stuck_.store(false, std::memory_order_relaxed);
    return ahead;
  }

  /// One is done.
  void done(congestion& waiting) {
    if (const auto left = count_.fetch_sub(1) - 1; left <= most_events && std::has_single_bit(left))
      waiting.wake(); // threads wait for powers of two
  }

  /// Blocks until there are at most so many; but not if nothing is done meanwhile: customer code holds up the shard
  /// then, and may wait for what this thread does next.
  void wait(congestion& with_others, uint32_t most) {
    while (!is_stuck_.load(std::memory_order_relaxed)) {
      const auto before = count_.load();
      if (with_others.wait_for(patience, [&] { return count_.load() <= most; }))
        return;
      if (count_.load() >= before)
        is_stuck_.store(true, std::memory_order_relaxed); // until all are done
    }
  }

private:
  static constexpr uint32_t most_events = 4 * far_ahead;
  static constexpr size_t most_bytes = size_t{4} << 20;
  static constexpr auto patience = std::chrono::seconds(1);

  std::atomic<uint32_t> count_{0};
  std::atomic<bool> is_stuck_{false};
};

} // namespace tandem
