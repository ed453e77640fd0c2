/// Whether CAF can send a message to another node. It finds out too late by itself: CAF 0.17 throws in its network
/// thread for a type that must not leave the process, and loops for ever with an infinite number.
///
///     if (!compat::is_sendable(system, payload))
///       refuse(operation);
#pragma once

#include "version.hpp"

#include <caf/fwd.hpp>

namespace tandem::compat {

/// Whether CAF itself sends floating-point numbers that are infinite or not a number.
inline constexpr bool sends_infinite_numbers = !TANDEM_CAF_17;

/// True if CAF can write all of `content` to another node. Takes about as long as to write it. Any thread.
bool is_sendable(caf::actor_system& system, const caf::message& content);

} // namespace tandem::compat
