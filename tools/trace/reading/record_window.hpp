/// Puts the records of a trace into the order of their corrected times.
///
/// Several threads record at a time, so records of different operations may be a few milliseconds out of order
/// (TRACE.md). Those of one operation at one side stay as they were written, also where a `begun` has an earlier time
/// than the record in front of it. Where a wall clock jumps back by more than the window, what was written before comes
/// first.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tandem::cli {

class record_window {
public:
  using predicate = std::function<bool(const placed_entry&)>;

  /// `input` must outlive it. Asks `is_wanted`, if there is one, of each record in the order of the input, and passes
  /// over the others.
  explicit record_window(trace_input& input, predicate is_wanted = {})
    : input_(input), is_wanted_(std::move(is_wanted)) {
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
  };
  using held_record = std::unique_ptr<held>;

  struct slot {
    int64_t key;    ///< its time, or that of the record of its operation in front of it
    uint64_t epoch; ///< how often the clock had jumped back
    held_record record;
  };

  /// What is kept is bounded by these, whatever times a trace has.
  static constexpr size_t most_records = 4096;
  static constexpr size_t most_bytes = size_t{32} << 20;

  void hold(const placed_entry& x);
  void place(slot x);
  bool front_is_due() const;

  trace_input& input_;
  predicate is_wanted_;
  std::deque<slot> held_; ///< in the order in which they will be given
  held_record given_;
  std::vector<held_record> unused_; ///< with their buffers
  size_t bytes_ = 0;
  int64_t latest_ns_ = INT64_MIN;
  uint64_t epoch_ = 0;
  bool at_end_ = false;
};

} // namespace tandem::cli
