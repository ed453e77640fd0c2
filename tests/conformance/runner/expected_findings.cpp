#include "expected_findings.hpp"

#include <algorithm>

namespace tandem::conformance {

namespace {

/// S-END-5: the back's own reception failure, without any ticket that is wrong.
bool lacks_method(const scenario& x) {
  for (const auto& [side, code] : x.customers)
    for (const auto& [call, what] : code.hooks)
      if (what.thrown == hook::exception::no_such_method)
        return true;
  return false;
}

bool expects_reception_failure(const scenario& x) {
  const auto outcomes = x.expect.value("outcomes", json::object());
  for (const auto& sides : outcomes)
    for (const auto& outcome : sides)
      if (outcome == "reception failure")
        return true;
  return false;
}

} // namespace

expected_findings::expected_findings(const scenario& x)
  : breaks_(expects_reception_failure(x) && !lacks_method(x)), malformed_(x.malformed) {
  for (const auto& step : x.steps) {
    injects_ = injects_ || std::holds_alternative<steps::inject>(step.what);
    const auto* release = std::get_if<steps::release>(&step.what);
    releases_ = releases_ || release != nullptr;
    if (release == nullptr || !release->order)
      continue;
    const std::set<size_t> places{release->order->begin(), release->order->end()};
    repeats_ = repeats_ || places.size() != release->order->size();
    reorders_ = true;
  }
}

bool expected_findings::explains(const scenario_finding& x) const {
  const std::set<std::string> of_other_side{"T-FORGED", "T-CHANGED", "T-TWICE", "T-MISSING"};
  if (injects_ && (x.text.starts_with("received ") || of_other_side.contains(x.id)))
    return true;
  if (repeats_ && (x.id == "S-RECV-2" || x.id == "S-RECV-4" || x.id == "T-TWICE"))
    return true;
  if (releases_ && x.id == "S-RECV-1") // what a ticket brings about may overtake those that are still held
    return true;
  return reorders_ && (x.id == "T-LOST" || x.id == "S-RECV-1" || x.id == "T-MISSING");
}

std::vector<std::string> expected_findings::unexplained(const std::vector<scenario_finding>& all) const {
  std::vector<std::string> result;
  for (const auto& x : all)
    if (x.bad && !explains(x))
      result.push_back("the traces should not have this: " + x.place);
  return result;
}

std::vector<std::string> expected_findings::lacking(const std::vector<scenario_finding>& all) const {
  bool broken = false;
  bool malformed = false;
  for (const auto& x : all) {
    const bool of_received = x.bad && x.text.starts_with("received ");
    broken = broken || of_received;
    malformed = malformed || (of_received && x.id == "S-TICKET-2");
  }
  std::vector<std::string> result;
  if (breaks_ && !broken)
    result.push_back("a ticket breaks the rules, which is not found in the traces");
  if (malformed_ && !malformed)
    result.push_back("a ticket is malformed, which is not found in the traces");
  return result;
}

} // namespace tandem::conformance
