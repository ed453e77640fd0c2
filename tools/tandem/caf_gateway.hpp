/// Gateways that CAF's middleman publishes and finds: for `tandem serve --caf-port` and `tandem call --caf`.
#pragma once

#include "endpoint_text.hpp"

#include "../../actors/cluster/connect.hpp"
#include "../../messages/time.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem::cli {

/// Publishes `gateway`; returns the port, which is another one if `port` is 0. Throws user_error that says why that
/// cannot be.
uint16_t publish_by_caf(caf::actor_system& system, const caf::actor& gateway, const std::string& address,
                        uint16_t port);

/// A link by the handle that CAF's middleman finds at `target`. Throws user_error that names it and the cause if there
/// is none within `timeout`.
std::shared_ptr<cluster_link> connect_by_caf(caf::actor_system& system, const endpoint& target, duration timeout);

} // namespace tandem::cli
