/// How an end is set up. Every member has a default that is right for most; name those you change:
///
///     back_end back{system, services, {.work = std::make_shared<thread_pool>(8), .maximum_timeout = 10min}};
///
/// configuration.hpp has the options by which a program's user sets them.
#pragma once

#include "../messages/time.hpp"
#include "execution/clock_source.hpp"
#include "execution/thread_pool.hpp"
#include "log.hpp"
#include "tracing/recording_options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

/// For front and back ends; the last members are for back ends alone.
struct end_options {
  /// Where customer code runs; null: in the actor system's scheduler, where it must return promptly. Give a pool if
  /// customer code blocks (S-RECV-8, S-STATS-7).
  std::shared_ptr<thread_pool> work = nullptr;
  /// Where tickets are handed to the link; null: in the actor system's scheduler. Give a pool if the link blocks.
  std::shared_ptr<thread_pool> transmission = nullptr;
  /// Where idle actions run; null: at once, in the thread that sees that the end is idle. Timers never block, and run
  /// in the actor system's scheduler.
  std::shared_ptr<thread_pool> utility = nullptr;
  /// Null: the steady clock of the system. Tests move one by hand (testing/manual_clock.hpp).
  std::shared_ptr<clock_source> clock = nullptr;
  /// How many scheduled actors share the operations of this end; 0: one for each thread of the scheduler.
  /// At most 256.
  size_t shards = 0;
  /// How many tickets of one operation may be held ahead of their turn (S-RECV-1); 0: one that comes too early ends
  /// its operation.
  uint32_t held_tickets = 64;
  /// How many payloads beyond those that its customer code has consumed this end lets the other side of an operation
  /// send (S-FLOW). 0: customer code allows by hand (operation_context::allow). no_window: as many as there are.
  uint32_t window = 1024;
  /// The window is smaller while payloads are large: as many as make about so many bytes, at least one (S-FLOW-13).
  /// Whoever sends large texts is ready only while about so many bytes of them are on their way. 0: neither.
  uint32_t window_bytes = uint32_t{4} << 20;
  /// How many payloads of an operation may wait here until the other side allows them; one more fails the operation
  /// (S-FLOW-7). 0: no limit.
  uint32_t waiting_payloads = 65536;
  /// About how many bytes of payloads all operations of this end may hold together: of those that have come and were
  /// not consumed, and that wait until the other side allows them. Beyond it, windows are 1, and a back refuses new
  /// operations; nor is anybody ready who sends while so many bytes of large texts are on their way (S-FLOW-16). 0: no
  /// limit.
  uint64_t waiting_bytes = uint64_t{256} << 20;
  /// Gets a line for each exception that customer callbacks throw; empty: they go to standard error. Any thread.
  log_function log = {};
  /// This end's name in traces; empty: "front" or "back".
  std::string name = {};
  /// Record from the beginning on (tracing/trace_recorder.hpp). None: only once the end's recorder is started.
  std::optional<recording_options> record = {};
  /// How many records each shard's flight recorder keeps, 64 bytes each; 0: it is off. At most 16,777,216.
  size_t flight_records = 256;
  /// When an operation does not complete, write the records that the flight recorder has of it. None: do not.
  std::optional<recording_options> record_failures = {};
  /// How long an operation may take if no timeout was given. At the front: if operate() is given none; the ticket then
  /// has none either, and the back applies its own default. At the back: if the front gave none (S-TIME-2). More than
  /// zero.
  duration default_timeout = std::chrono::minutes(1);

  // -- back ends alone: a front end refuses any value but the default -----------------------------

  /// No operation is allowed more time than this (S-TIME-2). More than zero.
  duration maximum_timeout = std::chrono::hours(1);
  /// How many ended operations each shard of the back remembers, about 30 bytes each, so that a ticket that comes again
  /// does not run them again (S-RECV-6). When more operations than this have ended in a shard since, a repeated first
  /// ticket is taken for a new operation. 0: none. At most 4,294,967,295.
  size_t remembered_operations = 65536;
  /// How many operations may run at a time; further ones are refused (S-END-12). 0: no limit.
  uint64_t maximum_operations = 0;
};

/// Throw std::invalid_argument naming the option that makes no sense for such an end. Any thread.
void check_front_options(const end_options& options);
void check_back_options(const end_options& options);

} // namespace tandem
