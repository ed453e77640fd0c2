/// The messages that links between nodes send to each other (PROTOCOL.md, "Between nodes").
#pragma once

#include <caf/actor.hpp>

#include <cstdint>
#include <string>

namespace tandem {

/// What a front's link sends to a published back first, and again when it connects again.
struct hello {
  uint32_t format = 0;  ///< the newest ticket format that this side writes
  caf::actor link;      ///< takes ticket_frame messages for the front
  std::string greeting; ///< greeting.hpp; empty from a side that knows format 1 only
};

/// The answer to `hello`.
struct welcome {
  uint32_t format = 0;  ///< the ticket format for this link
  caf::actor link;      ///< takes ticket_frame messages for the back
  std::string greeting; ///< as in hello
};

/// Several tickets in one message, in order, as ticket_codec.hpp writes them.
struct ticket_frame {
  uint64_t number = 0;   ///< of this frame in its session and direction, from 1; 0: it has none, and cannot be resent
  uint64_t received = 0; ///< all frames up to this number have come from the other side
  std::string bytes;     ///< empty: only to say what was received
};

} // namespace tandem
