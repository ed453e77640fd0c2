/// A clock of one's own for an end (end_options::clock): the end reads it, and asks it to be woken. Tests move one by
/// hand (testing/manual_clock.hpp).
#pragma once

#include "../../messages/time.hpp"

#include <functional>

namespace tandem {

/// Any thread, several at a time. Calls no `notify` from within wake_at or forget.
class clock_source {
public:
  virtual ~clock_source() = default;

  /// Never goes backward (S-TIME-4).
  virtual time_point now() const = 0;

  /// Wants `notify` called when the clock reaches `when`; replaces what `waiter` wanted before.
  virtual void wake_at(const void* waiter, time_point when, std::function<void()> notify) = 0;

  /// `waiter` wants nothing any more.
  virtual void forget(const void* waiter) = 0;
};

} // namespace tandem
