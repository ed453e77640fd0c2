/// Records the events of an end or a link into a trace file (messages/TRACE.md): tickets, operations that begin and
/// end, annotations. It is off until it is started, and may be switched on and off at any time, by any thread, and by
/// message (messages/commands.hpp: start_recording, stop_recording).
///
///     front_end front{system};
///     front.recorder().start({.file = "calls.jsonl", .capture = "db.*{p:256}"});
///     front.recorder().stop();                        // everything is in the file now
#pragma once

#include "../../messages/commands.hpp"
#include "../../messages/operation_id.hpp"
#include "../../messages/trace/trace_entry.hpp"
#include "../../messages/trace_id.hpp"
#include "capture_filter.hpp"
#include "recording_options.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

class clock_source;
class trace_sink;
struct trace_source;

/// A recording that is on: stays the same from start() to stop(). Internal to ends and links.
struct active_recording {
  capture_filter filter;
  uint64_t sample_below = UINT64_MAX; ///< operations whose hash is at most this are taken
  std::shared_ptr<const trace_source> source;
  std::shared_ptr<trace_sink> sink;
  uint64_t generation = 0;  ///< which recording of its recorder this is
  bool consumption = false; ///< when customer code consumes payloads, too

  /// How many bytes of each payload of this operation are kept; nothing if it is not recorded.
  std::optional<uint64_t> takes(std::string_view name, const operation_id& id,
                                const std::optional<trace_id>& trace) const;

  /// True if only a share of the operations is recorded.
  bool is_sampled() const noexcept {
    return sample_below != UINT64_MAX;
  }

  /// True if every operation is recorded, whole.
  bool takes_all() const noexcept {
    return !is_sampled() && filter.takes_all();
  }
};

/// True if a recording of this share of operations has this one. The answer is the same on every node.
bool is_sampled(const operation_id& id, const std::optional<trace_id>& trace, double share);

/// A counter of one that collects records for a while before handing them over: it is odd meanwhile.
using collecting_round = std::atomic<uint64_t>;

class trace_recorder {
public:
  /// `link` is the name of the end or link in the trace. `clock` null: the system's.
  trace_recorder(trace_side side, std::string link, std::shared_ptr<clock_source> clock = nullptr);
  ~trace_recorder();

  trace_recorder(const trace_recorder&) = delete;
  trace_recorder& operator=(const trace_recorder&) = delete;

  /// Begins a recording; one that was on ends. Operations that run already are recorded from here on. Throws
  /// std::invalid_argument naming an option that makes no sense, or a file that is no trace; std::system_error naming
  /// the file if it cannot be written; a recording that was on goes on then. Waits for the disk, and at most a second
  /// for the reader of a named pipe. Any thread.
  void start(const recording_options& options);

  /// Ends the recording, and returns when the operating system has all records from before the call. Does nothing if
  /// there is no recording. Any thread, but not an actor that must be quick: this waits for the disk, at most a second
  /// for the work that the end is just doing, and at most five for the reader of a pipe that is full.
  void stop();

  /// Returns when the operating system has all records from before the call. Waits as stop() does.
  void flush();

  /// From now on, when an operation does not complete, the records that the flight recorder still has of it are written
  /// to options.file (end_options::flight_records). Throws as start() does. Any thread.
  void start_failures(const recording_options& options);
  void stop_failures();

  recording_status status() const;

  /// The header of a trace that begins now.
  trace_header header(const recording_options& options = {}) const;

  trace_side side() const noexcept {
    return side_;
  }
  const std::string& link() const noexcept {
    return link_;
  }

  // -- for ends and links, which record ----------------------------------------------------

  /// Changes with every start() and stop(); odd while something is recorded.
  uint64_t generation() const noexcept {
    return generation_.load(std::memory_order_relaxed);
  }

  /// Null if nothing is recorded. To be given back soon: it keeps the file open.
  std::shared_ptr<const active_recording> active() const;

  /// A counter for the caller, which makes it odd before it calls active(), and calls ended() after making it even.
  std::shared_ptr<collecting_round> add_collector();
  void ended();

  bool has_failures() const noexcept {
    return has_failures_.load(std::memory_order_relaxed);
  }
  std::shared_ptr<const active_recording> failures() const;

  /// The time by the recorder's clock, and the number to add to it for the time of day.
  int64_t monotonic_now() const;
  int64_t wall_offset() const;

private:
  const trace_side side_;
  const std::string link_;
  const std::shared_ptr<clock_source> clock_;
  const int64_t manual_offset_;
  std::atomic<uint64_t> generation_{0};

  std::shared_ptr<active_recording> open(const recording_options& options) const;
  void await_collectors() const;
  void finish(std::shared_ptr<const active_recording> recording);

  std::atomic<bool> has_failures_{false};
  mutable std::mutex mutex_; // guards the members below
  std::shared_ptr<const active_recording> active_;
  std::shared_ptr<const active_recording> failures_;
  /// Recordings that are over, and that a round still holds for a moment. The last to hold one waits for its thread,
  /// and must not be a thread that runs operations.
  std::vector<std::shared_ptr<const active_recording>> retired_;
  std::vector<std::weak_ptr<collecting_round>> collectors_;
  mutable std::atomic<int> waiting_{0}; ///< threads that wait for collectors
  mutable std::condition_variable collector_ended_;
  recording_status last_; ///< of the recording that is on or was the last; its counts, once that has ended
};

} // namespace tandem
