#include "source_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem_test {

namespace {

namespace fs = std::filesystem;

const fs::path root{TANDEM_SOURCE_DIR};

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream result;
  result << file.rdbuf();
  return result.str();
}

} // namespace

std::vector<source_file> files_of(const std::string& folder, const std::vector<std::string>& extensions) {
  std::vector<source_file> result;
  if (!fs::is_directory(root / folder))
    return result;
  for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
    const auto extension = entry.path().extension().string();
    if (entry.is_regular_file() && std::ranges::find(extensions, extension) != extensions.end())
      result.push_back({entry.path().lexically_relative(root).generic_string(), read(entry.path())});
  }
  std::ranges::sort(result, {}, &source_file::path);
  return result;
}

std::string content_of(const std::string& path) {
  return read(root / path);
}

std::vector<std::string> lines_of(const std::string& content) {
  std::vector<std::string> result;
  std::istringstream stream{content};
  for (std::string line; std::getline(stream, line);)
    result.push_back(line);
  return result;
}

} // namespace tandem_test
