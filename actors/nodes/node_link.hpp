/// The link to another node that connect() returns.
///
///     auto link = connect(system, "back.example", 4242);
///     std::puts(link->other_side().node.c_str());
///     ...
///     wait_for_idle(front);                        // before the process ends: the link is given the last tickets,
///     link->flush(1s);                             // and the other side gets them
#pragma once

#include "../../messages/time.hpp"
#include "../links/link.hpp"
#include "../node_description.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

/// What became of the tickets that a link had been given.
enum class flush_result : uint8_t {
  arrived,   ///< all of them are at the other side
  lost,      ///< the session was lost, with the tickets that had not arrived; or there was no session
  timed_out, ///< some are still under way
};

/// How a link to another node fares, at a moment.
struct link_status {
  std::string state = "opening";      ///< "opening", "up", "interrupted", "ended"
  std::string peer_says = "ready";    ///< "ready", "draining", "going away" (S-SESSION-7)
  uint64_t connections = 0;           ///< that were made, over all sessions of the link
  uint64_t sessions = 0;              ///< that began
  std::optional<duration> round_trip; ///< smoothed; nothing before the first was measured
  duration round_trip_deviation{};
  size_t waiting_bytes = 0;        ///< of tickets that were not written yet
  size_t unacknowledged_bytes = 0; ///< that may have to be written again
  uint64_t resent_frames = 0;      ///< in this session
  std::string last_failure;        ///< why the last connection, or attempt to make one, failed; empty: none did
};

/// Any thread. Dropping the last pointer to it closes it.
class node_link : public rear_link {
public:
  /// Who is there, by the last connection.
  virtual node_description other_side() const = 0;

  virtual link_status status() const = 0;

  /// Blocks until the other side has received every ticket that this link has been given so far, or until `timeout` is
  /// over. Call it before a process ends: what waits ends with the process. An operation's end is told before its last
  /// ticket is given to the link: wait_for_idle(front) first. Not for code that runs in an actor.
  virtual flush_result flush(duration timeout) = 0;
};

} // namespace tandem
