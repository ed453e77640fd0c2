#include "stdin_copy.hpp"

#include "../tandem/exit_status.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <stdlib.h>
#include <unistd.h>

namespace tandem::cli {

stdin_copy::stdin_copy(const std::vector<std::string>& files) {
  if (std::find(files.begin(), files.end(), "-") == files.end())
    return;
  auto pattern = (std::filesystem::temp_directory_path() / "tandem-trace-XXXXXX").string();
  const int descriptor = mkstemp(pattern.data());
  if (descriptor < 0)
    throw user_error{"cannot make the temporary file " + pattern + ": " + std::strerror(errno)};
  close(descriptor);
  path_ = pattern;
  std::ofstream out{path_, std::ios::binary};
  if (std::cin.peek() != std::istream::traits_type::eof())
    out << std::cin.rdbuf();
  out.close();
  if (!out) {
    unlink(path_.c_str());
    throw user_error{"cannot keep standard input in the temporary file " + path_ + ": " + std::strerror(errno)};
  }
}

stdin_copy::~stdin_copy() {
  if (!path_.empty())
    unlink(path_.c_str());
}

} // namespace tandem::cli
