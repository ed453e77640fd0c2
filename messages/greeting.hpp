/// A greeting: the two sides of a connection between nodes tell each other this in the handshake (S-PORT-2). It travels
/// as a JSON object, so that later versions can add members: unknown ones are skipped.
#pragma once

#include "time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tandem {

struct greeting {
  std::string node;      ///< the sender's name, for people
  std::string session;   ///< names a session of the back: from a front, the one to go on with; empty: a new one
  std::string secret;    ///< proves that the front began it: 32 hexadecimal digits, from the back when it begins
  uint64_t received = 0; ///< how many frames of the session the sender has
  uint64_t room = 0;     ///< how many bytes the other side may send in frames of the session, in all; 0: as many as it
                         ///< likes
  uint64_t operations = 0;           ///< from a back: how many operations it runs at a time; 0: it sets no limit
  std::string refused;               ///< from a back: why it does not want this front; for people
  std::vector<std::string> features; ///< what the sender can beyond the version; none is known yet

  friend bool operator==(const greeting&, const greeting&) = default;
};

/// As JSON text. Members that are empty are left out, and a name that is too long for a handshake is cut off.
std::string to_text(const greeting& x);

/// Reads the text of to_text, of this version or a later one. Nothing, with the reason in `error`, if it is anything
/// else. Any thread.
std::optional<greeting> parse_greeting(const std::string& text, std::string& error);

} // namespace tandem
