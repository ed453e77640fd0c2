/// Traces of all conformance scenarios, run with the machines: none has an error, but where the scenario itself forges,
/// repeats or loses tickets; and then the finding names that.
#include "machine_trace.hpp"

#include "../../actors/system.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../conformance/runner/machine_way.hpp"
#include "../conformance/runner/runner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace tandem;
using namespace tandem::conformance;
using namespace tandem_test;
using tandem::cli::about;
using tandem::cli::rule;
using tandem::cli::severity;

namespace {

/// What a scenario does to tickets, whoever sent them.
struct meddling {
  explicit meddling(const json& scenario) {
    for (const auto& step : scenario.value("steps", json::array())) {
      const auto what = step.value("do", "");
      forges = forges || what == "inject";
      if (what != "release" || !step.contains("order"))
        continue;
      const auto order = step["order"].get<std::vector<size_t>>();
      const std::set<size_t> places{order.begin(), order.end()};
      repeats = repeats || places.size() != order.size();
      reorders = true; // and it may leave some out
    }
  }

  bool forges = false;
  bool repeats = false;
  bool reorders = false;

  /// Whether such a finding is due to it: it is about a ticket that was received, not about what an end did.
  bool explains(const cli::finding& x) const {
    if (forges && (x.text.starts_with("received ") || x.rule == rule::forged || x.rule == rule::changed))
      return true;
    if (repeats && (x.rule == rule::s_recv_2 || x.rule == rule::s_recv_4))
      return true;
    return reorders && x.rule == rule::lost;
  }
};

std::string written(const trace_entries& entries) {
  std::string result;
  for (const auto& x : entries)
    result += to_line(x) + "\n";
  return result;
}

} // namespace

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
    const meddling what{x.content};
    bool named = false;
    for (const auto& y : check_entries(entries)) {
      const bool excused = y.level() < severity::error || what.explains(y);
      CHECK_MESSAGE(excused, about(y.rule).id << " line " << y.line << ": " << y.text << "\n" << written(entries));
      named = named || (y.rule == rule::s_ticket_2 && y.text.starts_with("received "));
    }
    if (x.content.value("malformed", false)) {
      ++malformed;
      CHECK(named);
    }
  }
  CHECK(scenarios > 350); // the others need a real link
  CHECK(malformed > 5);
}
