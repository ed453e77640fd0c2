/// The input of a command: a file, or standard input for "-".
#pragma once

#include "unpacking_buffer.hpp"

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

/// A trace, which may be compressed.
class packed_input_file {
public:
  explicit packed_input_file(const std::string& path) : file_(path), unpacked_(*file_.stream().rdbuf()) {
  }

  std::istream& stream() noexcept {
    return stream_;
  }

  /// As of input_file.
  int error() const {
    return file_.error();
  }

  /// At the end: what is wrong with the compressed data; empty if nothing is.
  std::string problem() const {
    return unpacked_.problem();
  }

private:
  input_file file_;
  unpacking_buffer unpacked_;
  std::istream stream_{&unpacked_};
};

} // namespace tandem::cli
