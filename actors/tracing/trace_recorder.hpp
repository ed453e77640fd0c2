/// Records what an end or a link sees into a trace file (messages/TRACE.md): tickets, operations that begin and end,
/// annotations. Off until it is started; may be switched on and off at any time, by any thread, and by message
/// (messages/commands.hpp: start_recording, stop_recording).
///
///     front_end front{system};
///     front.recorder().start({.file = "calls.jsonl", .capture = "db.*{p:256}"});
///     ...
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

/// What is being recorded: the same from start() to stop(). Internal to ends and links.
struct active_recording {
  capture_filter filter;
  uint64_t sample_below = UINT64_MAX; ///< operations whose hash is at most this are taken
  std::shared_ptr<const trace_source> source;
  std::shared_ptr<trace_sink> sink;
  uint64_t generation = 0; ///< which recording of its recorder this is

  /// How many bytes of each payload are kept of this operation; nothing if it is not recorded.
  std::optional<uint64_t> takes(std::string_view name, const operation_id& id,
                                const std::optional<trace_id>& trace) const;

  /// True if not all operations of any name are recorded.
  bool is_sampled() const noexcept {
    return sample_below != UINT64_MAX;
  }

  /// True if every operation is recorded, whole.
  bool takes_all() const noexcept {
    return !is_sampled() && filter.takes_all();
  }
};

/// True if a recording of this share of operations has this one: the same on every node.
bool is_sampled(const operation_id& id, const std::optional<trace_id>& trace, double share);

/// Who collects records for a while before handing them over. It is odd meanwhile.
using collecting_round = std::atomic<uint64_t>;

class trace_recorder {
public:
  /// `link` is the name in the trace of what records; `clock` is null for the system's.
  trace_recorder(trace_side side, std::string link, std::shared_ptr<clock_source> clock = nullptr);
  ~trace_recorder();

  trace_recorder(const trace_recorder&) = delete;
  trace_recorder& operator=(const trace_recorder&) = delete;

  /// Begins to record; what was recorded before this ends. Operations that run already are recorded from here on.
  /// Throws std::invalid_argument naming an option that makes no sense, std::system_error naming the file if it cannot
  /// be written; a recording that was on goes on then. Any thread.
  void start(const recording_options& options);

  /// Ends the recording, and returns when the system has all that was recorded before the call. Does nothing if there
  /// is none. Any thread, but none of an actor that is to be quick: this waits for the disk, and for what the end is
  /// doing at the moment, a second at most.
  void stop();

  /// Returns when the system has everything that was recorded before. As stop().
  void flush();

  /// From now on, when an operation ends other than completed, what the flight recorder still has of it is written to
  /// options.file (front_options::flight_records). Throws as start() does. Any thread.
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

  // -- for those that record ----------------------------------------------------------------

  /// Changes with every start() and stop(); odd while something is recorded.
  uint64_t generation() const noexcept {
    return generation_.load(std::memory_order_relaxed);
  }

  /// Null if nothing is recorded. To be given back soon: it keeps the file open.
  std::shared_ptr<const active_recording> active() const;

  /// Whoever collects makes it odd before active() is called, and calls ended() after making it even.
  std::shared_ptr<collecting_round> add_collector();
  void ended();

  bool has_failures() const noexcept {
    return has_failures_.load(std::memory_order_relaxed);
  }
  std::shared_ptr<const active_recording> failures() const;

  /// The time by the recorder's clock, and what to add to it for the time of day.
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
  mutable std::mutex mutex_; // guards what follows
  std::shared_ptr<const active_recording> active_;
  std::shared_ptr<const active_recording> failures_;
  /// Those that are over, and that somebody still holds for a moment: the last to hold one waits for its thread, which
  /// is not to be one that runs operations.
  std::vector<std::shared_ptr<const active_recording>> retired_;
  std::vector<std::weak_ptr<collecting_round>> collectors_;
  mutable std::atomic<int> waiting_{0}; ///< threads that wait for collectors
  mutable std::condition_variable collector_ended_;
  recording_status last_; ///< of the recording that is on or was the last; its counts, once that has ended
};

} // namespace tandem
