/// The settings of an operation, which stay the same while it lives.
#pragma once

#include "../../messages/ticket.hpp"
#include "events.hpp"

#include <cstdint>

namespace tandem::core {

/// What a payload takes beside its bytes, about: what is small is not free (S-FLOW-16).
inline constexpr uint64_t payload_overhead = 64;

/// How one side limits the other, and itself (S-FLOW).
struct flow_settings {
  uint32_t window = no_window;   ///< in payloads; no_window: this side does without (S-FLOW-11)
  uint32_t window_bytes = 0;     ///< S-FLOW-13; 0: the window is the same for large payloads
  uint32_t waiting_payloads = 0; ///< how many may wait until they are allowed (S-FLOW-7); 0: any number
  bool sparing = false;          ///< its window is 1 as it begins (S-FLOW-16)

  bool has_window() const noexcept {
    return window != no_window;
  }
};

struct settings {
  operation_id operation;
  subscription_kind subscription = subscription_kind::full;
  uint32_t held_tickets = 64;                 ///< how many tickets may be held ahead of their turn (S-RECV-1)
  time_point beginning;                       ///< from where timeouts are measured (S-TIME-1)
  duration default_timeout{};                 ///< where the serviced gave none (S-TIME-2)
  duration maximum_timeout = longest_timeout; ///< S-TIME-2
  flow_settings flow = {};
};

/// How many payloads a front may send before it has heard from the back (S-FLOW-2, S-FLOW-10).
inline uint64_t allowed_to_front_at_first(const settings& x) noexcept {
  return x.flow.has_window() && x.subscription != subscription_kind::none ? allowed_at_first : unlimited;
}

/// The settings of a back's operation that begins with `ticket`, with its subscription; full if that makes no sense, so
/// that the front is told of its mistake.
inline settings settings_for(const front_to_back_ticket& ticket, uint32_t held_tickets, duration default_timeout,
                             duration maximum_timeout, time_point now, const flow_settings& flow) {
  const auto wanted = ticket.subscription.value_or(subscription_kind::full);
  return {ticket.operation,
          valid(wanted) ? wanted : subscription_kind::full,
          held_tickets,
          now,
          default_timeout,
          maximum_timeout,
          flow};
}

} // namespace tandem::core
