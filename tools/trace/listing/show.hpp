/// `tandem trace show`: traces as tables for people.
#pragma once

#include "../../cli/terminal.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_show_options {
  std::vector<std::string> files; ///< "-": standard input
  bool json = false;
  size_t columns = 100; ///< how wide a line may be
  bool color = false;
};

/// Prints the records of all files to `out`, as they are read: merged by the time at which they were written if there
/// is more than one file, offsets between their clocks estimated. Oddities of the files go to `notes`. Returns
/// the exit status: exit_error if a file cannot be read; the others are shown all the same.
int trace_show(const trace_show_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
