/// `tandem trace draw`: an operation, or those of one trace id, as a sequence diagram.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_draw_options {
  std::string operation;          ///< as operation_selector has it
  std::vector<std::string> files; ///< "-": standard input
  bool svg = false;               ///< Mermaid otherwise
  size_t most = 200;              ///< tickets, and notes; 0: all
};

/// Returns the exit status: exit_error if a file cannot be read. Throws user_error if there is no such operation, or
/// several of that name.
int trace_draw(const trace_draw_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
