/// Notices customer code that keeps a thread of the scheduler for long. Internal to the ends.
///
/// A call that begins and ends costs three plain stores and no look at the clock: who looks twice, a second apart, and
/// finds the same call, knows that it has lasted for a second.
#pragma once

#include "operation_actor.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

namespace tandem {

/// Of one shard.
class call_watch {
public:
  /// A call of customer code of this operation, in the shard.
  class call {
  public:
    call(call_watch& watch, const operation_actor& operation) noexcept : watch_(watch) {
      watch_.calls_.store(watch_.calls_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      watch_.operation_.store(&operation, std::memory_order_release);
    }
    ~call() {
      watch_.operation_.store(nullptr, std::memory_order_release);
    }
    call(const call&) = delete;
    call& operator=(const call&) = delete;

  private:
    call_watch& watch_;
  };

  /// An operation whose calls have been watched may go after this.
  void let_go() noexcept {
    operation_.store(nullptr); // who looks from now on finds no call
    while (is_looked_at_.load())
      std::this_thread::yield();
  }

  struct finding {
    operation_id operation;
    std::string name;
  };

  /// The call that was there at the last look already, once. One thread at a time.
  std::optional<finding> look() {
    is_looked_at_.store(true);
    std::optional<finding> result;
    const auto* operation = operation_.load();
    const auto calls = calls_.load(std::memory_order_relaxed);
    if (operation != nullptr && calls == seen_ && calls != told_) {
      result = finding{operation->operation(), operation->method()};
      told_ = calls;
    }
    is_active_ = operation != nullptr || calls != seen_;
    seen_ = calls;
    is_looked_at_.store(false);
    return result;
  }

  /// Whether there were calls between the last two looks. For who looks.
  bool is_active() const noexcept {
    return is_active_;
  }

  /// Whether a call has begun since the last look. For who looks.
  bool has_begun() const noexcept {
    return calls_.load(std::memory_order_relaxed) != seen_;
  }

private:
  std::atomic<const operation_actor*> operation_{nullptr}; ///< of the call that is under way
  std::atomic<uint64_t> calls_{0};
  std::atomic<bool> is_looked_at_{false};
  uint64_t seen_ = 0; ///< calls_ at the last look
  uint64_t told_ = 0;
  bool is_active_ = false;
};

} // namespace tandem
