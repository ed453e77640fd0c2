#include "input_file.hpp"

#include "text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace tandem::cli {

namespace {

constexpr const char* standard_input = "-";

} // namespace

std::string name_of_input(const std::string& file) {
  return file == standard_input ? "standard input" : file;
}

std::string cannot_read(const std::string& file, int error) {
  return "cannot read " + printable(name_of_input(file)) + ": " + std::strerror(error);
}

input_file::input_file(const std::string& path) : is_standard_input_(path == standard_input) {
  if (is_standard_input_)
    return;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    open_error_ = EISDIR;
    return;
  }
  errno = 0;
  file_.open(path, std::ios::binary);
  if (!file_)
    open_error_ = errno != 0 ? errno : EIO;
}

std::istream& input_file::stream() {
  return is_standard_input_ ? std::cin : file_;
}

int input_file::error() const {
  if (!is_standard_input_)
    return open_error_;
  if (std::ferror(stdin) == 0)
    return 0;
  return errno != 0 ? errno : EIO;
}

} // namespace tandem::cli
