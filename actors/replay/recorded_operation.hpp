/// The operations of a trace (messages/TRACE.md) as scripts that can be played again.
///
///     std::ifstream trace{"failure.jsonl", std::ios::binary};
///     for (const auto& x : read_recorded(trace, trace_side::front))
///       std::puts(x.name.c_str());
#pragma once

#include "../../messages/trace/trace_reader.hpp"

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

/// A ticket that crossed, or the operation's end.
struct recorded_step {
  enum class what : uint8_t { to_back, to_front, ended };
  what kind = what::to_back;
  duration time{};          ///< since the first record of the trace
  trace_entry entry;        ///< as it stands in the trace
  uint64_t line_number = 0; ///< of the trace
};

/// One operation, as one side recorded it.
struct recorded_operation {
  operation_id id;
  trace_side side = trace_side::back;
  std::string name;
  std::optional<subscription_kind> subscription;
  std::optional<tandem::trace_id> trace_id;
  std::optional<duration> timeout;         ///< the front asked for it; none: it asked for none
  std::optional<duration> allowed;         ///< at this side, from the beginning, if the trace says so
  std::optional<duration> maximum_timeout; ///< at the back, if the trace says so
  duration began{};                        ///< as recorded_step::time
  std::vector<recorded_step> steps;        ///< in the order of the trace
  std::optional<outcome> ended;            ///< at this side; none: the trace does not tell
  std::string unfit;                       ///< why it cannot be played again; empty if it can

  /// The tickets in one direction, in the order in which they were sent.
  std::vector<const trace_entry*> tickets(recorded_step::what direction) const;

  /// How many payloads more than before the allowance in this step of it allows (S-FLOW-2).
  uint64_t more_allowed_by(const recorded_step& step) const;

  /// False for stray tickets: those that came and belonged to no operation of this side.
  bool has_first_ticket() const;

  /// The call of the customer code at `at` that failed, counted from 0: its side's failure follows right after the
  /// payload that the call was given. Nothing if no call looks as if it had failed.
  std::optional<size_t> failing_call(trace_side at) const;

  /// True if customer code at `at` was in a call when something happened to the operation that a call which returns at
  /// once would have come before: it ended in another way, or got a ticket, after everything had been received and
  /// sent, so that only its last call kept it; or a call of the back's failed after it had sent something.
  bool needs_held_call(trace_side at) const;
};

/// The operations that `side` recorded, in the order of their beginnings; if it recorded none, those of the other side.
/// Operations whose beginning or payloads are missing are there, and say so (`unfit`). All of them are held in memory.
/// Times are those of the monotonic clock; in a merged trace, whose nodes have one each, those of the wall clock.
std::vector<recorded_operation> read_recorded(std::istream& trace, trace_side side);

/// The same from a reader, which afterwards knows the oddities of the trace.
std::vector<recorded_operation> read_recorded(trace_reader& trace, trace_side side);

} // namespace tandem
