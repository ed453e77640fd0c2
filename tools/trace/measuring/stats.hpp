/// `tandem trace stats`: how many operations ended how, and how long things took.
#pragma once

#include "../operations/operation_table.hpp"
#include "histogram.hpp"

#include <array>
#include <deque>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
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

  // Where the time of an operation went; nanoseconds. At the front:
  histogram at_sender;  ///< from the beginning until its first payload was sent
  histogram on_the_way; ///< that payload, to the back
  histogram way_back;   ///< the completion of the back, to the front
  // At the back:
  histogram at_receiver; ///< from when the first payload came until customer code was called with it
  histogram work;        ///< from then until the completion was sent
  // At both:
  histogram without_credit; ///< of operations that were without credit while they might have sent
};

/// How far off times of two nodes, each in a file, can be from each other; nothing: that is not known.
using clock_uncertainty = std::function<std::optional<int64_t>(size_t file, const std::string& node, size_t other_file,
                                                               const std::string& other_node)>;

/// Bounded by how many operations are open at a time, by most_names, and by most_halves.
class trace_stats {
public:
  explicit trace_stats(clock_uncertainty uncertainty = {});

  void take(const placed_entry& x);

  /// After the last entry.
  void finish();

  /// Those beyond the first most_names of a side are counted together under other_names.
  static constexpr size_t most_names = 500;

  /// Of an operation of which one side has ended, the other one is awaited until so many more have.
  static constexpr size_t most_halves = 10'000;
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

  /// How many operations are in the traces of both sides, and in how many of these the clocks are not known to agree.
  uint64_t pairs() const noexcept {
    return pairs_;
  }
  uint64_t pairs_without_clocks() const noexcept {
    return pairs_without_clocks_;
  }
  /// How far off times between the sides can be.
  int64_t uncertainty_ns() const noexcept {
    return uncertainty_ns_;
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
    std::optional<size_t> source;
    int64_t offset_ns = 0; ///< of the clock of its moments
  };

  /// One side of an operation that has ended: what passed there, and when by the common clock.
  struct half {
    trace_side side;
    size_t source;
    name_stats* stats;
    uint64_t payload_number; ///< of the first ticket with a payload to the back
    std::optional<int64_t> payload_ns;
    std::optional<int64_t> completion_ns; ///< to the front
  };

  name_stats& stats_of(const std::string& name, trace_side side);
  void place(measured& x, const placed_entry& at);
  void done(measured& x);
  void split(const measured& x, name_stats& stats);
  void pair_up(const operation_id& id, const half& x);

  operation_table<measured> table_;
  clock_uncertainty uncertainty_;
  std::map<std::pair<size_t, std::string>, size_t> source_numbers_;
  std::vector<std::pair<size_t, std::string>> sources_; ///< files and nodes
  std::map<std::pair<size_t, size_t>, std::optional<int64_t>> uncertainties_;
  std::unordered_map<operation_id, half> halves_;
  std::deque<operation_id> halves_order_;
  uint64_t pairs_ = 0;
  uint64_t pairs_without_clocks_ = 0;
  int64_t uncertainty_ns_ = 0;
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
