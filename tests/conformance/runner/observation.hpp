/// The state of a scenario so far, in the form of an expectation.
#pragma once

#include "labels.hpp"
#include "world.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace tandem::conformance {

/// The notes of callbacks and idle actions. Any thread; shared with them, as they may outlive the scenario.
class journal {
public:
  void expect_callback(const std::string& label);
  void callback(const std::string& label, outcome value);
  void expect_idle_action(const std::string& label);
  void idle_action(const std::string& label);

  void expect_ready_call(const std::string& label);
  void ready_call(const std::string& label);

  json callbacks() const;
  json idle_actions() const;
  json ready_calls() const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> callbacks_;
  std::map<std::string, uint64_t> idle_actions_;
  std::map<std::string, uint64_t> ready_calls_;
};

/// The runner's own notes while it took the steps.
struct notes {
  conformance::labels labels;
  std::map<std::string, json> reads;
  std::set<std::string> monitors;
  std::shared_ptr<conformance::journal> journal = std::make_shared<conformance::journal>();
};

/// Everything that can be seen now, details of tickets included. `expect` is what is going to be compared with it:
/// which of several operations that never reached customer code has which outcome is not known but from there.
json observe(const scenario& x, const world& w, const customer& code, const notes& n, const json& expect);

} // namespace tandem::conformance
