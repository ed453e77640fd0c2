/// Counts the tickets that are under way between two nodes in one direction, so that quiet can be waited for.
#pragma once

#include "object_reader.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace tandem::conformance {

/// Any thread.
class traffic {
public:
  /// Before tickets are handed to the link between the nodes.
  void enter(size_t tickets) {
    std::lock_guard guard{mutex_};
    entered_ += tickets;
    under_way_ += static_cast<int64_t>(tickets);
  }

  /// When they have been handed to the end at the other node, or were refused after all.
  void leave(size_t tickets) {
    std::lock_guard guard{mutex_};
    under_way_ -= static_cast<int64_t>(tickets);
    changed_.notify_all();
  }

  uint64_t entered() const {
    std::lock_guard guard{mutex_};
    return entered_;
  }

  /// Returns when no ticket is under way. Throws scenario_error if that takes too long.
  void await_arrival(std::chrono::seconds patience) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [this] { return under_way_ == 0; }))
      throw scenario_error{std::to_string(under_way_) + " tickets have not arrived at the other node"};
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t entered_ = 0;
  int64_t under_way_ = 0;
};

} // namespace tandem::conformance
