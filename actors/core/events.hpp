/// The events that can happen to one side of an operation, in the past tense: how it began, and then one at a time.
#pragma once

#include "../../messages/ticket.hpp"
#include "../../messages/time.hpp"
#include "one_of.hpp"

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

namespace tandem::core {

// -- how it began --------------------------------------------------------------------

/// At the front: operate() was called, with this. (At the back it is a commencement or entire ticket that arrived.)
struct commencement {
  std::string name;
  std::optional<tandem::payload> payload;
  bool complete = false;           ///< nothing will be sent after this (S-SEND-2)
  std::optional<duration> timeout; ///< goes on the ticket (S-TIME-2)
  std::optional<tandem::trace_id> trace_id;
};

// -- wishes of customer code -----------------------------------------------------------

/// It sent something: a payload, the end of its output (`last`), or both.
struct payload_given {
  std::optional<payload> content;
  bool last = false;
  std::shared_ptr<const void> receipt = {}; ///< of the ticket that will carry it
  uint64_t size = 0;                        ///< in bytes, if it is known
};

/// It called fail(), or the operation's actor was told to exit.
struct failure_requested {
  std::string details;
};

/// It allows so many payloads more, by hand (S-FLOW-9).
struct allowance_given {
  uint64_t payloads = 0;
};

/// It wants a window of so many payloads from now on; no_window: none (S-FLOW-15).
struct window_given {
  uint32_t payloads = 0;
};

/// It wants to be called once when it can send (S-FLOW-8).
struct readiness_asked {};

/// So many payloads of the call under way do not count as consumed when it returns: customer code has taken charge of
/// them, and will release each (S-FLOW-14).
struct payloads_kept {
  uint64_t payloads = 0;
};

/// It has done with so many of those.
struct payloads_released {
  uint64_t payloads = 0;
};

/// Front only: it called cancel().
struct cancel_requested {
  std::string details;
};

/// Front only: it set a new timeout, measured from the beginning of the operation.
struct timeout_given {
  duration timeout{};
};

// -- results of a call of customer code ----------------------------------------------------

/// The customer code that was called (open_customer, deliver, report_ready) returned.
struct customer_returned {};

/// A call that delivers takes the next payload, or the end, too, since one waits: customer_returned comes when all are
/// consumed.
struct call_extended {};

/// It threw instead.
struct customer_threw {
  enum class kind { error, no_such_method };
  kind what = kind::error;
  std::string details;
};

// -- events of the link, and of the clock ----------------------------------------------------

/// The link brought a ticket. If a part of it could not be read, the ticket's `fault` says so.
template <class Ticket>
struct ticket_received {
  Ticket ticket;
};

/// The link took the ticket that was sent with `last`.
struct last_ticket_taken {};

/// The link refused a ticket of this operation, or is gone.
struct transmission_failed {
  std::string details;
};

/// The time that set_timer named has come.
struct timer_fired {};

// -- all of them ---------------------------------------------------------------------------

/// The wishes that customer code can have. The back has no event for two of them: there they do nothing.
using customer_event = std::variant<payload_given, failure_requested, cancel_requested, timeout_given, allowance_given,
                                    window_given, readiness_asked, payloads_kept, payloads_released>;

namespace detail {

template <class Side, class... More>
using events = std::variant<payload_given, failure_requested, allowance_given, window_given, readiness_asked,
                            payloads_kept, payloads_released, customer_returned, customer_threw, call_extended,
                            ticket_received<typename Side::incoming>, last_ticket_taken, transmission_failed,
                            timer_fired, More...>;

} // namespace detail

/// All events that can happen to this side.
template <class Side>
using event
  = std::conditional_t<Side::is_front, detail::events<Side, cancel_requested, timeout_given>, detail::events<Side>>;

template <class T, class Side>
concept event_of = is_alternative<T, event<Side>>;

} // namespace tandem::core
