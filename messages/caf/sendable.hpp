/// Whether a payload can be sent to another node. CAF finds out too late by itself: CAF 0.17 throws in its network
/// thread for a type that must not leave the process.
///
///     if (!compat::is_sendable(system, payload))
///       refuse(operation);
#pragma once

#include <caf/fwd.hpp>

namespace tandem::compat {

/// True if all of `content` can be written for another node, as payload_apart.hpp does for CAF 0.17. Takes about as
/// long as to write it. Any thread.
bool is_sendable(caf::actor_system& system, const caf::message& content);

} // namespace tandem::compat
