/// Where publish() listens, whom it lets in, and what peers may use up.
///
///     auto publication = publish(system, back, {.port = 4242, .limits = {.sessions_per_peer = 1000}});
#pragma once

#include "../log.hpp"
#include "link_options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

/// What peers may use up (S-PORT-9). Who wants more is refused, and told which limit it was.
struct port_limits {
  size_t connections = 4096;
  size_t connections_per_address = 256;
  /// That have sent no handshake yet; the oldest has to go for a new one.
  size_t strangers = 256;
  /// By the identity that a peer has proved, or its address.
  size_t sessions_per_peer = 64;
  /// That may be under way at a time; 0: no limit. One above is refused, and the session goes on.
  uint64_t operations_per_session = 65'536;
  /// About how many bytes of payloads the operations of a session may hold at the back together, as
  /// end_options::waiting_bytes for all. 0: no limit but link_options::read_ahead, at which the session waits.
  uint64_t waiting_bytes_per_session = 0;
};

struct publish_options {
  /// 0: any free port.
  uint16_t port = 0;
  /// The address to listen on: this machine only, unless you say otherwise; empty: all addresses; "unix:" and a path:
  /// a socket there, which then has no port.
  std::string address = "127.0.0.1";
  /// Whether to let in only fronts that show a certificate. None: yes if use_tls (nodes/tls/tls.hpp) configured the
  /// system, and the address is no path.
  std::optional<bool> tls = std::nullopt;
  /// Must be true to listen without TLS on an address that other machines reach. Nothing is encrypted then, and
  /// everybody can call what this back serves.
  bool insecure = false;
  /// How connections and sessions are dealt with.
  link_options link = {};
  /// How many operations run at a time: fronts are told this. 0: the limit of the back that is published, if it has
  /// one.
  uint64_t operations = 0;
  port_limits limits = {};
  /// Gets a line for each peer that was refused and each session that was lost, such as "refused 192.0.2.7:40312: it
  /// speaks HTTP", ten in a second at most; empty: the lines go to standard error. Called by the network thread: it
  /// must return promptly, and must not publish or close.
  log_function log = {};
};

} // namespace tandem
