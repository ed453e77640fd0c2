/// How links between nodes deal with connections that break. Both sides have these; of `window` and `resend_limit` each
/// side keeps to its own.
#pragma once

#include "../../messages/ticket.hpp"

#include <cstddef>
#include <string>

namespace tandem {

struct link_options {
  /// How long a session outlives its connection: if both sides are connected again within it, operations go on as if
  /// nothing had happened; past it they end with transmission failure (S-LINK-2). Zero: at once.
  duration window = std::chrono::milliseconds(500);
  /// How many bytes of sent tickets are kept until the other side has acknowledged them, and of tickets that wait for a
  /// connection (S-LINK-3). 0: nothing is kept, so no session outlives its connection.
  size_t resend_limit = size_t{64} << 20;
  /// How long the network thread looks for more, before it sleeps, after tickets have come; it lets other threads go
  /// first meanwhile, and stops doing so where it is in vain. Zero: it sleeps at once, which costs an operation two to
  /// four times the latency while it is the only one, and saves the processor time.
  duration linger = std::chrono::microseconds(200);
  /// This node's name, for people at the other side; empty: "HOST/PROCESS".
  std::string node_name = {};

  /// What is kept by these options.
  size_t kept() const {
    return window > duration::zero() ? resend_limit : 0;
  }
};

/// Throws std::invalid_argument naming the option that makes no sense.
void check_options(const link_options& options);

} // namespace tandem
