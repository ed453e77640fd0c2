/// Runs one scenario in one world and tells the differences.
#pragma once

#include "observation.hpp"
#include "world.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tandem::conformance {

/// Why a scenario failed.
struct failure {
  std::string where;                    ///< "step 3 (check)", "at the end"
  std::vector<std::string> differences; ///< one line each
  json expected;                        ///< what was compared, for a report; null if nothing was
  json observed;
};

/// One run of one scenario; the thread that calls perform() is the one that takes the steps.
class performance {
public:
  /// `progress` is told what is about to be done.
  performance(const scenario& x, world& w, customer& code, std::function<void(const std::string&)> progress)
    : scenario_(x), world_(w), code_(code), progress_(std::move(progress)) {
  }

  /// Takes all steps and compares; stops at the first failure. Nothing if all is as expected.
  std::optional<failure> perform();

private:
  void on(const steps::operate& x);
  void on(const steps::give& x);
  void on(const steps::cancel& x);
  void on(const steps::fail& x);
  void on(const steps::set_timeout& x);
  void on(const steps::add_callback& x);
  void on(const steps::allow& x);
  void on(const steps::when_ready& x);
  void on(const steps::monitor& x);
  void on(const steps::read& x);
  void on(const steps::add_idle_action& x);
  void on(const steps::wait_for_idle& x);
  void on(const steps::inject& x);
  void on(const steps::hold& x);
  void on(const steps::release& x);
  void on(const steps::set_broken& x);
  void on(const steps::join& x);
  void on(const steps::join_peer& x);
  void on(const steps::null_link& x);
  void on(const steps::open& x);
  void on(const steps::advance& x);
  void on(const steps::check& x);

  /// Throws scenario_error if there is no such end.
  void need(side which) const;
  handle_ptr operation(side at, const std::string& label) const;
  template <class Function>
  void with_channel(direction which, Function f);

  void compare(const json& expect);
  /// A check of every scenario, without a step of its own: after all operations have ended nothing is left of them.
  void check_nothing_is_left();
  void check_idle(side at);

  const scenario& scenario_;
  world& world_;
  customer& code_;
  std::function<void(const std::string&)> progress_;
  notes notes_;
  std::string where_;
  std::optional<failure> failure_;
};

} // namespace tandem::conformance
