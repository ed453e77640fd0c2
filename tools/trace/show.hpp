/// `tandem trace show`: traces as tables for people.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_show_options {
  std::vector<std::string> files; ///< "-": standard input
  bool json = false;
  size_t columns = 100; ///< how wide a line may be
};

/// Prints the tickets of all files to `out`, merged by the time at which they passed if there is more than one file,
/// and what is odd about the files to `notes`. Returns the exit status: exit_error if a file cannot be read; the others
/// are shown all the same.
int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes);

/// The width of the terminal that standard output is, else 100.
size_t output_columns();

} // namespace tandem::cli
