/// How many bytes of large payloads an end has on their way: they wait for credit, or for the link, or, in one process,
/// were not consumed (S-FLOW-16). Beyond what they may be, nobody who asks may send. Internal to the ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

namespace tandem {

/// Any thread.
class sent_bytes {
public:
  /// 0: any number.
  explicit sent_bytes(uint64_t most) noexcept : most_(most) {
  }

  /// `tell` is called with whether there are too many, whenever that changes. To be set before the first operation.
  void tell_by(std::function<void(bool)> tell) {
    tell_ = std::move(tell);
  }

  void add(uint64_t bytes) {
    if (all_.fetch_add(bytes) + bytes >= most_ && most_ > 0 && !too_many_.load())
      look();
  }

  /// Half of them have to go before there are not too many any more.
  void remove(uint64_t bytes) {
    if (all_.fetch_sub(bytes) - bytes <= most_ / 2 && too_many_.load())
      look();
  }

  uint64_t all() const noexcept {
    return all_.load(std::memory_order_relaxed);
  }

private:
  /// Looks again after each change: else one who adds and one who removes could each miss what the other does.
  void look() {
    std::lock_guard guard{mutex_};
    for (;;) {
      const auto all = all_.load();
      const bool before = too_many_.load();
      if (before ? all > most_ / 2 : all < most_)
        return;
      too_many_.store(!before);
      tell_(!before);
    }
  }

  const uint64_t most_;
  std::atomic<uint64_t> all_{0};
  std::atomic<bool> too_many_{false};
  std::mutex mutex_; // one change after the other
  std::function<void(bool)> tell_;
};

} // namespace tandem
