/// Finds out why CAF cannot connect: CAF itself says no more than that the handshake failed. Internal to connect().
#pragma once

#include "../../../messages/time.hpp"
#include "tls_options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

/// Makes a TLS handshake of its own with what listens at `host` and `port`, and says in words why it failed. `own`: as
/// connections are made with; nothing: they are made without TLS, so it is wrong if the other side speaks it. Empty if
/// nothing is wrong with that, or nothing is known within `patience` (name resolution apart). Blocks.
std::string why_tls_fails(const std::string& host, uint16_t port, const std::optional<tls_options>& own,
                          duration patience);

} // namespace tandem
