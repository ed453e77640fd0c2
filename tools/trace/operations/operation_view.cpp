#include "operation_view.hpp"

#include "../../../actors/core/sides.hpp"

#include <algorithm>

namespace tandem::cli {

std::string_view to_string(stream_state state) noexcept {
  constexpr std::string_view words[] = {"open", "closing", "closed"};
  return words[static_cast<size_t>(state)];
}

outcome outcome_of_abortive(ticket_kind kind, trace_side side, bool sent) noexcept {
  if (sent && kind == ticket_kind::reception_failure)
    return outcome::reception_failure;
  const bool at_front = side == trace_side::front;
  return core::meaning_of(kind, at_front ? core::front_side::own_failure : core::back_side::own_failure);
}

void operation_view::take(const trace_entry& entry) {
  const moment now{entry.wall_ns, entry.monotonic_ns};
  if (records++ == 0)
    first = now;
  last = now;
  switch (entry.event) {
    case trace_event::sent:
    case trace_event::received:
      take_ticket(entry, now);
      break;
    case trace_event::begun:
      has_begun_record = true;
      begin(entry, now);
      maximum_timeout = entry.maximum_timeout;
      if (entry.timeout)
        timeout = *entry.timeout; // the time allowed here, which may differ from the ticket's
      parent = entry.parent;
      peer = entry.peer;
      if (end_is_inferred) { // at the back, the first ticket stands before the beginning: too early to infer anything
        ended.reset();
        end_is_inferred = false;
      }
      break;
    case trace_event::ended:
      details = entry.details.empty() ? details : entry.details;
      finish(entry.ended, now, false);
      break;
    case trace_event::annotation:
      ++annotations;
      break;
    case trace_event::consumed:
      (consumption ? *consumption : consumption.emplace()).take(entry);
      break;
    default:
      break;
  }
}

void operation_view::begin(const trace_entry& entry, const moment& now) {
  if (!has_beginning)
    first = now;
  has_beginning = true;
  if (entry.name)
    name = *entry.name;
  if (entry.subscription)
    subscription = entry.subscription;
  if (entry.trace_id)
    trace_id = entry.trace_id;
}

void operation_view::take_ticket(const trace_entry& entry, const moment& now) {
  if (link.empty())
    link = entry.link;
  else if (link != entry.link)
    return; // the same ticket, recorded at another place on its way
  const bool sent = entry.event == trace_event::sent;
  auto& stream = sent ? output : input;
  if (ended) {
    ++late;
    return;
  }
  ++stream.tickets;
  if (is_first(entry.kind) && stream.tickets == 1)
    credit.begin(entry, side);
  if (sent && entry.payload)
    credit.sent_payload(now);
  if (entry.payload) {
    ++stream.payloads;
    stream.bytes += entry.payload_size;
    if (!stream.first_payload) {
      stream.first_payload = now;
      stream.first_payload_number = entry.sequence_number.value;
    }
    stream.last_payload = now;
  }
  if (is_last(entry.kind) && !is_abortive(entry.kind))
    stream.last_ticket = now;
  if (is_abortive(entry.kind)) {
    stream.next = std::max(stream.next, entry.sequence_number.value + 1);
    details = entry.details;
    was_refused = entry.kind == ticket_kind::refusal;
    if (!has_begun_record)
      finish(outcome_of_abortive(entry.kind, side, sent), now, true);
    return;
  }
  if (is_first(entry.kind) && !(has_beginning && has_begun_record))
    begin(entry, now);
  if (!has_beginning && stream.tickets == 1)
    stream.next = entry.sequence_number.value; // the recording began in the midst of it
  const stream_view::held_ticket ticket{entry.kind, entry.timeout,
                                        entry.kind == ticket_kind::allowance ? entry.allowed : std::nullopt};
  const auto number = entry.sequence_number.value;
  if (number < stream.next)
    return; // one that was there already
  if (sent)
    stream.next = number; // no side sends ahead of its turn: records of others are missing
  if (number > stream.next) {
    stream.held.emplace(number, ticket);
    if (stream.held.size() <= stream_view::most_held)
      return;
    stream.next = stream.held.begin()->first; // what is waited for will not come
  } else {
    take_turn(ticket, stream, now);
  }
  take_held(stream, now);
  credit.look(output.state == stream_state::open, now);
  infer_end(now);
}

void operation_view::take_held(stream_view& stream, const moment& now) {
  while (!stream.held.empty() && stream.held.begin()->first == stream.next) {
    take_turn(stream.held.begin()->second, stream, now);
    stream.held.erase(stream.held.begin());
  }
}

void operation_view::take_turn(const stream_view::held_ticket& ticket, stream_view& stream, const moment& now) {
  ++stream.next;
  if (ticket.allowed && &stream == &output)
    credit.allowed_other(*ticket.allowed);
  else if (ticket.allowed)
    credit.allowed_more(*ticket.allowed, now);
  if (ticket.timeout && !(is_first(ticket.kind) && has_begun_record))
    set_timeout(*ticket.timeout);
  if (is_last(ticket.kind))
    stream.state = &stream == &output ? stream_state::closed : stream_state::closing;
}

void operation_view::set_timeout(duration value) {
  timeout = maximum_timeout ? std::min(value, *maximum_timeout) : value;
}

/// S-END-1, as far as tickets tell.
void operation_view::infer_end(const moment& now) {
  if (subscription == subscription_kind::none)
    (side == trace_side::front ? input : output).state = stream_state::closed;
  if (!has_begun_record && output.state != stream_state::open && input.state != stream_state::open)
    finish(outcome::completed, now, true);
}

void operation_view::finish(outcome value, const moment& now, bool inferred) {
  if (ended && !end_is_inferred)
    return; // exactly one (S-END-6)
  ended = value;
  end_is_inferred = inferred;
  end = now;
}

std::optional<duration> operation_view::total() const {
  if (!has_beginning || !ended)
    return std::nullopt;
  return duration{end.monotonic_ns - first.monotonic_ns};
}

std::optional<int64_t> operation_view::deadline_wall_ns() const {
  if (!has_beginning || !timeout)
    return std::nullopt;
  return first.wall_ns + std::min<int64_t>(timeout->count(), INT64_MAX - std::max<int64_t>(first.wall_ns, 0));
}

} // namespace tandem::cli
