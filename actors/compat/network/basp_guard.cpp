#include "basp_guard.hpp"
#include "../../../messages/caf/bytes.hpp"
#include "../../../messages/caf/version.hpp"

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

namespace tandem::compat {

namespace {

enum kind : uint8_t { server_handshake, client_handshake, direct_message, routed_message };

// A header: kind, 2 unused, flags, 4 of length, then 8 each of the operation's data, its sender and its receiver; the
// most significant first.
constexpr size_t length_at = 4;
constexpr size_t data_at = 8;
constexpr size_t sender_at = 16;
constexpr uint8_t of_stream = 0x20; // in the first byte of a message's data

// How CAF 0.17 writes what most messages are, one ticket_frame: it is passed on by no other actors, has one type, and
// the text in it is the only thing with a length, which CAF does check.
[[maybe_unused]] constexpr std::string_view begin_of_frame{"\0\0\0\x18@<>+tandem::ticket_frame", 28};

/// `size` bytes as a number.
uint64_t number(std::string_view bytes, size_t at, size_t size) {
  uint64_t result = 0;
  for (const char x : bytes.substr(at, size))
    result = result << 8 | static_cast<uint8_t>(x);
  return result;
}

bool is_message(uint8_t kind) {
  return kind == direct_message || kind == routed_message;
}

} // namespace

const char* basp_guard::check(caf::actor_system& system, std::string_view bytes) {
  if (!in_payload_)
    return check_header(bytes);
  in_payload_ = false;
  return check_payload(system, bytes);
}

const char* basp_guard::check_header(std::string_view bytes) {
  kind_ = static_cast<uint8_t>(bytes[0]);
  const auto length = number(bytes, length_at, 4);
  in_payload_ = length > 0;
  has_sender_ = number(bytes, sender_at, 8) != 0;
  if (kind_ == client_handshake) {
    if (length == 0)
      return "its handshake is empty";
    if (length > handshake_limit)
      return "its handshake is too long";
    return nullptr;
  }
  if (!is_introduced())
    return "it does not begin with a handshake of CAF";
  if (is_namesake_)
    return "it has the name of this very node";
  if (kind_ == server_handshake)
    return "it sent the handshake of a server";
  if (is_message(kind_) && (static_cast<uint8_t>(bytes[data_at]) & of_stream) != 0)
    return "it sent a message of a stream of CAF";
  return nullptr;
}

const char* basp_guard::check_payload(caf::actor_system& system, std::string_view bytes) {
  if (kind_ == client_handshake)
    return check_handshake(system, bytes);
#if TANDEM_CAF_17
  if (is_message(kind_) && !bytes.starts_with(begin_of_frame)
      && overstates_length(system, bytes, kind_ == routed_message))
    return "it sent a message with a length that it cannot have";
#else
  const char* unreadable = "it sent a message that cannot be read and has no sender";
  caf::message content;
  if (kind_ == direct_message && !has_sender_ && !from_bytes(system, bytes, content))
    return unreadable;
  if (kind_ == routed_message && !is_routed_message(system, bytes))
    return unreadable;
#endif
  return nullptr;
}

/// CAF 0.17 fronts introduce themselves twice.
const char* basp_guard::check_handshake(caf::actor_system& system, std::string_view bytes) {
  if (is_introduced())
    return bytes == name_ ? nullptr : "it has introduced itself as two nodes";
  name_ = bytes;
  is_namesake_ = begins_with_node(system, bytes, system.node());
  return nullptr;
}

} // namespace tandem::compat
