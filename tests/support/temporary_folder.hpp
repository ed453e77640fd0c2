/// A folder of a test's own, which goes with it.
#pragma once

#include <filesystem>

#include <stdlib.h>

namespace tandem_test {

struct temporary_folder {
  std::filesystem::path path = [] {
    auto name = (std::filesystem::temp_directory_path() / "tandem-XXXXXX").string();
    return std::filesystem::path{mkdtemp(name.data())};
  }();

  temporary_folder() = default;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
};

} // namespace tandem_test
