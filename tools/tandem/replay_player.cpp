#include "replay_player.hpp"

#include "../cli/exit_status.hpp"

#include <algorithm>
#include <exception>

namespace tandem::cli {

replay_player::replay_player(rear_peer& link, std::shared_ptr<replay_answers> answers, const replay_pace& pace,
                             replay_report& report)
  : link_(link), answers_(std::move(answers)), pace_(pace), report_(report), front_(random_bits()) {
}

void replay_player::play(const source& next) {
  auto waiting = next();
  const auto begins
    = [&] { return pace_.no_delays ? beginning_ : beginning_ + std::max(waiting->began, duration::zero()); };
  while (waiting || !under_way_.empty()) {
    while (waiting && under_way_.size() < pace_.at_once && begins() <= clock::now()) {
      begin(std::move(*waiting));
      waiting = next();
    }
    while (!timers_.empty() && timers_.begin()->first <= clock::now())
      advance(timers_.begin()->second);
    auto until = timers_.empty() ? clock::time_point::max() : timers_.begin()->first;
    if (waiting && under_way_.size() < pace_.at_once)
      until = std::min(until, begins());
    if (until == clock::time_point::max())
      continue; // the last one is over, or the next one begins now
    for (const auto& id : answers_->await(until))
      advance(id);
  }
}

void replay_player::begin(recorded_operation recorded) {
  const operation_id id{front_, begun_++ << 8};
  auto& x = under_way_[id];
  x.id = id;
  x.recorded = std::move(recorded);
  x.began = x.progress = x.wakes = clock::now();
  timers_.insert({x.wakes, id});
  answers_->open(id);
  ++report_.operations;
  advance(id);
}

void replay_player::advance(operation_id id) { // a copy: it may be of a timer, which goes here
  const auto found = under_way_.find(id);
  if (found == under_way_.end())
    return;
  auto& x = found->second;
  timers_.erase({x.wakes, id});
  if (const auto until = go_on(x)) {
    x.wakes = *until;
    timers_.insert({x.wakes, id});
    return;
  }
  finish(x);
  under_way_.erase(found);
}

std::optional<replay_player::clock::time_point> replay_player::go_on(playing& x) {
  const auto state = answers_->of(x.id);
  const auto now = clock::now();
  if (state.tickets > x.answers || state.allowances > x.allowances)
    x.progress = now;
  x.answers = state.tickets;
  x.allowances = state.allowances;
  const auto& steps = x.recorded.steps;
  for (; x.next_step < steps.size(); ++x.next_step) {
    const auto& step = steps[x.next_step];
    if (step.kind == recorded_step::what::to_front) {
      x.answers_before += step.entry.kind != ticket_kind::allowance;
      x.allowed_when_recorded = std::max(x.allowed_when_recorded, step.entry.allowed.value_or(0));
    }
    if (step.kind != recorded_step::what::to_back)
      continue;
    const auto due = pace_.no_delays ? x.began : x.began + std::max(step.time - x.recorded.began, duration::zero());
    if (now < due)
      return due;
    // Steps that the front took in answer to the back, it takes in answer to the back now.
    const auto until = std::max(due, x.progress) + pace_.patience;
    if (x.answers < x.answers_before && !state.is_ended && now < until)
      return until;
    if (!state.is_ended && lacks_credit(x, step, state.allowed))
      return now < until ? std::optional{until} : std::nullopt;
    send(x, step);
    x.progress = now;
  }
  const auto until = x.progress + pace_.patience;
  const bool waits = x.answers < x.answers_before && !state.is_answered && now < until;
  return waits ? std::optional{until} : std::nullopt;
}

/// A front sends no payload beyond what it was allowed (S-FLOW-1), but for one that did so when it was recorded.
bool replay_player::lacks_credit(const playing& x, const recorded_step& step, uint64_t allowed) {
  if (!step.entry.payload || x.payloads < std::max(x.at_first, allowed))
    return false;
  return x.payloads < std::max(x.at_first, x.allowed_when_recorded);
}

void replay_player::send(playing& x, const recorded_step& step) {
  auto ticket = ticket_of<front_to_back_ticket>(step, x.id);
  x.next_number = std::max(x.next_number, ticket.sequence_number.value + 1);
  if (is_first(ticket.kind))
    x.at_first = ticket.allowed ? allowed_at_first : unlimited;
  x.payloads += ticket.payload.has_value();
  x.has_sent_all = x.has_sent_all || is_last(ticket.kind);
  x.has_aborted = x.has_aborted || is_abortive(ticket.kind);
  accept_one(link_, std::move(ticket));
}

/// Compares, and tells the back if nobody waits any longer for an operation that is not over.
void replay_player::finish(playing& x) {
  const auto state = answers_->of(x.id);
  const bool is_over = x.has_aborted || state.is_ended || (state.is_answered && x.has_sent_all);
  compare(x.recorded, recorded_step::what::to_front, answers_->close(x.id), std::nullopt, report_,
          replay_time::is_real);
  if (is_over || !x.recorded.has_first_ticket() || x.recorded.subscription == subscription_kind::none)
    return;
  front_to_back_ticket cancellation;
  cancellation.operation = x.id;
  cancellation.sequence_number = {x.next_number};
  cancellation.kind = ticket_kind::cancellation;
  cancellation.details = "the replay waits no longer";
  accept_one(link_, std::move(cancellation));
}

} // namespace tandem::cli
