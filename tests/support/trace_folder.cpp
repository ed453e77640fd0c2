#include "trace_folder.hpp"
#include "trace_findings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>

namespace tandem_test {

namespace fs = std::filesystem;

namespace {

/// The test case that is running, as part of a file's name, and a number of its own.
std::string name_for_this() {
  static std::atomic<int> count{0};
  std::string result = std::to_string(count++) + "-";
  for (const char* x = doctest::getContextOptions()->currentTest->m_name; *x != '\0' && result.size() < 80; ++x)
    result += std::isalnum(static_cast<unsigned char>(*x)) ? *x : '_';
  return result;
}

/// Findings that are not expected, a line each; and in `lacking` expected ones that are not there.
std::string unexpected(const std::vector<trace_finding>& all, const std::set<std::string>& expected,
                       std::set<std::string>& lacking) {
  std::string result;
  for (const auto& x : all) {
    lacking.erase(x.id);
    if (x.is_bad() && !expected.contains(x.id))
      result += to_string(x) + '\n';
  }
  return result;
}

} // namespace

void keep(const std::vector<fs::path>& files) {
  const auto name = name_for_this();
  fs::create_directories(kept_traces());
  for (const auto& x : files)
    fs::copy_file(x, kept_traces() / (name + "." + x.filename().string()), fs::copy_options::overwrite_existing);
}

fs::path kept_traces() {
  return fs::path{TANDEM_BINARY_DIR} / "traces" / fs::read_symlink("/proc/self/exe").filename();
}

std::vector<fs::path> traces_in(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& x : fs::directory_iterator{folder})
    if (x.is_regular_file() && x.path().filename().string().find(".jsonl") != std::string::npos)
      result.push_back(x.path());
  std::sort(result.begin(), result.end());
  return result;
}

void trace_folder::add(const std::string& name, const std::string& text) const {
  fs::create_directory(path / name);
  std::ofstream{path / name / (name + ".jsonl"), std::ios::binary} << text;
}

trace_folder::~trace_folder() {
  std::vector<fs::path> folders{path};
  for (const auto& x : fs::directory_iterator{path})
    if (x.is_directory())
      folders.push_back(x.path());
  auto lacking = expected_;
  std::string found;
  for (const auto& folder : folders) {
    const auto files = traces_in(folder);
    if (files.empty())
      continue;
    if (!made_up_)
      found += unexpected(findings_of(files), expected_, lacking);
    keep(files);
  }
  CHECK_MESSAGE(found.empty(), "tandem trace check finds in the traces of this test:\n" << found);
  for (const auto& x : lacking)
    FAIL_CHECK("tandem trace check should find that this test breaks " << x);
}

} // namespace tandem_test
