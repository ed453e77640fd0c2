/// Style that can be checked is checked here.
#include "../support/source_files.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tandem_test;

namespace {

const std::vector<std::string> sources{".cpp", ".hpp"};

/// Everything of ours that is C++.
std::vector<source_file> all_sources() {
  std::vector<source_file> result;
  for (const auto* folder : {"actors", "messages", "tests", "tools"})
    for (auto& file : files_of(folder, sources))
      result.push_back(std::move(file));
  return result;
}

/// The header that a line includes, such as "<vector>"; empty if it includes none.
std::string included_by(const std::string& line) {
  const auto hash = line.find_first_not_of(' ');
  if (hash == std::string::npos || line[hash] != '#')
    return {};
  const auto word = line.find_first_not_of(' ', hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0)
    return {};
  const auto begin = line.find_first_of("<\"", word);
  if (begin == std::string::npos)
    return {};
  return line.substr(begin, line.find_first_of(">\"", begin + 1) - begin + 1);
}

/// Characters, not bytes.
size_t width_of(const std::string& line) {
  size_t result = 0;
  for (char c : line)
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80)
      ++result;
  return result;
}

} // namespace

TEST_CASE("tidy: there are files to look at") {
  CHECK(files_of("actors", sources).size() > 10);
  CHECK(files_of("messages", sources).size() > 10);
  CHECK(files_of("tests", sources).size() > 10);
}

TEST_CASE("tidy: the core knows nothing of CAF") {
  for (const auto& file : files_of("actors/core", sources)) {
    for (const auto& line : lines_of(file.content)) {
      const auto what = included_by(line);
      if (what.empty() || what.front() == '"')
        continue;
      // Standard headers have neither a folder nor an ending.
      CHECK_MESSAGE(what.find_first_of("/.") == std::string::npos, file.path << " includes " << what);
    }
  }
}

TEST_CASE("tidy: only the compatibility layer knows which CAF this is") {
  // Written in two parts, so that this file does not contain them.
  const std::vector<std::string> forbidden{"CAF_"
                                           "VERSION",
                                           "TANDEM_"
                                           "CAF_17"};
  for (const auto& file : all_sources()) {
    if (file.path.starts_with("actors/compat/") || file.path.starts_with("messages/caf/"))
      continue;
    for (const auto& word : forbidden)
      CHECK_MESSAGE(file.content.find(word) == std::string::npos, file.path << " mentions " << word);
  }
}

TEST_CASE("tidy: no line is wider than 120 columns, and none ends in white space") {
  auto files = all_sources();
  for (auto& model : files_of("tests", {".pml"}))
    files.push_back(std::move(model));
  for (const auto& file : files) {
    int number = 0;
    for (const auto& line : lines_of(file.content)) {
      ++number;
      CHECK_MESSAGE(width_of(line) <= 120, file.path << ":" << number);
      CHECK_MESSAGE((line.empty() || (line.back() != ' ' && line.back() != '\t' && line.back() != '\r')),
                    file.path << ":" << number);
    }
  }
}

TEST_CASE("tidy: no file of the actors and the messages is longer than 500 lines") {
  for (const auto* folder : {"actors", "messages"})
    for (const auto& file : files_of(folder, sources))
      CHECK_MESSAGE(lines_of(file.content).size() <= 500, file.path);
}

TEST_CASE("tidy: no test waits by sleeping") {
  const std::vector<std::string> forbidden{"sleep_"
                                           "for",
                                           "sleep_"
                                           "until"};
  for (const auto& file : files_of("tests", sources))
    for (const auto& word : forbidden)
      CHECK_MESSAGE(file.content.find(word) == std::string::npos, file.path << " mentions " << word);
}

TEST_CASE("tidy: the README shows the program that the install test builds and runs") {
  const auto program = content_of("tests/install/main.cpp");
  REQUIRE(!program.empty());
  CHECK(content_of("README.md").find("```cpp\n" + program + "```\n") != std::string::npos);
}
