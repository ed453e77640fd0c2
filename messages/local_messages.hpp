/// Messages that actors of Tandem send to themselves and to each other. They never leave the process.
#pragma once

#include <cstdint>

namespace tandem {

/// From a node's link to itself, after a while: to look after the link with this number.
struct look_after {
  uint64_t link = 0;
  uint64_t occasion = 0; ///< which interruption it was sent for
};

/// To a shard's actor: there is something to do.
struct wake {
  bool by_timer = false; ///< else whoever sends it passes on the right to run the shard
};

} // namespace tandem
