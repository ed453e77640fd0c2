/// `tandem trace explain`: why an operation ended as it did.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_explain_options {
  std::string operation;          ///< as operation_selector has it
  std::vector<std::string> files; ///< "-": standard input
  bool json = false;
};

/// Returns the exit status: exit_error if a file cannot be read. Throws user_error if there is no such operation, or
/// several of that name.
int trace_explain(const trace_explain_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
