/// Traces of what the two pure machines do, as the recorders of two ends would write them; and what the checker says of
/// them, without files.
#pragma once

#include "../support/pair.hpp"

#include "../../messages/trace/trace_entry.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../../tools/trace/checking/trace_checker.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tandem_test {

/// The wall clock where the steady one is zero.
inline constexpr int64_t wall_of_zero = 1'700'000'000'000'000'000;

using trace_entries = std::vector<tandem::trace_entry>;

/// As the lines of a trace.
inline std::string written(const trace_entries& entries) {
  std::string result;
  for (const auto& x : entries)
    result += to_line(x) + "\n";
  return result;
}

/// Writes down what both halves of a pair do. Must outlive the pair's last step.
class pair_recorder {
public:
  pair_recorder(pair& p, const pair_options& options);

  /// All that was recorded, in the order in which it happened.
  trace_entries entries;

  /// One side's part of it, numbered anew.
  trace_entries side(tandem::trace_side which) const;

private:
  template <class Half>
  void watch(Half& half, tandem::trace_side which);
  void add(tandem::trace_entry entry, tandem::trace_side which, tandem::time_point now);
  tandem::trace_entry beginning(tandem::trace_side which, const tandem::front_to_back_ticket& first) const;

  const pair_options options_;
  bool begun_[2] = {false, false};
  tandem::front_to_back_ticket first_;
};

/// Numbers from 0.
inline void number_anew(trace_entries& entries);

/// The header of such a trace; `side` is empty if both are in it.
inline tandem::trace_header header_of(const trace_entries& entries);

/// The findings of the checker.
inline std::vector<tandem::cli::finding> check_entries(const trace_entries& entries);

/// The ticket of an entry, in an entry: for traces of tickets that a test makes by hand.
template <class Ticket>
tandem::trace_entry entry_of(const Ticket& ticket, tandem::trace_side side, tandem::trace_event event) {
  tandem::trace_entry result;
  result.side = side;
  result.event = event;
  result.link = std::string{tandem::to_string(side)};
  set_ticket(result, ticket);
  if (ticket.payload) {
    result.payload = tandem::to_trace_payload(*ticket.payload);
    result.payload_size = tandem::wire_size(*ticket.payload);
  }
  return result;
}

// -- what they do ---------------------------------------------------------------------------

inline void number_anew(trace_entries& entries) {
  for (size_t i = 0; i < entries.size(); ++i)
    entries[i].record = i;
}

inline tandem::trace_header header_of(const trace_entries& entries) {
  tandem::trace_header result;
  result.node = "here/1";
  result.clock = "manual";
  result.start_monotonic_ns = entries.empty() ? 0 : entries.front().monotonic_ns;
  result.start_wall_ns = wall_of_zero + result.start_monotonic_ns;
  bool sides[2] = {false, false};
  for (const auto& x : entries)
    sides[static_cast<size_t>(x.side)] = true;
  if (!(sides[0] && sides[1]) && !entries.empty())
    result.side = result.link = std::string{tandem::to_string(entries.front().side)};
  return result;
}

inline std::vector<tandem::cli::finding> check_entries(const trace_entries& entries) {
  std::vector<tandem::cli::finding> result;
  tandem::cli::trace_checker checker{[&](const tandem::cli::finding& x) { result.push_back(x); }};
  const auto header = header_of(entries);
  uint64_t line = 1;
  for (const auto& x : entries) {
    tandem::cli::placed_entry at;
    at.entry = &x;
    at.line_number = ++line;
    at.wall_ns = x.wall_ns;
    at.header = &header;
    checker.take(at, {1, 0, 0});
  }
  checker.finish();
  return result;
}

inline pair_recorder::pair_recorder(pair& p, const pair_options& options) : options_(options) {
  watch(p.front, tandem::trace_side::front);
  watch(p.back, tandem::trace_side::back);
}

inline trace_entries pair_recorder::side(tandem::trace_side which) const {
  trace_entries result;
  for (const auto& x : entries)
    if (x.side == which)
      result.push_back(x);
  number_anew(result);
  return result;
}

inline void pair_recorder::add(tandem::trace_entry entry, tandem::trace_side which, tandem::time_point now) {
  entry.record = entries.size();
  entry.side = which;
  entry.link = std::string{tandem::to_string(which)};
  entry.monotonic_ns = now.time_since_epoch().count();
  entry.wall_ns = wall_of_zero + entry.monotonic_ns;
  entries.push_back(std::move(entry));
}

inline tandem::trace_entry pair_recorder::beginning(tandem::trace_side which,
                                                    const tandem::front_to_back_ticket& first) const {
  tandem::trace_entry result;
  result.event = tandem::trace_event::begun;
  result.operation = first.operation;
  result.name = first.name;
  result.subscription = first.subscription;
  result.trace_id = first.trace_id;
  if (which == tandem::trace_side::front) {
    result.timeout = first.timeout.value_or(options_.front_timeout);
  } else {
    result.timeout = std::min(first.timeout.value_or(options_.default_timeout), options_.maximum_timeout);
    result.maximum_timeout = options_.maximum_timeout;
  }
  return result;
}

template <class Half>
void pair_recorder::watch(Half& half, tandem::trace_side which) {
  using outgoing = typename Half::outgoing;
  auto& begun = begun_[static_cast<size_t>(which)];
  half.on_arrival = [this, which, &half](const typename Half::incoming& ticket) {
    add(entry_of(ticket, which, tandem::trace_event::received), which, half.now);
    if constexpr (std::is_same_v<typename Half::incoming, tandem::front_to_back_ticket>)
      if (!half.begun() && is_first(ticket.kind))
        first_ = ticket;
  };
  half.on_effect = [this, which, &half, &begun](const tandem::core::effect<outgoing>& x) {
    const auto* sent = std::get_if<tandem::core::send_ticket<outgoing>>(&x);
    if (!std::exchange(begun, true)) {
      if constexpr (std::is_same_v<outgoing, tandem::front_to_back_ticket>)
        first_ = sent->ticket;
      add(beginning(which, first_), which, half.now);
    }
    if (sent != nullptr)
      add(entry_of(sent->ticket, which, tandem::trace_event::sent), which, half.now);
    if (const auto* end = std::get_if<tandem::core::finish>(&x)) {
      tandem::trace_entry entry;
      entry.event = tandem::trace_event::ended;
      entry.operation = the_operation;
      entry.ended = end->value;
      entry.details = end->details;
      add(std::move(entry), which, half.now);
    }
  };
}

} // namespace tandem_test
