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
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tandem::cli {

class record_window {
public:
  using predicate = std::function<bool(const placed_entry&)>;

  /// Both predicates are asked of each record in the order of the input; none: all.
  struct choice {
    predicate is_wanted = {}; ///< it passes over the others
    predicate is_given = {};  ///< of those that are wanted; the others only keep their places among them
    bool keeps_lines = true;  ///< else the lines of records are empty
  };

  /// `input` must outlive it.
  record_window(trace_input& input, choice how) : input_(input), how_(std::move(how)) {
  }
  explicit record_window(trace_input& input) : record_window(input, choice{}) {
  }

  /// The next record, good until the next call; null at the end.
  const placed_entry* next();

  /// Records are farther out of order only if a clock jumped.
  static constexpr int64_t width_ns = 100'000'000;

private:
  struct held {
    placed_entry placed;
    std::unique_ptr<trace_entry> entry;
    std::string line;
    std::shared_ptr<const trace_header> header;
  };
  using held_record = std::unique_ptr<held>;

  struct slot {
    int64_t key = 0;    ///< its time, or that of the record of its operation in front of it
    uint64_t epoch = 0; ///< how often the clock had jumped back
    held_record record; ///< null: it will not be given
    size_t bytes = 0;   ///< of its line
    // Which others it must not pass.
    size_t file = 0;
    uint64_t run = 0;
    std::optional<operation_id> operation = std::nullopt;
    trace_side side = trace_side::front;
  };

  /// What is kept is bounded by these, whatever times a trace has.
  static constexpr size_t most_records = 4096;
  static constexpr size_t most_bytes = size_t{32} << 20;

  void take(const placed_entry& x);
  held_record hold(const placed_entry& x);
  void place(slot x);
  bool front_is_due() const;

  trace_input& input_;
  choice how_;
  std::deque<slot> held_; ///< in the order in which they will be given
  held_record given_;
  std::vector<held_record> unused_; ///< with their buffers
  size_t bytes_ = 0;
  int64_t latest_ns_ = INT64_MIN;
  uint64_t epoch_ = 0;
  bool at_end_ = false;
};

} // namespace tandem::cli
