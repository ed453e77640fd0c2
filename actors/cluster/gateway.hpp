/// A back as an actor that others make links to, where CAF connects the nodes: hand it out as you hand out any actor.
///
///     caf::actor gateway = gateway_of(back);
///     system.middleman().publish(gateway, 4242, "127.0.0.1"); // or the registry, or a message
///     auto link = connect(other_system, gateway);             // there, with the handle that came (connect.hpp)
///
/// Everybody who has the handle can call the back, as it is with every actor of a cluster. For fronts that are not in
/// your cluster there is publish() (nodes/publish.hpp).
#pragma once

#include "../back_end.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <string>
#include <utility>

namespace tandem {

/// The gateway to `back`, in the actor system that has the back's actors. It is there until the back is stopped or its
/// last handle goes, whether or not anybody keeps this handle; then its monitors get a down message (S-CLUSTER-5). It
/// does not keep the back running. An exit message ends it sooner, with all its links. Each call makes another gateway;
/// one is enough for any number of fronts. `node_name` names this node in messages to people; empty: HOST/PROCESS. Any
/// thread.
caf::actor gateway_of(const back_end& back, std::string node_name = {});

/// A gateway to links of your own, which is there as long as this is.
class [[nodiscard]] gateway_owner {
public:
  explicit gateway_owner(caf::actor gateway) : gateway_(std::move(gateway)) {
  }
  gateway_owner(gateway_owner&&) noexcept = default;
  gateway_owner& operator=(gateway_owner&& other) noexcept;
  ~gateway_owner();

  /// The gateway, to be handed out.
  const caf::actor& handle() const noexcept {
    return gateway_;
  }

  /// Ends the gateway, and with it its links, before this returns (S-CLUSTER-5). Does nothing the second time.
  void close();

private:
  caf::actor gateway_; // null: moved from, or closed
};

/// Makes such a gateway. `make_port` makes a rear link for each front, and is called by the thread that brings the
/// front's message, CAF's network thread perhaps, so it must return promptly. If it throws or returns null, that front
/// is refused. `node_name` as in gateway_of. Drop the result before `system` goes. Throws std::invalid_argument if
/// `make_port` is empty. Any thread.
gateway_owner make_gateway(caf::actor_system& system, port_factory make_port, std::string node_name = {});

} // namespace tandem
