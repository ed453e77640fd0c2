/// The ends in two actor systems of this process, joined over loopback sockets.
#pragma once

#include <tandem/actors/nodes/publish.hpp>
#include <tandem/actors/system.hpp>
#include <tandem/tests/conformance/runner/world.hpp>

#include <caf/actor_system.hpp>

#include <memory>
#include <mutex>

namespace tandem::conformance {

/// The actor systems and the port serve all scenarios; each has a link between the nodes of its own.
class node_way final : public way {
public:
  explicit node_way(bool pools);

  std::string name() const override {
    return "nodes";
  }
  std::optional<std::string> obstacle(const scenario& x) const override;
  std::unique_ptr<world> make_world(const scenario& x, std::shared_ptr<customer> code) override;

private:
  /// What the next front that connects is given.
  struct slot {
    std::mutex mutex;
    std::shared_ptr<rear_link> port;
  };

  bool pools_;
  std::shared_ptr<slot> slot_ = std::make_shared<slot>();
  system_config front_config_;
  system_config back_config_;
  caf::actor_system front_system_;
  caf::actor_system back_system_;
  publication publication_;
};

} // namespace tandem::conformance
