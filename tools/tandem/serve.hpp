/// `tandem serve`: a back with a stock of services, for fronts on other nodes.
#pragma once

#include "node_arguments.hpp"

#include "../../messages/ticket.hpp"

#include <cstdint>
#include <string>

namespace tandem::cli {

struct serve_options {
  node_arguments node; ///< these configure the back and its links
  size_t work_threads = 4;
  duration grace = std::chrono::seconds(5);
  bool verbose = false;
};

/// Serves until SIGINT or SIGTERM; returns the exit status. Throws user_error if it cannot begin.
int serve(const serve_options& options);

} // namespace tandem::cli
