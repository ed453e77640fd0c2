/// Where a command writes what it makes of traces.
#pragma once

#include <fstream>
#include <iosfwd>
#include <string>
#include <vector>

namespace tandem::cli {

/// A file, or standard output for "-". Throws usage_error if the file is one of `inputs`, user_error if it cannot be
/// written.
class output_file {
public:
  output_file(std::string path, const std::vector<std::string>& inputs);

  std::ostream& stream();

  /// Hands everything to the operating system; throws user_error if that fails. A reader of standard output that has
  /// gone, such as head, is no error.
  void close();

private:
  std::string path_;
  std::ofstream file_;
};

} // namespace tandem::cli
