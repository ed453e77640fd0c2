/// A clock that stands still until it is told to go on, for tests, of your own services too.
///
///     auto clock = std::make_shared<manual_clock>();
///     front_end front{system, {.clock = clock}};
///     back_end back{system, services, {.clock = clock}};
///     clock->advance(10s, [&] { settle({front, back}); });   // every timer due on the way has fired
#pragma once

#include "../execution/clock_source.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace tandem {

class manual_clock final : public clock_source {
public:
  /// Begins at an arbitrary but fixed time, not at zero.
  manual_clock();

  /// Any thread.
  time_point now() const override;

  /// Calls `settle`, which should return when the ends have nothing left to do (settle({front, back}) does), so that
  /// what was begun before counts from then (S-TIME-1). Then moves on by `distance`: stops at each time for which a
  /// wake-up is wanted, tells the waiting end, and calls `settle` again. One thread at a time. Throws
  /// std::invalid_argument if `distance` is negative.
  void advance(
    duration distance, const std::function<void()>& settle = [] {});

  /// For ends: calls `notify` when the clock reaches `when`; replaces the earlier wish of `waiter`. Any thread.
  void wake_at(const void* waiter, time_point when, std::function<void()> notify) override;

  /// For ends: takes the wish of `waiter` back. Any thread.
  void forget(const void* waiter) override;

  /// How many shards of ends want to be woken: none when no operation is open, once the ends have settled. Any thread.
  size_t wishes() const;

private:
  struct wish {
    time_point when;
    std::function<void()> notify;
  };

  mutable std::mutex mutex_;
  time_point now_;
  std::map<const void*, wish> wishes_;
};

} // namespace tandem
