/// A greeting: the two sides of a link between nodes tell each other this when they connect, beside the ticket format
/// (S-LINK-1). It travels as a JSON object, so that later versions can add members: unknown ones are skipped.
#pragma once

#include "ticket.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

struct greeting {
  std::string node;        ///< the sender's name, for people
  std::string link;        ///< names the front's link; stays the same when that connects again
  uint64_t session = 0;    ///< counts the sessions of that link from 1; 0: the sender resumes nothing
  bool resume = false;     ///< in hello: go on with that session; in welcome: it goes on
  uint64_t received = 0;   ///< how many frames of the session the sender has
  duration window{};       ///< how long the sender keeps a session whose connection is broken
  uint64_t operations = 0; ///< how many operations the sender runs at a time; 0: it sets no limit

  friend bool operator==(const greeting&, const greeting&) = default;
};

/// As JSON text.
std::string to_text(const greeting& x);

/// Reads the text of to_text, of this version or a later one; an empty text is an empty greeting. Nothing, with the
/// reason in `error`, if it is anything else. Any thread.
std::optional<greeting> parse_greeting(const std::string& text, std::string& error);

} // namespace tandem
