#include "scenario_traces.hpp"

#include "../../support/trace_findings.hpp"

#include <fstream>
#include <utility>

namespace tandem::conformance {

namespace fs = std::filesystem;

namespace {

std::vector<scenario_finding> findings_in(const std::vector<fs::path>& files) {
  std::vector<scenario_finding> result;
  for (auto& x : tandem_test::findings_of(files))
    result.push_back({x.id, x.is_bad(), x.text, to_string(x)});
  return result;
}

std::string content_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

scenario_traces::scenario_traces(fs::path keep, std::string way) : keep_(std::move(keep)), way_(std::move(way)) {
  if (keep_.empty())
    return;
  fs::create_directories(keep_);
  for (const auto* name : {"front", "back", "flight-front", "flight-back"})
    fs::remove(keep_ / (way_ + "-" + name + ".jsonl"));
}

std::string scenario_traces::file_of(const std::string& side) const {
  return (folder_.path / side).string() + ".jsonl";
}

void scenario_traces::start(front_end* front, back_end* back) {
  for (const auto* name : {"front", "back", "flight-front", "flight-back"})
    fs::remove(file_of(name));
  if (front != nullptr)
    front->recorder().start({.file = file_of("front"), .consumption = true});
  if (back != nullptr)
    back->recorder().start({.file = file_of("back"), .consumption = true});
}

void scenario_traces::take_flight_records(const front_end* front, const back_end* back) {
  if (front != nullptr)
    std::ofstream{file_of("flight-front"), std::ios::binary} << front->flight_record();
  if (back != nullptr)
    std::ofstream{file_of("flight-back"), std::ios::binary} << back->flight_record();
}

std::vector<std::string> scenario_traces::check(const scenario& x) const {
  const expected_findings expected{x};
  std::vector<std::string> result;
  for (const std::string kind : {"", "flight-"}) {
    std::vector<fs::path> files;
    for (const std::string side : {"front", "back"})
      if (fs::exists(file_of(kind + side)))
        files.emplace_back(file_of(kind + side));
    if (files.empty())
      continue;
    const auto found = findings_in(files);
    auto wrong = expected.unexplained(found);
    if (kind.empty()) // a flight record does not keep what is wrong with every ticket: a name on a later one, say
      for (auto& line : expected.lacking(found))
        wrong.push_back(std::move(line));
    for (auto& line : wrong)
      result.push_back(kind + "traces: " + line);
    for (const auto& file : files) {
      const auto text = content_of(file);
      if (!wrong.empty())
        result.push_back(file.filename().string() + ":\n" + text);
      if (!keep_.empty())
        std::ofstream{keep_ / (way_ + "-" + file.filename().string()), std::ios::binary | std::ios::app} << text;
    }
  }
  return result;
}

} // namespace tandem::conformance
