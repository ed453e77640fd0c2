/// Stand-ins for the other side while a trace is played again: its tickets, and customer code. Internal to replay and
/// its tools.
#pragma once

#include "../consumer.hpp"
#include "placeholder.hpp"
#include "recorded_operation.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace tandem {

/// The side that sends tickets of this type.
template <class Ticket>
inline constexpr trace_side sender_of
  = std::is_same_v<Ticket, front_to_back_ticket> ? trace_side::front : trace_side::back;

/// A ticket that came, in the form in which it is compared with recorded ones.
template <class Ticket>
trace_entry entry_of(const Ticket& ticket) {
  trace_entry result;
  result.event = trace_event::sent;
  result.side = sender_of<Ticket>;
  set_ticket(result, ticket);
  if (ticket.payload) {
    result.payload = to_trace_payload(*ticket.payload);
    result.payload_size = wire_size(*ticket.payload);
  }
  return result;
}

/// The ticket of a step, for the operation with this id; a redacted text is a placeholder. Throws std::runtime_error
/// naming the line if this process cannot read its payload.
template <class Ticket>
Ticket ticket_of(const recorded_step& step, const operation_id& id) {
  std::string error;
  auto entry = step.entry;
  // The entry may be one that the other side sent or received.
  entry.event = trace_event::sent;
  entry.side = sender_of<Ticket>;
  auto ticket = to_ticket(entry, error);
  if (!ticket)
    throw std::runtime_error{"line " + std::to_string(step.line_number) + ": " + error};
  auto result = std::move(std::get<Ticket>(*ticket));
  result.operation = id;
  if (auto placeholder = placeholder_of(step.entry))
    result.payload = std::move(placeholder);
  return result;
}

/// Customer code that takes everything, and throws at this call, counted from 0 (recorded_operation::failing_call).
/// `at_end` is called at the end of the last call.
inline std::shared_ptr<consumer> failing_consumer(
  std::optional<size_t> call, std::function<void()> at_end = [] {}) {
  auto calls = std::make_shared<size_t>(0);
  const auto count = [call, calls] {
    if (call == (*calls)++)
      throw std::runtime_error{"as recorded"};
  };
  return make_consumer([count](payload) { count(); },
                       [count, at_end = std::move(at_end)] {
                         count();
                         at_end();
                       });
}

} // namespace tandem
