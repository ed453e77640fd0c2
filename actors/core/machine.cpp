#include "machine.hpp"

namespace tandem::core {

// -- customer code sends ---------------------------------------------------------------

template <class Side>
void machine<Side>::on(active_state& a, payload_given&& e, context c) {
  if (!std::holds_alternative<output_open>(a.output)) {
    // S-SEND-4: a second terminate() is harmless, a payload is not.
    if (e.content)
      fail("S-SEND-4: a payload was sent after the end of the output", c);
    return;
  }
  if (e.last)
    a.output = output_closing{};
  if (!Side::speaks(settings_.subscription)) {
    // S-SEND-6, S-END-1: nothing is owed to the link.
    if (e.last) {
      a.output = output_closed{};
      complete_if_done(a, c);
    }
    return;
  }
  const bool speaks_payloads = Side::speaks_payloads(settings_.subscription);
  if (!speaks_payloads && !e.last)
    return; // S-SEND-6: termination only
  auto& ticket = send(a, e.last ? ticket_kind::completion : ticket_kind::continuation, e.last, c); // S-SEND-3
  if (speaks_payloads)
    ticket.payload = std::move(e.content);
}

template <class Side>
void machine<Side>::on(active_state& a, timeout_given&& e, context c) requires(Side::is_front) {
  change_deadline(a, e.timeout, c);
  if (!active() || !std::holds_alternative<output_open>(a.output))
    return; // S-SEND-8: after the last ticket it has effect here only
  send(a, ticket_kind::continuation, false, c).timeout = e.timeout;
}

template <class Side>
typename machine<Side>::outgoing& machine<Side>::send(active_state& a, ticket_kind kind, bool last, context c) {
  // Made in its place among the effects: tickets are large, and this is the path that all of them take.
  auto& effect = std::get<send_ticket<outgoing>>(c.out.emplace_back(std::in_place_type<send_ticket<outgoing>>));
  effect.last = last;
  effect.ticket.operation = settings_.operation;
  effect.ticket.sequence_number = a.next_out; // S-SEND-1
  effect.ticket.kind = kind;
  a.next_out = a.next_out.next();
  return effect.ticket;
}

// -- the link speaks --------------------------------------------------------------------

template <class Side>
void machine<Side>::on(active_state& a, last_ticket_taken&&, context c) {
  a.output = output_closed{};
  complete_if_done(a, c);
}

template <class Side>
void machine<Side>::on(active_state&, transmission_failed&& e, context c) {
  end(outcome::transmission_failure, std::move(e.details), c); // S-SEND-7: that link gets nothing more
}

template <class Side>
void machine<Side>::on(active_state& a, ticket_received<incoming>&& e, context c) {
  if (!Side::hears(settings_.subscription))
    return; // S-SEND-6
  incoming& ticket = e.ticket;
  const auto number = ticket.sequence_number;
  if (!e.fault.empty())
    return breach(std::move(e.fault), c);
  if (auto wrong = check(ticket)) // S-TICKET-2, also ahead of its turn
    return breach(std::move(*wrong), c);
  if (a.in.seen(number)) // S-RECV-2, also on an abortive ticket
    return breach("S-RECV-2: sequence number " + std::to_string(number.value) + " was received before", c);
  if (is_abortive(ticket.kind)) // S-RECV-3
    return end(meaning_of(ticket.kind, Side::own_failure), std::move(ticket.details), c);
  if (number != a.in.next() && std::holds_alternative<input_open>(a.input)) {
    if (a.in.held() >= settings_.held_tickets)
      return breach("S-RECV-1: more than " + std::to_string(settings_.held_tickets) + " tickets ahead of their turn",
                    c);
    return a.in.hold(std::move(ticket));
  }
  take(a, std::move(ticket), c);
  while (active()) {
    auto next = a.in.take();
    if (!next)
      break;
    take(a, std::move(*next), c);
  }
}

/// A well-formed ticket's turn has come. May end the operation; `a` is gone then.
template <class Side>
void machine<Side>::take(active_state& a, incoming&& ticket, context c) {
  if (!std::holds_alternative<input_open>(a.input))
    return breach("S-RECV-4: " + to_string(ticket.kind) + " after the completion", c);
  a.in.advance();
  if constexpr (!Side::is_front) {
    if (ticket.timeout) {
      change_deadline(a, *ticket.timeout, c); // S-TIME-3
      if (!active())
        return;
    }
  }
  const bool last = ticket.kind == ticket_kind::completion;
  if (last)
    a.input = input_closing{};
  if (Side::delivers(settings_.subscription)) {
    if (ticket.payload || last)
      enqueue(a, deliver{std::move(ticket.payload), last}, c); // S-RECV-7
  } else if (last) {
    a.input = input_closed{};
    complete_if_done(a, c);
  }
}

// -- calling customer code ----------------------------------------------------------------

template <class Side>
void machine<Side>::enqueue(active_state& a, deliver&& x, context c) {
  if (a.call == customer_call::none) {
    a.call = x.last ? customer_call::delivering_last : customer_call::delivering;
    c.out.emplace_back(std::move(x));
  } else {
    a.waiting.push_back(std::move(x));
  }
}

template <class Side>
void machine<Side>::call_next(active_state& a, context c) {
  if (a.waiting_from == a.waiting.size())
    return;
  deliver next = std::move(a.waiting[a.waiting_from++]);
  // Given up by halves, so that a stream whose customer code never catches up keeps no more than twice what waits.
  if (a.waiting_from * 2 >= a.waiting.size()) {
    a.waiting.erase(a.waiting.begin(), a.waiting.begin() + a.waiting_from);
    a.waiting_from = 0;
  }
  enqueue(a, std::move(next), c);
}

template <class Side>
void machine<Side>::on(active_state& a, customer_returned&&, context c) {
  const bool all_consumed = a.call == customer_call::delivering_last;
  a.call = customer_call::none;
  if (!all_consumed)
    return call_next(a, c);
  a.input = input_closed{};
  complete_if_done(a, c);
}

template <class Side>
void machine<Side>::on(active_state& a, customer_threw&& e, context c) {
  // S-END-5: only service() can say that there is no such method.
  if (!Side::is_front && a.call == customer_call::opening && e.what == customer_threw::kind::no_such_method)
    return abort(outcome::reception_failure, std::move(e.details), c);
  fail(std::move(e.details), c);
}

// -- time -------------------------------------------------------------------------------

template <class Side>
void machine<Side>::on(active_state& a, timer_fired&&, context c) {
  if (c.now < a.deadline) {
    c.out.emplace_back(set_timer{a.deadline});
    return;
  }
  const auto allowed = std::chrono::duration_cast<std::chrono::milliseconds>(a.deadline - settings_.beginning);
  abort(outcome::expired, "not done within " + std::to_string(allowed.count()) + " ms", c);
}

template <class Side>
void machine<Side>::change_deadline(active_state& a, duration timeout, context c) {
  a.deadline = settings_.beginning + std::min(timeout, settings_.maximum_timeout); // S-TIME-1, S-TIME-2
  if (c.now >= a.deadline)
    on(a, timer_fired{}, c); // S-TIME-3: already past
  else
    c.out.emplace_back(set_timer{a.deadline});
}

// -- the end ----------------------------------------------------------------------------

template <class Side>
void machine<Side>::on(active_state&, failure_requested&& e, context c) {
  fail(std::move(e.details), c);
}

template <class Side>
void machine<Side>::on(active_state&, cancel_requested&& e, context c) requires(Side::is_front) {
  abort(outcome::cancelled, std::move(e.details), c);
}

template <class Side>
void machine<Side>::complete_if_done(active_state& a, context c) {
  if (std::holds_alternative<output_closed>(a.output) && std::holds_alternative<input_closed>(a.input))
    end(outcome::completed, {}, c); // S-END-1
}

template <class Side>
void machine<Side>::breach(std::string details, context c) {
  abort(outcome::reception_failure, std::move(details), c);
}

template <class Side>
void machine<Side>::fail(std::string details, context c) {
  abort(Side::own_failure, std::move(details), c);
}

template <class Side>
void machine<Side>::abort(outcome value, std::string details, context c) {
  if (Side::speaks(settings_.subscription)) {
    auto& ticket = send(std::get<active_state>(state_), abortive_kind(value), false, c);
    ticket.details = details; // S-TICKET-7
  }
  end(value, std::move(details), c);
}

template <class Side>
void machine<Side>::end(outcome value, std::string details, context c) {
  state_.template emplace<ended_state>(value);
  c.out.emplace_back(finish{value, std::move(details)});
}

// -- for people -----------------------------------------------------------------------

template <class Side>
std::string machine<Side>::state_name() const {
  auto* a = std::get_if<active_state>(&state_);
  if (a == nullptr)
    return to_string(std::get<ended_state>(state_).value);
  static constexpr const char* names[] = {"open", "closing", "closed"};
  return std::string{"output "} + names[a->output.index()] + ", input " + names[a->input.index()];
}

template class machine<front_side>;
template class machine<back_side>;

} // namespace tandem::core
