#include "half.hpp"
#include "overloaded.hpp"

#include <algorithm>
#include <exception>

namespace tandem_test {

using namespace tandem;

namespace {

std::optional<std::string> content_of(const core::deliver& x) {
  return x.content ? std::optional{written(*x.content)} : std::nullopt;
}

} // namespace

std::string written(const customer_call& x) {
  if (!x.content)
    return x.last ? "end" : "nothing";
  return x.last ? *x.content + " and end" : *x.content;
}

template <class Ticket>
std::string written(const core::effect<Ticket>& x, time_point beginning) {
  return std::visit(overloaded{
                      [](const core::send_ticket<Ticket>& y) {
                        auto words = written(y.ticket);
                        return "send " + words.substr(words.find(' ') + 1);
                      },
                      [](const core::open_customer&) { return std::string{"open customer"}; },
                      [](const core::deliver& y) {
                        return "deliver " + written(customer_call{content_of(y), y.last});
                      },
                      [](const core::report_ready&) { return std::string{"report ready"}; },
                      [&](const core::set_timer& y) {
                        const auto distance
                          = std::chrono::duration_cast<std::chrono::milliseconds>(y.deadline - beginning);
                        return "set timer " + std::to_string(distance.count()) + " ms";
                      },
                      [](const core::finish& y) { return "finish: " + to_string(y.value); },
                    },
                    x);
}

template std::string written(const core::effect<front_to_back_ticket>&, time_point);
template std::string written(const core::effect<back_to_front_ticket>&, time_point);

// -- what happens to it --------------------------------------------------------------

template <class Side>
void half<Side>::operate(std::optional<std::string> content, bool complete) requires(Side::is_front) {
  core::commencement x;
  x.name = "echo";
  if (content)
    x.payload = text(std::move(*content));
  x.complete = complete;
  x.timeout = options_.timeout;
  x.trace_id = options_.trace_id;
  core::settings settings;
  settings.operation = the_operation;
  settings.subscription = options_.subscription;
  settings.held_tickets = options_.held_tickets;
  settings.beginning = now;
  settings.default_timeout = options_.front_timeout;
  settings.flow = flow();
  if constexpr (Side::is_front) // clang 14 makes this function for the back, too
    machine_.emplace(settings, std::move(x), now, pending_);
  drain();
}

template <class Side>
void half<Side>::receive(incoming ticket, std::string fault) {
  ticket.fault = std::move(fault);
  if (on_arrival)
    on_arrival(ticket);
  if constexpr (!Side::is_front)
    if (!machine_ && is_first(ticket.kind))
      return begin_at_back(std::move(ticket));
  if (!machine_) {
    ++dropped;
    return;
  }
  if (ended())
    ++late; // an end would not even show it to the machine; here the machine has to stand it
  handle(core::ticket_received<incoming>{std::move(ticket)});
}

template <class Side>
void half<Side>::begin_at_back(incoming ticket) {
  if constexpr (!Side::is_front) {
    const auto settings = core::settings_for(ticket, options_.held_tickets, options_.default_timeout,
                                             options_.maximum_timeout, now, flow());
    machine_.emplace(settings, std::move(ticket), now, pending_);
    drain();
  }
}

template <class Side>
void half<Side>::give(std::optional<std::string> content, bool last) {
  std::optional<payload> x;
  if (content)
    x = text(std::move(*content));
  handle(core::payload_given{std::move(x), last});
}

template <class Side>
void half<Side>::return_from_call() {
  call_under_way = false;
  handle(core::customer_returned{});
}

template <class Side>
void half<Side>::throw_from_call(core::customer_threw::kind what, std::string details) {
  call_under_way = false;
  handle(core::customer_threw{what, std::move(details)});
}

template <class Side>
void half<Side>::link_took_it() {
  link_owes_answer = false;
  handle(core::last_ticket_taken{});
}

template <class Side>
void half<Side>::lose_link(std::string details) {
  link_lost_ = true;
  handle(core::transmission_failed{std::move(details)});
}

// -- what it did -----------------------------------------------------------------------

template <class Side>
std::string half<Side>::outcome() const {
  if (!machine_)
    return "absent";
  return machine_->ended() ? to_string(*machine_->ended()) : "active";
}

template <class Side>
std::string half<Side>::details() const {
  return ends.empty() ? std::string{} : ends.front().details;
}

template <class Side>
std::string half<Side>::take_effects() {
  std::string result;
  for (const auto& x : effects)
    result += (result.empty() ? "" : "; ") + x;
  effects.clear();
  return result;
}

/// As in the pump of an end: effects that come up while one is carried out have their turn after those before them.
template <class Side>
void half<Side>::drain() {
  if (draining_)
    return;
  draining_ = true;
  do {
    for (size_t i = 0; i < pending_.size(); ++i) {
      auto x = std::move(pending_[i]);
      effects.push_back(written(x, the_beginning));
      if (!ends.empty())
        violated("S-END-6: after the end: " + effects.back());
      if (on_effect)
        on_effect(x);
      std::visit([this](auto& effect) { this->carry_out(effect); }, x);
    }
    pending_.clear();
    if (link_owes_answer && !link_is_slow)
      link_took_it();
  } while (!pending_.empty());
  draining_ = false;
  if (ended() && ends.empty())
    violated("S-END-6: ended without a finish effect");
}

template <class Side>
void half<Side>::carry_out(core::send_ticket<outgoing>& x) {
  if (link_lost_)
    return; // S-SEND-7; it was on its way when the link failed
  if (link_refuses)
    return lose_link("link refused");
  check_sent(x.ticket);
  sent.push_back(x.ticket);
  under_way.push_back(std::move(x.ticket));
  if (x.last)
    link_owes_answer = true;
}

template <class Side>
void half<Side>::carry_out(core::open_customer&) {
  if (++opened > 1)
    violated("the customer's factory was called twice");
  call_customer();
}

template <class Side>
void half<Side>::carry_out(core::deliver& x) {
  if (opened == 0)
    violated("a delivery before the customer's factory was called");
  calls.push_back({content_of(x), x.last});
  call_customer();
}

template <class Side>
void half<Side>::carry_out(core::report_ready&) {
  if (!ready())
    violated("S-FLOW-8: customer code is told that it can send, and cannot");
  ++ready_calls;
  call_customer();
}

template <class Side>
void half<Side>::carry_out(core::set_timer& x) {
  timer = x.deadline;
}

template <class Side>
void half<Side>::carry_out(core::finish& x) {
  timer.reset();
  ends.push_back(x);
}

template <class Side>
void half<Side>::call_customer() {
  if (call_under_way)
    violated("S-RECV-8: two calls of customer code at once");
  call_under_way = true;
  if (holds_calls)
    return;
  try {
    if (in_call)
      in_call(*this);
  } catch (const unknown_method&) {
    return throw_from_call(core::customer_threw::kind::no_such_method, "no such method: echo");
  } catch (const std::exception& e) {
    return throw_from_call(core::customer_threw::kind::error, e.what());
  }
  return_from_call();
}

/// Finds faults that the other side would complain of (S-TICKET-2 to 4, S-SEND-1, S-SEND-6).
template <class Side>
void half<Side>::check_sent(const outgoing& ticket) {
  if (auto wrong = check(ticket))
    violated("sent a malformed ticket: " + *wrong);
  if (ticket.operation != the_operation)
    violated("sent a ticket of another operation");
  if (ticket.sequence_number.value != sent.size())
    violated("S-SEND-1: sent out of sequence: " + written(ticket));
  if (sent.empty())
    return;
  if (is_abortive(sent.back().kind))
    violated("S-TICKET-3: sent after an abortive ticket: " + written(ticket));
  const bool was_last = std::any_of(sent.begin(), sent.end(), [](const outgoing& x) { return is_last(x.kind); });
  if (was_last && !is_abortive(ticket.kind) && ticket.kind != ticket_kind::allowance)
    violated("S-TICKET-3: sent after the last ticket: " + written(ticket));
}

template class half<core::front_side>;
template class half<core::back_side>;

} // namespace tandem_test
