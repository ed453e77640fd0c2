/// The findings of `tandem trace check` about trace files, as values.
#pragma once

#include "../../tools/trace/checking/check_rules.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tandem_test {

/// A finding as the program prints it in JSON.
struct trace_finding {
  std::string id; ///< of the rule: "S-RECV-2"
  tandem::cli::severity level{};
  std::string file;
  uint64_t line = 0;        ///< 0: of the file as a whole
  std::string operation_id; ///< empty: none
  std::string text;

  /// Of the rules that ends keep, and of those that a trace keeps, it breaks one, or it is odd.
  bool is_bad() const noexcept {
    return level >= tandem::cli::severity::warning;
  }
};

/// The findings about all files together, as those of two sides belong together. A file that cannot be read, or is not
/// a trace, is a finding too: an error without an id.
std::vector<trace_finding> findings_of(const std::vector<std::filesystem::path>& files);

/// "trace.jsonl:7: S-RECV-2: received ...".
std::string to_string(const trace_finding& x);

} // namespace tandem_test
