/// Messages that never leave the process: an actor of Tandem sends them to itself or to its neighbour. They are types
/// of their own because CAF wants each message to have one.
#pragma once

#include "time.hpp"

namespace tandem {

/// To a shard's actor: the sender passes on the right to run the shard.
struct run_shard {};

/// To an actor that set a timer: it is due.
struct timer_due {};

/// To an end that is being stopped: half of its grace is over, or all of it (S-END-13, S-END-14).
struct grace_over {
  bool half = false;
  duration wait{}; ///< what it has waited for: half of the grace
};

} // namespace tandem
