/// Puts the records of a trace into the order of their corrected times.
///
/// Several threads record at a time, so records of different operations may be a few milliseconds out of order
/// (TRACE.md). Those of one operation at one side stay as they were written, also where a `begun` has an earlier time
/// than the record in front of it. Where a wall clock jumps back by more than the window, what was written before comes
/// first.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace tandem::cli {

class record_window {
public:
  /// `input` must outlive it.
  explicit record_window(trace_input& input) : input_(input) {
  }

  /// The next record, good until the next call; null at the end.
  const placed_entry* next();

  /// Records are farther out of order only if a clock jumped.
  static constexpr int64_t width_ns = 100'000'000;

private:
  struct held {
    placed_entry placed;
    trace_entry entry;
    std::string line;
    std::shared_ptr<const trace_header> header;
    int64_t key = 0;    ///< its time, or that of the record of its operation in front of it
    uint64_t epoch = 0; ///< how often the clock had jumped back
  };

  /// What is kept is bounded by these, whatever times a trace has.
  static constexpr size_t most_records = 4096;
  static constexpr size_t most_bytes = size_t{32} << 20;

  void hold(const placed_entry& x);
  void place(std::list<held>::iterator x);
  bool front_is_due() const;

  trace_input& input_;
  std::list<held> held_; ///< in the order in which they will be given
  std::list<held> given_;
  std::list<held> unused_; ///< with their buffers
  size_t bytes_ = 0;
  int64_t latest_ns_ = INT64_MIN;
  uint64_t epoch_ = 0;
  bool at_end_ = false;
};

} // namespace tandem::cli
