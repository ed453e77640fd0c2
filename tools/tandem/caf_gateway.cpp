#include "caf_gateway.hpp"

#include "../cli/exit_status.hpp"
#include "network_probe.hpp"

#include "../../actors/compat/remote_actor.hpp"

#include <algorithm>
#include <chrono>

namespace tandem::cli {

uint16_t publish_by_caf(caf::actor_system& system, const caf::actor& gateway, const std::string& address,
                        uint16_t port) {
  const auto result = system.middleman().publish(gateway, port, address.c_str(), true);
  if (result)
    return *result;
  const auto why = why_not_listen(address, port);
  throw user_error{"cannot listen for CAF on " + address + ":" + std::to_string(port) + ": "
                   + (why.empty() ? caf::to_string(result.error()) : why)};
}

std::shared_ptr<cluster_link> connect_by_caf(caf::actor_system& system, const endpoint& target, duration timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  require_listener(target, timeout);
  const auto fail = [&](const std::string& why) {
    throw user_error{"cannot connect to " + to_string(target) + " by CAF: " + why
                     + "; is it `tandem serve --caf-port` that listens there?"};
  };
  const auto left
    = [&] { return std::max<duration>(until - std::chrono::steady_clock::now(), std::chrono::milliseconds(1)); };
  const auto gateway = compat::remote_actor(system, target.host, target.port, left());
  if (!gateway)
    fail(caf::to_string(gateway.error()));
  try {
    return connect(system, *gateway, {.timeout = left()});
  } catch (const std::exception& e) {
    fail(e.what());
  }
  return nullptr;
}

} // namespace tandem::cli
