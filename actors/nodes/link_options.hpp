/// How links between nodes deal with connections that break. Both sides have these options; each keeps to its own
/// `window` and `resend_limit`.
///
///     auto publication = publish(system, back, {.port = 4242, .link = {.window = 2s, .node_name = "alpha"}});
#pragma once

#include "../../messages/ticket.hpp"

#include <cstddef>
#include <string>

namespace tandem {

struct link_options {
  /// How long a session outlives its connection: if both sides are connected again within this time, operations go on
  /// as if nothing had happened; past it they end with transmission failure (S-LINK-2). Zero: they end at once.
  duration window = std::chrono::milliseconds(500);
  /// How many bytes may be kept: of sent tickets that the other side has not acknowledged, and of tickets that wait for
  /// a connection (S-LINK-3). 0: nothing is kept, so no session outlives its connection.
  size_t resend_limit = size_t{64} << 20;
  /// After tickets have come, the network thread looks for more for this long before it sleeps. It lets other threads
  /// go first meanwhile, and stops looking where that does not pay. Zero: it sleeps at once, which saves processor time
  /// and gives an operation that is alone two to four times the latency.
  duration linger = std::chrono::microseconds(200);
  /// This node's name, for people at the other side; empty: "HOST/PROCESS".
  std::string node_name = {};

  /// The bytes that a session with these options may keep.
  size_t kept() const {
    return window > duration::zero() ? resend_limit : 0;
  }
};

/// Throws std::invalid_argument naming the option that makes no sense.
void check_options(const link_options& options);

} // namespace tandem
