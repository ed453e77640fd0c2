/// Limits how long a connection may wait for a peer that lives but reads nothing, such as a process that was stopped:
/// CAF keeps it open, and with it the actor system, until the last byte is written. These functions make the kernel
/// give it up, a second after CAF would give up a peer that says nothing (middleman.connection-timeout); never, if CAF
/// would not. Internal to nodes/.
#pragma once

#include <caf/fwd.hpp>

#include <cstdint>

namespace tandem {

/// For the connections of this process to `port` of any machine, also those that other code than CAF has there.
void limit_unread_to(const caf::actor_system& system, uint16_t port);

/// For the connections that this process accepts at its own `port` from now on.
void limit_unread_from(const caf::actor_system& system, uint16_t port);

} // namespace tandem
