/// Connects a front to a back on another node.
///
///     front_end front{system};
///     auto link = connect(system, "back.example", 4242);
///     join(front, link);
#pragma once

#include <tandem/actors/front_end.hpp>
#include <tandem/actors/links/link.hpp>

#include <caf/actor_system.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem {

struct connect_options {
  /// How long to wait for the other side's answer.
  duration timeout = std::chrono::seconds(10);
};

/// Connects to what publish() published at `host` and `port`, and returns the link to it. Blocks the calling thread,
/// which must not be an actor's. Throws std::runtime_error that names host, port and cause if there is no answer in
/// time, or not that of a Tandem back with a ticket format that both sides know.
///
/// When the connection is lost, or the other process ends, every operation over the link ends with transmission
/// failure; so do operations that are commenced later. Dropping the last pointer to the link closes it.
std::shared_ptr<duplex_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                     connect_options options = {});

/// Joins `front` to a link that connect() returned.
void join(const front_end& front, const std::shared_ptr<duplex_link>& link);

} // namespace tandem
