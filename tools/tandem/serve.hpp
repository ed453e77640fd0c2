/// `tandem serve`: a back with a stock of services, for fronts on other nodes.
#pragma once

#include "node_arguments.hpp"

#include "../../messages/ticket.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem::cli {

struct serve_options {
  node_arguments node; ///< these configure the back and its links
  /// Where CAF's middleman publishes a gateway too (S-CLUSTER); 0: any free port, none: nowhere.
  std::optional<uint16_t> caf_port = {};
  std::string caf_address = "127.0.0.1";
  bool insecure = false; ///< other machines may reach that address
  size_t work_threads = 4;
  duration grace = std::chrono::seconds(5);
  bool verbose = false;
};

/// Serves until SIGINT or SIGTERM; returns the exit status. Throws user_error if it cannot begin.
int serve(const serve_options& options);

} // namespace tandem::cli
