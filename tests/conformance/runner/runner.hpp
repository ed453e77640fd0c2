/// Runs scenarios in one way after the other.
#pragma once

#include "../../support/case_log.hpp"
#include "report.hpp"
#include "watchdog.hpp"
#include "world.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tandem::conformance {

class runner {
public:
  /// Prints to standard output: failures, and with `verbose` every scenario. With `keep`, a folder, real ends record:
  /// their traces are checked and kept there (scenario_traces.hpp).
  explicit runner(bool verbose, std::filesystem::path keep = {}) : verbose_(verbose), keep_(std::move(keep)) {
  }

  /// Adds a scenario. One that cannot be parsed, or whose name is taken, fails in every way.
  void add(const scenario_text& x);

  size_t scenarios() const noexcept {
    return scenarios_.size();
  }

  /// Runs all scenarios; each is a case in the case log.
  totals run(way& x);

private:
  struct entry {
    std::string name;
    std::variant<scenario, std::string> content; ///< or what is wrong with it
  };

  std::optional<failure> perform(const scenario& x, way& w, const scenario_traces& traces);
  void say(const std::string& word, const std::string& name, const std::string& more) const;

  bool verbose_;
  std::filesystem::path keep_;
  std::vector<entry> scenarios_;
  tandem_test::case_log log_;
  watchdog watchdog_{std::chrono::seconds(30)};
};

} // namespace tandem::conformance
