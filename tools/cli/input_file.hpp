/// The input of a command: a file, or standard input for "-".
#pragma once

#include <fstream>
#include <istream>
#include <string>

namespace tandem::cli {

/// The name of an input in messages: that of the file, or "standard input".
std::string name_of_input(const std::string& file);

/// "cannot read NAME: why", of a file or standard input.
std::string cannot_read(const std::string& file, int error);

class input_file {
public:
  explicit input_file(const std::string& path);

  std::istream& stream();

  bool is_standard_input() const noexcept {
    return is_standard_input_;
  }

  /// The errno of why it cannot be read, as far as that is known by now; 0 if nothing went wrong. Directories count as
  /// files that cannot be read.
  int error() const;

private:
  bool is_standard_input_;
  int open_error_ = 0;
  std::ifstream file_;
};

} // namespace tandem::cli
