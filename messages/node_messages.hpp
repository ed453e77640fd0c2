/// The messages that links between nodes send to each other (PROTOCOL.md, "Between nodes").
#pragma once

#include <caf/actor.hpp>

#include <cstdint>
#include <string>

namespace tandem {

/// The first message of a front's link to a published back, whenever it connects.
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
  uint64_t number = 0;   ///< of this frame in its session and direction, from 1; 0: it has none, and is never resent
  uint64_t received = 0; ///< the sender has all frames of the other side up to this number
  std::string bytes;     ///< the tickets; empty if the frame only acknowledges
};

} // namespace tandem
