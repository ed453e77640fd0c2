/// What crosses a connection between two nodes, as bytes (PROTOCOL.md, "The port byte by byte"): a handshake, then
/// messages of the session (core/session.hpp). Pure. Internal to nodes/.
#pragma once

#include "../../core/session_events.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

// -- handshake -----------------------------------------------------------------------------------

/// The versions of the protocol that this side speaks (S-PORT-1).
inline constexpr uint8_t newest_port_version = 1;
inline constexpr uint8_t oldest_port_version = 1;

/// A handshake is a prefix of this size, then a greeting of at most so many bytes.
inline constexpr size_t handshake_prefix_size = 8;
inline constexpr size_t longest_greeting = 4096;

/// What a port with TLS says to a front that comes without.
inline constexpr std::string_view tls_only = "it takes connections with TLS only";

struct handshake_prefix {
  uint8_t newest = newest_port_version;
  uint8_t oldest = oldest_port_version;
  uint16_t greeting_size = 0;
};

/// The prefix and the greeting.
std::string to_handshake(std::string_view greeting);

/// Reads the prefix that `in` begins with; nothing if bytes are missing. As soon as it is clear that it is none, the
/// reason is in `error`, such as "it speaks HTTP".
std::optional<handshake_prefix> read_handshake_prefix(std::string_view in, std::string& error);

/// Whether these are, so far, the first bytes of a handshake.
bool may_be_handshake(std::string_view in);

/// The version that both sides speak, of which one has sent `other`; nothing if there is none.
std::optional<uint8_t> common_version(const handshake_prefix& other);

// -- messages ------------------------------------------------------------------------------------

/// A message is its length (4 bytes), its kind (1 byte), and its body.
inline constexpr size_t message_head_size = 5;

/// How many bytes the content of a frame has at most.
inline constexpr size_t frame_limit = (size_t{64} << 10) + 1024;

/// What comes before the content of a frame: the message's head, the frame's number, and an acknowledgement.
inline constexpr size_t frame_head_size = message_head_size + 16;

/// A message without content, as bytes.
std::string to_bytes(const core::goodbye& x);
std::string to_bytes(const core::pong& x);
std::string to_bytes(const core::ping& x);
std::string to_bytes(const core::notice& x);
std::string to_bytes(const core::acknowledgement& x);

/// What comes before a frame's content of `size` bytes.
std::array<char, frame_head_size> frame_head(uint64_t number, uint64_t received, size_t size);

/// Takes the first message from `in`. Nothing if bytes are missing, or with the reason in `error` if they make no
/// sense; that is clear from its first five bytes, so nobody has to keep bytes for a message that will be refused.
std::optional<core::session_message<std::string_view>> take_message(std::string_view& in, std::string& error);

} // namespace tandem
