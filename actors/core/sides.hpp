/// What differs between the two sides of an operation. Everything else is the same machine (machine.hpp).
#pragma once

#include "../../messages/ticket.hpp"

#include <string_view>

namespace tandem::core {

/// What an abortive ticket means where it arrives (S-END-4). The two sides agree but for a reception failure: it says
/// that the sender could not make sense of what this side sent, so it is the receiver's own failure.
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

struct front_side {
  using incoming = back_to_front_ticket;
  using outgoing = front_to_back_ticket;
  static constexpr std::string_view name = "front";
  static constexpr outcome own_failure = outcome::serviced_failure;
  static constexpr bool is_front = true;

  /// S-SEND-6: a front with subscription none ignores every ticket.
  static constexpr bool hears(subscription_kind kind) {
    return kind != subscription_kind::none;
  }
  /// S-SEND-6: with termination only the front ignores payloads.
  static constexpr bool delivers(subscription_kind kind) {
    return kind == subscription_kind::full;
  }
  static constexpr bool speaks(subscription_kind) {
    return true;
  }
  static constexpr bool speaks_payloads(subscription_kind) {
    return true;
  }
};

struct back_side {
  using incoming = front_to_back_ticket;
  using outgoing = back_to_front_ticket;
  static constexpr std::string_view name = "back";
  static constexpr outcome own_failure = outcome::servicer_failure;
  static constexpr bool is_front = false;

  static constexpr bool hears(subscription_kind) {
    return true;
  }
  static constexpr bool delivers(subscription_kind) {
    return true;
  }
  /// S-SEND-6: with subscription none the back sends nothing at all.
  static constexpr bool speaks(subscription_kind kind) {
    return kind != subscription_kind::none;
  }
  /// S-SEND-6: with termination only the back sends no payloads.
  static constexpr bool speaks_payloads(subscription_kind kind) {
    return kind == subscription_kind::full;
  }
};

} // namespace tandem::core
