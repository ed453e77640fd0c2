/// An actor system as it suits the baseline.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <string>

namespace tandem::bench::caf_baseline {

/// Makes the message types known before anything of CAF is constructed; a base, so that it comes first.
struct registered {
  registered();
};

struct config : private registered, caf::actor_system_config {
  /// `policy` names CAF's scheduler: "sharing" or "stealing".
  explicit config(const std::string& policy);
};

/// Where everything is in one process.
class local_node {
public:
  explicit local_node(const std::string& policy);

  caf::actor_system& system() {
    return system_;
  }

private:
  config config_;
  caf::actor_system system_;
};

/// One of two nodes, with the settings that gave the shortest round trips.
class networked_node {
public:
  networked_node();

  caf::actor_system& system() {
    return system_;
  }

private:
  struct networked_config : config {
    networked_config();
  };

  networked_config config_;
  caf::actor_system system_;
};

/// The actor that the server has published. Throws if there is none.
caf::actor connect(caf::actor_system& system, uint16_t port);

} // namespace tandem::bench::caf_baseline
