/// The rules of a trace as a file: its header, the numbers of its records, its rotated parts.
#pragma once

#include "../reading/trace_input.hpp"
#include "check_rules.hpp"
#include "checked_side.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tandem::cli {

/// A `lost` record.
struct lost_link {
  int64_t wall_ns;
  std::string details;
};

/// One run of a recording, over all its parts; or one node's records in a merged trace.
struct checked_run {
  uint32_t index = 0;
  std::optional<trace_header> header; ///< of the part that is being read
  std::optional<uint64_t> next;       ///< the record number that comes next, if that is known
  uint64_t gaps = 0;                  ///< how often records were missing: earlier knowledge may be wrong then
  uint64_t left_out = 0;              ///< in a merged trace: how often the node says so; the others are the trace's
  bool other_link = false;            ///< it has records of another link than its header names
  std::string filter;                 ///< the expression by which records were left out; empty: none
  std::string node;                   ///< that recorded it; empty: not known
  size_t file = 0;
  std::vector<lost_link> losses;   ///< the first of them
  std::vector<int64_t> dropped_ns; ///< when it said that records were left out, sorted: the first times
  std::array<int64_t, 2> last_wall_ns{INT64_MIN, INT64_MIN}; ///< of each side, by the common clock
  int64_t last_monotonic_ns = INT64_MIN;

  /// Whether a record of then may be among those that the recorder left out. It says so with the next batch that it
  /// writes, which may take a while, in front of records that are a little older.
  bool may_have_dropped(int64_t wall_ns, int64_t slack_ns = 0) const noexcept;

  bool manual_clock() const noexcept {
    return header && header->clock == "manual";
  }
};

/// Finds the run of each record, and checks the record's place in it.
class run_checker {
public:
  /// A record, and how often its file had a header, an unreadable line and a record of an unknown event so far.
  struct place {
    uint64_t headers = 0;
    uint64_t broken = 0;
    uint64_t skipped = 0;
  };

  /// The run of a record; null if the record was there before, and must not be looked at again. Calls `report` for each
  /// fault.
  checked_run* take(const placed_entry& x, const place& at, const report_function& report);

  const checked_run& run(size_t index) const {
    return runs_[index];
  }

private:
  /// More losses of one run are not told apart: none of them is believed to have been the one.
  static constexpr size_t most_losses = 100'000;

  struct file_state {
    checked_run* run = nullptr;
    place before;
    std::unordered_map<std::string, checked_run*> nodes; ///< of a merged trace
  };

  checked_run& run_of_key(const std::string& key);
  checked_run& run_of_node(file_state& file, const std::string& node);
  void begin_part(file_state& file, const placed_entry& x, const report_function& report);
  bool check_number(checked_run& run, const trace_entry& x, uint64_t excused, bool harmless,
                    const report_function& report);

  std::deque<checked_run> runs_;
  std::unordered_map<std::string, size_t> by_key_;
  std::vector<file_state> files_;
};

} // namespace tandem::cli
