#include "handle_way.hpp"
#include "../../../actors/cluster/connect.hpp"
#include "../../../actors/compat/remote_actor.hpp"
#include "memory_way.hpp"
#include "remote_world.hpp"

#include <caf/io/middleman.hpp>

#include <chrono>
#include <stdexcept>

namespace tandem::conformance {

handle_way::patient_config::patient_config() {
  with_few_threads(*this);
  compat::set_option(*this, "middleman.connection-timeout", caf::timespan{std::chrono::minutes(10)});
}

handle_way::handle_way(bool pools)
  : pools_(pools),
    make_port_(std::make_shared<std::function<std::shared_ptr<rear_link>()>>()),
    front_system_(front_config_),
    back_system_(back_config_),
    gateway_(make_gateway(back_system_, [make = make_port_](const node_description&) { return (*make)(); })) {
  const auto port = back_system_.middleman().publish(gateway_.handle(), 0, "127.0.0.1");
  if (!port)
    throw std::runtime_error{"cannot publish the gateway: " + caf::to_string(port.error())};
  auto handle = compat::remote_actor(front_system_, "127.0.0.1", *port, std::chrono::minutes(1));
  if (!handle)
    throw std::runtime_error{"cannot reach the gateway: " + caf::to_string(handle.error())};
  gateway_here_ = *handle;
}

std::optional<std::string> handle_way::obstacle(const scenario& x) const {
  return remote_world::obstacle(x);
}

/// The gateway asks for the port while connect() waits for it: no other thread uses make_port_ then.
std::unique_ptr<world> handle_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  auto result = std::make_unique<remote_world>(end_systems{front_system_, back_system_, traces()}, x, code, pools_);
  *make_port_ = [world = result.get()] { return world->make_half_at_back(); };
  result->connected(connect(front_system_, gateway_here_, {.timeout = std::chrono::seconds(30)}));
  *make_port_ = nullptr;
  return result;
}

} // namespace tandem::conformance
