/// The project's files, for tests about their text.
#pragma once

#include <string>
#include <vector>

namespace tandem_test {

struct source_file {
  std::string path; ///< from the project's directory, with slashes
  std::string content;
};

/// All files below `folder` (such as "actors") whose name ends in one of `extensions` (such as ".cpp"), by path.
std::vector<source_file> files_of(const std::string& folder, const std::vector<std::string>& extensions);

/// The content of one file, by its path from the project's directory; empty if there is no such file.
std::string content_of(const std::string& path);

/// The file's lines, without their ends.
std::vector<std::string> lines_of(const std::string& content);

} // namespace tandem_test
