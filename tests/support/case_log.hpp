/// The result of each case of a test program, line by line as it happens, so that tools/test can count cases and name
/// the one during which a program hung or crashed.
#pragma once

#include <chrono>
#include <fstream>
#include <string>

namespace tandem_test {

/// Writes to the file that the environment variable TANDEM_CASE_LOG names; without one, it writes nothing. A line has
/// fields with tabs between: "begun", or "passed", "failed" or "skipped"; the name; and, if the case has ended, the
/// seconds that it took, and why it was skipped.
class case_log {
public:
  case_log();

  void begin(const std::string& name);

  /// Ends the case that began last.
  void pass();
  void fail();
  void skip(const std::string& reason);

private:
  void end(const std::string& outcome, const std::string& reason);

  std::ofstream out_;
  std::string name_;
  std::chrono::steady_clock::time_point began_;
};

} // namespace tandem_test
