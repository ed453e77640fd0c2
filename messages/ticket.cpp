#include "ticket.hpp"

namespace tandem {

namespace {

std::string on(std::string_view what, ticket_kind kind) {
  return "S-TICKET-2: " + std::string{what} + " on " + to_string(kind);
}

/// The rules that hold in both directions.
template <class Ticket>
std::optional<std::string> check_common(const Ticket& ticket) {
  if (!ticket.sequence_number.valid())
    return "S-TICKET-2: sequence number " + std::to_string(ticket.sequence_number.value) + " is out of range";
  if ((is_abortive(ticket.kind) || ticket.kind == ticket_kind::allowance) && ticket.payload)
    return on("payload", ticket.kind);
  if (ticket.allowed && ticket.kind != ticket_kind::allowance && !is_first(ticket.kind))
    return on("allowed", ticket.kind);
  if (!ticket.allowed && ticket.kind == ticket_kind::allowance)
    return on("no allowed", ticket.kind);
  if (ticket.allowed && *ticket.allowed > unlimited)
    return "S-TICKET-2: allowed is " + std::to_string(*ticket.allowed) + ", more than 2^63-1";
  return std::nullopt;
}

} // namespace

std::string to_string(ticket_kind kind) {
  switch (kind) {
    case ticket_kind::commencement:
      return "commencement";
    case ticket_kind::continuation:
      return "continuation";
    case ticket_kind::completion:
      return "completion";
    case ticket_kind::entire:
      return "entire";
    case ticket_kind::cancellation:
      return "cancellation";
    case ticket_kind::expiration:
      return "expiration";
    case ticket_kind::reception_failure:
      return "reception failure";
    case ticket_kind::transmission_failure:
      return "transmission failure";
    case ticket_kind::serviced_failure:
      return "serviced failure";
    case ticket_kind::servicer_failure:
      return "servicer failure";
    case ticket_kind::refusal:
      return "refusal";
    case ticket_kind::allowance:
      return "allowance";
  }
  return "invalid";
}

std::optional<ticket_kind> parse_ticket_kind(std::string_view text) noexcept {
  for (auto kind : front_to_back_kinds)
    if (text == to_string(kind))
      return kind;
  return text == to_string(ticket_kind::refusal) ? std::optional{ticket_kind::refusal} : std::nullopt;
}

ticket_kind abortive_kind(outcome value) noexcept {
  switch (value) {
    case outcome::completed: // no abortive kind has this name; callers do not ask
    case outcome::cancelled:
      return ticket_kind::cancellation;
    case outcome::expired:
      return ticket_kind::expiration;
    case outcome::reception_failure:
      return ticket_kind::reception_failure;
    case outcome::transmission_failure:
      return ticket_kind::transmission_failure;
    case outcome::servicer_failure:
      return ticket_kind::servicer_failure;
    case outcome::serviced_failure:
      return ticket_kind::serviced_failure;
  }
  return ticket_kind::cancellation;
}

std::optional<std::string> check(const front_to_back_ticket& ticket) {
  if (!ticket.fault.empty())
    return ticket.fault.text();
  const ticket_kind kind = ticket.kind;
  if (kind < ticket_kind::commencement || kind > ticket_kind::allowance || kind == ticket_kind::refusal)
    return "S-TICKET-2: unknown kind " + std::to_string(static_cast<int>(kind));
  if (auto wrong = check_common(ticket))
    return wrong;
  const bool first = is_first(kind);
  if ((ticket.sequence_number.value == 0) != first)
    return on("sequence number " + std::to_string(ticket.sequence_number.value), kind);
  if (ticket.name.has_value() != first)
    return on(first ? "no name" : "name", kind);
  if (ticket.name && ticket.name->empty())
    return on("empty name", kind);
  if (ticket.name && ticket.name->size() > longest_name)
    return on("name of " + std::to_string(ticket.name->size()) + " bytes", kind);
  if (ticket.subscription.has_value() != first)
    return on(first ? "no subscription" : "subscription", kind);
  if (ticket.subscription && !valid(*ticket.subscription))
    return on("unknown subscription", kind);
  if (kind == ticket_kind::continuation && !ticket.payload && !ticket.timeout)
    return on("neither payload nor timeout", kind);
  if (ticket.timeout && kind == ticket_kind::allowance)
    return on("timeout", kind);
  if (ticket.timeout && *ticket.timeout < duration::zero())
    return on("negative timeout", kind);
  return std::nullopt;
}

std::optional<std::string> check(const back_to_front_ticket& ticket) {
  if (!ticket.fault.empty())
    return ticket.fault.text();
  const ticket_kind kind = ticket.kind;
  // S-TICKET-4: no first tickets from here.
  if (kind < ticket_kind::continuation || kind > ticket_kind::allowance || kind == ticket_kind::entire)
    return "S-TICKET-2: unknown kind " + std::to_string(static_cast<int>(kind));
  if (auto wrong = check_common(ticket))
    return wrong;
  if (kind == ticket_kind::refusal && ticket.sequence_number.value != 0)
    return on("sequence number " + std::to_string(ticket.sequence_number.value), kind);
  if (kind == ticket_kind::continuation && !ticket.payload)
    return on("no payload", kind);
  return std::nullopt;
}

} // namespace tandem
