/// The ends in two actor systems of this process, which CAF's middleman connects, joined by links by handle.
#pragma once

#include "../../../actors/cluster/gateway.hpp"
#include "../../../actors/system.hpp"
#include "world.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace tandem::conformance {

/// The actor systems, their connection and the gateway serve all scenarios; each has a link of its own.
class handle_way final : public way {
public:
  explicit handle_way(bool pools);

  std::string name() const override {
    return "handle";
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;

private:
  /// CAF gives up a peer that says nothing for a second, as those on busy machines do.
  struct patient_config : system_config {
    patient_config();
  };

  bool pools_;
  std::shared_ptr<std::function<std::shared_ptr<rear_link>()>> make_port_; // of the world that is being made
  patient_config front_config_;
  patient_config back_config_;
  caf::actor_system front_system_;
  caf::actor_system back_system_;
  gateway_owner gateway_;   // at the back's system
  caf::actor gateway_here_; // the same, as the front's system has it
};

} // namespace tandem::conformance
