/// `tandem trace stats`: how many operations ended how, and how long things took.
#pragma once

#include "../operations/operation_table.hpp"
#include "histogram.hpp"

#include <array>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tandem::cli {

/// One direction of the operations of one name at one side.
struct stream_stats {
  uint64_t tickets = 0;
  uint64_t payloads = 0;
  uint64_t bytes = 0;
  histogram to_first_payload; ///< from the beginning of the operation, nanoseconds
  histogram between_payloads; ///< nanoseconds
};

/// The operations of one name at one side.
struct name_stats {
  uint64_t operations = 0;
  uint64_t unended = 0; ///< whose end is not in the trace
  uint64_t refused = 0; ///< by the back
  uint64_t late = 0;    ///< tickets that passed after the end; not counted below
  std::map<outcome, uint64_t> outcomes;
  histogram total; ///< from the beginning to the end, nanoseconds
  stream_stats to_back;
  stream_stats to_front;
};

/// Bounded by how many operations are open at a time, and by most_names.
class trace_stats {
public:
  trace_stats();

  void take(const placed_entry& x);

  /// After the last entry.
  void finish();

  /// Those beyond the first most_names of a side are counted together under other_names.
  static constexpr size_t most_names = 500;
  static const std::string other_names;

  using key = std::pair<std::string, trace_side>;
  const std::map<key, std::unique_ptr<name_stats>>& names() const noexcept {
    return names_;
  }

  uint64_t records() const noexcept {
    return records_;
  }
  uint64_t tickets() const noexcept {
    return tickets_;
  }
  /// Tickets that came so long after the end of their operation that it is not known any more.
  uint64_t long_late() const noexcept {
    return long_late_;
  }
  /// Left out by the recorder, as its `dropped` records say.
  uint64_t dropped() const noexcept {
    return dropped_;
  }

  /// Of the first and the last record, by the wall clock; zero if there are none.
  int64_t first_wall_ns() const noexcept {
    return records_ == 0 ? 0 : first_wall_ns_;
  }
  int64_t last_wall_ns() const noexcept {
    return records_ == 0 ? 0 : last_wall_ns_;
  }

private:
  struct measured : operation_view {
    using operation_view::operation_view;
    name_stats* stats = nullptr; ///< once its name is known
  };

  name_stats& stats_of(const std::string& name, trace_side side);
  void done(measured& x);

  operation_table<measured> table_;
  std::map<key, std::unique_ptr<name_stats>> names_;
  std::array<size_t, 2> names_of_side_{};
  uint64_t records_ = 0;
  uint64_t tickets_ = 0;
  uint64_t long_late_ = 0;
  uint64_t dropped_ = 0;
  int64_t first_wall_ns_ = INT64_MAX;
  int64_t last_wall_ns_ = INT64_MIN;
};

/// For people; `source` names the input. Tables that are wider than `columns` are broken into several.
void write_stats(const trace_stats& stats, const std::string& source, std::ostream& out, size_t columns = 0);

/// One JSON document.
void write_stats_json(const trace_stats& stats, uint64_t bytes, std::ostream& out);

struct trace_stats_options {
  std::vector<std::string> files;
  bool json = false;
  size_t columns = 0; ///< how wide the tables may be; 0: as they are
};

/// Returns the exit status: exit_error if a file cannot be read; the others are counted all the same.
int trace_stats_of(const trace_stats_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
