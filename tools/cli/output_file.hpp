/// The output of a command: a file, or standard output for "-".
#pragma once

#include "standard_output.hpp"

#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace tandem::cli {

/// A file, or standard output for "-". Throws usage_error if the file is one of `inputs`, user_error if it cannot be
/// written.
class output_file {
public:
  output_file(std::string path, const std::vector<std::string>& inputs);

  std::ostream& stream();

  /// Hands everything to the operating system; throws user_error if a file does not take it. Failures of
  /// standard output are reported by output_watch.
  void close();

private:
  std::string path_;
  std::filebuf file_;
  watched_buffer watched_{file_};
  std::ostream stream_{&watched_};
};

} // namespace tandem::cli
