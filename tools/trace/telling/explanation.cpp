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
    for (const auto& x : all_.steps) {
      if (x.side != side_)
        continue;
      first_ = first_ ? first_ : &x;
      if (x.event == trace_event::ended) {
        ended_ = ended_ ? ended_ : &x;
      } else if (ended_ != nullptr || x.late) {
        continue;
      } else if (x.event == trace_event::sent) {
        aborted_ = aborted_ || !is_abortive(x.kind) ? aborted_ : &x;
        last_sent_ = &x;
      } else if (x.event == trace_event::received && aborted_ == nullptr) {
        abortive_ = abortive_ || !is_abortive(x.kind) ? abortive_ : &x;
        last_received_ = &x;
      }
    }
    for (const auto* x : {ended_, aborted_, abortive_, last_sent_, last_received_})
      if (end_ == nullptr && view().ended)
        end_ = x;
    if (end_ == last_sent_ && last_received_ != nullptr && last_sent_ != nullptr && ended_ == nullptr
        && last_received_->wall_ns > last_sent_->wall_ns)
      end_ = last_received_; // inferred: the last ticket that came
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

  void tell_end() {
    if (!view().ended) {
      result_.cause = ending_cause::none;
      std::string text = "it is still open where the trace ends";
      if (last_sent_ == nullptr || !is_last(last_sent_->kind))
        text += "; its last ticket was not sent";
      if (view().subscription != subscription_kind::none && view().input.state == stream_state::open)
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
    const auto* sent = find(trace_event::sent, other(side_), abortive_->number);
    if (sent != nullptr)
      text += ", " + elapsed(sent->wall_ns, abortive_->wall_ns) + " after it was sent";
    return text;
  }

  const operation_step* find(trace_event event, trace_side side, uint64_t number) const {
    for (const auto& x : all_.steps)
      if (x.event == event && x.side == side && x.number == number)
        return &x;
    return nullptr;
  }

  /// The tickets that the other side had sent by then, and that had not arrived.
  void tell_under_way() {
    if (end_ == nullptr)
      return;
    std::vector<const operation_step*> later;
    for (const auto& x : all_.steps) {
      const bool sent_before = x.event == trace_event::sent && x.side == other(side_) && x.wall_ns <= end_->wall_ns;
      if (!sent_before)
        continue;
      const auto* arrived = find(trace_event::received, side_, x.number);
      if (arrived != nullptr && arrived->wall_ns <= end_->wall_ns && !arrived->late)
        continue;
      const auto when = arrived == nullptr ? std::string{"never arrived in the trace"}
                                           : "arrived " + elapsed(end_->wall_ns, arrived->wall_ns) + " later";
      result_.under_way.push_back("the " + name_of(other(side_)) + "'s " + numbered(x) + ", sent "
                                  + elapsed(x.wall_ns, end_->wall_ns) + " before, " + when);
    }
    if (!all_.side(other(side_)))
      for (const auto& x : all_.steps)
        if (x.side == side_ && x.late)
          result_.under_way.push_back("the " + name_of(other(side_)) + "'s " + numbered(x) + " arrived "
                                      + elapsed(end_->wall_ns, x.wall_ns) + " later; when it was sent is not known");
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
  for (const auto& y : x.steps) {
    const bool decisive = y.event == trace_event::ended || (y.event == trace_event::sent && is_abortive(y.kind));
    if (y.side == side && decisive && (result == nullptr || result->event != trace_event::ended))
      result = &y;
  }
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
  const bool front_first = at_front->wall_ns <= at_back->wall_ns;
  const auto& [earlier, later] = std::minmax(at_front->wall_ns, at_back->wall_ns);
  result.remarks.push_back("the " + std::string{front_first ? "front" : "back"} + " ended first, the "
                           + std::string{front_first ? "back " : "front "} + elapsed(earlier, later) + " later");
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
  if (x.back_ahead_ns != 0) {
    const auto difference = elapsed(std::min<int64_t>(x.back_ahead_ns, 0), std::max<int64_t>(x.back_ahead_ns, 0));
    result.remarks.push_back("the clocks of the two nodes differ by at least " + difference + ", which is taken off");
  }
  if (x.left_out > 0)
    result.remarks.push_back(plural(x.left_out, "record") + " in the middle were too many to look at");
  const auto& front = result.sides[0];
  if (front.ended) {
    result.advice = advice_for(*front.ended, front.cause == ending_cause::refusal);
  } else {
    const bool unknown = !front.known && result.sides[1].ended;
    result.advice
      = unknown ? "the outcome that counts is the front's, which is not known" : "wait for the front's outcome";
  }
  return result;
}

} // namespace tandem::cli
