#include "comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tandem::conformance {

namespace {

/// The value of `{"key": value}`, null for anything else.
const json* only_member(const json& value, const char* key) {
  return value.is_object() && value.size() == 1 && value.contains(key) ? &value[key] : nullptr;
}

bool is_ticket(const json& value) {
  return value.is_object() && value.contains("sequence_number");
}

bool list_satisfies(const json& expected, const json& observed, double tolerance) {
  return std::equal(expected.begin(), expected.end(), observed.begin(), observed.end(),
                    [&](const json& x, const json& y) { return satisfies(x, y, tolerance); });
}

bool object_satisfies(const json& expected, const json& observed, double tolerance) {
  if (expected.size() != observed.size())
    return false;
  for (const auto& [key, value] : expected.items())
    if (!observed.contains(key) || !satisfies(value, observed[key], tolerance))
      return false;
  return true;
}

/// The details are for people: only what a scenario asks for is looked at.
bool ticket_satisfies(json expected, json observed) {
  const auto details = observed.value("details", "");
  observed.erase("details");
  if (auto wanted = expected.find("details_contains"); wanted != expected.end()) {
    if (details.find(wanted->get<std::string>()) == std::string::npos)
      return false;
    expected.erase("details_contains");
  }
  return object_satisfies(expected, observed, 0);
}

/// How the members of an expectation are made: how many names lead to a value.
const std::map<std::string, int>& depths() {
  static const std::map<std::string, int> result{
    {"tickets", 1},  {"outcomes", 2}, {"stats", 1},        {"received", 2}, {"services", 1},  {"callbacks", 1},
    {"monitors", 1}, {"reads", 1},    {"idle_actions", 1}, {"dropped", 1},  {"delivered", 1}, {"ready_calls", 1},
  };
  return result;
}

void compare(const json& expected, const json& observed, int depth, double tolerance, const std::string& path,
             std::vector<std::string>& out) {
  const bool choice = only_member(expected, "any_of") || only_member(expected, "prefix_of");
  if (depth == 0 || choice || !expected.is_object()) {
    if (satisfies(expected, observed, tolerance))
      return;
    const bool tickets = path.starts_with("tickets") || path.starts_with("delivered");
    out.push_back(path);
    out.back()
      += tickets ? ": not as expected, see below" : ": expected " + expected.dump() + ", got " + observed.dump();
    return;
  }
  for (const auto& [name, value] : expected.items()) {
    auto place = path;
    place += ", " + name;
    if (observed.contains(name))
      compare(value, observed[name], depth - 1, tolerance, place, out);
    else
      out.push_back(place += ": there is nothing of this name");
  }
}

} // namespace

bool satisfies(const json& expected, const json& observed, double tolerance) {
  if (auto* alternatives = only_member(expected, "any_of"))
    return std::any_of(alternatives->begin(), alternatives->end(),
                       [&](const json& x) { return satisfies(x, observed, tolerance); });
  if (auto* whole = only_member(expected, "prefix_of")) {
    if (!observed.is_array() || observed.size() > whole->size())
      return false;
    return list_satisfies(json(whole->begin(), whole->begin() + static_cast<std::ptrdiff_t>(observed.size())), observed,
                          tolerance);
  }
  if (expected.is_array() && observed.is_array())
    return list_satisfies(expected, observed, tolerance);
  if (is_ticket(expected) && is_ticket(observed))
    return ticket_satisfies(expected, observed);
  if (expected.is_object() && observed.is_object())
    return object_satisfies(expected, observed, tolerance);
  if (expected.is_number() && observed.is_number())
    return std::abs(expected.get<double>() - observed.get<double>()) <= tolerance;
  return expected == observed;
}

std::vector<std::string> differences(const json& expect, const json& observed) {
  std::vector<std::string> result;
  for (const auto& [key, value] : expect.items()) {
    auto depth = depths().find(key);
    if (depth == depths().end())
      throw scenario_error{"unknown key \"" + key + "\" in an expectation"};
    if (!observed.contains(key))
      throw scenario_error{"\"" + key + "\" cannot be expected in this topology"};
    compare(value, observed[key], depth->second, key == "reads" ? 0.05 : 0, key, result);
  }
  if (const auto& more = observed["outcomes of nobody knows which"]; expect.contains("outcomes") && !more.empty())
    result.push_back("outcomes: the counts of the back have more than the labels account for: " + more.dump());
  return result;
}

} // namespace tandem::conformance
