/// The link to another node that connect() returns.
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

/// What became of the tickets that a link had been given.
enum class flush_result : uint8_t {
  arrived,   ///< all of them are at the other side
  lost,      ///< the session was lost, with the tickets that had not arrived; or there was no session
  timed_out, ///< some are still under way
};

/// Any thread. Dropping the last pointer to it closes it.
class node_link : public rear_link {
public:
  /// The greeting of the other side, from the last connection: its node's name, and how many operations it runs at a
  /// time (S-LINK-1).
  virtual greeting other_side() const = 0;

  /// Blocks until the other side has received every ticket that this link has been given so far, or until `timeout` is
  /// over. Call it before a process ends: the tickets that CAF has queued end with the process. An actor must not call
  /// it.
  virtual flush_result flush(duration timeout) = 0;
};

} // namespace tandem
