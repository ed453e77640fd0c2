#include "back_machine.hpp"

namespace tandem::core {

back_machine::settings back_machine::settings_for(const front_to_back_ticket& ticket, uint32_t held_tickets,
                                                  duration maximum_timeout, time_point now) {
  const auto wanted = ticket.subscription.value_or(subscription_kind::full);
  return {ticket.operation, valid(wanted) ? wanted : subscription_kind::full, held_tickets, now, maximum_timeout};
}

void back_machine::begin(front_to_back_ticket ticket, const std::string& fault, duration default_timeout,
                         time_point now, effects& out) {
  auto& a = std::get<active_state>(state_);
  const context c{now, out};
  if (!fault.empty())
    return breach(fault, c);
  if (auto wrong = check(ticket))
    return breach(std::move(*wrong), c);
  a.in.advance();
  const bool last = ticket.kind == ticket_kind::entire;
  if (last)
    a.input = input_closing{};
  change_deadline(a, ticket.timeout.value_or(default_timeout), c); // S-TIME-2
  if (!active())
    return; // a timeout of zero: expired before it began
  a.call = customer_call::opening;
  out.emplace_back(open_customer{});
  if (ticket.payload || last)
    enqueue(a, deliver{std::move(ticket.payload), last}, c);
}

} // namespace tandem::core
