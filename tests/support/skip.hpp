/// Test cases that cannot run everywhere say so, instead of passing.
#pragma once

#include <optional>
#include <string>

namespace tandem_test {

/// Says that the running test case cannot be run to its end here, and why, such as "needs root". The case has to return
/// then. It counts as skipped, unless something failed in it before.
void skip(const std::string& reason);

/// The reason that the running case gave, if it did; it is forgotten by this.
std::optional<std::string> take_skip_reason();

} // namespace tandem_test
