/// `tandem trace filter`: the records of a trace for which an expression holds, as a trace.
#pragma once

#include "../reading/prepared_trace.hpp"
#include "expression.hpp"

#include <array>
#include <iosfwd>
#include <string>
#include <unordered_map>
#include <vector>

namespace tandem::cli {

/// Decides which records an expression selects. If it asks for operations, all records are to be shown to `look` first;
/// then memory grows with the operations that match, not with the others.
class record_filter {
public:
  explicit record_filter(const expression& wanted) : wanted_(wanted) {
  }

  /// The first pass, for expressions that ask for operations.
  void look(const prepared_trace& trace);

  bool selects(const placed_entry& x);

private:
  /// The results of an expression's comparisons for the two sides of an operation.
  struct both_answers {
    std::array<uint64_t, 2> of_side{};
    std::array<bool, 2> is_there{};
  };

  const expression& wanted_;
  std::unordered_map<operation_id, both_answers> operations_; ///< that match, or depend on their records
  std::optional<int64_t> zero_wall_ns_;
};

struct trace_filter_options {
  std::string expression;
  std::vector<std::string> files;
};

/// Returns the exit status: exit_error if a file cannot be read; the others are filtered all the same. Throws
/// usage_error if the expression makes no sense.
int trace_filter(const trace_filter_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
