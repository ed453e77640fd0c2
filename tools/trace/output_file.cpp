#include "output_file.hpp"

#include "../tandem/exit_status.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace tandem::cli {

namespace {

[[noreturn]] void fail(const std::string& path) {
  throw user_error{"cannot write " + path + ": " + std::strerror(errno != 0 ? errno : EIO)};
}

} // namespace

output_file::output_file(std::string path, const std::vector<std::string>& inputs) : path_(std::move(path)) {
  if (path_ == "-")
    return;
  std::error_code ignored;
  for (const auto& input : inputs)
    if (input != "-" && std::filesystem::equivalent(input, path_, ignored))
      throw usage_error{"--output would overwrite the trace " + input + "; name another file"};
  errno = 0;
  file_.open(path_, std::ios::binary | std::ios::trunc);
  if (!file_)
    fail(path_);
}

std::ostream& output_file::stream() {
  return path_ == "-" ? std::cout : file_;
}

void output_file::close() {
  errno = 0;
  if (path_ == "-") {
    std::cout.flush();
    if (!std::cout && errno != EPIPE && errno != 0)
      fail("standard output");
    return;
  }
  file_.close();
  if (!file_)
    fail(path_);
}

} // namespace tandem::cli
