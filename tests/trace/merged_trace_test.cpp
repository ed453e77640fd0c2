/// The output of `tandem trace merge` is read as any trace: the other commands know its nodes, and their clocks.
#include "told_operations.hpp"

#include "../../tools/trace/browser/html.hpp"
#include "../../tools/trace/checking/check.hpp"
#include "../../tools/trace/exporting/export.hpp"
#include "../../tools/trace/merging/merge.hpp"
#include "../../tools/trace/telling/drawing.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

std::string merged(const std::vector<std::string>& files) {
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(trace_merge({.files = files}, out, notes) == 0);
  return out.str();
}

/// The findings, sorted, and the last line, which counts what there was.
struct check_result {
  int status;
  std::multiset<std::string> ids;
  std::string summary;
};

check_result check(const std::vector<std::string>& files) {
  std::ostringstream out;
  std::ostringstream notes;
  check_result result{trace_check({.files = files, .json = true, .shown = severity::note}, out, notes), {}, {}};
  std::istringstream lines{out.str()};
  for (std::string line; std::getline(lines, line);) {
    auto json = nlohmann::json::parse(line);
    if (json.contains("id")) {
      result.ids.insert(json["id"]);
    } else {
      json["summary"].erase("bytes");
      result.summary = json.dump();
    }
  }
  return result;
}

std::string exported(const std::vector<std::string>& files, export_format format) {
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(write_export({.files = files, .format = format}, out, notes) == 0);
  return out.str();
}

std::set<std::string> otlp_services(const std::string& text) {
  std::set<std::string> result;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    for (const auto& x : json["resourceSpans"][0]["resource"]["attributes"])
      if (x["key"] == "service.name")
        result.insert(x["value"]["stringValue"]);
  }
  return result;
}

std::set<std::string> chrome_processes(const std::string& text) {
  std::set<std::string> result;
  const auto json = nlohmann::json::parse(text);
  for (const auto& x : json["traceEvents"])
    if (x["name"] == "process_name")
      result.insert(x["args"]["name"]);
  return result;
}

/// How many lines say so of each node.
std::map<std::string, int> page_nodes(const std::vector<std::string>& files) {
  std::ostringstream out;
  std::ostringstream notes;
  CHECK(write_page_data({.files = files}, out, notes) == 0);
  std::map<std::string, int> result;
  std::istringstream lines{out.str()};
  for (std::string line; std::getline(lines, line);)
    if (const auto json = nlohmann::json::parse(line); json.contains("node"))
      ++result[json["node"]];
  return result;
}

} // namespace

TEST_CASE("merged trace: check finds what it finds in the traces that it is made of") {
  const temporary_folder folder;
  const auto direct = check(shop());
  const auto again = check({folder.file("shop", merged(shop()))});
  CHECK(again.status == 0);
  CHECK(again.ids == direct.ids);
  CHECK(again.summary == direct.summary);
  auto failing = failing_servicer();
  auto dropped = failing.back.entry(trace_event::dropped, 0, 2'100);
  dropped.operation = {};
  dropped.count = 2;
  failing.back.add(dropped);
  for (const auto& x : {crossing_expiration(), failing}) {
    const std::vector<std::string> files{folder.file("front", x.front.text()), folder.file("back", x.back.text())};
    CHECK(check({folder.file("merged", merged(files))}).ids == check(files).ids);
  }
}

TEST_CASE("merged trace: exports and the page name its nodes") {
  const temporary_folder folder;
  const std::vector<std::string> file{folder.file("merged", merged(shop()))};
  CHECK(otlp_services(exported(file, export_format::otlp)) == otlp_services(exported(shop(), export_format::otlp)));
  CHECK(chrome_processes(exported(file, export_format::chrome))
        == chrome_processes(exported(shop(), export_format::chrome)));
  std::istringstream rows{exported(file, export_format::csv)};
  std::string row;
  std::getline(rows, row);
  while (std::getline(rows, row)) {
    const auto node = row.find(',', row.find(',', row.find(',') + 1) + 1) + 1;
    CHECK(row[node] != ',');
  }
  CHECK(page_nodes(file) == page_nodes(shop()));
}

TEST_CASE("merged trace: what is told of one operation names its nodes") {
  const temporary_folder folder;
  const auto x = failing_servicer();
  const auto file
    = folder.file("merged", merged({folder.file("front", x.front.text()), folder.file("back", x.back.text())}));
  std::ostringstream notes;
  const auto read = read_operations(*operation_selector::parse("3f2a.200"), "3f2a.200", {file}, notes);
  const auto picture = make_drawing(read, 0);
  REQUIRE(picture.lifelines.size() == 2);
  CHECK(picture.lifelines[0].node == "caller/1");
  CHECK(picture.lifelines[1].node == "worker/7");
}
