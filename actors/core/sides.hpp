/// The differences between the two sides of an operation. Everything else is the same (operation.hpp).
#pragma once

#include "../../messages/ticket.hpp"
#include "events.hpp"

#include <cstdint>
#include <string_view>

namespace tandem::core {

/// The outcome that an abortive ticket means where it arrives (S-END-4). The two sides agree except on a reception
/// failure: it says that the sender could not make sense of this side's tickets, so it is the receiver's own failure.
constexpr outcome meaning_of(ticket_kind abortive, outcome own_failure) noexcept {
  switch (abortive) {
    case ticket_kind::cancellation:
      return outcome::cancelled;
    case ticket_kind::expiration:
      return outcome::expired;
    case ticket_kind::serviced_failure:
      return outcome::serviced_failure;
    case ticket_kind::servicer_failure:
      return outcome::servicer_failure;
    case ticket_kind::reception_failure:
      return own_failure == outcome::servicer_failure ? outcome::serviced_failure : outcome::servicer_failure;
    default:
      return outcome::transmission_failure;
  }
}

/// How much of a direction there is (S-SEND-6).
enum class share : uint8_t { everything, end_only, nothing };

/// How much of the direction back to front a subscription asks for.
constexpr share wanted_by(subscription_kind kind) noexcept {
  switch (kind) {
    case subscription_kind::full:
      break;
    case subscription_kind::termination_only:
      return share::end_only;
    case subscription_kind::none:
      return share::nothing;
  }
  return share::everything;
}

struct front_side {
  using beginning = commencement;
  using incoming = back_to_front_ticket;
  using outgoing = front_to_back_ticket;
  static constexpr std::string_view name = "front";
  static constexpr outcome own_failure = outcome::serviced_failure;
  static constexpr bool is_front = true;

  static constexpr share sends(subscription_kind) {
    return share::everything;
  }
  static constexpr share hears(subscription_kind kind) {
    return wanted_by(kind);
  }
};

struct back_side {
  using beginning = front_to_back_ticket;
  using incoming = front_to_back_ticket;
  using outgoing = back_to_front_ticket;
  static constexpr std::string_view name = "back";
  static constexpr outcome own_failure = outcome::servicer_failure;
  static constexpr bool is_front = false;

  static constexpr share sends(subscription_kind kind) {
    return wanted_by(kind);
  }
  static constexpr share hears(subscription_kind) {
    return share::everything;
  }
};

} // namespace tandem::core
