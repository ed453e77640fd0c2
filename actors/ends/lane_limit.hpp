/// How many operations of one lane may be ongoing at a time, and what they may hold: its shards share this. Internal to
/// the ends.
#pragma once

#include "held_bytes.hpp"

#include <atomic>
#include <cstdint>

namespace tandem {

/// Any thread.
class lane_limit {
public:
  /// 0: any number.
  lane_limit(uint64_t most, uint64_t most_bytes) : held(most_bytes), most_(most) {
  }

  /// An operation begins, unless as many as may are ongoing.
  bool operation_may_begin() {
    if (ongoing_.fetch_add(1, std::memory_order_relaxed) < most_ || most_ == 0)
      return true;
    operation_ended();
    return false;
  }

  /// One that may begin has ended, or has not begun after all.
  void operation_ended() {
    ongoing_.fetch_sub(1, std::memory_order_relaxed);
  }

  uint64_t most() const noexcept {
    return most_;
  }

  held_bytes held;

private:
  const uint64_t most_;
  std::atomic<uint64_t> ongoing_{0};
};

} // namespace tandem
