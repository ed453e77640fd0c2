/// A folder of a test's own, which goes with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

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

  std::string file(const std::string& name) const {
    return (path / name).string();
  }

  /// Makes a file with this content; its path.
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream{path / name, std::ios::binary} << content;
    return file(name);
  }
};

} // namespace tandem_test
