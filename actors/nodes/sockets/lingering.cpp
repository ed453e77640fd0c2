#include "lingering.hpp"

#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace tandem {

namespace {

using steady = std::chrono::steady_clock;

/// Of one network thread.
struct watch {
  steady::time_point last_frame;
  steady::time_point until;
  bool looking = false; ///< a look is posted
  int in_vain = 0;      ///< how many frames go by before the next try, after one that was in vain
  int skip = 0;         ///< of those, how many are left
};

thread_local watch here;

/// While frames are further apart than this, there is no point in trying.
constexpr auto far_apart = std::chrono::microseconds(400);
constexpr int seldom = 255;

/// A posted job makes the network thread look at its sockets without waiting.
void look_again(caf::io::network::multiplexer& network) {
  network.post([&network] {
    if (steady::now() < here.until) {
      std::this_thread::yield();
      look_again(network);
    } else {
      here.looking = false;
      here.in_vain = std::min(here.in_vain * 2 + 1, seldom);
      here.skip = here.in_vain;
    }
  });
}

} // namespace

void linger(caf::actor_system& system, duration linger) {
  if (linger <= duration::zero())
    return;
  auto& network = system.middleman().backend();
  if (network.thread_id() != std::this_thread::get_id())
    return; // a worker of the middleman's, or another node in this process
  const auto now = steady::now();
  const bool near = now - std::exchange(here.last_frame, now) < far_apart;
  if (here.looking) {
    here.in_vain = 0;
  } else if (!near) {
    return;
  } else if (here.skip > 0) {
    --here.skip;
    return;
  } else {
    here.looking = true;
    look_again(network);
  }
  here.until = now + linger;
}

} // namespace tandem
