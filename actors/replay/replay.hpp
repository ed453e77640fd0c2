/// Plays a recorded trace (messages/TRACE.md) again, in a test of your own: a failure in production becomes a unit
/// test.
///
///     std::ifstream trace{"failure.jsonl", std::ios::binary};
///     const auto report = replay(trace, my_services());           // the recorded front, the real back
///     CHECK(report.is_same());
///     for (const auto& x : report.differences)
///       std::puts(to_string(x).c_str());
///
/// Time is virtual: it moves from record to record, without waiting, so that timeouts and cancellations happen again
/// exactly where they happened. Payloads that customer code sends are held back until the moment at which they are
/// recorded; threads and sleeps of its own run in real time. What happened while customer code was in its last call, or
/// after a call that failed had sent something, happens before that call has ended again: the call is held meanwhile.
///
/// Operations whose beginning is not in the trace, or whose payloads are not (cut, of types that are not registered for
/// JSON here), cannot be played and are listed in the report. A text that was redacted is played as a placeholder of
/// its size, and compared by its size; redacted payloads of other types cannot be played.
///
/// A trace of any size is played in the memory that replay_options::trace_bytes says: one that is larger is played in
/// parts, one after the other. A part has the operations that have ended by then, so what was under way at the border
/// of two parts meets other operations than it did.
#pragma once

#include "../back_end.hpp"
#include "../front_end.hpp"
#include "replay_report.hpp"

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <string>

namespace tandem {

struct replay_options {
  /// Which operations to play; empty: all.
  std::function<bool(const recorded_operation&)> choose = {};
  /// Where customer code runs, as in end_options; replay waits for it. Calls that have to be held need threads of their
  /// own: a part of a trace that has such calls runs its customer code in a pool that replay makes.
  std::shared_ptr<thread_pool> work = nullptr;
  /// How many tickets of an operation the recorded end held ahead of their turn (end_options::held_tickets); a trace
  /// does not tell.
  uint32_t held_tickets = 64;
  /// How many bytes of memory the records take that are held at once, roughly. An operation that is open for longer
  /// than that many records last cannot be played.
  uint64_t trace_bytes = uint64_t{256} << 20;
  /// The actor system to use; null: replay makes one for itself. Types of payloads must be known to CAF and registered
  /// for JSON already.
  caf::actor_system* system = nullptr;
};

/// Feeds the recorded tickets of the fronts to a real back with these services, and compares the back's tickets and
/// outcomes with the recorded ones. Throws std::invalid_argument if `services` is null, or if there is no operation in
/// the trace, such as after a mistake in the file's name. Not to be called by code that runs in an actor system's
/// scheduler.
replay_report replay(std::istream& trace, std::shared_ptr<servicer> services, const replay_options& options = {});

/// Begins the operation at the front as the tested program does, and returns it; a null handle is not allowed.
using replay_caller = std::function<operation(const front_end& front, const recorded_operation& recorded)>;

/// The other direction: feeds the recorded tickets of the backs to a real front, whose operations `caller` begins, and
/// compares the front's tickets and outcomes. An empty caller does what the recorded customer code did.
replay_report replay_to_front(std::istream& trace, replay_caller caller, const replay_options& options = {});

} // namespace tandem
