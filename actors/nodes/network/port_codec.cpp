#include "port_codec.hpp"
#include "../../../messages/big_endian.hpp"

#include <algorithm>
#include <cctype>

namespace tandem {

namespace {

constexpr std::string_view magic = "TNDM";

/// All that a peer can say (S-PORT-10). The values are those on the wire; 0 is reserved.
enum class message_kind : uint8_t { goodbye = 1, pong = 2, ping = 3, notice = 4, frame = 5, acknowledgement = 6 };

/// A message of some numbers.
template <class... Numbers>
std::string message(message_kind kind, Numbers... numbers) {
  std::string result(message_head_size + (sizeof(Numbers) + ... + 0), '\0');
  auto out = put_big_endian(result.begin(), result.size() - message_head_size, 4);
  *out++ = static_cast<char>(kind);
  ((out = put_big_endian(out, numbers, sizeof numbers)), ...);
  return result;
}

/// How many bytes a body of this kind may have, at least and at most.
struct bounds {
  size_t least = 0;
  size_t most = 0;
};

std::optional<bounds> bounds_of(message_kind kind) {
  switch (kind) {
    case message_kind::goodbye:
      return bounds{0, 0};
    case message_kind::ping:
    case message_kind::acknowledgement:
      return bounds{8, 8};
    case message_kind::pong:
      return bounds{16, 16};
    case message_kind::notice:
      return bounds{1, 1};
    case message_kind::frame:
      return bounds{16, 16 + frame_limit};
  }
  return std::nullopt;
}

/// What the first bytes of a stranger are, for people.
std::string what_it_speaks(std::string_view in) {
  if (in.front() == '\x16')
    return "it speaks TLS, which is not expected here";
  if (in.front() == '\x15')
    return "it answers with an alert of TLS, which is not expected here";
  for (const std::string_view method : {"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "HTTP/", "PRI * HTTP"})
    if (in.substr(0, method.size()) == method)
      return "it speaks HTTP";
  if (in.starts_with("SSH-"))
    return "it speaks SSH";
  return "its first bytes are not those of a Tandem port";
}

} // namespace

// -- handshake -----------------------------------------------------------------------------------

std::string to_handshake(std::string_view greeting) {
  std::string result{magic};
  result += static_cast<char>(newest_port_version);
  result += static_cast<char>(oldest_port_version);
  put_big_endian(std::back_inserter(result), greeting.size(), 2);
  result += greeting;
  return result;
}

std::optional<handshake_prefix> read_handshake_prefix(std::string_view in, std::string& error) {
  const auto there = std::min(in.size(), magic.size());
  if (in.substr(0, there) != magic.substr(0, there)) {
    // A word more tells which protocol it is.
    if (in.size() < 4 && std::isupper(static_cast<unsigned char>(in.front())) != 0)
      return std::nullopt;
    error = what_it_speaks(in);
    return std::nullopt;
  }
  if (in.size() < handshake_prefix_size)
    return std::nullopt;
  const handshake_prefix result{static_cast<uint8_t>(in[4]), static_cast<uint8_t>(in[5]),
                                static_cast<uint16_t>(big_endian<2>(in.data() + 6))};
  if (result.greeting_size > longest_greeting)
    error = "its greeting is said to have " + std::to_string(result.greeting_size) + " bytes, and "
            + std::to_string(longest_greeting) + " are allowed";
  else if (result.oldest > result.newest || result.oldest == 0)
    error
      = "its oldest version is " + std::to_string(result.oldest) + " and its newest " + std::to_string(result.newest);
  if (!error.empty())
    return std::nullopt;
  return result;
}

bool may_be_handshake(std::string_view in) {
  return in.substr(0, magic.size()) == magic.substr(0, in.size());
}

std::optional<uint8_t> common_version(const handshake_prefix& other) {
  const auto newest = std::min(newest_port_version, other.newest);
  if (newest < std::max(oldest_port_version, other.oldest))
    return std::nullopt;
  return newest;
}

// -- messages ------------------------------------------------------------------------------------

std::string to_bytes(const core::goodbye&) {
  return message(message_kind::goodbye);
}

std::string to_bytes(const core::pong& x) {
  return message(message_kind::pong, x.id, x.received);
}

std::string to_bytes(const core::ping& x) {
  return message(message_kind::ping, x.id);
}

std::string to_bytes(const core::notice& x) {
  return message(message_kind::notice, static_cast<uint8_t>(x.what));
}

std::string to_bytes(const core::acknowledgement& x) {
  return message(message_kind::acknowledgement, x.received);
}

std::array<char, frame_head_size> frame_head(uint64_t number, uint64_t received, size_t size) {
  std::array<char, frame_head_size> result{};
  auto* out = put_big_endian(result.data(), 16 + size, 4);
  *out++ = static_cast<char>(message_kind::frame);
  out = put_big_endian(out, number, 8);
  put_big_endian(out, received, 8);
  return result;
}

std::optional<core::session_message<std::string_view>> take_message(std::string_view& in, std::string& error) {
  if (in.size() < message_head_size)
    return std::nullopt;
  const auto size = big_endian<4>(in.data());
  const auto kind = static_cast<message_kind>(in[4]);
  const auto allowed = bounds_of(kind);
  if (!allowed) {
    error = "a message has the unknown kind " + std::to_string(static_cast<int>(static_cast<uint8_t>(in[4])));
    return std::nullopt;
  }
  if (size < allowed->least || size > allowed->most) {
    error = "a message of the kind " + std::to_string(static_cast<int>(kind)) + " is said to have "
            + std::to_string(size) + " bytes, and it has " + std::to_string(allowed->least) + " to "
            + std::to_string(allowed->most);
    return std::nullopt;
  }
  if (in.size() < message_head_size + size)
    return std::nullopt;
  const auto body = in.substr(message_head_size, size);
  in.remove_prefix(message_head_size + size);
  const auto number = [&](size_t index) { return big_endian<8>(body.data() + 8 * index); };
  switch (kind) {
    case message_kind::goodbye:
      return core::goodbye{};
    case message_kind::pong:
      return core::pong{number(0), number(1)};
    case message_kind::ping:
      return core::ping{number(0)};
    case message_kind::notice:
      if (static_cast<uint8_t>(body.front()) > static_cast<uint8_t>(core::session_notice::going_away))
        error
          = "a notice has the unknown value " + std::to_string(static_cast<int>(static_cast<uint8_t>(body.front())));
      else
        return core::notice{static_cast<core::session_notice>(body.front())};
      return std::nullopt;
    case message_kind::frame:
      return core::frame<std::string_view>{number(0), number(1), body.substr(16)};
    case message_kind::acknowledgement:
      return core::acknowledgement{number(0)};
  }
  return std::nullopt;
}

} // namespace tandem
