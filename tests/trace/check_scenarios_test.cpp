/// Traces of all conformance scenarios, run with the machines: none has an error, but where the scenario itself forges,
/// repeats or loses tickets; and then the finding names that.
#include "machine_trace.hpp"

#include "../../actors/system.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../conformance/runner/expected_findings.hpp"
#include "../conformance/runner/machine_way.hpp"
#include "../conformance/runner/runner.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tandem;
using namespace tandem::conformance;
using namespace tandem_test;
using tandem::cli::about;
using tandem::cli::severity;

TEST_CASE("trace check: the traces of all conformance scenarios") {
  init_types<>();
  size_t scenarios = 0;
  size_t malformed = 0;
  for (const auto& x : load_scenarios(std::string{TANDEM_SOURCE_DIR} + "/tests/conformance/scenarios")) {
    CAPTURE(x.name);
    trace_entries entries;
    machine_way way{[&](trace_entry entry) {
      entry.record = entries.size();
      entry.wall_ns = wall_of_zero + entry.monotonic_ns;
      entries.push_back(std::move(entry));
    }};
    runner one{false};
    one.add(x);
    if (one.run(way).passed == 0)
      continue;
    ++scenarios;
    std::vector<scenario_finding> found;
    for (const auto& y : check_entries(entries)) {
      const std::string id{about(y.rule).id};
      found.push_back(
        {id, y.level() >= severity::warning, y.text, id + " line " + std::to_string(y.line) + ": " + y.text});
    }
    const auto content = parse_scenario(x.content);
    const expected_findings expected{content};
    for (const auto& lines : {expected.unexplained(found), expected.lacking(found)})
      for (const auto& line : lines)
        FAIL_CHECK(line << "\n" << written(entries));
    malformed += content.malformed ? 1 : 0;
  }
  CHECK(scenarios > 350); // the others need a real link
  CHECK(malformed > 5);
}
