/// The architecture as a table: which folder may include which. A line that is not here is an arrow that nobody drew.
#include "../support/source_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace tandem_test;

namespace {

namespace fs = std::filesystem;

using rooms = std::set<std::string>;

/// Each folder, and those that it may include beside itself. From the ground up.
const std::map<std::string, rooms> allowed{
  // The vocabulary.
  {"messages/caf", {}},
  {"messages", {"messages/caf"}},
  {"messages/json", {"messages", "messages/caf"}},
  {"messages/trace", {"messages", "messages/caf", "messages/json"}},
  // The rules; where and when things run; what CAF and links are to both.
  {"actors/core", {"messages"}},
  {"actors/execution", {"messages"}},
  {"actors/compat", {"messages/caf"}},
  {"actors/links", {"actors/compat", "actors/execution", "messages"}},
  {"actors/tracing",
   {"actors/compat", "actors/execution", "actors/links", "messages", "messages/caf", "messages/json",
    "messages/trace"}},
  // The face: what users include.
  {"actors", {"actors/compat", "actors/execution", "actors/links", "actors/tracing", "messages", "messages/json"}},
  // The folders behind it and beside it.
  {"actors/ends",
   {"actors", "actors/compat", "actors/core", "actors/execution", "actors/links", "actors/tracing", "messages",
    "messages/caf", "messages/json"}},
  {"actors/testing", {"actors", "actors/ends", "actors/execution", "actors/links", "messages/json"}},
  {"actors/nodes",
   {"actors", "actors/compat", "actors/links", "actors/nodes/network", "actors/nodes/session", "actors/nodes/tls",
    "messages"}},
  {"actors/nodes/session",
   {"actors/core", "actors/execution", "actors/links", "actors/nodes", "actors/nodes/network", "messages"}},
  {"actors/nodes/network",
   {"actors", "actors/core", "actors/execution", "actors/links", "actors/nodes", "actors/nodes/session",
    "actors/nodes/tls", "messages"}},
  {"actors/nodes/tls", {"actors", "actors/compat"}},
  {"actors/cluster", {"actors", "actors/compat", "actors/execution", "actors/links", "messages", "messages/caf"}},
  {"actors/replay",
   {"actors", "actors/compat", "actors/ends", "actors/execution", "actors/testing", "messages", "messages/trace"}},
  // The programs.
  {"tools/certificates", {"actors/nodes/tls"}},
  // The folder that all commands share.
  {"tools/cli", {"messages", "messages/json", "messages/trace"}},
  // `tandem trace`: files, what they tell of operations, and what commands make of it.
  {"tools/trace/reading", {"messages/trace", "tools/cli"}},
  {"tools/trace/operations",
   {"actors/core", "messages", "messages/json", "messages/trace", "tools/cli", "tools/trace/reading"}},
  {"tools/trace/merging", {"messages/json", "messages/trace", "tools/cli", "tools/trace/reading"}},
  {"tools/trace/checking",
   {"actors/core", "messages", "messages/json", "messages/trace", "tools/cli", "tools/trace/reading"}},
  {"tools/trace/filtering",
   {"messages/json", "messages/trace", "tools/cli", "tools/trace/merging", "tools/trace/operations",
    "tools/trace/reading"}},
  {"tools/trace/listing", {"messages", "messages/json", "tools/cli", "tools/trace/operations", "tools/trace/reading"}},
  {"tools/trace/measuring", {"messages/json", "tools/cli", "tools/trace/operations", "tools/trace/reading"}},
  {"tools/trace/telling", {"messages", "messages/json", "tools/cli", "tools/trace/operations", "tools/trace/reading"}},
  {"tools/trace/exporting",
   {"messages", "messages/json", "tools/cli", "tools/trace/operations", "tools/trace/reading"}},
  {"tools/trace/browser", {"messages/json", "tools/cli", "tools/trace/operations", "tools/trace/reading"}},
  {"tools/trace/commands",
   {"tools/cli", "tools/trace/browser", "tools/trace/checking", "tools/trace/exporting", "tools/trace/filtering",
    "tools/trace/listing", "tools/trace/measuring", "tools/trace/merging", "tools/trace/telling"}},
  // Commands that talk to nodes, and the program that has all of them.
  {"tools/tandem",
   {"actors", "actors/cluster", "actors/compat", "actors/links", "actors/nodes", "actors/replay", "actors/testing",
    "actors/tracing", "messages", "messages/json", "tools/cli"}},
  {"tools/program", {"actors", "tools/cli", "tools/tandem", "tools/trace/commands"}},
  {"tools/hard_times", {"actors", "actors/nodes", "actors/nodes/tls", "messages", "tools/certificates"}},
  {"tools/bench", {"tools/bench/ours", "tools/certificates"}},
  {"tools/bench/traces", {"messages", "messages/json", "messages/trace", "tools/cli", "tools/trace/commands"}},
  {"tools/bench/baselines", {"actors/compat", "messages/caf"}},
  {"tools/bench/ours", {"actors", "actors/nodes", "actors/nodes/tls", "actors/testing", "tools/bench/baselines"}},
};

/// The two files that put the others together: the header of headers, and the configuration that has all options.
bool is_sum(const std::string& path) {
  return path == "actors/all.hpp" || path == "actors/system.cpp";
}

std::string folder_of(const std::string& path) {
  return fs::path{path}.parent_path().generic_string();
}

/// The files of ours that a file of ours includes, by path from the project's directory.
std::vector<std::string> included_by(const source_file& file) {
  std::vector<std::string> result;
  for (const auto& line : lines_of(file.content)) {
    const auto hash = line.find_first_not_of(' ');
    if (hash == std::string::npos || line[hash] != '#')
      continue;
    const auto word = line.find("include \"", hash);
    if (word == std::string::npos)
      continue;
    const auto begin = line.find('"') + 1;
    const auto path = line.substr(begin, line.find('"', begin) - begin);
    result.push_back((fs::path{file.path}.parent_path() / path).lexically_normal().generic_string());
  }
  return result;
}

std::vector<source_file> sources_of(const std::vector<std::string>& folders) {
  std::vector<source_file> result;
  for (const auto& folder : folders)
    for (auto& file : files_of(folder, {".cpp", ".hpp"}))
      result.push_back(std::move(file));
  return result;
}

/// What a header includes in angle brackets, itself or by those of ours that it includes.
std::set<std::string> foreign_headers_of(const std::string& header) {
  std::set<std::string> seen{header};
  std::vector<std::string> open{header};
  std::set<std::string> result;
  while (!open.empty()) {
    const source_file file{open.back(), content_of(open.back())};
    open.pop_back();
    for (const auto& path : included_by(file))
      if (seen.insert(path).second)
        open.push_back(path);
    for (const auto& line : lines_of(file.content))
      if (const auto begin = line.find("include <"); begin != std::string::npos && line.front() == '#')
        result.insert(line.substr(begin + 9, line.find('>') - begin - 9));
  }
  return result;
}

/// A header and its source are one unit.
std::string unit_of(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

} // namespace

TEST_CASE("structure: every folder of sources is in the table") {
  rooms found;
  for (const auto& file : sources_of({"actors", "messages", "tools"}))
    found.insert(folder_of(file.path));
  rooms known;
  for (const auto& [folder, others] : allowed)
    known.insert(folder);
  CHECK(found == known);
}

TEST_CASE("structure: a folder includes those that the table names, and no others") {
  for (const auto& file : sources_of({"actors", "messages", "tools"})) {
    if (is_sum(file.path))
      continue;
    const auto from = folder_of(file.path);
    for (const auto& path : included_by(file)) {
      const auto to = folder_of(path);
      CHECK_MESSAGE((to == from || allowed.at(from).contains(to)), file.path << " includes " << path);
    }
  }
}

TEST_CASE("structure: an edge that nobody uses is not in the table") {
  std::map<std::string, rooms> used;
  for (const auto& file : sources_of({"actors", "messages", "tools"}))
    for (const auto& path : included_by(file))
      used[folder_of(file.path)].insert(folder_of(path));
  for (const auto& row : allowed)
    for (const auto& to : row.second)
      CHECK_MESSAGE(used[row.first].contains(to), row.first << " does not include " << to);
}

TEST_CASE("structure: an include names a file, as seen from the one that includes it") {
  std::set<std::string> files;
  const auto all = sources_of({"actors", "messages", "tests", "tools"});
  for (const auto& file : all)
    files.insert(file.path);
  for (const auto& file : all) {
    for (const auto& path : included_by(file))
      CHECK_MESSAGE(files.contains(path), file.path << " includes " << path);
    if (!file.path.starts_with("tests/install/"))
      CHECK_MESSAGE(file.content.find("#include <tandem"
                                      "/")
                      == std::string::npos,
                    file.path);
  }
}

TEST_CASE("structure: no unit includes itself by way of others") {
  std::map<std::string, std::set<std::string>> uses;
  for (const auto& file : sources_of({"actors", "messages", "tools"}))
    for (const auto& path : included_by(file))
      if (unit_of(path) != unit_of(file.path))
        uses[unit_of(file.path)].insert(unit_of(path));
  std::set<std::string> done;
  std::vector<std::string> way;
  std::function<void(const std::string&)> visit = [&](const std::string& unit) {
    if (const auto again = std::find(way.begin(), way.end(), unit); again != way.end()) {
      std::string cycle;
      for (auto i = again; i != way.end(); ++i)
        cycle += *i + " -> ";
      FAIL_CHECK(cycle << unit);
      return;
    }
    if (done.contains(unit))
      return;
    way.push_back(unit);
    for (const auto& next : uses[unit])
      visit(next);
    way.pop_back();
    done.insert(unit);
  };
  for (const auto& [unit, others] : std::map{uses})
    visit(unit);
}

TEST_CASE("structure: who includes an end, or what it is given, compiles no JSON") {
  for (const auto* header :
       {"actors/front_end.hpp", "actors/back_end.hpp", "actors/interfaces.hpp", "actors/servicer.hpp",
        "actors/retry.hpp", "actors/nodes/publish.hpp", "actors/nodes/connect.hpp", "actors/links/balanced_link.hpp"}) {
    const auto found = foreign_headers_of(header);
    CHECK(found.contains("caf/actor.hpp"));
    for (const auto& name : found)
      CHECK_MESSAGE(name.find("nlohmann") == std::string::npos, header << " includes " << name);
  }
}
