/// A link to another node, as connect() returns it.
///
///     auto link = connect(system, "back.example", 4242);
///     std::puts(link->other_side().node.c_str());
///     link->flush(1s);                             // before the process ends
#pragma once

#include "../../messages/greeting.hpp"
#include "../../messages/time.hpp"
#include "../links/link.hpp"

#include <cstdint>

namespace tandem {

/// What became of what a link had been given.
enum class flush_result : uint8_t {
  arrived,   ///< everything that the link had been given
  lost,      ///< the session, and what had not arrived with it; or there was none
  timed_out, ///< it is still under way
};

/// Dropping the last pointer to it closes it.
class node_link : public rear_link {
public:
  /// What the other side said of itself when it was connected last: its node's name, and how many operations it runs at
  /// a time (S-LINK-1).
  virtual greeting other_side() const = 0;

  /// Blocks until the other side has received every ticket that this link has been given so far: before a process ends,
  /// for what CAF has queued ends with it. Not to be called by an actor.
  virtual flush_result flush(duration timeout) = 0;
};

} // namespace tandem
