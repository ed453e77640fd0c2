/// Writes records down, in a thread of its own, so that no end or link waits for a disk. Records that come faster than
/// they can, or may, be written are dropped and counted, and the trace says so. Internal to recordings.
#pragma once

#include "../../messages/trace/trace_writer.hpp"
#include "captured.hpp"
#include "payload_policy.hpp"
#include "recording_options.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tandem {

/// Puts the members of `from` into an entry, all but its number, link and wall_ns; the entry's buffers are used again.
void fill(trace_entry& to, const captured& from, const payload_policy& payloads);

/// One end or link that records into a sink.
struct trace_source {
  std::string link; ///< its name
  trace_side side = trace_side::front;
  payload_policy payloads;
};

/// Records of one source, in order.
struct captured_batch {
  std::shared_ptr<const trace_source> source;
  std::vector<captured> records;
  int64_t wall_offset = 0; ///< wall_ns minus monotonic_ns
};

class trace_sink {
public:
  /// The sink for options.file: the one by which this process writes that file already, under whatever name, or a new
  /// one. The caller calls leave() when it has nothing more to record. Throws as trace_writer does.
  static std::shared_ptr<trace_sink> open(const recording_options& options, trace_header header);

  /// Once all have left, the next open() of this file makes a new sink.
  void leave() noexcept;

  trace_sink(const recording_options& options, trace_header header);
  /// Writes the records that wait.
  ~trace_sink();

  trace_sink(const trace_sink&) = delete;
  trace_sink& operator=(const trace_sink&) = delete;

  /// Any thread; takes little time, also while the disk is slow.
  void take(captured_batch batch);

  /// Whether further operations should be recorded: there is room for their records. Any thread.
  bool has_room() const noexcept {
    const auto until = full_until_.load(std::memory_order_relaxed);
    return until == 0 || (until != INT64_MAX && std::chrono::steady_clock::now().time_since_epoch().count() >= until);
  }

  /// So many records of this source were not made for lack of room. Any thread.
  void lose(const std::shared_ptr<const trace_source>& source, uint64_t count, int64_t monotonic_ns,
            int64_t wall_offset);

  /// Blocks until the operating system has all records that were taken before.
  void flush();

  /// How many records were written, and how many dropped.
  uint64_t written() const noexcept {
    return written_.load(std::memory_order_relaxed);
  }
  uint64_t dropped() const noexcept {
    return dropped_.load(std::memory_order_relaxed);
  }

  /// True once it takes nothing any more: it has written as many records as it may, or could not write.
  bool is_over() const noexcept {
    return over_.load(std::memory_order_relaxed);
  }

  /// Why it takes nothing any more; empty if it does.
  std::string why_over() const;

private:
  /// The place in the trace that says that records are missing.
  struct loss {
    std::shared_ptr<const trace_source> source;
    int64_t monotonic_ns = 0;
    int64_t wall_offset = 0;
    uint64_t count = 0;

    /// `x` too, which came later.
    void add(const loss& x);
  };

  bool join(const trace_header& header);
  void run();
  void write(const captured_batch& batch);
  void write_lost();
  bool within_rate();
  void stop_taking(std::string why);

  trace_writer writer_; // of the thread only, but for the constructor
  const recording_options options_;
  std::atomic<uint64_t> written_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<bool> over_{false};
  /// No records of further operations until this time of the steady clock, ns; 0: there is room; the highest: until
  /// what waits has been written.
  std::atomic<int64_t> full_until_{0};

  mutable std::mutex mutex_; // guards the members below
  std::condition_variable changed_;
  std::vector<captured_batch> waiting_;
  uint64_t waiting_records_ = 0;
  uint64_t waiting_bytes_ = 0;
  loss lost_; ///< records that did not fit, of which the thread does not know yet
  uint64_t flushes_wanted_ = 0;
  uint64_t flushes_done_ = 0;
  bool ending_ = false;
  std::string why_over_;
  uint64_t users_ = 1;
  trace_header header_;                     ///< of the run
  std::optional<trace_header> next_header_; ///< of the run that begins with the next batch

  // Used by the thread only.
  double allowance_ = 0; ///< how many records may be written now
  std::chrono::steady_clock::time_point allowance_at_;
  loss unsaid_;             ///< lost records that the trace does not tell of yet
  uint64_t in_hand_ = 0;    ///< records that were taken out of waiting_, and are neither written nor dropped
  bool has_failed_ = false; ///< nothing can be written any more
  trace_entry entry_;       ///< reused, for its buffers

  std::thread thread_;
};

} // namespace tandem
