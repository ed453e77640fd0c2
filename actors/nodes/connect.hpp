/// Connects a front to a back on another node.
///
///     front_end front{system};
///     auto link = connect(system, "back.example", 4242);
///     join(front, link);
#pragma once

#include "../../messages/greeting.hpp"
#include "../front_end.hpp"
#include "../links/link.hpp"
#include "link_options.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

struct connect_options {
  /// How long to wait for the other side's answer.
  duration timeout = std::chrono::seconds(10);
  /// False: connect() returns at once, and the link is connected as soon as it can be, however long that takes.
  bool wait = true;
  /// After a failure to connect again, how long until the next attempt: at first this, then twice as long each time, up
  /// to longest_pause. Each pause is shortened at random by up to a half.
  duration first_pause = std::chrono::milliseconds(10);
  duration longest_pause = std::chrono::seconds(2);
  /// What happens when the connection breaks.
  link_options link = {};
  /// Whether to show a certificate and demand one; by default, if the system was configured with
  /// system_config::use_tls.
  std::optional<bool> tls = std::nullopt;
};

/// Connects to what publish() published at `host` and `port`, and returns the link to it. Blocks the calling thread,
/// which must not be an actor's, unless told otherwise. Throws std::runtime_error that names host, port and cause if
/// there is no answer in time, or not that of a Tandem back with a ticket format that both sides know; tls_error if TLS
/// is why, which may take two seconds more to find out; std::invalid_argument names an option that makes no sense.
///
/// When the connection breaks, the link connects again by itself, and within link_options::window goes on where it was
/// (S-LINK-2). Past that, or when the other process has ended, every operation over the link ends with transmission
/// failure, and so do operations that are commenced until it is connected again, unless they wait for it
/// (operate_request::wait_for_link). Dropping the last pointer to the link closes it;
/// do so before `system` goes, which would wait for it.
std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                     connect_options options);

/// With the options that the system's configuration has (configuration.hpp).
std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port);

/// What the other side of a link that connect() returned said of itself when it was connected last: its node's name,
/// and how many operations it runs at a time (S-LINK-1). Throws std::invalid_argument if `link` is no such link.
greeting other_side(const std::shared_ptr<duplex_link>& link);

enum class flush_result : uint8_t {
  arrived,   ///< everything that the link had been given
  lost,      ///< the session, and what had not arrived with it; or there was none
  timed_out, ///< it is still under way
};

/// Blocks until the other side has received every ticket that `link`, which connect() returned, has been given so far:
/// before a process ends, for what CAF has queued ends with it. Not to be called by an actor. Throws
/// std::invalid_argument if `link` is no such link.
flush_result flush(const std::shared_ptr<duplex_link>& link, duration timeout);

/// Joins `front` to a link that connect() returned.
void join(const front_end& front, const std::shared_ptr<duplex_link>& link);

} // namespace tandem
