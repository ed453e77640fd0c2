#include "checked_side.hpp"

#include "../reading/saturating.hpp"
#include "field_rules.hpp"

#include "../../../actors/core/sides.hpp"

#include <algorithm>
#include <utility>

namespace tandem::cli {

namespace {

std::string numbered(const trace_entry& x) {
  return to_string(x.kind) + " " + std::to_string(x.sequence_number.value);
}

} // namespace

bool checked_side::seems_over() const noexcept {
  if (sending_ == sending::aborted || abortive_received_)
    return true;
  const bool output_over = sending_ == sending::done || !speaks();
  return output_over && ((input_known_ && input_.done()) || (first_ticket_ && !hears()));
}

void checked_side::forget_past() {
  complete_ = false;
  input_known_ = false;
  sent_known_ = false;
  compulsion_ = compulsion::none;
  deadline_ns_.reset();
  flow_.forget();
  records_ = 0;
  first_at_ = no_record;
}

/// Another operation of this id, after the one that there was.
void checked_side::restart() {
  const auto last_ns = last_ns_;
  *this = checked_side{side_, manual_clock_};
  last_ns_ = last_ns;
}

void checked_side::take(const trace_entry& x, const report_function& report) {
  const int64_t back = saturated_difference(last_ns_, x.monotonic_ns);
  if (back > (manual_clock_ ? 0 : clock_tolerance_ns))
    report(rule::clock, "its monotonic_ns is " + elapsed_text(back)
                          + " before that of the operation's record before it at the " + who());
  const auto before_ns = std::exchange(last_ns_, std::max(last_ns_, x.monotonic_ns));
  switch (x.event) {
    case trace_event::begun:
      take_begun(x, before_ns, report);
      break;
    case trace_event::sent:
      take_sent(x, report);
      break;
    case trace_event::received:
      take_received(x, report);
      break;
    case trace_event::ended:
      take_ended(x, report);
      break;
    case trace_event::consumed:
      check_consumed(x, report);
      break;
    default:
      break;
  }
  if (x.event != trace_event::consumed) // which may be told of in between
    last_event_ = x.event;
  ++records_;
}

void checked_side::check_consumed(const trace_entry& x, const report_function& report) const {
  const auto about_it = [&](const std::string& text) {
    report(rule::consumed, "the payload of ticket " + std::to_string(x.sequence_number.value) + " " + text);
  };
  if (x.took_ns < 0 || saturated_sum(x.began_ns, x.took_ns) > x.monotonic_ns)
    about_it("was consumed in a time that was not over yet");
  if (ended_)
    about_it("was consumed after the end of the operation");
  else if (begun_ && complete_ && input_known_ && x.sequence_number.value >= input_.next())
    about_it("was consumed before it came");
}

// -- the beginning -------------------------------------------------------------------------------------------------

void checked_side::take_begun(const trace_entry& x, int64_t before_ns, const report_function& report) {
  if (ended_ && !is_front()) {
    report(rule::s_recv_6, "the operation begins again at the back, where it had ended");
    restart();
  } else if (begun_ || ended_) {
    return report(rule::begun, "the operation begins a second time at the " + who());
  }
  const bool first_came = !is_front() && first_ticket_ && records_ == first_at_ + 1;
  if (records_ > 0 && !first_came)
    report(rule::begun, "the operation begins after it did something");
  const int64_t later = saturated_difference(x.monotonic_ns, before_ns);
  if (first_came && later > (manual_clock_ ? 0 : clock_tolerance_ns))
    report(rule::begun, "the operation begins " + elapsed_text(later) + " after its first ticket came");
  begun_ = true;
  beginning_ns_ = x.monotonic_ns;
  maximum_timeout_ = x.maximum_timeout;
  subscription_ = x.subscription.value_or(subscription_kind::full);
  const beginning_facts facts{hash_of(x.name.value_or("")), x.trace_id ? hash_of(to_string(*x.trace_id)) : 0,
                              subscription_, x.timeout};
  if (x.timeout)
    set_deadline(*x.timeout, x.monotonic_ns);
  if (maximum_timeout_ && x.timeout && *x.timeout > *maximum_timeout_)
    report(rule::s_time_2, "the " + who() + " allows " + write_duration(*x.timeout) + ", more than its maximum of "
                             + write_duration(*maximum_timeout_));
  if (first_came) {
    compare_beginnings(facts, facts_, report);
  } else {
    sent_known_ = records_ == 0; // at the back the recording was switched on just after the first ticket
    complete_ = input_known_ = sent_known_ && is_front();
    facts_ = facts;
  }
}

void checked_side::compare_beginnings(const beginning_facts& begun, const beginning_facts& ticket,
                                      const report_function& report) const {
  if (!first_was_good_)
    return;
  auto differs = [&](std::string_view what) {
    report(rule::begun, "the " + std::string{what} + " of its beginning is not that of its first ticket");
  };
  if (begun.name != ticket.name)
    differs("name");
  if (begun.subscription != ticket.subscription)
    differs("subscription");
  if (begun.trace_id != ticket.trace_id)
    differs("trace id");
  if (!ticket.timeout || !begun.timeout)
    return;
  const auto granted = std::min(*ticket.timeout, maximum_timeout_.value_or(longest_timeout));
  const bool unknown_maximum = !is_front() && !maximum_timeout_;
  if (unknown_maximum ? *begun.timeout > granted : *begun.timeout != granted)
    report(rule::s_time_2, "the first ticket asks for " + write_duration(*ticket.timeout) + ", the " + who()
                             + " allows " + write_duration(*begun.timeout));
}

/// The first ticket, sent at the front or received at the back.
void checked_side::begin_by_ticket(const trace_entry& x, bool well_formed, const report_function& report) {
  const beginning_facts facts{hash_of(x.name.value_or("")), x.trace_id ? hash_of(to_string(*x.trace_id)) : 0,
                              x.subscription && valid(*x.subscription) ? *x.subscription : subscription_kind::full,
                              x.timeout};
  const bool fresh = !first_ticket_;
  if (fresh && well_formed)
    flow_.begin(x, is_front());
  first_ticket_ = true;
  first_was_good_ = well_formed;
  first_at_ = fresh ? records_ : first_at_;
  if (begun_) {
    if (fresh && complete_)
      compare_beginnings(facts_, facts, report);
    return;
  }
  if (!fresh)
    return;
  facts_ = facts;
  subscription_ = facts.subscription;
  complete_ = input_known_ = sent_known_ = true;
}

void checked_side::set_deadline(duration timeout, int64_t now) {
  deadline_ns_ = saturated_sum(beginning_ns_, std::min(timeout, maximum_timeout_.value_or(longest_timeout)).count());
  due_ns_ = std::max(*deadline_ns_, now);
  const int64_t passed = saturated_difference(now, *deadline_ns_);
  const bool over = timeout <= duration::zero() || passed >= (manual_clock_ ? 0 : clock_tolerance_ns);
  if (!is_front() && over && compulsion_ == compulsion::none)
    compulsion_ = compulsion::expiry; // S-TIME-3: at once
}

// -- tickets sent --------------------------------------------------------------------------------------------------

void checked_side::take_sent(const trace_entry& x, const report_function& report) {
  auto about_it = [&](rule which, std::string text) { report(which, "sent " + numbered(x) + ", which " + text); };
  auto about_flow = [&](rule which, const std::string& text) { report(which, text + ": " + numbered(x)); };
  const auto fault = field_fault(x);
  if (fault)
    about_it(rule::s_ticket_2, "breaks the field rules: " + *fault);
  check_extra_fields(x, about_it);
  if (ended_)
    return about_it(rule::s_end_6, "comes after the end of the operation");
  const uint64_t number = x.sequence_number.value;
  const bool starts = is_front() && is_first(x.kind) && number == 0 && sending_ == sending::nothing;
  if (is_front() && (begun_ ? complete_ : records_ == 0) && !first_ticket_ && !starts)
    if (begun_ || number == 0)
      report(rule::s_send_2, "sent " + numbered(x) + " before the first ticket");
  // A back that takes the first ticket for a repeated one has had it before this trace begins.
  const bool began_before = !is_front() && !begun_ && compulsion_ == compulsion::none
                            && x.kind == ticket_kind::reception_failure && x.details.starts_with("S-RECV-2");
  sent_known_ = sent_known_ && !began_before;
  if (sent_known_ || starts ? number != next_sent_ : number < next_sent_)
    report(rule::s_send_1, "sent " + numbered(x) + ", where " + std::to_string(next_sent_) + " comes next");
  next_sent_ = number + 1;
  if (starts)
    begin_by_ticket(x, !fault, report);
  else if (begun_ && complete_)
    flow_.sent(x, input_known_ && input_.done(), about_flow);
  if (!starts)
    sent_known_ = sent_known_ || x.sequence_number.valid();
  check_sent_place(x, report);
  last_was_sent_ = last_was_sent_ || is_last(x.kind);
  if (is_abortive(x.kind)) {
    check_sent_abortive(x, report);
    sending_ = sending::aborted;
    sent_abortive_ = x.kind;
    details_ = hash_of(x.details);
  } else if (sending_ != sending::aborted) {
    sending_ = is_last(x.kind) || sending_ == sending::done ? sending::done : sending::open;
  }
  if (!is_front() || !x.timeout || !begun_ || is_first(x.kind))
    return;
  set_deadline(*x.timeout, x.monotonic_ns);
  const int64_t passed = saturated_difference(x.monotonic_ns, *deadline_ns_);
  if (complete_ && passed >= (manual_clock_ ? 0 : clock_tolerance_ns))
    about_it(rule::s_time_3, "allows a time that was over: an expiration is due");
}

/// Checks that a ticket may be sent after the earlier ones.
void checked_side::check_sent_place(const trace_entry& x, const report_function& report) {
  const auto which = is_front() ? rule::s_ticket_3 : rule::s_ticket_4;
  if (sending_ == sending::aborted)
    report(which, "sent " + numbered(x) + " after the abortive ticket, which is the last one");
  else if (sending_ == sending::done && !is_abortive(x.kind) && x.kind != ticket_kind::allowance)
    report(which, "sent " + numbered(x) + " after the last ticket");
  else if (is_front() && is_first(x.kind) && sending_ == sending::open)
    report(which, "sent " + numbered(x) + ", a second first ticket");
  if (begun_ && compulsion_ == compulsion::abortive)
    report(rule::s_end_3, "sent " + numbered(x) + " after an abortive ticket had ended the operation");
  else if (begun_ && compulsion_ == compulsion::breach && x.kind != ticket_kind::reception_failure)
    report(rule::s_end_2, "sent " + numbered(x) + " where a ticket that broke the rules makes a reception failure due");
  else if (begun_ && compulsion_ == compulsion::expiry && x.kind != ticket_kind::expiration
           && x.kind != ticket_kind::reception_failure) // see check_ended_outcome
    report(rule::s_time_3, "sent " + numbered(x) + ", though the time allowed was over");
  if (is_front() || !(first_ticket_ || begun_))
    return;
  if (subscription_ == subscription_kind::none)
    report(rule::s_send_6, "sent " + numbered(x) + " to a front with subscription none");
  else if (subscription_ == subscription_kind::termination_only && !is_abortive(x.kind)
           && (x.payload || x.kind == ticket_kind::continuation))
    report(rule::s_send_6, "sent " + numbered(x) + (x.payload ? " with a payload" : "")
                             + " to a front with subscription termination only");
}

/// A side aborts for causes of its own only.
void checked_side::check_sent_abortive(const trace_entry& x, const report_function& report) {
  using enum ticket_kind;
  if (x.kind == refusal) {
    if (begun_ || sending_ != sending::nothing)
      report(rule::s_end_12, "sent a refusal of an operation that had begun");
    return;
  }
  const bool refused_in_format_1
    = !is_front() && x.kind == transmission_failure && x.details.starts_with(refused_prefix);
  const bool own = is_front() ? x.kind == cancellation || x.kind == serviced_failure : x.kind == servicer_failure;
  if (!own && x.kind != expiration && x.kind != reception_failure && !refused_in_format_1)
    report(rule::s_end_3, "sent " + numbered(x) + ", which no " + who() + " says of itself");
  if (x.kind == expiration)
    check_not_early(x, report);
  const bool may_have_failed = !is_front() || (hears() && last_event_ == trace_event::received);
  if (x.kind == reception_failure && begun_ && complete_ && !may_have_failed)
    report(rule::s_end_2, "sent a reception failure, though no ticket had come before it");
}

// -- tickets received ----------------------------------------------------------------------------------------------

void checked_side::compel(compulsion what, outcome value, const trace_entry& x) {
  compulsion_ = what;
  compelled_ = value;
  if (what == compulsion::abortive)
    details_ = hash_of(x.details);
}

void checked_side::take_received(const trace_entry& x, const report_function& report) {
  auto about_it = [&](rule which, std::string text) { report(which, "received " + numbered(x) + ", which " + text); };
  const auto fault = field_fault(x);
  if (fault)
    about_it(rule::s_ticket_2, "breaks the field rules: " + *fault);
  check_extra_fields(x, about_it);
  const bool begins = !is_front() && is_first(x.kind) && !first_ticket_ && !begun_ && sending_ == sending::nothing;
  if (begins) {
    abortive_received_ = false; // S-RECV-5: what came before was dropped
    compulsion_ = compulsion::none;
  }
  if (over() || !hears())
    return; // S-RECV-5, S-SEND-6
  if (begun_ && (compulsion_ != compulsion::none || sending_ == sending::aborted))
    report(rule::s_end_2, "received " + numbered(x) + ", though the ticket before it ends the operation");
  if (is_front() && begun_ && complete_ && !first_ticket_)
    report(rule::s_send_2, "received " + numbered(x) + " before the first ticket was sent");
  if (begins) {
    begin_by_ticket(x, !fault, report);
    input_known_ = true;
    input_.restart(1, x.kind == ticket_kind::entire);
    if (fault)
      compel(compulsion::breach, outcome::reception_failure, x);
    return;
  }
  if (fault)
    return compel(compulsion::breach, outcome::reception_failure, x);
  const bool duplicate = input_known_ && input_.seen(x.sequence_number.value);
  if (is_abortive(x.kind) && !duplicate) {
    abortive_received_ = true;
    const auto own = is_front() ? core::front_side::own_failure : core::back_side::own_failure;
    return compel(compulsion::abortive, core::meaning_of(x.kind, own), x);
  }
  if (input_known_)
    receive_in_turn(x, report);
}

void checked_side::receive_in_turn(const trace_entry& x, const report_function& report) {
  const auto expected = input_.next();
  auto took = [&](const side_input::ticket& its) {
    if (begun_ && complete_)
      if (const auto breach = flow_.received(its.has_payload, its.allowed)) {
        report(breach->first, "received " + numbered(x) + ": " + breach->second);
        return false;
      }
    if (!its.timeout || is_front() || !begun_)
      return true;
    if (maximum_timeout_)
      set_deadline(*its.timeout, x.monotonic_ns);
    else
      deadline_ns_.reset(); // S-TIME-2: nobody knows what it is limited to
    return true;
  };
  const auto text = "received " + numbered(x);
  const auto result = input_.take(x, took);
  if (compulsion_ != compulsion::none)
    return; // a timeout that had passed has ended it
  switch (result) {
    case side_input::result::taken:
      return;
    case side_input::result::held:
      return report(rule::s_recv_1, text + " ahead of its turn: " + std::to_string(expected) + " comes next");
    case side_input::result::seen_before:
      if (is_first(x.kind))
        report(rule::s_recv_4, text + ", a second first ticket of a live operation");
      else
        report(rule::s_recv_2, text + ", whose number was received before");
      break;
    case side_input::result::after_completion:
      report(rule::s_recv_4, text + "; a ticket came after the completion");
      break;
    case side_input::result::broken: // it was said
      break;
  }
  compel(compulsion::breach, outcome::reception_failure, x);
}

} // namespace tandem::cli
