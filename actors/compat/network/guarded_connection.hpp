/// A port of CAF for other nodes, with a basp_guard that checks all bytes before CAF reads them: on CAF's own port any
/// peer can end the process. For ports without TLS; with it only peers with an accepted certificate get in.
#pragma once

#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/io/doorman.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace tandem::compat {

/// How many bytes CAF may allocate for a message before any of it has come. For longer messages memory grows with the
/// bytes that come.
inline constexpr size_t allocated_at_once = size_t{4} << 20;

/// How many connections to a port may be without a handshake. With one more, the oldest of them is closed.
inline constexpr size_t most_strangers = 256;

/// Listens at `port`, or at any free one if that is 0, of the machine's `address`, null for all addresses; also while
/// connections of an earlier process there still linger. `log` gets a line for each refused connection, such as
/// "refused 192.0.2.7:40312: it does not begin with a handshake of CAF", in CAF's network thread; a few in a second at
/// most.
caf::expected<caf::io::doorman_ptr> listen(caf::actor_system& system, uint16_t port, const char* address,
                                           std::function<void(const std::string&)> log);

} // namespace tandem::compat
