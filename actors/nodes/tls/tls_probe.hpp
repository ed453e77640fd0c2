/// Finds out why CAF cannot connect: CAF itself only says that the handshake failed. Internal to connect().
#pragma once

#include "../../../messages/time.hpp"
#include "tls_options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

/// Makes a TLS handshake of its own with the listener at `host` and `port`, and says in words why it failed. `own` has
/// the options of connections; nothing: connections are made without TLS, so a listener that uses TLS is the cause.
/// Empty if TLS is not the cause, or if nothing is known within `patience` (name resolution apart). Blocks.
std::string why_tls_fails(const std::string& host, uint16_t port, const std::optional<tls_options>& own,
                          duration patience);

} // namespace tandem
