/// Messages that never leave the process: an actor of Tandem sends them to itself or to its neighbour. They are types
/// of their own because CAF wants each message to have one.
#pragma once

#include <cstdint>

namespace tandem {

/// To a shard's actor: the sender passes on the right to run the shard.
struct run_shard {};

/// To an actor that set a timer: it is due.
struct timer_due {};

/// To an end: operations that still run are to be ended (S-END-13).
struct grace_over {};

/// To a connector: connect the link, which has just begun or has lost its connection.
struct connect_now {};

/// To a connector, or to a gateway about its connection `link`: the window of this interruption is over (S-LINK-2).
struct window_over {
  uint64_t link = 0;
  uint64_t occasion = 0; ///< which interruption it was
};

/// To a connector: the gateway of this attempt has ended.
struct gateway_ended {
  uint64_t attempt = 0;
};

/// To a connector: time to look whether the host of this attempt has answered.
struct look_for_host {
  uint64_t attempt = 0;
};

} // namespace tandem
