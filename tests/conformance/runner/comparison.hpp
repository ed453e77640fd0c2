/// Compares the events of a run with the expected ones.
#pragma once

#include "object_reader.hpp"

#include <string>
#include <vector>

namespace tandem::conformance {

/// True if `observed` satisfies `expected`, which may be or contain any_of and prefix_of, and tickets. Numbers may
/// differ by `tolerance`.
bool satisfies(const json& expected, const json& observed, double tolerance = 0);

/// The differences, one line each: "outcomes, A, back: expected "cancelled", got "active"". Members of `observed` that
/// `expect` does not name are not looked at. Throws scenario_error if `expect` has a key that no expectation has.
std::vector<std::string> differences(const json& expect, const json& observed);

} // namespace tandem::conformance
