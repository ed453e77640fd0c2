/// The operations that are open at a back that another node has published.
///
///     const auto open = remote_operations(system, "back.example", 4242);
///     std::puts(open.dump(2).c_str());
#pragma once

#include "../../messages/commands.hpp"
#include "../../messages/ticket.hpp"

#include <caf/actor_system.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace tandem {

/// The open operations of the back that is published there (get_operations in messages/commands.hpp has the format).
/// `tls` is as in connect_options. Blocks for at most `timeout`. Throws std::runtime_error that names host, port and
/// cause, and std::invalid_argument if `timeout` is not more than zero. Not for code that runs in the actor system's
/// scheduler.
nlohmann::json remote_operations(caf::actor_system& system, const std::string& host, uint16_t port,
                                 const get_operations& what = {}, duration timeout = std::chrono::seconds(10),
                                 std::optional<bool> tls = std::nullopt);

} // namespace tandem
