/// What can happen to one side of a session, what it has done about it, and the messages that it has written
/// (session.hpp).
#pragma once

#include "../../messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace tandem::core {

/// What a back tells its fronts of itself (S-SESSION-7).
enum class session_notice : uint8_t { ready, draining, going_away };

inline std::string to_string(session_notice x) {
  switch (x) {
    case session_notice::ready:
      return "ready";
    case session_notice::draining:
      return "draining";
    case session_notice::going_away:
      return "going away";
  }
  return "unknown";
}

// -- messages: one side writes them, and for the other it is an event that one has come -------------

/// To be answered by a pong with this number.
struct ping {
  uint64_t id = 0;
};

/// `received`, here and below: how many frames the sender has.
struct pong {
  uint64_t id = 0;
  uint64_t received = 0;
};

struct notice {
  session_notice what{};
};

template <class Frame>
struct frame {
  uint64_t number = 0;
  uint64_t received = 0;
  Frame content;
};

struct acknowledgement {
  uint64_t received = 0;
};

/// The sender has ended the session in order.
struct goodbye {};

template <class Frame>
using session_message = std::variant<goodbye, pong, ping, notice, frame<Frame>, acknowledgement>;

// -- other events ----------------------------------------------------------------------------------

/// A connection is there, both sides have introduced themselves, and this is the same session at both. `received`: how
/// many frames the other side has. `setup_time`: how long it took to connect.
struct connected {
  uint64_t received = 0;
  duration setup_time{};
};

/// The connection is gone. `why` is for people.
struct disconnected {
  std::string why;
};

/// Bytes have come, of any message or of part of one.
struct bytes_came {};

/// A frame has come, of so many bytes; its content is none of the machine's business.
struct frame_came {
  uint64_t number = 0;
  uint64_t received = 0;
  size_t bytes = 0;
};

/// Nothing is read from the connection until reading_resumed: silence is this side's own.
struct reading_paused {};
struct reading_resumed {};

/// The time that deadline() named.
struct time_came {};

/// The other side does not know the session any more.
struct session_unknown {
  std::string why;
};

/// This side has something to tell.
struct notice_given {
  session_notice notice{};
};

/// This side wants to know soon what the other has received.
struct acknowledgement_wanted {};

/// This side ends the session in order.
struct session_stopped {};

// -- effects -----------------------------------------------------------------------------------

/// The frame that has just come is new: hand it on. Without this effect it is to be dropped.
struct take_frame {};

/// The connection is of no use: close it.
struct close_connection {
  std::string why;
};

/// From now on nothing is written, until resumed or ended.
struct interrupted {
  std::string why;
};

/// The session goes on; at the first time, it begins.
struct resumed {};

/// Payloads may be given again, after is_full().
struct has_room {};

struct heard_notice {
  session_notice notice{};
};

/// Nothing more will happen. `in_order`: by the wish of one of the two sides.
struct session_ended {
  std::string why;
  bool in_order = false;
};

using session_effect
  = std::variant<take_frame, close_connection, interrupted, resumed, has_room, heard_notice, session_ended>;
using session_effects = std::vector<session_effect>;

} // namespace tandem::core
