/// `tandem trace check`: compares traces with the rules of PROTOCOL.md and TRACE.md.
#pragma once

#include "check_rules.hpp"

#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

inline constexpr uint64_t usual_most_of_a_rule = 20;

struct trace_check_options {
  std::vector<std::string> files; ///< "-": standard input
  bool json = false;
  bool all = false;                   ///< print also what follows from a finding that is printed
  severity shown = severity::warning; ///< findings of at least this are printed
  severity failing = severity::error; ///< findings of at least this make the exit status 1
  /// More findings of one rule are counted only. 0: no limit; nothing: the usual one, and none in JSON.
  std::optional<uint64_t> most_of_a_rule = {};
};

/// How many findings there are.
struct check_summary {
  uint64_t records = 0;
  uint64_t operations = 0;
  uint64_t bytes = 0;
  std::array<uint64_t, 3> by_severity{}; ///< findings, shown or not
};

/// Prints the findings to `out`, and after them a summary; errors of reading go to `notes`. Returns the exit status:
/// exit_error if a file cannot be read, or if a finding is bad enough.
int trace_check(const trace_check_options& options, std::ostream& out, std::ostream& notes);

/// Prints all rules with their ids.
int trace_check_rules(bool json, std::ostream& out);

} // namespace tandem::cli
