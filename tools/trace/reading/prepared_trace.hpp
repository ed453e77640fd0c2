/// What every command of `tandem trace` reads: the records of one or several files as one sequence, the clocks of the
/// files aligned, in the order of the corrected times, and with what is known of records that are missing.
///
///     prepared_trace trace{options.files, notes};
///     while (const auto* x = trace.next())
///       ... x->entry, x->wall_ns ...
///     return trace.finish();
///
/// Several files are read twice, and any that is not a regular file is kept in a temporary one for that.
#pragma once

#include "clock_offsets.hpp"
#include "record_window.hpp"
#include "stream_copies.hpp"
#include "trace_input.hpp"
#include "trace_lacks.hpp"

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tandem::cli {

struct preparation {
  bool aligned = true;      ///< several files: estimate how far their clocks are apart, and correct them
  bool in_order = true;     ///< else: each file as it was written
  bool repeated = false;    ///< look_through() will be called
  bool finds_lacks = false; ///< for lacks()
};

class prepared_trace {
public:
  prepared_trace(std::vector<std::string> files, std::ostream& notes, const preparation& how = {});
  prepared_trace(const prepared_trace&) = delete;
  prepared_trace& operator=(const prepared_trace&) = delete;

  /// The next record, good until the next call; null at the end. Its wall_ns is by the common clock.
  const placed_entry* next();

  /// next() gives only those records of which `is_wanted` says so, which it asks of all, in the order of each file. To
  /// be called before next().
  void select(record_window::predicate is_wanted) {
    is_wanted_ = std::move(is_wanted);
  }

  /// The same for records that are put in order: these come exactly as they would among all the others, which cost
  /// little.
  void give_only(record_window::predicate is_given) {
    is_given_ = std::move(is_given);
  }

  /// Calls `take` for every record, in the order of next() or, if that does not matter, faster: in that of each file.
  /// Without lines it is faster still; then those of the records may be empty.
  template <class Take>
  void look_through(Take take, bool in_order, bool with_lines = true) const {
    std::ostream nowhere{nullptr}; // what is odd is told once
    trace_input input{input_.files(), nowhere, input_.copies()};
    align(input);
    record_window window{input, {.keeps_lines = with_lines}};
    while (const auto* x = in_order && how_.in_order ? window.next() : input.next())
      take(*x);
  }

  /// How the clocks were corrected.
  const clock_estimates& clocks() const noexcept {
    return clocks_;
  }

  /// How far off times of these two files, or nodes of a merged trace, can be from each other; nothing if nobody knows
  /// how their clocks are related.
  std::optional<int64_t> uncertainty_ns(size_t file, const std::string& node, size_t other_file,
                                        const std::string& other_node) const;

  /// By how much the tickets contradict each other by which the clocks of these two are known; 0: not at all.
  int64_t contradiction_ns(size_t file, const std::string& node, size_t other_file,
                           const std::string& other_node) const;

  /// The nodes that the first headers of the files name, those of merged traces too.
  const std::set<std::string>& nodes() const noexcept {
    return nodes_;
  }

  /// What is missing, also of records that are not selected; complete when next() has given null.
  const trace_lacks& lacks() const noexcept {
    return lacks_;
  }

  const trace_input& input() const noexcept {
    return input_;
  }

  /// Writes notes about clocks that are not known to agree with the first one.
  void write_clock_notes();

  /// As trace_input::finish().
  int finish() {
    return input_.finish();
  }

private:
  /// The clock of a node in a merged trace.
  struct merged_clock {
    int64_t offset_ns = 0;
    std::optional<int64_t> uncertainty_ns;
  };
  using merged_clocks = std::map<std::string, merged_clock>;

  static merged_clocks merged_clocks_of(const trace_header* header);
  void align(trace_input& input) const;
  bool see(const placed_entry& x);
  bool are_one_clock(size_t file, const std::string& node, size_t other_file, const std::string& other_node) const;
  std::optional<int64_t> uncertainty_of(size_t file, const std::string& node) const;

  preparation how_;
  std::ostream& notes_;
  stream_copies copies_;
  trace_input input_;
  record_window window_;
  record_window::predicate is_wanted_;
  record_window::predicate is_given_;
  clock_estimates clocks_;
  std::set<std::string> nodes_;
  std::vector<merged_clocks> merged_; ///< by file; empty: it is no merged trace
  trace_lacks lacks_;
};

} // namespace tandem::cli
