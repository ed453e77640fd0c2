/// How long a connection may wait for a peer that lives but reads nothing, such as a process that was stopped: CAF
/// keeps it open, and with it the actor system, until the last byte is written. Told by these, the kernel gives it up,
/// a second after CAF would give up a peer that says nothing (middleman.connection-timeout); never, where CAF would
/// not. Internal to nodes/.
#pragma once

#include <caf/fwd.hpp>

#include <cstdint>

namespace tandem {

/// For the connections of this process to `port` of any machine. Those that others than CAF have there, too.
void limit_unread_to(const caf::actor_system& system, uint16_t port);

/// For the connections that this process accepts at its own `port` from now on.
void limit_unread_from(const caf::actor_system& system, uint16_t port);

} // namespace tandem
