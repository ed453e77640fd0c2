/// Plain sockets that find out, in time and in words, why CAF cannot connect or listen: CAF's own connect waits as long
/// as the operating system does.
#pragma once

#include "endpoint_text.hpp"

#include "../../messages/ticket.hpp"

#include <cstdint>
#include <string>

namespace tandem::cli {

/// Makes sure that something listens at `target`. Throws user_error that names it and the cause, at the latest after
/// `timeout` (name resolution apart).
void require_listener(const endpoint& target, duration timeout);

/// Why this process cannot listen there; empty if it can now.
std::string why_not_listen(const std::string& address, uint16_t port);

} // namespace tandem::cli
