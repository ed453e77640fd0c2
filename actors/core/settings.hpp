/// The settings of an operation, which stay the same while it lives.
#pragma once

#include "../../messages/ticket.hpp"
#include "events.hpp"

#include <cstdint>

namespace tandem::core {

struct settings {
  operation_id operation;
  subscription_kind subscription = subscription_kind::full;
  uint32_t held_tickets = 64;                 ///< how many tickets may be held ahead of their turn (S-RECV-1)
  time_point beginning;                       ///< from where timeouts are measured (S-TIME-1)
  duration default_timeout{};                 ///< where the serviced gave none (S-TIME-2)
  duration maximum_timeout = longest_timeout; ///< S-TIME-2
};

/// The settings of a back's operation that begins with `ticket`, with its subscription; full if that makes no sense, so
/// that the front is told of its mistake.
inline settings settings_for(const front_to_back_ticket& ticket, uint32_t held_tickets, duration default_timeout,
                             duration maximum_timeout, time_point now) {
  const auto wanted = ticket.subscription.value_or(subscription_kind::full);
  return {ticket.operation, valid(wanted) ? wanted : subscription_kind::full, held_tickets, now, default_timeout,
          maximum_timeout};
}

} // namespace tandem::core
