#include "operation.hpp"

#include <algorithm>
#include <chrono>

namespace tandem::core {

namespace {

bool is_complete(const commencement& x) {
  return x.complete;
}

/// The output of the back's customer code has not even begun.
bool is_complete(const front_to_back_ticket&) {
  return false;
}

output::state first_output(share wanted, bool complete) {
  return complete ? output::state{output::closing{}} : output::open{wanted};
}

input::state first_input(share wanted) {
  return wanted == share::nothing ? input::state{input::closed{}} : input::open{wanted}; // S-END-1
}

/// S-FLOW-2, S-FLOW-11: how many payloads the front may send before it is allowed more.
uint64_t first_credit(const settings& x, const commencement&) {
  return allowed_to_front_at_first(x);
}

/// And the back.
uint64_t first_credit(const settings& x, const front_to_back_ticket& how) {
  const bool sends_payloads = back_side::sends(x.subscription) == share::everything;
  return sends_payloads ? how.allowed.value_or(unlimited) : unlimited; // what does not travel waits for nobody
}

/// How many payloads the other side may send before it is told.
template <class Side>
uint64_t first_allowed(const settings& x, const commencement&) {
  if (!x.flow.has_window() || Side::hears(x.subscription) == share::nothing)
    return unlimited;
  if (Side::hears(x.subscription) == share::end_only)
    return 0;
  return x.flow.sparing ? std::min<uint32_t>(x.flow.window, 1) : x.flow.window;
}

template <class Side>
uint64_t first_allowed(const settings& x, const front_to_back_ticket& how) {
  const bool limits = how.allowed && Side::sends(x.subscription) != share::nothing && x.flow.has_window();
  return limits ? allowed_at_first : unlimited;
}

customer::state first_customer(share wanted) {
  return wanted == share::everything ? customer::state{customer::opening{}} : customer::idle{};
}

} // namespace

// -- the beginning -----------------------------------------------------------------------

template <class Side>
operation<Side>::operation(const core::settings& setup, beginning&& how, time_point now, effects<Side>& out)
  : state_(std::in_place_type<active_state>, setup, how) {
  const context c{now, out};
  if (auto decided = begin(std::get<active_state>(state_), setup, std::move(how), c))
    end(std::move(*decided), c);
}

template <class Side>
operation<Side>::active_state::active_state(const core::settings& x, const beginning& how)
  : id(x.operation),
    credit(first_credit(x, how)),
    window(x.flow.window, x.flow.window_bytes, first_allowed<Side>(x, how)),
    order(sequence_number{Side::is_front ? 0u : 1u}), // the back's first ticket takes effect now
    customer(first_customer(Side::hears(x.subscription))),
    begun(x.beginning),
    maximum_timeout(x.maximum_timeout),
    held_tickets(x.held_tickets),
    waiting_payloads(x.flow.waiting_payloads),
    subscription(x.subscription),
    output(first_output(Side::sends(x.subscription), is_complete(how))),
    input(first_input(Side::hears(x.subscription))) {
}

template <class Side>
auto operation<Side>::begin(active_state& a, const core::settings& setup, beginning&& how, context c) -> decision {
  if constexpr (Side::is_front) {
    const auto kind = how.complete ? ticket_kind::entire : ticket_kind::commencement;
    payload_given first{std::move(how.payload)};
    a.credit.give(first, 0, c.now); // S-FLOW-2: there is credit for it
    issue(a, kind, how.complete, c, [&](outgoing& ticket) {
      ticket.name = std::move(how.name);
      ticket.subscription = setup.subscription;
      ticket.trace_id = how.trace_id;
      ticket.payload = std::move(first.content);
      ticket.timeout = how.timeout;
      if (a.window.is_limited())
        ticket.allowed = a.window.allowed();
    });
    if (Side::hears(setup.subscription) == share::everything)
      c.out.emplace_back(open_customer{});
    return keep_to(a, how.timeout.value_or(setup.default_timeout), c); // S-TIME-2
  } else {
    if (auto wrong = check(how))
      return breach(std::move(*wrong));
    if (auto decided = keep_to(a, how.timeout.value_or(setup.default_timeout), c)) // S-TIME-2
      return decided;
    if (how.kind == ticket_kind::commencement && how.allowed && !setup.flow.has_window()
        && Side::sends(setup.subscription) != share::nothing)
      tell(a, unlimited, c); // S-FLOW-11
    c.out.emplace_back(open_customer{});
    if (how.payload)
      a.window.arrived(how.payload_size); // which is never too many (S-FLOW-2)
    if (a.input.handle(turn_came{how.payload.has_value(), is_last(how.kind)}) == taking::delivery)
      deliver(a, std::move(how), c);
    return std::nullopt;
  }
}

// -- customer code sends ---------------------------------------------------------------

template <class Side>
auto operation<Side>::on(active_state& a, payload_given&& e, context c) -> decision {
  switch (a.output.handle(e)) {
    case sending::nothing:
      return completed_if_done(a);
    case sending::too_late:
      return fail("S-SEND-4: a payload was sent after the end of the output");
    case sending::bare_completion:
      e.content.reset();
      break;
    case sending::continuation:
    case sending::completion:
      break;
  }
  const auto most = a.waiting_payloads;
  switch (a.credit.give(e, most, c.now)) {
    case credit::answer::send:
      send(a, std::move(e), c);
      break;
    case credit::answer::wait:
      break;
    case credit::answer::too_many:
      return fail("S-FLOW-7: more than " + std::to_string(most)
                  + " payloads wait until the other side allows them; waiting_payloads is " + std::to_string(most));
  }
  return std::nullopt;
}

/// A payload, the end of the output, or both: there is credit for it.
template <class Side>
void operation<Side>::send(active_state& a, payload_given&& what, context c) {
  const auto kind = what.last ? ticket_kind::completion : ticket_kind::continuation; // S-SEND-3
  issue(a, kind, what.last, c, [&](outgoing& ticket) {
    ticket.payload = std::move(what.content);
    ticket.payload_size = what.size;
    ticket.receipt = std::move(what.receipt);
  });
}

template <class Side>
bool operation<Side>::can_send(const active_state& a) noexcept {
  return a.output.is_open() && a.credit.is_ready();
}

template <class Side>
auto operation<Side>::on(active_state& a, readiness_asked&& e, context c) -> decision {
  if (!a.output.is_open())
    return std::nullopt; // it will never be
  a.customer.handle(e);
  if (can_send(a))
    a.customer.report(c.out);
  return std::nullopt;
}

// -- what the other side may send --------------------------------------------------------

/// Tells it, if there is something to tell (S-FLOW-3): nothing once its completion has taken its turn.
template <class Side>
void operation<Side>::tell(active_state& a, std::optional<uint64_t> allowed, context c) {
  if (allowed)
    issue(a, ticket_kind::allowance, false, c, [&](outgoing& ticket) { ticket.allowed = allowed; });
}

template <class Side>
auto operation<Side>::on(active_state& a, allowance_given&& e, context c) -> decision {
  if (a.input.is_open())
    tell(a, a.window.allow(e.payloads), c); // S-FLOW-9
  return std::nullopt;
}

template <class Side>
auto operation<Side>::on(active_state& a, window_given&& e, context c) -> decision {
  if (e.payloads != no_window)
    a.window.resize(e.payloads);
  else if (a.input.is_open())
    tell(a, a.window.allow(unlimited), c); // S-FLOW-11
  return std::nullopt;
}

template <class Side>
auto operation<Side>::on(active_state& a, payloads_kept&& e, context) -> decision {
  const auto kept = a.customer.handle(e);
  a.window.keep(kept.payloads, kept.bytes);
  return std::nullopt;
}

template <class Side>
auto operation<Side>::on(active_state& a, payloads_released&& e, context c) -> decision {
  a.window.release(e.payloads);
  if (a.input.is_open())
    tell(a, a.window.due(), c);
  return std::nullopt;
}

template <class Side>
auto operation<Side>::on(active_state& a, timeout_given&& e, context c) -> decision {
  if (auto decided = keep_to(a, e.timeout, c))
    return decided;
  if constexpr (Side::is_front) // the back has no such event, and its tickets no timeout
    // S-SEND-8: after the last ticket it has effect here only. It does not wait behind payloads (S-FLOW-6).
    if (a.output.is_open() || a.credit.has_waiting())
      issue(a, ticket_kind::continuation, false, c, [&](outgoing& ticket) { ticket.timeout = e.timeout; });
  return std::nullopt;
}

template <class Side>
template <class Fill>
void operation<Side>::issue(active_state& a, ticket_kind kind, bool last, context c, Fill fill) {
  auto& effect = c.out.emplace_back(std::in_place_type<send_ticket<outgoing>>);
  auto& sent = *std::get_if<send_ticket<outgoing>>(&effect);
  sent.last = last;
  sent.ticket.operation = a.id;
  sent.ticket.sequence_number = a.next_sent; // S-SEND-1
  sent.ticket.kind = kind;
  fill(sent.ticket);
  a.next_sent = a.next_sent.next();
}

// -- the link speaks --------------------------------------------------------------------

template <class Side>
auto operation<Side>::on(active_state& a, last_ticket_taken&& e, context) -> decision {
  a.output.handle(e);
  return completed_if_done(a);
}

template <class Side>
auto operation<Side>::on(active_state&, transmission_failed&& e, context) -> decision {
  return ending{outcome::transmission_failure, std::move(e.details), false}; // S-SEND-7: that link gets nothing more
}

template <class Side>
auto operation<Side>::on(active_state& a, ticket_received<incoming>&& e, context c) -> decision {
  return take_received(a, std::move(e.ticket), c);
}

template <class Side>
auto operation<Side>::take_received(active_state& a, incoming&& ticket, context c) -> decision {
  if (Side::hears(a.subscription) == share::nothing)
    return std::nullopt;          // S-SEND-6
  if (auto wrong = check(ticket)) // S-TICKET-2, also ahead of its turn
    return breach(std::move(*wrong));
  const auto number = ticket.sequence_number;
  const auto when = a.order.turn_of(number);
  if (when == turn::past) // S-RECV-2, also on an abortive ticket
    return breach("S-RECV-2: sequence number " + std::to_string(number.value) + " was received before");
  if (is_abortive(ticket.kind)) // S-RECV-3
    return ending{meaning_of(ticket.kind, Side::own_failure), std::move(ticket.details), false};
  if (when == turn::ahead && (a.input.is_open() || ticket.kind == ticket_kind::allowance)) {
    if (a.order.held() >= a.held_tickets)
      return breach("S-RECV-1: more than " + std::to_string(a.held_tickets) + " tickets ahead of their turn");
    a.order.hold(std::move(ticket));
    return std::nullopt;
  }
  auto decided = take(a, std::move(ticket), c);
  while (!decided) {
    auto next = a.order.take();
    if (!next)
      break;
    decided = take(a, std::move(*next), c);
  }
  return decided;
}

/// A well-formed ticket's turn has come.
template <class Side>
auto operation<Side>::take(active_state& a, incoming&& ticket, context c) -> decision {
  if (ticket.kind == ticket_kind::allowance)
    return take_allowance(a, *ticket.allowed, c);
  const auto what = a.input.handle(turn_came{ticket.payload.has_value(), is_last(ticket.kind)});
  if (what == taking::too_late)
    return breach("S-RECV-4: " + to_string(ticket.kind) + " after the completion");
  a.order.advance();
  if (ticket.payload && !a.window.arrived(ticket.payload_size))
    return breach("S-FLOW-5: a payload beyond the " + std::to_string(a.window.allowed()) + " that were allowed");
  if constexpr (!Side::is_front)
    if (ticket.timeout)
      if (auto decided = keep_to(a, *ticket.timeout, c)) // S-TIME-3
        return decided;
  if (what == taking::nothing)
    return completed_if_done(a);
  deliver(a, std::move(ticket), c);
  return std::nullopt;
}

/// S-FLOW-4: also after the completion.
template <class Side>
auto operation<Side>::take_allowance(active_state& a, uint64_t allowed, context c) -> decision {
  a.order.advance();
  const auto before = a.credit.allowed();
  if (!a.credit.allow(allowed))
    return breach("S-FLOW-4: an allowance of " + std::to_string(allowed) + " payloads in all, after one of "
                  + std::to_string(before));
  a.credit.send_waiting([&](payload_given&& x) { send(a, std::move(x), c); });
  if (can_send(a))
    a.customer.report(c.out);
  return std::nullopt;
}

// -- calling customer code ----------------------------------------------------------------

template <class Side>
void operation<Side>::deliver(active_state& a, incoming&& ticket, context c) {
  uint32_t bytes = 0;
  if (ticket.payload)
    bytes = static_cast<uint32_t>(std::min<uint64_t>(ticket.payload_size + payload_overhead, UINT32_MAX));
  a.window.hold(bytes);
  a.customer.handle(to_deliver{ticket.payload, is_last(ticket.kind), bytes, ticket.receipt, ticket.sequence_number},
                    c.out);
}

template <class Side>
auto operation<Side>::on(active_state& a, customer_returned&& e, context c) -> decision {
  const auto result = a.customer.handle(e, can_send(a), c.out);
  a.window.consumed(result.consumed, result.bytes);
  if (a.input.is_open() && result.consumed > 0 && a.window.may_be_due())
    tell(a, a.window.due(), c);
  if (!result.all)
    return std::nullopt;
  a.input.handle(all_consumed{});
  return completed_if_done(a);
}

template <class Side>
auto operation<Side>::on(active_state& a, call_extended&& e, context c) -> decision {
  a.customer.handle(e, c.out);
  return std::nullopt;
}

template <class Side>
auto operation<Side>::on(active_state& a, customer_threw&& e, context) -> decision {
  const bool no_such_method = a.customer.handle(e);
  if (no_such_method && !Side::is_front) // S-END-5: only service() can say so
    return breach(std::move(e.details));
  return fail(std::move(e.details));
}

// -- time -------------------------------------------------------------------------------

template <class Side>
auto operation<Side>::on(active_state& a, timer_fired&&, context c) -> decision {
  if (c.now < a.deadline) {
    c.out.emplace_back(set_timer{a.deadline});
    return std::nullopt;
  }
  const auto allowed = std::chrono::duration_cast<std::chrono::milliseconds>(a.deadline - a.begun);
  auto details = "not done within " + std::to_string(allowed.count()) + " ms"
                 + (a.limited ? ", limited by the back's maximum" : "");
  if (const auto waiting = a.credit.waiting(); waiting > 0) // S-FLOW-6
    details += "; payloads that waited until the other side allows them: " + std::to_string(waiting);
  return abort(outcome::expired, std::move(details));
}

template <class Side>
auto operation<Side>::keep_to(active_state& a, duration timeout, context c) -> decision {
  a.limited = !Side::is_front && timeout > a.maximum_timeout;
  a.deadline = a.begun + std::min(timeout, a.maximum_timeout); // S-TIME-1, S-TIME-2
  return on(a, timer_fired{}, c);                              // S-TIME-3: it may be past already
}

// -- the end ----------------------------------------------------------------------------

template <class Side>
auto operation<Side>::on(active_state&, failure_requested&& e, context) -> decision {
  return fail(std::move(e.details));
}

template <class Side>
auto operation<Side>::on(active_state&, cancel_requested&& e, context) -> decision {
  return abort(outcome::cancelled, std::move(e.details));
}

template <class Side>
auto operation<Side>::completed_if_done(const active_state& a) -> decision {
  if (a.output.is_closed() && a.input.is_closed())
    return ending{outcome::completed, {}, false}; // S-END-1
  return std::nullopt;
}

template <class Side>
auto operation<Side>::abort(outcome value, std::string details) -> decision {
  return ending{value, std::move(details), true};
}

template <class Side>
auto operation<Side>::breach(std::string details) -> decision {
  return abort(outcome::reception_failure, std::move(details));
}

template <class Side>
auto operation<Side>::fail(std::string details) -> decision {
  return abort(Side::own_failure, std::move(details));
}

template <class Side>
void operation<Side>::end(ending&& x, context c) {
  auto& a = *std::get_if<active_state>(&state_);
  if (x.tell && Side::sends(a.subscription) != share::nothing)
    issue(a, abortive_kind(x.value), false, c, [&](outgoing& ticket) { ticket.details = x.details; }); // S-TICKET-7
  c.out.emplace_back(finish{x.value, std::move(x.details)});
  state_ = ended_state{x.value};
}

// -- for people -----------------------------------------------------------------------

template <class Side>
auto operation<Side>::how_far() const noexcept -> std::optional<progress> {
  const auto* a = std::get_if<active_state>(&state_);
  if (a == nullptr)
    return std::nullopt;
  return progress{a->next_sent,           a->order.next(),     a->order.held(),           a->customer.waiting(),
                  a->credit.left(),       a->credit.waiting(), a->credit.waiting_since(), a->window.allowed(),
                  a->window.outstanding()};
}

template <class Side>
std::string operation<Side>::state_name() const {
  const auto* a = std::get_if<active_state>(&state_);
  if (a == nullptr)
    return to_string(std::get_if<ended_state>(&state_)->value);
  return "output " + std::string{a->output.name()} + ", input " + std::string{a->input.name()};
}

template class operation<front_side>;
template class operation<back_side>;

} // namespace tandem::core
