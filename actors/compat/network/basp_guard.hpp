/// Checks the bytes of a connection between nodes before CAF reads them, because CAF trusts them. Its protocol is BASP:
/// a handshake each way, then messages; each has a header, and a payload of the length that the header gives.
#pragma once

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::compat {

/// Follows the bytes from a node that has connected to this one. It refuses these, for the reasons given:
///
/// - anything before a handshake, which CAF takes as coming from no node; a handshake of a server;
/// - a handshake without content, which CAF reads at address 0; one of more than handshake_limit;
/// - a second name, or this node's own, by which a stranger would get messages for others;
/// - a message of a CAF stream, which only CAF 0.17 has, and takes from every peer;
/// - a message with a vector of bytes that is shorter than it claims: CAF 0.17 sets memory aside first, up to 4 GiB;
/// - a message that has no sender and cannot be read: CAF 1.x answers its sender all the same.
///
/// Not thread-safe: for the network thread.
class basp_guard {
public:
  static constexpr size_t header_size = 32;
  static constexpr size_t handshake_limit = size_t{64} << 10;

  /// The next header or payload, as a whole. Null, or why the connection has to end. With CAF 1.x actors' proxies
  /// may be made as if CAF read it: the caller sees to it that there are proxies_known.
  const char* check(caf::actor_system& system, std::string_view bytes);

  /// True from the end of the other side's handshake on.
  bool is_introduced() const {
    return !name_.empty();
  }

private:
  const char* check_header(std::string_view bytes);
  const char* check_payload(caf::actor_system& system, std::string_view bytes);
  const char* check_handshake(caf::actor_system& system, std::string_view bytes);

  std::string name_;         ///< the other side's, as it stands in its handshake
  bool is_namesake_ = false; ///< has taken our own name

  bool in_payload_ = false;
  uint8_t kind_ = 0; ///< of the last header
  bool has_sender_ = false;
};

} // namespace tandem::compat
