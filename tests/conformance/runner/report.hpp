/// The output of the runner.
#pragma once

#include "performance.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace tandem::conformance {

/// A failed scenario: its name, the way, what differs, and the expected and the actual tickets side by side.
std::string describe(const std::string& scenario, const std::string& way, const failure& why);

/// The results of the scenarios that were run in one way.
struct totals {
  size_t passed = 0;
  size_t failed = 0;
  std::map<std::string, size_t> not_run; ///< by the reason
};

/// "machines: 424 passed, 0 failed, 10 not run (7 link only, 3 in-memory link)".
std::string describe(const std::string& way, const totals& x);

} // namespace tandem::conformance
