/// How the network thread waits for more after tickets have come: for a moment it looks again and again before it
/// sleeps, as long as that pays. Waking a thread that sleeps on another core takes longer than everything else about a
/// single operation. Internal to nodes/.
#pragma once

#include "../../../messages/time.hpp"

#include <caf/fwd.hpp>

namespace tandem {

/// A frame has come, and was taken in the calling thread. If that is the network thread, it goes on looking for up to
/// `linger` before it sleeps, and lets every other thread go first meanwhile. Not where frames come so rarely that it
/// would be in vain: each time that it was, it tries only half as often, down to once in 256 frames.
void linger(caf::actor_system& system, duration linger);

} // namespace tandem
