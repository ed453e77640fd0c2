/// How connect() connects, and how its link connects again.
///
///     auto link = connect(system, "back.example", 4242, {.timeout = 2s, .link = {.window = 5s}});
#pragma once

#include "../log.hpp"
#include "link_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tandem {

/// Every member has a default; name those that you change.
struct connect_options {
  /// How long connect() waits for the other side's answer, and tries again meanwhile if none comes.
  duration timeout = std::chrono::seconds(10);
  /// False: connect() returns at once, and the link is connected as soon as possible, however long that takes.
  bool wait = true;
  /// The pause after a first failure to connect again. It doubles with each further failure, up to longest_pause. Each
  /// pause is shortened at random by up to a half.
  duration first_pause = std::chrono::milliseconds(10);
  duration longest_pause = std::chrono::seconds(2);
  /// What happens when the connection breaks.
  link_options link = {};
  /// With TLS: the back's certificate has to be for one of these, names or addresses of hosts. Empty: for the host that
  /// is given to connect().
  std::vector<std::string> names = {};
  /// Gets a line for each time that the connection breaks, and for each reason why it cannot be made again, at most ten
  /// in a second; empty: the lines go to standard error.
  log_function log = {};
  /// Whether to show a certificate and demand one. None: yes if use_tls (nodes/tls/tls.hpp) configured the system.
  std::optional<bool> tls = std::nullopt;
};

/// Throws std::invalid_argument naming the option that makes no sense.
void check_options(const connect_options& options);

} // namespace tandem
