/// The bytes of large payloads that are on their way through a link, or have come and were not consumed: when there are
/// too many, those who send had better wait (S-FLOW-8, S-PORT-11). For those who write links in one process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace tandem {

/// Any thread.
class byte_gauge : public std::enable_shared_from_this<byte_gauge> {
public:
  /// `tell(true)` is called when there are more than `limit` bytes, `tell(false)` when there are at most half as many
  /// again; in turn, by whoever brings it about. It must not block, nor add or drop payloads.
  byte_gauge(uint64_t limit, std::function<void(bool)> tell) : limit_(limit), tell_(std::move(tell)) {
  }

  /// A payload of so many bytes comes; they count as long as the result, or a copy, lives.
  std::shared_ptr<const void> add(size_t bytes) {
    if (bytes_.fetch_add(bytes) + bytes > limit_ && !is_full_.load())
      see();
    return {nullptr, [self = shared_from_this(), bytes](const void*) { self->remove(bytes); }};
  }

private:
  void remove(size_t bytes) {
    if (bytes_.fetch_sub(bytes) - bytes <= limit_ / 2 && is_full_.load())
      see();
  }

  void see() {
    std::lock_guard guard{mutex_};
    // Again after each change: who changed the bytes meanwhile may have seen what it was before.
    for (bool full = is_full_.load();; full = !full) {
      const auto bytes = bytes_.load();
      if (full == (full ? bytes > limit_ / 2 : bytes > limit_))
        return;
      is_full_.store(!full);
      tell_(!full);
    }
  }

  const uint64_t limit_;
  const std::function<void(bool)> tell_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<bool> is_full_{false};
  std::mutex mutex_; // keeps what is told in order
};

} // namespace tandem
