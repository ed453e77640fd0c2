/// `tandem trace diff`: the differences between two traces of the same thing.
#pragma once

#include "../operations/operation_table.hpp"
#include "histogram.hpp"

#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tandem::cli {

/// The operations of one name at one side in numbers, without ids and times of day, which differ from run to run.
struct operation_profile {
  uint64_t operations = 0;
  std::map<std::string, uint64_t> outcomes;   ///< "no end" too
  std::map<std::string, uint64_t> kinds;      ///< "-> commencement", ...: how many tickets
  std::map<std::string, uint64_t> signatures; ///< the order of kinds each way, and the outcome: how many operations
  uint64_t payloads_to_back = 0;
  uint64_t payloads_to_front = 0;
  histogram total; ///< nanoseconds
};

/// Memory is bounded by how many operations are open at a time, and by how many names and signatures there are, of
/// which only the first thousands are told apart.
class trace_profile {
public:
  trace_profile();

  void take(const placed_entry& x);
  void finish();

  using key = std::pair<std::string, trace_side>;
  const std::map<key, operation_profile>& names() const noexcept {
    return names_;
  }

private:
  /// Kinds in a row, "continuation" any number of times being one.
  struct profiled : operation_view {
    using operation_view::operation_view;
    std::map<std::string, uint64_t> kinds;
    std::string to_back;
    std::string to_front;
    ticket_kind last_to_back{};
    ticket_kind last_to_front{};
  };

  void done(profiled& x);

  operation_table<profiled> table_;
  std::map<key, operation_profile> names_;
};

/// One difference.
struct trace_difference {
  trace_profile::key operation;
  std::string what; ///< "operations", "outcome expired", "-> continuation", "p99", ...
  std::string good;
  std::string bad;
};

/// `tolerance`: by which factor latencies may differ; zero: by any.
std::vector<trace_difference> compare(const trace_profile& good, const trace_profile& bad, double tolerance);

struct trace_diff_options {
  std::string good;
  std::string bad;
  double tolerance = 2;
  bool json = false;
  size_t columns = 0; ///< how wide the table may be; 0: as it is
};

/// Returns the exit status: exit_error if they differ or a file cannot be read.
int trace_diff(const trace_diff_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
