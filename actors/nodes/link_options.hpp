/// What both sides of a link between nodes may choose: how it deals with slow, silent and broken connections, and with
/// large payloads.
///
///     auto publication = publish(system, back, {.port = 4242, .link = {.window = 2s, .node_name = "alpha"}});
#pragma once

#include "../../messages/ticket.hpp"

#include <cstddef>
#include <string>

namespace tandem {

struct link_options {
  /// How long a session outlives its connection, at least: if both sides are connected again within this time,
  /// operations go on as if nothing had happened; past it they end with transmission failure (S-SESSION-5). On a long
  /// path it is eight round trips, and the time that connecting takes. Zero: the session ends with its connection.
  duration window = std::chrono::milliseconds(500);
  /// How many bytes may be on their way: sent, and not acknowledged by the other side. Tickets with payloads wait when
  /// there are more (S-SESSION-3).
  size_t resend_limit = size_t{64} << 20;
  /// How many bytes of tickets may have come whose payloads are not consumed yet. The other side sends no more
  /// (S-PORT-11).
  size_t read_ahead = size_t{32} << 20;
  /// How many bytes of tickets may wait here for room at the other side, or for the connection. Beyond it, threads of
  /// yours that send payloads wait (S-PORT-11).
  size_t send_ahead = size_t{1} << 20;
  /// A payload of more bytes is not sent: its sender fails at once. Nor is it taken (S-PORT-5).
  size_t maximum_payload = size_t{64} << 20;
  /// After so long without a message of its own, a side says that it is alive (S-SESSION-4).
  duration ping_interval = std::chrono::seconds(1);
  /// A connection over which nothing has come for so long is given up, but not before four round trips (S-SESSION-4).
  duration silence_limit = std::chrono::seconds(3);
  /// A connection over which no handshake came for so long is given up (S-PORT-2).
  duration handshake_timeout = std::chrono::seconds(5);
  /// After tickets have come, the network thread looks for more for this long before it sleeps. It lets other threads
  /// go first meanwhile, and stops looking where that does not pay. Zero: it sleeps at once, which saves processor time
  /// and gives an operation that is alone two to four times the latency.
  duration linger = std::chrono::microseconds(200);
  /// This node's name, for people at the other side; empty: "HOST/PROCESS".
  std::string node_name = {};
};

/// Throws std::invalid_argument naming the option that makes no sense.
void check_options(const link_options& options);

} // namespace tandem
