/// Connects a front to a back on another node.
///
///     front_end front{system};
///     auto link = connect(system, "back.example", 4242);
///     join(front, link);
#pragma once

#include "../interfaces.hpp"
#include "connect_options.hpp"
#include "node_link.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem {

/// Connects to the back that publish() published at `host` and `port`, and returns the link to it. `host` is a name or
/// an address, or "unix:" and the path of a socket; then `port` has to be 0. Of a name with several addresses all are
/// tried. Blocks the calling thread, which must not be an actor's, unless connect_options::wait is false. Throws
/// std::runtime_error that names host, port and cause if the host refuses, if the answer is not that of a Tandem back,
/// or if none comes in time; tls_error if TLS is the cause; and std::invalid_argument naming an option that makes no
/// sense.
///
/// When the connection breaks, the link connects again by itself, and within link_options::window goes on where it was
/// (S-SESSION). Past that, or when the other process has ended, every operation over the link ends with transmission
/// failure, and so do operations that are commenced until it is connected again, unless they wait for it
/// (operate_request::wait_for_link). Dropping the last pointer to the link closes it, in order. Drop it before `system`
/// goes.
std::shared_ptr<node_link> connect(caf::actor_system& system, const std::string& host, uint16_t port,
                                   connect_options options);

/// With the options that the system's configuration has (nodes/configuration.hpp).
std::shared_ptr<node_link> connect(caf::actor_system& system, const std::string& host, uint16_t port = 0);

/// Joins `front` to a link that connect() returned. Throws std::invalid_argument if it is null.
void join(const abstract_front& front, const std::shared_ptr<rear_link>& link);

} // namespace tandem
