#include "plain_end.hpp"

#include <algorithm>
#include <deque>

namespace tandem::conformance {

// -- one side of one operation --------------------------------------------------------------

template <class Side>
class plain_end<Side>::operation final : public handle, public std::enable_shared_from_this<operation> {
public:
  operation(plain_end& end, const core::settings& x, std::string name, std::optional<tandem::trace_id> trace,
            typename Side::beginning how, effects& out)
    : machine(x, std::move(how), end.loop_.now(), out),
      name(std::move(name)),
      end_(end),
      id_(x.operation),
      trace_(trace) {
  }

  operation_id id() const override {
    return id_;
  }
  void give(std::optional<std::string> text, bool last) override {
    auto content = text ? std::optional{make_payload(std::move(*text))} : std::nullopt;
    end_.apply(this->shared_from_this(), core::payload_given{std::move(content), last});
  }
  void fail() override {
    end_.apply(this->shared_from_this(), core::failure_requested{"fail() was called"});
  }
  void cancel() override {
    if constexpr (Side::is_front)
      end_.apply(this->shared_from_this(), core::cancel_requested{"cancel() was called"});
  }
  void set_timeout(duration timeout) override {
    if constexpr (Side::is_front)
      end_.apply(this->shared_from_this(), core::timeout_given{timeout});
  }
  void allow(uint64_t payloads) override {
    end_.apply(this->shared_from_this(), core::allowance_given{payloads});
  }
  bool is_ready() const override {
    return machine.is_ready();
  }
  void when_ready(std::function<void()> call) override {
    ready_calls.push_back(std::move(call));
    end_.apply(this->shared_from_this(), core::readiness_asked{});
  }
  void add_callback(std::function<void(outcome)> callback) override {
    if (result)
      run(callback);
    else
      callbacks.push_back(std::move(callback));
  }
  bool is_active() const override {
    return !result;
  }
  std::optional<outcome> ended() const override {
    return result;
  }
  duration time_remaining() const override {
    return result ? duration::zero() : std::max(machine.deadline() - end_.loop_.now(), duration::zero());
  }
  std::optional<tandem::trace_id> trace_id() const override {
    return trace_;
  }

  void run(const std::function<void(outcome)>& callback) {
    try {
      callback(*result);
    } catch (const std::exception&) {
      // S-END-7: it changes nothing
    }
  }

  core::operation<Side> machine;
  std::string name;
  std::optional<outcome> result;
  std::vector<std::function<void(outcome)>> callbacks;
  std::deque<std::function<void()>> ready_calls;
  bool refused = false; // S-SEND-7: the link gets nothing more of it

private:
  plain_end& end_;
  operation_id id_;
  std::optional<tandem::trace_id> trace_;
};

// -- how operations begin -------------------------------------------------------------------

template <class Side>
typename plain_end<Side>::operation_ref plain_end<Side>::adopt(const core::settings& x, std::string name,
                                                               std::optional<tandem::trace_id> trace,
                                                               typename Side::beginning how) {
  effects out;
  auto result = std::make_shared<operation>(*this, x, std::move(name), trace, std::move(how), out);
  operations_.emplace(x.operation, result);
  known_.insert(x.operation);
  ++stats_.ongoing;
  carry_out(result, std::move(out));
  return result;
}

template <class Side>
handle_ptr plain_end<Side>::operate(const steps::operate& x) {
  if constexpr (Side::is_front) {
    const operation_id id{1, known_.size()};
    trace_entry begun;
    begun.event = trace_event::begun;
    begun.operation = id;
    begun.name = x.name;
    begun.subscription = x.subscription;
    begun.trace_id = x.trace_id;
    begun.timeout = x.timeout;
    record_entry(std::move(begun));
    auto content = x.payload ? std::optional{make_payload(std::string{*x.payload})} : std::nullopt;
    return adopt({id, x.subscription, settings_.held_tickets, loop_.now(), x.timeout, longest_timeout, flow()}, x.name,
                 x.trace_id, {x.name, std::move(content), x.complete, x.timeout, x.trace_id});
  } else {
    throw scenario_error{"a back does not operate"};
  }
}

template <class Side>
void plain_end<Side>::receive(incoming ticket) {
  record_ticket(trace_event::received, ticket);
  if (auto entry = operations_.find(ticket.operation); entry != operations_.end())
    apply(operation_ref{entry->second}, core::ticket_received<incoming>{std::move(ticket)});
  else if (ticket.kind == ticket_kind::allowance)
    return; // S-FLOW-12
  else if (known_.contains(ticket.operation))
    ++stats_.late; // S-RECV-5, S-RECV-6
  else
    receive_unknown(std::move(ticket));
}

template <class Side>
void plain_end<Side>::receive_unknown(incoming ticket) {
  if constexpr (!Side::is_front) {
    if (is_first(ticket.kind)) {
      const auto x = core::settings_for(ticket, settings_.held_tickets, settings_.default_timeout,
                                        settings_.maximum_timeout, loop_.now(), flow());
      trace_entry beginning;
      set_ticket(beginning, ticket);
      beginning.event = trace_event::begun;
      beginning.subscription = x.subscription;
      beginning.timeout = std::min(ticket.timeout.value_or(settings_.default_timeout), settings_.maximum_timeout);
      beginning.maximum_timeout = settings_.maximum_timeout;
      record_entry(std::move(beginning));
      auto name = ticket.name.value_or("");
      const auto trace = ticket.trace_id;
      adopt(x, std::move(name), trace, std::move(ticket));
      return;
    }
  }
  ++stats_.dropped; // S-RECV-5
}

// -- events and effects -----------------------------------------------------------------------

template <class Side>
template <class Event>
void plain_end<Side>::apply(const operation_ref& x, Event event) {
  effects out;
  x->machine.handle(std::move(event), loop_.now(), out);
  carry_out(x, std::move(out));
}

/// In order; what comes up while an effect is carried out comes after those that are there already.
template <class Side>
void plain_end<Side>::carry_out(const operation_ref& x, effects what) {
  for (auto& effect : what)
    effects_.emplace_back(x, std::move(effect));
  if (std::exchange(carrying_out_, true))
    return;
  for (size_t i = 0; i < effects_.size(); ++i) {
    auto [target, effect] = std::move(effects_[i]);
    std::visit([&, &target = target](auto& y) { execute(target, y); }, effect);
  }
  effects_.clear();
  carrying_out_ = false;
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::send_ticket<outgoing>& what) {
  if (!x->refused)
    record_ticket(trace_event::sent, what.ticket);
  if (link_)
    hand_over(x, std::move(what));
  else
    outbox_.push_back({x, std::move(what)}); // S-STATS-4
}

template <class Side>
void plain_end<Side>::hand_over(const operation_ref& x, core::send_ticket<outgoing> what) {
  if (x->refused)
    return;
  std::string reason;
  try {
    auto refused = link_({std::move(what.ticket)});
    x->refused = !refused.empty();
    if (x->refused)
      reason = refused.front().reason;
  } catch (const std::exception& e) {
    x->refused = true;
    reason = e.what();
  }
  if (x->refused)
    apply(x, core::transmission_failed{reason});
  else if (what.last)
    apply(x, core::last_ticket_taken{});
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::open_customer&) {
  call(x, call_kind::open, Side::is_front ? std::nullopt : std::optional{x->name});
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::deliver& what) {
  if (!x->machine.active())
    return; // S-RECV-9
  if (!what.content)
    call(x, call_kind::terminate, std::nullopt);
  else
    call(x, what.last ? call_kind::consume_and_terminate : call_kind::consume, text_of(*what.content));
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::report_ready&) {
  if (!x->machine.active())
    return;
  const auto call = std::move(x->ready_calls.front());
  x->ready_calls.pop_front();
  call();
  apply(x, core::customer_returned{});
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::set_timer& what) {
  if (x->machine.active())
    loop_.set_timer(x.get(), what.deadline, [this, x] { apply(x, core::timer_fired{}); });
}

template <class Side>
void plain_end<Side>::execute(const operation_ref& x, core::finish& what) {
  loop_.cancel_timer(x.get());
  operations_.erase(x->id());
  trace_entry ended;
  ended.event = trace_event::ended;
  ended.operation = x->id();
  ended.ended = what.value;
  ended.details = what.details;
  record_entry(std::move(ended));
  ++stats_.of(what.value); // S-STATS-1: before the callbacks
  --stats_.ongoing;
  x->result = what.value;
  for (auto& callback : std::exchange(x->callbacks, {}))
    x->run(callback);
  run_idle_actions();
}

// -- recording --------------------------------------------------------------------------------

template <class Side>
template <class Ticket>
void plain_end<Side>::record_ticket(trace_event event, const Ticket& ticket) {
  if (!record)
    return;
  trace_entry entry;
  set_ticket(entry, ticket);
  entry.event = event;
  if (ticket.payload) {
    entry.payload = to_trace_payload(*ticket.payload);
    entry.payload_size = wire_size(*ticket.payload);
  }
  record_entry(std::move(entry));
}

template <class Side>
void plain_end<Side>::record_entry(trace_entry entry) {
  if (!record)
    return;
  entry.side = Side::is_front ? trace_side::front : trace_side::back;
  entry.link = Side::name;
  entry.monotonic_ns = loop_.now().time_since_epoch().count();
  record(std::move(entry));
}

// -- customer code ----------------------------------------------------------------------------

template <class Side>
void plain_end<Side>::call(const operation_ref& x, call_kind kind, const std::optional<std::string>& text) {
  auto begun = code_->begin(which, x, kind, text);
  const auto* gate = customer::gate_of(begun);
  auto go_on = [this, x, begun] { finish_call(x, begun); };
  if (gate == nullptr || code_->gates().pass(*gate, go_on))
    go_on();
}

template <class Side>
void plain_end<Side>::finish_call(const operation_ref& x, const customer::call& what) {
  using kind = core::customer_threw::kind;
  try {
    code_->finish(what);
  } catch (const no_such_method& e) {
    return apply(x, core::customer_threw{kind::no_such_method, e.what()});
  } catch (const std::exception& e) {
    return apply(x, core::customer_threw{kind::error, e.what()});
  }
  apply(x, core::customer_returned{});
}

// -- the end ----------------------------------------------------------------------------------

template <class Side>
void plain_end<Side>::join(acceptor<outgoing> link) {
  link_ = std::move(link);
  for (auto& x : std::exchange(outbox_, {}))
    hand_over(x.sender, std::move(x.what));
}

template <class Side>
void plain_end<Side>::add_idle_action(std::function<void()> action) {
  idle_actions_.push_back(std::move(action));
  run_idle_actions();
}

template <class Side>
void plain_end<Side>::run_idle_actions() {
  if (stats_.ongoing > 0)
    return;
  for (auto& action : std::exchange(idle_actions_, {})) {
    try {
      action();
    } catch (const std::exception&) {
      // S-STATS-2: it changes nothing
    }
  }
}

template <class Side>
stats plain_end<Side>::end_stats() const {
  return stats_;
}

template <class Side>
std::string plain_end<Side>::left_behind() const {
  if (!operations_.empty())
    return std::to_string(operations_.size()) + " operations in the table of the " + to_string(which);
  return loop_.has_timers() ? "a timer" : "";
}

template class plain_end<core::front_side>;
template class plain_end<core::back_side>;

} // namespace tandem::conformance
