/// `tandem serve`: a back with a stock of services, for fronts on other nodes.
#pragma once

#include "tls_arguments.hpp"

#include <tandem/actors/nodes/link_options.hpp>

#include <cstdint>
#include <string>

namespace tandem::cli {

struct serve_options {
  uint16_t port = 4242;
  std::string address = "127.0.0.1";
  duration default_timeout = std::chrono::seconds(10);
  duration maximum_timeout = std::chrono::hours(1);
  size_t work_threads = 4;
  size_t shards = 0;
  uint64_t maximum_operations = 0; ///< 0: no limit
  duration window = link_options{}.window;
  duration grace = std::chrono::seconds(5);
  std::string trace; ///< a file; empty: none
  bool verbose = false;
  tls_arguments tls = {};
  bool insecure = false; ///< other machines may reach it without TLS
};

/// Serves until SIGINT or SIGTERM; returns the exit status. Throws user_error if it cannot begin.
int serve(const serve_options& options);

} // namespace tandem::cli
