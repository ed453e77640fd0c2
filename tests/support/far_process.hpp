/// A back in a process of its own, and what tests do with it over a link.
#pragma once

#include "../../actors/nodes/connect.hpp"
#include "process.hpp"
#include "world.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tandem_test {

struct far_options {
  /// How long its links outlive their connections.
  std::chrono::milliseconds window{500};
  uint16_t port = 0;             ///< 0: any
  std::string certificates = {}; ///< a folder with back.pem, back.key and authority.pem: with TLS
  std::string address = "127.0.0.1";
  std::chrono::milliseconds silence{1000}; ///< after which it gives a connection up
  std::vector<std::string> by = {};        ///< the program that runs it, with arguments
};

/// Publishes test_services().
struct far_process {
  explicit far_process(const far_options& options);

  process running;
  uint16_t port;
};

/// Runs until somebody ends it.
tandem::operation hold(const tandem::front_end& front);

/// A whole call of "echo".
ending echo(const tandem::front_end& front, bool wait_for_link);

/// As patient(), and a silent connection is given up after a second.
tandem::connect_options watchful(tandem::duration window);

/// Connects again soon and often.
tandem::connect_options patient(tandem::duration window);

} // namespace tandem_test
