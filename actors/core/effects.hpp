/// The effects that a side of an operation asks for, in the imperative. They are carried out in the order in which they
/// came.
#pragma once

#include "../../messages/outcome.hpp"
#include "events.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tandem::core {

/// Hand this ticket to the link. With `last`, tell the operation when the link has it (last_ticket_taken); in any
/// case tell it if the link refuses (transmission_failed).
template <class Ticket>
struct send_ticket {
  /// Not defaulted: value initialization would fill all of it with zeros first, which is much for a thing so large.
  send_ticket() noexcept { // NOLINT(modernize-use-equals-default)
  }

  Ticket ticket;
  bool last = false;
};

/// Call the customer's factory: the servicer's service(), the ingestor's consumer(). Answer with customer_returned or
/// customer_threw, after everything that customer code did in that call.
struct open_customer {};

/// Call the customer's consumer: consume, terminate or consume_and_terminate. Answer as above. An operation has at
/// most one call under way (S-RECV-8).
struct deliver {
  std::optional<payload> content;
  bool last = false;
  uint32_t bytes = 0;                           ///< about how many it has here
  std::shared_ptr<const void> receipt = {};     ///< of the ticket that brought it
  tandem::sequence_number sequence_number = {}; ///< of that ticket
};

/// Call one of the functions that wait until customer code can send (S-FLOW-8). Answer as above; no other call is under
/// way.
struct report_ready {};

/// From now on, timer_fired is wanted at this time, and no longer at an earlier one.
struct set_timer {
  time_point deadline;
};

/// The operation has ended on this side: always the last effect, exactly once (S-END-6).
struct finish {
  outcome value;
  std::string details;
};

template <class Ticket>
using effect = std::variant<send_ticket<Ticket>, open_customer, deliver, report_ready, set_timer, finish>;

/// The effects of one side, in order.
template <class Side>
using effects = std::vector<effect<typename Side::outgoing>>;

} // namespace tandem::core
