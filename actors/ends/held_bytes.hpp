/// How many bytes of payloads the operations of an end, or of one session, hold, and how many they should at most
/// (S-FLOW-16). Internal to the ends.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

namespace tandem {

/// Of all shards. Any thread.
class held_bytes {
public:
  /// 0: any number.
  explicit held_bytes(uint64_t most) noexcept
    : most_(static_cast<int64_t>(std::min<uint64_t>(most, INT64_MAX))),
      step_(std::clamp<int64_t>(most_ / 64, 1, 65536)) {
  }

  bool is_over() const noexcept {
    return most_ > 0 && all_.load(std::memory_order_relaxed) > most_;
  }

  uint64_t all() const noexcept {
    return static_cast<uint64_t>(std::max<int64_t>(all_.load(std::memory_order_relaxed), 0));
  }

  uint64_t most() const noexcept {
    return static_cast<uint64_t>(most_);
  }

private:
  friend class held_by_shard;

  const int64_t most_;
  const int64_t step_;
  std::atomic<int64_t> all_{0};
};

/// The part of one shard, in the shard only. It tells the sum of small changes, so that shards do not contend.
class held_by_shard {
public:
  void change(int64_t bytes, held_bytes& all) noexcept {
    untold_ += bytes;
    if (untold_ >= all.step_ || -untold_ >= all.step_)
      all.all_.fetch_add(std::exchange(untold_, 0), std::memory_order_relaxed);
  }

private:
  int64_t untold_ = 0;
};

} // namespace tandem
