/// What an operator wants to know of a publication.
///
///     const auto status = publication.status();
///     for (const auto& x : status.fronts)
///       std::printf("%s %s\n", to_string(x.front).c_str(), x.link.state.c_str());
#pragma once

#include "../node_description.hpp"
#include "node_link.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tandem {

/// One front of a publication.
struct front_status {
  node_description front;
  link_status link;
};

/// How a publication fares, at a moment.
struct port_status {
  size_t connections = 0;           ///< that are open, with and without a session
  size_t strangers = 0;             ///< of these, have not introduced themselves
  std::vector<front_status> fronts; ///< that have a session
  /// How many connections were refused, by cause: "limit" (publish_options::limits), "silence" (no handshake in time),
  /// "TLS", "handshake" (it could not be read), "back" (which takes no fronts).
  std::map<std::string, uint64_t> refused;
};

} // namespace tandem
