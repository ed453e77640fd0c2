/// The common part of all worlds with real ends: everything except the link.
#pragma once

#include "../../../actors/back_end.hpp"
#include "../../../actors/front_end.hpp"
#include "../../../actors/testing/manual_clock.hpp"
#include "../../../actors/testing/settle.hpp"
#include "end_customer.hpp"
#include "world.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tandem::conformance {

/// The actor systems of the two ends; the same one for both where they share it.
struct end_systems {
  caf::actor_system& front;
  caf::actor_system& back;
  scenario_traces* traces = nullptr; ///< where they record; null: nowhere
};

class end_world : public world {
public:
  end_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools);
  ~end_world() override;

  handle_ptr operate(const steps::operate& x) override;
  void add_idle_action(side which, const std::function<void()>& action) override;
  void wait_for_idle(side which) override;
  void monitor(const handle_ptr& operation, const std::string& label) override;
  void advance(duration distance) override;
  void settle() override;

  std::optional<stats> end_stats(side which) const override;
  std::vector<outcome> monitored(const std::string& label) const override;
  void watch(const handle_ptr& operation) override;
  std::string left_behind() const override;

protected:
  std::optional<front_end> front_;
  std::optional<back_end> back_;

private:
  struct observer {
    std::unique_ptr<caf::scoped_actor> actor;
    std::vector<outcome> outcomes;
  };

  end_systems systems_;
  std::shared_ptr<customer> code_;
  std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
  std::shared_ptr<end_customer> at_front_;
  std::shared_ptr<end_customer> at_back_;
  mutable std::map<std::string, observer> observers_;
  std::vector<caf::weak_actor_ptr> watched_;
};

} // namespace tandem::conformance
