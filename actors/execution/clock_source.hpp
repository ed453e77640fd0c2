/// A clock of your own for an end (end_options::clock): the end reads it, and asks it for wake-ups. Tests move one by
/// hand (testing/manual_clock.hpp).
///
///     auto clock = std::make_shared<manual_clock>();
///     front_end front{system, {.clock = clock}};
#pragma once

#include "../../messages/time.hpp"

#include <functional>

namespace tandem {

/// Any thread, several at a time. wake_at and forget must not call any `notify`.
class clock_source {
public:
  virtual ~clock_source() = default;

  /// Never goes backward (S-TIME-4).
  virtual time_point now() const = 0;

  /// Calls `notify` when the clock reaches `when`; replaces the earlier wish of `waiter`.
  virtual void wake_at(const void* waiter, time_point when, std::function<void()> notify) = 0;

  /// Takes the wish of `waiter` back.
  virtual void forget(const void* waiter) = 0;
};

} // namespace tandem
