/// An oracle that knows nothing of the checker: it asks the machine itself whether it can have done what the trace of
/// one side of an operation says. It feeds the machine what came, and for what the machine did not do of itself it
/// looks for an event (a call of customer code, a timer, a lost link) that makes the machine do just that.
#pragma once

#include "machine_trace.hpp"

#include "../../actors/core/operation.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tandem_test {

template <class Side>
class replayed_side {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  using machine_type = tandem::core::operation<Side>;

  explicit replayed_side(const trace_entries& entries) : entries_(entries) {
  }

  /// Why no machine does this; nothing if one may. `entries` begin with the operation, and have all of it so far.
  std::optional<std::string> impossible() {
    for (place_ = 0; place_ < entries_.size(); ++place_) {
      const auto& x = entries_[place_];
      now_ = tandem::time_point{tandem::duration{x.monotonic_ns}};
      if (place_ > 0 && x.monotonic_ns < entries_[place_ - 1].monotonic_ns)
        return "time goes back";
      if (auto wrong = take(x))
        return "record " + std::to_string(place_) + ": " + *wrong;
    }
    return std::nullopt;
  }

private:
  using wrong = std::optional<std::string>;
  using event = tandem::trace_event;

  /// An action of a machine that a trace shows.
  struct due {
    std::optional<outgoing> ticket;
    tandem::core::finish end{};
  };

  const tandem::trace_entry* following(size_t distance = 1) const {
    return place_ + distance < entries_.size() ? &entries_[place_ + distance] : nullptr;
  }

  wrong take(const tandem::trace_entry& x) {
    switch (x.event) {
      case event::begun:
        return take_begun(x);
      case event::received:
        return take_received(x);
      case event::sent:
        return take_sent(x);
      case event::ended:
        return take_ended(x);
      default:
        return std::nullopt;
    }
  }

  static bool may_have_waited(tandem::outcome x) {
    using enum tandem::outcome;
    return x == cancelled || x == expired || x == transmission_failure || x == serviced_failure;
  }

  // -- the beginning ----------------------------------------------------------------------

  wrong take_begun(const tandem::trace_entry& x) {
    if (begun_)
      return "begun twice";
    begun_ = true;
    if (!Side::is_front)
      return machine_ ? std::nullopt : wrong{"begun without a first ticket just before"};
    const auto* first = following();
    if (first == nullptr)
      return std::nullopt; // cut off
    if (first->event == event::ended && may_have_waited(first->ended)) {
      // S-SEND-9: it waited for its link; what may follow is late.
      for (place_ += 2; place_ < entries_.size(); ++place_)
        if (entries_[place_].event != event::received && entries_[place_].event != event::annotation)
          return "something after the end";
      return std::nullopt;
    }
    if (first->event != event::sent || !is_first(first->kind))
      return "begun, and no first ticket sent";
    if (x.name != first->name || x.subscription != first->subscription || x.trace_id != first->trace_id || !x.timeout
        || (first->timeout && x.timeout != first->timeout) || x.operation != first->operation)
      return "begun as another than its first ticket";
    if constexpr (Side::is_front) {
      tandem::core::settings settings;
      settings.operation = x.operation;
      settings.subscription = x.subscription.value_or(tandem::subscription_kind::full);
      settings.held_tickets = UINT32_MAX;
      settings.beginning = now_;
      settings.default_timeout = *x.timeout;
      std::string ignored;
      const auto ticket = to_ticket(*first, ignored);
      if (!ticket || !std::holds_alternative<outgoing>(*ticket))
        return "not a ticket";
      tandem::core::commencement how{first->name.value_or(""), std::get<outgoing>(*ticket).payload,
                                     first->kind == tandem::ticket_kind::entire, first->timeout, first->trace_id};
      machine_.emplace(settings, std::move(how), now_, effects_);
      collect();
    }
    return std::nullopt;
  }

  /// At the back; what `begun` says comes next.
  wrong begin_by(const tandem::trace_entry& x) {
    if constexpr (!Side::is_front) {
      const auto* begun = following();
      if (begun == nullptr)
        return std::nullopt;
      if (begun->event != event::begun)
        return "a first ticket, and no beginning";
      if (begun->monotonic_ns > x.monotonic_ns)
        return "begins later than its first ticket came";
      auto ticket = ticket_of(x);
      const auto maximum = begun->maximum_timeout.value_or(tandem::longest_timeout);
      const auto settings
        = tandem::core::settings_for(ticket, UINT32_MAX, begun->timeout.value_or(maximum), maximum, now_, {});
      const auto granted = std::min(x.timeout.value_or(begun->timeout.value_or(maximum)), maximum);
      if (!check(ticket)
          && (begun->name != x.name || begun->subscription != x.subscription || begun->trace_id != x.trace_id
              || begun->timeout != granted))
        return "begun as another than its first ticket";
      if (begun->timeout && *begun->timeout > maximum)
        return "allows more than its maximum";
      const auto* after = following(2);
      if (!check(ticket) && after != nullptr && fails_to_receive(*after))
        ticket.fault = after->details + " ";
      machine_.emplace(settings, std::move(ticket), now_, effects_);
      collect();
    }
    return std::nullopt;
  }

  // -- what comes ---------------------------------------------------------------------------

  static incoming ticket_of(const tandem::trace_entry& x) {
    std::string ignored;
    auto ticket = to_ticket(x, ignored);
    return ticket && std::holds_alternative<incoming>(*ticket) ? std::get<incoming>(*ticket) : incoming{};
  }

  static bool fails_to_receive(const tandem::trace_entry& x) {
    return (x.event == event::sent && x.kind == tandem::ticket_kind::reception_failure)
           || (x.event == event::ended && x.ended == tandem::outcome::reception_failure);
  }

  /// A reception failure that the machine would not come to may be due to something that could not be read.
  std::string fault_of(const tandem::trace_entry& x, const machine_type& before) const {
    const auto* after = following();
    if (after == nullptr || !fails_to_receive(*after))
      return {};
    auto copy = before;
    tandem::core::effects<Side> out;
    copy.handle(tandem::core::ticket_received<incoming>{ticket_of(x)}, now_, out);
    return copy.active() ? after->details + " " : std::string{};
  }

  wrong take_received(const tandem::trace_entry& x) {
    if (!due_.empty())
      return "it had something to do before a ticket came";
    if (!machine_) {
      if (!Side::is_front && is_first(x.kind))
        return begin_by(x);
      return Side::is_front ? wrong{"a ticket before the operation"} : std::nullopt; // S-RECV-5
    }
    auto ticket = ticket_of(x);
    ticket.fault = fault_of(x, *machine_);
    const bool was_active = machine_->active();
    machine_->handle(tandem::core::ticket_received<incoming>{std::move(ticket)}, now_, effects_);
    collect();
    if (was_active && !due_.empty() && !due_.front().ticket && is_abortive(x.kind))
      details_ = x.details;
    return std::nullopt;
  }

  // -- what it does -------------------------------------------------------------------------

  wrong take_sent(const tandem::trace_entry& x) {
    std::string problem;
    const auto any = to_ticket(x, problem);
    if (!any || !std::holds_alternative<outgoing>(*any))
      return "not a ticket";
    const auto& ticket = std::get<outgoing>(*any);
    if (auto fault = check(ticket))
      return *fault;
    if (!machine_)
      return "sent before the beginning";
    if (due_.empty())
      cause(ticket);
    if (due_.empty() || !due_.front().ticket)
      return "nothing makes it send this";
    auto expected = entry_of(*due_.front().ticket, x.side, event::sent);
    if (is_abortive(x.kind)) { // what it says for people is its own business, but it has to say the same at the end
      expected.details = x.details;
      details_ = x.details;
    }
    expected.record = x.record;
    expected.wall_ns = x.wall_ns;
    expected.monotonic_ns = x.monotonic_ns;
    if (!(expected == x))
      return "it would send another";
    due_.pop_front();
    return std::nullopt;
  }

  /// Makes the machine send this, if something can.
  void cause(const outgoing& x) {
    using namespace tandem::core;
    using enum tandem::ticket_kind;
    switch (x.kind) {
      case continuation:
        if constexpr (Side::is_front)
          if (!x.payload && x.timeout)
            return feed(timeout_given{*x.timeout});
        return feed(payload_given{x.payload, false});
      case completion:
        return feed(payload_given{x.payload, true});
      case cancellation:
        if constexpr (Side::is_front)
          feed(cancel_requested{x.details});
        return;
      case serviced_failure:
      case servicer_failure:
        return feed(failure_requested{x.details});
      case expiration:
        return expire();
      case reception_failure:
        if (!Side::is_front && call_under_way_)
          feed(customer_threw{customer_threw::kind::no_such_method, x.details});
        return;
      default:
        return;
    }
  }

  void expire() {
    using namespace tandem::core;
    if constexpr (Side::is_front) {
      // S-SEND-8: no ticket tells of a timeout that has passed already, or that comes after the last ticket.
      if (last_was_sent_ || now_ < machine_->deadline())
        return feed(timeout_given{tandem::duration::zero()});
    }
    if (now_ >= machine_->deadline())
      feed(timer_fired{});
  }

  wrong take_ended(const tandem::trace_entry& x) {
    using namespace tandem::core;
    if (!machine_)
      return "ended before the beginning";
    if (x.ended == tandem::outcome::transmission_failure && machine_->active()) {
      due_.clear(); // tickets that the link does not get any more
      feed(transmission_failed{x.details});
    }
    if (due_.empty() && machine_->active())
      end(x);
    if (due_.empty() || due_.front().ticket)
      return "nothing makes it end here";
    if (due_.front().end.value != x.ended || (details_ && *details_ != x.details))
      return "it would end as " + to_string(due_.front().end.value) + ": " + due_.front().end.details;
    due_.pop_front();
    return std::nullopt;
  }

  /// A cause that can end an operation without a ticket.
  void end(const tandem::trace_entry& x) {
    using namespace tandem::core;
    using enum tandem::outcome;
    if (x.ended == completed) {
      if (std::exchange(link_owes_answer_, false))
        feed(last_ticket_taken{});
      else if (!Side::is_front && machine_->active())
        feed(payload_given{std::nullopt, true}); // subscription none: customer code has terminated its output
      while (machine_->active() && std::exchange(call_under_way_, false))
        feed(customer_returned{});
      return;
    }
    if (Side::is_front)
      return; // it would tell
    if (x.ended == expired)
      expire();
    else if (x.ended == servicer_failure)
      feed(failure_requested{x.details});
    else if (x.ended == reception_failure && call_under_way_)
      feed(customer_threw{customer_threw::kind::no_such_method, x.details});
  }

  // -- the machine --------------------------------------------------------------------------

  template <class Event>
  void feed(Event x) {
    machine_->handle(std::move(x), now_, effects_);
    collect();
  }

  void collect() {
    for (auto& x : effects_) {
      if (auto* sent = std::get_if<tandem::core::send_ticket<outgoing>>(&x)) {
        last_was_sent_ = last_was_sent_ || sent->last;
        link_owes_answer_ = link_owes_answer_ || sent->last;
        due_.push_back({std::move(sent->ticket), {}});
      } else if (auto* end = std::get_if<tandem::core::finish>(&x)) {
        due_.push_back({std::nullopt, std::move(*end)});
      } else if (!std::holds_alternative<tandem::core::set_timer>(x)) {
        call_under_way_ = true;
      }
    }
    effects_.clear();
  }

  const trace_entries& entries_;
  size_t place_ = 0;
  tandem::time_point now_;
  std::optional<machine_type> machine_;
  tandem::core::effects<Side> effects_;
  std::deque<due> due_;
  std::optional<std::string> details_; ///< those that the end has to have
  bool begun_ = false;
  bool last_was_sent_ = false;
  bool link_owes_answer_ = false;
  bool call_under_way_ = false;
};

/// For entries of one side.
inline std::optional<std::string> impossible(const trace_entries& entries) {
  if (entries.empty())
    return std::nullopt;
  if (entries.front().side == tandem::trace_side::front)
    return replayed_side<tandem::core::front_side>{entries}.impossible();
  return replayed_side<tandem::core::back_side>{entries}.impossible();
}

} // namespace tandem_test
