#include "front_machine.hpp"

namespace tandem::core {

void front_machine::begin(commencement x, time_point now, effects& out) {
  auto& a = std::get<active_state>(state_);
  const context c{now, out};
  auto& ticket = send(a, x.complete ? ticket_kind::entire : ticket_kind::commencement, x.complete, c);
  ticket.name = std::move(x.name);
  ticket.subscription = settings_.subscription;
  ticket.trace_id = x.trace_id;
  ticket.payload = std::move(x.payload);
  ticket.timeout = x.timeout;
  if (x.complete)
    a.output = output_closing{};
  if (!front_side::hears(settings_.subscription))
    a.input = input_closed{}; // S-END-1: nothing is wanted
  if (front_side::delivers(settings_.subscription)) {
    a.call = customer_call::opening;
    out.emplace_back(open_customer{});
  }
  change_deadline(a, x.own_timeout, c);
}

} // namespace tandem::core
