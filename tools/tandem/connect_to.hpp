/// Connecting to a back that the command line names.
#pragma once

#include "../cli/exit_status.hpp"

#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/endpoint.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace tandem::cli {

/// Throws user_error that says why it cannot.
inline std::shared_ptr<node_link> connect_to(caf::actor_system& system, const endpoint& back, connect_options options) {
  try {
    return connect(system, back.host, back.port, std::move(options));
  } catch (const std::exception& e) {
    throw user_error{e.what()};
  }
}

} // namespace tandem::cli
