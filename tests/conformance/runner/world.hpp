/// A world is two ends and the link between them; a scenario acts on it. Each way of running scenarios has its own.
#pragma once

#include "../../../messages/commands.hpp"
#include "channel.hpp"
#include "customer.hpp"
#include "scenario_traces.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tandem::conformance {

/// A ticket of either direction.
using any_ticket = std::variant<front_to_back_ticket, back_to_front_ticket>;

/// Made for one scenario. Steps that a world cannot take throw scenario_error: the format says which topology allows
/// which steps.
class world {
public:
  virtual ~world() = default;

  // -- the test link --------------------------------------------------------------------------

  channel<front_to_back_ticket>& to_back() const {
    return *to_back_;
  }
  channel<back_to_front_ticket>& to_front() const {
    return *to_front_;
  }

  // -- steps ------------------------------------------------------------------------------------

  virtual handle_ptr operate(const steps::operate&) {
    return refuse("operate");
  }
  /// Past the test link.
  virtual void inject(const any_ticket&) {
    refuse("inject");
  }
  virtual void join(side, bool) {
    refuse("join");
  }
  virtual void add_idle_action(side, const std::function<void()>&) {
    refuse("add_idle_action");
  }
  virtual void wait_for_idle(side) {
    refuse("wait_for_idle");
  }
  /// `monitor` steps: from now on monitored(label) has the outcomes in the messages that came.
  virtual void monitor(const handle_ptr&, const std::string&) {
    refuse("monitor");
  }
  virtual void advance(duration) {
    refuse("advance");
  }
  virtual void join_peer(const std::string&) {
    refuse("join_peer");
  }
  /// "ok" or "error".
  virtual std::string null_link(const steps::null_link&) {
    refuse("null_link");
    return {};
  }

  /// Returns when nothing is under way or running, but timers that are not due and customer code at a gate.
  virtual void settle() = 0;

  // -- what can be seen -------------------------------------------------------------------------

  /// Nothing for an end that is not there.
  virtual std::optional<stats> end_stats(side) const {
    return std::nullopt;
  }
  virtual std::vector<outcome> monitored(const std::string&) const {
    return {};
  }
  /// Per recording peer, what it got.
  virtual std::map<std::string, std::vector<any_ticket>> delivered() const {
    return {};
  }
  /// left_behind is going to ask for this operation's actor.
  virtual void watch(const handle_ptr&) {
  }
  /// When all operations have ended and customer code has let go of them: what is left nevertheless (S-END-9); empty
  /// if nothing is.
  virtual std::string left_behind() const {
    return {};
  }

private:
  static handle_ptr refuse(const char* what) {
    throw scenario_error{std::string{what} + " is not possible in this topology"};
  }

protected:
  // Shared with links, which may outlive this.
  std::shared_ptr<channel<front_to_back_ticket>> to_back_ = std::make_shared<channel<front_to_back_ticket>>();
  std::shared_ptr<channel<back_to_front_ticket>> to_front_ = std::make_shared<channel<back_to_front_ticket>>();
};

/// A way of running scenarios.
class way {
public:
  virtual ~way() = default;

  virtual std::string name() const = 0;

  /// Why a scenario cannot be run in this way; nothing if it can.
  virtual std::optional<std::string> obstacle(const scenario& x) const = 0;

  /// The world for one scenario, all of it new; `code` outlives it.
  virtual std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) = 0;

  /// Faults that show after the world is gone again, a line each; asked for if all was well until then.
  virtual std::vector<std::string> afterwards(const scenario&) {
    return {};
  }

  /// It is about traces: its ends record even if nobody asks for that.
  virtual bool always_records() const {
    return false;
  }

  /// From now on ends record there; null: nowhere. A way without ends has nothing to record.
  void record_to(scenario_traces* traces) noexcept {
    traces_ = traces;
  }

protected:
  /// Null: nothing is recorded.
  scenario_traces* traces() const noexcept {
    return traces_;
  }

private:
  scenario_traces* traces_ = nullptr;
};

} // namespace tandem::conformance
