/// The Markdown files: their links lead somewhere, the files that they name are there, and they keep to their bounds.
#include "../support/source_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace tandem_test;

namespace {

namespace fs = std::filesystem;

const fs::path top{TANDEM_SOURCE_DIR};

/// Every document of the project, and none of what was built or installed.
std::vector<source_file> documents() {
  std::vector<source_file> result;
  for (const auto& entry : fs::directory_iterator{top})
    if (entry.is_regular_file() && entry.path().extension() == ".md")
      result.push_back({entry.path().filename().string(), content_of(entry.path().filename().string())});
  for (const auto* folder : {".github", "actors", "messages", "tests", "tools"})
    for (auto& file : files_of(folder, {".md"}))
      if (file.path.find("node_modules/") == std::string::npos)
        result.push_back(std::move(file));
  return result;
}

/// Whether a line begins or ends a block of code.
bool is_fence(const std::string& line) {
  const auto begin = line.find_first_not_of(' ');
  return begin != std::string::npos && line.compare(begin, 3, "```") == 0;
}

struct numbered_line {
  int number;
  std::string text;
};

/// The lines that are not in a block of code.
std::vector<numbered_line> prose_of(const std::string& content) {
  std::vector<numbered_line> result;
  bool in_code = false;
  int number = 0;
  for (auto& line : lines_of(content)) {
    ++number;
    if (is_fence(line))
      in_code = !in_code;
    else if (!in_code)
      result.push_back({number, std::move(line)});
  }
  return result;
}

std::vector<std::string> matches_of(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> result;
  for (std::sregex_iterator i{text.begin(), text.end(), pattern}, end; i != end; ++i)
    result.push_back((*i)[1]);
  return result;
}

std::string without_code(const std::string& line) {
  return std::regex_replace(line, std::regex{"`[^`]*`"}, "");
}

/// The targets of the links in a line.
std::vector<std::string> links_in(const std::string& line) {
  static const std::regex target{R"(\]\(([^)\s]+)\))"};
  return matches_of(without_code(line), target);
}

/// The parts of a line in code type.
std::vector<std::string> code_in(const std::string& line) {
  static const std::regex code{"`([^`]+)`"};
  return matches_of(line, code);
}

/// The anchors that a code host makes of the headings: small letters, digits, and dashes for spaces.
std::set<std::string> anchors_of(const std::string& content) {
  std::set<std::string> result;
  for (const auto& line : prose_of(content)) {
    const auto text = line.text.find_first_not_of('#');
    if (text == 0 || text == std::string::npos || line.text[text] != ' ')
      continue;
    std::string anchor;
    for (const char c : line.text.substr(text + 1)) {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      else if (c == ' ')
        anchor += '-';
    }
    result.insert(anchor);
  }
  return result;
}

bool leads_out(const std::string& target) {
  return target.find("://") != std::string::npos || target.starts_with("mailto:");
}

/// Whether a link in the document at `path` leads to something in the project.
bool resolves(const std::string& path, const std::string& content, const std::string& target) {
  const auto hash = target.find('#');
  const auto file = target.substr(0, hash);
  const auto aim = file.empty() ? fs::path{path} : (fs::path{path}.parent_path() / file).lexically_normal();
  if (!file.empty() && (aim.generic_string().starts_with("..") || !fs::exists(top / aim)))
    return false;
  if (hash == std::string::npos || aim.extension() != ".md")
    return true;
  return anchors_of(file.empty() ? content : content_of(aim.generic_string())).contains(target.substr(hash + 1));
}

/// Whether code type names a file or folder of the project by its path from the top: no pattern, no command.
bool is_path(const std::string& code) {
  static const std::regex path{R"((actors|messages|tests|tools)/[A-Za-z0-9_./-]*)"};
  return std::regex_match(code, path);
}

/// Characters, not bytes, and links without their targets: these cannot be broken over lines.
size_t prose_width(const std::string& line) {
  const auto text = std::regex_replace(line, std::regex{R"(\]\([^)]*\))"}, "]");
  return static_cast<size_t>(
    std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_table(const std::string& line) {
  const auto begin = line.find_first_not_of(' ');
  return begin != std::string::npos && line[begin] == '|';
}

size_t words_in(const std::string& text) {
  std::istringstream stream{text};
  size_t result = 0;
  for (std::string word; stream >> word;)
    ++result;
  return result;
}

/// The faults in the numbers of the rules of a text: each group counts from 1 without a gap, and the number in
/// the list is that of the rule.
std::vector<std::string> numbering_faults(const std::string& text) {
  static const std::regex rule{R"((\d+)\. \*\*S-([A-Z]+)-(\d+)\.\*\*.*)"};
  std::vector<std::string> result;
  std::map<std::string, int> last;
  for (const auto& line : lines_of(text)) {
    if (line.find("**S-") == std::string::npos)
      continue;
    std::smatch match;
    if (!std::regex_match(line, match, rule))
      result.push_back("not at the beginning of an item: " + line);
    else if (match[1] != match[3] || std::stoi(match[3]) != ++last[match[2]])
      result.push_back("out of order: " + line);
  }
  return result;
}

} // namespace

TEST_CASE("documents: there are some to look at") {
  const auto all = documents();
  for (const auto* path :
       {"README.md", "actors/README.md", "actors/nodes/README.md", "messages/PROTOCOL.md", "messages/TRACE.md",
        "tests/README.md", "tools/README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"})
    CHECK_MESSAGE(std::any_of(all.begin(), all.end(), [&](const auto& x) { return x.path == path; }), path);
}

TEST_CASE("documents: every relative link leads to a file, and to a heading of it") {
  size_t links = 0;
  for (const auto& file : documents()) {
    for (const auto& line : prose_of(file.content)) {
      for (const auto& target : links_in(line.text)) {
        if (leads_out(target))
          continue;
        ++links;
        CHECK_MESSAGE(resolves(file.path, file.content, target), file.path << ":" << line.number << ": " << target);
      }
    }
  }
  CHECK(links > 50);
}

TEST_CASE("documents: a link that leads nowhere is noticed") {
  const std::string text = "# A heading, of `two`\n";
  CHECK(resolves("tests/x.md", text, "#a-heading-of-two"));
  CHECK_FALSE(resolves("tests/x.md", text, "#another"));
  CHECK(resolves("tests/x.md", text, "../README.md"));
  CHECK_FALSE(resolves("tests/x.md", text, "README.md.orig"));
  CHECK_FALSE(resolves("tests/x.md", text, "../../README.md"));
  CHECK_FALSE(resolves("tests/x.md", text, "../README.md#no-such-heading"));
  CHECK(links_in("[a](b.md), ![c](d.svg), `[e](f)`") == std::vector<std::string>{"b.md", "d.svg"});
}

TEST_CASE("documents: a path in code type names a file or folder of the project") {
  size_t paths = 0;
  for (const auto& file : documents()) {
    for (const auto& line : prose_of(file.content)) {
      for (const auto& code : code_in(line.text)) {
        if (!is_path(code))
          continue;
        ++paths;
        CHECK_MESSAGE(fs::exists(top / code), file.path << ":" << line.number << ": " << code);
      }
    }
  }
  CHECK(paths > 20);
}

TEST_CASE("documents: README.md has at most 1,000 words") {
  CHECK(words_in(content_of("README.md")) <= 1000);
}

TEST_CASE("documents: no line is wider than 120 columns, but for tables, code, and targets of links") {
  for (const auto& file : documents())
    for (const auto& line : prose_of(file.content))
      if (!is_table(line.text))
        CHECK_MESSAGE(prose_width(line.text) <= 120, file.path << ":" << line.number);
}

TEST_CASE("documents: the rules of PROTOCOL.md are numbered without a gap in each group") {
  const auto faults = numbering_faults(content_of("messages/PROTOCOL.md"));
  for (const auto& fault : faults)
    FAIL_CHECK(fault);
}

TEST_CASE("documents: a gap between rules, and a rule in the midst of a text, are noticed") {
  CHECK(numbering_faults("1. **S-A-1.** x\n2. **S-A-2.** y\n1. **S-B-1.** z\n").empty());
  CHECK(numbering_faults("1. **S-A-1.** x\n3. **S-A-3.** y\n").size() == 1);
  CHECK(numbering_faults("1. **S-A-1.** x\n3. **S-A-2.** y\n").size() == 1);
  CHECK(numbering_faults("1. **S-A-1.** x\n2. **S-A-1.** y\n").size() == 1);
  CHECK(numbering_faults("so **S-A-1.** says\n").size() == 1);
}
