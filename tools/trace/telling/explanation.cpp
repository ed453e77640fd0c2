#include "explanation.hpp"

#include "../../cli/duration_text.hpp"
#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../reading/saturating.hpp"

#include "../../../messages/outcome.hpp"

#include <algorithm>

namespace tandem::cli {

namespace {

/// The details of an ending by S-END-5.
constexpr std::string_view unknown_method = "no such method";

std::string name_of(trace_side x) {
  return std::string{to_string(x)};
}

trace_side other(trace_side x) noexcept {
  return x == trace_side::front ? trace_side::back : trace_side::front;
}

std::string elapsed(int64_t from, int64_t to) {
  return write_elapsed(duration{std::max<int64_t>(saturated_difference(to, from), 0)});
}

std::string numbered(const operation_step& x) {
  return to_string(x.kind) + " " + std::to_string(x.number);
}

std::string plural(uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string in_brackets(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

/// README's table of outcomes.
std::string advice_for(outcome value, bool was_refused) {
  switch (value) {
    case outcome::completed:
      return "use the result";
    case outcome::cancelled:
      return "stop: the caller wanted no more";
    case outcome::expired:
      return "the effect at the back is unknown: repeat only what does no harm twice, or allow more time";
    case outcome::transmission_failure:
      return was_refused ? "nothing of it ran: try it elsewhere, or later"
                         : "the effect at the back is unknown: repeat only what does no harm twice";
    case outcome::servicer_failure:
      return "do not repeat it unchanged: the back's customer code failed, or knows no such method";
    case outcome::serviced_failure:
      return "do not repeat it unchanged: the front's customer code failed";
    case outcome::reception_failure:
      return "report it: one of the two sides has a defect";
  }
  return {};
}

/// Puts the sentences about one side together.
class side_story {
public:
  side_story(const operation_steps& all, trace_side side) : all_(all), side_(side) {
    result_.side = side;
  }

  side_explanation tell() {
    if (!all_.side(side_)) {
      say("the traces have nothing of the " + name_of(side_));
      return std::move(result_);
    }
    result_.known = true;
    result_.ended = view().ended;
    result_.inferred = view().ended && view().end_is_inferred;
    find_steps();
    tell_beginning();
    tell_traffic();
    tell_consumption();
    tell_credit();
    tell_end();
    tell_under_way();
    return std::move(result_);
  }

private:
  const operation_view& view() const {
    return all_.side(side_)->view;
  }

  void say(std::string text) {
    result_.sentences.push_back(std::move(text));
  }

  /// The records that matter to the end.
  void find_steps() {
    all_.for_each_step([this](const operation_step& x) {
      if (x.side == side_)
        find_step(x);
    });
    for (const auto* x : {ended_, aborted_, abortive_, last_sent_, last_received_})
      if (end_ == nullptr && view().ended)
        end_ = x;
    if (end_ == last_sent_ && last_received_ != nullptr && last_sent_ != nullptr && ended_ == nullptr
        && last_received_->wall_ns > last_sent_->wall_ns)
      end_ = last_received_; // inferred: the last ticket that came
  }

  void find_step(const operation_step& x) {
    first_ = first_ ? first_ : &x;
    if (x.event == trace_event::ended) {
      ended_ = ended_ ? ended_ : &x;
    } else if (ended_ != nullptr || x.late) {
      return;
    } else if (x.event == trace_event::sent) {
      aborted_ = aborted_ || !is_abortive(x.kind) ? aborted_ : &x;
      last_sent_ = &x;
    } else if (x.event == trace_event::received && aborted_ == nullptr) {
      abortive_ = abortive_ || !is_abortive(x.kind) ? abortive_ : &x;
      last_received_ = &x;
    }
  }

  void tell_beginning() {
    if (!view().has_beginning)
      return say("its beginning is not in the trace of the " + name_of(side_));
    std::string text = side_ == trace_side::front ? "the front commenced it" : "the back began it";
    if (view().subscription)
      text += valid(*view().subscription) ? ", subscription " + to_string(*view().subscription) : "";
    if (view().timeout)
      text += ", allowed " + write_duration(*view().timeout);
    else
      text += ", how long it is allowed to take is not in the trace";
    say(text + in_brackets(all_.side(side_)->node.empty() ? "" : "on " + printable(all_.side(side_)->node)));
  }

  void tell_traffic() {
    auto one = [](const char* verb, const stream_view& x) {
      if (x.tickets == 0)
        return std::string{verb} + " nothing";
      auto text = std::string{verb} + " " + plural(x.tickets, "ticket");
      return text
             + (x.payloads == 0 ? " without payload"
                                : " with " + plural(x.payloads, "payload") + " ("
                                    + (x.bytes == 1 ? "1 byte" : write_size(static_cast<double>(x.bytes))) + ")");
    };
    say(one("it sent", view().output) + " and " + one("received", view().input));
  }

  /// Only what was recorded: a trace without such records says nothing of consumers.
  void tell_consumption() {
    if (!view().consumption)
      return;
    const auto& x = *view().consumption;
    result_.consumer_took_ns = x.busy_ns();
    auto text = "its consumer took " + elapsed(0, x.busy_ns()) + " for " + plural(x.payloads(), "payload");
    if (x.payloads() > 1)
      text
        += ", the longest " + elapsed(0, x.longest_ns()) + " for that of ticket " + std::to_string(x.longest_number());
    if (x.payloads() < view().input.payloads)
      text += "; of " + std::to_string(view().input.payloads - x.payloads()) + " that came, nothing tells that "
              + (view().input.payloads - x.payloads() == 1 ? "it was" : "they were") + " consumed";
    say(text);
  }

  void tell_credit() {
    const auto& x = view().credit;
    if (!x.allowed() || !all_.side(side_)->incomplete.empty())
      return; // an allowance may be among what is missing
    const auto& until = view().ended ? view().end : view().last;
    result_.without_credit_ns = x.without_ns(until);
    if (x.times() == 0)
      return;
    auto text = "it had no credit for " + elapsed(0, *result_.without_credit_ns)
                + (x.times() == 1 ? "" : " in all, " + std::to_string(x.times()) + " times") + ", from "
                + elapsed(view().first.monotonic_ns, x.first()->monotonic_ns) + " after its beginning on";
    if (x.since())
      text += view().ended ? ", and had none when it ended" : ", and has none where the trace ends";
    const auto over = x.times() - (x.since() ? 1 : 0);
    if (x.waits() > 0)
      text += "; in " + std::to_string(x.waits()) + " of " + plural(over, "case") + " a payload went at once when the "
              + name_of(other(side_)) + " allowed more, so it had waited";
    else if (over > 0)
      text += "; whether a payload waited is not known";
    say(text);
  }

  /// The trace lacks records, and the end may be one of them.
  void tell_lost_end() {
    result_.cause = ending_cause::unknown;
    const auto* last = aborted_ != nullptr ? aborted_ : abortive_;
    say(last == nullptr ? "whether it has ended is not known, since its trace is not complete"
                        : "it has ended, for " + numbered(*last)
                            + " passed; its outcome is not known, since its trace is not complete");
  }

  void tell_end() {
    if (!view().ended && !all_.side(side_)->incomplete.empty())
      return tell_lost_end();
    if (!view().ended) {
      result_.cause = ending_cause::none;
      std::string text = "it is still open where the trace ends";
      const bool is_whole = view().has_beginning;
      if (last_sent_ == nullptr || !is_last(last_sent_->kind))
        text += is_whole ? "; its last ticket was not sent" : "; whether its last ticket was sent is not known";
      if (is_whole && view().subscription != subscription_kind::none && view().input.state == stream_state::open)
        text += "; ticket " + std::to_string(view().input.next) + " from the " + name_of(other(side_))
                + " would have come next";
      return say(text);
    }
    auto text = "it ended " + to_string(*view().ended);
    if (view().has_beginning && end_ != nullptr && first_ != nullptr)
      text += " after " + elapsed(first_->monotonic_ns, end_->monotonic_ns);
    if (result_.inferred)
      text += ", as its tickets tell";
    say(text + ": " + tell_cause());
  }

  std::string tell_cause() {
    if (aborted_ != nullptr)
      return own_abort();
    if (abortive_ != nullptr && *view().ended != outcome::completed)
      return abort_of_other();
    if (*view().ended == outcome::completed) {
      result_.cause = ending_cause::completion;
      return "everything was sent and received";
    }
    if (*view().ended == outcome::transmission_failure) {
      result_.cause = ending_cause::link;
      const auto& lost = all_.side(side_)->lost;
      return "the link was lost or took no ticket" + in_brackets(lost.empty() ? printable(view().details) : lost);
    }
    if (*view().ended == outcome::expired) {
      result_.cause = ending_cause::timer;
      return "its time was over" + in_brackets(printable(view().details));
    }
    const bool own = *view().ended == outcome::servicer_failure || *view().ended == outcome::serviced_failure;
    result_.cause = own ? ending_cause::customer : ending_cause::unknown;
    return (own ? "customer code failed" : "no ticket tells why") + in_brackets(printable(view().details));
  }

  std::string own_abort() {
    const auto why = in_brackets(aborted_->text);
    switch (aborted_->kind) {
      case ticket_kind::cancellation:
        result_.cause = ending_cause::caller;
        return "the caller cancelled it" + why;
      case ticket_kind::expiration:
        result_.cause = ending_cause::timer;
        return "its timer fired" + why;
      case ticket_kind::reception_failure:
        result_.cause = ending_cause::breach;
        if (aborted_->text.starts_with(unknown_method))
          return "it has no such method" + why;
        return last_received_ == nullptr ? "it could not make sense of what came" + why
                                         : "the last ticket before it was " + numbered(*last_received_) + why;
      case ticket_kind::refusal:
        result_.cause = ending_cause::refusal;
        return "the back refused to begin it" + why;
      default:
        result_.cause = ending_cause::customer;
        return "customer code at the " + name_of(side_) + " failed" + why;
    }
  }

  std::string abort_of_other() {
    const bool refused = abortive_->kind == ticket_kind::refusal || abortive_->text.starts_with(refused_prefix);
    result_.cause = refused ? ending_cause::refusal : ending_cause::ticket;
    auto text
      = "the " + name_of(other(side_)) + "'s " + numbered(*abortive_) + " arrived" + in_brackets(abortive_->text);
    if (abortive_->kind == ticket_kind::reception_failure && !abortive_->text.starts_with(unknown_method))
      text += ", which says that the " + name_of(other(side_)) + " could make no sense of what this side sent";
    if (abortive_->other_wall_ns && all_.knows_travel(*abortive_->other_wall_ns, abortive_->wall_ns))
      text += ", " + elapsed(*abortive_->other_wall_ns, abortive_->wall_ns) + " after it was sent";
    return text;
  }

  /// The tickets that the other side had sent by then, and that had not arrived.
  void tell_under_way() {
    if (end_ == nullptr)
      return;
    all_.for_each_step([this](const operation_step& x) {
      if (x.event == trace_event::sent && x.side == other(side_))
        tell_sent(x);
    });
    all_.for_each_step([this](const operation_step& x) {
      if (x.side == side_ && x.late && !(x.other_wall_ns && all_.uncertainty_ns))
        tell_late(x);
    });
  }

  /// A ticket that came after the end.
  void tell_late(const operation_step& x) {
    const bool is_recorded = x.other_wall_ns.has_value();
    result_.under_way.push_back("the " + name_of(other(side_)) + "'s " + numbered(x) + " arrived "
                                + elapsed(end_->wall_ns, x.wall_ns) + " later; when it was sent "
                                + (is_recorded ? "by this side's clock " : "") + "is not known");
  }

  /// A ticket of the other side, if it was under way at the end.
  void tell_sent(const operation_step& x) {
    const bool clocks_agree = all_.uncertainty_ns.has_value();
    const int64_t slack = all_.uncertainty_ns.value_or(0);
    if (clocks_agree && x.wall_ns > saturated_sum(end_->wall_ns, slack))
      return;
    if (x.other_wall_ns && (!clocks_agree || *x.other_wall_ns <= end_->wall_ns))
      return; // it had arrived; or it is told of as a late one
    auto text = "the " + name_of(other(side_)) + "'s " + numbered(x);
    if (clocks_agree)
      text += saturated_difference(end_->wall_ns, x.wall_ns) < slack
                ? std::string{", sent at about that time as far as the clocks tell"}
                : ", sent " + elapsed(x.wall_ns, end_->wall_ns) + " before";
    result_.under_way.push_back(
      text + ", "
      + (x.other_wall_ns ? "arrived " + elapsed(end_->wall_ns, *x.other_wall_ns) + " later" : why_not_there(x)));
  }

  /// Of a ticket of which this side's trace has nothing.
  std::string why_not_there(const operation_step& x) const {
    const auto& mine = *all_.side(side_);
    const auto trace = "the trace of the " + name_of(side_);
    if (all_.should_have(side_, x.wall_ns))
      return "never arrived, though " + trace + " goes on";
    const auto text = "is not in " + trace;
    if (!mine.incomplete.empty())
      return text + ", which is not complete: " + mine.incomplete;
    if (all_.too_many_tickets)
      return text + ", as far as was looked: too many were under way";
    if (!all_.uncertainty_ns)
      return text + "; whether that goes on long enough is not known";
    if (!mine.view.has_beginning && mine.first_wall_ns > x.wall_ns)
      return text + ", which begins later";
    return text + ", which ends " + elapsed(x.wall_ns, mine.last_wall_ns) + " after it was sent";
  }

  const operation_steps& all_;
  const trace_side side_;
  side_explanation result_;
  const operation_step* first_ = nullptr;
  const operation_step* ended_ = nullptr;
  const operation_step* aborted_ = nullptr;  ///< the abortive ticket that it sent
  const operation_step* abortive_ = nullptr; ///< that it received, before it sent one
  const operation_step* last_sent_ = nullptr;
  const operation_step* last_received_ = nullptr;
  const operation_step* end_ = nullptr; ///< the record that stands for the end
};

const operation_step* end_of(const operation_steps& x, trace_side side) {
  const operation_step* result = nullptr;
  x.for_each_step([&result, side](const operation_step& y) {
    const bool decisive = y.event == trace_event::ended || (y.event == trace_event::sent && is_abortive(y.kind));
    if (y.side == side && decisive && (result == nullptr || result->event != trace_event::ended))
      result = &y;
  });
  return result;
}

/// How the two ends hang together.
void compare(const operation_steps& x, explanation& result) {
  const auto& front = result.sides[0];
  const auto& back = result.sides[1];
  if (!front.known || !back.known)
    return result.remarks.push_back("what the " + name_of(front.known ? trace_side::back : trace_side::front)
                                    + " did is not known: give its trace as well");
  if (!front.ended || !back.ended)
    return;
  const bool usual = *front.ended == outcome::servicer_failure && *back.ended == outcome::reception_failure; // S-END-4
  if (*front.ended != *back.ended && !usual)
    result.remarks.push_back("the sides ended differently: " + to_string(*front.ended) + " at the front, "
                             + to_string(*back.ended) + " at the back");
  const auto* at_front = end_of(x, trace_side::front);
  const auto* at_back = end_of(x, trace_side::back);
  if (at_front == nullptr || at_back == nullptr)
    return;
  if (!x.uncertainty_ns)
    return; // a remark says that
  const bool front_first = at_front->wall_ns <= at_back->wall_ns;
  const auto& [earlier, later] = std::minmax(at_front->wall_ns, at_back->wall_ns);
  if (saturated_difference(later, earlier) < *x.uncertainty_ns)
    return result.remarks.push_back("which side ended first is not known: they ended within "
                                    + elapsed(0, *x.uncertainty_ns) + ", which is how far off the clocks can be");
  result.remarks.push_back("the " + std::string{front_first ? "front" : "back"} + " ended first, the "
                           + std::string{front_first ? "back " : "front "} + elapsed(earlier, later) + " later");
}

/// Who waited for whom, if it is known: a payload went as soon as the other side allowed more.
void tell_waits(const operation_steps& x, explanation& result) {
  for (const auto side : {trace_side::front, trace_side::back}) {
    const auto& waiting = x.side(side);
    if (!waiting || waiting->view.credit.waits() == 0 || !waiting->incomplete.empty())
      continue;
    auto text = "the " + name_of(side) + " waited for the " + name_of(other(side)) + ", from "
                + elapsed(waiting->view.first.monotonic_ns, waiting->view.credit.first()->monotonic_ns) + " on";
    const auto& slow = x.side(other(side));
    if (slow && slow->view.consumption)
      text += "; the " + name_of(other(side)) + "'s consumer took " + elapsed(0, slow->view.consumption->busy_ns())
              + " for " + plural(slow->view.consumption->payloads(), "payload");
    else
      text += "; how long the " + name_of(other(side)) + "'s consumer took was not recorded";
    result.remarks.push_back(text);
  }
}

/// How far times of the two sides can be compared.
void tell_clocks(const operation_steps& x, explanation& result) {
  const auto difference = elapsed(std::min<int64_t>(x.back_ahead_ns, 0), std::max<int64_t>(x.back_ahead_ns, 0));
  const bool ahead = x.back_ahead_ns > 0;
  const auto moved = "the back's clock is " + difference + (ahead ? " ahead of" : " behind") + " the front's";
  if (x.contradiction_ns > 0)
    result.remarks.push_back((x.back_ahead_ns == 0 ? "" : moved + " by a guess, which is taken off; ")
                             + std::string{"how far apart the clocks of the two nodes are is not known: "}
                             + contradiction_text(x.contradiction_ns));
  else if (!x.uncertainty_ns)
    result.remarks.push_back((x.back_ahead_ns == 0 ? "" : moved + " at least, which is taken off; ")
                             + std::string{"how far apart the clocks of the two nodes are is not known, so neither is "
                                           "how long tickets took between them"});
  else if (x.back_ahead_ns != 0)
    result.remarks.push_back(moved + ", off by " + elapsed(0, *x.uncertainty_ns) + " at most, which is taken off");
}

/// What the traces lack.
void tell_lacks(const operation_steps& x, explanation& result) {
  for (const auto& side : x.sides)
    if (side && !side->incomplete.empty())
      result.remarks.push_back("the trace of the " + name_of(side->view.side)
                               + " is not complete: " + side->incomplete);
  if (x.left_out > 0)
    result.remarks.push_back(plural(x.left_out, "record") + " in the middle were too many to be kept"
                             + (x.knows_all_under_way ? "" : "; not all that was under way among them is listed"));
}

} // namespace

std::string_view to_string(ending_cause x) noexcept {
  constexpr std::string_view words[]
    = {"completion", "caller", "timer", "customer code", "breach", "ticket", "refusal", "link", "none", "unknown"};
  return words[static_cast<size_t>(x)];
}

explanation explain(const operation_steps& x) {
  explanation result;
  result.id = x.id;
  for (const auto& y : x.sides)
    if (y && result.name.empty())
      result.name = y->view.name;
  result.sides[0] = side_story{x, trace_side::front}.tell();
  result.sides[1] = side_story{x, trace_side::back}.tell();
  compare(x, result);
  tell_waits(x, result);
  tell_clocks(x, result);
  tell_lacks(x, result);
  const auto& front = result.sides[0];
  if (front.ended) {
    result.advice = advice_for(*front.ended, front.cause == ending_cause::refusal);
  } else {
    const bool unknown = front.known ? front.cause == ending_cause::unknown : result.sides[1].ended.has_value();
    result.advice
      = unknown ? "the outcome that counts is the front's, which is not known" : "wait for the front's outcome";
  }
  return result;
}

} // namespace tandem::cli
