/// Where threads that send wait: for links that are congested, since they have more tickets than they can pass on, and
/// for shards that are behind (S-PORT-11). Internal to the ends.
#pragma once

#include "../../messages/time.hpp"

#include <absl/container/flat_hash_set.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tandem {

/// Any thread.
class congestion {
public:
  /// In place of a lane: nobody may send (sent_bytes.hpp).
  static constexpr uint64_t all_lanes = UINT64_MAX;

  /// `lane` is that of the link.
  void set(uint64_t lane, bool congested) {
    std::lock_guard guard{mutex_};
    if (congested)
      congested_.insert(lane);
    else
      congested_.erase(lane);
    any_ = !congested_.empty();
    changed_.notify_all();
  }

  bool any() const noexcept {
    return any_.load(std::memory_order_relaxed);
  }

  bool is_congested(uint64_t lane) {
    if (!any())
      return false;
    std::lock_guard guard{mutex_};
    return contains(lane);
  }

  /// Blocks until the link of this lane is not congested, or `ended()`, of which wake() has to tell.
  template <class Ended>
  void wait_for_link(uint64_t lane, Ended ended) {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.wait(lock, [&] { return !congested_.contains(lane) || ended(); });
    --waiting_;
  }

  /// For `reached` of wait_for.
  bool contains(uint64_t lane) const {
    return congested_.contains(lane) || congested_.contains(all_lanes);
  }

  /// Blocks until `reached()`, of which wake() has to tell. False if that takes longer than `timeout`.
  template <class Reached>
  bool wait_for(duration timeout, Reached reached) {
    std::unique_lock lock{mutex_};
    ++waiting_;
    const bool result = changed_.wait_for(lock, timeout, reached);
    --waiting_;
    return result;
  }

  /// Something for which a thread may wait has come about.
  void wake() {
    if (waiting_ == 0)
      return;
    std::lock_guard guard{mutex_};
    changed_.notify_all();
  }

private:
  std::atomic<bool> any_{false};
  std::atomic<int> waiting_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  absl::flat_hash_set<uint64_t> congested_;
};

} // namespace tandem
