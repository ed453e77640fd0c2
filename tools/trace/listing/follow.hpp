/// `tandem trace follow`: everything about one operation, and those that it brought about.
#pragma once

#include "../operations/operation_tree.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

struct trace_follow_options {
  std::string target; ///< as it was given
  std::vector<std::string> files;
  bool json = false;
  size_t columns = 100;
  bool color = false;
};

/// Returns the exit status: exit_error if a file cannot be read; the others are looked at all the same. Throws
/// usage_error if `target` makes no sense, user_error if it is not there or more than one operation.
int trace_follow(const trace_follow_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
