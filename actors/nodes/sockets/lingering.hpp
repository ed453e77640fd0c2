/// How the network thread waits for more after tickets have come: for a moment it looks again and again before it
/// sleeps, as long as that pays. To wake a thread that sleeps on another core takes longer than all the rest of a
/// single operation. Internal to nodes/.
#pragma once

#include "../../../messages/time.hpp"

#include <caf/fwd.hpp>

namespace tandem {

/// A frame has come, and was taken in the calling thread. If that is the network thread, it goes on looking for up to
/// `linger` before it sleeps, and lets every other thread go first meanwhile. After each time that it looked in vain it
/// tries only half as often, down to once in 256 frames, so that rare frames cost little.
void linger(caf::actor_system& system, duration linger);

} // namespace tandem
