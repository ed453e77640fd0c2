#include "output_file.hpp"

#include "exit_status.hpp"
#include "text.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace tandem::cli {

namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw user_error{"cannot write " + printable(path) + ": " + std::strerror(error != 0 ? error : EIO)};
}

} // namespace

output_file::output_file(std::string path, const std::vector<std::string>& inputs) : path_(std::move(path)) {
  if (path_ == "-")
    return;
  std::error_code ignored;
  for (const auto& input : inputs)
    if (input != "-" && std::filesystem::equivalent(input, path_, ignored))
      throw usage_error{"--output would overwrite the trace " + printable(input) + "; name another file"};
  errno = 0;
  if (file_.open(path_, std::ios::out | std::ios::binary | std::ios::trunc) == nullptr)
    fail(path_, errno);
}

std::ostream& output_file::stream() {
  return path_ == "-" ? std::cout : stream_;
}

void output_file::close() {
  if (path_ == "-") {
    std::cout.flush();
    return;
  }
  watched_.pubsync();
  errno = 0;
  const bool closed = file_.close() != nullptr;
  if (watched_.error() != 0 || !closed)
    fail(path_, watched_.error() != 0 ? watched_.error() : errno);
}

} // namespace tandem::cli
