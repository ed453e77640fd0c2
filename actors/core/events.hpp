/// What can happen to one side of an operation, in the past tense. A machine is told of them one at a time.
#pragma once

#include "../../messages/ticket.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace tandem {

/// Points in time, on a clock that only goes forward (S-TIME-4).
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

} // namespace tandem

namespace tandem::core {

/// The link brought a ticket. `fault` says what of it could not be read (a payload of an unknown type, say); such a
/// ticket is malformed.
template <class Ticket>
struct ticket_received {
  Ticket ticket;
  std::string fault = {};
};

/// Customer code sent something: a payload, the end of its output (`last`), or both.
struct payload_given {
  std::optional<payload> content;
  bool last = false;
};

/// The customer code that was called (open_customer, deliver) returned.
struct customer_returned {};

/// It threw instead.
struct customer_threw {
  enum class kind { error, no_such_method };
  kind what = kind::error;
  std::string details;
};

/// The link took the ticket that was sent with `last`.
struct last_ticket_taken {};

/// The link refused a ticket of this operation, or is gone.
struct transmission_failed {
  std::string details;
};

/// The time that set_timer named has come.
struct timer_fired {};

/// Customer code called fail(), or the operation's actor was told to exit.
struct failure_requested {
  std::string details;
};

/// Front only: customer code called cancel().
struct cancel_requested {
  std::string details;
};

/// Front only: customer code set a new timeout, measured from the beginning of the operation.
struct timeout_given {
  duration timeout{};
};

} // namespace tandem::core
