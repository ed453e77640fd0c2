/// A port of CAF's for other nodes, with a basp_guard before CAF reads what comes. CAF's own trusts whoever connects
/// with the life of the process. Without TLS: with it only those come in whose certificate says that they may be
/// trusted.
#pragma once

#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/io/doorman.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace tandem::compat {

/// How much CAF may allocate for a message before anything of it has come. For longer ones memory grows with what
/// comes.
inline constexpr size_t allocated_at_once = size_t{4} << 20;

/// How many connections to a port may be without a handshake. With one more, the one that has been so for longest is
/// closed.
inline constexpr size_t most_strangers = 256;

/// Listens at `port`, or at any free one if that is 0, of the machine's `address`, null for all of them; even if
/// connections of an earlier process there still linger. `log` gets a line for a connection that is refused, such as
/// "refused 192.0.2.7:40312: it does not begin with a handshake of CAF", in CAF's network thread; a few in a second at
/// most.
caf::expected<caf::io::doorman_ptr> listen(caf::actor_system& system, uint16_t port, const char* address,
                                           std::function<void(const std::string&)> log);

} // namespace tandem::compat
